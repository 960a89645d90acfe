"""Polygons inside, off and clear of another layer, and wide enough: what survey error explains is a narrow strip."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.checks.values import Key, Row, keys, rows_by_key
from pipeline.checks.widths import CHORDS_M, has_arcs
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import exceeds

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

CIRCLE_TOLERANCE_M = 0.001  # how finely the widest spot of a patch is sought
FOUND_TOLERANCE_M = 1e-4  # the same where a finding states the width
SLIVER_M2 = 1e-4  # common area that is still only touching


def stays_within(
    frame: GeoDataFrame, *, other: GeoDataFrame, limit_m: float, key: Key | None = None, other_key: Key | None = None
) -> CheckResult:
    """No polygon reaches farther than `limit_m` outside the other layer (with `key`: outside its polygons of that key).

    With `key`, features whose key the other layer does not know are not examined. The finding names the polygon that
    holds most of it, else the nearest. Slot: area_m2, the area outside.
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
                    other=_holder(shape, other.loc[groups[names[row]]]),
                    place=outside,
                    measured=reach_m,
                    required=0.0,
                    unit="m",
                    tolerance=limit_m,
                    slots={"area_m2": float(outside.area)},
                )
            )
    return CheckResult(len(judged), tuple(hits))


def no_encroachment(frame: GeoDataFrame, *, other: GeoDataFrame, limit_m: float, as_one: bool = False) -> CheckResult:
    """No polygon lies over one of the other layer by a strip wider than `limit_m`.

    Two surveys draw one wall twice: what survey error explains is a narrow strip, whatever its area. The width is
    measured. Slots: width_m, limit_m, area_m2, measured (the area).
    as_one: the other layer counts as one figure (levels above each other); the finding names the polygon met most.
    """
    if other.empty:
        return CheckResult(0)
    facing, judged = _polygons(other), _areal(frame)
    if as_one:
        return _encroachment_on_all(judged, facing, other.index, limit_m)
    tree = shapely.STRtree(facing)
    hits = [
        Hit(row=row, other=other.index[position], place=shared, **_strip(shared, limit_m))
        for row, shape in judged.items()
        for position, shared, width_m in _overlaps(shape, tree, facing)
        if exceeds(width_m, limit_m)
    ]
    return CheckResult(len(judged), tuple(hits))


def clear_of(frame: GeoDataFrame, *, other: GeoDataFrame, at_least_m: float, over_m: float = 0.0) -> CheckResult:
    """Every polygon keeps `at_least_m` from the other layer.

    One that lies over it by a strip wider than `over_m` is the matter of `no_encroachment` and not examined here.
    Between arcs it is measured between their chords, so as much less is allowed as these may leave.
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
        short = exceeds(at_least_m, float(gap_m))
        if short and (has_arcs(frame, row) or has_arcs(other, other.index[nearest])):
            short = exceeds(at_least_m, float(gap_m) + CHORDS_M)
        if short:
            hits.append(
                Hit(
                    row=row,
                    other=other.index[nearest],
                    place=shapely.shortest_line(shape, facing[nearest]),
                    measured=float(gap_m),
                    required=at_least_m,
                    unit="m",
                    tolerance=0.0,
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


def width(shape: Any, tolerance_m: float = CIRCLE_TOLERANCE_M) -> float:
    """Diameter of the largest circle that fits into a polygon, metres, to twice the tolerance."""
    return 2 * float(shapely.maximum_inscribed_circle(shape, tolerance=tolerance_m).length)


# ---------------------------------------------------------------- inside


def _areal(frame: GeoDataFrame) -> dict[Row, Any]:
    """The polygons by index label; invalid ones as GEOS repairs them, in memory only (validity has its own rule)."""
    shapes = frame.geometry[frame.geometry.area > 0]
    return dict(zip(shapes.index, shapely.make_valid(shapes.to_numpy()), strict=True))


def _polygons(frame: GeoDataFrame) -> np.ndarray:
    return np.asarray(shapely.make_valid(frame.geometry.to_numpy()), dtype=object)


def _strip(shared: Any, limit_m: float) -> dict[str, Any]:
    """What a finding says of a strip that is too wide; older editions call its area "measured" in the sentence."""
    width_m, area_m2 = width(shared, FOUND_TOLERANCE_M), float(shared.area)
    slots = {"width_m": width_m, "limit_m": limit_m, "area_m2": area_m2, "measured": area_m2}
    return {"measured": width_m, "required": 0.0, "unit": "m", "tolerance": limit_m, "slots": slots}


def _holder(shape: Any, holders: GeoDataFrame) -> Row:
    """The polygon that holds most of a shape; where none holds any of it, the nearest."""
    facing = _polygons(holders)
    shares, gaps = shapely.area(shapely.intersection(facing, shape)), shapely.distance(facing, shape)
    return holders.index[np.lexsort((gaps, -shares))[0]]


def _encroachment_on_all(judged: dict[Row, Any], facing: np.ndarray, names: Any, limit_m: float) -> CheckResult:
    whole = np.asarray([shapely.union_all(facing)], dtype=object)
    tree, hits = shapely.STRtree(whole), []
    for row, shape in judged.items():
        for _, shared, width_m in _overlaps(shape, tree, whole):
            if exceeds(width_m, limit_m):
                most = int(np.argmax(shapely.area(shapely.intersection(facing, shape))))
                hits.append(Hit(row, other=names[most], place=shared, **_strip(shared, limit_m)))
    return CheckResult(len(judged), tuple(hits))


def _overlaps(shape: Any, tree: shapely.STRtree, facing: np.ndarray) -> Iterator[tuple[int, Any, float]]:
    """(position, common part, its width) of every polygon there that `shape` lies over."""
    for position in sorted(tree.query(shape, predicate="intersects")):
        shared = shapely.intersection(shape, facing[position])
        if shared.area > SLIVER_M2:
            areal = shapely.union_all([part for part in shapely.get_parts(shared) if part.area > 0])
            yield int(position), areal, width(areal)
