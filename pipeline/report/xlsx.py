"""The report's tables as a workbook: a sheet each, numbers as numbers, contents with links."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from pipeline.report.cells import width
from pipeline.report.model import KeyValues, Report, Table
from pipeline.report.numbering import CONTENTS, Label, chapter_title, labels, table_notes
from pipeline.report.zipped import repacked, report_date

LONGEST_NAME = 31  # characters of a sheet name, limit of the format
LONGEST_TEXT = 32767  # characters of a cell, limit of the format
NARROWEST, WIDEST = 6.0, 60.0  # column widths in characters
EXACT_DIGITS = 15  # more digits than this a spreadsheet cannot hold as a number
CONTENTS_NAME = CONTENTS.replace("　", "")
CONTENTS_HEADS = ("序号", "章节", "表号", "表名", "行数")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.(\d+))?")
_UNSAFE = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

THIN = Side(style="thin", color="BFBFBF")
EDGES = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HEAD_FILL, TOTAL_FILL = PatternFill("solid", fgColor="E9EEF4"), PatternFill("solid", fgColor="F6F8FA")
BODY, HEAD, TITLE = Font(name="宋体", size=10), Font(name="黑体", size=10), Font(name="黑体", size=14)
NOTE, LINK = Font(name="宋体", size=9, color="595959"), Font(name="宋体", size=10, color="1F3A5F", underline="single")
ALIGNMENTS = {
    name: Alignment(horizontal=name, vertical="center", wrap_text=True) for name in ("left", "right", "center")
}


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
    writer = _Writer(report.title, report.firm, date)
    sheets = planned_sheets(report)
    writer.contents(sheets)
    for sheet in sheets:
        writer.sheet(sheet)
    buffer = io.BytesIO()
    writer.book.save(buffer)
    Path(path).write_bytes(repacked(buffer.getvalue(), date))


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


class _Writer:
    """A workbook being written, and each combination of looks once: setting them anew on every cell is 5 times slower."""

    def __init__(self, title: str, firm: str, date: Any) -> None:
        self.book = Workbook(write_only=True)
        self.looks: dict[tuple[Any, ...], Any] = {}
        properties = self.book.properties
        properties.title, properties.creator, properties.created, properties.modified = title, firm, date, date

    def contents(self, sheets: Sequence[Sheet]) -> None:
        """The first sheet: every table with a link to its sheet."""
        page = self.book.create_sheet(CONTENTS_NAME)
        rows = [(str(n), s.chapter, s.label.text, s.block.caption, str(s.rows)) for n, s in enumerate(sheets, start=1)]
        _widths(page, [CONTENTS_HEADS, *rows])
        page.freeze_panes = "A3"
        page.append([self.cell(page, CONTENTS, TITLE)])
        page.append([self.cell(page, head, HEAD, fill=HEAD_FILL, align="center") for head in CONTENTS_HEADS])
        for n, (row, sheet) in enumerate(zip(rows, sheets, strict=True), start=3):
            fonts = (BODY, BODY, BODY, LINK, BODY)
            page.append(
                [
                    self.cell(page, text, font, numeric=i in (0, 4))
                    for i, (text, font) in enumerate(zip(row, fonts, strict=True))
                ]
            )
            link = Hyperlink(ref=f"D{n}", location=f"'{sheet.name}'!A1", display=row[3])
            page._hyperlinks.append(link)  # noqa: SLF001 — a write-only sheet offers no other way to link inside the book

    def sheet(self, sheet: Sheet) -> None:
        """One table: title, heads, rows, notes."""
        page, block = self.book.create_sheet(sheet.name), sheet.block
        heads, rows = _content(block)
        _widths(page, [heads, *rows] if heads else rows)
        page.freeze_panes = "A3" if heads else "A2"
        page.append([self.cell(page, sheet.label.before(block.caption), TITLE)])
        if heads:
            page.append([self.cell(page, head, HEAD, fill=HEAD_FILL, align="center") for head in heads])
        totals = block.total_rows if isinstance(block, Table) else 0
        aligns = [c.align for c in block.columns] if isinstance(block, Table) else ["left", "left"]
        for n, row in enumerate(rows):
            page.append(self.row(page, row, aligns, total=n >= len(rows) - totals, form=not heads))
        for note in table_notes(block) if isinstance(block, Table) else ():
            page.append([self.cell(page, note, NOTE)])

    def row(self, page: Any, row: Sequence[str], aligns: Sequence[str], *, total: bool, form: bool) -> list[Any]:
        cells = []
        for i, (text, align) in enumerate(zip(row, aligns, strict=True)):
            label = form and i == 0
            font, fill = (HEAD if total or label else BODY), (HEAD_FILL if label else TOTAL_FILL if total else None)
            cells.append(self.cell(page, text, font, fill=fill, align=align, numeric=align == "right"))
        return cells

    def cell(
        self,
        page: Any,
        text: str,
        font: Font,
        *,
        fill: PatternFill | None = None,
        align: str = "left",
        numeric: bool = False,
    ) -> Any:
        value, number_format = value_of(_FORBIDDEN.sub("\ufffd", text), numeric=numeric)
        cell = WriteOnlyCell(page, value)
        if isinstance(value, str):
            cell.data_type = "s"  # never a formula, whatever a drawing's text begins with
        key = (id(font), id(fill), align, number_format)
        if key not in self.looks:
            self.looks[key] = _look(WriteOnlyCell(page), font, fill, align, number_format)
        cell._style = copy(self.looks[key])  # noqa: SLF001 — openpyxl's own way to copy a look
        return cell


def _look(cell: Any, font: Font, fill: PatternFill | None, align: str, number_format: str) -> Any:
    cell.font, cell.number_format = font, number_format
    if font not in (TITLE, NOTE):
        cell.border, cell.alignment = EDGES, ALIGNMENTS[align]
    if fill is not None:
        cell.fill = fill
    return cell._style  # noqa: SLF001 — as above


def _content(block: Table | KeyValues) -> tuple[tuple[str, ...], Sequence[Sequence[str]]]:
    if isinstance(block, Table):
        return tuple(c.label for c in block.columns), block.rows
    return (), block.items


def _widths(page: Any, rows: Iterable[Sequence[str]]) -> None:
    for n, column in enumerate(zip(*rows, strict=True), start=1):
        widest = max(width(text) for text in column)
        page.column_dimensions[get_column_letter(n)].width = min(max(widest + 2, NARROWEST), WIDEST)
