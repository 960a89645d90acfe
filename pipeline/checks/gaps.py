"""Narrow gaps between neighbours: which pairs to look at, and what closing them by a width would fill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.checks.outlines import corners_of

if TYPE_CHECKING:
    import geopandas as gpd

GRID_PER_M = 10_000  # edges are compared on a 0.1 mm grid
PARALLEL_SINE = 0.2  # edges that part at more than 11° enclose no sliver
BESIDE_M = 0.001  # as the coordinates are printed
SLIVER_RATIO = 20.0  # length : mean width; a wedge between edges that part at 6° or more is no sliver


def near_pairs(frame: gpd.GeoDataFrame, width_m: float) -> list[tuple[int, int]]:
    """Positions of polygons with unshared edges that run along each other within `width_m`; shared edges cancel."""
    corners = corners_of(frame, exact=False)
    start, end = corners.edges
    ids = _point_ids(np.rint(corners.xy * GRID_PER_M).astype(np.int64))
    ends = np.sort(np.stack([ids[start], ids[end]], axis=1), axis=1)
    _, which, times = np.unique(ends, axis=0, return_inverse=True, return_counts=True)
    lone = times[which.reshape(-1)] == 1
    if not lone.any():
        return []
    sides = np.stack([corners.xy[start[lone]], corners.xy[end[lone]]], axis=1)
    edges = shapely.linestrings(sides)
    a, b = shapely.STRtree(edges).query(edges, predicate="dwithin", distance=width_m)
    row = corners.row[start[lone]]
    near = row[a] < row[b]
    a, b = a[near], b[near]
    along = _along(sides[a], sides[b])
    return sorted(set(zip(row[a[along]].tolist(), row[b[along]].tolist(), strict=True)))


def gap_pieces(polygons: np.ndarray, tree: shapely.STRtree, pair: tuple[int, int], width_m: float) -> list[Any]:
    """What closing by `width_m` fills between two polygons, less whatever lies there: long thin pieces at both."""
    i, j = pair
    both = shapely.union_all(polygons[[i, j]])
    grown = shapely.buffer(both, width_m / 2, join_style="mitre", mitre_limit=10.0)
    filled = shapely.buffer(grown, -width_m / 2, join_style="mitre", mitre_limit=10.0)
    bare = shapely.difference(filled, shapely.union_all(polygons[tree.query(filled)]))
    return [
        piece
        for piece in shapely.get_parts(bare)
        if piece.area > 0
        and (piece.length / 2) ** 2 / piece.area >= SLIVER_RATIO
        and max(shapely.distance(piece, polygons[i]), shapely.distance(piece, polygons[j])) <= width_m / 100
    ]


def _along(own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Whether two edges (n, 2, 2) are nearly parallel and lie beside each other, not only end to end."""
    ahead, theirs = own[:, 1] - own[:, 0], other[:, 1] - other[:, 0]
    length, their_length = np.hypot(*ahead.T), np.hypot(*theirs.T)
    cross = np.abs(ahead[:, 0] * theirs[:, 1] - ahead[:, 1] * theirs[:, 0])
    places = ((other - own[:, :1]) * ahead[:, None]).sum(axis=2) / np.maximum(length, 1e-12)[:, None]
    beside_m = np.minimum(places.max(axis=1), length) - np.maximum(places.min(axis=1), 0.0)
    return np.asarray((cross <= PARALLEL_SINE * length * their_length) & (beside_m > BESIDE_M))


def _point_ids(grid: np.ndarray) -> np.ndarray:
    return np.asarray(np.unique(grid, axis=0, return_inverse=True)[1].reshape(-1))
