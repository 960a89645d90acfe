"""Entities that are no figures, have impossible coordinates or stand for several: each is said."""

from __future__ import annotations

import math

import pytest
from factories_readers import SQUARE, drawing, kinds, note, read, read_one, saved


@pytest.mark.parametrize(
    "add",
    [
        lambda m: m.add_lwpolyline([(1, 1)]),
        lambda m: m.add_lwpolyline([(1, 1), (2, 2)], close=True),
        lambda m: m.add_lwpolyline([(1, 1), (1, 1)]),
        lambda m: m.add_line((1, 1), (1, 1)),
        lambda m: m.add_circle((0, 0), 0),
        lambda m: m.add_hatch(),
    ],
)
def test_what_is_no_figure_is_noted_and_has_no_geometry(tmp_path, add):
    row, notes = read_one(tmp_path, add)
    assert row.geometry is None
    assert [n.kind for n in notes] == ["degenerate"]


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e300])
def test_coordinates_that_are_no_numbers_are_noted(tmp_path, value):
    row, notes = read_one(tmp_path, lambda m: m.add_lwpolyline([(0, 0), (1, 0), (1, value)], close=True))
    assert row.geometry is None
    assert [(n.kind, n.handle) for n in notes] == [("not_finite", row.handle)]


def test_the_extent_is_in_the_ledger(tmp_path):
    document, space = drawing()
    space.add_lwpolyline(SQUARE, close=True)
    entry = read(saved(document, tmp_path / "e.dxf")).entry
    assert (entry.extent, entry.entities, entry.engine.split()[0]) == ((0, 0, 10, 10), 1, "ezdxf")


def test_a_minsert_says_that_its_copies_are_not_read(tmp_path):
    document, space = drawing()
    document.blocks.new("树")
    space.add_blockref(
        "树", (0, 0), dxfattribs={"row_count": 2, "column_count": 3, "row_spacing": 1, "column_spacing": 1}
    )
    source = read(saved(document, tmp_path / "m.dxf"))
    assert note(source, "not_read").slots["count"] == 5
    assert kinds(source) == {"not_read": 1}
