"""Checks between two layers that speak of the same things: identity, equal figures, agreeing outlines and corners."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.checks.clearance import GRID_M, MITRE
from pipeline.checks.values import Key, Row, keys, limit_at, numbers, rows_by_key, whole_if_exact
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import Number, exceeds

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


# ---------------------------------------------------------------- identity and figures


def same_set(frame: GeoDataFrame, *, other: GeoDataFrame, key: Key, other_key: Key | None = None) -> CheckResult:
    """Both layers name the same things, each as often on one side as on the other; what is missing is named.

    Slots: name, own_count, other_count. A thing that only the other layer names is placed there.
    """
    own, others = rows_by_key(frame, key), rows_by_key(other, other_key or key)
    names = sorted({*own, *others})
    hits = [
        _unequal(name, own.get(name, []), others.get(name, []), other)
        for name in names
        if len(own.get(name, [])) != len(others.get(name, []))
    ]
    return CheckResult(len(names), tuple(hits))


def _unequal(name: str, own: list[Row], others: list[Row], other: GeoDataFrame) -> Hit:
    return Hit(
        row=own[0] if own else None,
        other=others[0] if others else None,
        place=None if own else other.geometry[others[0]],
        measured=len(own),
        required=len(others),
        unit="个",
        slots={"name": name, "own_count": len(own), "other_count": len(others)},
    )


def same_value(
    frame: GeoDataFrame,
    *,
    other: GeoDataFrame,
    key: Key,
    field: str,
    other_key: Key | None = None,
    other_field: str | None = None,
    limit: Number | float | None = None,
    unit: str = "",
) -> CheckResult:
    """The same thing has the same value in both layers, figures within `limit`; what one side lacks is not examined.

    limit: a number, or a formula of the other side's figure; absent = words, compared as they are. Slot: difference.
    """
    theirs = other_field or field
    pairs = list(_pairs(frame, other, key, other_key or key))
    if limit is None:
        return _same_words(pairs, keys(frame, field), keys(other, theirs), field)
    own, others = numbers(frame, field), numbers(other, theirs)
    judged = [(a, b) for a, b in pairs if a in own and b in others]
    hits = []
    for a, b in judged:
        gap, allowed = own[a] - others[b], limit_at(limit, others[b])
        if exceeds(abs(gap), allowed):
            hits.append(
                Hit(
                    row=a,
                    other=b,
                    measured=whole_if_exact(own[a]),
                    required=whole_if_exact(others[b]),
                    unit=unit or None,
                    tolerance=allowed,
                    field=field,
                    slots={"difference": gap},
                )
            )
    return CheckResult(len(judged), tuple(hits))


def _same_words(
    pairs: list[tuple[Row, Row]], own: Mapping[Row, str], others: Mapping[Row, str], field: str
) -> CheckResult:
    judged = [(a, b) for a, b in pairs if a in own and b in others]
    return CheckResult(
        len(judged),
        tuple(
            Hit(row=a, other=b, measured=own[a], required=others[b], field=field)
            for a, b in judged
            if own[a] != others[b]
        ),
    )


def total_agrees(
    frame: GeoDataFrame,
    *,
    other: GeoDataFrame,
    field: str,
    total_limit: Number | float,
    other_field: str | None = None,
    unit: str = "m²",
) -> CheckResult:
    """The totals of both layers agree within `total_limit` (a formula takes the other layer's total)."""
    if frame.empty or other.empty:
        return CheckResult(0)
    own, theirs = numbers(frame, field), numbers(other, other_field or field)
    if len(own) < len(frame) or len(theirs) < len(other):
        return CheckResult(0, (), ("合计无法计算：有要素缺少数值，请补全后重新检查",))
    mine, yours = math.fsum(own.values()), math.fsum(theirs.values())
    gap, allowed = mine - yours, limit_at(total_limit, yours)
    hit = Hit(
        measured=whole_if_exact(mine),
        required=whole_if_exact(yours),
        unit=unit,
        tolerance=allowed,
        slots={"difference": gap},
    )
    return CheckResult(len(frame), (hit,) if exceeds(abs(gap), allowed) else ())


# ---------------------------------------------------------------- outlines


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
    matches = _pairs(frame, other, key, other_key or key) if key else _wholes(frame, other)
    hits, examined = [], 0
    for a, b in matches:
        own, theirs = _outline(frame, a, whole=not key), _outline(other, b, whole=not key)
        if own is None or theirs is None:
            continue
        examined += 1
        if (
            explained is not None
            and _outline_gap(own, _without(theirs, explained, corner_limit_m), area_limit, corner_limit_m) is None
        ):
            continue
        facts = _outline_gap(own, theirs, area_limit, corner_limit_m)
        if facts is not None:
            hits.append(Hit(row=a, other=b, **facts))
    return CheckResult(examined, tuple(hits))


def _without(whole: Any, part: Any, width_m: float) -> Any:
    """`whole` less `part`; no rest narrower than `width_m` stays where two drawn edges mean one line, corners stay sharp."""
    kept = shapely.set_precision(shapely.buffer(whole.difference(part), -width_m / 2, **MITRE), GRID_M)
    return shapely.buffer(kept, width_m / 2, **MITRE)


def _outline_gap(own: Any, theirs: Any, area_limit: Number | float, corner_limit_m: float) -> dict[str, Any] | None:
    gap_m2, allowed = own.area - theirs.area, limit_at(area_limit, theirs.area)
    shift_m, corner = largest_shift(own, theirs)
    too_far = exceeds(shift_m, corner_limit_m)
    if not too_far and not exceeds(abs(gap_m2), allowed):
        return None
    slots = {
        "other_area_m2": theirs.area,
        "area_gap_m2": gap_m2,
        "area_limit_m2": allowed,
        "shift_m": shift_m,
        "corner_limit_m": corner_limit_m,
        "iou_pct": 100 * own.intersection(theirs).area / own.union(theirs).area,
    }
    judged = (
        {"place": corner, "measured": shift_m, "required": 0.0, "unit": "m", "tolerance": corner_limit_m}
        if too_far
        else {"measured": own.area, "required": theirs.area, "unit": "m²", "tolerance": allowed}
    )
    return {**judged, "slots": slots}


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


def _pairs(frame: GeoDataFrame, other: GeoDataFrame, key: Key, other_key: Key | None) -> Iterator[tuple[Row, Row]]:
    theirs = rows_by_key(other, other_key or key)
    for name, rows in rows_by_key(frame, key).items():
        yield from ((a, b) for a in rows for b in theirs.get(name, []))


def _wholes(frame: GeoDataFrame, other: GeoDataFrame) -> Iterator[tuple[Row, Row]]:
    if len(frame) and len(other):
        yield frame.index[0], other.index[0]


def _of_layer(frame: GeoDataFrame, layer: str) -> np.ndarray:
    """Rows that come from the canonical layer of this name (features are called "survey.layer/…")."""
    return np.array([str(name).partition("/")[0].endswith(f".{layer}") for name in frame["feature"]], dtype=bool)


def _outlines_of(frame: GeoDataFrame, layer: str) -> Any | None:
    shapes = frame.geometry[_of_layer(frame, layer)].to_numpy()
    return shapely.union_all(shapely.make_valid(shapes)) if len(shapes) else None


def _outline(frame: GeoDataFrame, row: Row, *, whole: bool) -> Any | None:
    """The polygon to compare, None when there is none; an invalid one as GEOS repairs it, in memory only."""
    shapes = frame.geometry if whole else frame.geometry.loc[[row]]
    usable = shapes[~(shapes.is_empty | shapes.isna())]
    return None if usable.empty else shapely.union_all(shapely.make_valid(usable.to_numpy()))
