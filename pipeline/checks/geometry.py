"""What must hold of each geometry by itself: valid, one part, drawn once, no repeated points, no tiny edges or spikes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString, Point

from pipeline.checks.outlines import POLYGONAL, corners_of
from pipeline.model import CheckResult, Hit

if TYPE_CHECKING:
    import geopandas as gpd

#: GEOS' reasons of invalidity in the words of the trade
REASONS = {
    "Self-intersection": "自相交",
    "Ring Self-intersection": "环自相交",
    "Hole lies outside shell": "内环在外环之外",
    "Holes are nested": "内环相互包含",
    "Interior is disconnected": "内部不连通",
    "Duplicate Rings": "环重复",
    "Nested shells": "多部分相互包含",
    "Too few points in geometry component": "顶点过少",
    "Invalid Coordinate": "坐标无效",
    "Ring is not closed": "环未闭合",
}
AT_ONCE = 5_000  # figures normalised together
REASON = re.compile(r"(?P<words>[^\[]+)(\[(?P<x>[-+.\deE]+) (?P<y>[-+.\deE]+)[^\]]*\])?")


def is_valid(frame: gpd.GeoDataFrame) -> CheckResult:
    """Every outline is valid: rings do not cross or touch themselves, holes lie inside.

    Slot `fault` names the kind of fault; the place is the point where it was seen.
    """
    index, geoms = _present(frame)
    bad = np.flatnonzero(~shapely.is_valid(geoms))
    hits = []
    for i in bad:
        found = REASON.match(str(shapely.is_valid_reason(geoms[i])))
        words = found["words"].strip() if found else ""
        place = Point(float(found["x"]), float(found["y"])) if found and found["x"] else geoms[i]
        hits.append(Hit(row=index[i], place=place, slots={"fault": REASONS.get(words, words)}))
    return CheckResult(len(geoms), tuple(hits))


def no_duplicates(frame: gpd.GeoDataFrame) -> CheckResult:
    """No two features are the same figure, wherever it begins and whichever way round it is drawn."""
    index, geoms = _present(frame)
    return CheckResult(len(geoms), tuple(Hit(row=index[i], other=index[j]) for i, j in duplicates(geoms)))


def duplicates(geoms: np.ndarray) -> list[tuple[int, int]]:
    """Positions of figures that repeat an earlier one, each with the first of its kind."""
    first: dict[bytes, int] = {}
    return [(i, first[figure]) for i, figure in enumerate(_figures(geoms)) if first.setdefault(figure, i) != i]


def _figures(geoms: np.ndarray) -> Iterator[bytes]:
    """Each figure as bytes that are the same for the same figure; a few at once, for each step makes copies."""
    for start in range(0, len(geoms), AT_ONCE):
        yield from shapely.to_wkb(shapely.normalize(shapely.force_2d(geoms[start : start + AT_ONCE])))


def single_part(frame: gpd.GeoDataFrame) -> CheckResult:
    """Every feature is of one piece."""
    index, geoms = _present(frame)
    parts = shapely.get_num_geometries(geoms)
    return CheckResult(
        len(geoms), tuple(Hit(row=index[i], measured=int(parts[i]), required=1) for i in np.flatnonzero(parts > 1))
    )


def is_simple(frame: gpd.GeoDataFrame) -> CheckResult:
    """No line crosses itself."""
    index, geoms = _present(frame)
    return CheckResult(len(geoms), tuple(Hit(row=index[i]) for i in np.flatnonzero(~shapely.is_simple(geoms))))


def min_area(frame: gpd.GeoDataFrame, *, at_least_m2: float) -> CheckResult:
    """No polygon is smaller than `at_least_m2`."""
    index, geoms = _present(frame)
    polygons = np.flatnonzero(np.isin(shapely.get_type_id(geoms), POLYGONAL))
    areas = shapely.area(geoms)
    return CheckResult(
        len(polygons),
        tuple(
            Hit(row=index[i], measured=float(areas[i]), required=at_least_m2, unit="m²")
            for i in polygons
            if areas[i] < at_least_m2
        ),
    )


def no_repeated_vertices(frame: gpd.GeoDataFrame, *, snap_m: float) -> CheckResult:
    """No corner is the same point as the next one, within `snap_m`."""
    return _edges_between(frame, at_least_m=0.0, less_than_m=snap_m, closed_below=True, tolerance=snap_m)


def min_edge(frame: gpd.GeoDataFrame, *, at_least_m: float, snap_m: float = 0.0) -> CheckResult:
    """No edge is shorter than `at_least_m`; ends within `snap_m` are one repeated point and not spoken of here."""
    return _edges_between(frame, at_least_m=snap_m, less_than_m=at_least_m, closed_below=False, tolerance=None)


def no_spikes(frame: gpd.GeoDataFrame, *, at_least_deg: float) -> CheckResult:
    """No two edges meet at an angle under `at_least_deg`."""
    corners = corners_of(frame)
    start, end = corners.edges
    follows = corners.after[end] >= 0
    a, b = start[follows], end[follows]
    c = corners.after[b]
    back, ahead = corners.xy[a] - corners.xy[b], corners.xy[c] - corners.xy[b]
    cross = back[:, 0] * ahead[:, 1] - back[:, 1] * ahead[:, 0]
    turn_deg = np.degrees(np.abs(np.arctan2(cross, (back * ahead).sum(axis=1))))
    distinct = (np.abs(back).sum(axis=1) > 0) & (np.abs(ahead).sum(axis=1) > 0)
    return CheckResult(
        len(np.unique(corners.row)),
        tuple(
            Hit(
                row=frame.index[corners.row[b[i]]],
                place=Point(corners.xy[b[i]]),
                measured=float(turn_deg[i]),
                required=at_least_deg,
                unit="°",
            )
            for i in np.flatnonzero(distinct & (turn_deg < at_least_deg))
        ),
    )


# ---------------------------------------------------------------- inside


def _present(frame: gpd.GeoDataFrame) -> tuple[list[object], np.ndarray]:
    """Index labels and geometries of the features that have one."""
    geoms = np.asarray(frame.geometry.array, dtype=object)
    there = ~(shapely.is_missing(geoms) | shapely.is_empty(geoms))
    return list(frame.index[there]), geoms[there]


def _edges_between(
    frame: gpd.GeoDataFrame, *, at_least_m: float, less_than_m: float, closed_below: bool, tolerance: float | None
) -> CheckResult:
    """Edges with a length in [or ( `at_least_m`, `less_than_m` ) as hits."""
    corners = corners_of(frame)
    start, end = corners.edges
    length = np.hypot(*(corners.xy[end] - corners.xy[start]).T)
    above = length >= at_least_m if closed_below else length > at_least_m
    return CheckResult(
        len(np.unique(corners.row)),
        tuple(
            Hit(
                row=frame.index[corners.row[start[i]]],
                measured=float(length[i]),
                required=less_than_m,
                unit="m",
                tolerance=tolerance,
                place=_edge(corners.xy[start[i]], corners.xy[end[i]]),
            )
            for i in np.flatnonzero(above & (length < less_than_m))
        ),
    )


def _edge(a: np.ndarray, b: np.ndarray) -> Point | LineString:
    return Point(a) if (a == b).all() else LineString([a, b])
