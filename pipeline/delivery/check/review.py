"""The review report: the examination of a delivery as the same report model that the survey report is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipeline.delivery.check.judging import Review
from pipeline.model import Finding, ProjectReport
from pipeline.report.context import Context, Row
from pipeline.report.model import Block, Chapter, Paragraph, Report
from pipeline.report.survey_chapters import indicators
from pipeline.report.template import Template, load_template
from pipeline.standard import SCHEMAS

FOLDER = SCHEMAS / "delivery" / "review"


def shown(review: Review) -> ProjectReport:
    """The recomputed result with the findings on the package in front: what page and map show."""
    findings = review.findings + (review.result.findings if review.result else ())
    runs = review.runs + (review.result.runs if review.result else ())
    if review.result is not None:
        return replace(
            review.result,
            standards=review.standards,
            runs=runs,
            findings=findings,
            verdict=review.verdict,
            counts=review.counts,
        )
    return ProjectReport(
        project=None,
        standards=review.standards,
        surveys=(),
        buildings=(),
        ledger=(),
        runs=runs,
        findings=findings,
        indicators=(),
        verdict=review.verdict,
        counts=review.counts,
        versions={},
    )


def build_review(review: Review) -> Report:
    """All chapters of the review, in the order of its template."""
    template = load_template(FOLDER)
    context = Context(shown(review), template)
    slots = slots_of(review, context)
    chapters = [
        Chapter(plan.number or str(n), plan.title, tuple(CHAPTERS[plan.kind](review, context, slots)))
        for n, plan in enumerate(template.chapters, start=1)
    ]
    return Report(
        title=template.title,
        cover=tuple((line.label, template.fill(line.value, slots, "cover")) for line in template.cover),
        statement=template.statement,
        signatures=_signatures(review, template),
        chapters=tuple(chapters),
        project_code=slots["code"],
        firm=slots["firm"],
        date=slots["today"],
        keywords=(slots["name"], *(bureau.label for bureau in review.bureaus)),
    )


def _signatures(review: Review, template: Template) -> tuple[tuple[str, str], ...]:
    return (*((b.label, b.bureau) for b in review.bureaus), *((s.role, s.name) for s in template.signatures))


def slots_of(review: Review, context: Context) -> Row:
    """The words a review template may use in {…}; what is not known prints as the missing sign."""
    manifest, result = review.manifest, review.result
    project = result.project.project if result else None
    stated = manifest.project if manifest else None
    return {
        "name": context.text(project.name if project else stated.name if stated else None),
        "code": context.text(project.code if project else stated.code if stated else None),
        "firm": context.text(result.project.firm.name if result else None),
        "source": review.source,
        "today": context.date(review.today),
        "edition": context.text(manifest.edition if manifest else None),
        "profile": context.text(manifest.profile.edition if manifest else None),
        "verdict": context.word("verdict", review.verdict),
        "delivered": context.word("verdict", review.delivered),
        "recomputed": context.word("verdict", result.verdict if result else None),
    }


# ---------------------------------------------------------------- chapters


def conclusion(review: Review, context: Context, slots: Row) -> list[Block]:
    """The verdict, what it rests on, and one line per bureau."""
    found = {severity: str(count) for severity, count in (review.result.counts if review.result else {}).items()}
    package = sum(f.severity == "error" for f in review.findings)
    counted = {"error": "0", "warning": "0", "info": "0"} | found
    blocks: list[Block] = [
        context.say("review_verdict", "verdict", verdict=slots["verdict"], package=package, **counted)
    ]
    if review.unsafe:
        blocks.append(context.say("review_unsafe", "warning"))
    elif review.result is None:
        blocks.append(context.say("review_not_recomputed", "warning"))
    elif review.delivered != review.result.verdict:
        words = {name: slots[name] for name in ("delivered", "recomputed")}
        blocks.append(context.say("review_claims_differ", "warning", **words))
    elif not package:
        blocks.append(context.say("review_sound"))
    if review.result is not None and (own := review.result.standards.own):
        named = "、".join(f"{context.label(name)}（{review.standards.surveys[name].edition}）" for name in own)
        blocks.append(context.say("review_own_standards", "warning", standards=named))
    rows = [
        {
            "survey": bureau.label,
            "bureau": bureau.bureau,
            "own": context.word("verdict", bureau.own),
            "errors": str(bureau.errors),
            "warnings": str(bureau.warnings),
            "package": str(bureau.package),
            "verdict": context.word("verdict", bureau.verdict),
        }
        for bureau in review.bureaus
    ]
    return [*blocks, context.template.table("bureaus", rows), context.template.values("claims", slots)]


def package(review: Review, context: Context, _slots: Row) -> list[Block]:
    """What is wrong with the package, and every requirement it was held against."""
    rows = [{"row_no": str(n), **_finding(f, context)} for n, f in enumerate(review.findings, start=1)]
    found = context.template.table("package_findings", rows) if rows else context.say("review_no_package_findings")
    checks = [
        {
            "rule": run.rule,
            "title": context.rules[run.rule].title,
            "severity": context.word("severity", context.rules[run.rule].severity),
            "outcome": context.word("outcome", run.outcome),
            "count": str(len(run.findings)),
            "clause": context.rules[run.rule].clause,
            "certainty": context.word("certainty", context.rules[run.rule].certainty),
        }
        for run in review.runs
    ]
    return [found, context.template.table("package_rules", checks)]


def recomputed(review: Review, context: Context, _slots: Row) -> list[Block]:
    """Findings and indicators of the recompute."""
    if review.result is None:
        return [context.say("review_not_recomputed")]
    own = Context(review.result, context.template)
    rows = [
        {"row_no": str(n), "object": own.object_of(f), "waiver": _waiver(f, context), **_finding(f, context)}
        for n, f in enumerate(review.result.findings, start=1)
    ]
    found: Block = context.template.table("recomputed_findings", rows) if rows else context.say("no_findings")
    return [context.say("review_recomputed_intro"), found, *indicators(own)]


def listing(review: Review, context: Context, _slots: Row) -> list[Block]:
    """Every file of the package with size and hash."""
    rows = [
        {"row_no": str(n), "path": entry.path, "size": str(entry.size), "sha256": entry.sha256}
        for n, entry in enumerate(review.files, start=1)
    ]
    empty: Paragraph = context.say("review_no_files")
    return [context.template.table("files", rows) if rows else empty]


def _finding(finding: Finding, context: Context) -> Row:
    return {
        "rule": finding.rule,
        "severity": context.word("severity", finding.severity),
        "survey": context.label(finding.survey),
        "message": finding.message,
    }


def _waiver(finding: Finding, context: Context) -> str:
    waiver = finding.waiver
    if not waiver:
        return ""
    key = "review_waived" if waiver.get("until") else "review_waived_open"
    return context.template.say(key, who=waiver.get("who"), until=waiver.get("until"))


Maker = Callable[[Review, Context, Row], list[Block]]
CHAPTERS: dict[str, Maker] = {chapter.__name__: chapter for chapter in (conclusion, package, recomputed, listing)}


def as_data(review: Review) -> dict[str, Any]:
    """The content of review.json."""
    import dataclasses

    from pipeline.fingerprint import fingerprints

    own = review.result.findings if review.result else ()
    manifest = review.manifest.model_dump(mode="json", exclude={"files"}) if review.manifest else None
    return {
        "package": review.source,
        "today": review.today.isoformat(),
        "verdict": review.verdict,
        "delivered_verdict": review.delivered,
        "recomputed_verdict": review.result.verdict if review.result else None,
        "opened": not review.unsafe,
        "counts": dict(review.counts),
        "bureaus": [dataclasses.asdict(bureau) for bureau in review.bureaus],
        "findings": [f.line for f in review.findings],
        "rules": [{"id": r.rule, "outcome": r.outcome, "findings": len(r.findings)} for r in review.runs],
        "recomputed_findings": [
            {**f.line, "fingerprint": mark} for f, mark in zip(own, fingerprints(own), strict=True)
        ],
        "manifest": manifest,
        "files": [entry.model_dump() for entry in review.files],
    }
