"""Differences between two surveys that count by different rules: explained part by part, the rest within a limit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.checks.laid_areas import Columns, areas_laid, total_laid
from pipeline.checks.values import Key, Row, keys, limit_at, numbers, rows_by_key
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import Number, exceeds

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def explained_difference(
    frame: GeoDataFrame,
    *,
    other: GeoDataFrame,
    key: Key,
    field: str,
    part: str,
    counterpart: str,
    note: str,
    unexplained_limit: Number | float,
    other_key: Key | None = None,
    part_name: str | None = None,
    unit: str = "m²",
) -> CheckResult:
    """The difference between two surveys' totals is explained part by part; the unexplained rest keeps the limit.

    Args: frame: the wholes, `field` = this survey's total; other: the other survey's parts, `part` = what it counts of
        each, `counterpart` = what this survey counts of it. Only a part with a `note` explains its difference.
        The limit's formula takes the other survey's total. A whole without parts is not examined.
        part_name: what a part is called where the areas are laid side by side, which they are for every whole.
    Slots: other_total, difference (other − own), explained, unexplained, items (note and amount).
    """
    wholes = _wholes(frame, field, key, _parts(other, other_key or key, part, counterpart, note))
    hits = tuple(
        Hit(
            row=row,
            measured=whole.own,
            required=whole.theirs - whole.explained,
            unit=unit,
            tolerance=limit_at(unexplained_limit, whole.theirs),
            field=field,
            slots=whole.slots,
        )
        for row, whole in wholes.items()
        if exceeds(abs(whole.rest), limit_at(unexplained_limit, whole.theirs))
    )
    columns = Columns(key, other_key or key, field, part, counterpart, note, part_name)
    return CheckResult(len(wholes), hits, compared=areas_laid(frame, other, columns, unexplained_limit, unit))


def explained_total(
    frame: GeoDataFrame,
    *,
    other: GeoDataFrame,
    key: Key,
    field: str,
    part: str,
    counterpart: str,
    note: str,
    unexplained_limit: Number | float,
    other_key: Key | None = None,
    part_name: str | None = None,
    unit: str = "m²",
) -> CheckResult:
    """What stays unexplained of each whole does not add up, over the project, to more than the limit of the total.

    Arguments as in `explained_difference`, which speaks of a whole whose own rest is too large: that one is left out
    here, and nothing is examined where both sides do not name the same wholes. The finding hangs on the largest rest.
    Slots: other_total, difference, explained, unexplained, count.
    """
    parts = _parts(other, other_key or key, part, counterpart, note)
    wholes = _wholes(frame, field, key, parts)
    if len(wholes) < len(frame) or {whole.name for whole in wholes.values()} != set(parts):
        return CheckResult(0)
    kept = {
        row: whole
        for row, whole in wholes.items()
        if not exceeds(abs(whole.rest), limit_at(unexplained_limit, whole.theirs))
    }
    columns = Columns(key, other_key or key, field, part, counterpart, note, part_name)
    laid = total_laid(areas_laid(frame, other, columns, unexplained_limit, unit), unexplained_limit, unit)
    hits = _unexplained_sum(kept, unexplained_limit, unit=unit, field=field)
    return CheckResult(len(kept), hits, compared=laid)


# ---------------------------------------------------------------- inside


@dataclass(frozen=True, slots=True)
class _Whole:
    """What both surveys count of one whole, and by note what the differences of its parts explain; all in one unit."""

    name: str
    own: float
    theirs: float
    items: Mapping[str, float]

    @property
    def explained(self) -> float:
        return math.fsum(self.items.values())

    @property
    def rest(self) -> float:
        """What stays unexplained of the difference."""
        return self.theirs - self.own - self.explained

    @property
    def slots(self) -> dict[str, Any]:
        return {
            "other_total": self.theirs,
            "difference": self.theirs - self.own,
            "explained": self.explained,
            "unexplained": self.rest,
            "items": "，".join(f"{why} {amount:+.2f}" for why, amount in self.items.items()) or "无",
        }


def _wholes(
    frame: GeoDataFrame, field: str, key: Key, parts: Mapping[str, tuple[float, Mapping[str, float]]]
) -> dict[Row, _Whole]:
    """The wholes that have a total in `field` and parts, by row."""
    totals, names = numbers(frame, field), keys(frame, key)
    return {row: _Whole(names[row], own, *parts[names[row]]) for row, own in totals.items() if names.get(row) in parts}


def _unexplained_sum(kept: Mapping[Row, _Whole], limit: Number | float, *, unit: str, field: str) -> tuple[Hit, ...]:
    """One hit, at the largest rest, when all rests together exceed the limit of the other survey's total."""
    if not kept:
        return ()
    sums = zip(*((whole.own, whole.theirs, whole.rest) for whole in kept.values()), strict=True)
    own, theirs, rest = map(math.fsum, sums)
    allowed = limit_at(limit, theirs)
    if not exceeds(abs(rest), allowed):
        return ()
    hit = Hit(
        row=max(kept, key=lambda row: (abs(kept[row].rest), str(row))),
        measured=own,
        required=own + rest,
        unit=unit,
        tolerance=allowed,
        field=field,
        slots={
            "other_total": theirs,
            "difference": theirs - own,
            "explained": theirs - own - rest,
            "unexplained": rest,
            "count": len(kept),
        },
    )
    return (hit,)


def _parts(
    other: GeoDataFrame, key: Key, part: str, counterpart: str, note: str
) -> dict[str, tuple[float, dict[str, float]]]:
    """Total and noted differences of the parts, by the whole they belong to."""
    counted, theirs, notes = numbers(other, part), numbers(other, counterpart), keys(other, note)
    return {name: _explained(rows, counted, theirs, notes) for name, rows in rows_by_key(other, key).items()}


def _explained(
    rows: list[Row], counted: Mapping[Row, float], counterpart: Mapping[Row, float], notes: Mapping[Row, str]
) -> tuple[float, dict[str, float]]:
    """Total of the parts, and the differences that have a note, by note."""
    items: dict[str, float] = {}
    for row in rows:
        gap = counted.get(row, 0.0) - counterpart.get(row, counted.get(row, 0.0))
        if row in notes and gap:
            items[notes[row]] = items.get(notes[row], 0.0) + gap
    return math.fsum(counted.get(row, 0.0) for row in rows), items
