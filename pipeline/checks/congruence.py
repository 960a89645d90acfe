"""Checks of outlines that two surveys draw of one thing: equal areas, no corner far off; laid side by side in any case."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from pipeline.checks.clearance import GRID_M, MITRE
from pipeline.checks.values import Key, Row, keys, limit_at, pairs_by_key
from pipeline.measures.columns import polygon_area
from pipeline.model import CheckResult, Hit
from pipeline.side_by_side import Compared, Part
from pipeline.tolerance import Number, exceeds

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def footprint_agrees(
    frame: GeoDataFrame,
    *,
    other: GeoDataFrame,
    area_limit: Number | float,
    corner_limit_m: float,
    key: Key | None = None,
    other_key: Key | None = None,
    less: str | None = None,
) -> CheckResult:
    """The same thing has the same outline in both layers: area within `area_limit`, no corner farther off than allowed.

    less: a layer among the others whose land explains a difference: this side may be the other's outline without it
    (and without rests narrower than `corner_limit_m`, which differing edges leave).

    Without `key` all features of a layer are one outline. The shift of a corner is its distance to the other outline,
    taken both ways, so a vertex that only one side records on a straight side is no shift.
    Slots: area_gap_m2, other_area_m2, area_limit_m2, shift_m, corner_limit_m, iou_pct.
    """
    explained = None if less is None else _outlines_of(other, less)
    other = other if less is None else other[~_of_layer(other, less)]
    names = keys(frame, key) if key else {}
    hits, compared = [], []
    for a, b in pairs_by_key(frame, other, key, other_key or key) if key else _wholes(frame, other):
        own, theirs = _outline(frame, a, whole=not key), _outline(other, b, whole=not key)
        if own is None or theirs is None:
            continue
        laid, corner = _laid(own, theirs, area_limit, corner_limit_m)
        if explained is not None and less is not None and not laid.agrees:
            kept = theirs._replace(shape=_trimmed(theirs.shape, explained, corner_limit_m))
            rest, _ = _laid(own, kept, area_limit, corner_limit_m)
            laid = _without(theirs, rest, less) if rest.agrees else laid
        compared.append(dataclasses.replace(laid, name=names.get(a), rows=(a,), others=(b,)))
        if not laid.agrees:
            hits.append(Hit(row=a, other=b, **_outline_facts(laid, corner)))
    return CheckResult(len(compared), tuple(hits), compared=tuple(compared))


class _Outline(NamedTuple):
    """A drawn outline. segments_m2: what its arcs enclose beyond their chords."""

    shape: Any
    segments_m2: float

    @property
    def area_m2(self) -> float:
        return float(self.shape.area) + self.segments_m2


def _laid(own: _Outline, theirs: _Outline, area_limit: Number | float, corner_limit_m: float) -> tuple[Compared, Any]:
    """Two outlines side by side, and the corner with the largest shift."""
    gap_m2, allowed = own.area_m2 - theirs.area_m2, limit_at(area_limit, theirs.area_m2)
    shift_m, corner = largest_shift(own.shape, theirs.shape)
    common, together = own.shape.intersection(theirs.shape).area, own.shape.union(theirs.shape).area
    found = Compared(
        None,
        own.area_m2,
        theirs.area_m2,
        gap_m2,
        "m²",
        limit=allowed,
        agrees=not exceeds(shift_m, corner_limit_m) and not exceeds(abs(gap_m2), allowed),
        shift_m=shift_m,
        shift_limit_m=corner_limit_m,
        overlap_pct=100 * common / together if together else None,
    )
    return found, corner


def _trimmed(whole: Any, part: Any, width_m: float) -> Any:
    """`whole` less `part`; no rest narrower than `width_m` stays where two drawn edges mean one line, corners stay sharp."""
    kept = shapely.set_precision(shapely.buffer(whole.difference(part), -width_m / 2, **MITRE), GRID_M)
    return shapely.buffer(kept, width_m / 2, **MITRE)


def _without(theirs: _Outline, rest: Compared, less: str) -> Compared:
    """The comparison with the other's outline without the land that explains the difference, beside its whole area."""
    gap_m2 = (rest.own or 0.0) - theirs.area_m2
    levied = (rest.other or 0.0) - theirs.area_m2
    part = Part(less, less, 0.0, -levied, levied)
    return dataclasses.replace(
        rest, other=theirs.area_m2, difference=gap_m2, explained=levied, unexplained=gap_m2 - levied, parts=(part,)
    )


def _outline_facts(laid: Compared, corner: Any) -> dict[str, Any]:
    """What a finding says of two outlines that do not agree."""
    slots = {
        "other_area_m2": laid.other,
        "area_gap_m2": laid.difference,
        "area_limit_m2": laid.limit,
        "shift_m": laid.shift_m,
        "corner_limit_m": laid.shift_limit_m,
        "iou_pct": laid.overlap_pct,
    }
    if laid.shift_m is not None and laid.shift_limit_m is not None and exceeds(laid.shift_m, laid.shift_limit_m):
        judged = {"measured": laid.shift_m, "required": 0.0, "unit": "m", "tolerance": laid.shift_limit_m}
        return {"place": corner, **judged, "slots": slots}
    return {"measured": laid.own, "required": laid.other, "unit": laid.unit, "tolerance": laid.limit, "slots": slots}


def largest_shift(own: Any, theirs: Any) -> tuple[float, Any]:
    """Largest distance of a vertex of either polygon to the outline of the other, and that vertex."""
    best, place = 0.0, None
    for one, two in ((own, theirs), (theirs, own)):
        points = shapely.points(shapely.get_coordinates(one))
        gaps = shapely.distance(points, two.boundary)
        if gaps.max(initial=0.0) > best:
            best, place = float(gaps.max()), points[int(gaps.argmax())]
    return best, place


# ---------------------------------------------------------------- inside


def _wholes(frame: GeoDataFrame, other: GeoDataFrame) -> Iterator[tuple[Row, Row]]:
    if len(frame) and len(other):
        yield frame.index[0], other.index[0]


def _of_layer(frame: GeoDataFrame, layer: str) -> np.ndarray:
    """Rows that come from the canonical layer of this name (features are called "survey.layer/…")."""
    return np.array([str(name).partition("/")[0].endswith(f".{layer}") for name in frame["feature"]], dtype=bool)


def _outlines_of(frame: GeoDataFrame, layer: str) -> Any | None:
    shapes = frame.geometry[_of_layer(frame, layer)].to_numpy()
    return shapely.union_all(shapely.make_valid(shapes)) if len(shapes) else None


def _outline(frame: GeoDataFrame, row: Row, *, whole: bool) -> _Outline | None:
    """The polygon to compare, None when there is none; an invalid one as GEOS repairs it, in memory only."""
    rows = frame if whole else frame.loc[[row]]
    usable = rows[~(rows.geometry.is_empty | rows.geometry.isna())]
    if usable.empty:
        return None
    shapes = usable.geometry.to_numpy()
    segments_m2 = math.fsum(polygon_area(usable) - shapely.area(shapes))
    return _Outline(shapely.union_all(shapely.make_valid(shapes)), segments_m2)
