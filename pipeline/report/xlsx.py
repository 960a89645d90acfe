"""The report's tables as a workbook: a sheet each, numbers as numbers, contents with links."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
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
    book = Workbook(write_only=True)
    sheets = planned_sheets(report)
    _write_contents(book, sheets)
    for sheet in sheets:
        _write_sheet(book, sheet)
    date = report_date(report.date)
    properties = book.properties
    properties.title, properties.creator, properties.created, properties.modified = report.title, report.firm, date, date
    buffer = io.BytesIO()
    book.save(buffer)
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


def _write_contents(book: Any, sheets: Sequence[Sheet]) -> None:
    page = book.create_sheet(CONTENTS_NAME)
    rows = [(str(n), s.chapter, s.label.text, s.block.caption, str(s.rows)) for n, s in enumerate(sheets, start=1)]
    _widths(page, [CONTENTS_HEADS, *rows])
    page.freeze_panes = "A3"
    page.append([_cell(page, CONTENTS, TITLE)])
    page.append([_cell(page, head, HEAD, fill=HEAD_FILL, align="center") for head in CONTENTS_HEADS])
    for n, (row, sheet) in enumerate(zip(rows, sheets, strict=True), start=3):
        cells = [_cell(page, text, BODY, numeric=i in (0, 4)) for i, text in enumerate(row)]
        cells[3].font = LINK
        page.append(cells)
        page._hyperlinks.append(  # noqa: SLF001 — a write-only sheet offers no other way to link inside the book
            Hyperlink(ref=f"D{n}", location=f"'{sheet.name}'!A1", display=row[3])
        )


def _write_sheet(book: Any, sheet: Sheet) -> None:
    page = book.create_sheet(sheet.name)
    block = sheet.block
    heads, rows = _content(block)
    _widths(page, [heads, *rows] if heads else rows)
    page.freeze_panes = "A3" if heads else "A2"
    page.append([_cell(page, sheet.label.before(block.caption), TITLE)])
    if heads:
        page.append([_cell(page, head, HEAD, fill=HEAD_FILL, align="center") for head in heads])
    totals = block.total_rows if isinstance(block, Table) else 0
    aligns = [c.align for c in block.columns] if isinstance(block, Table) else ["left", "left"]
    for n, row in enumerate(rows):
        last = n >= len(rows) - totals
        page.append(_row(page, row, aligns, total=last, form=not heads))
    for note in table_notes(block) if isinstance(block, Table) else ():
        page.append([_cell(page, note, NOTE, edged=False)])


def _content(block: Table | KeyValues) -> tuple[tuple[str, ...], Sequence[Sequence[str]]]:
    if isinstance(block, Table):
        return tuple(c.label for c in block.columns), block.rows
    return (), block.items


def _row(page: Any, row: Sequence[str], aligns: Sequence[str], *, total: bool, form: bool) -> list[Any]:
    cells = []
    for i, (text, align) in enumerate(zip(row, aligns, strict=True)):
        label = form and i == 0
        font, fill = (HEAD if total or label else BODY), (HEAD_FILL if label else TOTAL_FILL if total else None)
        cells.append(_cell(page, text, font, fill=fill, align=align, numeric=align == "right"))
    return cells


def _cell(
    page: Any, text: str, font: Font, *, fill: PatternFill | None = None, align: str = "left", numeric: bool = False,
    edged: bool = True,
) -> Any:
    value, number_format = value_of(_FORBIDDEN.sub("\ufffd", text), numeric=numeric)
    cell = WriteOnlyCell(page, value)
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula, whatever a drawing's text begins with
    cell.font, cell.number_format = font, number_format
    if font is not TITLE and edged:
        cell.border = EDGES
        cell.alignment = _ALIGNMENTS[align]
    if fill is not None:
        cell.fill = fill
    return cell


_ALIGNMENTS = {align: Alignment(horizontal=align, vertical="center", wrap_text=True) for align in ("left", "right", "center")}


def _widths(page: Any, rows: Iterable[Sequence[str]]) -> None:
    for n, column in enumerate(zip(*rows, strict=True), start=1):
        widest = max(width(text) for text in column)
        page.column_dimensions[get_column_letter(n)].width = min(max(widest + 2, NARROWEST), WIDEST)
