"""Workbooks: every cell of every sheet, what is hidden, and formats that print a number as another.

A workbook that another program has saved says the same in other words: an empty text is an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from pipeline.delivery.check.compare.office import checked
from pipeline.delivery.check.compare.plain import Unreadable
from pipeline.delivery.check.compare.units import shortened
from pipeline.sources import Note

GENERAL = "General"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet. formats: the number format of each cell that holds a number; hidden: what is not shown, in words."""

    rows: list[tuple[Any, ...]]
    formats: dict[tuple[int, int], str]
    hidden: frozenset[str]


def xlsx(wanted: Path, given: Path, name: str, survey: str | None) -> Iterator[Note]:
    """Cells whose value differs, sheets that are missing or beyond. Errors: Unreadable."""
    checked(given)
    ours, theirs = (_sheets(path) for path in (wanted, given))
    for sheet in [*ours, *(s for s in theirs if s not in ours)]:
        if sheet not in theirs or sheet not in ours:
            word = "整张缺失" if sheet in ours else "是多出的"
            yield _note(name, survey, sheet, "有此工作表" if sheet in ours else "无此工作表", word)
            continue
        for where, one, other in _differences(ours[sheet], theirs[sheet]):
            yield _note(name, survey, f"{sheet}{where}", one, other)


def _differences(ours: _Sheet, theirs: _Sheet) -> Iterator[tuple[str, str, str]]:
    """(place, wanted, given): values, then how numbers are printed, then what is hidden."""
    for n, (one, other) in enumerate(zip_longest(ours.rows, theirs.rows, fillvalue=()), start=1):
        for m, (a, b) in enumerate(zip_longest(one, other)):
            if a != b:
                yield f"!{_letters(m)}{n}", _word(a), _word(b)
            elif ours.formats.get((n, m)) != theirs.formats.get((n, m)):
                pair = (ours.formats.get((n, m), GENERAL), theirs.formats.get((n, m), GENERAL))
                yield f"!{_letters(m)}{n} 的数字格式", *pair
    for what in sorted(ours.hidden ^ theirs.hidden):
        words = ("显示", "隐藏")
        yield what, *(words if what in theirs.hidden else reversed(words))


def _note(name: str, survey: str | None, where: str, wanted: str, given: str) -> Note:
    slots = {"where": where, "listed": wanted, "actual": given, "measured": given, "required": wanted}
    return Note("cell_differs", name, survey, slots=slots)


def _sheets(path: Path) -> dict[str, _Sheet]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(path)
        try:
            return {sheet.title: _sheet(sheet) for sheet in book.worksheets}
        finally:
            book.close()
    except Exception as err:  # whatever a damaged workbook makes of the library
        raise Unreadable(f"不是完整的工作簿（{type(err).__name__}）") from err


def _sheet(sheet: Any) -> _Sheet:
    rows: list[tuple[Any, ...]] = []
    formats: dict[tuple[int, int], str] = {}
    for n, row in enumerate(sheet.iter_rows(), start=1):
        rows.append(tuple(None if cell.value == "" else cell.value for cell in row))
        numbers = ((m, cell) for m, cell in enumerate(row) if isinstance(cell.value, float | int))
        formats |= {(n, m): cell.number_format for m, cell in numbers if cell.number_format != GENERAL}
    hidden = {f" 的第 {n} 行" for n, row in sheet.row_dimensions.items() if row.hidden}
    for column in sheet.column_dimensions.values():
        if column.hidden:
            first = column.min or 1
            hidden |= {f" 的 {_letters(m - 1)} 列" for m in range(first, (column.max or first) + 1)}
    return _Sheet(rows, formats, frozenset(hidden | ({""} if sheet.sheet_state != "visible" else set())))


def _word(value: Any) -> str:
    return "（空）" if value is None else shortened(str(value))


def _letters(column: int) -> str:
    """The letters of a column, 0 = A."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
