"""Outlines along one arc that divide it at different points: chords differ by a millimetre, the arc does not."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from factories_checks import frame

from pipeline import crs
from pipeline.checks import apart, distances, meeting, topology
from pipeline.checks.congruence import footprint_agrees
from pipeline.mapping.normalise import normalise
from pipeline.measures import arcs
from pipeline.readers import read
from pipeline.sources import Curve
from pipeline.standard import load_standards

RADIUS = 200.0
CENT = {"tolerance_m2": 0.01}


def on_arc(*degrees, radius=RADIUS):
    """Vertices on a circle, each with the bulge to the next; the last one without."""
    angles = np.radians(degrees)
    bulges = [math.tan((b - a) / 4) for a, b in pairwise(angles)]
    return [(radius * math.cos(a), radius * math.sin(a), b) for a, b in zip(angles, [*bulges, 0.0], strict=True)]


def layer(*rings, **columns):
    curves = [Curve((np.array(ring, dtype=float),), closed=True) for ring in rings]
    return frame(*map(arcs.to_geometry, curves), curves=curves, **columns)


def within(*degrees):
    """The piece of the disc between the arc and its centre."""
    return [*on_arc(*degrees), (0.0, 0.0, 0.0)]


def beyond(*degrees):
    """The ring segment outside the same arc, which it runs along the other way round."""
    ahead = on_arc(*degrees)
    inner = [(x, y, -b) for (x, y, _), b in zip(ahead[::-1], [*[p[2] for p in ahead[-2::-1]], 0.0], strict=True)]
    return [*inner, *on_arc(degrees[0], degrees[-1], radius=2 * RADIUS)]


WHOLE, PARTED = within(0, 90), beyond(0, 31.7, 53.3, 90)


def test_neighbours_along_an_arc_neither_overlap_nor_leave_gaps_however_each_divides_it():
    both = layer(WHOLE, PARTED)
    assert shapely.intersection(*both.geometry).area > 0.01
    assert topology.no_overlap(both, **CENT).hits == ()
    assert topology.no_gaps(both, width_m=0.05, **CENT).hits == ()


def test_an_overlap_of_a_centimetre_along_an_arc_is_found():
    wider = [*on_arc(0, 90, radius=RADIUS + 0.01), (0.0, 0.0, 0.0)]
    (hit,) = topology.no_overlap(layer(wider, PARTED), **CENT).hits
    assert hit.measured == pytest.approx(0.01 * RADIUS * math.pi / 2, rel=0.2)


def test_parts_of_a_disc_lie_in_it_and_cover_it_however_its_edge_is_divided():
    whole = layer(WHOLE, name=["A"])
    parts = layer(within(0, 31.7), within(31.7, 90), name=["A", "A"])
    assert topology.inside(parts, other=whole, **CENT).hits == ()
    assert topology.covered_by_parts(whole, other=parts, key="name", **CENT).hits == ()


def test_only_drawn_corners_are_asked_of_the_neighbour_not_the_points_of_a_flattened_arc():
    found = meeting.shared_vertices(layer(WHOLE, PARTED), snap_m=0.001)
    places = {(round(hit.place.x, 3), round(hit.place.y, 3)) for hit in found.hits}
    assert places <= {(round(x, 3), round(y, 3)) for x, y, _ in on_arc(31.7, 53.3)}


@pytest.mark.parametrize(("gap_m", "found"), [(1.5, 0), (1.49, 1)])
def test_concentric_arcs_exactly_as_far_apart_as_required_are_far_enough(gap_m, found):
    garden = [*on_arc(10, 80, radius=RADIUS - gap_m), (0.0, 0.0, 0.0)]
    assert len(apart.clear_of(layer(garden), other=layer(PARTED), at_least_m=1.5).hits) == found


def test_a_dimension_to_an_arc_is_held_against_the_whole_arc():
    house = layer([(-50, 0, 1), (50, 0, 1)])
    boundary = frame("POLYGON((60 -99,99 -99,99 99,60 99,60 -99))")
    outlines = frame(*house.geometry, *boundary.geometry, curves=[*house["curve"], None])
    aslant = shapely.LineString([50 * np.array([math.cos(0.07), math.sin(0.07)]), (60, 50 * math.sin(0.07))])
    (hit,) = distances.is_shortest(frame(aslant), other=outlines, limit_m=0.10).hits
    assert hit.required == pytest.approx(10.0, abs=0.002)


def test_areas_laid_side_by_side_are_those_of_the_arcs():
    circle = layer([(-300, 0, 1), (300, 0, 1)])
    (laid,) = footprint_agrees(circle, other=circle, area_limit=1.0, corner_limit_m=0.1).compared
    assert (laid.own, laid.other) == pytest.approx((math.pi * 300**2,) * 2, abs=1e-4)


def test_permitted_corners_of_a_drawing_in_another_system_move_with_its_corners(tmp_path: Path):
    local = crs.parse("+proj=tmerc +lat_0=0 +lon_0=106.5 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs")
    corner = shapely.Point(354_800.0, 3_268_000.0)
    file = tmp_path / "角点.gpkg"
    table = frame(corner, 幢号=["1"], 角点号=["1"], 许可X=[corner.y + 0.1], 许可Y=[corner.x]).set_crs("EPSG:4545")
    table.to_file(file, layer="建筑角点", driver="GPKG")
    standard = load_standards("chongqing").surveys["planning"]
    source = read(file, name=file.name, survey="planning")
    made = normalise(standard, [source], target=local, declared=crs.parse("EPSG:4545")).frames["corner"]
    gap_m = math.hypot(
        made["permitted_north_m"].iloc[0] - made.geometry.iloc[0].y,
        made["permitted_east_m"].iloc[0] - made.geometry.iloc[0].x,
    )
    assert gap_m == pytest.approx(0.1, abs=1e-3)
