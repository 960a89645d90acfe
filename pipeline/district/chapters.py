"""The chapters of the district report as blocks of plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipeline.binding import references
from pipeline.district.picture import Plot, figure
from pipeline.district.ranking import worst
from pipeline.district.rows import finding_row, project_row, rule_rows, survey_rows, worst_row
from pipeline.district.words import Words
from pipeline.model import SEVERITIES
from pipeline.report.figures import number_text
from pipeline.report.model import Block, Paragraph
from pipeline.rounding import printed


def overview(words: Words) -> list[Block]:
    """Verdict, counts, surveys, map."""
    result, index = words.result, words.result.index
    ends = {word: result.outcomes.get(word, 0) for word in ("passed", "failed", "undetermined")}
    unusable = len(index.entries) - sum(ends.values())
    joined = sum(index.space.joined(entry.key) for entry in index.entries)
    counted: dict[str, int] = {severity: result.counts[severity] for severity in SEVERITIES}
    own: dict[str, int] = {severity: sum(entry.count(severity) for entry in index.entries) for severity in SEVERITIES}
    slots = {
        "projects": len(index.entries),
        "unusable": unusable,
        "joined": joined,
        **ends,
        "compared": "、".join(
            f"{x.spec.label} {len(x.placed)}" for x in index.layers.values() if x.spec.geometry != "none"
        ),
        "own": _severities(words, own),
        "between": _severities(words, counted),
    }
    verdict = words.template.word("verdict", result.verdict)
    crs = (
        words.say("district_crs", crs=index.space.name) if index.space.crs else words.say("district_no_crs", "warning")
    )
    return [
        Paragraph(words.template.say("district_verdict", verdict=verdict, joined=joined, **counted), "verdict"),
        Paragraph(words.template.say("district_own", unusable=unusable, **ends)),
        crs,
        words.template.values("district_overview", {key: str(value) for key, value in slots.items()}),
        *words.table("district_surveys", survey_rows(words)),
        words.heading("section_district_map"),
        *_map(words),
    ]


def between(words: Words) -> list[Block]:
    """The rules between projects and what they found, with both projects and both places."""
    result = words.result
    blocks: list[Block] = [
        words.heading("section_district_rules"),
        *words.table("district_rules", list(rule_rows(words))),
    ]
    open_ = [run for run in result.runs if run.reason and run.outcome != "not_applicable"]
    if open_:
        rows = [
            {"rule": r.rule, "outcome": words.template.word("outcome", r.outcome), "reason": r.reason or ""}
            for r in open_
        ]
        blocks += words.table("district_reasons", rows)
    blocks.append(words.heading("section_district_findings"))
    if not result.findings:
        return [*blocks, words.say("district_no_findings")]
    rows = [finding_row(words, n, item) for n, item in enumerate(result.findings, start=1)]
    return [*blocks, *words.table("district_findings", rows)]


def projects(words: Words) -> list[Block]:
    """The worst projects, those without a result, the findings by rule, then all projects."""
    most = words.result.standards.profile.numbers["district.worst_projects"].at(0) or 0
    bad = worst(words.result.index.entries, words.shared, most=int(most))
    blocks: list[Block] = []
    if bad:
        rows = [worst_row(words, n, entry) for n, entry in enumerate(bad, start=1)]
        blocks += [words.heading("section_district_worst"), *words.table("district_worst", rows)]
    blocks += [words.heading("section_district_unusable"), *_unusable(words)]
    blocks += [words.heading("section_district_own_rules"), *_rules(words)]
    rows = [project_row(words, entry) for entry in words.result.index.entries]
    table = words.table("district_projects", rows, more="district_more_projects")
    return [*blocks, words.heading("section_district_all"), *table]


def comparison(words: Words) -> list[Block]:
    """Firms side by side, and who is drawn for acceptance."""
    firms, drawn = words.heading("section_district_firms"), words.heading("section_district_samples")
    return [firms, *_firms(words), drawn, *_samples(words)]


def basis(words: Words) -> list[Block]:
    """What the comparison rests on: standards and numbers."""
    keys = dict.fromkeys(
        key for rule in words.standard.rules for kind, key in references(rule.params) if kind == "profile"
    )
    numbers = words.result.standards.profile.numbers
    own = [key for key in numbers if key in keys or key.startswith(f"{words.standard.survey}.")]
    rows = [
        {
            "label": numbers[key].label,
            "value": f"{number_text(words.template, numbers[key])} {numbers[key].unit}".strip(),
            "source": numbers[key].source,
            "certainty": words.template.word("certainty", numbers[key].certainty),
        }
        for key in own
    ]
    titles = [
        {**{k: str(v) for k, v in item.items()}, "certainty": words.template.word("certainty", item["certainty"])}
        for item in words.standard.basis
    ]
    intro = [Paragraph(text) for text in words.standard.intro]
    return [*intro, *words.table("district_basis", titles), *words.table("district_numbers", rows)]


CHAPTERS: dict[str, Callable[[Words], list[Block]]] = {
    chapter.__name__: chapter for chapter in (overview, between, projects, comparison, basis)
}

# ---------------------------------------------------------------- inside


def _unusable(words: Words) -> list[Block]:
    """Projects without a result, with the reason."""
    bad = [entry for entry in words.result.index.entries if not entry.judged]
    if not bad:
        return [words.say("district_no_unusable")]
    rows = [
        {
            "row_no": str(n),
            "project": f"{words.numbers[entry.key]} {entry.key}",
            "outcome": words.template.word("outcome", entry.outcome),
            "reason": entry.reason or "",
        }
        for n, entry in enumerate(bad, start=1)
    ]
    return words.table("district_unusable", rows)


def _rules(words: Words) -> list[Block]:
    """Findings of the projects' own checks by rule."""
    totals = words.result.rules
    if not totals:
        return [words.say("district_no_rules")]
    labels = {s.survey: s.label for s in words.result.standards.surveys.values()}
    rows = []
    for total in totals:
        rule = words.rules.get(total.rule)
        rows.append(
            {
                "rule": total.rule,
                "survey": labels.get(total.survey, total.survey),
                "title": rule.title if rule else "",
                "severity": words.template.word("severity", rule.severity) if rule else "",
                "projects": str(total.projects),
                "failed": str(total.failed),
                "undetermined": str(total.undetermined + total.crashed),
                "findings": str(total.findings),
            }
        )
    return words.table("district_project_rules", rows, note=words.template.say("district_own_range"))


