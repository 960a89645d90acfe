"""Workbooks: every cell of every sheet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from pipeline.delivery.check.compare.office import checked
from pipeline.delivery.check.compare.plain import Unreadable
from pipeline.delivery.check.compare.units import shortened
from pipeline.sources import Note


def xlsx(wanted: Path, given: Path, name: str, survey: str | None) -> Iterator[Note]:
    """Cells whose value differs, sheets that are missing or beyond. Errors: Unreadable."""
    checked(given)
    ours, theirs = (_sheets(path) for path in (wanted, given))
    for sheet in [*ours, *(s for s in theirs if s not in ours)]:
        if sheet not in theirs or sheet not in ours:
            word = "整张缺失" if sheet in ours else "是多出的"
            yield _note(name, survey, sheet, "有此工作表" if sheet in ours else "无此工作表", word)
            continue
        for n, (one, other) in enumerate(zip_longest(ours[sheet], theirs[sheet], fillvalue=()), start=1):
            for m, (a, b) in enumerate(zip_longest(one, other)):
                if a != b:
                    yield _note(name, survey, f"{sheet}!{_letters(m)}{n}", _word(a), _word(b))


def _note(name: str, survey: str | None, where: str, wanted: str, given: str) -> Note:
    slots = {"where": where, "listed": wanted, "actual": given, "measured": given, "required": wanted}
    return Note("cell_differs", name, survey, slots=slots)


def _sheets(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True)
        try:
            return {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}
        finally:
            book.close()
    except Exception as err:  # whatever a damaged workbook makes of the library
        raise Unreadable(f"不是完整的工作簿（{type(err).__name__}）") from err


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
