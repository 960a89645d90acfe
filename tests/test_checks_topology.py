"""How polygons lie to each other: nothing is missed, nothing is found twice, order and place do not matter."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from factories_checks import frame, pairs, rows, square
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checks import meeting, topology

CENT = {"tolerance_m2": 0.01}
boxes = st.builds(
    lambda x, y, w, h: shapely.box(x, y, x + w, y + h),
    st.integers(0, 12),
    st.integers(0, 12),
    st.integers(1, 6),
    st.integers(1, 6),
)


def overlapping(shapes):
    """The answer by brute force."""
    return {
        (10 * i + 10, 10 * j + 10)
        for i in range(len(shapes))
        for j in range(i + 1, len(shapes))
        if shapes[i].intersection(shapes[j]).area > 0.01
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(boxes, max_size=12))
def test_overlaps_are_those_of_brute_force_equal_and_contained_polygons_among_them(shapes):
    assert pairs(topology.no_overlap(frame(*shapes), **CENT)) == overlapping(shapes)


@settings(max_examples=40, deadline=None)
@given(st.lists(boxes, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_features_does_not_matter(shapes, random):
    order = list(range(len(shapes)))
    random.shuffle(order)
    areas = lambda parts: sorted(round(h.measured, 6) for h in topology.no_overlap(frame(*parts), **CENT).hits)  # noqa: E731
    assert areas([shapes[i] for i in order]) == areas(shapes)


@settings(max_examples=40, deadline=None)
@given(st.lists(boxes, min_size=2, max_size=8), st.floats(0, 360), st.floats(-1e5, 1e5), st.floats(0, 4e6))
def test_turning_and_moving_the_site_changes_no_overlap(shapes, angle, east, north):
    moved = [shapely.affinity.translate(shapely.affinity.rotate(s, angle, origin=(0, 0)), east, north) for s in shapes]
    assert pairs(topology.no_overlap(frame(*moved), **CENT)) == pairs(topology.no_overlap(frame(*shapes), **CENT))


@settings(max_examples=40, deadline=None)
@given(st.lists(boxes, max_size=8), st.lists(boxes, max_size=8))
def test_a_layer_over_another_is_found_pair_by_pair(own, theirs):
    wanted = {
        (10 * i + 10, 10 * j + 10)
        for i, a in enumerate(own)
        for j, b in enumerate(theirs)
        if a.intersection(b).area > 0.01
    }
    assert pairs(topology.not_over(frame(*own), other=frame(*theirs), **CENT)) == wanted


def test_an_overlap_carries_its_area_and_its_region():
    (hit,) = topology.no_overlap(frame(square(0, 0), square(8, 0)), **CENT).hits
    assert (hit.measured, hit.unit, hit.place.equals(shapely.box(8, 0, 10, 10))) == (20.0, "m²", True)


def test_features_without_an_area_are_not_examined():
    result = topology.no_overlap(frame(square(0, 0), None, shapely.Point(1, 1), shapely.Polygon()), **CENT)
    assert (result.examined, result.hits) == (1, ())


def test_a_bow_tie_takes_part_and_crashes_nothing():
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    assert pairs(topology.no_overlap(frame(bow, square(0, 0)), **CENT)) == {(10, 20)}


def test_overlaps_within_a_group_ignore_other_groups_and_features_without_one():
    shapes = frame(*[square(0, 0)] * 4, floor_id=["1", "1", "2", None])
    assert pairs(topology.no_overlap_within(shapes, key="floor_id", **CENT)) == {(10, 20)}


@settings(max_examples=40, deadline=None)
@given(st.lists(boxes, min_size=1, max_size=6), st.lists(boxes, min_size=1, max_size=6))
def test_what_lies_outside_is_what_is_left_after_taking_the_containers_away(own, theirs):
    result = topology.inside(frame(*own), other=frame(*theirs), **CENT)
    whole = shapely.union_all(theirs)
    assert {hit.row: round(hit.measured, 6) for hit in result.hits} == {
        10 * i + 10: round(area, 6) for i, s in enumerate(own) if (area := s.difference(whole).area) > 0.01
    }


def test_inside_names_the_container_that_holds_most():
    result = topology.inside(
        frame(shapely.box(4, 0, 12, 1)), other=frame(shapely.box(0, 0, 5, 1), shapely.box(5, 0, 11, 1)), **CENT
    )
    assert pairs(result) == {(10, 20)}


def test_inside_by_key_looks_only_at_its_own_container():
    own = frame(square(0, 0, 5), square(0, 0, 5), square(0, 0, 5), floor_id=["1", "2", "9"])
    result = topology.inside(
        own, other=frame(square(0, 0), square(50, 50), floor_id=["1", "2"]), key="floor_id", **CENT
    )
    assert (rows(result), result.examined) == ([20], 2)


def test_contains_all_turns_the_pair_round():
    result = topology.contains_all(frame(square(0, 0)), other=frame(square(5, 0), square(1, 1, 2)), **CENT)
    assert [(h.row, h.other, h.measured) for h in result.hits] == [(10, 10, 50.0)]


def test_points_outside_are_measured_by_their_distance():
    result = topology.points_inside(frame("POINT(5 5)", "POINT(13 10)"), other=frame(square(0, 0)), tolerance_m=0.01)
    assert [(h.row, h.measured) for h in result.hits] == [(20, 3.0)]


def test_a_floor_left_bare_is_shown_where_it_is_bare():
    parts = frame(
        shapely.box(0, 0, 4, 10), shapely.box(5, 0, 10, 10), shapely.box(4, 0, 5, 10), floor_id=["1", "1", "2"]
    )
    (hit,) = topology.covered_by_parts(frame(square(0, 0), floor_id=["1"]), other=parts, key="floor_id", **CENT).hits
    assert (hit.measured, hit.place.equals(shapely.box(4, 0, 5, 10))) == (10.0, True)


# ---------------------------------------------------------------- gaps and shared corners


def cells(count=4):
    return [square(10 * i, 10 * j) for i in range(count) for j in range(count)]


def test_a_clean_coverage_has_no_gap_and_shares_its_corners():
    assert topology.no_gaps(frame(*cells()), width_m=0.1, tolerance_m2=0.01).hits == ()
    assert meeting.shared_vertices(frame(*cells()), snap_m=0.001).hits == ()


@pytest.mark.parametrize("width", [0.02, 0.05, 0.09])
def test_a_thin_gap_between_neighbours_is_found_with_its_area(width):
    result = topology.no_gaps(frame(square(0, 0), square(10 + width, 0)), width_m=0.1, tolerance_m2=0.01)
    assert [round(h.measured, 6) for h in result.hits] == [round(10 * width, 6)]


def test_a_gap_inside_a_coverage_is_found_once():
    thin = [
        shapely.box(0, 0, 10, 10),
        shapely.box(10, 0, 20, 4.99),
        shapely.box(10, 5, 20, 10),
        shapely.box(20, 0, 30, 10),
    ]
    assert len(topology.no_gaps(frame(*thin), width_m=0.1, tolerance_m2=0.01).hits) == 1


def test_a_road_or_a_wedge_of_open_land_is_no_gap():
    wedge = shapely.Polygon([(10, 0), (20, 0), (20, 10), (14, 10)])
    assert topology.no_gaps(frame(square(0, 0), wedge, square(16, 20)), width_m=0.1, tolerance_m2=0.01).hits == ()


def test_the_missing_corner_is_shown_at_its_place():
    (hit,) = meeting.shared_vertices(frame(square(0, 0), shapely.box(10, 0, 20, 5)), snap_m=0.001).hits
    assert (hit.row, hit.other, hit.place.coords[0]) == (20, 10, (10, 5))


def test_all_topology_checks_take_empty_layers():
    nothing = frame(floor_id=[])
    some = frame(square(0, 0), floor_id=["1"])
    for result in (
        topology.no_overlap(nothing, **CENT),
        topology.no_overlap_within(nothing, key="floor_id", **CENT),
        topology.no_gaps(nothing, width_m=0.1, **CENT),
        meeting.shared_vertices(nothing, snap_m=0.001),
        topology.not_over(some, other=nothing, **CENT),
        topology.inside(some, other=nothing, **CENT),
        topology.inside(nothing, other=some, **CENT),
        topology.contains_all(nothing, other=some, **CENT),
        topology.covered_by_parts(some, other=nothing, key="floor_id", **CENT),
    ):
        assert (result.examined, result.hits) == (0, ())


def test_ten_thousand_parcels_are_all_tested():
    grid = shapely.box(
        *(np.indices((100, 100)).reshape(2, -1) * 10.0), *(np.indices((100, 100)).reshape(2, -1) * 10.0 + 10)
    )
    result = topology.no_overlap(frame(*grid), **CENT)
    assert (result.examined, result.hits) == (10_000, ())
