"""Widths everywhere, too wide paths, the nearest place that nobody drew."""

from __future__ import annotations

import pytest
import shapely
from factories_checks import frame, rows
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks import clearance

WIDE = {"at_least_m": 8.0, "over_m2": 1.0}
TURN = st.floats(0, 360)


def turned(shape, angle):
    return shapely.affinity.rotate(shape, angle, origin=(0, 0))


@given(st.floats(8.0, 60), st.floats(8.0, 60), TURN)
def test_a_rectangle_as_wide_as_wanted_has_no_narrow_part_whichever_way_it_lies(a, b, angle):
    result = clearance.no_narrow_parts(frame(turned(shapely.box(0, 0, a, b), angle)), **WIDE)
    assert (result.examined, result.hits) == (1, ())


@given(st.floats(0.5, 7.9), TURN)
def test_a_strip_at_a_wide_patch_is_found_with_its_width(width_m, angle):
    shape = shapely.union(shapely.box(0, 0, 20, 20), shapely.box(20, 3, 40, 3 + width_m))
    (hit,) = clearance.no_narrow_parts(frame(turned(shape, angle)), **WIDE).hits
    assert hit.measured == pytest.approx(width_m, abs=0.01)
    assert hit.slots["area_m2"] == pytest.approx(20 * width_m, rel=1e-3)


def test_a_patch_that_is_nowhere_wide_enough_is_left_to_min_width():
    assert clearance.no_narrow_parts(frame(shapely.box(0, 0, 30, 6)), **WIDE).examined == 0


def test_a_round_patch_and_a_taper_are_not_narrow():
    shapes = [shapely.Point(0, 0).buffer(6, quad_segs=64), shapely.Polygon([(0, 0), (40, 0), (20, 40)])]
    assert clearance.no_narrow_parts(frame(*shapes), **WIDE).hits == ()


def test_a_path_is_judged_where_it_lies_on_a_patch_only():
    paths = frame(shapely.box(0, 5, 20, 9), shapely.box(50, 5, 70, 9))
    result = clearance.narrower_than(paths, other=frame(shapely.box(0, 0, 20, 20)), under_m=2.5)
    assert (result.examined, rows(result)) == (1, [10])


def test_of_several_lines_between_two_outlines_one_must_join_the_nearest_edges():
    walls = frame(shapely.box(0, 0, 10, 10), shapely.Polygon([(14, 0), (30, 0), (30, 30), (20, 30), (20, 5), (14, 5)]))
    far, near = shapely.LineString([(10, 8), (20, 8)]), shapely.LineString([(10, 2), (14, 2)])
    (hit,) = clearance.nearest_is_drawn(frame(far), other=walls, limit_m=0.02).hits
    assert (hit.measured, hit.required) == (10.0, 4.0)
    assert clearance.nearest_is_drawn(frame(far, near), other=walls, limit_m=0.02).hits == ()
