"""Side lengths of rings whose vertices are listed: what lies between two points of a coordinate table.

Metres on the plane, arcs exact. A point and the vertex it marks lie within the precision of printed coordinates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from pipeline.measures.arcs import clockwise, edge_lengths
from pipeline.sources import Curve

SNAP_M = 0.001  # a point and the vertex it marks

Place = tuple[float, float]
Key = tuple[int, int]
_CELLS = sorted(((i, j) for i in (0, -1, 1) for j in (0, -1, 1)), key=lambda cell: abs(cell[0]) + abs(cell[1]))


def sides_to_next(points: Sequence[Place | None], outlines: Iterable[tuple[Any, Curve | None]]) -> list[float | None]:
    """For each point the exact length of the side to the next listed vertex, clockwise, arcs as arcs; metres.

    Args: points: (east, north), None = no point; outlines: polygon and exact curve or None, in the same CRS, drawn
    either way round: boundary points are numbered clockwise, holes too. A point that is no vertex has no side (None).
    Holes are rings of their own, so no side leads from shell to hole.

    >>> triangle = Curve((np.array([[0.0, 0, 0], [3, 0, 0], [3, 4, 0]]),), closed=True)
    >>> sides_to_next([(0.0, 0.0), (3.0, 4.0), (9.0, 9.0)], [(None, triangle)])
    [5.0, 7.0, None]
    """
    places = [None if point is None else _key(*point) for point in points]
    listed = {place for place in places if place is not None}
    sides: dict[Key, float] = {}
    for geometry, curve in outlines:
        for ring in _rings(geometry, curve):
            sides |= _sides_of(ring, listed)
    return [None if place is None else sides.get(place) for place in places]


# ---------------------------------------------------------------- inside


def _rings(geometry: Any, curve: Curve | None) -> list[np.ndarray]:
    """Every ring as (n, 3): east, north, bulge; clockwise, no repeated first vertex."""
    if curve is not None and curve.closed:
        return [clockwise(ring) for ring in curve.rings]
    parts = getattr(geometry, "geoms", [geometry]) if geometry is not None else []
    rings = [ring for part in parts if part.geom_type == "Polygon" for ring in (part.exterior, *part.interiors)]
    plain = [np.asarray(ring.coords)[:-1, :2] for ring in rings if not ring.is_empty]
    return [clockwise(np.column_stack([xy, np.zeros(len(xy))])) for xy in plain]


def _sides_of(ring: np.ndarray, listed: set[Key]) -> dict[Key, float]:
    """Length from each listed vertex to the next listed one; vertices between them belong to the side."""
    lengths = edge_lengths(ring, closed=True)
    names = [_listed(_key(x, y), listed) for x, y in ring[:, :2]]
    at = [i for i, name in enumerate(names) if name is not None]
    found = {}
    for here, there in zip(at, [*at[1:], *at[:1]], strict=True):
        steps = (there - here) % len(ring) or len(ring)
        name = names[here]
        if name is not None:
            found[name] = float(sum(lengths[(here + k) % len(ring)] for k in range(steps)))
    return found


def _key(x: float, y: float) -> Key:
    return round(x / SNAP_M), round(y / SNAP_M)


def _listed(place: Key, listed: set[Key]) -> Key | None:
    """The listed point at this place or in a neighbouring millimetre cell, the nearest cell first."""
    return next((k for k in ((place[0] + i, place[1] + j) for i, j in _CELLS) if k in listed), None)
