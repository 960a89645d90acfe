"""What the projects of a district come to: by rule, by survey, by firm; the worst ones; those drawn for acceptance."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.district.entries import JUDGED, Entry
from pipeline.quality.sampling import batches, sample_size

PER_FEATURES = 1000  # faults are compared per so many features


@dataclass(frozen=True, slots=True)
class RuleTotal:
    """One rule over all projects: how many ended how, and its findings."""

    rule: str
    survey: str
    projects: int
    failed: int
    undetermined: int
    crashed: int
    findings: int


@dataclass(frozen=True, slots=True)
class SurveyTotal:
    """One survey over all projects that were commissioned for it."""

    survey: str
    label: str
    projects: int
    clean: int
    failed: int
    undetermined: int
    findings: int


@dataclass(frozen=True, slots=True)
class FirmTotal:
    """The projects of one firm. rate: errors per thousand features, None without any feature."""

    firm: str
    projects: int
    passed: int
    failed: int
    undetermined: int
    unusable: int
    errors: int
    warnings: int
    features: int
    between: int
    rate: float | None


@dataclass(frozen=True, slots=True)
class Sample:
    """What is drawn of one acceptance batch."""

    batch: int
    units: int
    drawn: tuple[Entry, ...]


def by_rule(entries: Iterable[Entry]) -> tuple[RuleTotal, ...]:
    """Rules with something to say of some project, most findings first."""
    totals: dict[tuple[str, str], dict[str, int]] = {}
    for entry in entries:
        for item in entry.rules:
            total = totals.setdefault(
                (item.rule, item.survey), dict.fromkeys(("n", "failed", "undetermined", "crashed", "f"), 0)
            )
            total["n"] += item.outcome != "not_applicable"
            total["f"] += item.findings
            if item.outcome in total:
                total[item.outcome] += 1
    made = [
        RuleTotal(rule, survey, t["n"], t["failed"], t["undetermined"], t["crashed"], t["f"])
        for (rule, survey), t in totals.items()
        if t["failed"] or t["undetermined"] or t["crashed"]
    ]
    return tuple(sorted(made, key=lambda t: (-t.findings, -t.failed, -t.crashed, -t.undetermined, t.rule)))


def by_survey(entries: Sequence[Entry]) -> tuple[SurveyTotal, ...]:
    """Surveys in order of their first appearance by name of survey; clean: every rule passed or did not apply."""
    labels = {survey: label for entry in entries for survey, label in entry.surveys}
    return tuple(_survey(survey, label, entries) for survey, label in labels.items())


def _survey(survey: str, label: str, entries: Iterable[Entry]) -> SurveyTotal:
    own = [[r for r in e.rules if r.survey == survey] for e in entries if e.judged and survey in dict(e.surveys)]
    ends = [{rule.outcome for rule in rules} for rules in own]
    failed = sum("failed" in end for end in ends)
    undecided = sum("failed" not in end and bool(end & {"undetermined", "crashed"}) for end in ends)
    findings = sum(rule.findings for rules in own for rule in rules)
    return SurveyTotal(survey, label, len(own), len(own) - failed - undecided, failed, undecided, findings)


def by_firm(
    entries: Iterable[Entry], features: Mapping[str, int], between: Iterable[tuple[str, ...]]
) -> tuple[FirmTotal, ...]:
    """Firms, fewest errors per thousand features first; projects without a known firm are not compared.

    between: the projects of each error between projects; it counts once for each firm that has a part in it.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.firm:
            groups.setdefault(entry.firm, []).append(entry)
    shared = [set(projects) for projects in between]
    made = [_firm(firm, own, features, shared) for firm, own in groups.items()]
    return tuple(sorted(made, key=lambda f: (f.rate is None, f.rate or 0.0, -f.features, f.firm)))


def _firm(firm: str, own: Sequence[Entry], features: Mapping[str, int], shared: Sequence[set[str]]) -> FirmTotal:
    keys = {entry.key for entry in own}
    size = sum(features.get(key, 0) for key in keys)
    errors = sum(entry.count("error") for entry in own)
    involved = sum(bool(keys & projects) for projects in shared)
    ends = [entry.outcome for entry in own]
    return FirmTotal(
        firm,
        len(own),
        ends.count("passed"),
        ends.count("failed"),
        ends.count("undetermined"),
        sum(outcome not in JUDGED for outcome in ends),
        errors,
        sum(entry.count("warning") for entry in own),
        size,
        involved,
        PER_FEATURES * (errors + involved) / size if size else None,
    )


def worst(entries: Iterable[Entry], between: Mapping[str, int], *, most: int) -> tuple[Entry, ...]:
    """Projects with errors or warnings of their own or shared errors, worst first, at most `most`."""
    bad = [e for e in entries if e.judged and (e.count("error") or e.count("warning") or between.get(e.key))]
    order = sorted(bad, key=lambda e: (-e.count("error") - between.get(e.key, 0), -e.count("warning"), e.key))
    return tuple(order[:most])


def samples(entries: Iterable[Entry]) -> tuple[Sample, ...]:
    """What is drawn for acceptance of the projects that passed: so many a batch as GB/T 24356-2023, table 1, asks for.

    Who is drawn is decided by the SHA-256 of the project's key, so anybody can draw again and nobody can choose.
    """
    passed = sorted((e for e in entries if e.outcome == "passed"), key=lambda e: e.key)
    drawn, start = [], 0
    for number, units in enumerate(batches(len(passed)), start=1):
        own = passed[start : start + units]
        start += units
        lots = sorted(own, key=lambda e: hashlib.sha256(e.key.encode()).hexdigest())[: sample_size(units)]
        drawn.append(Sample(number, units, tuple(sorted(lots, key=lambda e: e.key))))
    return tuple(drawn)
