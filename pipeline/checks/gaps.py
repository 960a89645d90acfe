"""Narrow gaps between neighbours: which pairs to look at, and what closing them by a width would fill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from pipeline.checks.coverage import Coverage

PARALLEL_SINE = 0.2  # edges that part at more than 11° enclose no sliver
BESIDE_M = 0.001  # as the coordinates are printed
SLIVER_RATIO = 20.0  # length : mean width; a wedge between edges that part at 6° or more is no sliver


@dataclass(frozen=True, slots=True)
class NearPairs:
    """Pairs of polygons (positions i < j) whose unshared edges run along each other, and the box in which each do."""

    i: np.ndarray
    j: np.ndarray
    box: np.ndarray

    def taken(self, which: np.ndarray) -> NearPairs:
        """Those of `which`."""
        return NearPairs(self.i[which], self.j[which], self.box[which])


def near_pairs(coverage: Coverage, width_m: float) -> NearPairs:
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
    return NearPairs(pairs[:, 0], pairs[:, 1], np.asarray(shapely.box(*lows.T, *highs.T)))


def gap_pieces(polygons: np.ndarray, pairs: NearPairs, width_m: float) -> tuple[np.ndarray, np.ndarray]:
    """What closing by `width_m` fills between two polygons, less whatever lies there: long thin pieces at both.

    Returns the pieces, pair by pair, and the position of the pair of each.
    """
    own = shapely.intersection(polygons[pairs.i], pairs.box)
    other = shapely.intersection(polygons[pairs.j], pairs.box)
    grown = shapely.buffer(shapely.union(own, other), width_m / 2, join_style="mitre", mitre_limit=10.0)
    filled = shapely.buffer(grown, -width_m / 2, join_style="mitre", mitre_limit=10.0)
    pair, near = shapely.STRtree(polygons).query(filled)
    lying = shapely.intersection(polygons[near], pairs.box[pair])
    cuts = np.searchsorted(pair, np.arange(1, len(filled)))
    around = np.array([shapely.union_all(part) for part in np.split(lying, cuts)], dtype=object)[: len(filled)]
    pieces, of = shapely.get_parts(shapely.difference(filled, around), return_index=True)
    areas, lengths = shapely.area(pieces), shapely.length(pieces)
    thin = (areas > 0) & ((lengths / 2) ** 2 >= SLIVER_RATIO * areas)
    apart = np.maximum(shapely.distance(pieces, own[of]), shapely.distance(pieces, other[of]))
    kept = thin & (apart <= width_m / 100)
    return pieces[kept], of[kept]


def each_once(pieces: np.ndarray, least_m2: np.ndarray | float) -> np.ndarray:
    """Positions of the pieces that share no more than `least_m2` (of the later one) with an earlier one that is kept."""
    a, b = shapely.STRtree(pieces).query(pieces, predicate="intersects")
    a, b = a[a < b], b[a < b]
    again = shapely.area(shapely.intersection(pieces[a], pieces[b])) > np.broadcast_to(least_m2, len(pieces))[b]
    kept = np.ones(len(pieces), dtype=bool)
    for earlier, later in sorted(zip(a[again].tolist(), b[again].tolist(), strict=True), key=lambda pair: pair[1]):
        kept[later] &= not kept[earlier]
    return np.flatnonzero(kept)


def _along(own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Whether two edges (n, 2, 2) are nearly parallel and lie beside each other, not only end to end."""
    ahead, theirs = own[:, 1] - own[:, 0], other[:, 1] - other[:, 0]
    length, their_length = np.hypot(*ahead.T), np.hypot(*theirs.T)
    cross = np.abs(ahead[:, 0] * theirs[:, 1] - ahead[:, 1] * theirs[:, 0])
    places = ((other - own[:, :1]) * ahead[:, None]).sum(axis=2) / np.maximum(length, 1e-12)[:, None]
    beside_m = np.minimum(places.max(axis=1), length) - np.maximum(places.min(axis=1), 0.0)
    return np.asarray((cross <= PARALLEL_SINE * length * their_length) & (beside_m > BESIDE_M))
