"""A measured number beside its permitted one: two tests, never one (survey error, then administrative allowance)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.rounding import half_up, printed_beside

if TYPE_CHECKING:
    from pipeline.model import Outcome
    from pipeline.tolerance import Number

DIRECTIONS = ("at_most", "at_least", "equal")
_BEYOND = {"at_most": "大于许可值", "at_least": "小于许可值", "equal": "与许可值不等"}
_NOISE = 1e-9


class Judgement(NamedTuple):
    """How a comparison ended. limit: survey error; allowance: administrative; both in the unit of the measure."""

    outcome: Outcome
    limit: float | None
    allowance: float | None
    reason: str | None


def judge(
    measured: float,
    permitted: float,
    direction: str,
    *,
    survey_error: Number | float | None = None,
    allowance: Number | float | None = None,
    decimals: int = 2,
) -> Judgement:
    """Whether `measured`, as printed, keeps to `permitted`.

    direction: at_most, at_least or equal. survey_error, allowance: a profile number (taken at the permitted size), a
    plain number, or None = the measure declares none. A declared number that nobody gave makes the verdict
    undetermined as soon as it would matter. reason is Chinese, None for a plain pass.
    Two tests, never one: survey error is a fact of measuring, the allowance is an administrative act.

    >>> judge(100.4, 100.0, "at_most", survey_error=0.6).outcome
    'passed'
    >>> judge(2.5004, 2.5, "at_most", decimals=2).outcome
    'passed'
    """
    limit, allowed = _at(survey_error, permitted), _at(allowance, permitted)
    beyond = _beyond(float(half_up(measured, decimals)), permitted, direction)
    shown, limit_shown, allowed_shown = printed_beside([(number, decimals) for number in (beyond, limit, allowed)])
    said = f"{_BEYOND[direction]} {shown}"
    if beyond <= _NOISE:
        return Judgement("passed", limit, allowed, None)
    if survey_error is not None and limit is None:
        return Judgement("undetermined", limit, allowed, f"{said}；缺少测量误差限差{_named(survey_error)}")
    if beyond <= (limit or 0.0) + _NOISE:
        return Judgement("passed", limit, allowed, f"{said}，在测量误差限差 {limit_shown} 以内")
    if limit is not None:
        said += f"，超过测量误差限差 {limit_shown}"
    if allowance is None:
        return Judgement("failed", limit, allowed, said)
    if allowed is None:
        reason = f"{said}；缺少行政允许偏差{_named(allowance)}，须由规划主管部门认定或在参数集、project.yaml 的 overrides 中给出"
        return Judgement("undetermined", limit, allowed, reason)
    inside = beyond <= allowed + _NOISE
    verdict = "在" if inside else "超过"
    tail = " 以内" if inside else ""
    reason = f"{said}，{verdict}行政允许偏差 {allowed_shown}{tail}"
    return Judgement("passed" if inside else "failed", limit, allowed, reason)


def _beyond(measured: float, permitted: float, direction: str) -> float:
    if direction not in DIRECTIONS:
        msg = f"direction: {direction!r}: one of {DIRECTIONS} is wanted"
        raise ValueError(msg)
    difference = measured - permitted
    return {"at_most": difference, "at_least": -difference, "equal": abs(difference)}[direction]


def _at(number: Number | float | None, size: float) -> float | None:
    return number if number is None or isinstance(number, float | int) else number.at(size)


def _named(number: Number | float) -> str:
    return "" if isinstance(number, float | int) else f"“{number.label}”"
