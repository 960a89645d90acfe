"""Which rings are shells and which are holes of which: taken only where the shapefile's own rule leaves no doubt.

Shells run clockwise and holes the other way (ESRI 1998). A polygon of several rings is taken when the first is a shell and
the shape that follows from the rule is valid: then it is the only one that the rings can make, whoever puts them together.
A single ring is a polygon whatever its direction.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import shapely
from shapely import GeometryType

from pipeline.readers.shp_fast.numbers import Array, Flags
from pipeline.readers.shp_fast.refuse import HandOverError


def polygons(points: Array, parts: Array, records: Array) -> Array:
    """The polygon or multipolygon of each record.

    Args: points: (n, 2) or (n, 3); parts: offsets of rings among them; records: offsets of records among the rings.
    Errors: HandOverError for rings that are open, or whose roles are not clear.
    """
    if (points[parts[:-1]] != points[parts[1:] - 1]).any():
        raise HandOverError("有环没有闭合")
    counts = np.diff(records)
    found = np.array(shapely.from_ragged_array(GeometryType.POLYGON, points, (parts, records)))
    several = np.flatnonzero(counts > 1)
    if len(several):
        clockwise = _areas(points, parts) < 0
        shells = np.add.reduceat(clockwise, records[:-1], dtype=np.int64)
        if not clockwise[records[several]].all():
            raise HandOverError("有多环的面，第一个环不是外环")
        for row in several[shells[several] > 1].tolist():
            own = slice(records[row], records[row + 1])
            found[row] = _assembled(points, parts[own.start : own.stop + 1], clockwise[own])
        if not shapely.is_valid(found[several]).all():
            raise HandOverError("有多环的面，环的内外关系不清楚")
    return found


def _areas(points: Array, parts: Array) -> Array:
    """Signed area of each ring, positive when it runs counter-clockwise; relative to its own first point."""
    sizes = np.diff(parts)
    local = points[:, :2] - np.repeat(points[parts[:-1], :2], sizes, axis=0)
    cross = np.append(local[:-1, 0] * local[1:, 1] - local[1:, 0] * local[:-1, 1], 0.0)
    cross[parts[1:] - 1] = 0.0  # from the end of a ring to the next ring
    return np.asarray(np.add.reduceat(cross, parts[:-1]) / 2)


def _assembled(points: Array, parts: Array, clockwise: Flags) -> shapely.MultiPolygon:
    """Several shells, each with the holes inside it: a hole belongs to the smallest shell that holds it."""
    rings = [shapely.linearrings(points[a:b]) for a, b in pairwise(parts.tolist())]
    areas = shapely.polygons(rings)
    outer = np.flatnonzero(clockwise)
    holes: dict[int, list[shapely.LinearRing]] = {shell: [] for shell in outer.tolist()}
    for hole in np.flatnonzero(~clockwise).tolist():
        holding = outer[shapely.contains(areas[outer], areas[hole])]
        if not len(holding):
            raise HandOverError("有内环不在任何外环之内")
        holes[int(holding[np.argmin(shapely.area(areas[holding]))])].append(rings[hole])
    return shapely.MultiPolygon([shapely.Polygon(rings[shell], own) for shell, own in holes.items()])
