"""Rows of the tables of the district report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import shapely

from pipeline.district.between import Between
from pipeline.district.entries import Entry
from pipeline.district.words import Row, Words
from pipeline.model import Finding
from pipeline.rounding import printed, printed_beside

DECIMALS = {"m": 3, "m²": 2, "km": 1}
SHOWN = 3  # rules named of one project


def survey_rows(words: Words) -> list[Row]:
    """One row a survey, in the order of the chapters of a report."""
    order = {s.survey: s.order for s in words.result.standards.surveys.values()}
    totals = sorted(words.result.surveys, key=lambda t: (order.get(t.survey, 0), t.survey))
    return [
        {
            "survey": t.label,
            **{n: str(getattr(t, n)) for n in ("projects", "clean", "failed", "undetermined", "findings")},
        }
        for t in totals
    ]


def rule_rows(words: Words) -> Iterator[Row]:
    """The rules between projects."""
    for run in words.result.runs:
        rule = words.rules[run.rule]
        yield {
            "rule": run.rule,
            "title": rule.title,
            "severity": words.template.word("severity", rule.severity),
            "outcome": words.template.word("outcome", run.outcome),
            "examined": str(run.examined),
            "findings": str(len(run.findings)),
        }


def finding_row(words: Words, number: int, item: Between) -> Row:
    """A finding with both projects and both places."""
    finding = item.finding
    return {
        "row_no": str(number),
        "rule": finding.rule,
        "severity": words.template.word("severity", finding.severity),
        "project": words.project(item.project),
        "other": words.project(item.other_project),
        "message": _short(words, item),
        **_numbers(finding),
        "unit": finding.unit or "",
        "place": _place(item.own_place),
        "other_place": _place(item.other_place),
    }


def _numbers(finding: Finding) -> Row:
    """Measured, required and tolerance as their unit is printed; codes and nothing stay out of the columns."""
    places = DECIMALS.get(finding.unit or "", 2)
    values = {"measured": finding.measured, "required": finding.required, "tolerance": finding.tolerance}
    known = {name: (float(value), places) for name, value in values.items() if isinstance(value, int | float)}
    return dict.fromkeys(values, "") | dict(zip(known, printed_beside(list(known.values())), strict=True))


def _short(words: Words, item: Between) -> str:
    """The sentence with the projects called as in the other columns."""
    text = item.finding.message
    for key in (item.project, item.other_project):
        text = text.replace(key, words.project(key)) if key else text
    return text


def _place(text: str | None) -> str:
    if text is None:
        return ""
    point = shapely.centroid(shapely.from_wkt(text))
    return f"{printed(float(point.y), 0)}，{printed(float(point.x), 0)}"


def project_row(words: Words, entry: Entry) -> Row:
    """A project of the table of all."""
    return {
        "row_no": str(words.numbers[entry.key]),
        "code": entry.code or "",
        "name": entry.name or entry.key,
        "firm": entry.firm or "",
        "surveys": "、".join(label for _, label in entry.surveys),
        "outcome": words.template.word("outcome", entry.outcome),
        "error": str(entry.count("error")) if entry.judged else "",
        "warning": str(entry.count("warning")) if entry.judged else "",
        "shared": str(words.shared.get(entry.key, 0)) if entry.judged else "",
        "grade": entry.grade or "",
    }


def worst_row(words: Words, number: int, entry: Entry) -> Row:
    """One of the worst projects with the rules that it breaks most."""
    own = {r.rule: r.findings for r in entry.rules if r.findings}
    between = Counter(b.finding.rule for b in words.result.findings if entry.key in (b.project, b.other_project))
    found = sorted(Counter(own) + between, key=lambda rule: (-own.get(rule, 0) - between[rule], rule))
    more = f"等 {len(found)} 条" if len(found) > SHOWN else ""
    return {
        "row_no": str(number),
        "project": words.project(entry.key),
        "firm": entry.firm or "",
        "error": str(entry.count("error")),
        "shared": str(words.shared.get(entry.key, 0)),
        "warning": str(entry.count("warning")),
        "rules": "、".join(found[:SHOWN]) + more,
    }
