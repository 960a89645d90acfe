"""One plot of a coordinate exchange text: its rings, its polygon, and what its header says against its coordinates."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any

import numpy as np
import shapely

from pipeline.crs.definition import BELTS
from pipeline.crs.extents import belt_prefix
from pipeline.measures import arcs
from pipeline.readers.exchange_text import Plot, PointRow, decimals
from pipeline.rings import CLOSE_M

SAME_M = 1e-8  # the closing row repeats the first point
HECTARE_M2 = 10_000
CLOSING_COUNTED, CLOSING_LEFT_OUT = "地块的界址点数含闭合行", "地块的界址点数不含闭合行"
HECTARES, SQUARE_METRES = "地块的面积以公顷计", "地块的面积以平方米计（规定为公顷）"
NOT_REPEATED, NEARLY_REPEATED = "圈没有重复首点的闭合行，已闭合", "圈的闭合行与首点相差不足 1 毫米，已闭合"
UNUSUAL = (CLOSING_LEFT_OUT, SQUARE_METRES, NOT_REPEATED, NEARLY_REPEATED)
SIX_DEGREES = {True: 4491 - 13, False: 4502 - 13}  # CGCS2000 6° belts: EPSG code minus belt, prefixed or not


@dataclass(frozen=True, slots=True)
class Ring:
    """Points of one 圈号 without the closing row. points: (n, 2) east, north. repeats: the closing row was there."""

    rows: tuple[PointRow, ...]
    points: np.ndarray[Any, Any]
    repeats: bool
    gap_m: float = 0.0

    def turned(self) -> Ring:
        """The same with east and north exchanged."""
        return replace(self, points=self.points[:, ::-1])


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that cannot be right."""

    detail: str
    measured: float | None = None
    required: float | None = None
    tolerance: float | None = None
    unit: str | None = None


@dataclass(slots=True)
class Built:
    """A plot as geometry (None: no figure), its stated area in m², how it was read, what is wrong.

    to_cent_m2: the stated area where it is written to 0.01 m² or finer.
    """

    geometry: shapely.Geometry | None = None
    stated_m2: float | None = None
    to_cent_m2: float | None = None
    seen: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def rings_of(plot: Plot) -> list[Ring]:
    """Rows by 圈号 as they follow; only areas have closing rows."""
    return [_ring(tuple(rows), area=plot.kind == "面") for _, rows in groupby(plot.points, key=lambda row: row.ring)]


def _ring(rows: tuple[PointRow, ...], *, area: bool) -> Ring:
    points = np.array([(row.second, row.first) for row in rows], dtype=float)
    gap_m = float(np.hypot(*(points[-1] - points[0])))
    repeats = area and len(rows) > 2 and gap_m <= CLOSE_M
    return Ring(rows[:-1], points[:-1], True, gap_m) if repeats else Ring(rows, points, False)


def counts(rings: Sequence[Ring]) -> frozenset[int]:
    """The numbers of points that a header may state: every row, without closing rows, without one of them."""
    rows, closing = sum(len(ring.rows) + ring.repeats for ring in rings), sum(ring.repeats for ring in rings)
    return frozenset({rows, rows - closing, rows - min(closing, 1)})


def build(plot: Plot, rings: Sequence[Ring]) -> Built:
    """The figure of a plot beside what its header states of it."""
    built = Built()
    if plot.kind != "面":
        points = np.vstack([ring.points for ring in rings]) if rings else np.empty((0, 2))
        built.geometry = _figure(plot.kind, points)
        built.faults += [] if built.geometry is not None else [Fault("没有足够的点")]
        return built
    whole = [ring for ring in rings if len(np.unique(ring.points, axis=0)) >= 3]
    built.faults += [Fault(f"第 {ring.rows[0].ring} 圈不足三个不同的点") for ring in rings if ring not in whole]
    built.faults += [] if rings else [Fault("没有界址点")]
    _ways(plot, rings, built)
    if whole and whole[0] is rings[0]:
        built.geometry = _nested(whole, built.faults)
        _area(plot, whole, built)
    return built


def _figure(kind: str, points: np.ndarray[Any, Any]) -> shapely.Geometry | None:
    if kind == "线":
        return shapely.LineString(points) if len(points) > 1 else None
    return None if not len(points) else shapely.Point(points[0]) if len(points) == 1 else shapely.MultiPoint(points)


