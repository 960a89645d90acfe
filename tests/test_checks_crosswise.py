"""Two surveys of the same things: identity, equal figures, outlines and corners."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity

from pipeline.checks import congruence, corners, crosswise
from pipeline.sources import Curve
from pipeline.tolerance import AreaFormula

GRADE_2 = AreaFormula(label="限差", unit="m²", source="某处", certainty="proposal", kind="area", a=0.04, b=0.002)
HOUSE = shapely.Polygon([(0, 0), (30, 0), (30, 12), (20, 12), (20, 20), (0, 20)])
NAMES = st.lists(st.sampled_from("123456"), max_size=8)


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes))


def named(names):
    return frame([HOUSE] * len(names), b=list(names))


def outline(own, theirs, **kwargs):
    limits = {"area_limit": GRADE_2, "corner_limit_m": 0.10, **kwargs}
    return congruence.footprint_agrees(frame([own], b=["1"]), other=frame([theirs], b=["1"]), key="b", **limits)


# ---------------------------------------------------------------- identity and figures


@given(NAMES)
def test_a_set_is_the_same_as_itself_in_any_order(names):
    result = crosswise.same_set(named(names), other=named(sorted(names)), key="b")
    assert (result.hits, result.examined) == ((), len(set(names)))


@given(NAMES, NAMES)
def test_what_is_missing_is_missing_from_either_point_of_view(one, two):
    there = crosswise.same_set(named(one), other=named(two), key="b").hits
    back = crosswise.same_set(named(two), other=named(one), key="b").hits
    seen = [(h.slots["name"], h.measured, h.required) for h in there]
    assert seen == [(h.slots["name"], h.required, h.measured) for h in back]


def test_a_building_only_the_other_survey_has_is_placed_where_it_stands_there():
    (hit,) = crosswise.same_set(named(["1"]), other=named(["1", "2"]), key="b").hits
    assert (hit.row, hit.other, hit.place) == (None, 1, HOUSE)


def test_the_same_thing_twice_on_one_side_is_ambiguous_and_found():
    (hit,) = crosswise.same_set(named(["1", "1"]), other=named(["1"]), key="b").hits
    assert (hit.slots["own_count"], hit.slots["other_count"]) == (2, 1)


def test_words_are_compared_as_they_are_and_what_one_side_lacks_is_not_examined():
    own = frame([HOUSE] * 3, b=["1", "2", "3"], w=["A", "A", None])
    other = own.assign(w=["A", "B", "C"])
    result = crosswise.same_value(own, other=other, key="b", field="w")
    assert ([(h.row, h.other) for h in result.hits], result.examined) == ([(1, 1)], 2)


def test_counts_must_be_equal_when_the_limit_is_nought():
    own, other = frame([HOUSE], b=["1"], floors=[18]), frame([HOUSE], b=["1"], floors=[17])
    (hit,) = crosswise.same_value(own, other=other, key="b", field="floors", limit=0).hits
    assert (hit.measured, hit.required, hit.slots["difference"]) == (18, 17, 1)


def test_totals_are_compared_whole_and_a_gap_in_the_figures_is_undetermined():
    own, other = frame([HOUSE] * 2, a=[1.0, 2.0]), frame([HOUSE], a=[3.0])
    assert crosswise.total_agrees(own, other=other, field="a", total_limit=0.01).hits == ()
    assert crosswise.total_agrees(own.assign(a=[1.0, None]), other=other, field="a", total_limit=0.01).undetermined


# ---------------------------------------------------------------- outlines


@given(st.floats(0, 2 * math.pi), st.floats(0.101, 5))
def test_a_house_shifted_beyond_the_limit_is_found_in_whatever_direction(direction, shift_m):
    moved = affinity.translate(HOUSE, shift_m * math.cos(direction), shift_m * math.sin(direction))
    (hit,) = outline(HOUSE, moved).hits
    assert shift_m / math.sqrt(2) - 1e-9 <= hit.measured <= shift_m + 1e-9


@given(st.floats(0, 2 * math.pi), st.floats(0, 0.0999))
def test_a_house_shifted_within_the_limit_is_the_same_house(direction, shift_m):
    moved = affinity.translate(HOUSE, shift_m * math.cos(direction), shift_m * math.sin(direction))
    assert outline(HOUSE, moved).hits == ()


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 360))
def test_moving_and_turning_both_surveys_together_changes_nothing(x, y, turn_deg):
    def placed(shape):
        return affinity.translate(affinity.rotate(shape, turn_deg, origin=(0, 0)), x, y)

    other = affinity.translate(HOUSE, 0.12, 0)
    (hit,) = outline(placed(HOUSE), placed(other)).hits
    assert hit.measured == pytest.approx(0.12, abs=1e-6)


def test_a_vertex_that_only_one_survey_records_on_a_straight_wall_is_no_shift():
    assert outline(HOUSE, shapely.segmentize(HOUSE, 1.0)).hits == ()


def test_an_annex_within_the_corner_limit_but_beyond_the_area_limit_is_found_by_area():
    long = shapely.box(0, 0, 400, 8)
    (hit,) = outline(shapely.box(0, -0.09, 400, 8.09), long).hits
    assert (hit.unit, hit.tolerance) == ("m²", pytest.approx(GRADE_2.at(3200)))
    assert hit.slots["iou_pct"] == pytest.approx(100 * 3200 / 3272)


def test_a_courtyard_only_one_survey_draws_is_found():
    yard = HOUSE.difference(shapely.box(5, 5, 9, 9))
    (hit,) = outline(HOUSE, yard).hits
    assert (hit.measured, hit.slots["area_gap_m2"]) == (pytest.approx(9.0), pytest.approx(16.0))


def test_without_a_key_all_parts_together_are_one_outline():
    halves = frame([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)])
    whole = frame([shapely.box(0, 0, 20, 10)])
    result = congruence.footprint_agrees(halves, other=whole, area_limit=GRADE_2, corner_limit_m=0.1)
    assert (result.examined, result.hits) == (1, ())


# ---------------------------------------------------------------- corners


@pytest.mark.parametrize(("gap_m", "fine", "warned", "wrong"), [(0.04, 0, 0, 0), (0.07, 0, 1, 0), (0.2, 0, 0, 1)])
def test_one_corner_is_fine_then_warned_of_then_wrong(gap_m, fine, warned, wrong):
    own, other = frame([shapely.Point(0, -gap_m)]), frame([HOUSE])
    warning = corners.same_corner(own, other=other, over_m=0.05, up_to_m=0.10)
    error = corners.same_corner(own, other=other, over_m=0.10, up_to_m=0.50)
    assert (len(warning.hits), len(error.hits)) == (warned, wrong)


def test_a_vertex_far_from_any_other_is_another_corner():
    result = corners.same_corner(frame([shapely.Point(50, 50)]), other=frame([HOUSE]), over_m=0.05, up_to_m=0.10)
    assert (result.examined, result.hits) == (0, ())


def test_a_corner_is_sought_in_its_own_building_only():
    own = frame([shapely.Point(0, 0)], b=["2"])
    other = frame([HOUSE, affinity.translate(HOUSE, 0.3, 0)], b=["1", "2"])
    (hit,) = corners.same_corner(own, other=other, key="b", over_m=0.05).hits
    assert (hit.other, hit.measured) == (1, pytest.approx(0.3))


def test_the_inner_points_of_a_flattened_arc_are_no_corners():
    ring = np.array([[0, 0, 0.0], [10, 0, 0.5], [10, 10, 0.0], [0, 10, 0.0]])
    arc = frame([shapely.Polygon(ring[:, :2])], curve=[Curve((ring,), closed=True)])
    assert corners.same_corner(arc, other=arc, over_m=0.05).examined == 4


def test_points_of_a_flattened_arc_are_not_corners():
    """A shapefile carries an arc as chord points; densified otherwise, the same wall must not warn."""
    coarse, fine = (
        shapely.Point(0, 0).buffer(20, quad_segs=segments).intersection(shapely.box(-30, 0, 30, 30))
        for segments in (60, 83)
    )
    frame, other = (
        gpd.GeoDataFrame({"feature": ["a.b/1"], "name": ["1"]}, geometry=[shape]) for shape in (coarse, fine)
    )
    result = corners.same_corner(frame, other=other, over_m=0.05, up_to_m=0.5, key="name")
    assert (result.examined, result.hits) == (2, ())
