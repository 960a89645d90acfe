"""Boundary points and lines against outlines: one point a corner, one line an edge, numbered in order."""

from __future__ import annotations

import shapely
from factories_checks import curve, frame, pairs, rows, square
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checks import boundary
from pipeline.measures.corners import nw_clockwise_order

KEY = {"key": "parcel_code"}
NW = [(0, 10), (10, 10), (10, 0), (0, 0)]  # clockwise from the north-west corner


def parcel(shape=None, **more):
    return frame(shape or square(0, 0), parcel_code=["A"], **more)


def points(*xy, numbers=None, code="A"):
    return frame(
        *[shapely.Point(p) for p in xy], parcel_code=[code] * len(xy), sequence=numbers or range(1, len(xy) + 1)
    )


def lines(*ends, code="A"):
    return frame(*[shapely.LineString(e) for e in ends], parcel_code=[code] * len(ends))


EDGES = [(NW[i], NW[(i + 1) % 4]) for i in range(4)]


def test_a_marked_parcel_has_no_fault():
    assert boundary.vertices_have_points(parcel(), other=points(*NW), reach_m=0.1, **KEY).hits == ()
    assert boundary.points_on_vertices(points(*NW), other=parcel(), snap_m=0.001, **KEY).hits == ()
    assert boundary.edges_have_lines(parcel(), other=lines(*EDGES), reach_m=0.1, **KEY).hits == ()
    assert boundary.lines_on_edges(lines(*EDGES), other=parcel(), snap_m=0.001, **KEY).hits == ()


def test_a_point_off_its_corner_is_one_fault_not_two():
    moved = points((0, 10), (10, 10.08), (10, 0), (0, 0))
    assert boundary.vertices_have_points(parcel(), other=moved, reach_m=0.1, **KEY).hits == ()
    (hit,) = boundary.points_on_vertices(moved, other=parcel(), snap_m=0.001, **KEY).hits
    assert (hit.row, hit.other, round(hit.measured, 6), hit.slots["north_m"]) == (20, 10, 0.08, 10)


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, 3)))
def test_every_corner_without_a_point_is_named(left_out):
    kept = [p for i, p in enumerate(NW) if i not in left_out]
    result = boundary.vertices_have_points(parcel(), other=points(*kept, (99, 99)), reach_m=0.1, **KEY)
    assert {(h.place.x, h.place.y) for h in result.hits} == {NW[i] for i in left_out}


def test_points_of_a_neighbour_do_not_count():
    result = boundary.vertices_have_points(parcel(), other=points(*NW, code="B"), reach_m=0.1, **KEY)
    assert [h.measured for h in result.hits] == [0, 0, 0, 0]


def test_holes_have_points_too():
    donut = shapely.Polygon(NW, [[(4, 4), (6, 4), (6, 6)]])
    result = boundary.vertices_have_points(parcel(donut), other=points(*NW), reach_m=0.1, **KEY)
    assert [h.slots["vertex"] for h in result.hits] == [5, 6, 7]


def test_an_arc_has_points_and_lines_only_at_its_ends():
    bent = parcel(
        square(0, 0).union(shapely.Point(10, 5).buffer(5)),
        curves=[curve([(*p, -1.0 if p == (10, 10) else 0) for p in NW])],
    )
    assert boundary.vertices_have_points(bent, other=points(*NW), reach_m=0.1, **KEY).examined == 4
    assert boundary.edges_have_lines(bent, other=lines(*EDGES), reach_m=0.1, **KEY).hits == ()


def test_a_line_of_any_direction_marks_its_edge_and_a_second_one_is_too_many():
    result = boundary.edges_have_lines(parcel(), other=lines(*EDGES, EDGES[0][::-1]), reach_m=0.1, **KEY)
    assert [h.measured for h in result.hits] == [2]


def test_a_diagonal_and_a_short_line_run_along_no_edge():
    drawn = lines(((0, 10), (10, 0)), ((0, 10), (9.9, 10)), EDGES[1])
    assert rows(boundary.lines_on_edges(drawn, other=parcel(), snap_m=0.001, **KEY)) == [10, 20]


def test_numbers_go_clockwise_from_the_north_west_whatever_way_the_ring_was_drawn():
    for ring in (NW, NW[::-1], NW[2:] + NW[:2]):
        result = boundary.numbered_from_nw(
            parcel(shapely.Polygon(ring)), other=points(*NW), field="sequence", reach_m=0.1, **KEY
        )
        assert (result.examined, result.hits) == (4, ())


def test_the_first_wrong_number_is_named():
    turned = points(*NW, numbers=[1, 2, 4, 3])
    (hit,) = boundary.numbered_from_nw(parcel(), other=turned, field="sequence", reach_m=0.1, **KEY).hits
    assert (hit.row, hit.other, hit.measured, hit.required, hit.slots["wrong"]) == (10, 30, 4, 3, 2)


def test_several_parcels_are_kept_apart():
    land = frame(square(0, 0), square(10, 0), parcel_code=["A", "B"])
    marks = frame(
        *[shapely.Point(p) for p in NW], *[shapely.Point(x + 10, y) for x, y in NW], parcel_code=["A"] * 4 + ["B"] * 4
    )
    assert boundary.vertices_have_points(land, other=marks, reach_m=0.1, **KEY).hits == ()
    assert pairs(boundary.points_on_vertices(marks, other=land, snap_m=0.001, **KEY)) == set()


def test_empty_layers_and_points_without_a_place_crash_nothing():
    nowhere = frame(None, parcel_code=["A"], sequence=[1])
    assert boundary.points_on_vertices(nowhere, other=parcel(), snap_m=0.001, **KEY).examined == 0
    assert boundary.lines_on_edges(nowhere, other=parcel(), snap_m=0.001, **KEY).examined == 0
    assert boundary.numbered_from_nw(parcel(), other=points(), field="sequence", reach_m=0.1, **KEY).examined == 0
    assert boundary.edges_have_lines(frame(parcel_code=[]), other=lines(*EDGES), reach_m=0.1, **KEY).examined == 0


def test_an_arc_that_turns_the_ring_round_decides_what_clockwise_is():
    ring = [(0, 10, 3.7), (5, 10, 0), (2, 6, 0)]  # chords clockwise, with its arc of 300° counter-clockwise
    outline = curve(ring)
    order = nw_clockwise_order(outline.rings[0])
    marked = points(*[ring[i][:2] for i in order])
    drawn = frame(shapely.Polygon([p[:2] for p in ring]), curves=[outline], parcel_code=["A"])
    assert boundary.numbered_from_nw(drawn, other=marked, field="sequence", reach_m=0.1, **KEY).hits == ()
