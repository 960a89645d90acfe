"""What polygons hold, and figures drawn twice."""

from __future__ import annotations

import pytest
import shapely
from factories_checks import frame, rows, square

from pipeline.checks import geometry, holding

LABELS = frame(shapely.Point(5, 5), shapely.Point(6, 6), shapely.Point(25, 5), None, shapely.Point(10, 5))


def told(result):
    return [(hit.row, hit.measured, hit.required) for hit in result.hits]


def test_too_few_and_too_many_points_are_counted_by_containment():
    polygons = frame(square(0, 0), square(20, 0), square(40, 0))
    assert told(holding.holds_points(polygons, other=LABELS, at_least=1)) == [(30, 0, 1)]
    assert told(holding.holds_points(polygons, other=LABELS, at_most=1)) == [(10, 3, 1)]
    assert holding.holds_points(polygons, other=LABELS, at_least=1, at_most=3).examined == 3


def test_a_point_in_two_polygons_counts_for_both():
    polygons = frame(square(0, 0), square(0, 0))
    assert [m for _, m, _ in told(holding.holds_points(polygons, other=LABELS, at_most=0))] == [3, 3]


def test_without_points_every_polygon_lacks_one():
    assert len(holding.holds_points(frame(square(0, 0)), other=frame(), at_least=1).hits) == 1
    assert holding.holds_points(frame(), other=LABELS, at_least=1).examined == 0


@pytest.mark.parametrize(
    "again",
    [
        "POLYGON((0 0,10 0,10 10,0 10,0 0))",
        "POLYGON((10 10,0 10,0 0,10 0,10 10))",
        "POLYGON((0 0,0 10,10 10,10 0,0 0))",
        "POLYGON Z((0 0 5,10 0 5,10 10 5,0 10 5,0 0 5))",
    ],
)
def test_a_figure_drawn_twice_is_found_wherever_it_begins(again):
    found = geometry.no_duplicates(frame(square(0, 0), square(20, 0), shapely.from_wkt(again), None))
    assert [(hit.row, hit.other) for hit in found.hits] == [(30, 10)]
    assert found.examined == 3


def test_nearly_the_same_is_not_the_same():
    found = geometry.no_duplicates(frame(square(0, 0), shapely.from_wkt("POLYGON((0 0,10 0,10 10.0001,0 10,0 0))")))
    assert found.hits == ()


def test_each_copy_names_the_first():
    found = geometry.no_duplicates(frame(*[square(0, 0)] * 3))
    assert rows(found) == [20, 30]
    assert {hit.other for hit in found.hits} == {10}
