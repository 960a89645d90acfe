"""What must hold of each geometry by itself: valid, one part, drawn once, no repeated points, no tiny edges or spikes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString, Point

from pipeline.checks.once import once_a_frame
from pipeline.checks.outlines import POLYGONAL, Corners, corners_of, validity
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
WIDE_DEG = 80.0  # from here on a tangent says little
SURELY = 1.001  # wider than float noise
AT_ONCE = 5_000  # figures normalised together
REASON = re.compile(r"(?P<words>[^\[]+)(\[(?P<x>[-+.\deE]+) (?P<y>[-+.\deE]+)[^\]]*\])?")


def is_valid(frame: gpd.GeoDataFrame) -> CheckResult:
    """Every outline is valid: rings do not cross or touch themselves, holes lie inside.

    Slot `fault` names the kind of fault; the place is the point where it was seen.
    """
    index, geoms, there = _present(frame)
    bad = np.flatnonzero(~validity(frame)[there])
    hits = []
    for i in bad:
        found = REASON.match(str(shapely.is_valid_reason(geoms[i])))
        words = found["words"].strip() if found else ""
        place = Point(float(found["x"]), float(found["y"])) if found and found["x"] else geoms[i]
        hits.append(Hit(row=index[i], place=place, slots={"fault": REASONS.get(words, words)}))
    return CheckResult(len(geoms), tuple(hits))


def no_duplicates(frame: gpd.GeoDataFrame) -> CheckResult:
    """No two features are the same figure, wherever it begins and whichever way round it is drawn."""
    index, geoms, _ = _present(frame)
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
    index, geoms, _ = _present(frame)
    parts = shapely.get_num_geometries(geoms)
    return CheckResult(
        len(geoms), tuple(Hit(row=index[i], measured=int(parts[i]), required=1) for i in np.flatnonzero(parts > 1))
    )


def is_simple(frame: gpd.GeoDataFrame) -> CheckResult:
    """No line crosses itself."""
    index, geoms, _ = _present(frame)
    return CheckResult(len(geoms), tuple(Hit(row=index[i]) for i in np.flatnonzero(~shapely.is_simple(geoms))))


def min_area(frame: gpd.GeoDataFrame, *, at_least_m2: float) -> CheckResult:
    """No polygon is smaller than `at_least_m2`."""
    index, geoms, _ = _present(frame)
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
    corners, start, end, _ = _edges(frame)
    follows = corners.after[end] >= 0
    a, b, c = _near_spikes(corners, start[follows], end[follows], at_least_deg)
    back, ahead = corners.xy[a] - corners.xy[b], corners.xy[c] - corners.xy[b]
    cross = back[:, 0] * ahead[:, 1] - back[:, 1] * ahead[:, 0]
    turn_deg = np.degrees(np.abs(np.arctan2(cross, (back * ahead).sum(axis=1))))
    distinct = (np.abs(back).sum(axis=1) > 0) & (np.abs(ahead).sum(axis=1) > 0)
    return CheckResult(
        corners.features,
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


def _present(frame: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Index labels and geometries of the features that have one, and their positions."""
    geoms = np.asarray(frame.geometry.array, dtype=object)
    there = np.flatnonzero(~(shapely.is_missing(geoms) | shapely.is_empty(geoms)))
    return frame.index.to_numpy()[there], geoms[there], there


@once_a_frame
def _edges(frame: gpd.GeoDataFrame) -> tuple[Corners, np.ndarray, np.ndarray, np.ndarray]:
    """The corners of a frame, the positions of both ends of every edge, and its length in metres."""
    corners = corners_of(frame)
    start, end = corners.edges
    return corners, start, end, np.hypot(*(corners.xy[end] - corners.xy[start]).T)


def _near_spikes(
    corners: Corners, a: np.ndarray, b: np.ndarray, deg: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Corners a, b, c in a row whose angle at b may be under `deg`: angles are only worked out where they may be small."""
    c = corners.after[b]
    if deg >= WIDE_DEG:
        return a, b, c
    at = corners.xy.view(np.complex128).reshape(-1)
    both = np.conj(at[a] - at[b]) * (at[c] - at[b])  # real: dot product, imaginary: cross product
    may = np.abs(both.imag) <= np.tan(np.radians(deg)) * SURELY * both.real
    return a[may], b[may], c[may]


def _edges_between(
    frame: gpd.GeoDataFrame, *, at_least_m: float, less_than_m: float, closed_below: bool, tolerance: float | None
) -> CheckResult:
    """Edges with a length in [or ( `at_least_m`, `less_than_m` ) as hits."""
    corners, start, end, length = _edges(frame)
    above = length >= at_least_m if closed_below else length > at_least_m
    return CheckResult(
        corners.features,
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
