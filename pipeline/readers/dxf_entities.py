"""What each DXF entity is as a `Shape`: one small function per type in the table SHAPERS; other types are not read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import shapely
from ezdxf import DXFError
from shapely.errors import ShapelyError

from pipeline.readers.dxf_geometry import (
    HUGE_M,
    Plane,
    Remark,
    Shape,
    arc,
    line,
    outline,
    polygon,
    rings_shape,
    unusable,
)
from pipeline.readers.dxf_hatch import hatch
from pipeline.readers.dxf_text import MANY_CODES, without_codes
from pipeline.rings import CLOSE_M

SAGITTA_M = 0.001  # chords leave the arc by a millimetre at most, the precision of printed coordinates
SAGITTA_SHARE = 1e-7  # curves larger than 10 km are not cut any finer than this share of their size
SPLINE_FRAME = 16  # vertex flag: control point of the frame, not of the line
BROKEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, DXFError, ShapelyError)
MESHES = ("AcDbPolygonMesh", "AcDbPolyFaceMesh")


def shape_of(entity: Any) -> Shape | None:
    """The shape of an entity; None when entities of its kind are not read. A broken entity has no geometry."""
    shaper = SHAPERS.get(entity.dxftype())
    try:
        return shaper(entity) if shaper else None
    except BROKEN as err:
        detail = f"{entity.dxftype()} 的数据无法解释（{type(err).__name__}）"
        return Shape(None, remarks=[Remark("degenerate", None, {"detail": detail})])


def plane_of(entity: Any) -> Plane:
    """The plane an entity is drawn in."""
    dxf = entity.dxf
    extrusion = dxf.extrusion if dxf.hasattr("extrusion") else None
    elevation = dxf.elevation if extrusion is not None and dxf.hasattr("elevation") else 0.0
    return Plane(extrusion, elevation if isinstance(elevation, int | float) else elevation[2])


def lwpolyline(entity: Any) -> Shape:
    """LWPOLYLINE: x, y, start width, end width, bulge per vertex."""
    packed = np.frombuffer(entity.lwpoints.values, dtype=float).reshape(-1, 5)
    return outline(packed[:, [0, 1, 4]], flagged=bool(entity.closed), plane=plane_of(entity))


def polyline(entity: Any) -> Shape | None:
    """POLYLINE with VERTEX: plane ones have bulges, spatial ones heights; meshes are not read."""
    mode = entity.get_mode()
    if mode in MESHES:
        return None
    vertices = [v.dxf for v in entity.vertices if not v.dxf.flags & SPLINE_FRAME]
    points = np.array([tuple(v.location) for v in vertices], dtype=float).reshape(-1, 3)
    if mode == "AcDb3dPolyline":
        return _spatial(points, flagged=bool(entity.is_closed))
    bulges = np.array([v.bulge for v in vertices], dtype=float)
    return outline(np.column_stack([points[:, :2], bulges]), flagged=bool(entity.is_closed), plane=plane_of(entity))


def _spatial(points: np.ndarray[Any, Any], *, flagged: bool) -> Shape:
    """A spatial polyline; its heights are kept where there are any."""
    flat = np.column_stack([points[:, :2], np.zeros(len(points))])
    shape = outline(flat, flagged=flagged)
    if shape.geometry is None or not points[:, 2].any() or not np.isfinite(points[:, 2]).all():
        return shape
    if shape.closed:
        repeated = len(points) > 1 and math.dist(points[0, :2], points[-1, :2]) <= CLOSE_M
        shape.geometry = polygon([points[:-1] if repeated else points])
    else:
        shape.geometry = line(points)
    return shape


def straight(entity: Any) -> Shape:
    """LINE."""
    ends = np.array([tuple(entity.dxf.start), tuple(entity.dxf.end)], dtype=float)
    fault = unusable(ends)
    if fault:
        return Shape(None, remarks=[fault])
    if (ends[0] == ends[1]).all():
        return Shape(None, remarks=[Remark("degenerate", shapely.Point(ends[0, :2]), {"detail": "直线长度为零"})])
    return Shape(line(ends if ends[:, 2].any() else ends[:, :2]))


def circle(entity: Any) -> Shape:
    """CIRCLE: two half circles."""
    return _round(entity, 0.0, 360.0)


def round_arc(entity: Any) -> Shape:
    """ARC: from start to end, turning left."""
    start, end = float(entity.dxf.start_angle), float(entity.dxf.end_angle)
    return _round(entity, start, (end - start) % 360.0 or 360.0)


def _round(entity: Any, start_deg: float, sweep_deg: float) -> Shape:
    centre, radius = tuple(entity.dxf.center), float(entity.dxf.radius)
    fault = unusable(np.array([[centre[0], centre[1], radius, start_deg, sweep_deg]], dtype=float))
    if fault:
        return Shape(None, remarks=[fault])
    if radius <= 0:
        place = shapely.Point(plane_of(entity).point(centre)[:2])
        return Shape(None, remarks=[Remark("degenerate", place, {"detail": f"半径为 {radius:g}"})])
    vertices = arc(centre, radius, start_deg, sweep_deg)
    plane = plane_of(entity)
    plane.elevation = centre[2]
    return rings_shape([vertices], closed=sweep_deg >= 360, plane=plane)


def ellipse(entity: Any) -> Shape:
    """ELLIPSE: chords; its area is that of the chords, 1 mm from it at most."""
    size = entity.dxf.major_axis.magnitude
    return _chords(entity.flattening(_sagitta(size)) if size < HUGE_M else (), what="椭圆")


def spline(entity: Any) -> Shape:
    """SPLINE: chords."""
    points = np.array([tuple(p) for p in (*entity.control_points, *entity.fit_points)], dtype=float).reshape(-1, 3)
    fault = unusable(points)
    if fault:
        return Shape(None, remarks=[fault])
    size = float(np.ptp(points[:, :2], axis=0).max())
    return _chords(entity.flattening(_sagitta(size)), what="样条曲线", flagged=bool(entity.closed))


def _sagitta(size_m: float) -> float:
    return max(SAGITTA_M, size_m * SAGITTA_SHARE)


def _chords(points: Iterable[Any], *, what: str, flagged: bool = False) -> Shape:
    xy = np.array([(p.x, p.y, 0.0) for p in points], dtype=float).reshape(-1, 3)
    if len(xy) < 2:
        return Shape(None, remarks=[Remark("degenerate", None, {"detail": f"{what}没有可用的形状"})])
    shape = outline(xy, flagged=flagged)
    shape.remarks = [r for r in shape.remarks if r.kind != "ring_closed"]  # rounding of the chords, not of the drawing
    return shape


def point(entity: Any) -> Shape:
    """POINT, with its height."""
    return _point(tuple(entity.dxf.location))


def text(entity: Any) -> Shape:
    """TEXT at the point it is aligned to; codes like %%d become characters."""
    dxf = entity.dxf
    aligned = (dxf.get("halign", 0) or dxf.get("valign", 0)) and dxf.hasattr("align_point")
    shape = _point(plane_of(entity).point(dxf.align_point if aligned else dxf.insert))
    shape.text = entity.plain_text()
    return shape


def mtext(entity: Any) -> Shape:
    """MTEXT at its insertion point, formatting codes stripped, paragraphs as lines."""
    shape = _point(tuple(entity.dxf.insert))
    many = entity.text.count("\\") > MANY_CODES  # the library's parser takes the square of their number
    shape.text = without_codes(entity.text) if many else entity.plain_text()
    return shape


def insert(entity: Any) -> Shape:
    """INSERT as the point it stands on, with its block name and the texts of its ATTRIBs by tag."""
    shape = _point(plane_of(entity).point(entity.dxf.insert))
    shape.block = entity.dxf.name
    tags: dict[str, str] = {}
    twice = 0
    for attrib in entity.attribs:
        twice += attrib.dxf.tag in tags
        tags.setdefault(attrib.dxf.tag, _attrib_text(attrib))
    shape.attributes = tags or None
    copies = entity.mcount - 1
    shape.remarks = [
        *shape.remarks,
        *_scale(entity, shape.geometry),
        *(
            Remark("not_read", shape.geometry, {"what": what, "count": count})
            for what, count in (("阵列块的其余副本", copies), ("重复的块属性", twice))
            if count > 0
        ),
    ]
    return shape


def _scale(entity: Any, place: Any) -> list[Remark]:
    """What is wrong with the scale of an insert: its block then has no figure."""
    scales = [float(entity.dxf.get(name, 1.0)) for name in ("xscale", "yscale", "zscale")]
    if all(math.isfinite(scale) and scale for scale in scales):
        return []
    told = "、".join(f"{scale:g}" for scale in scales)
    return [Remark("degenerate", place, {"detail": f"图块“{entity.dxf.name}”的插入比例为 {told}，其内容没有图形"})]


def _attrib_text(attrib: Any) -> str:
    if not attrib.has_embedded_mtext_entity:
        return str(attrib.plain_text())
    many = attrib._embedded_mtext.text.count("\\") > MANY_CODES  # noqa: SLF001 — the library has no other way to it
    return without_codes(attrib._embedded_mtext.text) if many else str(attrib.plain_mtext())  # noqa: SLF001


def _point(location: tuple[float, ...]) -> Shape:
    fault = unusable(np.array([location], dtype=float))
    return Shape(None, remarks=[fault]) if fault else Shape(shapely.Point(location))


SHAPERS: dict[str, Callable[[Any], Shape | None]] = {
    "LWPOLYLINE": lwpolyline,
    "POLYLINE": polyline,
    "LINE": straight,
    "ARC": round_arc,
    "CIRCLE": circle,
    "ELLIPSE": ellipse,
    "SPLINE": spline,
    "HATCH": hatch,
    "POINT": point,
    "TEXT": text,
    "MTEXT": mtext,
    "INSERT": insert,
}
