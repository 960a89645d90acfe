"""Outlines that a drawing gives as lines and arcs end to end are features of the shipped mappings, like closed polylines."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from factories_readers import drawing, read, saved

from pipeline import crs
from pipeline.mapping.normalise import normalise
from pipeline.standard import load_standards

STANDARDS = load_standards().surveys
PLANE = crs.parse("EPSG:4545")
EAST, NORTH = 500_000.0, 3_280_000.0
OUTLINES = [
    (survey, mapping.name, name)
    for survey, standard in STANDARDS.items()
    for mapping in standard.mappings
    if "dxf" in mapping.format
    for name, how in mapping.layers.items()
    if how.geometry == "polygon"
    and {"LINE", "ARC"} <= set(how.select.entity or ("LINE", "ARC"))
    and not how.select.closed
]


def plain(patterns):
    """A word that fits the first of the patterns."""
    word = (patterns or ("",))[0]
    for wild, one in (("[0-9]", "0"), ("*", "甲"), ("?", "1")):
        word = word.replace(wild, one)
    return word


def drawn(tmp_path, how, *, gap=0.0):
    """A rectangle of 20 by 10 with a half circle on its far side, as three lines and an arc."""
    document, space = drawing("R2004")
    document.appids.add("SOUTH")
    style = {"layer": plain(how.select.layer)}
    corners = [(EAST, NORTH + 10), (EAST, NORTH), (EAST + 20, NORTH), (EAST + 20, NORTH + 10 - gap)]
    parts = [space.add_line(a, b, dxfattribs=style) for a, b in pairwise(corners)]
    parts.append(space.add_arc((EAST + 10, NORTH + 10), 10, 0, 180, dxfattribs=style))
    for part in parts:
        if plain(how.select.code):
            part.set_xdata("SOUTH", [(1000, plain(how.select.code))])
    return read(saved(document, tmp_path / "chain.dxf"), survey="x")


@pytest.mark.parametrize(("survey", "mapping", "layer"), OUTLINES, ids=lambda word: word)
def test_lines_and_arcs_end_to_end_are_one_outline_with_its_exact_area(tmp_path, survey, mapping, layer):
    standard = STANDARDS[survey]
    how = next(m for m in standard.mappings if m.name == mapping).layers[layer]
    found = normalise(standard, [drawn(tmp_path, how)], target=PLANE, declared=PLANE, mapping=mapping)
    frame = found.frames[layer]
    assert [shape.geom_type for shape in frame.geometry] == ["Polygon"]
    assert math.isclose(frame.geometry.iloc[0].area, 200 + 50 * math.pi, rel_tol=1e-4)
    assert frame["curve"].iloc[0] is not None
    assert not {note.kind for note in found.notes} & {"unmapped", "ring_open", "ring_branches"}


def test_every_survey_with_drawings_takes_outlines_as_chains():
    assert {survey for survey, _, _ in OUTLINES} >= {"planning", "green", "civil_defence", "cadastral", "property"}


def test_a_chain_that_does_not_close_is_said_and_makes_no_outline(tmp_path):
    survey, mapping, layer = OUTLINES[0]
    standard = STANDARDS[survey]
    how = next(m for m in standard.mappings if m.name == mapping).layers[layer]
    found = normalise(standard, [drawn(tmp_path, how, gap=0.5)], target=PLANE, declared=PLANE, mapping=mapping)
    assert "ring_open" in {note.kind for note in found.notes}
    assert "Polygon" not in {shape.geom_type for shape in found.frames[layer].geometry}
