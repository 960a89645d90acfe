"""Two results side by side. Comparing a result with itself finds nothing; the other way round, everything is mirrored."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.comparing.summaries import (
    Change,
    changes,
    indicators_in,
    inputs_in,
    outcomes_in,
    renamed_in,
    stated_in,
    units_in,
)
from pipeline.fingerprint import fingerprint, spot, stem
from pipeline.model import SEVERITIES, Finding
from pipeline.results import Result

CONCLUDED = ("passed", "failed")  # outcomes of a rule that looked
PROJECT = "project"  # the survey that findings on the project itself name
NOT_PLACED_M = math.inf


@dataclass(frozen=True, slots=True)
class Marked:
    """A finding with its mark in its own run."""

    mark: str
    finding: Finding

    def counts(self, levels: Sequence[str]) -> bool:
        return self.finding.waiver is None and self.finding.severity in levels


Key = Callable[[Marked], str]


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
class Difference:
    """From an old result to a new one.

    fixed: gone, and their rule came to a conclusion in the new run, or found nothing left to look at in a survey that was
    read. unjudged: gone because their rule came to none (it ended undetermined or crashed, was not run, or its survey was
    not delivered or not read): nobody knows whether the fault still stands.
    """

    old: Mapping[str, Any]  # summaries
    new: Mapping[str, Any]
    fixed: tuple[Marked, ...]
    unjudged: tuple[Marked, ...]
    appeared: tuple[Marked, ...]
    still: tuple[Pair, ...]
    rules: tuple[Change, ...]  # name: survey, rule
    indicators: tuple[Change, ...]  # name: survey, indicator, building, label, what of it
    inputs: tuple[Change, ...]  # name: survey, path; values: SHA-256
    renamed: tuple[Change, ...]  # the same bytes under another path; name: survey, SHA-256; values: paths
    stated: tuple[Change, ...]  # name: edition, profile, project …

    @property
    def answered(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.still if pair.answered_anew)

    @property
    def empty(self) -> bool:
        findings = (self.fixed, self.unjudged, self.appeared, self.answered)
        return not any((*findings, self.rules, self.indicators, self.inputs, self.renamed, self.stated))

    def outcome(self, marked: Marked) -> str | None:
        """How the rule of a finding ended in the new run; None: it was not run."""
        return _ended(marked, self.new)

    def worse(self, levels: Sequence[str]) -> list[Marked]:
        """Findings that count at these levels and did not before: new ones, raised ones, those no longer waived.

        Not those no longer judged: nothing is known to be worse. That they are not known to be better either is said by
        `unjudged` and by the new verdict.
        """
        raised = [pair.new for pair in self.still if pair.new.counts(levels) and not pair.old.counts(levels)]
        return [*(marked for marked in self.appeared if marked.counts(levels)), *raised]


def compare(old: Result, new: Result) -> Difference:
    """What changed from `old` to `new`. Findings are the same fault by their mark, whatever their order."""
    inputs_old, inputs_new, renamed = renamed_in(inputs_in(old.summary), inputs_in(new.summary))
    pairs = _same(old, new, {change.old: change.new for change in renamed})
    units = units_in(old.summary) | units_in(new.summary)
    gone = [(one, _concluded(one, new.summary)) for one in _left(old, {pair.old.mark for pair in pairs})]
    return Difference(
        old=old.summary,
        new=new.summary,
        fixed=tuple(marked for marked, concluded in gone if concluded),
        unjudged=tuple(marked for marked, concluded in gone if not concluded),
        appeared=_left(new, {pair.new.mark for pair in pairs}),
        still=tuple(sorted(pairs, key=lambda pair: _order(pair.new))),
        rules=changes(outcomes_in(old.summary), outcomes_in(new.summary)),
        indicators=changes(indicators_in(old.summary), indicators_in(new.summary), units),
        inputs=changes(inputs_old, inputs_new),
        renamed=renamed,
        stated=changes(stated_in(old.summary), stated_in(new.summary)),
    )


# ---------------------------------------------------------------- findings


def _ended(marked: Marked, summary: Mapping[str, Any]) -> str | None:
    """How the rule of a finding ended in a run; None: it was not run.

    By its id alone: a finding on an input names the survey of the input, its rule is of the project.
    """
    return next((rule["outcome"] for rule in summary["rules"] if rule["id"] == marked.finding.rule), None)


def _concluded(gone: Marked, summary: Mapping[str, Any]) -> bool:
    """Whether a new run that no longer has a finding has looked for it."""
    ended = _ended(gone, summary)
    if ended != "not_applicable":
        return ended in CONCLUDED
    read = {survey["survey"] for survey in summary["surveys"] if survey.get("undetermined") is None}
    return gone.finding.survey in read | {PROJECT}


def _same(old: Result, new: Result, renamed: Mapping[str, str]) -> list[Pair]:
    """Faults that are in both by their mark; then those known by a file, where it is the same under another name."""
    pairs = _matched(_marked(old), _marked(new), lambda one: stem(one.mark), lambda one: stem(one.mark))
    seen_old, seen_new = {pair.old.mark for pair in pairs}, {pair.new.mark for pair in pairs}
    left_old = [one for one in _marked(old) if one.mark not in seen_old and one.finding.file in renamed]
    left_new = [one for one in _marked(new) if one.mark not in seen_new and one.finding.file in renamed.values()]
    return pairs + _matched(
        left_old,
        left_new,
        lambda one: fingerprint(replace(one.finding, file=renamed[str(one.finding.file)])),
        lambda one: fingerprint(one.finding),
    )


def _matched(old: Iterable[Marked], new: Iterable[Marked], key_old: Key, key_new: Key) -> list[Pair]:
    """Pairs of one key: within it only the place tells faults apart."""
    before, after = _grouped(old, key_old), _grouped(new, key_new)
    return [pair for key in sorted(before.keys() & after.keys()) for pair in _paired(before[key], after[key])]


def _grouped(found: Iterable[Marked], key: Key) -> dict[str, list[Marked]]:
    groups: dict[str, list[Marked]] = defaultdict(list)
    for marked in found:
        groups[key(marked)].append(marked)
    return groups


def _marked(result: Result) -> list[Marked]:
    return [Marked(mark, finding) for mark, finding in zip(result.fingerprints, result.findings, strict=True)]


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


def _left(result: Result, paired: set[str]) -> tuple[Marked, ...]:
    return tuple(sorted((marked for marked in _marked(result) if marked.mark not in paired), key=_order))


def _order(marked: Marked) -> tuple[Any, ...]:
    """The gravest first."""
    f = marked.finding
    return (SEVERITIES.index(f.severity), f.survey, f.rule, f.business_id or "", f.feature or "", marked.mark)


def _answer(marked: Marked) -> dict[str, Any] | None:
    """The waiver without the mark it carries: that of a tied fault changes when another one goes."""
    waiver = marked.finding.waiver
    return None if waiver is None else {key: value for key, value in waiver.items() if key != "fingerprint"}
