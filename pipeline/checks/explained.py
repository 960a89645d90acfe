"""Differences between two surveys that count by different rules: explained part by part, the rest within a limit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

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
    parts = _parts(other, other_key or key, part, counterpart, note)
    columns = Columns(key, other_key or key, field, part, counterpart, note, part_name)
    laid = areas_laid(frame, other, columns, unexplained_limit, unit)
    totals, names = numbers(frame, field), keys(frame, key)
    judged = [row for row in totals if names.get(row) in parts]
    hits = []
    for row in judged:
        theirs, items = parts[names[row]]
        explained = math.fsum(items.values())
        rest, allowed = theirs - totals[row] - explained, limit_at(unexplained_limit, theirs)
        if exceeds(abs(rest), allowed):
            named = "，".join(f"{why} {amount:+.2f}" for why, amount in items.items()) or "无"
            slots = {
                "other_total": theirs,
                "difference": theirs - totals[row],
                "explained": explained,
                "unexplained": rest,
                "items": named,
            }
            hits.append(
                Hit(
                    row=row,
                    measured=totals[row],
                    required=theirs - explained,
                    unit=unit,
                    tolerance=allowed,
                    field=field,
                    slots=slots,
                )
            )
    return CheckResult(len(judged), tuple(hits), compared=laid)


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
    totals, names = numbers(frame, field), keys(frame, key)
    if not totals or {names.get(row) for row in totals} != set(parts) or len(totals) < len(frame):
        return CheckResult(0)
    columns = Columns(key, other_key or key, field, part, counterpart, note, part_name)
    each = areas_laid(frame, other, columns, unexplained_limit, unit)
    laid = total_laid(each, unexplained_limit, unit)
    rests = {row: parts[names[row]][0] - totals[row] - math.fsum(parts[names[row]][1].values()) for row in totals}
    kept = [row for row in rests if not exceeds(abs(rests[row]), limit_at(unexplained_limit, parts[names[row]][0]))]
    if not kept:
        return CheckResult(0, compared=laid)
    own, theirs = math.fsum(totals[row] for row in kept), math.fsum(parts[names[row]][0] for row in kept)
    rest, allowed = math.fsum(rests[row] for row in kept), limit_at(unexplained_limit, theirs)
    slots = {
        "other_total": theirs,
        "difference": theirs - own,
        "explained": theirs - own - rest,
        "unexplained": rest,
        "count": len(kept),
    }
    hit = Hit(
        row=max(kept, key=lambda row: (abs(rests[row]), str(row))),
        measured=own,
        required=own + rest,
        unit=unit,
        tolerance=allowed,
        field=field,
        slots=slots,
    )
    return CheckResult(len(kept), (hit,) if exceeds(abs(rest), allowed) else (), compared=laid)


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
