"""Drawing entities as they come out of the reader: geometry, exact arcs, texts, attributes, XDATA."""

from __future__ import annotations

import math

import pytest
import shapely
from factories_readers import SQUARE, drawing, read, read_one, saved
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.measures import arcs

MIRRORED = {"extrusion": (0, 0, -1)}


def test_a_flagged_polyline_is_a_polygon(tmp_path):
    row, notes = read_one(tmp_path, lambda m: m.add_lwpolyline(SQUARE, close=True))
    assert (row.entity, row.closed, row.geometry.area) == ("LWPOLYLINE", True, 100)
    assert not notes


def test_a_repeated_end_closes_as_the_flag_does(tmp_path):
    row, notes = read_one(tmp_path, lambda m: m.add_lwpolyline([*SQUARE, SQUARE[0]]))
    assert row.closed
    assert len(row.geometry.exterior.coords) == 5
    assert not notes


def test_a_flag_and_a_repeated_end_drop_the_repetition(tmp_path):
    row, _ = read_one(tmp_path, lambda m: m.add_lwpolyline([*SQUARE, SQUARE[0]], close=True))
    assert len(row.geometry.exterior.coords) == 5


def test_a_gap_within_a_millimetre_closes_and_is_said(tmp_path):
    row, notes = read_one(tmp_path, lambda m: m.add_lwpolyline([*SQUARE, (0, 0.0008)]))
    assert row.closed
    assert notes[0].kind == "ring_closed"
    assert notes[0].slots["gap_m"] == pytest.approx(0.0008)


def test_a_gap_beyond_a_millimetre_stays_open_and_shows_both_ends(tmp_path):
    row, notes = read_one(tmp_path, lambda m: m.add_lwpolyline([*SQUARE, (0, 0.02)]))
    assert not row.closed
    assert (notes[0].kind, notes[0].handle, notes[0].layer) == ("ring_open", row.handle, "0")
    assert notes[0].place.wkt == "LINESTRING (0 0, 0 0.02)"


def test_an_honest_line_is_not_taken_for_an_open_ring(tmp_path):
    row, notes = read_one(tmp_path, lambda m: m.add_lwpolyline([(0, 0), (50, 0), (50, 30)]))
    assert row.geometry.geom_type == "LineString"
    assert not notes


def test_a_bulged_ring_keeps_its_exact_area(tmp_path):
    row, _ = read_one(
        tmp_path, lambda m: m.add_lwpolyline([(0, 0, 0), (10, 0, 1), (10, 10, 0), (0, 10, 0)], format="xyb", close=True)
    )
    assert arcs.area(row.curve) == pytest.approx(100 + math.pi * 25 / 2, abs=1e-9)
    assert row.geometry.area == pytest.approx(100 + math.pi * 25 / 2, abs=0.02)


def test_chords_stay_within_a_millimetre_of_the_arc(tmp_path):
    row, _ = read_one(tmp_path, lambda m: m.add_circle((0, 0), 30))
    middle = shapely.get_coordinates(row.geometry.exterior)
    chords = (middle[1:] + middle[:-1]) / 2
    assert (30 - (chords**2).sum(axis=1) ** 0.5).max() <= 0.001


def test_a_circle_is_an_exact_disc(tmp_path):
    row, _ = read_one(tmp_path, lambda m: m.add_circle((500000, 3280000), 0.5))
    assert row.closed
    assert arcs.area(row.curve) == pytest.approx(math.pi / 4, abs=1e-9)


def test_two_vertices_with_bulges_are_a_circle(tmp_path):
    row, notes = read_one(tmp_path, lambda m: m.add_lwpolyline([(0, 0, 1), (2, 0, 1)], format="xyb", close=True))
    assert arcs.area(row.curve) == pytest.approx(math.pi)
    assert not notes


def test_mirrored_extrusion_turns_east_round_and_keeps_the_bulge_outside(tmp_path):
    row, _ = read_one(
        tmp_path,
        lambda m: m.add_lwpolyline(
            [(0, 0, 0), (-10, 0, -1), (-10, 10, 0), (0, 10, 0)], format="xyb", close=True, dxfattribs=MIRRORED
        ),
    )
    assert arcs.area(row.curve) == pytest.approx(100 + math.pi * 25 / 2, abs=1e-9)
    assert row.geometry.bounds[2] == pytest.approx(15, abs=0.001)


