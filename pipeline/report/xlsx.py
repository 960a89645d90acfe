"""The report's tables as a workbook: a sheet each, numbers as numbers, contents with links."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from pipeline.report.cells import width
from pipeline.report.model import KeyValues, Report, Table
from pipeline.report.numbering import CONTENTS, Label, chapter_title, labels, table_notes
from pipeline.report.zipped import packed, report_date

LONGEST_NAME = 31  # characters of a sheet name, limit of the format
LONGEST_TEXT = 32767  # characters of a cell, limit of the format
NARROWEST, WIDEST = 6.0, 60.0  # column widths in characters
EXACT_DIGITS = 15  # more digits than this a spreadsheet cannot hold as a number
CONTENTS_NAME = CONTENTS.replace("　", "")
CONTENTS_HEADS = ("序号", "章节", "表号", "表名", "行数")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.(\d+))?")
_UNSAFE = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet to be: its name, where its table stands in the report, and the table (a form has two columns)."""

    name: str
    chapter: str
    label: Label
    block: Table | KeyValues

    @property
    def rows(self) -> int:
        return len(self.block.rows) if isinstance(self.block, Table) else len(self.block.items)


def write_xlsx(report: Report, path: Path) -> None:
    """Write every table of the report; the same report gives the same bytes."""
    date = report_date(report.date)
    held = io.BytesIO()
    with Workbook(held, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": report.title, "author": report.firm, "created": date})
        book = _Book(workbook)
        sheets = planned_sheets(report)
        book.contents(sheets)
        for sheet in sheets:
            book.sheet(sheet)
    with zipfile.ZipFile(held) as parts:
        Path(path).write_bytes(packed(((name, parts.read(name)) for name in parts.namelist()), date))


def planned_sheets(report: Report) -> list[Sheet]:
    """A sheet for every table and form with a caption, in the order of the report, names unique."""
    numbers = labels(report)
    taken = {CONTENTS_NAME.casefold()}
    sheets = []
    for c, chapter in enumerate(report.chapters):
        for b, block in enumerate(chapter.blocks):
            if isinstance(block, Table | KeyValues) and (c, b) in numbers:
                name = sheet_name(f"{numbers[c, b].text.replace(' ', '')} {block.caption}", taken)
                sheets.append(Sheet(name, chapter_title(chapter), numbers[c, b], block))
    return sheets


def sheet_name(title: str, taken: set[str]) -> str:
    """`title` as a sheet name: no forbidden signs, at most 31 characters, not in `taken` (which it is added to)."""
    plain = _UNSAFE.sub(" ", title).strip()[:LONGEST_NAME].strip() or "表"
    name, count = plain, 1
    while name.casefold() in taken:
        count += 1
        suffix = f" {count}"
        name = plain[: LONGEST_NAME - len(suffix)] + suffix
    taken.add(name.casefold())
    return name


def value_of(text: str, *, numeric: bool) -> tuple[Any, str]:
    """(value, number format): a printed number in a numeric column as the number, all else as the text it is."""
    found = _NUMBER.fullmatch(text) if numeric else None
    if found is None or len(text.lstrip("-").replace(".", "")) > EXACT_DIGITS:
        return text[:LONGEST_TEXT], "@"
    decimals = found.group(1)
    return (float(text), "0." + "0" * len(decimals)) if decimals else (int(text), "0")


# ---------------------------------------------------------------- sheets

GREY, BLUE = "#595959", "#1F3A5F"
BODY, HEAD, TITLE = ({"font_name": n, "font_size": s} for n, s in (("宋体", 10), ("黑体", 10), ("黑体", 14)))
NOTE = {"font_name": "宋体", "font_size": 9, "font_color": GREY}
LINK = {**BODY, "font_color": BLUE, "underline": 1}
EDGED = {"border": 1, "border_color": "#BFBFBF", "valign": "vcenter", "text_wrap": True}
LABEL = {**HEAD, **EDGED, "bg_color": "#E9EEF4"}
TOTAL = {**HEAD, **EDGED, "bg_color": "#F6F8FA"}
CELL = {**BODY, **EDGED}
CENTRED = {**LABEL, "align": "center"}
Look = dict[str, Any]


class _Book:
    """A workbook being written, and each combination of looks once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.looks: dict[tuple[object, ...], Any] = {}

    def contents(self, sheets: Sequence[Sheet]) -> None:
        """The first sheet: every table with a link to its sheet."""
        rows = [(str(n), s.chapter, s.label.text, s.block.caption, str(s.rows)) for n, s in enumerate(sheets, start=1)]
        page = self.page(CONTENTS_NAME, [CONTENTS_HEADS, *rows], frozen=2)
        self.cell(page, (0, 0), CONTENTS, TITLE)
        self.heads(page, CONTENTS_HEADS)
        left = [{**CELL, "align": "left"}] * len(CONTENTS_HEADS)
        for n, (row, sheet) in enumerate(zip(rows, sheets, strict=True), start=2):
            self.row(page, n, row, left, numeric=(True, False, False, False, True))
            shown = _FORBIDDEN.sub("\ufffd", row[3])[:LONGEST_TEXT]
            look = self.look({**LINK, **EDGED, "align": "left"}, "@")
            page.write_url(n, 3, f"internal:'{sheet.name}'!A1", look, shown)

    def sheet(self, sheet: Sheet) -> None:
        """One table: title, heads, rows, notes."""
        block = sheet.block
        table = block if isinstance(block, Table) else None
        heads = [tuple(column.label for column in table.columns)] if table else []
        rows: Sequence[Sequence[str]] = table.rows if table else block.items  # type: ignore[union-attr]
        page = self.page(sheet.name, [*heads, *rows], frozen=1 + len(heads))
        self.cell(page, (0, 0), sheet.label.before(block.caption), TITLE)
        for head in heads:
            self.heads(page, head)
        aligns = [column.align for column in table.columns] if table else []
        plain = [{**CELL, "align": a} for a in aligns] or [{**LABEL, "align": "left"}, {**CELL, "align": "left"}]
        total = [{**TOTAL, "align": a} for a in aligns]
        numeric = [a == "right" for a in aligns] or [False, False]
        first = len(rows) - (table.total_rows if table else 0)
        at = 1 + len(heads)
        for n, row in enumerate(rows):
            self.row(page, at + n, row, plain if n < first else total, numeric=numeric)
        for n, note in enumerate(table_notes(table) if table else ()):
            self.cell(page, (at + len(rows) + n, 0), note, NOTE)

    def page(self, name: str, rows: Sequence[Sequence[str]], *, frozen: int) -> Any:
        page = self.book.add_worksheet(name)
        page.freeze_panes(frozen, 0)
        for n, size in enumerate(_widths(rows)):
            page.set_column(n, n, size)
        return page

    def heads(self, page: Any, heads: Sequence[str]) -> None:
        for n, head in enumerate(heads):
            self.cell(page, (1, n), head, CENTRED)

    def row(self, page: Any, n: int, row: Sequence[str], looks: Sequence[Look], *, numeric: Sequence[bool]) -> None:
        for i, (text, look, number) in enumerate(zip(row, looks, numeric, strict=True)):
            self.cell(page, (n, i), text, look, numeric=number)

    def cell(self, page: Any, place: tuple[int, int], text: str, look: Look, *, numeric: bool = False) -> None:
        """Written as text, never as a formula, whatever a drawing's text begins with; or as the number it is."""
        value, number_format = value_of(_FORBIDDEN.sub("\ufffd", text), numeric=numeric)
        write = page.write_string if isinstance(value, str) else page.write_number
        write(*place, value, self.look(look, number_format))

    def look(self, look: Look, number_format: str) -> Any:
        key = (*look.items(), number_format)
        if key not in self.looks:
            self.looks[key] = self.book.add_format({**look, "num_format": number_format})
        return self.looks[key]


def _widths(rows: Iterable[Sequence[str]]) -> list[float]:
    return [min(max(max(map(width, column)) + 2, NARROWEST), WIDEST) for column in zip(*rows, strict=True)]
