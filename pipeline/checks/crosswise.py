"""Checks between two layers that speak of the same things: identity, equal figures, agreeing outlines and corners."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.checks.values import Key, Row, keys, limit_at, numbers, pairs_by_key, rows_by_key, whole_if_exact
from pipeline.model import CheckResult, Hit
from pipeline.side_by_side import Compared
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
    mine, yours = sum(map(len, own.values())), sum(map(len, others.values()))
    laid = Compared(None, mine, yours, mine - yours, "个", limit=0.0, agrees=not hits)
    return CheckResult(len(names), tuple(hits), compared=(laid,) if names else ())


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

    key, field: columns of this layer; other_key, other_field: what they are called in the other one, where that differs.
    limit: a number, or a formula of the other side's figure; absent = words, compared as they are. Slot: difference
    (of figures).
    """
    theirs = other_field or field
    pairs = list(pairs_by_key(frame, other, key, other_key or key))
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
    """The totals of both layers agree within `total_limit` (a formula takes the other layer's total).

    A layer without features, or a feature without its figure, leaves nothing to compare. Slot: difference.
    """
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
    off = exceeds(abs(gap), allowed)
    laid = Compared(None, mine, yours, gap, unit, limit=allowed, agrees=not off)
    return CheckResult(len(frame), (hit,) if off else (), compared=(laid,))
