"""Outlines of drawing entities: rings and lines with bulges, when they are closed, where their plane lies.

Vertices are float arrays (n, 3): x east, y north, bulge to the next vertex; metres as in the file. Only a plane that is
level or mirrored keeps its arcs exact; a tilted one is projected after its arcs became chords.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from ezdxf.math import OCS

from pipeline.measures import arcs
from pipeline.rings import CLOSE_M
from pipeline.sources import Curve

OPEN_M = (
    0.5  # an open polyline of three or more vertices whose ends are this near was meant to be a ring (our own choice)
)
OPEN_SHARE = 0.05  # … if that is also a small part of its length
HUGE_M = 1e9  # no coordinate of any projection is this large
LEVEL = 1e-9
FLAT = 1e-12  # of its length: a ring no wider than this encloses nothing but rounding

Vertices = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(slots=True)
class Remark:
    """Something noticed about one entity: a note without its file, layer and handle."""

    kind: str
    place: shapely.Geometry | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Shape:
    """What one entity is: geometry, whether it closes, its exact arcs, its words, what was noticed."""

    geometry: shapely.Geometry | None
    closed: bool = False
    curve: Curve | None = None
    text: str | None = None
    block: str | None = None
    attributes: Mapping[str, str] | None = None
    remarks: Sequence[Remark] = ()


class Plane:
    """The plane an entity is drawn in: level (as usual), mirrored (extrusion 0,0,−1) or tilted."""

    def __init__(self, extrusion: Any = None, elevation: float = 0.0) -> None:
        x, y, z = extrusion or (0.0, 0.0, 1.0)
        level = abs(x) < LEVEL and abs(y) < LEVEL
        self.mirrored = level and z < 0
        self.ocs = None if level else OCS((x, y, z))
        self.elevation = elevation

    def vertices(self, vertices: Vertices) -> Vertices:
        """Vertices of a level or mirrored plane in world coordinates; a mirrored arc turns the other way."""
        return vertices * (-1.0, 1.0, -1.0) if self.mirrored else vertices

    def points(self, xy: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Chords (n, 2) of a tilted plane seen from above."""
        assert self.ocs is not None
        return np.array([tuple(self.ocs.to_wcs((x, y, self.elevation)))[:2] for x, y in xy])

    def point(self, location: Any) -> tuple[float, float, float]:
        """One point in world coordinates."""
        x, y, z = location
        if self.ocs is not None:
            x, y, z = self.ocs.to_wcs((x, y, z))
        elif self.mirrored:
            x, z = -x, -z
        return float(x), float(y), float(z)


def arc(centre: Sequence[float], radius: float, start_deg: float, sweep_deg: float) -> Vertices:
    """The vertices of an arc turning left; a full turn is two half circles whose end is not repeated."""
    pieces = 2 if sweep_deg > 180 else 1
    full = sweep_deg >= 360
    angles = np.radians(start_deg + sweep_deg / pieces * np.arange(pieces if full else pieces + 1))
    bulges = np.full(len(angles), math.tan(math.radians(sweep_deg / pieces) / 4))
    if not full:
        bulges[-1] = 0.0
    return np.column_stack([centre[0] + radius * np.cos(angles), centre[1] + radius * np.sin(angles), bulges])


def outline(vertices: Vertices, *, flagged: bool, plane: Plane | None = None) -> Shape:
    """A polyline as a line or, closed by flag or by an end within 1 mm of its start, as a polygon."""
    fault = unusable(vertices)
    if fault:
        return Shape(None, closed=flagged, remarks=[fault])
    ring, closed, remarks = _closing(vertices, flagged=flagged)
    if len(ring) < 2 or (closed and len(ring) < 3 and not ring[:, 2].any()):
        place = shapely.Point(ring[0, :2]) if len(ring) < 2 or (ring[0, :2] == ring[1, :2]).all() else line(ring[:, :2])
        what = f"{'闭合' if closed else ''}折线只有 {len(ring)} 个不同的顶点"
        return Shape(None, closed=closed, remarks=[Remark("degenerate", place, {"detail": what})])
    if not closed and (ring[:, :2] == ring[0, :2]).all():
        return Shape(None, remarks=[Remark("degenerate", shapely.Point(ring[0, :2]), {"detail": "折线长度为零"})])
    if closed and _is_flat(ring):
        detail = f"闭合折线的 {len(ring)} 个顶点重合或在一条直线上，面积为零"
        return Shape(None, closed=True, remarks=[Remark("degenerate", shapely.Point(ring[0, :2]), {"detail": detail})])
    shape = rings_shape([ring], closed=closed, plane=plane or Plane())
    shape.remarks = remarks
    return shape


