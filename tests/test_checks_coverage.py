"""Faces of the edges left over tell the same overlaps, gaps and met edges as looking at everything."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from factories_checks import frame
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checks import coverage, meeting, once, outlines

AROUND = np.array([(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1)])
FAULTS = (
    "pushed",
    "pulled",
    "sliver",
    "corner_missing",
    "corner_twice",
    "twice",
    "inner",
    "reversed",
    "rotated",
    "gone",
)


def cells(side, seed):
    """A grid of eight-cornered cells that share every corner."""
    random = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(*[np.arange(2 * side + 1)] * 2, indexing="ij"), axis=-1)
    points = np.round(grid * 15.0 + random.uniform(-3, 3, grid.shape) + (500_000, 3_270_000), 3)
    return [points[2 * i + AROUND[:, 0], 2 * j + AROUND[:, 1]] for i in range(side) for j in range(side)]


def planted(side, seed, faults):
    """Cells as polygons, with faults (kind, cell) planted one after the other."""
    rings = cells(side, seed)
    for kind, number in faults:
        at = number % len(rings)
        ring = rings[at]
        away = (ring[1] - ring.mean(axis=0)) / np.hypot(*(ring[1] - ring.mean(axis=0)))
        if kind in ("pushed", "pulled", "sliver"):
            moved = ring.copy()
            moved[1] += away * {"pushed": 1.5, "pulled": -1.5, "sliver": -0.002}[kind]
            rings[at] = moved
        elif kind == "corner_missing" and len(ring) > 5:
            rings[at] = np.delete(ring, 3, axis=0)
        elif kind == "corner_twice":
            rings[at] = np.insert(ring, 2, ring[2], axis=0)
        elif kind == "twice":
            rings.append(ring)
        elif kind == "inner":
            rings.append(ring.mean(axis=0) + (ring - ring.mean(axis=0)) * 0.3)
        elif kind == "reversed":
            rings[at] = ring[::-1]
        elif kind == "rotated":
            rings[at] = np.roll(ring, 3, axis=0)
        elif kind == "gone" and len(rings) > 1:
            del rings[at]
    return np.array([shapely.Polygon(ring) for ring in rings], dtype=object)


layers = st.builds(
    planted,
    st.integers(2, 5),
    st.integers(0, 10_000),
    st.lists(st.tuples(st.sampled_from(FAULTS), st.integers(0, 24)), max_size=6),
)


def pairs_by_faces(polygons):
    left, _ = coverage.left_over(polygons)
    return coverage.faces(polygons, left).overlapping


def areas(polygons, i, j):
    shared = shapely.area(shapely.intersection(polygons[i], polygons[j]))
    return {(int(a), int(b)): round(s, 6) for a, b, s in zip(i, j, shared, strict=True) if s > 1e-4}


@settings(max_examples=80, deadline=None)
@given(layers)
def test_faces_find_the_overlaps_that_looking_at_every_pair_finds(polygons):
    i, j = np.triu_indices(len(polygons), 1)
    assert areas(polygons, *pairs_by_faces(polygons)) == areas(polygons, i, j)


@settings(max_examples=80, deadline=None)
@given(layers)
def test_faces_without_a_polygon_are_what_the_union_encloses(polygons):
    left, _ = coverage.left_over(polygons)
    union = shapely.union_all(polygons)
    around = shapely.box(*shapely.bounds(shapely.buffer(union, 10)))
    bare = shapely.get_parts(shapely.difference(around, union))
    holes = bare[~shapely.intersects(bare, around.exterior)]
    found = shapely.area(coverage.faces(polygons, left).gaps)
    assert float(found.sum()) == pytest.approx(float(shapely.area(holes).sum()), abs=1e-3)
    assert (found > 1e-3).sum() == (shapely.area(holes) > 1e-3).sum()


@settings(max_examples=60, deadline=None)
@given(layers, st.booleans())
def test_corners_on_a_foreign_edge_are_the_same_by_all_edges_and_by_those_left_over(polygons, mirrored):
    layer = frame(*(polygons[::-1] if mirrored else polygons))
    by_left_over = meeting.shared_vertices(layer, snap_m=0.001).hits
    corners = outlines.corners_of(layer, exact=False)
    start, end = corners.edges
    edges = shapely.linestrings(np.stack([corners.xy[start], corners.xy[end]], axis=1))
    by_all = {
        (layer.index[corners.row[v]], layer.index[corners.row[start[e]]], tuple(corners.xy[v]))
        for v, point in enumerate(shapely.points(corners.xy))
        for e in np.flatnonzero(shapely.distance(edges, point) <= 0.001)
        if corners.row[v] != corners.row[start[e]]
        and min(np.hypot(*(corners.xy[start[e]] - corners.xy[v])), np.hypot(*(corners.xy[end[e]] - corners.xy[v])))
        > 0.001
    }
    assert {(h.row, h.other, (h.place.x, h.place.y)) for h in by_left_over} == by_all


def test_over_one_face_polygons_may_take_turns():
    polygons = planted(2, 0, [("twice", 0), ("twice", 13), ("pushed", 15)])
    assert (2, 3) in areas(polygons, *pairs_by_faces(polygons))


def test_in_a_neat_layer_only_the_outer_edges_are_left():
    polygons = planted(5, 1, [])
    left, total = coverage.left_over(polygons)
    assert (len(left), total) == (4 * 5 * 2, 25 * 8)


def test_a_layer_drawn_twice_cancels_nothing_and_overlaps_everywhere():
    polygons = np.concatenate([planted(3, 1, []), planted(3, 1, [])])
    i, j = pairs_by_faces(polygons)
    assert {(a, a + 9) for a in range(9)} <= set(zip(i.tolist(), j.tolist(), strict=True))


def test_islands_and_multipart_polygons_take_part():
    island = shapely.box(4, 4, 6, 6)
    round_it = shapely.Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [island.exterior.coords])
    apart = shapely.MultiPolygon([island, shapely.box(20, 0, 30, 10)])
    left, total = coverage.left_over(np.array([round_it, apart], dtype=object))
    assert (len(left), total) == (8, 16)
    assert not coverage.faces(np.array([round_it, apart], dtype=object), left).gaps.size


def test_no_polygons_have_no_edges():
    left, total = coverage.left_over(np.array([], dtype=object))
    assert (len(left), total) == (0, 0)


def test_what_rules_share_is_worked_out_once_while_they_run_and_anew_after():
    layer = frame(shapely.box(0, 0, 1, 1))
    with once.remembering():
        assert coverage.coverage_of(layer) is coverage.coverage_of(layer)
    assert coverage.coverage_of(layer) is not coverage.coverage_of(layer)
