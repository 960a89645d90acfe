"""Two results side by side. Comparing a result with itself finds nothing; the other way round, everything is mirrored."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.fingerprint import spot, stem
from pipeline.model import SEVERITIES, Finding
from pipeline.results import Result

JUDGED = ("measured", "permitted", "limit", "outcome")  # of an indicator
NOT_PLACED_M = math.inf


@dataclass(frozen=True, slots=True)
class Marked:
    """A finding with its mark in its own run."""

    mark: str
    finding: Finding

    def counts(self, levels: Sequence[str]) -> bool:
        return self.finding.waiver is None and self.finding.severity in levels


@dataclass(frozen=True, slots=True)
class Pair:
    """The same fault in both runs."""

    old: Marked
    new: Marked

    @property
    def answered_anew(self) -> bool:
        """Whether its waiver came, went or changed."""
        return _answer(self.old) != _answer(self.new)


@dataclass(frozen=True, slots=True)
class Change:
    """Something named that both runs state, or one of them: what it was and what it is; None: not stated there."""

    name: tuple[str, ...]
    old: Any
    new: Any
    difference: float | None = None  # of two numbers
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """From an old result to a new one."""

    old: Mapping[str, Any]  # summaries
    new: Mapping[str, Any]
    fixed: tuple[Marked, ...]
    appeared: tuple[Marked, ...]
    still: tuple[Pair, ...]
    rules: tuple[Change, ...]  # name: survey, rule
    indicators: tuple[Change, ...]  # name: survey, indicator, building, label, what of it
    inputs: tuple[Change, ...]  # name: survey, path; values: SHA-256
    stated: tuple[Change, ...]  # name: edition, profile, project …

    @property
    def answered(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.still if pair.answered_anew)

    @property
    def empty(self) -> bool:
        changes = (self.fixed, self.appeared, self.answered, self.rules, self.indicators, self.inputs, self.stated)
        return not any(changes)

    def worse(self, levels: Sequence[str]) -> list[Marked]:
        """Findings that count at these levels and did not before: new ones, raised ones, those no longer waived."""
        raised = [pair.new for pair in self.still if pair.new.counts(levels) and not pair.old.counts(levels)]
        return [*(marked for marked in self.appeared if marked.counts(levels)), *raised]


def compare(old: Result, new: Result) -> Difference:
    """What changed from `old` to `new`. Findings are the same fault by their mark, whatever their order."""
    before, after = _marked(old), _marked(new)
    pairs = [pair for mark in sorted(before.keys() & after.keys()) for pair in _paired(before[mark], after[mark])]
    known = {(side, marked.mark) for pair in pairs for side, marked in enumerate((pair.old, pair.new))}
    told = [
        _changes(_stated(old.summary), _stated(new.summary)),
        _changes(_outcomes(old.summary), _outcomes(new.summary)),
        _changes(_indicators(old.summary), _indicators(new.summary), _units(old.summary) | _units(new.summary)),
        _changes(_inputs(old.summary), _inputs(new.summary)),
    ]
    stated, rules, indicators, inputs = told
    return Difference(
        old=old.summary,
        new=new.summary,
        fixed=_left(before, known, 0),
        appeared=_left(after, known, 1),
        still=tuple(sorted(pairs, key=lambda pair: _order(pair.new))),
        rules=rules,
        indicators=indicators,
        inputs=inputs,
        stated=stated,
    )


# ---------------------------------------------------------------- findings


def _marked(result: Result) -> dict[str, list[Marked]]:
    """Findings by the stem of their mark: within one, only the place tells faults apart."""
    groups: dict[str, list[Marked]] = defaultdict(list)
    for mark, finding in zip(result.fingerprints, result.findings, strict=True):
        groups[stem(mark)].append(Marked(mark, finding))
    return groups


def _paired(old: Sequence[Marked], new: Sequence[Marked]) -> list[Pair]:
    """Faults alike but for their place, each with the nearest of the other run that is still free."""
    near = sorted(
        ((_apart_m(a, b), *sorted((a.mark, b.mark)), n, m) for n, a in enumerate(old) for m, b in enumerate(new)),
        key=lambda row: row[:3],
    )
    free_old, free_new, pairs = set(range(len(old))), set(range(len(new))), []
    for *_, n, m in near:
        if n in free_old and m in free_new:
            free_old.remove(n)
            free_new.remove(m)
            pairs.append(Pair(old[n], new[m]))
    return pairs


def _apart_m(old: Marked, new: Marked) -> float:
    one, other = spot(old.finding), spot(new.finding)
    if one is None or other is None:
        return 0.0 if one is other else NOT_PLACED_M
    return math.dist(one, other)


def _left(groups: Mapping[str, Iterable[Marked]], known: set[tuple[int, str]], side: int) -> tuple[Marked, ...]:
    left = [marked for group in groups.values() for marked in group if (side, marked.mark) not in known]
    return tuple(sorted(left, key=_order))


def _order(marked: Marked) -> tuple[Any, ...]:
    """The gravest first."""
    f = marked.finding
    return (SEVERITIES.index(f.severity), f.survey, f.rule, f.business_id or "", f.feature or "", marked.mark)


def _answer(marked: Marked) -> dict[str, Any] | None:
    """The waiver without the mark it carries: that of a tied fault changes when another one goes."""
    waiver = marked.finding.waiver
    return None if waiver is None else {key: value for key, value in waiver.items() if key != "fingerprint"}


# ---------------------------------------------------------------- summaries

Table = dict[tuple[str, ...], Any]


def _changes(old: Table, new: Table, units: Mapping[tuple[str, ...], str] | None = None) -> tuple[Change, ...]:
    return tuple(
        Change(name, old.get(name), new.get(name), _step(old.get(name), new.get(name)), (units or {}).get(name, ""))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )


def _step(old: Any, new: Any) -> float | None:
    """The difference of two printed numbers, exact in their decimals."""
    if isinstance(old, bool | str | None) or isinstance(new, bool | str | None):
        return None
    return float(Decimal(str(new)) - Decimal(str(old)))


def _stated(summary: Mapping[str, Any]) -> Table:
    whole: Table = {(key,): summary[key] for key in ("verdict", "edition", "profile")}
    whole |= {("project", key): str(value) for key, value in summary["project"].items()}
    return whole | {("versions", key): str(value) for key, value in summary["versions"].items()}


def _outcomes(summary: Mapping[str, Any]) -> Table:
    return {(str(rule["survey"]), str(rule["id"])): rule["outcome"] for rule in summary["rules"]}


def _indicators(summary: Mapping[str, Any]) -> Table:
    return {(*_indicator(item), what): item[what] for item in summary["indicators"] for what in JUDGED}


def _units(summary: Mapping[str, Any]) -> dict[tuple[str, ...], str]:
    return {
        (*_indicator(item), what): str(item["unit"])
        for item in summary["indicators"]
        for what in JUDGED
        if what != "outcome"
    }


def _indicator(item: Mapping[str, Any]) -> tuple[str, ...]:
    return str(item["survey"]), str(item["name"]), str(item["building"] or ""), str(item["label"])


def _inputs(summary: Mapping[str, Any]) -> Table:
    return {(str(item["survey"] or ""), str(item["path"])): item["sha256"] for item in summary["inputs"]}
