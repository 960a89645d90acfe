"""Checks of distances in the plane: shifts, setbacks, clearances, widths. Arcs are followed to 1 mm by the readers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.checks.values import Key, Row, keys, limit_at, numbers, rows_by_key
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import Number, exceeds

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

CIRCLE_TOLERANCE_M = 0.001  # how finely the widest spot of a patch is sought
SLIVER_M2 = 1e-4  # common area that is still only touching
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
    """No measured distance falls short of its permitted one by more than `limit_m`."""
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
    examined (`ends_on` speaks of them). Slot: place of the shortest way.
    """
    edges = _edges(other)
    lines = frame.geometry[shapely.get_type_id(frame.geometry.to_numpy()) == 1]
    if not len(edges):
        return CheckResult(0)
    tree, hits, examined = shapely.STRtree(edges), [], 0
    for row, line in lines.items():
        first, last = (edges[tree.query(end, "dwithin", TOUCH_M)] for end in shapely.get_point(line, [0, -1]))
        if not len(first) or not len(last):
            continue
        examined += 1
        gaps = shapely.distance(first[:, None], last[None, :])
        i, j = np.unravel_index(int(gaps.argmin()), gaps.shape)
        if exceeds(float(line.length - gaps[i, j]), limit_m):
            hits.append(
                Hit(
                    row=row,
                    place=shapely.shortest_line(first[i], last[j]),
                    measured=float(line.length),
                    required=float(gaps[i, j]),
                    unit="m",
                    tolerance=limit_m,
                )
            )
    return CheckResult(examined, tuple(hits))


def _edges(frame: GeoDataFrame) -> np.ndarray:
    """Every edge of every outline as a two-point line."""
    lines = shapely.get_parts(shapely.boundary(frame.geometry.to_numpy()))
    xy, of = shapely.get_coordinates(lines, return_index=True)
    same = of[1:] == of[:-1]
    return np.asarray(shapely.linestrings(np.stack([xy[:-1][same], xy[1:][same]], axis=1)))


def stays_within(
    frame: GeoDataFrame, *, other: GeoDataFrame, limit_m: float, key: Key | None = None, other_key: Key | None = None
) -> CheckResult:
    """No polygon reaches farther than `limit_m` outside the other layer (with `key`: outside its polygons of that key).

    With `key`, features whose key the other layer does not know are not examined. Slot: area_m2, the area outside.
    """
    groups = rows_by_key(other, other_key or key) if key else {"": list(other.index)}
    covers = {name: shapely.union_all(_polygons(other.loc[rows])) for name, rows in groups.items() if rows}
    names = keys(frame, key) if key else dict.fromkeys(frame.index, "")
    judged = {row: shape for row, shape in _areal(frame).items() if names.get(row) in covers}
    hits = []
    for row, shape in judged.items():
        cover = covers[names[row]]
        outside = shapely.difference(shape, cover)
        reach_m = float(shapely.distance(shapely.points(shapely.get_coordinates(outside)), cover).max(initial=0.0))
        if exceeds(reach_m, limit_m):
            hits.append(
                Hit(
                    row=row,
                    place=outside,
                    measured=reach_m,
                    required=0.0,
                    unit="m",
                    tolerance=limit_m,
                    slots={"area_m2": float(outside.area)},
                )
            )
    return CheckResult(len(judged), tuple(hits))


def no_encroachment(frame: GeoDataFrame, *, other: GeoDataFrame, limit_m: float) -> CheckResult:
    """No polygon lies over one of the other layer by a strip wider than `limit_m`.

    Two surveys draw one wall twice: what survey error explains is a narrow strip, whatever its area. Slot: width_m.
    """
    if other.empty:
        return CheckResult(0)
    facing, judged = _polygons(other), _areal(frame)
    tree = shapely.STRtree(facing)
    hits = [
        Hit(
            row=row,
            other=other.index[position],
            place=shared,
            measured=float(shared.area),
            required=0.0,
            unit="m²",
            tolerance=None,
            slots={"width_m": width_m, "limit_m": limit_m},
        )
        for row, shape in judged.items()
        for position, shared, width_m in _overlaps(shape, tree, facing)
        if exceeds(width_m, limit_m)
    ]
    return CheckResult(len(judged), tuple(hits))


def clear_of(frame: GeoDataFrame, *, other: GeoDataFrame, at_least_m: float, over_m: float = 0.0) -> CheckResult:
    """Every polygon keeps `at_least_m` from the other layer.

    One that lies over it by a strip wider than `over_m` is the matter of `no_encroachment` and not examined here.
    """
    if other.empty:
        return CheckResult(0)
    facing = _polygons(other)
    tree = shapely.STRtree(facing)
    hits, examined = [], 0
    for row, shape in _areal(frame).items():
        if any(exceeds(width_m, over_m) for _, _, width_m in _overlaps(shape, tree, facing)):
            continue
        examined += 1
        (nearest,), (gap_m,) = tree.query_nearest(shape, return_distance=True, all_matches=False)
        if exceeds(at_least_m, float(gap_m)):
            hits.append(
                Hit(
                    row=row,
                    other=other.index[nearest],
                    place=shapely.shortest_line(shape, facing[nearest]),
                    measured=float(gap_m),
                    required=at_least_m,
                    unit="m",
                )
            )
    return CheckResult(examined, tuple(hits))


def min_width(frame: GeoDataFrame, *, at_least_m: float) -> CheckResult:
    """Every polygon is at least `at_least_m` wide: a circle of that diameter fits into it.

    The widest spot decides; a tapering end does not make a patch narrow (our own reading of "width").
    """
    widths = {row: width(shape) for row, shape in _areal(frame).items()}
    return CheckResult(
        len(widths),
        tuple(
            Hit(row=row, measured=width_m, required=at_least_m, unit="m")
            for row, width_m in widths.items()
            if exceeds(at_least_m, width_m + 2 * CIRCLE_TOLERANCE_M)
        ),
    )


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


def width(shape: Any) -> float:
    """Diameter of the largest circle that fits into a polygon, metres, to 2 mm."""
    return 2 * float(shapely.maximum_inscribed_circle(shape, tolerance=CIRCLE_TOLERANCE_M).length)


# ---------------------------------------------------------------- inside


def _areal(frame: GeoDataFrame) -> dict[Row, Any]:
    """The polygons by index label; invalid ones as GEOS repairs them, in memory only (validity has its own rule)."""
    shapes = frame.geometry[frame.geometry.area > 0]
    return dict(zip(shapes.index, shapely.make_valid(shapes.to_numpy()), strict=True))


def _polygons(frame: GeoDataFrame) -> np.ndarray:
    return np.asarray(shapely.make_valid(frame.geometry.to_numpy()), dtype=object)


def _overlaps(shape: Any, tree: shapely.STRtree, facing: np.ndarray) -> Iterator[tuple[int, Any, float]]:
    """(position, common part, its width) of every polygon there that `shape` lies over."""
    for position in sorted(tree.query(shape, predicate="intersects")):
        shared = shapely.intersection(shape, facing[position])
        if shared.area > SLIVER_M2:
            areal = shapely.union_all([part for part in shapely.get_parts(shared) if part.area > 0])
            yield int(position), areal, width(areal)
