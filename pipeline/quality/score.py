"""The quality score of a project after GB/T 24356-2023: findings → deductions → 质量元素 → survey → project.

Each survey is one unit. Fault classes, deductions, t, weights and grade bounds are numbers of the profile (`score.*`).
Arithmetic is exact (fractions), so a score on a grade's bound has that grade. A further finding never raises a score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeVar

from pipeline.errors import StandardError
from pipeline.model import ProjectReport, RuleRun
from pipeline.standard import Profile, RuleSpec, Standards
from pipeline.tolerance import Absolute, Classes, PerKey

FAULT_CLASSES = ("A", "B", "C", "D")
FULL = 100
PASS = 60  # GB/T 24356-2023: an element below it fails the unit
FAILED = "不合格"
FINEST = 10**9  # largest denominator of a score
SHOWN = 3  # rules named in a reason
Kind = TypeVar("Kind", Absolute, Classes, PerKey)


@dataclass(frozen=True, slots=True)
class ElementScore:
    """One 质量元素 of one survey. counts: faults by class A–D, waived ones apart; score None = not decided."""

    element: str
    counts: Mapping[str, int]
    waived: int
    score: float | None
    weight: float  # share, 0 … 1


@dataclass(frozen=True, slots=True)
class SurveyScore:
    """One survey as a unit. reason: why there is no grade, or why it fails; Chinese. note: on what the weights rest."""

    survey: str
    label: str
    elements: tuple[ElementScore, ...]
    score: float | None
    grade: str | None
    reason: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectScore:
    """All surveys and the project: the mean of the surveys unless one fails or has no grade."""

    surveys: tuple[SurveyScore, ...]
    score: float | None
    grade: str | None
    reason: str | None = None


def scores(result: ProjectReport) -> ProjectScore:
    """The score of every commissioned survey and of the project.

    Errors: StandardError when the profile lacks a `score.*` number or one is of the wrong kind.
    """
    labels = {survey.survey: survey.label for survey in result.surveys}
    damaged = {survey.survey: survey.undetermined for survey in result.surveys if survey.undetermined}
    surveys = score(result.runs, result.standards, labels=labels, damaged=damaged)
    return overall(surveys, result.standards.profile)


def score(
    runs: Iterable[RuleRun], standards: Standards, *, labels: Mapping[str, str], damaged: Mapping[str, str]
) -> tuple[SurveyScore, ...]:
    """One score per survey of `labels` (survey → Chinese name), in that order.

    Rules on the inputs (runs of no survey in `labels`) count for every survey; of their findings, each survey bears
    those that name it and those that name no survey. damaged: survey → why its input could not be judged.
    """
    numbers = _Numbers.of(standards.profile)
    rules = {rule.id: rule for standard in standards.surveys.values() for rule in standard.rules}
    given = tuple(runs)
    return tuple(
        _survey(survey, label, _unit_runs(given, survey, labels), rules, numbers, damaged.get(survey))
        for survey, label in labels.items()
    )


def overall(surveys: Sequence[SurveyScore], profile: Profile) -> ProjectScore:
    """Any failed survey fails the project; any without a grade leaves it without one; else the mean is graded."""
    graded = [Fraction(s.score).limit_denominator(FINEST) for s in surveys if s.score is not None]
    failed = "、".join(s.label for s in surveys if s.grade == FAILED)
    open_ = "、".join(s.label for s in surveys if s.grade is None)
    if failed:
        return ProjectScore(tuple(surveys), None, FAILED, f"{failed}不合格")
    if open_ or not graded:
        return ProjectScore(tuple(surveys), None, None, f"{open_}未评定" if open_ else "没有可评分的测绘事项")
    mean = sum(graded, Fraction(0)) / len(graded)
    return ProjectScore(tuple(surveys), float(mean), grade_of(mean, profile))


def grade_of(value: Fraction | float, profile: Profile) -> str:
    """The word of the highest bound that `value` reaches."""
    bounds = _number(profile, "score.grade", PerKey).values
    reached = [(bound, word) for word, bound in bounds.items() if bound is not None and value >= _exact(bound)]
    return max(reached)[1] if reached else FAILED


# ---------------------------------------------------------------- one survey


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The `score.*` numbers of a profile."""

    classes: Classes
    deduction: Mapping[str, Fraction]
    size_factor: Fraction
    weights: Mapping[str, float | None]
    profile: Profile

    @classmethod
    def of(cls, profile: Profile) -> _Numbers:
        deduction = _number(profile, "score.deduction", PerKey).values
        missing = [name for name in FAULT_CLASSES if deduction.get(name) is None]
        factor = _number(profile, "score.size_factor", Absolute).value
        if missing or factor is None or factor <= 0:
            raise StandardError(f"参数集 {profile.name}：score.deduction 须有 A 至 D 四类，score.size_factor 须为正数")
        return cls(
            _number(profile, "score.fault_class", Classes),
            {k: _exact(v or 0) for k, v in deduction.items()},
            _exact(factor),
            _number(profile, "score.element_weight", PerKey).values,
            profile,
        )


@dataclass(frozen=True, slots=True)
class _Tally:
    """Faults of one element and, exactly, what they leave of 100."""

    element: str
    counts: Mapping[str, int]
    waived: int
    points: Fraction
    open: bool  # a rule that matters could not be decided


