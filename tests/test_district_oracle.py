"""Piece by piece, with outlines read on demand, the comparison finds what the plain method finds in one go."""

from __future__ import annotations

import random

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.checks.widths import widths_of
from pipeline.district import between, pairs
from pipeline.district.compare import compare
from pipeline.model import Finding
from pipeline.standard import load_standards
from tests.factories_district import at, project

STANDARDS = load_standards(scope="district")
BOUNDARY_M, SNAP_M = (STANDARDS.profile.numbers[key].at(0) for key in ("district.boundary_limit_m", "district.snap_m"))


def grid(seed, columns, rows, projects):
    """Irregular parcels that share their corners, some pushed over their neighbours, dealt out to projects."""
    dice = random.Random(seed)
    corners = {
        (i, j): (40 * i + dice.uniform(-6, 6), 40 * j + dice.uniform(-6, 6))
        for i in range(columns + 1)
        for j in range(rows + 1)
    }
    origin = at(0, 0, 1, 1).bounds[:2]
    shapes = []
    for i in range(columns):
        for j in range(rows):
            ring = [np.add(corners[k], origin) for k in ((i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j))]
            push = dice.choice((0, 0, 0, 0.03, 0.4, 3.0))
            shapes.append(
                shapely.buffer(shapely.Polygon(ring), push, join_style="mitre") if push else shapely.Polygon(ring)
            )
    shapes += [shapes[0]] if dice.random() < 0.3 else []  # the same parcel once more, perhaps in another project
    return [(dice.randrange(projects), shape) for shape in shapes]


def oracle(dealt):
    """Every pair of different projects that overlaps, by tree and intersection over all parcels at once."""
    shapes = np.array([shape for _, shape in dealt], dtype=object)
    found = {"DIS-T01": set(), "DIS-T02": set()}
    for i, j in zip(*shapely.STRtree(shapes).query(shapes), strict=True):
        if i < j and dealt[i][0] != dealt[j][0]:
            width_m = float(widths_of([shapely.intersection(shapes[i], shapes[j])])[0])
            rule = "DIS-T01" if width_m > BOUNDARY_M else "DIS-T02" if width_m > SNAP_M else None
            if rule:
                found[rule].add(frozenset((i, j)))
    return found


def written(out, dealt):
    """The parcels as results of their projects, their number as their code."""
    for number in sorted({owner for owner, _ in dealt}):
        own = [(n, shape) for n, (owner, shape) in enumerate(dealt) if owner == number]
        project(out, f"P{number}", parcels=[shape for _, shape in own], codes=[str(n) for n, _ in own])


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10**6),
    columns=st.integers(2, 6),
    rows=st.integers(2, 5),
    projects=st.integers(2, 4),
    piece=st.integers(1, 9),
)
def test_pieces_of_any_size_give_the_overlaps_of_the_plain_method(
    tmp_path_factory, monkeypatch, seed, columns, rows, projects, piece
):
    dealt, out = grid(seed, columns, rows, projects), tmp_path_factory.mktemp("grid")
    written(out, dealt)
    monkeypatch.setattr(pairs, "PAIRS", piece)
    result = compare(out, STANDARDS)
    for rule, wanted in oracle(dealt).items():
        own = [b for b in result.findings if b.finding.rule == rule]
        got = {frozenset((int(b.finding.business_id), other_code(b, result))) for b in own}
        assert (got, len(own)) == (wanted, len(wanted))


def other_code(item, result):
    """The code of the other parcel of a finding."""
    layer = result.index.layers["parcels"]
    for i in range(len(layer)):
        key = result.index.entries[layer.project[i]].key
        if item.finding.other_feature == f"district.parcels/{key}/{layer.values['feature'][i]}":
            return int(layer.values["parcel_code"][i])
    raise AssertionError(item.finding.other_feature)


@pytest.mark.parametrize("piece", [1, 2, 5, 10_000])
def test_slivers_do_not_depend_on_the_pieces(tmp_path, monkeypatch, piece):
    dealt = [(n % 3, at(50.1 * n, 0, 50.1 * n + 50, 40)) for n in range(8)]
    dealt += [(2 - n % 3, at(50.1 * n + 20, 40.1, 50.1 * n + 70, 80)) for n in range(8)]
    written(tmp_path, dealt)
    monkeypatch.setattr(pairs, "PAIRS", piece)
    places = [b.finding.place for b in compare(tmp_path, STANDARDS).findings if b.finding.rule == "DIS-T03"]
    monkeypatch.setattr(pairs, "PAIRS", 10_000)
    whole = [b.finding.place for b in compare(tmp_path, STANDARDS).findings if b.finding.rule == "DIS-T03"]
    assert places == whole
    assert len(places) >= 14


def test_a_sliver_that_crosses_itself_when_rounded_is_still_told_once():
    bowtie = "POLYGON ((0 0, 10 0.0001, 10 0, 0 0.0001, 0 0))"
    rule = next(rule for rule in STANDARDS.surveys["district"].rules if rule.check == between.GAPS)
    blank = dict.fromkeys(Finding.__slots__)
    found = [between._Found(between.Between(Finding(**{**blank, "place": bowtie}), "甲"), (0, n)) for n in (1, 2)]
    assert [item.project for item in between._once(rule, found)] == ["甲"]
