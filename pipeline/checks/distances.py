"""Checks of distances in the plane: shifts, setbacks, clearances, widths. Arcs are followed to 1 mm by the readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from pipeline.checks.values import Key, limit_at, numbers, rows_by_key
from pipeline.measures import arcs
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import Number, exceeds

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

TOUCH_M = 0.01  # an end this near to an edge stands on it


def difference_within(
    frame: GeoDataFrame, *, field: str, limit: Number | float, unit: str = "m", size: str | None = None
) -> CheckResult:
    """No difference in `field` is larger than `limit`, up or down; rows that state none are not examined.

    size: the column whose figure a formula takes; absent = the difference itself.
    """
    given, sizes = numbers(frame, field), numbers(frame, size or field)
    allowed = {row: limit_at(limit, sizes[row]) for row in given if row in sizes}
    return CheckResult(
        len(allowed),
        tuple(
            Hit(row=row, measured=given[row], required=0.0, unit=unit, tolerance=limit_m, field=field)
            for row, limit_m in allowed.items()
            if exceeds(abs(given[row]), limit_m)
        ),
    )


def length_at_least(frame: GeoDataFrame, *, field: str, permitted: str, limit_m: float) -> CheckResult:
    """No measured distance falls short of its permitted one by more than `limit_m`.

    Args: field, permitted: columns of both, m; rows that lack one are not examined. Slot: short_m, by how much.
    """
    measured, wanted = numbers(frame, field), numbers(frame, permitted)
    short = {row: wanted[row] - measured[row] for row in measured if row in wanted}
    return CheckResult(
        len(short),
        tuple(
            Hit(
                row=row,
                measured=measured[row],
                required=wanted[row],
                unit="m",
                tolerance=limit_m,
                field=field,
                slots={"short_m": gap_m},
            )
            for row, gap_m in short.items()
            if exceeds(gap_m, limit_m)
        ),
    )


def ends_on(frame: GeoDataFrame, *, other: GeoDataFrame, limit_m: float, ends: int = 2) -> CheckResult:
    """At least `ends` of the two ends of every line lie on an outline of the other layer, within `limit_m`.

    A dimension that stops short of the wall or the boundary measures nothing.
    """
    lines = frame.geometry[shapely.get_type_id(frame.geometry.to_numpy()) == 1]
    if other.empty:
        return CheckResult(0)
    outline = shapely.union_all(shapely.boundary(other.geometry.to_numpy()))
    hits = []
    for row, line in lines.items():
        points = shapely.get_point(line, [0, -1])
        gaps = shapely.distance(points, outline)
        worst = int(gaps.argsort(kind="stable")[ends - 1])
        if exceeds(float(gaps[worst]), limit_m):
            hits.append(
                Hit(
                    row=row, place=points[worst], measured=float(gaps[worst]), required=0.0, unit="m", tolerance=limit_m
                )
            )
    return CheckResult(len(lines), tuple(hits))


def is_shortest(frame: GeoDataFrame, *, other: GeoDataFrame, limit_m: float) -> CheckResult:
    """No distance line is longer, by more than `limit_m`, than the shortest way between the edges that it joins.

    A dimension drawn aslant or from the wrong corner overstates the distance. Lines that join no two edges are not
    examined (`ends_on` speaks of them). The finding names the outline that the line ends on. Place: the shortest way.
    """
    edges, owners = _edges(other)
    lines = frame.geometry[shapely.get_type_id(frame.geometry.to_numpy()) == 1]
    if not len(edges):
        return CheckResult(0)
    tree, hits, examined = shapely.STRtree(edges), [], 0
    for row, line in lines.items():
        at_first, at_last = (tree.query(end, "dwithin", TOUCH_M) for end in shapely.get_point(line, [0, -1]))
        first, last = edges[at_first], edges[at_last]
        if not len(first) or not len(last):
            continue
        examined += 1
        gaps = shapely.distance(first[:, None], last[None, :])
        i, j = np.unravel_index(int(gaps.argmin()), gaps.shape)
        if exceeds(float(line.length - gaps[i, j]), limit_m):
            hits.append(
                Hit(
                    row=row,
                    other=other.index[owners[at_last[j]]],
                    place=shapely.shortest_line(first[i], last[j]),
                    measured=float(line.length),
                    required=float(gaps[i, j]),
                    unit="m",
                    tolerance=limit_m,
                )
            )
    return CheckResult(examined, tuple(hits))


def _edges(frame: GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Every edge of every outline as a line, an arc whole with all its chords, and the position of its feature."""
    curves = arcs.curves_of(frame)
    straight = np.setdiff1d(np.arange(len(frame)), list(curves)).astype(np.int64)
    lines, owner = shapely.get_parts(shapely.boundary(frame.geometry.to_numpy()[straight]), return_index=True)
    xy, of = shapely.get_coordinates(lines, return_index=True)
    same = of[1:] == of[:-1]
    edges = shapely.linestrings(np.stack([xy[:-1][same], xy[1:][same]], axis=1))
    exact = [(edge, row) for row, curve in curves.items() for edge in arcs.edges(curve)]
    owners = np.concatenate([straight[owner[of[:-1][same]]], np.array([row for _, row in exact], dtype=np.int64)])
    return np.concatenate([edges, np.array([edge for edge, _ in exact], dtype=object)]), owners


def free_of_points(frame: GeoDataFrame, *, other: GeoDataFrame) -> CheckResult:
    """No point of the other layer lies inside a feature; the finding names the feature and the first such point."""
    tree = shapely.STRtree(other.geometry.to_numpy())
    hits = []
    for row, shape in frame.geometry.items():
        inside = sorted(tree.query(shape, predicate="contains_properly"))
        if inside:
            first = other.index[inside[0]]
            place = other.geometry[first]
            hits.append(Hit(row=row, other=first, place=place, measured=len(inside), required=0, unit="个"))
    return CheckResult(len(frame), tuple(hits))


def points_apart(frame: GeoDataFrame, *, key: Key, at_least_m: float) -> CheckResult:
    """No two points of the same `key` lie nearer than `at_least_m`: one thing, drawn again under another number.

    Each is held against those before it; the finding names the nearest of them. Points without a key are not examined.
    """
    hits, examined = [], 0
    for rows in rows_by_key(frame, key).values():
        points = frame.geometry[rows].to_numpy()
        examined += len(points)
        later, earlier = shapely.STRtree(points).query(points, "dwithin", at_least_m)
        gaps = shapely.distance(points[later], points[earlier])
        nearest: dict[int, tuple[float, int]] = {}
        for i, j, gap_m in zip(later.tolist(), earlier.tolist(), gaps.tolist(), strict=True):
            if j < i and exceeds(at_least_m, gap_m):
                nearest[i] = min(nearest.get(i, (gap_m, j)), (gap_m, j))
        hits += [
            Hit(row=rows[i], other=rows[j], measured=gap_m, required=at_least_m, unit="m")
            for i, (gap_m, j) in sorted(nearest.items())
        ]
    return CheckResult(examined, tuple(hits))
