"""The report as PDF: typst sets what `schemas/report/report.typ` lays out; texts are handed over as data."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import PipelineError
from pipeline.report.docx_pages import LYING, pages_for
from pipeline.report.fonts import typst_fonts
from pipeline.report.logo import Logo
from pipeline.report.model import Block, Chapter, Figure, Heading, KeyValues, Paragraph, Report, Table
from pipeline.report.numbering import Label, chapter_title, labels, table_notes, with_pages
from pipeline.report.pdf_tables import breakable, softened, table_layout
from pipeline.report.raster import write_sheets
from pipeline.standard import SCHEMAS

TEMPLATE = SCHEMAS / "report" / "report.typ"
PORTRAIT_MM, LANDSCAPE_MM = 170.0, 257.0
SHORT_VALUE = 24  # letters of a form's value that still fit half a line

Labels = Mapping[tuple[int, int], Label]


def write_pdf(report: Report, path: Path, *, template: Path = TEMPLATE, sheets: Path | None = None) -> None:
    """`report` as one PDF at `path`: A4, wide tables lying, A3 drawings; contents and bookmarks are clickable.

    sheets: its drawings in their order as pages of a PDF, where they have been set already.
    The date inside is that of the report, so the same report gives the same bytes.
    Errors: PipelineError with the message of the typesetter when the template cannot be set.
    """
    figures = [block for chapter in report.chapters for block in chapter.blocks if isinstance(block, Figure)]
    with tempfile.TemporaryDirectory(prefix="duoce-pdf-", ignore_cleanup_errors=True) as scratch:
        if figures and sheets is None:
            sheets = write_sheets(figures, Path(scratch) / "sheets.pdf")
        _set(report, path, template, sheets)


def _set(report: Report, path: Path, template: Path, sheets: Path | None) -> None:
    import typst

    document = as_data(report, sheets=None if sheets is None else f"/{sheets.name}")
    try:
        compiler = typst.Compiler(
            template.read_bytes(),
            root=str((sheets or template).absolute().parent),
            font_paths=typst_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(document, ensure_ascii=False)},
        )
        compiler.compile(
            output=str(path),
            format="pdf",
            timestamp=dt.datetime.combine(dt.date(*(document["day"] or (2000, 1, 1))), dt.time(), dt.UTC),
        )
    except typst.TypstError as err:
        raise PipelineError(f"PDF 排版失败：{template.name}：{err}") from err


def as_data(report: Report, *, sheets: str | None = None) -> dict[str, Any]:
    """The report as plain JSON data for the template: numbered titles, page runs, column widths in mm.

    sheets: the PDF with the drawings, as the template finds it.
    """
    numbers = labels(report)
    drawn = itertools.count(1)
    return {
        "sheets": sheets,
        "title": report.title,
        "firm": report.firm,
        "date": report.date,
        "project_code": report.project_code,
        "keywords": list(report.keywords),
        "day": _day(report.date),
        "cover": report.cover,
        "statement": report.statement,
        "signatures": report.signatures,
        "logo": _logo(report.logo),
        "chapters": [_chapter(chapter, n, numbers, drawn) for n, chapter in enumerate(report.chapters)],
    }


def _chapter(chapter: Chapter, index: int, numbers: Labels, drawn: Iterator[int]) -> dict[str, Any]:
    papers = _papers(chapter.blocks)
    blocks = [_block(block, numbers.get((index, n)), _room(papers[n])) for n, block in enumerate(chapter.blocks)]
    for block in blocks:
        if block["kind"] == "figure":
            block["page"] = next(drawn)
    return {"title": chapter_title(chapter), "runs": _runs(papers, blocks)}


def _runs(papers: Sequence[str], blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Blocks in runs that share a page format; headings go with what follows them.

    The first run is an upright one when the chapter opens with a drawing: its title would not fit beside it.
    """
    runs: list[dict[str, Any]] = [{"paper": "A4", "blocks": []}] if not blocks or blocks[0]["kind"] == "figure" else []
    for paper, block in zip(papers, blocks, strict=True):
        if runs and paper == runs[-1]["paper"] and paper != "A3":
            runs[-1]["blocks"].append(block)
            continue
        carried = _trailing_headings(runs[-1]["blocks"]) if runs else []
        if carried and not runs[-1]["blocks"]:
            runs.pop()
        runs.append({"paper": paper, "blocks": [*carried, block]})
    return runs


def _trailing_headings(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    carried: list[dict[str, Any]] = []
    while blocks and blocks[-1]["kind"] == "heading":
        carried.insert(0, blocks.pop())
    return carried


def _papers(blocks: Sequence[Block]) -> list[str]:
    """The page format of each block: texts and short tables lie where their neighbours lie, so that no page is bare."""
    return [
        block.paper if isinstance(block, Figure) else "wide" if page == LYING else "A4"
        for block, page in zip(blocks, pages_for(blocks), strict=True)
    ]


def _room(paper: str) -> float:
    return LANDSCAPE_MM if paper == "wide" else PORTRAIT_MM


def _block(block: Block, label: Label | None, room_mm: float) -> dict[str, Any]:
    title = label.before if label else str
    if isinstance(block, Heading):
        return {"kind": "heading", "text": title(block.text), "level": min(3, max(2, block.level))}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": block.text, "style": block.style}
    if isinstance(block, KeyValues):
        items = [(key, softened(value)) for key, value in block.items]
        short = all(len(value) <= SHORT_VALUE for _, value in block.items)
        items += [("", "")] if short and len(items) % 2 else []
        return {"kind": "form", "caption": title(block.caption), "items": items, "columns": 4 if short else 2}
    if isinstance(block, Table):
        return _table(block, title(block.caption), room_mm)
    return {
        "kind": "figure",
        "caption": title(block.caption),
        "id": block.id,
        "width": block.width_mm,
        "height": block.height_mm,
    }


def _table(table: Table, caption: str, room_mm: float) -> dict[str, Any]:
    shown = with_pages(table)
    size, widths, whole = table_layout(shown, room_mm)
    return {
        "kind": "table",
        "caption": caption,
        "heads": [c.label for c in shown.columns],
        "widths": widths,
        "size": size,
        "aligns": [c.align for c in shown.columns],
        "rows": [[softened(cell, whole) for cell in row] for row in table.rows],
        "targets": table.targets,
        "total_rows": table.total_rows,
        "notes": table_notes(table),
        "breakable": breakable(table),
    }


def _logo(logo: Logo | None) -> dict[str, Any] | None:
    return None if logo is None else {"data": list(logo.data), "format": logo.kind, "height": logo.height_mm}


def _day(date: str) -> tuple[int, int, int] | None:
    """Year, month, day of "2026-09-18" or "2026年9月18日"."""
    found = re.match(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})", date)
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups())
    return year, month, day
