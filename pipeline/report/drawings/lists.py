"""Small tables, numbered labels and notes on a sheet."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from pipeline.report.drawings.ink import Ink, Text, fitting, line, text_width, wrapped
from pipeline.report.drawings.rows import records_of
from pipeline.report.drawings.wording import shown
from pipeline.rounding import half_up

if TYPE_CHECKING:
    from pipeline.report.drawings.layout import Box
    from pipeline.report.drawings.sheets import Listing, Sheet
    from pipeline.standard import ColumnSpec

LISTS = "图表"
NOTE_MM, NOTE_STEP_MM = 2.1, 3.1
NOTES_SHARE = 0.5  # of the box, at most
TITLE_MM = 5.0  # height of a table's title
BETWEEN_MM = 3.0  # columns of one table beside each other
STEPS = ((3.8, 2.1), (3.2, 1.9), (2.7, 1.7))  # row height and letter size, the first that has room for all rows

Row = tuple[str, ...]


class Grid(NamedTuple):
    """A table ready to draw: header, rows, widths, how many blocks beside each other."""

    head: Row
    rows: list[Row]
    widths: list[float]
    across: int
    step: float
    size: float


def lists_ink(sheet: Sheet, numbered: list[tuple[str, str]], notes: list[str], box: Box) -> list[Ink]:
    """The lists of the sheet, the meaning of numbers on the map, the notes; what finds no room is counted."""
    lines = _note_lines(numbered, notes, box)
    bottom = box.y1 - len(lines) * NOTE_STEP_MM - 2
    ink = _tables(sheet.lists, box, bottom)
    ink += [Text(box.x0, bottom + 2 + NOTE_STEP_MM * n, part, NOTE_MM, LISTS, "start") for n, part in enumerate(lines)]
    return ink


def _note_lines(numbered: list[tuple[str, str]], notes: list[str], box: Box) -> list[str]:
    """The numbers' meanings as one running text, then the notes; at most half of the box is theirs."""
    after = [part for sentence in notes for part in wrapped(sentence, NOTE_MM, box.width)]
    room = max(1, int(box.height * NOTES_SHARE / NOTE_STEP_MM) - len(after) - 1)
    meanings = [f"{key}：{value}" for key, value in numbered]
    for most in range(len(meanings), -1, -1):
        before = wrapped("；".join(meanings[:most]), NOTE_MM, box.width)
        if len(before) <= room:
            break
    left = len(meanings) - most if meanings else 0
    return [*before, *([f"图面所限，另有 {left} 处编号注记未列出"] if left else []), *after] if meanings else after


def _tables(lists: tuple[Listing, ...], box: Box, bottom: float) -> list[Ink]:
    ink: list[Ink] = []
    y = box.y0
    for number, listing in enumerate(lists):
        share = max(18.0, (bottom - y) / (len(lists) - number))
        made, used = _table(listing, box, y, min(bottom, y + share))
        ink += made
        y += used + 2.5
    return ink


def _table(listing: Listing, box: Box, top: float, bottom: float) -> tuple[list[Ink], float]:
    """One list from `top`, in as many blocks side by side as its width allows; returns ink and height used."""
    grid, left = _grid_of(listing, box.width, bottom - top - TITLE_MM - 4)
    per = math.ceil(len(grid.rows) / grid.across)
    ink: list[Ink] = [Text(box.x0, top + 2, listing.title, 2.6, LISTS, "start")]
    for block in range(math.ceil(len(grid.rows) / per) if per else 0):
        x = box.x0 + block * (sum(grid.widths) + BETWEEN_MM)
        ink += _ruled(grid, [grid.head, *grid.rows[block * per : (block + 1) * per]], x, top + TITLE_MM)
    height = TITLE_MM + (per + 1) * grid.step
    if left:
        words = f"图面所限，另有 {left} 行见报告相应表格"
        ink.append(Text(box.x0, top + height + 2, words, NOTE_MM, LISTS, "start"))
        height += 4
    return ink, height


def _grid_of(listing: Listing, width: float, height: float) -> tuple[Grid, int]:
    """The table at the largest letters that show every row, else cut; the number of rows left out."""
    rows, total = rows_of(listing)
    head = tuple(c.label for c in listing.columns)
    body = [*rows, total] if total else rows
    widths = [max(text_width(row[n], NOTE_MM) for row in [head, *body]) + 2.0 for n in range(len(head))]
    across = max(1, int((width + BETWEEN_MM) // (sum(widths) + BETWEEN_MM)))
    if across == 1:
        widths = [w * width / sum(widths) for w in widths]
    rooms = [(step, size, max(0, int(height / step) - 1) * across) for step, size in STEPS]
    step, size, room = next((r for r in rooms if r[2] >= len(body)), rooms[-1])
    left = max(0, len(rows) - room) if room < len(body) else 0
    return Grid(head, rows[:room] if left else body, widths, across, step, size), left


def rows_of(listing: Listing) -> tuple[list[Row], Row | None]:
    """Printed rows, and the total row where columns ask for one."""
    records = records_of(listing.frame, [c.field for c in listing.columns])
    rows = [tuple(shown(row.get(c.field), c.decimals) for c in listing.columns) for row in records]
    if not any(c.total for c in listing.columns):
        return rows, None
    totals = [_total(listing, column) if column.total else "" for column in listing.columns]
    return rows, ("合计", *totals[1:])


def _total(listing: Listing, column: ColumnSpec) -> str:
    values = listing.frame[column.field]
    if values.isna().any():
        return shown(None)
    return f"{half_up(float(values.sum()), column.decimals or 0):f}"


def _ruled(grid: Grid, rows: list[Row], x0: float, y0: float) -> list[Ink]:
    edges = [x0]
    for width in grid.widths:
        edges.append(edges[-1] + width)
    low = y0 + grid.step * len(rows)
    ink: list[Ink] = [line([(x, y0), (x, low)], LISTS, width_mm=0.1) for x in edges]
    ink += [
        line([(x0, y0 + grid.step * n), (edges[-1], y0 + grid.step * n)], LISTS, width_mm=0.1)
        for n in range(len(rows) + 1)
    ]
    for number, row in enumerate(rows):
        y = y0 + grid.step * (number + 0.5)
        ink += [
            Text((edges[n] + edges[n + 1]) / 2, y, words, fitting(words, grid.size, grid.widths[n] - 0.8), LISTS)
            for n, words in enumerate(row)
        ]
    return ink
