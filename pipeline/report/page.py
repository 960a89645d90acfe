"""A report as one plain HTML page that works offline: chapters, tables and drawings, no map of features."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.report.model import Block, Figure, Heading, KeyValues, Paragraph, Report, Table
from pipeline.report.numbering import Label, chapter_title, labels, table_notes
from pipeline.standard import SCHEMAS

FOLDER = SCHEMAS / "report"
TEMPLATE = "page.html.j2"


def write_page(report: Report, path: Path, *, folder: Path = FOLDER) -> None:
    """`report` as one file at `path`; it asks the network for nothing. folder: holds page.html.j2 and report.css."""
    path.write_text(as_page(report, folder=folder), "utf-8", newline="\n")


def as_page(report: Report, *, folder: Path = FOLDER) -> str:
    """The whole page as text."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    numbers = labels(report)
    chapters = [
        {
            "title": chapter_title(chapter),
            "id": f"c{c + 1}",
            "blocks": [_block(block, numbers.get((c, b))) for b, block in enumerate(chapter.blocks)],
        }
        for c, chapter in enumerate(report.chapters)
    ]
    styles = Markup((folder / "report.css").read_text("utf-8"))  # noqa: S704 — the program's own file
    return environment.get_template(TEMPLATE).render(report=report, chapters=chapters, styles=styles)


def _block(block: Block, label: Label | None) -> dict[str, Any]:
    title = label.before if label else str
    match block:
        case Heading():
            return {"kind": "heading", "text": title(block.text), "level": min(4, block.level + 1)}
        case Paragraph():
            return {"kind": "paragraph", "text": block.text, "style": block.style}
        case KeyValues():
            return {"kind": "form", "caption": title(block.caption), "entries": block.items}
        case Table():
            totals = len(block.rows) - block.total_rows
            rows = [{"cells": row, "total": n >= totals} for n, row in enumerate(block.rows)]
            return {
                "kind": "table",
                "caption": title(block.caption),
                "columns": block.columns,
                "rows": rows,
                "notes": table_notes(block),
            }
        case Figure():
            from markupsafe import Markup

            svg = Markup(block.svg)  # noqa: S704 — drawn by the program, its words escaped
            return {"kind": "figure", "caption": title(block.caption), "svg": svg}
