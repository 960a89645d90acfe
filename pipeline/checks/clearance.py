"""Widths everywhere and nearest places: narrow parts of wide polygons, too wide paths, the undrawn shortest distance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.checks.apart import CIRCLE_TOLERANCE_M, SLIVER_M2, width
from pipeline.checks.distances import TOUCH_M
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import exceeds

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

MITRE: dict[str, Any] = {"join_style": "mitre", "mitre_limit": 20.0}  # corners down to 6° come back whole
GRID_M = 1e-4  # twin vertices of an offset outline become one; they would mislead the mitre


def no_narrow_parts(frame: GeoDataFrame, *, at_least_m: float, over_m2: float) -> CheckResult:
    """No part of a polygon that is wide enough somewhere is narrower than `at_least_m`, but for `over_m2`.

    Narrow is what a strip of that width cannot sweep (opening by half the width, corners kept); a polygon that is
    nowhere wide enough is the matter of `min_width`. Slots: area_m2.
    """
    hits, examined, reach_m = [], 0, at_least_m / 2 - CIRCLE_TOLERANCE_M
    for row, shape in _areal(frame):
        core = shapely.set_precision(shapely.buffer(shape, -reach_m, **MITRE), GRID_M)
        if core.is_empty:
            continue
        examined += 1
        swept = shapely.buffer(core, reach_m + CIRCLE_TOLERANCE_M, **MITRE)
        pieces = shapely.get_parts(shapely.difference(shape, swept))
        hits += [
            Hit(
                row=row,
                place=piece,
                measured=width(piece),
                required=at_least_m,
                unit="m",
                slots={"area_m2": float(piece.area)},
            )
            for piece in pieces
            if piece.area > 0 and exceeds(piece.area, over_m2)
        ]
    return CheckResult(examined, tuple(hits))


def narrower_than(frame: GeoDataFrame, *, other: GeoDataFrame, under_m: float) -> CheckResult:
    """A polygon that lies on polygons of the other layer is narrower than `under_m` at its widest spot, 0: none may lie there.

    Each pair is examined. Slots: area_m2, the area that both have in common.
    """
    if other.empty:
        return CheckResult(0)
    grounds = shapely.make_valid(other.geometry.to_numpy())
    tree = shapely.STRtree(grounds)
    hits, examined = [], 0
    for row, shape in _areal(frame):
        wide_m = width(shape)
        for position in sorted(tree.query(shape, predicate="intersects")):
            shared = shapely.intersection(shape, grounds[position])
            if shared.area <= SLIVER_M2:
                continue
            examined += 1
            if wide_m >= under_m - 2 * CIRCLE_TOLERANCE_M:
                hits.append(
                    Hit(
                        row=row,
                        other=other.index[position],
                        place=shared,
                        measured=wide_m,
                        required=under_m,
                        unit="m",
                        slots={"area_m2": float(shared.area)},
                    )
                )
    return CheckResult(examined, tuple(hits))


def at_most_wide(frame: GeoDataFrame, *, other: GeoDataFrame, at_most_m: float) -> CheckResult:
    """A polygon that lies on one of the other layer is at most `at_most_m` wide, at its widest spot."""
    if other.empty:
        return CheckResult(0)
    tree = shapely.STRtree(other.geometry.to_numpy())
    hits, examined = [], 0
    for row, shape in _areal(frame):
        under = tree.query(shape.representative_point(), predicate="intersects")
        if not len(under):
            continue
        examined += 1
        if exceeds(width(shape), at_most_m + TOUCH_M):
            hits.append(Hit(row=row, other=other.index[under[0]], measured=width(shape), required=at_most_m, unit="m"))
    return CheckResult(examined, tuple(hits))


def nearest_is_drawn(frame: GeoDataFrame, *, other: GeoDataFrame, limit_m: float) -> CheckResult:
    """Where distance lines join two outlines, one of them joins the edges at which these are nearest, within `limit_m`.

    Lines elsewhere are shortest between *their* edges (`is_shortest`) and still miss the place where the distance is
    least. Outlines that meet have their own rules. The finding hangs on the shortest line drawn and names
    the outline that it ends on; place: where to draw.
    """
    shapes = shapely.make_valid(other.geometry.to_numpy())
    outlines = shapely.boundary(shapes)
    edges = [_edges(outline) for outline in outlines]
    tree = shapely.STRtree(outlines)
    drawn: dict[tuple[int, int], dict[Any, float]] = {}
    met: dict[tuple[int, int, Any], int] = {}  # the outline that a line ends on
    for row, line in frame.geometry[shapely.get_type_id(frame.geometry.to_numpy()) == 1].items():
        ends = shapely.get_point(line, [0, -1])
        for i in tree.query(ends[0], "dwithin", TOUCH_M):
            for j in tree.query(ends[1], "dwithin", TOUCH_M):
                if i != j:
                    pair = (min(i, j), max(i, j))
                    met[*pair, row] = j
                    drawn.setdefault(pair, {})[row] = _joined(edges[i], ends[0], edges[j], ends[1])
    hits = []
    for (i, j), lines in sorted(drawn.items()):
        least, row = float(shapely.distance(outlines[i], outlines[j])), min(lines, key=lambda r: (lines[r], str(r)))
        if least > TOUCH_M and exceeds(lines[row] - least, limit_m):
            hits.append(
                Hit(
                    row=row,
                    other=other.index[met[i, j, row]],
                    measured=lines[row],
                    required=least,
                    unit="m",
                    tolerance=limit_m,
                    place=shapely.shortest_line(outlines[i], outlines[j]),
                )
            )
    return CheckResult(len(drawn), tuple(hits))


# ---------------------------------------------------------------- inside


def _joined(own: np.ndarray, start: Any, theirs: np.ndarray, end: Any) -> float:
    """Shortest distance between the edges that a line touches with its ends."""
    first = own[shapely.distance(own, start) <= TOUCH_M]
    last = theirs[shapely.distance(theirs, end) <= TOUCH_M]
    return float(shapely.distance(first[:, None], last[None, :]).min())


def _edges(outline: Any) -> np.ndarray:
    xy, of = shapely.get_coordinates(shapely.get_parts(outline), return_index=True)
    same = of[1:] == of[:-1]
    return np.asarray(shapely.linestrings(np.stack([xy[:-1][same], xy[1:][same]], axis=1)))


def _areal(frame: GeoDataFrame) -> Iterator[tuple[Any, Any]]:
    """Index label and polygon of every feature with an area; invalid ones as GEOS repairs them, in memory only."""
    shapes = frame.geometry[frame.geometry.area > 0]
    yield from zip(shapes.index, shapely.make_valid(shapes.to_numpy()), strict=True)