def _survey(
    survey: str,
    label: str,
    runs: Sequence[RuleRun],
    rules: Mapping[str, RuleSpec],
    numbers: _Numbers,
    damaged: str | None,
) -> SurveyScore:
    tallies = _tallies(runs, rules, numbers)
    shares, note = _shares([t.element for t in tallies], survey, numbers.weights)
    elements = tuple(
        ElementScore(t.element, t.counts, t.waived, None if t.open or damaged else float(t.points), float(share))
        for t, share in zip(tallies, shares, strict=True)
    )
    why_open = damaged or _why_open(runs, rules)
    why_failed = None if damaged else _why_failed(tallies)
    if why_open or not tallies:
        reason = "；".join(filter(None, (why_failed, why_open))) or "没有可评分的检查"
        return SurveyScore(survey, label, elements, None, FAILED if why_failed else None, reason, note)
    total = sum((t.points * share for t, share in zip(tallies, shares, strict=True)), Fraction(0))
    grade = FAILED if why_failed else grade_of(total, numbers.profile)
    return SurveyScore(survey, label, elements, float(total), grade, why_failed, note)


def _unit_runs(runs: Iterable[RuleRun], survey: str, labels: Mapping[str, str]) -> list[RuleRun]:
    """The survey's own runs, and those on the inputs with only the findings that concern it."""
    others = labels.keys() - {survey}
    return [
        run if run.survey == survey else replace(run, findings=tuple(f for f in run.findings if f.survey not in others))
        for run in runs
        if run.survey not in others
    ]


def _tallies(runs: Sequence[RuleRun], rules: Mapping[str, RuleSpec], numbers: _Numbers) -> list[_Tally]:
    """Per element that a rule examined or should have: the order of `score.element_weight`, then of the rules."""
    by_element: dict[str, list[RuleRun]] = {}
    for run in runs:
        if run.outcome in ("passed", "failed") or _is_open(run, rules):
            by_element.setdefault(rules[run.rule].element, []).append(run)
    known = [element for element in numbers.weights if element in by_element]
    return [_tally(element, by_element[element], rules, numbers) for element in dict.fromkeys([*known, *by_element])]


def _tally(element: str, runs: Sequence[RuleRun], rules: Mapping[str, RuleSpec], numbers: _Numbers) -> _Tally:
    findings = [finding for run in runs for finding in run.findings]
    found: Counter[str] = Counter(numbers.classes.of(f.rule, f.severity) for f in findings if f.waiver is None)
    counts = {name: found[name] for name in FAULT_CLASSES}
    lesser = sum((counts[name] * numbers.deduction[name] for name in FAULT_CLASSES[1:]), Fraction(0))
    points = FULL - counts["A"] * numbers.deduction["A"] - lesser / numbers.size_factor
    waived = sum(finding.waiver is not None for finding in findings)
    return _Tally(element, counts, waived, max(points, Fraction(0)), any(_is_open(run, rules) for run in runs))


def _shares(
    elements: Sequence[str], survey: str, weights: Mapping[str, float | None]
) -> tuple[list[Fraction], str | None]:
    """Weights scaled to 1 over the elements present, "survey.element" before "element"; equal if one is unknown."""
    given = [weights.get(f"{survey}.{element}", weights.get(element)) for element in elements]
    known = [_exact(weight) for weight in given if weight is not None]
    if len(known) == len(elements) and sum(known) > 0:
        return [weight / sum(known) for weight in known], None
    return [Fraction(1, len(elements)) for _ in elements], "质量元素的权未给出，按等权计算（本软件拟定）"


def _is_open(run: RuleRun, rules: Mapping[str, RuleSpec]) -> bool:
    """Crashed, or an error rule that could not judge everything (a failed one gives a reason for the rest)."""
    undecided = run.outcome == "undetermined" or (run.outcome == "failed" and run.reason is not None)
    return run.outcome == "crashed" or (undecided and rules[run.rule].severity == "error")


def _why_open(runs: Iterable[RuleRun], rules: Mapping[str, RuleSpec]) -> str | None:
    names = [run.rule for run in runs if _is_open(run, rules)]
    more = f"等 {len(names)} 条" if len(names) > SHOWN else ""
    return f"规则 {'、'.join(names[:SHOWN])}{more}无法判定或程序故障" if names else None


def _why_failed(tallies: Iterable[_Tally]) -> str | None:
    """A-class faults and elements below 60."""
    reasons = []
    for tally in tallies:
        if tally.counts["A"]:
            reasons.append(f"“{tally.element}”有 A 类错漏 {tally.counts['A']} 处")
        elif tally.points < PASS:
            reasons.append(f"“{tally.element}”得分低于 {PASS} 分")
    return "；".join(reasons) or None


# ---------------------------------------------------------------- numbers


def _number(profile: Profile, key: str, kind: type[Kind]) -> Kind:
    number: Any = profile.numbers.get(key)
    if not isinstance(number, kind):
        raise StandardError(f"参数集 {profile.name}：{key}：须有此键，种类为 {kind.__name__}，现为 {number!r:.60}")
    return number


def _exact(value: float) -> Fraction:
    """The number as it is written."""
    return Fraction(str(value))
