"""HATCH boundaries as polygons with holes: paths of edges joined to rings, rings nested by what contains what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely

from pipeline.measures import arcs
from pipeline.measures.arcs import turned_round
from pipeline.readers.dxf_geometry import Plane, Remark, Shape, Vertices, arc, polygon, rings_shape, unusable
from pipeline.rings import CLOSE_M

TEXT_BOX = 8  # path flag: the gap a text leaves in the pattern
NESTED, OUTERMOST = 0, 1  # hatch styles; 2 fills through everything inside


def hatch(entity: Any) -> Shape:
    """HATCH as one polygon, or several as a multi-polygon; holes by nesting, as the hatch style says."""
    dxf = entity.dxf
    elevation = dxf.elevation[2] if dxf.hasattr("elevation") else 0.0
    plane = Plane(dxf.extrusion if dxf.hasattr("extrusion") else None, elevation)
    paths = [path for path in entity.paths if not path.path_type_flags & TEXT_BOX]
    remarks = _left_out(len(entity.paths) - len(paths), "填充中的文字框边界")
    rings: list[Vertices] = []
    for path in paths:
        ring, found = _ring(path)
        remarks += found
        if ring is not None:
            rings.append(ring)
    if not rings:
        return Shape(
            None, closed=True, remarks=[*remarks, Remark("degenerate", None, {"detail": "填充没有可用的边界"})]
        )
    shape = assembled(rings, style=dxf.hatch_style, plane=plane)
    shape.remarks = [*remarks, *shape.remarks]
    return shape


def assembled(rings: Sequence[Vertices], *, style: int, plane: Plane) -> Shape:
    """The area of closed rings, holes by nesting as the style says."""
    return _assembled(_nested(rings, style=style), plane)


def _left_out(count: int, what: str) -> list[Remark]:
    return [Remark("not_read", None, {"what": what, "count": count})] if count else []


def _ring(path: Any) -> tuple[Vertices | None, list[Remark]]:
    """One boundary path as a ring that does not repeat its first vertex."""
    if hasattr(path, "edges"):
        ring, gap_m = _joined([_edge(edge) for edge in path.edges])
        remarks = (
            [Remark("degenerate", shapely.Point(ring[0, :2]), {"detail": f"填充边界的边相距 {gap_m:.4f} m"})]
            if (gap_m > CLOSE_M and not unusable(ring))
            else []
        )
    else:
        ring, remarks = np.array(path.vertices, dtype=float).reshape(-1, 3), []
    fault = unusable(ring)
    if fault:
        return None, [fault]
    if len(ring) > 1 and np.hypot(*(ring[0, :2] - ring[-1, :2])) <= CLOSE_M:
        ring = ring[:-1]
    if len(ring) < 2 or (len(ring) < 3 and not ring[:, 2].any()):
        return None, [*remarks, Remark("degenerate", shapely.Point(ring[0, :2]), {"detail": "填充边界不足三个顶点"})]
    return ring, remarks


def _edge(edge: Any) -> Vertices:
    """One edge as vertices with bulges, its end included."""
    kind = type(edge).__name__
    if kind == "LineEdge":
        return np.array([(*edge.start, 0.0), (*edge.end, 0.0)], dtype=float)
    if kind == "ArcEdge":
        sweep = (edge.end_angle - edge.start_angle) % 360.0 or 360.0
        vertices = arc(tuple(edge.center), float(edge.radius), float(edge.start_angle), sweep)
        if sweep >= 360:
            vertices = np.vstack([vertices, [*vertices[0, :2], 0.0]])
    else:
        flat = edge.construction_tool().flattening(arcs.SAGITTA_M)
        vertices = np.array([(p.x, p.y, 0.0) for p in flat], dtype=float).reshape(-1, 3)
    return vertices if getattr(edge, "ccw", True) else turned_round(vertices)


def _joined(edges: Sequence[Vertices]) -> tuple[Vertices, float]:
    """Edges end to end, each turned round if that fits better, and the largest gap between two of them."""
    if not edges:
        return np.empty((0, 3)), 0.0
    chain, gap_m = [edges[0]], 0.0
    if len(edges) > 1 and _nearest(edges[0][0], edges[1]) < _nearest(edges[0][-1], edges[1]):
        chain = [turned_round(edges[0])]
    for edge in edges[1:]:
        end = chain[-1][-1, :2]
        if np.hypot(*(edge[-1, :2] - end)) < np.hypot(*(edge[0, :2] - end)):
            edge = turned_round(edge)  # noqa: PLW2901 — the same edge the other way round
        gap_m = max(gap_m, float(np.hypot(*(edge[0, :2] - end))))
        chain.append(edge)
    gap_m = max(gap_m, float(np.hypot(*(chain[0][0, :2] - chain[-1][-1, :2]))))
    return np.vstack([*(piece[:-1] for piece in chain), chain[-1][-1:]]), gap_m


def _nearest(place: np.ndarray[Any, Any], edge: Vertices) -> float:
    return float(min(np.hypot(*(edge[0, :2] - place[:2])), np.hypot(*(edge[-1, :2] - place[:2]))))


def _nested(rings: Sequence[Vertices], *, style: int) -> list[list[Vertices]]:
    """Rings grouped as shell and its holes: a ring inside an odd number of larger ones is a hole."""
    flat = np.array([polygon([arcs.flatten(ring)]) for ring in rings], dtype=object)
    area = np.array([abs(arcs.ring_area(ring)) for ring in rings])
    rank = np.lexsort((np.arange(len(rings)), -area)).argsort()  # larger first, ties as they come
    inner, outer = shapely.STRtree(flat).query(shapely.point_on_surface(flat), predicate="intersects")
    larger = rank[outer] < rank[inner]
    inner, outer = inner[larger], outer[larger]
    depth = np.bincount(inner, minlength=len(rings))
    parent = {int(i): int(o) for i, o in sorted(zip(inner, outer, strict=True), key=lambda pair: rank[pair[1]])}
    groups = {i: [rings[i]] for i in range(len(rings)) if depth[i] == 0 or (style == NESTED and depth[i] % 2 == 0)}
    for i in np.argsort(rank):
        is_hole = depth[i] == 1 if style == OUTERMOST else style == NESTED and depth[i] % 2 == 1
        if is_hole:
            groups[parent[int(i)]].append(rings[i])
    return list(groups.values())


def _assembled(groups: Iterable[Sequence[Vertices]], plane: Plane) -> Shape:
    """One polygon keeps its exact arcs; of several the chords are fine enough to carry the area."""
    groups = list(groups)
    if len(groups) == 1:
        return rings_shape(groups[0], closed=True, plane=plane)
    parts = []
    for group in groups:
        flat = [_flattened(ring) for ring in group]
        parts.append(rings_shape(flat, closed=True, plane=plane).geometry)
    return Shape(shapely.MultiPolygon(parts), closed=True)


def _flattened(ring: Vertices) -> Vertices:
    points = arcs.flatten(ring, sagitta_m=arcs.FINE_SAGITTA_M)
    return np.column_stack([points, np.zeros(len(points))])
