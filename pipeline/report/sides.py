"""Side lengths of a ring whose vertices are listed as points: what stands between two rows of a coordinate table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.measures.arcs import edge_lengths
from pipeline.model import Curve

if TYPE_CHECKING:
    import geopandas as gpd

SNAP_M = 0.001  # a point and the vertex it marks lie within the precision of printed coordinates

Key = tuple[int, int]
_CELLS = sorted(((i, j) for i in (0, -1, 1) for j in (0, -1, 1)), key=lambda cell: abs(cell[0]) + abs(cell[1]))


def side_lengths(points: gpd.GeoDataFrame, outlines: Sequence[tuple[Any, Curve | None]]) -> list[float | None]:
    """For each point the exact length of the side to the next listed vertex along its ring, arcs as arcs; metres.

    Args: points: one row per vertex, geometry in the same CRS as `outlines` (polygon, exact curve or None).
    A point that is no vertex has no side (None). Holes are rings of their own, so no side leads from shell to hole.
    """
    places = [_key(point.x, point.y) if point is not None and not point.is_empty else None for point in points.geometry]
    listed = {place for place in places if place is not None}
    sides: dict[Key, float] = {}
    for geometry, curve in outlines:
        for ring in _rings(geometry, curve):
            sides |= _sides_of(ring, listed)
    return [None if place is None else sides.get(place) for place in places]


def _rings(geometry: Any, curve: Curve | None) -> list[np.ndarray]:
    """Every ring as (n, 3): east, north, bulge; no repeated first vertex."""
    if curve is not None and curve.closed:
        return list(curve.rings)
    parts = getattr(geometry, "geoms", [geometry]) if geometry is not None else []
    rings = [ring for part in parts if part.geom_type == "Polygon" for ring in (part.exterior, *part.interiors)]
    plain = [np.asarray(ring.coords)[:-1, :2] for ring in rings if not ring.is_empty]
    return [np.column_stack([xy, np.zeros(len(xy))]) for xy in plain]


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
