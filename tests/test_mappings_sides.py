"""Measured sides in a drawing: lines on a layer of their own, with their lengths in the text that stands beside them."""

from __future__ import annotations

import ezdxf
import pytest
from factories_mappings import EAST, NORTH, attach, read

from pipeline.errors import StandardError
from pipeline.standard import FieldSource

LABEL = "边号:3 成果:7.90 检查:7.91 层标识:0001-05"


def sides(tmp_path, add):
    """The checked sides of a drawing, in the order drawn, and what was noticed."""
    document = ezdxf.new("R2010", setup=False)
    add(document, document.modelspace())
    document.saveas(tmp_path / "图.dxf")
    found = read(tmp_path / "图.dxf", "property")
    return found.frames["checked_side"], found.notes


def line(space, x0, y0, x1, y1):
    return space.add_line((EAST + x0, NORTH + y0), (EAST + x1, NORTH + y1), dxfattribs={"layer": "检查边"})


def text(space, words, x, y, layer="检查边"):
    space.add_text(words, dxfattribs={"layer": layer, "insert": (EAST + x, NORTH + y)})


def test_one_text_beside_the_line_gives_every_field_of_its_side(tmp_path):
    def add(_, space):
        line(space, 0, 0, 7.9, 0)
        text(space, LABEL, 3, 0.3)

    (side,) = sides(tmp_path, add)[0].itertuples()
    assert (side.side_no, side.stated_length_m, side.checked_length_m, side.floor_id) == ("3", 7.9, 7.91, "0001-05")


def test_a_polyline_is_a_side_too_and_a_text_of_the_notes_layer_a_label(tmp_path):
    def add(_, space):
        space.add_lwpolyline([(EAST, NORTH), (EAST + 5, NORTH)], dxfattribs={"layer": "JCB"})
        text(space, "检查边长=5.02", 2, 0.5, layer="房产注记")

    (side,) = sides(tmp_path, add)[0].itertuples()
    assert (side.checked_length_m, side.geometry.geom_type, side.geometry.length) == (5.02, "LineString", 5.0)


def test_each_text_belongs_to_the_nearest_line_and_none_to_a_line_farther_than_a_metre(tmp_path):
    def add(_, space):
        line(space, 0, 0, 8, 0)
        line(space, 8, 0, 8, 6)
        line(space, 0, 30, 8, 30)
        text(space, "检查:8.01", 7.4, 0.2)
        text(space, "检查:6.02", 7.7, 3.0)
        text(space, "检查:8.03", 4.0, 31.1)

    frame, notes = sides(tmp_path, add)
    assert frame["checked_length_m"].fillna(0.0).tolist() == [8.01, 6.02, 0.0]
    assert notes == []


def test_what_the_line_itself_carries_goes_before_the_text(tmp_path):
    def add(document, space):
        attach(document, line(space, 0, 0, 8, 0), "JCBC", [8.02])
        text(space, "检查:9.99", 3, 0.3)

    assert list(sides(tmp_path, add)[0]["checked_length_m"]) == [8.02]


def test_two_texts_that_differ_give_no_length_and_are_told(tmp_path):
    def add(_, space):
        line(space, 0, 0, 8, 0)
        text(space, "检查:8.01", 2, 0.3)
        text(space, "检查:8.10", 5, 0.3)

    frame, notes = sides(tmp_path, add)
    assert frame["checked_length_m"].isna().all()
    assert [(note.kind, note.slots["answers"]) for note in notes] == [("label_ambiguous", "8.01、8.10")]


@pytest.mark.parametrize("given", [{"text_along": ["注记"]}, {"xdata": "JCBC", "within_m": 1.0}])
def test_a_mapping_says_how_far_a_text_may_stand_from_its_line(given):
    with pytest.raises((ValueError, StandardError), match="within_m"):
        FieldSource(**given)
