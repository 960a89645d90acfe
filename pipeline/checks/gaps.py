"""Narrow gaps between neighbours: which pairs to look at, and what closing them by a width would fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from pipeline.checks.coverage import Coverage

PARALLEL_SINE = 0.2  # edges that part at more than 11° enclose no sliver
BESIDE_M = 0.001  # as the coordinates are printed
SLIVER_RATIO = 20.0  # length : mean width; a wedge between edges that part at 6° or more is no sliver


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two polygons (positions i < j) whose unshared edges run along each other, and the box in which they do."""

    i: int
    j: int
    box: Any


def near_pairs(coverage: Coverage, width_m: float) -> list[NearPair]:
    """Pairs with unshared edges that run along each other within `width_m`; shared edges have cancelled."""
    left = coverage.left
    sides = np.stack([left.start, left.end], axis=1)
    edges = shapely.linestrings(sides)
    a, b = shapely.STRtree(edges).query(edges, predicate="dwithin", distance=width_m)
    near = left.row[a] < left.row[b]
    a, b = a[near], b[near]
    along = _along(sides[a], sides[b])
    a, b = a[along], b[along]
    pairs, which = np.unique(np.stack([left.row[a], left.row[b]], axis=1).reshape(-1, 2), axis=0, return_inverse=True)
    low = np.maximum(sides[a].min(axis=1), sides[b].min(axis=1)) - 2 * width_m
    high = np.minimum(sides[a].max(axis=1), sides[b].max(axis=1)) + 2 * width_m
    lows, highs = np.full((len(pairs), 2), np.inf), np.full((len(pairs), 2), -np.inf)
    np.minimum.at(lows, which.reshape(-1), low)
    np.maximum.at(highs, which.reshape(-1), high)
    boxes = shapely.box(*lows.T, *highs.T)
    return [NearPair(int(i), int(j), box) for (i, j), box in zip(pairs, boxes, strict=True)]


def gap_pieces(polygons: np.ndarray, tree: shapely.STRtree, pair: NearPair, width_m: float) -> list[Any]:
    """What closing by `width_m` fills between two polygons, less whatever lies there: long thin pieces at both."""
    own, other = shapely.intersection(polygons[[pair.i, pair.j]], pair.box)
    both = shapely.union(own, other)
    grown = shapely.buffer(both, width_m / 2, join_style="mitre", mitre_limit=10.0)
    filled = shapely.buffer(grown, -width_m / 2, join_style="mitre", mitre_limit=10.0)
    lying = shapely.intersection(polygons[tree.query(filled)], pair.box)
    pieces = shapely.get_parts(shapely.difference(filled, shapely.union_all(lying)))
    areas, lengths = shapely.area(pieces), shapely.length(pieces)
    thin = (areas > 0) & ((lengths / 2) ** 2 >= SLIVER_RATIO * areas)
    apart = np.maximum(shapely.distance(pieces, own), shapely.distance(pieces, other))
    return list(pieces[thin & (apart <= width_m / 100)])


def _along(own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Whether two edges (n, 2, 2) are nearly parallel and lie beside each other, not only end to end."""
    ahead, theirs = own[:, 1] - own[:, 0], other[:, 1] - other[:, 0]
    length, their_length = np.hypot(*ahead.T), np.hypot(*theirs.T)
    cross = np.abs(ahead[:, 0] * theirs[:, 1] - ahead[:, 1] * theirs[:, 0])
    places = ((other - own[:, :1]) * ahead[:, None]).sum(axis=2) / np.maximum(length, 1e-12)[:, None]
    beside_m = np.minimum(places.max(axis=1), length) - np.maximum(places.min(axis=1), 0.0)
    return np.asarray((cross <= PARALLEL_SINE * length * their_length) & (beside_m > BESIDE_M))
