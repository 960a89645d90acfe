"""What must hold of features of two layers that name each other: references, counts and sums by key."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.checks.attributes import blank, filled
from pipeline.checks.values import Row, limit_at
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import Number, exceeds

if TYPE_CHECKING:
    import geopandas as gpd


def refers_to(frame: gpd.GeoDataFrame, *, other: gpd.GeoDataFrame, field: str, other_field: str) -> CheckResult:
    """Every filled value of `field` exists as `other_field` in the other layer."""
    values = filled(frame, field)
    known = set(filled(other, other_field).astype(str))
    return CheckResult(
        len(values),
        tuple(
            Hit(row=row, field=field, measured=str(value)) for row, value in values.items() if str(value) not in known
        ),
    )


def required_with(frame: gpd.GeoDataFrame, *, other: gpd.GeoDataFrame, key: str, fields: Sequence[str]) -> CheckResult:
    """Every one of `fields` is filled in every feature whose `key` one of the other layer bears."""
    judged = frame[frame[key].isin(filled(other, key))]
    hits = [Hit(row=row, field=field) for field in fields for row in judged.index[blank(judged[field])]]
    return CheckResult(len(judged), tuple(hits))


def has_at_least(
    frame: gpd.GeoDataFrame, *, other: gpd.GeoDataFrame, field: str, other_field: str, at_least: float, unit: str = ""
) -> CheckResult:
    """At least `at_least` features of the other layer name each feature: their `other_field` is its `field`."""
    return CheckResult(
        int((~blank(frame[field])).sum()),
        tuple(
            Hit(row=row, measured=count, required=int(at_least), unit=unit or None)
            for row, count in _counts(frame, other, field, other_field)
            if count < at_least
        ),
    )


def count_equals(
    frame: gpd.GeoDataFrame, *, other: gpd.GeoDataFrame, field: str, other_field: str, stated: str, unit: str = ""
) -> CheckResult:
    """As many features of the other layer name each feature (`other_field` is its `field`) as it states in `stated`."""
    if other.empty:
        return CheckResult(0)
    told = frame[~blank(frame[stated])]
    return CheckResult(
        int((~blank(told[field])).sum()),
        tuple(
            Hit(row=row, field=stated, measured=int(told[stated][row]), required=count, unit=unit or None)
            for row, count in _counts(told, other, field, other_field)
            if count != told[stated][row]
        ),
    )


def sums_agree(
    frame: gpd.GeoDataFrame,
    *,
    other: gpd.GeoDataFrame,
    key: str,
    field: str,
    other_field: str,
    limit: Number | float,
    unit: str = "m²",
) -> CheckResult:
    """For every `key` of this layer, Σ `field` here = Σ `other_field` of the other layer with that key, within `limit`.

    limit: a number or a formula of the other side's sum. A key for which one figure is missing leaves the rule
    undetermined. Slots: group, difference.
    """
    own, theirs = _sums(frame, key, field), _sums(other, key, other_field)
    first = {name: rows[0] for name, rows in frame.groupby(key).groups.items()}
    pairs = [(first[name], name, total, theirs.get(name, 0.0)) for name, total in own.items()]
    known = [pair for pair in pairs if not math.isnan(pair[2] + pair[3])]
    lacking = [name for _, name, *both in pairs if math.isnan(sum(both))]
    return CheckResult(len(known), _unequal(known, field, limit, unit), _untold(lacking))


def sums_agree_by_owner(
    frame: gpd.GeoDataFrame,
    *,
    other: gpd.GeoDataFrame,
    key: str,
    field: str,
    other_field: str,
    limit: Number | float,
    kind: str | None = None,
    kinds: Sequence[str] = (),
    unit: str = "m²",
) -> CheckResult:
    """For every feature, among the others that bear its `key`: Σ `field` = Σ `other_field`, within `limit`.

    other: two layers laid one after the other, of which one has `field` and one has `other_field`; kind, kinds: of the
    latter only those whose `kind` is one of `kinds`. limit: a number or a formula of the second sum. A feature with
    nothing that has `field` is not examined; one figure missing leaves it undetermined. Slots: group, difference.
    """
    table = pd.DataFrame(other).reindex(columns=[key, field, other_field, *([kind] if kind else [])])
    gone = table[kind].notna() & ~table[kind].isin(kinds) if kind else pd.Series(data=False, index=table.index)
    table, owners = table[~gone], filled(frame, key)
    ours, theirs = table[field].astype(float), table[other_field].astype(float)
    lacking = set(table[key][ours.isna() & theirs.isna()])
    first, second = (values.dropna().groupby(table[key]).apply(math.fsum) for values in (ours, theirs))
    pairs = {row: (name, first[name], second.get(name, 0.0)) for row, name in owners.items() if name in first.index}
    known = [(row, *pair) for row, pair in pairs.items() if pair[0] not in lacking]
    open_ = [name for name, *_ in pairs.values() if name in lacking]
    return CheckResult(len(known), _unequal(known, field, limit, unit), _untold(open_))


# ---------------------------------------------------------------- inside


def _counts(
    frame: gpd.GeoDataFrame, other: gpd.GeoDataFrame, field: str, other_field: str
) -> Iterator[tuple[Any, int]]:
    """Per row with a filled `field`: how many features of the other layer have it as `other_field`."""
    counts = filled(other, other_field).astype(str).value_counts()
    for row, value in filled(frame, field).items():
        yield row, int(counts.get(str(value), 0))


def _sums(frame: gpd.GeoDataFrame, key: str, field: str) -> dict[Any, float]:
    """Σ of the field by key; NaN as soon as one row lacks it."""
    values: pd.Series = frame[field].astype(float)
    return {name: math.fsum(group) for name, group in values.groupby(frame[key])}


def _unequal(
    sums: Iterable[tuple[Row, Any, float, float]], field: str, limit: Number | float, unit: str
) -> tuple[Hit, ...]:
    """A hit for each (row, key, sum, sum wanted) that differs by more than `limit`."""
    return tuple(
        Hit(
            row=row,
            field=field,
            measured=total,
            required=wanted,
            unit=unit,
            tolerance=limit_at(limit, wanted),
            slots={"group": name, "difference": total - wanted},
        )
        for row, name, total, wanted in sums
        if exceeds(abs(total - wanted), limit_at(limit, wanted))
    )


def _untold(names: Iterable[Any]) -> tuple[str, ...]:
    return tuple(f"“{name}”有要素缺少数值，合计无法计算，请补全后重新检查" for name in names)
