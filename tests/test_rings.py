"""LINE, ARC and open polylines that close into rings; whatever bounds no ring is said."""

from __future__ import annotations

import math

import pytest
import shapely
from factories_readers import SQUARE, drawing, kinds, read, saved
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import crs, rings
from pipeline.mapping.normalise import normalise
from pipeline.measures import arcs
from pipeline.standard import Delivery, LayerMapping, LayerSpec, Select, Standard

SIDES = list(zip(SQUARE, [*SQUARE[1:], SQUARE[0]], strict=True))


def told(tmp_path, add, **options):
    """The closed rows of a drawing and what is told of them."""
    document, space = drawing()
    add(space)
    source = read(saved(document, tmp_path / "r.dxf"), **options)
    return rings.closed(source.features)


def lines(pairs, **attributes):
    def add(space):
        for start, end in pairs:
            space.add_line(start, end, dxfattribs=attributes)

    return add


def survey(tmp_path, geometry="polygon"):
    spec = LayerSpec(label="面", geometry="polygon")
    how = LayerMapping(select=Select(layer=("0",)), geometry=geometry)
    mapping = Delivery(name="m", label="m", format=("dxf",), layers={"area": how})
    return Standard(
        survey="s",
        label="s",
        short="s",
        order=1,
        edition="e",
        folder=tmp_path,
        layers={"area": spec},
        mappings=(mapping,),
    )


def test_lines_end_to_end_are_one_ring_whatever_their_order_and_direction(tmp_path):
    shuffled = [SIDES[2], SIDES[0][::-1], SIDES[3], SIDES[1][::-1]]
    result = told(tmp_path, lines(shuffled))
    assert [shape.equals(shapely.Polygon(SQUARE)) for shape in result.rows.geometry] == [True]
    assert result.told == []


@given(st.permutations(range(6)), st.lists(st.booleans(), min_size=6, max_size=6))
@settings(max_examples=40, deadline=None)
def test_the_area_of_a_ring_does_not_depend_on_how_it_was_drawn(order, turned):
    import geopandas as gpd

    corners = [(math.cos(a) * 7, math.sin(a) * 5) for a in (0, 1, 2, 3, 4, 5)]
    edges = [shapely.LineString([corners[i], corners[(i + 1) % 6]]) for i in order]
    shapes = [edge.reverse() if back else edge for edge, back in zip(edges, turned, strict=True)]
    data = {"layer": "0", "code": [None] * 6, "handle": list("ABCDEF"), "curve": [None] * 6}
    found = rings.closed(gpd.GeoDataFrame(data, geometry=shapes)).rows
    assert math.isclose(found.geometry.iloc[0].area, shapely.Polygon(corners).area, rel_tol=1e-12)


def test_arcs_in_a_ring_stay_exact(tmp_path):
    def add(space):
        space.add_line((0, 0), (10, 0))
        space.add_arc((10, 5), 5, -90, 90)
        space.add_lwpolyline([(10, 10), (0, 10), (0, 0)])

    row = told(tmp_path, add).rows.iloc[0]
    assert math.isclose(arcs.area(row.curve), 100 + math.pi * 25 / 2, rel_tol=1e-9)
    assert abs(row.geometry.area - arcs.area(row.curve)) < row.geometry.length * 0.001


def test_an_arc_that_runs_against_the_ring_bends_inwards(tmp_path):
    def add(space):
        space.add_arc((10, 5), 5, 90, 270)
        space.add_lwpolyline([(10, 10), (0, 10), (0, 0), (10, 0)])

    row = told(tmp_path, add).rows.iloc[0]
    assert math.isclose(arcs.area(row.curve), 100 - math.pi * 25 / 2, rel_tol=1e-9)


@pytest.mark.parametrize(
    ("gap_m", "kind", "geometry"), [(0.0009, "ring_closed", "Polygon"), (0.0011, "ring_open", "LineString")]
)
def test_a_gap_of_one_millimetre_is_the_limit(tmp_path, gap_m, kind, geometry):
    pairs = [*SIDES[:3], (SIDES[3][0], (gap_m, 0))]
    result = told(tmp_path, lines(pairs))
    assert [t.kind for t in result.told] == [kind]
    assert math.isclose(result.told[0].slots["measured"], gap_m, rel_tol=1e-6)
    assert result.rows.geometry.iloc[0].geom_type == geometry


def test_an_open_chain_is_told_once_with_both_ends(tmp_path):
    (only,) = told(tmp_path, lines(SIDES[:3])).told
    assert (only.kind, only.slots["count"]) == ("ring_open", 3)
    assert sorted(only.place.coords) == [(0, 0), (0, 10)]


def test_where_three_lines_meet_nobody_guesses(tmp_path):
    result = told(tmp_path, lines([*SIDES, ((0, 0), (5, 5))]))
    assert {t.kind for t in result.told} == {"ring_branches"}
    assert {t.place.coords[0] for t in result.told} == {(0, 0)}
    assert set(result.rows.geometry.geom_type) == {"LineString"}


def test_a_line_drawn_twice_bounds_nothing(tmp_path):
    result = told(tmp_path, lines([SIDES[0], SIDES[0][::-1]]))
    assert [t.kind for t in result.told] == ["degenerate"]


def test_lines_of_two_layers_do_not_close_each_other(tmp_path):
    def add(space):
        lines(SIDES[:2])(space)
        lines(SIDES[2:], layer="别")(space)

    assert [t.kind for t in told(tmp_path, add).told] == ["ring_open", "ring_open"]


@pytest.mark.parametrize("geometry", ["polygon", "as_is"])
def test_an_open_line_in_a_polygon_layer_is_always_a_note(tmp_path, geometry):
    document, space = drawing()
    space.add_lwpolyline([(0, 0), (10, 0), (10, 10), (0, 10), (0, 3)])
    space.add_line((100, 0), (110, 0))
    space.add_lwpolyline([(200, 0), (210, 0), (210, 10), (200, 10), (200, 0.3)])  # the reader says this one itself
    source = read(saved(document, tmp_path / "o.dxf"))
    result = normalise(survey(tmp_path, geometry), [source], target=crs.parse("EPSG:4545"))
    noted = [n.handle for n in (*source.notes, *result.notes) if n.kind == "ring_open"]
    assert sorted(noted) == sorted(source.features["handle"])


def test_a_ring_of_lines_is_one_feature_of_its_layer(tmp_path):
    document, space = drawing()
    lines(SIDES)(space)
    source = read(saved(document, tmp_path / "n.dxf"))
    frame = normalise(survey(tmp_path), [source], target=crs.parse("EPSG:4545")).frames["area"]
    assert (list(frame.geometry.area), list(frame["handle"])) == ([100.0], [source.features["handle"][0]])


def test_a_nearly_closed_polyline_that_a_line_closes_is_not_called_open(tmp_path):
    document, space = drawing()
    space.add_lwpolyline([(0, 0), (10, 0), (10, 10), (0, 10), (0, 0.3)])
    space.add_line((0, 0.3), (0, 0))
    source = read(saved(document, tmp_path / "c.dxf"))
    assert kinds(source) == {}
    assert rings.closed(source.features).rows.geometry.area.tolist() == [100.0]
