"""What stands inside blocks: rows of its own, placed exactly, only when asked for; nesting is bounded."""

from __future__ import annotations

import math

import pytest
import shapely
from factories_readers import drawing, kinds, note, read, saved
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.measures import arcs
from pipeline.readers import dxf_blocks

HOUSE = [(0, 0, 0), (10, 0, 0), (10, 8, 1), (0, 8, 0)]  # the far side is a half circle
AREA = 80 + math.pi * 25 / 2


def houses(*inserts, version="R2010", fill=None):
    """A drawing with the block 房 and inserts of it: ((x, y), attributes)."""
    document, space = drawing(version)
    block = document.blocks.new("房", base_point=(1, 1))
    (fill or (lambda b: b.add_lwpolyline(HOUSE, format="xyb", close=True)))(block)
    for place, attributes in inserts:
        space.add_blockref("房", place, dxfattribs=attributes)
    return document, space


def pieces(tmp_path, document, **options):
    source = read(saved(document, tmp_path / "b.dxf"), in_blocks=True, **options)
    return source.features[source.features["inside"].notna()].reset_index(drop=True), source


def test_blocks_stay_closed_unless_asked_for(tmp_path):
    document, _ = houses(((5, 5), {}))
    source = read(saved(document, tmp_path / "b.dxf"))
    assert list(source.features["entity"]) == ["INSERT"]
    assert source.features["inside"].isna().all()


def test_a_piece_is_named_by_its_insert_and_lies_where_the_insert_puts_it(tmp_path):
    found, source = pieces(tmp_path, houses(((5, 5), {"layer": "JMD"}))[0])
    row = found.iloc[0]
    assert row["handle"].split("/")[0] == source.features["handle"][0]
    assert (row["inside"], row["layer"], row["entity"]) == ("房", "JMD", "LWPOLYLINE")
    assert shapely.Point(4, 4).within(row.geometry.buffer(0.01))
    assert not shapely.Point(3.9, 4).within(row.geometry)
    assert source.entry.entities == 1


def test_a_layer_of_its_own_stays(tmp_path):
    fill = lambda block: block.add_circle((0, 0), 2, dxfattribs={"layer": "JZP"})  # noqa: E731
    found, _ = pieces(tmp_path, houses(((5, 5), {"layer": "JMD"}), fill=fill)[0])
    assert found["layer"].tolist() == ["JZP"]


@given(st.floats(-180, 180), st.sampled_from([0.5, 1, 3]), st.booleans(), st.booleans(), st.booleans())
@settings(max_examples=25, deadline=None)
def test_turns_scales_and_mirrors_keep_arcs_exact(tmp_path_factory, turn, scale, left, up, below):
    look = {"xscale": -scale if left else scale, "yscale": -scale if up else scale, "rotation": turn}
    document, _ = houses(((500000, 3280000), {**look, "extrusion": (0, 0, -1 if below else 1)}))
    row = pieces(tmp_path_factory.mktemp("m"), document)[0].iloc[0]
    assert math.isclose(arcs.area(row.curve), AREA * scale**2, rel_tol=1e-7)
    assert abs(row.geometry.area - AREA * scale**2) < 0.001 * row.geometry.length


def test_uneven_scales_keep_the_area_too(tmp_path):
    row = pieces(tmp_path, houses(((5, 5), {"xscale": 3, "yscale": 0.5, "rotation": 30}))[0])[0].iloc[0]
    assert row.curve is None
    assert math.isclose(row.geometry.area, AREA * 1.5, rel_tol=1e-6)


def test_a_mirrored_hatch_keeps_its_hole_and_its_arcs(tmp_path):
    def fill(block):
        hatch = block.add_hatch()
        hatch.paths.add_polyline_path(HOUSE, is_closed=True)
        hatch.paths.add_polyline_path([(2, 2), (4, 2), (4, 4), (2, 4)], is_closed=True, flags=16)

    for attributes in ({"xscale": -1}, {"rotation": 90}, {"extrusion": (0, 0, -1)}):
        row = pieces(tmp_path, houses(((5, 5), attributes), fill=fill)[0])[0].iloc[0]
        assert math.isclose(arcs.area(row.curve), AREA - 4, rel_tol=1e-9), attributes