def _ways(plot: Plot, rings: Sequence[Ring], built: Built) -> None:
    """How points are counted and rings closed."""
    stated, rows = plot.header.get("界址点数", ""), len(plot.points)
    closing = sum(ring.repeats for ring in rings)
    if not stated.isdigit() or not int(stated):
        built.faults.append(Fault("表头没有写界址点数"))
    elif closing:
        built.seen.append(CLOSING_COUNTED if int(stated) == rows else CLOSING_LEFT_OUT)
    built.seen += [NOT_REPEATED for ring in rings if not ring.repeats]
    built.seen += [NEARLY_REPEATED for ring in rings if ring.gap_m > SAME_M]


def _nested(rings: Sequence[Ring], faults: list[Fault]) -> shapely.Geometry:
    """The first ring with those inside it as holes; a ring that lies elsewhere is a part of its own, and said."""
    shell = shapely.Polygon(rings[0].points)
    holes: list[Any] = []
    parts: list[Any] = []
    for ring in rings[1:]:
        own = shapely.Polygon(ring.points)
        inside = shapely.covers(shapely.make_valid(shell), shapely.make_valid(own))
        (holes if inside else parts).append(ring.points)
        if not inside:
            faults.append(Fault(f"第 {ring.rows[0].ring} 圈不在第 {rings[0].rows[0].ring} 圈之内"))
    whole = shapely.Polygon(rings[0].points, holes)
    return shapely.MultiPolygon([whole, *(shapely.Polygon(part) for part in parts)]) if parts else whole


def _area(plot: Plot, rings: Sequence[Ring], built: Built) -> None:
    """The stated area in the unit that fits the coordinates; one that fits neither is a fault."""
    word = plot.header.get("地块面积", "")
    try:
        stated = Decimal(word)
    except InvalidOperation:
        stated = Decimal(0)
    area_m2 = arcs.area(built.geometry)
    if not stated.is_finite() or stated <= 0 or not area_m2:
        built.faults.append(Fault("面积为零" if stated.is_finite() else "面积不是数", area_m2, unit="m²"))
        return
    length_m = float(shapely.length(built.geometry))
    noise_m2 = length_m * 0.5 * 10.0 ** -min(row.decimals for ring in rings for row in ring.rows)
    judged = []
    for way, factor in ((HECTARES, HECTARE_M2), (SQUARE_METRES, 1)):
        stated_m2 = float(stated * factor)
        limit_m2 = 0.5 * 10.0 ** -decimals(word) * factor * (1 + 1e-9) + noise_m2
        judged.append((abs(math.log(stated_m2 / area_m2)), way, stated_m2, limit_m2))
    _, way, built.stated_m2, limit_m2 = min(judged)
    built.seen.append(way)
    finest_m2 = (HECTARE_M2 if way == HECTARES else 1) * 10.0 ** -decimals(word)
    built.to_cent_m2 = built.stated_m2 if finest_m2 <= 0.01 * (1 + 1e-9) else None
    if abs(built.stated_m2 - area_m2) > limit_m2:
        detail = f"标注面积 {word}（{'公顷' if way == HECTARES else '平方米'}）与坐标算得的 {area_m2:.2f} m² 不符"
        built.faults.append(Fault(detail, area_m2, built.stated_m2, limit_m2, "m²"))


def declared_crs(description: Mapping[str, str], easting_m: float | None) -> str | None:
    """The CRS that the head of the text states, as EPSG code; one that is no CGCS2000 in its own words."""
    system, belt, degrees = (description.get(key, "") for key in ("坐标系", "带号", "几度分带"))
    if not system or easting_m is None:
        return None
    if "2000" not in system:
        return system
    prefix = belt_prefix(easting_m)
    zone = int(belt) if belt.isdigit() else prefix
    if zone is None or (prefix is not None and prefix != zone):
        return None
    width = re.search(r"[36]", degrees)
    if (width[0] if width else "3" if zone >= 25 else "6") == "6":
        return f"EPSG:{SIX_DEGREES[prefix is not None] + zone}" if 13 <= zone <= 23 else None
    known = (b for b in BELTS if b.zone == zone and b.prefixed == (prefix is not None))
    return next((f"EPSG:{b.epsg}" for b in known), None)
