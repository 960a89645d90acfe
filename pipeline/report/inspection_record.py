"""The inspection record: every rule with its outcome and how much it examined, findings, waivers, damaged inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from pipeline.model import OUTCOMES, SEVERITIES, Finding, RuleRun
from pipeline.quality.score import FAULT_CLASSES, scores
from pipeline.report.cells import alike
from pipeline.report.context import Context, Row
from pipeline.report.model import Block, Paragraph, Table
from pipeline.report.survey_chapters import verdict
from pipeline.sources import LedgerEntry

WAIVER = ("who", "when", "why", "until")


def inspection(context: Context) -> list[Block]:
    """Outcome counts, the rules survey by survey, findings, waivers, and what the ledger says of the inputs."""
    return [
        context.heading("section_outcomes"),
        *verdict(context),
        _outcomes(context),
        context.heading("section_rules"),
        context.say("rules_intro"),
        *_rules(context),
        context.heading("section_findings"),
        _findings(context),
        context.heading("section_score"),
        context.say("score_intro"),
        _scores(context),
        context.heading("section_waivers"),
        _waivers(context),
        context.heading("section_ledger"),
        _ledger(context),
    ]


def _by_survey(context: Context) -> Mapping[str, list[RuleRun]]:
    groups: dict[str, list[RuleRun]] = {}
    for run in context.result.runs:
        groups.setdefault(run.survey, []).append(run)
    return dict(sorted(groups.items(), key=lambda item: (context.order(item[0]), item[0])))


def _outcomes(context: Context) -> Table:
    rows: list[Row] = []
    sums: Counter[str] = Counter()
    for survey, runs in _by_survey(context).items():
        counts: Counter[str] = Counter(run.outcome for run in runs)
        counts.update(f.severity for run in runs for f in run.findings)
        counts["rules"] = len(runs)
        sums.update(counts)
        rows.append({"survey": context.label(survey), **_counted(counts)})
    rows.append({"survey": context.template.say("total"), **_counted(sums)})
    return replace(context.template.table("outcomes", rows), total_rows=1)


def _counted(counts: Mapping[str, int]) -> Row:
    return {key: str(counts.get(key, 0)) for key in ("rules", *OUTCOMES, *SEVERITIES)}


def _rules(context: Context) -> list[Block]:
    tables: list[Table] = []
    for survey, runs in _by_survey(context).items():
        rows = [_rule_row(context, run) for run in runs]
        tables.append(context.template.table("rules", rows, table_id=f"rules.{survey}", survey=context.label(survey)))
    return list(alike(tables))


def _rule_row(context: Context, run: RuleRun) -> Row:
    rule = context.rules.get(run.rule)
    severity, certainty = (rule.severity, rule.certainty) if rule else (None, None)
    return {
        "rule": run.rule,
        "title": rule.title if rule else "",
        "element": rule.element if rule else "",
        "severity": context.word("severity", severity),
        "certainty": context.word("certainty_short", certainty),
        "outcome": context.word("outcome", run.outcome),
        "examined": str(run.examined),
        "findings": str(len(run.findings)),
        "reason": run.reason or "",
    }


def _findings(context: Context) -> Table | Paragraph:
    findings = context.result.findings
    if not findings:
        return context.say("no_findings")
    rows = [finding_row(context, finding, n) for n, finding in enumerate(findings, start=1)]
    features = [tuple(i for i in (f.feature, f.other_feature) if i) for f in findings]
    return context.template.table("findings", rows, features=features)


def finding_row(context: Context, finding: Finding, number: int) -> Row:
    """One finding as printed facts: where it is, what was measured, what was wanted."""
    handle = (finding.feature or "").rpartition("/")[2]
    layer = context.layer(finding.survey, finding.layer) if finding.layer else ""
    return {
        "row_no": str(number),
        "rule": finding.rule,
        "severity": context.word("severity", finding.severity),
        "survey": context.label(finding.survey),
        "place": " ".join(part for part in (finding.file, layer, handle) if part),
        "object": context.object_of(finding),
        **context.finding_numbers(finding),
        "unit": finding.unit or "",
        "message": finding.message,
    }


def _scores(context: Context) -> Table:
    """Per survey its quality elements, then its score and grade; the project last."""
    result = scores(context.result)
    rows: list[Row] = []
    for survey in result.surveys:
        for part in survey.elements:
            row = {key: str(part.counts.get(key, 0)) for key in FAULT_CLASSES}
            rows.append(
                {
                    **row,
                    "survey": survey.label,
                    "element": part.element,
                    "waived": str(part.waived),
                    "weight": context.text(part.weight, 3),
                    "score": context.text(part.score, 2),
                }
            )
        rows.append(_scored(context, survey.label, survey.score, survey.grade, survey.reason or survey.note))
    rows.append(_scored(context, "", result.score, result.grade, result.reason))
    return replace(context.template.table("scores", rows), total_rows=1)


def _scored(context: Context, survey: str, score: float | None, grade: str | None, reason: str | None) -> Row:
    """The line that closes a survey, or the project where `survey` is empty."""
    whole = context.template.say("score_whole")
    name, element = (survey, whole) if survey else (context.template.whole, whole)
    return {
        "survey": name,
        "element": element,
        "score": context.text(score, 2),
        "grade": grade or "",
        "reason": reason or "",
    }


def _waivers(context: Context) -> Table | Paragraph:
    waived = [finding for finding in context.result.findings if finding.waiver]
    if not waived:
        return context.say("no_waivers")
    rows = [
        {
            "row_no": str(n),
            "rule": f.rule,
            "object": context.object_of(f),
            "message": f.message,
            **{key: context.text((f.waiver or {}).get(key)) for key in WAIVER},
        }
        for n, f in enumerate(waived, start=1)
    ]
    return context.template.table("waivers", rows)


def _ledger(context: Context) -> Table | Paragraph:
    """Input files that could not be trusted or whose headers claim other counts than were read."""
    rows = [
        {"path": entry.path, "survey": context.label(entry.survey) if entry.survey else "", "problem": problem}
        for entry in context.result.ledger
        for problem in [ledger_problem(context, entry)]
        if problem
    ]
    return context.template.table("ledger", rows) if rows else context.say("no_ledger")


def ledger_problem(context: Context, entry: LedgerEntry) -> str:
    """What is wrong with one input, in words; empty when nothing is."""
    said = [context.template.say("ledger_fatal")] if entry.fatal else []
    for key, claimed in entry.claimed.items():
        read = entry.read.get(key)
        if read is not None and read != claimed:
            what = context.word("ledger", key)
            said.append(context.template.say("ledger_mismatch", what=what, claimed=claimed, read=read))
    return "；".join(said)
