"""A layer of neighbours as a coverage: shared edges cancel, what is left tells every overlap and every gap.

An edge that two outlines draw with exactly the same end points, in opposite directions, separates nothing: the number
of polygons over a place is the same on both sides of it. So that number can change only across the edges that are left,
and is constant on each face that they enclose: one inside point of a face tells it for the whole face. 0 is a gap, 1 is
right, 2 or more is an overlap. Complete by that argument; a neat layer leaves few edges, however large it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from pipeline.checks.once import once_a_frame
from pipeline.checks.outlines import Areal, areal
from pipeline.checks.rings import Rings, rings_of, rings_of_frame

if TYPE_CHECKING:
    import geopandas as gpd

INTERIORS_MEET = "2********"  # DE-9IM: the interiors share an area
WORTH_SHARE = 0.15  # measured: with more of the edges left, looking at every near pair is quicker
BITS = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9)  # odd mixers


@dataclass(frozen=True, slots=True)
class Edges:
    """Edges of polygons, interior on the left. start, end: (n, 2) metres. row: (n,) position of the polygon."""

    start: np.ndarray
    end: np.ndarray
    row: np.ndarray

    def __len__(self) -> int:
        return len(self.row)

    def taken(self, which: np.ndarray) -> Edges:
        """Those of `which`."""
        return Edges(self.start[which], self.end[which], self.row[which])


@dataclass(frozen=True)
class Faces:
    """What the edges left over enclose. shapes: polygons; count: how many polygons of the layer lie over each."""

    shapes: np.ndarray
    count: np.ndarray
    layer: shapely.STRtree

    @property
    def gaps(self) -> np.ndarray:
        """Enclosed places without a polygon."""
        return np.asarray(self.shapes[self.count == 0])

    @cached_property
    def overlapping(self) -> tuple[np.ndarray, np.ndarray]:
        """Pairs i < j of polygons that share an area, each once, in order.

        Over one face the number of polygons is constant, not which they are: across an edge that has cancelled one
        gives way to another. So all polygons that meet a face with two or more are looked at pair by pair.
        """
        rows = np.unique(self.layer.query(self.shapes[self.count > 1], predicate="intersects")[1])
        near = self.layer.geometries[rows]
        i, j = shapely.STRtree(near).query(near)
        i, j = i[i < j], j[i < j]
        shapely.prepare(near)
        meet = shapely.relate_pattern(near[i], near[j], INTERIORS_MEET)
        i, j = rows[i[meet]], rows[j[meet]]
        order = np.lexsort((j, i))
        return i[order], j[order]


@dataclass(frozen=True)
class Coverage:
    """A layer of polygons with the edges that cancel against no other. total: how many edges there are."""

    polygons: Areal
    left: Edges
    total: int

    @property
    def neat(self) -> bool:
        """Whether so many edges cancel that faces are the quicker way."""
        return len(self.left) <= WORTH_SHARE * self.total

    @cached_property
    def faces(self) -> Faces:
        """What the left-over edges enclose."""
        return faces(self.polygons.shapes, self.left)


@once_a_frame
def coverage_of(frame: gpd.GeoDataFrame) -> Coverage:
    """The polygons of a frame as a coverage."""
    polygons = areal(frame)
    as_drawn = len(polygons.at) == len(frame) and not len(polygons.repaired)
    rings = rings_of_frame(frame) if as_drawn else rings_of(polygons.shapes)
    return Coverage(polygons, *_left_over(rings))


def left_over(polygons: np.ndarray) -> tuple[Edges, int]:
    """The edges that cancel against no other, and how many edges there are. polygons: valid, without empty ones."""
    return _left_over(rings_of(polygons))


def faces(polygons: np.ndarray, edges: Edges) -> Faces:
    """The faces that the left-over edges of these polygons enclose, each with the polygons over it."""
    lines = shapely.linestrings(np.stack([edges.start, edges.end], axis=1))
    noded = shapely.get_parts(shapely.union_all(lines))
    shapes = shapely.get_parts(shapely.polygonize(noded))
    layer = shapely.STRtree(polygons)
    face, _ = layer.query(shapely.point_on_surface(shapes), predicate="intersects")
    return Faces(shapes, np.bincount(face, minlength=len(shapes)), layer)


# ---------------------------------------------------------------- inside


def _left_over(rings: Rings) -> tuple[Edges, int]:
    start, row, turned = _edges_of(rings)
    left = _unpartnered(rings.xy, start, turned)
    a, b = start[left], start[left] + 1
    swap = turned[left]
    return Edges(rings.xy[np.where(swap, b, a)], rings.xy[np.where(swap, a, b)], row[left]), len(start)


def _edges_of(rings: Rings) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Edge k runs from xy[start[k]] to xy[start[k] + 1]; its polygon; whether it must be turned to have it on the left.

    Repeated points make no edge.
    """
    if not len(rings.first):
        return np.empty(0, int), np.empty(0, int), np.empty(0, bool)
    points = rings.xy.view(np.complex128).reshape(-1)
    inner = points[1:] != points[:-1]
    inner[rings.first[1:] - 1] = False
    turned = (_twice_areas(rings.xy, rings.first, rings.sizes) > 0) != rings.shell
    ring = rings.of_points[:-1][inner]
    return np.flatnonzero(inner), rings.row[ring], turned[ring]


def _twice_areas(xy: np.ndarray, first: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Twice the signed area of each ring (anticlockwise: positive), from its own first corner, in m²."""
    x = xy[:, 0] - np.repeat(xy[first, 0], sizes)
    y = xy[:, 1] - np.repeat(xy[first, 1], sizes)
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]  # from the last point of a ring, its first corner, nothing is added
    return np.asarray(np.add.reduceat(np.append(cross, 0.0), first))


def _unpartnered(xy: np.ndarray, start: np.ndarray, turned: np.ndarray) -> np.ndarray:
    """Positions of the edges without a partner: the same two points exactly once more, the other way.

    Partners are told by a key of both points and made sure of by the coordinates.
    """
    keys = _point_keys(xy)
    a, b = keys[start], keys[start + 1]
    key = np.minimum(a, b) * BITS[0] + np.maximum(a, b) * BITS[1]
    order = np.argsort(key)
    ordered = key[order]
    same = ordered[1:] == ordered[:-1]
    before, after = np.append(False, same), np.append(same, False)
    twice = np.flatnonzero(same & ~before[:-1] & ~after[1:])
    one, two = order[twice], order[twice + 1]
    points = xy.view(np.complex128).reshape(-1)
    p, q = start[one], start[two]
    crossed = turned[one] == turned[two]  # drawn against each other: the first point of one is the second of the other
    sure = (points[p] == points[q + crossed]) & (points[p + 1] == points[q + ~crossed])
    left = np.ones(len(start), dtype=bool)
    left[one[sure]] = left[two[sure]] = False
    return np.flatnonzero(left)


def _point_keys(xy: np.ndarray) -> np.ndarray:
    """A 64-bit key of each point, the same for the same coordinates (−0 is 0)."""
    bits = (xy + 0.0).view(np.uint64)
    mixed = bits[:, 0] * BITS[0] + bits[:, 1] * BITS[1]
    mixed ^= mixed >> np.uint64(31)
    return np.asarray(mixed * BITS[2])
