"""The report as one HTML file that works offline: verdict, indicators, chapters, findings and a live map."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.model import OUTCOMES, SEVERITIES
from pipeline.report.cells import indicator_numbers
from pipeline.report.html_map import findings_data, map_data
from pipeline.report.model import Block, Chapter, Figure, Heading, KeyValues, Paragraph, Report, Table
from pipeline.report.numbering import Label, chapter_title, labels
from pipeline.report.template import template_of
from pipeline.rounding import NOTHING, printed
from pipeline.standard import SCHEMAS

if TYPE_CHECKING:
    from markupsafe import Markup

    from pipeline.model import Indicator, ProjectReport
    from pipeline.report.template import Template

FOLDER = SCHEMAS / "report"
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def write_html(
    report: Report, result: ProjectReport, path: Path, *, folder: Path = FOLDER, words: Template | None = None
) -> None:
    """`report` and the features behind it as one file at `path`; it asks the network for nothing.

    folder: holds report.html.j2, report.css, map.js and page.js. words: default those of the project's template.
    """
    path.write_text(as_html(report, result, folder=folder, words=words), "utf-8", newline="\n")


def as_html(report: Report, result: ProjectReport, *, folder: Path = FOLDER, words: Template | None = None) -> str:
    """The whole page as text."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    words = words or template_of(result.project)
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    numbers = labels(report)
    data = {
        "map": map_data(result),
        "findings": findings_data(result, words),
        "indicators": [_trace(i, result, words) for i in result.indicators],
    }
    return environment.get_template("report.html.j2").render(
        report=report,
        result=result,
        words=words,
        overview=_overview(result, words),
        indicators=[_indicator(i, result, words) for i in result.indicators],
        chapters=[_chapter(chapter, n, numbers) for n, chapter in enumerate(report.chapters)],
        styles=_ours((folder / "report.css").read_text("utf-8")),
        scripts=[_ours((folder / name).read_text("utf-8")) for name in ("map.js", "page.js")],
        data=_ours(script_json(data)),
    )


def script_json(data: Any) -> str:
    """JSON that may stand inside a `<script>` element: no text of the data can end it or start a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for char, escaped in _UNSAFE.items():
        text = text.replace(char, escaped)
    return text


def _ours(text: str) -> Markup:
    """Text that is put into the page as it is: the program's own files, escaped JSON, drawings with escaped words."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 — see above: never a text of the data


def _overview(result: ProjectReport, words: Template) -> dict[str, Any]:
    """Verdict, findings by severity, rules by outcome: whole project and per survey."""
    standards = result.standards.surveys
    rows = []
    for survey in dict.fromkeys(run.survey for run in result.runs):
        runs = [run for run in result.runs if run.survey == survey]
        found = Counter(f.severity for f in result.findings if f.survey == survey)
        rows.append(
            {
                "label": standards[survey].label if survey in standards else survey,
                "outcomes": [sum(run.outcome == outcome for run in runs) for outcome in OUTCOMES],
                "findings": [found[severity] for severity in SEVERITIES],
            }
        )
    return {
        "verdict": result.verdict,
        "word": words.word("verdict", result.verdict),
        "counts": [
            (severity, words.word("severity", severity), int(result.counts.get(severity, 0))) for severity in SEVERITIES
        ],
        "outcomes": [words.word("outcome", outcome) for outcome in OUTCOMES],
        "severities": [words.word("severity", severity) for severity in SEVERITIES],
        "rows": rows,
    }


def _indicator(item: Indicator, result: ProjectReport, words: Template) -> dict[str, Any]:
    """One line of the table of indicators as printed."""
    standard = result.standards.surveys.get(item.survey)
    unit = f"（{item.unit}）" if item.unit else ""
    difference, limit, _ = indicator_numbers(item, missing=NOTHING)
    return {
        "survey": standard.short if standard else item.survey,
        "scope": _scope(item.building, words),
        "label": item.label + unit,
        "permitted": printed(item.permitted, item.decimals),
        "measured": printed(item.measured, item.decimals),
        "difference": difference,
        "limit": limit,
        "direction": words.word("direction", item.direction),
        "outcome": item.outcome,
        "word": words.word("indicator", item.outcome),
        "reason": item.reason or "",
    }


def _scope(building: str | None, words: Template) -> str:
    if building is None:
        return words.whole
    return words.say("building", name=building) if building.isascii() else building


def _trace(item: Indicator, result: ProjectReport, words: Template) -> dict[str, Any]:
    """What a click on an indicator shows: formula, reason, the features it comes from."""
    line = _indicator(item, result, words)
    return {
        "id": f"{item.survey}.{item.name}",
        "title": f"{line['label']}　{line['scope']}",
        "formula": item.formula,
        "measured": line["measured"],
        "permitted": line["permitted"],
        "word": line["word"],
        "reason": line["reason"],
        "features": list(item.features),
    }


def _chapter(chapter: Chapter, index: int, numbers: dict[tuple[int, int], Label]) -> dict[str, Any]:
    return {
        "title": chapter_title(chapter),
        "id": f"c{index + 1}",
        "blocks": [_block(block, numbers.get((index, n))) for n, block in enumerate(chapter.blocks)],
    }


def _block(block: Block, label: Label | None) -> dict[str, Any]:
    title = label.before if label else str
    match block:
        case Heading():
            return {"kind": "heading", "text": title(block.text), "level": min(4, block.level + 1)}
        case Paragraph():
            return {"kind": "paragraph", "text": block.text, "style": block.style}
        case KeyValues():
            return {
                "kind": "form",
                "caption": title(block.caption) if block.caption else "",
                "entries": block.items,
                "id": block.id,
            }
        case Table():
            rows = [
                {
                    "cells": row,
                    "features": " ".join(block.features[n]) if n < len(block.features) else "",
                    "total": n >= len(block.rows) - block.total_rows,
                    "target": block.targets[n] if block.targets else "",
                }
                for n, row in enumerate(block.rows)
            ]
            return {
                "kind": "table",
                "caption": title(block.caption) if block.caption else "",
                "table": block,
                "rows": rows,
            }
        case Figure():
            return {
                "kind": "figure",
                "caption": title(block.caption),
                "svg": _ours(block.svg),
                "id": block.id,
                "width": block.width_mm,
            }
