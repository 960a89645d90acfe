"""Tables beside the surveys: permit figures (xlsx, csv), control points (csv, CASS .dat) as rows keyed by their header.

The header is the first row with two or more different words and no number; before it, the first such row that holds
a known word for each column that the table cannot do without. A merged cell holds its value everywhere.
`_row` is the row of the sheet (or line), `_sheet` the sheet, where a workbook has several.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import ledger
from pipeline.ledger import Claim
from pipeline.readers import cells, encodings, xml_guard
from pipeline.readers.frame import closed, reason
from pipeline.sources import LedgerEntry, Note

Heading = Sequence[Sequence[str]]  # for each column that is needed, the words it may be called by
DELIMITERS = ",\t;，；"
#: CASS .dat has no header: 点号,编码,east,north,H — survey tables call north X and east Y
DAT_COLUMNS = ("点号", "编码", "Y", "X", "H")


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: ledger entry, rows by header word, what was noticed. A damaged one has no rows and is fatal."""

    entry: LedgerEntry
    rows: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[Note, ...] = ()


def read_table(
    path: Path, *, name: str, survey: str | None = None, encoding: str | None = None, heading: Heading = ()
) -> Table:
    """The table in an .xlsx, .csv, .txt or .dat file; never raises for bad data."""
    suffix = path.suffix.lower()
    entry = ledger.open_entry(path, name=name, survey=survey, kind=suffix.lstrip(".") or "unknown")
    reader = TABLES.get(suffix)
    if not path.is_file():
        return _failed(entry, "file_missing")
    if reader is None:
        return _failed(entry, "unsupported_format", suffix=suffix or "（无后缀）", advice="表格请存为 xlsx 或 csv")
    if fault := closed(path):
        return _failed(entry, "unreadable", detail=fault)
    if not entry.size:
        return _failed(entry, "empty_file")
    try:
        return reader(path, entry, encoding, heading)
    except Exception as err:  # noqa: BLE001 — a damaged workbook may break the library anywhere; here it becomes a finding
        return _failed(entry, "unreadable", detail=reason(err))


def _failed(entry: LedgerEntry, kind: str, **slots: str) -> Table:
    entry, _ = ledger.settle(entry, (), fatal=True)
    return Table(entry, (), (Note(kind, entry.path, entry.survey, slots=slots),))


def _finished(entry: LedgerEntry, rows: Sequence[Mapping[str, Any]], notes: Sequence[Note], **known: Any) -> Table:
    found = [*notes, *([] if rows or any(n.kind == "table_headless" for n in notes) else [_nothing(entry)])]
    entry, _ = ledger.settle(entry, [Claim("行数", len(rows), len(rows))], entities=len(rows), **known)
    return Table(entry, tuple(rows), tuple(found))


def _nothing(entry: LedgerEntry) -> Note:
    return Note("empty_file", entry.path, entry.survey)


def _headless(grid: Sequence[Sequence[Any]], entry: LedgerEntry) -> list[Note]:
    """A grid that has contents but no header row: which row stands first."""
    first = next((row for row in grid if any(_plain(cell) is not None for cell in row)), None)
    if first is None or any(map(_is_header, grid)):
        return []
    words = "，".join(str(cell) for cell in map(_plain, first) if cell is not None)
    return [Note("table_headless", entry.path, entry.survey, slots={"value": f"{words:.60}"})]


# ---------------------------------------------------------------- xlsx


def _workbook(path: Path, entry: LedgerEntry, _: str | None, heading: Heading) -> Table:
    """Cached values of every sheet; a formula without one is noted, for nothing here computes it."""
    if fault := xml_guard.fault(path):
        return _failed(entry, "xml_unsafe", detail=fault)
    import openpyxl

    values = openpyxl.load_workbook(path, data_only=True)
    formulas = openpyxl.load_workbook(path, data_only=False)
    rows: list[Mapping[str, Any]] = []
    notes: list[Note] = []
    headless: list[Note] = []
    for sheet in values.worksheets:
        notes += _uncomputed(entry, sheet, formulas[sheet.title])
        grid = _grid(sheet)
        extra = {"_sheet": sheet.title} if len(values.worksheets) > 1 else {}
        rows += [{**row, **extra} for row in _keyed(grid, heading)]
        headless += _headless(grid, entry)
    notes += [] if rows else headless[:1]
    engine = f"openpyxl {openpyxl.__version__}"
    return _finished(entry, rows, notes, engine=engine, encoding="UTF-8", encoding_evidence="xlsx 规定为 UTF-8")


def _grid(sheet: Any) -> list[list[Any]]:
    """Cells as they are seen, row by row, merged ones filled with their value."""
    grid = [list(map(cells.seen, row)) for row in sheet.iter_rows()]
    for merged in sheet.merged_cells.ranges:
        value = cells.seen(sheet.cell(merged.min_row, merged.min_col))
        for row in range(merged.min_row, min(merged.max_row, len(grid)) + 1):
            for col in range(merged.min_col, min(merged.max_col, len(grid[row - 1])) + 1):
                grid[row - 1][col - 1] = value
    return grid


