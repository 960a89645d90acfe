"""Checks of measured figures as such: beside the permit, a statutory minimum, or what another survey measured."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.checks.values import Row, keys, limit_at, numbers, whole_if_exact
from pipeline.model import CheckResult, Hit
from pipeline.rounding import half_up
from pipeline.scalars import plain
from pipeline.side_by_side import Compared
from pipeline.tolerance import Choice, Number, PerKey, exceeds

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Values = Mapping[str | None, float | None]  # building → figure; None = whole project

JUDGED = ("passed", "failed")
ITEM = {"building", "label", "permitted", "measured", "limit", "unit", "decimals", "outcome", "reason"}
WHERE = "请在许可指标表（permit.xlsx）或批准文件数值中填写"
OVERRIDE = "请在 project.yaml 的 overrides 中给出数值、来源和理由"
WHOLE_PROJECT = "全项目"


# ---------------------------------------------------------------- against the permit


def meets_permit(frame: GeoDataFrame) -> CheckResult:
    """Every measured indicator keeps its permitted figure, first by survey error, then by administrative allowance.

    Args: frame: one row per judged figure: building, label, measured, permitted, difference, limit, allowance, unit,
        outcome, reason. A figure the permit does not state, or that nobody could measure, leaves the rule undetermined.
    Slots: subject (building and label), difference, why.
    """
    items = _items(frame)
    judged = {row: item for row, item in items.items() if item["outcome"] in JUDGED}
    hits = tuple(
        _hit(row, item, item["permitted"], tolerance=plain(item["limit"]), why=plain(item["reason"]) or "")
        for row, item in judged.items()
        if item["outcome"] == "failed"
    )
    return CheckResult(len(judged), hits, tuple(_open(item) for row, item in items.items() if row not in judged))


def indicator_at_least(frame: GeoDataFrame, *, minimum: float) -> CheckResult:
    """The measured indicator, as printed, reaches a minimum that stands outside the permit (a statutory figure).

    Slots: subject (building and label), difference, why (nothing).
    """
    items, measured = _items(frame), _as_printed(frame)
    hits = tuple(_hit(row, items[row], minimum) for row, value in measured.items() if exceeds(minimum, value))
    return CheckResult(len(measured), hits, _unmeasured(items, measured))


def indicator_at_least_by_use(frame: GeoDataFrame, *, minimums: PerKey, use: Choice) -> CheckResult:
    """As `indicator_at_least`, with the minimum of one use.

    use: which of the minimums holds; one without a figure leaves the rule undetermined.
    Slots: use, subject (building and label), difference, why (nothing).
    """
    word = str(use.choice)
    least = minimums.values.get(word)
    if least is None:
        return CheckResult(0, (), (f"参数“{minimums.label}”没有给出“{word}”的数值：{OVERRIDE}",))
    found = indicator_at_least(frame, minimum=least)
    named = tuple(dataclasses.replace(hit, slots={**hit.slots, "use": word}) for hit in found.hits)
    return dataclasses.replace(found, hits=named)


def indicator_at_most(frame: GeoDataFrame, *, ceiling: Values) -> CheckResult:
    """The measured indicator does not exceed another measured figure (`ceiling`) of the same building or project.

    Both are compared as printed.

    Slots: subject (building and label), difference, why (nothing).
    """
    items, measured = _items(frame), _as_printed(frame)
    tops = {row: ceiling.get(plain(items[row]["building"])) for row in measured}
    known = {row: top for row, top in tops.items() if top is not None}
    over = {row: exceeds(measured[row], float(half_up(top, int(items[row]["decimals"])))) for row, top in known.items()}
    hits = tuple(_hit(row, items[row], known[row]) for row, beyond in over.items() if beyond)
    laid = tuple(_laid(row, items[row], known[row], agrees=not beyond) for row, beyond in over.items())
    return CheckResult(len(known), hits, _unmeasured(items, measured), laid)


# ---------------------------------------------------------------- two measured figures


def measures_agree(
    frame: GeoDataFrame, *, measured: Values, other_measured: Values, limit: Number | float, unit: str = ""
) -> CheckResult:
    """Two measured figures agree within `limit`, for the whole project and for every building both speak of.

    frame: indicators of the rule's measure; where it has a row of the same building, the finding hangs on it.
    limit: a number, or a formula of the second figure. Slots: subject, difference.
    """
    rows, pairs = _rows(frame), list(_both(measured, other_measured))
    laid = [_pair_laid(*pair, limit_at(limit, pair[2]), unit) for pair in pairs]
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
        compared=tuple(dataclasses.replace(c, rows=(rows[c.name],)) if c.name in rows else c for c in laid),
    )


def percent_agrees(frame: GeoDataFrame, *, part: Values, whole: Values, limit: Number | float) -> CheckResult:
    """The measured percentage comes out the same, within `limit`, when `part` is taken of another survey's `whole`.

    Slots: subject, difference, part, whole, why (nothing).
    """
    items, measured = _items(frame), numbers(frame, "measured")
    hits, laid = [], []
    for row, value in measured.items():
        of, counted = (values.get(plain(items[row]["building"])) for values in (whole, part))
        if of and counted is not None:
            wanted = 100 * counted / of
            allowed = limit_at(limit, wanted)
            off = exceeds(abs(value - wanted), allowed)
            laid.append(_laid(row, items[row], wanted, agrees=not off, limit=allowed))
            if off:
                hit = _hit(row, items[row], wanted, tolerance=allowed)
                hits.append(dataclasses.replace(hit, slots={**hit.slots, "part": counted, "whole": of}))
    return CheckResult(len(laid), tuple(hits), _unmeasured(items, measured), tuple(laid))


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


def _items(frame: GeoDataFrame) -> dict[Row, dict[str, Any]]:
    """The indicators by index label; what they are made of and where is left out."""
    columns = {name: frame[name].tolist() for name in frame.columns if name in ITEM}
    return {
        row: dict(zip(columns, values, strict=True))
        for row, *values in zip(frame.index, *columns.values(), strict=True)
    }


def _as_printed(frame: GeoDataFrame) -> dict[Row, float]:
    """The measured figures as every table shows them: what `judge` compares with the permit."""
    decimals = numbers(frame, "decimals")
    return {row: float(half_up(value, int(decimals[row]))) for row, value in numbers(frame, "measured").items()}


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


def _laid(row: Row, item: Mapping[str, Any], other: float, *, agrees: bool, limit: float | None = None) -> Compared:
    """An indicator beside another figure of the same building or project."""
    own, building = float(item["measured"]), plain(item["building"])
    name = None if building is None else str(building)
    return Compared(name, own, other, own - other, item["unit"] or "", limit=limit, agrees=agrees, rows=(row,))


def _pair_laid(name: str | None, own: float, theirs: float, limit: float, unit: str) -> Compared:
    gap = own - theirs
    return Compared(name, own, theirs, gap, unit, limit=limit, agrees=not exceeds(abs(gap), limit))


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