def test_a_tilted_plane_is_projected(tmp_path):
    tilt = {"extrusion": (0, math.sin(math.pi / 3), math.cos(math.pi / 3))}
    row, _ = read_one(tmp_path, lambda m: m.add_lwpolyline(SQUARE, close=True, dxfattribs=tilt))
    assert row.geometry.area == pytest.approx(50)
    assert row.curve is None


@pytest.mark.parametrize(
    ("start", "end", "length"), [(0, 90, math.pi / 2), (350, 10, math.pi / 9), (90, 0, 1.5 * math.pi)]
)
def test_an_arc_is_a_line_of_exact_length(tmp_path, start, end, length):
    row, _ = read_one(tmp_path, lambda m: m.add_arc((3, 4), 1, start, end))
    assert not row.closed
    assert arcs.length(row.curve) == pytest.approx(length, abs=1e-9)


def test_old_polylines_read_as_new_ones(tmp_path):
    points = [(0, 0, 0), (10, 0, 1), (10, 10, 0), (0, 10, 0)]
    row, _ = read_one(tmp_path, lambda m: m.add_polyline2d(points, format="xyb", close=True), "R12")
    assert row.entity == "POLYLINE"
    assert arcs.area(row.curve) == pytest.approx(100 + math.pi * 25 / 2, abs=1e-9)


def test_a_spatial_polyline_keeps_its_heights(tmp_path):
    row, _ = read_one(tmp_path, lambda m: m.add_polyline3d([(0, 0, 231.5), (9, 0, 232), (9, 9, 233)], close=True))
    assert row.closed
    assert {z for _, _, z in row.geometry.exterior.coords} == {231.5, 232, 233}


def test_ellipses_and_splines_become_chords(tmp_path):
    row, _ = read_one(tmp_path, lambda m: m.add_ellipse((0, 0), (4, 0), 0.5))
    assert row.closed
    assert row.geometry.area == pytest.approx(math.pi * 4 * 2, abs=0.02)
    row, _ = read_one(tmp_path, lambda m: m.add_spline([(0, 0), (3, 1), (6, 0), (9, 1)]))
    assert row.geometry.geom_type == "LineString"
    assert row.geometry.length == pytest.approx(9.7, abs=0.3)


def test_points_and_texts_carry_their_height_even_if_it_is_zero(tmp_path):
    row, _ = read_one(tmp_path, lambda m: m.add_point((1, 2, 0)))
    assert row.geometry.has_z
    row, _ = read_one(tmp_path, lambda m: m.add_text("混2").set_placement((1, 2, 5)))
    assert (row.geometry.z, row.text) == (5, "混2")


def test_aligned_text_stands_where_it_is_aligned(tmp_path):
    def add(space):
        text = space.add_text("J1", dxfattribs={"insert": (0, 0), "halign": 1})
        text.dxf.align_point = (7, 8)

    row, _ = read_one(tmp_path, add)
    assert (row.geometry.x, row.geometry.y) == (7, 8)


def test_mtext_loses_its_codes_and_nothing_else(tmp_path):
    row, _ = read_one(tmp_path, lambda m: m.add_mtext(r"{\fSimSun|b0|i0;覆土}\P厚度 \H2.5x;1.20"))
    assert row.text == "覆土\n厚度 1.20"


def test_text_codes_become_characters(tmp_path):
    row, _ = read_one(tmp_path, lambda m: m.add_text("%%p0.000"))
    assert row.text == "±0.000"


def test_an_insert_is_a_point_with_its_block_and_attributes(tmp_path):
    document, space = drawing()
    document.blocks.new("车位")
    insert = space.add_blockref("车位", (3, 4, 1), dxfattribs={"layer": "停车"})
    insert.add_attrib("编号", "B1-001")
    insert.add_attrib("类型", "人防车位")
    space.add_blockref("车位", (8, 4))
    source = read(saved(document, tmp_path / "a.dxf"))
    assert list(source.features["block"]) == ["车位", "车位"]
    assert source.attributes.to_dict("list") == {"编号": ["B1-001", None], "类型": ["人防车位", None]}