def _uncomputed(entry: LedgerEntry, values: Any, formulas: Any) -> list[Note]:
    """Formulas whose result the program that wrote the file did not store."""
    found = []
    for row in formulas.iter_rows():
        for cell in row:
            if cell.data_type == "f" and values[cell.coordinate].value is None:
                slots = {
                    "value": str(cell.value),
                    "wanted": "已计算的数值（请在表格软件中打开并保存一次）",
                    "field": cell.coordinate,
                }
                found.append(Note("bad_value", entry.path, entry.survey, handle=cell.coordinate, slots=slots))
    return found


# ---------------------------------------------------------------- text


def _separated(path: Path, entry: LedgerEntry, stated: str | None, heading: Heading) -> Table:
    """A csv or text table with a header row."""
    text, known, notes = as_text(path, entry, stated)
    rows = list(csv.reader(io.StringIO(text), delimiter=_delimiter(text)))
    if not any(map(_is_header, rows)) and any(map(_is_cass_point, rows)):
        return _finished(entry, _cass_points(text, entry, notes), notes, **known)
    return _finished(entry, _keyed(rows, heading), [*notes, *_headless(rows, entry)], **known)


def _is_cass_point(row: Sequence[str]) -> bool:
    return len(row) == len(DAT_COLUMNS) and all(_is_number(cell) for cell in row[2:])


def _dat(path: Path, entry: LedgerEntry, stated: str | None, _: Heading) -> Table:
    """A CASS .dat file of points."""
    text, known, notes = as_text(path, entry, stated)
    return _finished(entry, _cass_points(text, entry, notes), notes, **known)


def _cass_points(text: str, entry: LedgerEntry, notes: list[Note]) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for number, row in enumerate(csv.reader(io.StringIO(text)), start=1):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) < len(DAT_COLUMNS):
            slots = {"value": ",".join(row), "wanted": "点号,编码,东坐标,北坐标,高程"}
            notes.append(Note("bad_value", entry.path, entry.survey, handle=str(number), slots=slots))
            continue
        rows.append({**dict(zip(DAT_COLUMNS, map(_plain, row), strict=False)), "_row": number})
    return rows


def as_text(path: Path, entry: LedgerEntry, stated: str | None) -> tuple[str, dict[str, Any], list[Note]]:
    """The text of a file, its encoding for the ledger, and what is to be said of it."""
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    choice = encodings.decide(data, declared=None, stated=stated)
    kind = "encoding_conflict" if choice.conflict else "encoding_undecided" if choice.undecided else None
    slots = {"declared": choice.declared or "（无）", "used": choice.name, "evidence": choice.evidence}
    notes = [Note(kind, entry.path, entry.survey, slots=slots)] if kind else []
    text = encodings.decode(data, choice)
    if encodings.garbled(text):
        notes.append(Note("mojibake", entry.path, entry.survey, slots={"text": f"{text:.20}", "count": 1}))
    return text, {"encoding": choice.name, "encoding_evidence": choice.evidence}, notes


def _delimiter(text: str) -> str:
    """The separator that occurs most in the first lines."""
    head = "\n".join(text.splitlines()[:20])
    return max(DELIMITERS, key=head.count)


# ---------------------------------------------------------------- rows


def _keyed(grid: Sequence[Sequence[Any]], heading: Heading) -> list[Mapping[str, Any]]:
    """Rows below the header as mappings; blank rows are left out; a repeated header word gets its column number."""
    starts = [i for i, row in enumerate(grid) if _is_header(row)]
    if not starts:
        return []
    start = next((i for i in starts if heading and cells.hold(grid[i], heading)), starts[0])
    words: list[str] = []
    for number, cell in enumerate(grid[start], start=1):
        word = str(_plain(cell) or f"第{number}列")
        words.append(f"{word}#{number}" if word in words else word)
    return [
        {**dict(zip(words, map(_plain, row), strict=False)), "_row": number}
        for number, row in enumerate(grid[start + 1 :], start=start + 2)
        if any(_plain(cell) is not None for cell in row)
    ]


def _is_header(row: Sequence[Any]) -> bool:
    words = [cell for cell in map(_plain, row) if cell is not None]
    return len(set(map(str, words))) > 1 and all(isinstance(word, str) and not _is_number(word) for word in words)


def _is_number(word: str) -> bool:
    try:
        float(word.removesuffix("%"))
    except ValueError:
        return False
    return True


def _plain(cell: Any) -> Any:
    """A cell without surrounding blanks; an empty one is None."""
    return (cell.strip() or None) if isinstance(cell, str) else cell


TABLES: dict[str, Callable[[Path, LedgerEntry, str | None, Heading], Table]] = {
    ".xlsx": _workbook,
    ".csv": _separated,
    ".txt": _separated,
    ".dat": _dat,
}
