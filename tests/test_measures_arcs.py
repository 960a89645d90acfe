import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.measures import arcs
from pipeline.sources import Curve

FAR = (500123.456, 3270987.654)


def curve(*rings, closed=True):
    return Curve(tuple(np.array(ring, dtype=float) for ring in rings), closed)


def circle(radius, at=(0, 0), turn=1):
    return [[at[0] - radius, at[1], turn], [at[0] + radius, at[1], turn]]


@pytest.mark.parametrize("turn", [1, -1])
def test_two_half_circles_make_a_circle(turn):
    full = curve(circle(3.0, turn=turn))
    assert arcs.area(full) == pytest.approx(9 * math.pi, rel=1e-14)
    assert arcs.length(full) == pytest.approx(6 * math.pi, rel=1e-14)


def test_an_arc_that_bulges_out_adds_and_one_that_bulges_in_subtracts():
    out, dent = (curve([[0, 0, bulge], [4, 0, 0], [4, 3, 0], [0, 3, 0]]) for bulge in (1, -1))
    assert arcs.area(out) - 12 == pytest.approx(2 * math.pi)
    assert 12 - arcs.area(dent) == pytest.approx(2 * math.pi)


def test_holes_subtract_and_count_to_the_length():
    ring = curve([[0, 0, 0], [10, 0, 0], [10, 10, 0], [0, 10, 0]], circle(2, (5, 5), turn=-1))
    assert arcs.area(ring) == pytest.approx(100 - 4 * math.pi)
    assert arcs.length(ring) == pytest.approx(40 + 4 * math.pi)


def test_an_open_curve_has_length_but_no_area():
    half = curve([[0, 0, 1], [2, 0, 0]], closed=False)
    assert (arcs.area(half), arcs.length(half)) == (0.0, pytest.approx(math.pi))


def test_decimal_coordinates_far_from_the_origin_give_the_area_of_the_decimals():
    ring = [[FAR[0] + x, FAR[1] + y] for x, y in ((0, 0), (20.24, 0), (20.24, 10.24), (0, 10.24))]
    assert arcs.area(shapely.Polygon(ring)) == pytest.approx(207.2576, abs=1e-12)
    assert arcs.ring_area(np.array(ring)) == pytest.approx(207.2576, abs=1e-12)


def test_many_areas_at_once_equal_each_alone():
    shapes = [
        shapely.box(0, 0, 2, 3),
        None,
        shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (2, 1), (2, 2), (1, 2)]]),
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 7, 7)]),
        shapely.Point(1, 2),
        shapely.Polygon(),
    ]
    np.testing.assert_allclose(arcs.areas(shapes), [6, np.nan, 80, 5, 0, 0])
    np.testing.assert_allclose(arcs.lengths(shapes), [10, np.nan, 40, 12, 0, 0])


def test_what_is_not_there_has_no_size():
    assert math.isnan(arcs.area(None))
    assert math.isnan(arcs.length(None))


bulges = st.one_of(st.just(0.0), st.floats(-0.9, 0.9), st.floats(-1e-5, 1e-5))
radii = st.lists(st.tuples(st.floats(5, 50), bulges), min_size=3, max_size=12)


def _star(radius_bulge, at=(0.0, 0.0)):
    turns = np.linspace(0, 2 * math.pi, len(radius_bulge), endpoint=False)
    return np.array(
        [[at[0] + r * math.cos(t), at[1] + r * math.sin(t), b] for t, (r, b) in zip(turns, radius_bulge, strict=True)]
    )


@given(radii)
@settings(max_examples=60)
def test_chords_come_as_near_to_the_exact_area_as_their_sagitta_says(shape):
    ring = _star(shape)
    chords = arcs.flatten(ring, sagitta_m=0.001)
    off = abs(arcs.ring_area(chords) - arcs.ring_area(ring))
    assert off <= 0.001 * float(arcs.edge_lengths(ring, closed=True).sum()) + 1e-9


@given(st.floats(0.05, 20).filter(lambda b: b), st.floats(0.5, 100), st.sampled_from([0.001, 0.01]))
@settings(max_examples=60)
def test_no_chord_is_farther_from_its_arc_than_the_sagitta(bulge, chord, sagitta):
    points = arcs.flatten(np.array([[0, 0, bulge], [chord, 0, 0]]), closed=False, sagitta_m=sagitta)
    radius = chord * (1 + bulge**2) / (4 * bulge)
    centre = np.array([chord / 2, chord * (1 - bulge**2) / (4 * bulge)])
    middle = (points[1:] + points[:-1]) / 2
    assert np.allclose(np.hypot(*(points - centre).T), radius)
    assert np.all(radius - np.hypot(*(middle - centre).T) <= sagitta + 1e-9)


@given(radii)
@settings(max_examples=40)
def test_moving_or_turning_an_outline_changes_no_size(shape):
    here, there = _star(shape), _star(shape, FAR)
    quarter = here.copy()
    quarter[:, :2] = here[:, [1, 0]] * [-1, 1]
    assert arcs.ring_area(there) == pytest.approx(arcs.ring_area(here), abs=1e-5)
    assert arcs.ring_area(quarter) == pytest.approx(arcs.ring_area(here), abs=1e-9)


@given(radii)
@settings(max_examples=40)
def test_reversing_an_outline_turns_the_sign_only(shape):
    ring = _star(shape)
    back = ring[::-1].copy()
    back[:, 2] = -np.roll(back[:, 2], -1)
    assert arcs.ring_area(back) == pytest.approx(-arcs.ring_area(ring), abs=1e-9)


def test_the_geometry_of_a_curve_keeps_vertices_and_holes():
    shape = arcs.to_geometry(curve([[0, 0, 0], [10, 0, 0.5], [10, 10, 0], [0, 10, 0]], circle(2, (5, 5))))
    assert shape.is_valid
    assert len(shape.interiors) == 1
    assert {(10.0, 0.0), (10.0, 10.0)} <= set(shape.exterior.coords)


def test_flat_and_steep_arcs_meet_without_a_step():
    below, above = (arcs.ring_area(np.array([[0, 0, b], [100, 0, 0], [50, -80, 0]])) for b in (0.00099999, 0.00100001))
    assert abs(above - below) == pytest.approx(100**2 / 3 * 2e-8, rel=1e-3)
