"""The whole step: read what the batch left, compare, add up, write."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.aside import aside, put_in_place
from pipeline.district import parquet
from pipeline.district.between import Between, run_between
from pipeline.district.entries import read_entries
from pipeline.district.index import Index, index_of, notes_of
from pipeline.district.ranking import by_firm, by_rule, by_survey, samples
from pipeline.district.result import DistrictResult, write_plain
from pipeline.errors import StandardError
from pipeline.model import SEVERITIES, RuleRun, Verdict
from pipeline.standard import Standard, Standards, load_standards

REACH = "district.reach_km"
PROFILE = "chongqing"
Progress = Callable[[str], None]


def district(
    out: Path,
    *,
    standards_in: Sequence[Path] = (),
    profile: str | None = None,
    reports: bool = True,
    progress: Progress = lambda _: None,
) -> DistrictResult:
    """Compares the projects of the batch in `out` and writes the roll-up beside them.

    Args: standards_in: folders with further standards; profile: whose numbers hold between projects; reports: also
        the documents (docx, PDF, HTML, xlsx), not only the data.
    Errors: InputError when `out` holds no batch, StandardError when a standard is wrong.
    """
    progress("读取各项目的成果")
    standards = load_standards(profile or PROFILE, extra=standards_in, scope="district")
    result = compare(out, standards, progress=progress)
    return dataclasses.replace(result, files=tuple(_written(result, out, reports=reports, progress=progress)))


def compare(out: Path, standards: Standards, *, progress: Progress = lambda _: None) -> DistrictResult:
    """The result without writing anything."""
    standard = between_projects(standards)
    reach_km = standards.profile.numbers[REACH].at(0) or float("inf")
    index = index_of(read_entries(out), standard, reach_km=reach_km, progress=progress)
    runs, found = run_between(index, standard, standards, notes_of(index, reach_km=reach_km), progress=progress)
    return _result(index, runs, found, standard, standards)


def between_projects(standards: Standards) -> Standard:
    """The standard of the district.

    Errors: StandardError when there is none, or more than one.
    """
    own = [standard for standard in standards.surveys.values() if standard.scope == "district"]
    if len(own) != 1:
        raise StandardError(f"项目之间的标准（scope: district）应恰有一个，现有 {len(own)} 个")
    return own[0]


def _result(
    index: Index, runs: Sequence[RuleRun], found: Sequence[Between], standard: Standard, standards: Standards
) -> DistrictResult:
    severities = Counter(item.finding.severity for item in found)
    shared = [(b.project, b.other_project) for b in found if b.finding.severity == "error" and b.other_project]
    return DistrictResult(
        index,
        tuple(runs),
        tuple(sorted(found, key=lambda item: SEVERITIES.index(item.finding.severity))),
        {severity: severities[severity] for severity in SEVERITIES},
        _verdict(runs, found, standard),
        by_rule(index.entries),
        by_survey(index.entries),
        by_firm(index.entries, index.features, [tuple(map(str, pair)) for pair in shared]),
        samples(index.entries),
        standards,
        max((entry.date for entry in index.entries), default=""),
    )


def _verdict(runs: Sequence[RuleRun], found: Sequence[Between], standard: Standard) -> Verdict:
    if any(item.finding.severity == "error" for item in found):
        return "failed"
    errors = {rule.id for rule in standard.rules if rule.severity == "error"}
    undecided = [run for run in runs if run.outcome == "undetermined" and run.rule in errors]
    crashed = [run for run in runs if run.outcome == "crashed"]
    return "undetermined" if undecided or crashed else "passed"


def _written(result: DistrictResult, out: Path, *, reports: bool, progress: Progress) -> list[Path]:
    """Everything written aside, then put in place."""
    from pipeline.district.rolling import write_layers

    with aside(out, ".district") as work:
        write_plain(result, work)
        with_parquet = parquet.available()
        if not with_parquet:
            progress(parquet.INSTALL)
        outlines = write_layers(
            result.index, result.findings, work, date=result.date, parquet=with_parquet, progress=progress
        )
        if reports:
            from pipeline.district.report import write_reports

            write_reports(result, between_projects(result.standards), outlines, work, progress=progress)
        return put_in_place(work, out)