def _firms(words: Words) -> list[Block]:
    """Firms side by side."""
    if not words.result.firms:
        return [words.say("district_no_firms")]
    rows = [
        {
            "row_no": str(n),
            "firm": firm.firm,
            **{
                name: str(getattr(firm, name))
                for name in (
                    "projects",
                    "passed",
                    "failed",
                    "undetermined",
                    "unusable",
                    "errors",
                    "between",
                    "features",
                )
            },
            "per_project": printed((firm.errors + firm.between) / firm.projects, 2),
            "rate": printed(firm.rate, 2),
        }
        for n, firm in enumerate(words.result.firms, start=1)
    ]
    return words.table("district_firms", rows)


def _samples(words: Words) -> list[Block]:
    """Who is drawn for acceptance."""
    if not words.result.samples:
        return [words.say("district_no_samples")]
    rows = [
        {
            "batch": str(sample.batch),
            "units": str(sample.units),
            "drawn": str(len(sample.drawn)),
            "row_no": str(n),
            "code": entry.code or "",
            "name": entry.name or entry.key,
            "firm": entry.firm or "",
        }
        for sample in words.result.samples
        for n, entry in enumerate(sample.drawn, start=1)
    ]
    return [words.say("district_samples_intro"), *words.table("district_samples", rows)]


def _severities(words: Words, counted: Mapping[str, int]) -> str:
    return "、".join(f"{words.template.word('severity', s)} {counted[s]} 项" for s in SEVERITIES)


def _map(words: Words) -> list[Block]:
    entries = words.result.index.entries
    plots = [
        Plot(words.numbers[e.key], e.key, e.outcome, words.outlines.get(e.key))
        for e in entries
        if e.key not in words.result.index.far
    ]
    legend = {outcome: words.template.word("outcome", outcome) for outcome in ("passed", "failed", "undetermined")}
    legend["places"] = words.template.say("district_places")
    drawn = figure(plots, words.result.findings, legend, words.template.say("district_map"))
    return [drawn, words.say("district_map_note", "note")] if drawn else [words.say("district_no_map")]
