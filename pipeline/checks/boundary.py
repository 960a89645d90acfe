"""Boundary points and lines against the outlines they mark: one point a corner, one line an edge, in order.

`frame` or `other` holds the outlines; points and lines belong to the outline that has the same `key`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from pipeline.checks.outlines import Corners, corners_of
from pipeline.measures.arcs import curves_of
from pipeline.measures.corners import nw_clockwise_order
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import exceeds

if TYPE_CHECKING:
    import geopandas as gpd

    from pipeline.sources import Curve


def vertices_have_points(frame: gpd.GeoDataFrame, *, other: gpd.GeoDataFrame, key: str, reach_m: float) -> CheckResult:
    """Every corner of an outline has exactly one point of its key within `reach_m`; a point marks its nearest corner.

    Slots: vertex (number of the corner within its feature, from 1), north_m, east_m (where it lies).
    """
    if other.empty:
        return CheckResult(0)
    corners = corners_of(frame)
    marked, _, _ = _marked(corners, frame, other, key, reach_m)
    counts = np.bincount(marked[marked >= 0], minlength=len(corners.xy))
    numbers = _within_row(corners)
    return CheckResult(
        len(corners.xy),
        tuple(
            Hit(
                row=frame.index[corners.row[i]],
                place=shapely.Point(corners.xy[i]),
                measured=int(counts[i]),
                required=1,
                unit="个",
                tolerance=reach_m,
                slots={"vertex": int(numbers[i]), **_place(corners.xy[i])},
            )
            for i in np.flatnonzero(counts != 1)
        ),
    )


def points_on_vertices(frame: gpd.GeoDataFrame, *, other: gpd.GeoDataFrame, key: str, snap_m: float) -> CheckResult:
    """Every point coincides within `snap_m` with a corner of the outline of its key.

    Slots: north_m, east_m of the nearest corner.
    """
    corners = corners_of(other)
    nearest, gap_m, examined = _marked(corners, other, frame, key, np.inf)
    return CheckResult(
        int(examined.sum()),
        tuple(
            Hit(
                row=frame.index[i],
                other=other.index[corners.row[nearest[i]]],
                measured=float(gap_m[i]),
                required=0.0,
                unit="m",
                tolerance=snap_m,
                slots=_place(corners.xy[nearest[i]]),
            )
            for i in np.flatnonzero(examined)
            if exceeds(gap_m[i], snap_m)
        ),
    )


def edges_have_lines(frame: gpd.GeoDataFrame, *, other: gpd.GeoDataFrame, key: str, reach_m: float) -> CheckResult:
    """Every edge of an outline has exactly one line of its key; its ends lie within `reach_m` of the edge's ends.

    Slots: vertex, next_vertex (numbers of the edge's corners within its feature, from 1).
    """
    if other.empty:
        return CheckResult(0)
    corners = corners_of(frame)
    edge, _, _ = _edges_of_lines(corners, frame, other, key, reach_m)
    counts = np.bincount(edge[edge >= 0], minlength=len(corners.xy))
    start, end = corners.edges
    numbers = _within_row(corners)
    return CheckResult(
        len(start),
        tuple(
            Hit(
                row=frame.index[corners.row[a]],
                place=shapely.LineString(corners.xy[[a, b]]),
                measured=int(counts[a]),
                required=1,
                unit="条",
                tolerance=reach_m,
                slots={"vertex": int(numbers[a]), "next_vertex": int(numbers[b])},
            )
            for a, b in zip(start, end, strict=True)
            if counts[a] != 1
        ),
    )


def lines_on_edges(frame: gpd.GeoDataFrame, *, other: gpd.GeoDataFrame, key: str, snap_m: float) -> CheckResult:
    """Every line runs from one corner of the outline of its key to the next, both ends within `snap_m`."""
    corners = corners_of(other)
    edge, gap_m, examined = _edges_of_lines(corners, other, frame, key, np.inf)
    return CheckResult(
        int(examined.sum()),
        tuple(
            Hit(row=frame.index[i], measured=float(gap_m[i]), required=0.0, unit="m", tolerance=snap_m)
            for i in np.flatnonzero(examined)
            if edge[i] < 0 or exceeds(gap_m[i], snap_m)
        ),
    )


def numbered_from_nw(
    frame: gpd.GeoDataFrame, *, other: gpd.GeoDataFrame, key: str, field: str, reach_m: float
) -> CheckResult:
    """Points are numbered by `field` clockwise from the north-west corner, holes going on with the count.

    Holes follow in the order of their lowest number. Missing points and numbers have their own rules: only the order
    is looked at. Where a ring begins: `measures.corners`. Slot: wrong, how many points stand out of order.
    """
    corners = corners_of(frame)
    marked, _, _ = _marked(corners, frame, other, key, reach_m)
    numbers = pd.to_numeric(other[field], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    point_at = np.full(len(corners.xy), -1)
    point_at[marked[marked >= 0]] = np.flatnonzero(marked >= 0)
    hits = []
    examined, curves = 0, curves_of(frame)
    for position in np.unique(corners.row).tolist():
        points = _expected_order(corners, curves.get(position), position, point_at, numbers)
        examined += len(points)
        given = numbers[points]
        wrong = np.flatnonzero(given != np.sort(given))
        if len(wrong):
            first = wrong[0]
            hits.append(
                Hit(
                    row=frame.index[position],
                    other=other.index[points[first]],
                    measured=int(given[first]),
                    required=int(np.sort(given)[first]),
                    place=other.geometry.iloc[points[first]],
                    field=field,
                    slots={"wrong": len(wrong)},
                )
            )
    return CheckResult(examined, tuple(hits))


# ---------------------------------------------------------------- inside

Groups = dict[Any, np.ndarray]  # key → positions of the corners of its outline
Marks = tuple[np.ndarray, np.ndarray, np.ndarray]  # corner or edge (−1: none), distance in m, whether examined


def _marked(corners: Corners, outlines: gpd.GeoDataFrame, points: gpd.GeoDataFrame, key: str, reach_m: float) -> Marks:
    """For every point the nearest corner of the outline of its key, if within `reach_m`."""
    geoms = np.asarray(points.geometry.array, dtype=object)
    xy = np.column_stack([shapely.get_x(geoms), shapely.get_y(geoms)])
    return _nearest(corners, _corners_by_key(corners, outlines, key), points[key].to_numpy(), xy, reach_m)


def _nearest(corners: Corners, groups: Groups, wanted: np.ndarray, xy: np.ndarray, reach_m: float) -> Marks:
    found = np.full(len(xy), -1)
    gap_m = np.full(len(xy), np.inf)
    examined = np.array([name in groups for name in wanted], dtype=bool) & ~np.isnan(xy).any(axis=1)
    for i in np.flatnonzero(examined):
        candidates = groups[wanted[i]]
        away = np.hypot(*(corners.xy[candidates] - xy[i]).T)
        best = int(np.argmin(away))
        gap_m[i] = away[best]
        if not exceeds(away[best], reach_m):
            found[i] = candidates[best]
    return found, gap_m, examined


def _corners_by_key(corners: Corners, outlines: gpd.GeoDataFrame, key: str) -> Groups:
    names = pd.Series(outlines[key].to_numpy()[corners.row], dtype=object)
    return {name: np.asarray(places) for name, places in names.groupby(names, sort=False).indices.items()}


def _edges_of_lines(
    corners: Corners, outlines: gpd.GeoDataFrame, lines: gpd.GeoDataFrame, key: str, reach_m: float
) -> Marks:
    """For every line the edge it runs along (its first corner), and how far the worse end lies off."""
    geoms = np.asarray(lines.geometry.array, dtype=object)
    ends = [shapely.get_coordinates(shapely.get_point(geoms, at)) if len(geoms) else np.empty((0, 2)) for at in (0, -1)]
    simple = shapely.get_type_id(geoms) == 1
    if not simple.all():  # something that is no single line marks no edge
        ends = [_spread(xy, simple) for xy in ends]
    groups = _corners_by_key(corners, outlines, key)
    (a, gap_a, seen), (b, gap_b, _) = (_nearest(corners, groups, lines[key].to_numpy(), xy, reach_m) for xy in ends)
    both = (a >= 0) & (b >= 0)
    edge = np.full(len(geoms), -1)
    edge = np.where(both & (corners.after[a] == b), a, edge) if len(corners.xy) else edge
    edge = np.where(both & (edge < 0) & (corners.after[b] == a), b, edge) if len(corners.xy) else edge
    return edge, np.maximum(gap_a, gap_b), seen


def _spread(xy: np.ndarray, there: np.ndarray) -> np.ndarray:
    full = np.full((len(there), 2), np.nan)
    full[there] = xy
    return full


def _expected_order(
    corners: Corners, curve: Curve | None, position: int, point_at: np.ndarray, numbers: np.ndarray
) -> np.ndarray:
    """Points of one outline in the order in which they should be numbered."""
    mine = np.flatnonzero(corners.row == position)
    rings = [mine[corners.ring[mine] == number] for number in np.unique(corners.ring[mine])]
    exact = curve.rings if curve else [corners.xy[ring] for ring in rings]
    ordered = [
        _kept(point_at[ring[nw_clockwise_order(vertices)]], numbers)
        for ring, vertices in zip(rings, exact, strict=True)
    ]
    shell, holes = ordered[0], sorted((h for h in ordered[1:] if len(h)), key=lambda h: float(numbers[h].min()))
    return np.concatenate([shell, *holes])


def _kept(points: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    return np.array([p for p in points if p >= 0 and not np.isnan(numbers[p])], dtype=int)


def _within_row(corners: Corners) -> np.ndarray:
    """Number of each corner within its feature, from 1."""
    first = (
        np.flatnonzero(np.append(True, corners.row[1:] != corners.row[:-1])) if len(corners.row) else np.zeros(0, int)
    )
    return np.arange(len(corners.row)) - np.repeat(first, np.diff(np.append(first, len(corners.row)))) + 1


def _place(xy: np.ndarray) -> dict[str, float]:
    return {"north_m": float(xy[1]), "east_m": float(xy[0])}