def test_xdata_is_found_by_app_and_gives_the_cass_code(tmp_path):
    document, space = drawing("R2004")
    line = space.add_lwpolyline(SQUARE, close=True)
    for app in ("TDZL", "SOUTH"):
        document.appids.add(app)
    line.set_xdata("TDZL", [(1000, "江北区滨江路1号")])
    line.set_xdata("SOUTH", [(1000, "300000"), (1000, "JB00012"), (1040, 2.5), (1071, 7)])
    row = read(saved(document, tmp_path / "x.dxf")).features.iloc[0]
    assert row.code == "300000"
    assert row.xdata["TDZL"] == ((1000, "江北区滨江路1号"),)
    assert row.xdata["SOUTH"][2:] == ((1040, 2.5), (1071, 7))


def test_a_decoration_keeps_its_suffix(tmp_path):
    document, space = drawing("R2004")
    document.appids.add("SOUTH")
    space.add_line((0, 0), (1, 0)).set_xdata("SOUTH", [(1000, "172001-1")])
    assert read(saved(document, tmp_path / "x.dxf")).features.iloc[0].code == "172001-1"


def test_colour_and_line_type_are_those_of_the_layer_unless_stated(tmp_path):
    document, space = drawing()
    document.layers.add("JZD", color=1)
    space.add_lwpolyline(SQUARE, dxfattribs={"layer": "JZD"})
    space.add_lwpolyline(SQUARE, dxfattribs={"layer": "JZD", "color": 3})
    features = read(saved(document, tmp_path / "c.dxf")).features
    assert list(features["colour"]) == [1, 3]
    assert set(features["linetype"]) == {"Continuous"}


def test_hidden_layers_are_counted_and_not_read(tmp_path):
    document, space = drawing()
    document.layers.add("冻").freeze()
    document.layers.add("关").off()
    for layer in ("冻", "冻", "关", "0"):
        space.add_lwpolyline(SQUARE, close=True, dxfattribs={"layer": layer})
    source = read(saved(document, tmp_path / "h.dxf"))
    assert list(source.features["layer"]) == ["0"]
    assert {(n.layer, n.slots["what"], n.slots["count"]) for n in source.notes} == {
        ("冻", "图层冻结的实体", 2),
        ("关", "图层关闭的实体", 1),
    }


def test_paper_space_and_unsupported_kinds_are_counted(tmp_path):
    document, space = drawing()
    space.add_lwpolyline(SQUARE, close=True)
    space.add_3dface([(0, 0), (1, 0), (1, 1)])
    document.layout("Layout1").add_line((0, 0), (1, 1))
    source = read(saved(document, tmp_path / "p.dxf"))
    assert len(source.features) == 1
    assert {n.slots["what"]: n.slots["count"] for n in source.notes} == {
        "3DFACE 实体": 1,
        "图纸空间“Layout1”中的实体": 1,
    }


COORDINATE = st.integers(-(10**9), 10**9).map(lambda n: n / 1000)
VERTEX = st.tuples(COORDINATE, COORDINATE, st.sampled_from([0.0, 0.0, 0.3, -1.0]))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(VERTEX, min_size=3, max_size=8, unique_by=lambda v: v[:2]),
    st.sampled_from(["R2000", "R2004", "R2010", "R2018"]),
)
def test_a_ring_written_by_ezdxf_is_read_back_to_the_last_digit(tmp_path_factory, vertices, version):
    document, space = drawing(version)
    space.add_lwpolyline(vertices, format="xyb", close=True)
    row = read(saved(document, tmp_path_factory.mktemp("ring") / "r.dxf")).features.iloc[0]
    ring = row.curve.rings[0] if row.curve else [(*c, 0.0) for c in row.geometry.exterior.coords[:-1]]
    assert [tuple(map(float, v)) for v in ring] == [tuple(map(float, v)) for v in vertices]
