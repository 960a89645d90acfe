"""Checks of measured figures as such: beside the permit, a statutory minimum, or what another survey measured."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.checks.values import Key, Row, keys, limit_at, numbers, rows_by_key, whole_if_exact
from pipeline.model import CheckResult, Hit
from pipeline.scalars import plain
from pipeline.tolerance import Number, exceeds

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Values = Mapping[str | None, float | None]  # building → figure; None = whole project

JUDGED = ("passed", "failed")
WHERE = "请在许可指标表（permit.xlsx）或批准文件数值中填写"
WHOLE_PROJECT = "全项目"


# ---------------------------------------------------------------- against the permit


def meets_permit(frame: GeoDataFrame) -> CheckResult:
    """Every measured indicator keeps its permitted figure, first by survey error, then by administrative allowance.

    Args: frame: one row per judged figure: building, label, measured, permitted, difference, limit, allowance, unit,
        outcome, reason. A figure the permit does not state, or that nobody could measure, leaves the rule undetermined.
    Slots: subject (building and label), why.
    """
    items = frame.to_dict("index")
    judged = {row: item for row, item in items.items() if item["outcome"] in JUDGED}
    hits = tuple(
        _hit(row, item, item["permitted"], tolerance=plain(item["limit"]), why=plain(item["reason"]) or "")
        for row, item in judged.items()
        if item["outcome"] == "failed"
    )
    return CheckResult(len(judged), hits, tuple(_open(item) for row, item in items.items() if row not in judged))


def indicator_at_least(frame: GeoDataFrame, *, minimum: float) -> CheckResult:
    """The measured indicator reaches a minimum that stands outside the permit (a statutory figure)."""
    items, measured = frame.to_dict("index"), numbers(frame, "measured")
    hits = tuple(_hit(row, items[row], minimum) for row, value in measured.items() if exceeds(minimum, value))
    return CheckResult(len(measured), hits, _unmeasured(items, measured))


def indicator_at_most(frame: GeoDataFrame, *, ceiling: Values) -> CheckResult:
    """The measured indicator does not exceed another measured figure (`ceiling`) of the same building or project."""
    items, measured = frame.to_dict("index"), numbers(frame, "measured")
    tops = {row: ceiling.get(plain(items[row]["building"])) for row in measured}
    known = {row: top for row, top in tops.items() if top is not None}
    hits = tuple(_hit(row, items[row], top) for row, top in known.items() if exceeds(measured[row], top))
    return CheckResult(len(known), hits, _unmeasured(items, measured))


# ---------------------------------------------------------------- two measured figures


def measures_agree(
    frame: GeoDataFrame, *, measured: Values, other_measured: Values, limit: Number | float, unit: str = ""
) -> CheckResult:
    """Two measured figures agree within `limit`, for the whole project and for every building both speak of.

    frame: indicators of the rule's measure; where it has a row of the same building, the finding hangs on it.
    limit: a number, or a formula of the second figure. Slots: subject, difference.
    """
    rows, pairs = _rows(frame), list(_both(measured, other_measured))
    return CheckResult(
        len(pairs),
        tuple(
            Hit(
                row=rows.get(name),
                measured=whole_if_exact(own),
                required=whole_if_exact(theirs),
                unit=unit or None,
                tolerance=limit_at(limit, theirs),
                slots={"subject": name or WHOLE_PROJECT, "difference": own - theirs},
            )
            for name, own, theirs in pairs
            if exceeds(abs(own - theirs), limit_at(limit, theirs))
        ),
    )


def percent_agrees(frame: GeoDataFrame, *, part: Values, whole: Values, limit: Number | float) -> CheckResult:
    """The measured percentage comes out the same, within `limit`, when `part` is taken of another survey's `whole`.

    Slots: subject, difference, part, whole.
    """
    items, measured = frame.to_dict("index"), numbers(frame, "measured")
    hits, examined = [], 0
    for row, value in measured.items():
        of, counted = (values.get(plain(items[row]["building"])) for values in (whole, part))
        if of and counted is not None:
            examined += 1
            wanted = 100 * counted / of
            if exceeds(abs(value - wanted), limit_at(limit, wanted)):
                hit = _hit(row, items[row], wanted, tolerance=limit_at(limit, wanted))
                hits.append(dataclasses.replace(hit, slots={**hit.slots, "part": counted, "whole": of}))
    return CheckResult(examined, tuple(hits), _unmeasured(items, measured))


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
    unit: str = "m²",
) -> CheckResult:
    """The difference between two surveys' totals is explained part by part; the unexplained rest keeps the limit.

    Args: frame: the wholes, `field` = this survey's total; other: the other survey's parts, `part` = what it counts of
        each, `counterpart` = what this survey counts of it. Only a part with a `note` explains its difference.
        The limit's formula takes the other survey's total. A whole without parts is not examined.
    Slots: other_total, difference (other − own), explained, unexplained, items (note and amount).
    """
    parts = {
        name: _explained(rows, numbers(other, part), numbers(other, counterpart), keys(other, note))
        for name, rows in rows_by_key(other, other_key or key).items()
    }
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
    return CheckResult(len(judged), tuple(hits))


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
    unit: str = "m²",
) -> CheckResult:
    """What stays unexplained of each whole does not add up, over the project, to more than the limit of the total.

    Arguments as in `explained_difference`, which speaks of a whole whose own rest is too large: that one is left out
    here, and nothing is examined where both sides do not name the same wholes. The finding hangs on the largest rest.
    Slots: other_total, difference, explained, unexplained, count.
    """
    parts = {
        name: _explained(rows, numbers(other, part), numbers(other, counterpart), keys(other, note))
        for name, rows in rows_by_key(other, other_key or key).items()
    }
    totals, names = numbers(frame, field), keys(frame, key)
    if not totals or {names.get(row) for row in totals} != set(parts) or len(totals) < len(frame):
        return CheckResult(0)
    rests = {row: parts[names[row]][0] - totals[row] - math.fsum(parts[names[row]][1].values()) for row in totals}
    kept = [row for row in rests if not exceeds(abs(rests[row]), limit_at(unexplained_limit, parts[names[row]][0]))]
    if not kept:
        return CheckResult(0)
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
    return CheckResult(len(kept), (hit,) if exceeds(abs(rest), allowed) else ())


def states_measure(
    frame: GeoDataFrame, *, field: str, measured: Values, tolerance: float, unit: str = ""
) -> CheckResult:
    """A figure that a feature states for the whole project is the measured one, within `tolerance`. Slot: difference."""
    said, found = numbers(frame, field), measured.get(None)
    if found is None:
        return CheckResult(0)
    return CheckResult(
        len(said),
        tuple(
            Hit(
                row=row,
                field=field,
                measured=value,
                required=found,
                unit=unit or None,
                tolerance=tolerance,
                slots={"difference": value - found},
            )
            for row, value in said.items()
            if exceeds(abs(value - found), tolerance)
        ),
    )


# ---------------------------------------------------------------- inside


def _hit(row: Row, item: Mapping[str, Any], required: float, *, tolerance: float | None = None, why: str = "") -> Hit:
    measured, building = float(item["measured"]), plain(item["building"])
    subject = f"{building}幢{item['label']}" if building else item["label"]
    return Hit(
        row=row,
        measured=measured,
        required=required,
        unit=item["unit"] or None,
        tolerance=tolerance,
        slots={"subject": subject, "difference": measured - required, "why": why},
    )


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


def _open(item: Mapping[str, Any]) -> str:
    """Why an indicator could not be judged, and what to state where."""
    reason = plain(item["reason"]) or f"“{item['label']}”无法判定"
    building = plain(item["building"])
    told = f"{building}：{reason}" if building else str(reason)
    return f"{told}：{WHERE}" if item["outcome"] == "not_applicable" else told


def _unmeasured(items: Mapping[Row, Mapping[str, Any]], measured: Mapping[Row, float]) -> tuple[str, ...]:
    return tuple(
        str(plain(item["reason"]) or f"“{item['label']}”没有实测值")
        for row, item in items.items()
        if row not in measured
    )


def _both(own: Values, theirs: Values) -> Iterator[tuple[str | None, float, float]]:
    """(building, own, theirs) of everything both speak of; the whole project first."""
    for name in sorted(set(own) & set(theirs), key=lambda n: n or ""):
        mine, yours = own[name], theirs[name]
        if mine is not None and yours is not None:
            yield name, float(mine), float(yours)


def _rows(frame: GeoDataFrame) -> dict[str | None, Row]:
    """Index label of the indicator of each building, None for the whole project's."""
    if "building" not in frame:
        return {}
    named = keys(frame, "building")
    return {named.get(row): row for row in reversed(list(frame.index))}
