"""Distances in the plane: setbacks, clearances, reach outside, widths."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity

from pipeline.checks import apart, distances

SITE, WALL = shapely.box(0, 0, 100, 100), shapely.box(10, 10, 40, 30)


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes))


def line(*points):
    return frame([shapely.LineString(points)])


@given(st.floats(-1, 1))
def test_a_difference_is_judged_by_its_size_whichever_way_it_goes(gap_m):
    result = distances.difference_within(frame([None], gap=[gap_m]), field="gap", limit=0.10)
    assert bool(result.hits) == (abs(gap_m) > 0.100001) or abs(abs(gap_m) - 0.1) < 1e-4


def test_a_setback_may_be_short_by_the_limit_and_no_more():
    subject = frame([None] * 3, length=[5.0, 4.9, 4.85], wanted=[5.0, 5.0, 5.0])
    result = distances.length_at_least(subject, field="length", permitted="wanted", limit_m=0.10)
    assert [(h.row, h.slots["short_m"]) for h in result.hits] == [(2, pytest.approx(0.15))]


@pytest.mark.parametrize(("start", "ends", "found"), [((40, 20), 1, 0), ((40.2, 20), 1, 1), ((40, 20), 2, 1)])
def test_a_dimension_must_reach_the_wall(start, ends, found):
    result = distances.ends_on(line(start, (60, 20)), other=frame([WALL]), limit_m=0.01, ends=ends)
    assert len(result.hits) == found


@given(st.floats(0, 0.9))
def test_a_perpendicular_dimension_is_the_shortest_and_an_aslant_one_is_not(share):
    drawn = line((40, 20), (100, 20 + 70 * share))
    result = distances.is_shortest(drawn, other=frame([SITE, WALL]), limit_m=0.02)
    assert result.examined == 1
    assert bool(result.hits) == (drawn.length[0] - 60 > 0.020001) or abs(drawn.length[0] - 60.02) < 1e-3


def test_a_dimension_that_joins_no_edges_is_not_examined():
    assert distances.is_shortest(line((41, 20), (99, 20)), other=frame([SITE, WALL]), limit_m=0.02).examined == 0


@given(st.floats(0.11, 9))
def test_how_far_a_building_reaches_over_a_line_is_measured(reach_m):
    over = affinity.translate(shapely.box(90, 10, 100, 20), reach_m, 0)
    (hit,) = apart.stays_within(frame([over]), other=frame([SITE]), limit_m=0.10).hits
    assert (hit.measured, hit.slots["area_m2"]) == (pytest.approx(reach_m), pytest.approx(10 * reach_m))


def test_with_a_key_each_storey_stays_within_its_own_storey():
    subject = frame([shapely.box(0, 0, 50, 50)] * 2, level=[-1, -2])
    other = frame([SITE, shapely.box(0, 0, 20, 20)], level=[-1, -2])
    result = apart.stays_within(subject, other=other, key="level", limit_m=0.1)
    assert [h.row for h in result.hits] == [1]


@pytest.mark.parametrize(("overlap_m", "found"), [(0.0, 0), (0.09, 0), (0.11, 1), (5.0, 1)])
def test_a_wall_drawn_twice_is_a_strip_and_only_a_wider_one_is_an_encroachment(overlap_m, found):
    patch = shapely.box(40 - overlap_m, 10, 60, 30)
    result = apart.no_encroachment(frame([patch]), other=frame([WALL]), limit_m=0.10)
    assert [(h.measured, h.slots["width_m"]) for h in result.hits] == [
        (pytest.approx(20 * overlap_m), pytest.approx(min(overlap_m, 20), abs=2e-3))
    ] * found


@given(st.floats(0, 3))
def test_clearance_is_the_shortest_way_to_the_wall(gap_m):
    result = apart.clear_of(frame([shapely.box(40 + gap_m, 10, 60, 30)]), other=frame([WALL]), at_least_m=1.5)
    assert [h.measured for h in result.hits] == ([pytest.approx(gap_m)] if gap_m < 1.499 else []) or gap_m > 1.498


def test_a_patch_under_the_building_is_the_matter_of_another_rule():
    result = apart.clear_of(frame([shapely.box(30, 10, 60, 30)]), other=frame([WALL]), at_least_m=1.5, over_m=0.1)
    assert (result.examined, result.hits) == (0, ())


@pytest.mark.parametrize(("shape", "width_m"), [(shapely.box(0, 0, 30, 8), 8), (shapely.Point(0, 0).buffer(5, 64), 10)])
def test_width_is_the_largest_circle_that_fits(shape, width_m):
    assert apart.width(shape) == pytest.approx(width_m, abs=0.01)


@given(st.floats(0, 180))
def test_width_does_not_depend_on_how_the_patch_lies(turn_deg):
    narrow = affinity.rotate(shapely.box(0, 0, 30, 6), turn_deg)
    (hit,) = apart.min_width(frame([narrow]), at_least_m=8).hits
    assert hit.measured == pytest.approx(6, abs=0.005)


def test_a_space_on_the_edge_of_a_patch_is_not_inside_it():
    points = frame([shapely.Point(10, 20), shapely.Point(20, 20), shapely.Point(21, 20)])
    (hit,) = distances.free_of_points(frame([WALL]), other=points).hits
    assert (hit.other, hit.measured) == (1, 2)


@given(st.integers(1, 40), st.integers(1, 40))
def test_as_many_points_are_found_as_were_drawn_again_in_place(own, again):
    own_points = [shapely.Point(2.5 * i, 0) for i in range(own)]
    points = own_points + own_points[:again]
    result = distances.points_apart(frame(points, level=[1] * len(points)), key="level", at_least_m=0.5)
    assert [(hit.row, hit.other, hit.measured) for hit in result.hits] == [
        (own + i, i, 0.0) for i in range(min(own, again))
    ]
    assert result.examined == len(points)


def test_points_of_other_levels_or_without_a_level_or_just_far_enough_are_apart():
    points = [shapely.Point(x, 0) for x in (0, 0, 0, 0.5)]
    result = distances.points_apart(frame(points, level=[1, 2, None, 1]), key="level", at_least_m=0.5)
    assert (result.hits, result.examined) == ((), 3)