def _is_flat(ring: Vertices) -> bool:
    """Whether a ring without arcs has all its vertices on one line or in one place; a bow tie is no such ring."""
    if ring[:, 2].any():
        return False
    local = ring[:, :2] - ring[0, :2]
    far = local[np.argmax(np.abs(local).sum(axis=1))]
    aside = np.abs(local[:, 0] * far[1] - local[:, 1] * far[0])
    return bool(aside.max() <= FLAT * float(far @ far))


def rings_shape(rings: Sequence[Vertices], *, closed: bool, plane: Plane) -> Shape:
    """A polygon with holes (rings do not repeat their first vertex) or a line, with its curve when there are arcs."""
    bent = any(ring[:, 2].any() for ring in rings)
    if plane.ocs is not None:
        flat = [
            plane.points(arcs.flatten(r, closed=closed, sagitta_m=arcs.FINE_SAGITTA_M if bent else arcs.SAGITTA_M))
            for r in rings
        ]
        return Shape(polygon(flat) if closed else line(flat[0]), closed=closed)
    rings = [plane.vertices(ring) for ring in rings]
    if bent:
        curve = Curve(tuple(np.array(ring) for ring in rings), closed)
        return Shape(arcs.to_geometry(curve), closed=closed, curve=curve)
    return Shape(polygon([r[:, :2] for r in rings]) if closed else line(rings[0][:, :2]), closed=closed)


def polygon(rings: Sequence[np.ndarray[Any, Any]]) -> shapely.Geometry:
    """A polygon of rings that do not repeat their first point."""
    return shapely.polygons(shapely.linearrings(rings[0]), [shapely.linearrings(r) for r in rings[1:]] or None)


def line(points: np.ndarray[Any, Any]) -> shapely.Geometry:
    """A line through the points."""
    return shapely.linestrings(points)


def unusable(vertices: np.ndarray[Any, Any]) -> Remark | None:
    """Why coordinates cannot be used: not a number, infinite, or larger than any map."""
    if not len(vertices):
        return Remark("degenerate", None, {"detail": "没有顶点"})
    if np.abs(vertices).max() <= HUGE_M:  # false for NaN, too
        return None
    finite = vertices[np.isfinite(vertices).all(axis=1)]
    wrong = int((~(np.abs(vertices) <= HUGE_M)).any(axis=1).sum())
    place = shapely.Point(finite[0, :2]) if len(finite) and np.abs(finite[0]).max() <= HUGE_M else None
    return Remark("not_finite", place, {"detail": f"{wrong} 个顶点的坐标不是有限的数或超出 1e9"})


def _closing(vertices: Vertices, *, flagged: bool) -> tuple[Vertices, bool, list[Remark]]:
    """The ring without its repeated end, whether it closes, and what to say of the gap."""
    if len(vertices) < 2:
        return vertices, flagged, []
    first, last = vertices[0, :2], vertices[-1, :2]
    gap_m = float(np.hypot(*(last - first)))
    enough = len(vertices) > (2 if vertices[:-1, 2].any() else 3)
    if gap_m <= CLOSE_M and (flagged or enough):
        remarks = [Remark("ring_closed", shapely.Point(first), _gap(gap_m))] if gap_m > 0 else []
        return vertices[:-1], True, remarks
    if flagged or not enough:
        return vertices, flagged, []
    length_m = float(arcs.edge_lengths(vertices, closed=False).sum())
    if gap_m > OPEN_M or gap_m > OPEN_SHARE * length_m:
        return vertices, False, []
    ends = f"{last[0]:.3f}, {last[1]:.3f}"
    return vertices, False, [Remark("ring_open", line(np.array([first, last])), {**_gap(gap_m), "other_end": ends})]


def _gap(gap_m: float) -> dict[str, Any]:
    return {"gap_m": gap_m, "measured": gap_m, "required": CLOSE_M, "unit": "m"}
