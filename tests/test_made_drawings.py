"""Drawings made by chance, written with ezdxf in every version and read back: every entity comes back as it was drawn."""

from __future__ import annotations

import math

import ezdxf
import numpy as np
import pytest
import shapely
from factories_readers import read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.measures import arcs

VERSIONS = ("R12", "R2000", "R2004", "R2007", "R2010", "R2013", "R2018")
BOUNDED, MANY = 25, 600
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]

east = st.integers(0, 300_000).map(lambda n: 500_000 + n / 1000)
north = st.integers(0, 300_000).map(lambda n: 3_280_000 + n / 1000)
height = st.integers(-5_000, 500_000).map(lambda n: n / 1000)
point = st.tuples(east, north)
bulge = st.sampled_from([0.0, 0.0, 0.0, 1.0, -1.0, 0.25, -0.5, math.tan(math.pi / 8)])
size = st.integers(10, 50_000).map(lambda n: n / 1000)
degrees = st.integers(0, 359).map(float)
layer = st.sampled_from(["JZD", "宗地界线", "房屋_1", "0", "绿地"])
words = st.text(st.sampled_from("地籍图宗界址点甲乙丙丁一二三ABCxyz0123456789（）·－"), min_size=1, max_size=12)
code = st.sampled_from(["300000", "141101-1", "214400"])
vertices = st.lists(st.tuples(east, north, bulge), min_size=3, max_size=12, unique_by=lambda v: v[:2])

entity = st.one_of(
    st.tuples(st.just("ring"), layer, vertices, st.booleans(), st.none() | st.tuples(code, words)),
    st.tuples(st.just("line"), layer, st.tuples(point, height), st.tuples(point, height)),
    st.tuples(st.just("circle"), layer, point, size),
    st.tuples(st.just("arc"), layer, point, size, degrees, st.integers(1, 359).map(float)),
    st.tuples(st.just("point"), layer, point, height),
    st.tuples(st.just("text"), layer, point, words),
    st.tuples(st.just("insert"), layer, point, words),
)
drawings = st.lists(entity, min_size=1, max_size=12)


def draw(space, made, version):
    """One made entity as its program would write it."""
    kind, on, *how = made
    style = {"layer": on}
    match kind:
        case "ring":
            add = space.add_polyline2d if version == "R12" else space.add_lwpolyline
            ring = add(how[0], format="xyb", close=how[1], dxfattribs=style)
            if how[2]:
                ring.set_xdata("SOUTH", [(1000, how[2][0]), (1000, how[2][1]), (1040, 3.5), (1070, 2)])
        case "line":
            ends = [(*place, z) for place, z in how]
            space.add_line(*ends, dxfattribs=style)
        case "circle":
            space.add_circle(*how, dxfattribs=style)
        case "arc":
            space.add_arc(how[0], how[1], how[2], (how[2] + how[3]) % 360, dxfattribs=style)
        case "point":
            space.add_point((*how[0], how[1]), dxfattribs=style)
        case "text":
            space.add_text(how[1], dxfattribs=style).set_placement(how[0])
        case "insert":
            block = space.add_blockref("符号", how[0], dxfattribs=style)
            block.add_attrib("点号", how[1], how[0])


def written(made, version, path, *, binary):
    document = ezdxf.new(version)
    document.encoding = "gbk"
    document.appids.add("SOUTH")
    document.blocks.new("符号").add_circle((0, 0), 0.5)
    for one in made:
        draw(document.modelspace(), one, version)
    document.saveas(path, fmt="bin" if binary else "asc")
    return path


def check(row, tags, made):
    """What one row must be."""
    kind, on, *how = made
    assert row["layer"] == on
    match kind:
        case "ring":
            check_ring(row, *how)
        case "line":
            near(row, shapely.LineString([(*place, z) for place, z in how]))
        case "circle":
            assert math.isclose(arcs.area(row["curve"]), math.pi * how[1] ** 2, rel_tol=1e-6)
            near_xy(row["geometry"].centroid, how[0], 1e-2)
        case "arc":
            assert math.isclose(arcs.length(row["curve"]), how[1] * math.radians(how[3]), rel_tol=1e-6, abs_tol=1e-7)
        case "point":
            near(row, shapely.Point(*how[0], how[1]))
        case "text":
            assert row["text"] == how[1]
            near_xy(row["geometry"], how[0], 1e-9)
        case "insert":
            assert (row["block"], tags["点号"]) == ("符号", how[1])
            near_xy(row["geometry"], how[0], 1e-9)


def check_ring(row, ring, closed, data):
    assert row["closed"] == closed
    wanted = np.array(ring, dtype=float)
    own = row["curve"].rings[0] if row["curve"] is not None else shapely.get_coordinates(row["geometry"])
    assert np.abs(own[: len(ring), :2] - wanted[:, :2]).max() < 1e-8
    if row["curve"] is not None:
        count = len(ring) if closed else len(ring) - 1
        assert np.abs(own[:count, 2] - wanted[:count, 2]).max() < 1e-9
    else:
        assert not wanted[:, 2].any()
    if data:
        assert row["xdata"]["SOUTH"] == ((1000, data[0]), (1000, data[1]), (1040, 3.5), (1070, 2))
        assert row["code"] == data[0]


def near(row, shape):
    assert shapely.equals_exact(row["geometry"], shape, 1e-8)


def near_xy(place, xy, tolerance):
    assert math.dist((place.x, place.y), xy) < tolerance


def read_back(made, version, folder, *, binary):
    source = read(written(made, version, folder / "made.dxf", binary=binary))
    assert not source.entry.fatal
    assert not {note.kind for note in source.notes} - {"degenerate", "ring_open", "not_read"}
    lines = [one for one in made if one[0] == "line" and one[2] == one[3]]  # a line to itself has no shape
    assert len(source.features) == len(made)
    for (_, row), (_, tags), one in zip(source.features.iterrows(), source.attributes.iterrows(), made, strict=True):
        if one in lines or row["geometry"] is None:
            assert one in lines or one[0] == "ring"
            continue
        check(row, tags, one)


@pytest.mark.parametrize("version", VERSIONS)
@given(made=drawings, binary=st.booleans())
@settings(max_examples=BOUNDED // 5, deadline=None, suppress_health_check=QUIET, derandomize=True)
def test_a_drawing_made_by_chance_is_read_back_equal(made, binary, version, tmp_path):
    read_back(made, version, tmp_path, binary=binary)


@pytest.mark.slow
@given(made=drawings, binary=st.booleans(), version=st.sampled_from(VERSIONS))
@settings(max_examples=MANY, deadline=None, suppress_health_check=QUIET, derandomize=True)
def test_hundreds_of_drawings_made_by_chance_are_read_back_equal(made, binary, version, tmp_path):
    read_back(made, version, tmp_path, binary=binary)
