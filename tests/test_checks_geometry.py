"""Each geometry by itself."""

from __future__ import annotations

import pytest
import shapely
from factories_checks import curve, frame, rows, square
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks import geometry, outlines
from pipeline.checks.outlines import corners_of

BOW = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


def test_a_bow_tie_is_invalid_where_it_crosses():
    (hit,) = geometry.is_valid(frame(square(0, 0), BOW)).hits
    assert (hit.row, hit.place.coords[0], hit.slots["fault"]) == (20, (5, 5), "自相交")


@pytest.mark.parametrize(
    "shape",
    [
        "POLYGON((0 0,9 0,9 9,0 9,0 0),(20 20,21 20,21 21,20 20))",
        "POLYGON((0 0,5 0,5 5,0 5,0 0),(0 0,5 0,5 5,0 5,0 0))",
        "MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0)),((1 1,2 1,2 2,1 2,1 1)))",
    ],
)
def test_every_reason_of_invalidity_is_said_in_chinese(shape):
    (hit,) = geometry.is_valid(frame(shape)).hits
    assert hit.slots["fault"] in geometry.REASONS.values()


def test_parts_are_counted_and_holes_are_none():
    donut = square(0, 0).difference(square(4, 4, 2))
    (hit,) = geometry.single_part(frame(donut, shapely.MultiPolygon([square(0, 0), square(20, 0)]))).hits
    assert (hit.row, hit.measured) == (20, 2)


def test_a_line_that_crosses_itself_is_not_simple():
    assert rows(geometry.is_simple(frame("LINESTRING(0 0,9 0)", "LINESTRING(0 0,9 0,9 9,4 -4)"))) == [20]


def test_small_polygons_are_found_and_lines_are_not_examined():
    result = geometry.min_area(frame(square(0, 0, 1), square(0, 0), "LINESTRING(0 0,1 1)"), at_least_m2=4)
    assert (rows(result), result.examined) == ([10], 2)


@given(st.floats(1e-5, 0.2))
def test_an_edge_is_repeated_or_short_or_long_and_never_two_of_them(length):
    shape = frame(shapely.Polygon([(0, 0), (0, 10), (length, 10), (10, 5)]))
    repeated = geometry.no_repeated_vertices(shape, snap_m=0.001).hits
    short = geometry.min_edge(shape, at_least_m=0.05, snap_m=0.001).hits
    assert len(repeated) + len(short) == (length < 0.05 and not 0.001 - 1e-12 < length <= 0.001)


def test_a_repeated_vertex_is_a_place():
    (hit,) = geometry.no_repeated_vertices(frame("POLYGON((0 0,0 9,0 9,9 9,0 0))"), snap_m=0.001).hits
    assert (hit.measured, hit.place.coords[0]) == (0.0, (0, 9))


def test_chords_of_an_arc_are_no_edges():
    round_shape = shapely.Point(0, 0).buffer(0.2, quad_segs=64)
    bulged = frame(round_shape, curves=[curve([(-0.2, 0, 1), (0.2, 0, 1)])])
    assert geometry.min_edge(bulged, at_least_m=0.05).hits == ()
    assert len(geometry.min_edge(frame(round_shape), at_least_m=0.05).hits) > 0


def test_a_spike_is_found_at_its_tip_with_its_angle():
    spiky = "POLYGON((0 0,0 10,5 10,5.05 14,5.1 10,10 10,10 0,0 0))"
    (hit,) = geometry.no_spikes(frame(spiky, square(0, 0)), at_least_deg=3).hits
    assert (hit.row, hit.place.coords[0], round(hit.measured, 2)) == (10, (5.05, 14), 1.43)


def test_corners_know_ring_row_and_successor():
    donut = square(0, 0).difference(square(4, 4, 2))
    corners = corners_of(frame("LINESTRING(0 0,1 0,2 0)", donut, None, square(50, 50)))
    assert [int((corners.row == i).sum()) for i in range(4)] == [3, 8, 0, 4]
    assert list(corners.after[:3]) == [1, 2, -1]
    assert len(set(corners.ring.tolist())) == 4
    assert (corners.ring[corners.edges[0]] == corners.ring[corners.edges[1]]).all()


def test_nothing_is_no_fault():
    for result in (
        geometry.is_valid(frame()),
        geometry.single_part(frame(None)),
        geometry.no_spikes(frame(), at_least_deg=3),
        geometry.min_edge(frame(None), at_least_m=1),
    ):
        assert (result.examined, result.hits) == (0, ())


def test_a_large_layer_is_judged_by_two_threads_as_by_one(monkeypatch):
    shapes = [square(0, 0), BOW, None, square(20, 0), square(40, 0), BOW, square(60, 0)]
    alone = outlines.validity(frame(*shapes)).tolist()
    monkeypatch.setattr(outlines, "MANY", 2)
    assert outlines.validity(frame(*shapes)).tolist() == alone == [True, False, False, True, True, False, True]
