"""SurveyResults → one ProjectReport: buildings joined across surveys, verdict and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.model import SEVERITIES, BuildingFact, Finding, ProjectReport, RuleRun, SurveyResult, Verdict
from pipeline.scalars import plain
from pipeline.sources import LedgerEntry
from pipeline.standard import Standard, Standards

if TYPE_CHECKING:
    import geopandas as gpd


def merge(
    project: Any,
    standards: Standards,
    surveys: Iterable[SurveyResult],
    intake: Iterable[RuleRun],
    *,
    ledger: Iterable[LedgerEntry],
    versions: Mapping[str, str],
    site: Mapping[str, Any],
    permit: Mapping[str, Mapping[str | None, float]],
) -> ProjectReport:
    """The consolidated result. intake: rules on the inputs themselves."""
    results = tuple(surveys)
    runs = (*intake, *(run for result in results for run in result.runs))
    findings = tuple(finding for run in runs for finding in run.findings)
    return ProjectReport(
        project=project,
        standards=standards,
        surveys=results,
        buildings=_buildings(results, standards),
        ledger=tuple(ledger),
        runs=runs,
        findings=findings,
        indicators=tuple(i for result in results for i in result.indicators),
        verdict=verdict(runs, findings, standards),
        counts=counts(findings),
        versions=dict(versions),
        site=dict(site),
        permit={(name, building): v for name, values in permit.items() for building, v in values.items()},
    )


def verdict(runs: Iterable[RuleRun], findings: Iterable[Finding], standards: Standards) -> Verdict:
    """failed: an unwaived error; else undetermined: a rule of severity error undecided or crashed; else passed."""
    if any(f.severity == "error" and f.waiver is None for f in findings):
        return "failed"
    open_runs = (run for run in runs if run.outcome in ("undetermined", "crashed") or (run.findings and run.reason))
    if any(run.outcome == "crashed" or standards.rule(run.rule).severity == "error" for run in open_runs):
        return "undetermined"
    return "passed"


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """Findings by severity, waived ones not counted."""
    found = Counter(f.severity for f in findings if f.waiver is None)
    return {severity: found[severity] for severity in SEVERITIES}


def _buildings(results: Iterable[SurveyResult], standards: Standards) -> tuple[BuildingFact, ...]:
    facts = []
    for result in results:
        standard = standards.surveys[result.survey]
        if standard.building is not None:
            facts += _facts(standard, result.frames[standard.building.layer])
    return tuple(sorted(facts, key=lambda f: (f.building, f.name, standards.surveys[f.survey].order)))


def _facts(standard: Standard, frame: gpd.GeoDataFrame) -> list[BuildingFact]:
    view = standard.building
    if view is None:
        return []
    return [
        BuildingFact(
            str(row[view.key]),
            standard.survey,
            name,
            spec.label,
            plain(row.get(name)),
            spec.unit or "",
            spec.decimals,
            row["feature"],
        )
        for _, row in frame.iterrows()
        if row[view.key]
        for name, spec in view.facts.items()
    ]