def test_texts_and_attribs_inside_nested_blocks_arrive(tmp_path):
    document, space = drawing()
    inner = document.blocks.new("内")
    inner.add_text("混2").set_placement((1, 1))
    outer = document.blocks.new("外")
    outer.add_blockref("内", (10, 0), dxfattribs={"rotation": 90}).add_attrib("名", "甲")
    space.add_blockref("外", (100, 100), dxfattribs={"xscale": 2, "yscale": 2, "layer": "ZJ"})
    found, source = pieces(tmp_path, document)
    assert found["entity"].tolist() == ["INSERT", "TEXT"]
    assert (found["text"][1], found["inside"][1], found["layer"][1]) == ("混2", "内", "ZJ")
    assert shapely.distance(found.geometry[1], shapely.Point(118, 102)) < 1e-9
    assert found["handle"][1].count("/") == 2
    assert source.attributes["名"].dropna().tolist() == ["甲"]


def test_a_block_that_holds_itself_is_said_and_ends(tmp_path):
    document, space = drawing()
    for name, inner in (("甲", "乙"), ("乙", "甲")):
        block = document.blocks.new(name)
        block.add_line((0, 0), (1, 1))
        block.add_blockref(inner, (1, 0))
    space.add_blockref("甲", (0, 0))
    path = saved(document, tmp_path / "s.dxf")
    assert "甲→乙→甲" in note(read(path), "block_fault").slots["detail"]
    found = read(path, in_blocks=True).features["entity"].tolist()
    assert found == ["INSERT", "LINE", "INSERT", "LINE", "INSERT"]


def test_deep_nesting_is_said_and_ends(tmp_path):
    document, space = drawing()
    for level in range(dxf_blocks.DEPTH + 2):
        block = document.blocks.new(f"层{level}")
        block.add_line((0, 0), (1, 1))
        block.add_blockref(f"层{level + 1}", (0, 0))
    space.add_blockref("层0", (0, 0))
    source = read(saved(document, tmp_path / "d.dxf"), in_blocks=True)
    assert "嵌套超过" in note(source, "block_fault").slots["detail"]
    assert (source.features["entity"] == "LINE").sum() == dxf_blocks.DEPTH


def test_blocks_that_multiply_without_end_stop_at_the_bound():
    document, space = drawing()
    for level in range(5):
        block = document.blocks.new(f"层{level}")
        for i in range(20):
            block.add_blockref(f"层{level + 1}", (i, 0))
    document.blocks.new("层5").add_point((0, 0))
    space.add_blockref("层0", (0, 0))
    contents = dxf_blocks.Contents(document.blocks, lambda *_: True, left=500)
    assert sum(1 for _ in contents.of(space[0], layer="0", handle="1")) == 500
    assert sum(contents.unread.values()) > 0


def test_what_is_hidden_inside_a_block_is_not_read(tmp_path):
    def fill(block):
        block.add_line((0, 0), (1, 1), dxfattribs={"layer": "关"})
        block.add_line((0, 0), (2, 2))

    document, _ = houses(((5, 5), {}), fill=fill)
    document.layers.add("关").freeze()
    assert len(pieces(tmp_path, document)[0]) == 1


@pytest.mark.parametrize("attributes", [{"xscale": 0.0}, {"extrusion": (0, 0, 0)}, {"rotation": math.nan}])
def test_an_insert_that_stands_nowhere_never_raises(tmp_path, attributes):
    _, source = pieces(tmp_path, houses(((5, 5), attributes))[0])
    assert "unreadable" not in kinds(source)
