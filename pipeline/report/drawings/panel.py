"""The written parts of a sheet: legend, lists, notes and the title block."""

from __future__ import annotations

from dataclasses import dataclass
import math
from typing import TYPE_CHECKING

from pipeline.measures.rounding import half_up
from pipeline.report.drawings.features import colours_of, sign
from pipeline.report.drawings.ink import Ink, Path, Text, line, rectangle, text_width
from pipeline.report.drawings.wording import shown

if TYPE_CHECKING:
    from pipeline.report.drawings.layout import Box
    from pipeline.report.drawings.sheets import Listing, Part, Sheet
    from pipeline.report.drawings.style import Styles
    from pipeline.standard import ColumnSpec

LEGEND, LISTS, FRAME = "图例", "图表", "图框"
ROW_MM = 4.6
BLOCK_LABEL_MM = 17.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the legend."""

    label: str
    part: Part
    fill: str | None


def entries_of(sheet: Sheet, styles: Styles) -> list[Entry]:
    """Legend lines of the layers that are on the sheet, one per category present."""
    entries = []
    for part in sheet.parts:
        if not part.style.legend or not len(part.frame):
            continue
        if part.spec.category:
            entries += [Entry(name, part, fill) for name, fill in colours_of(part, styles).items()]
        else:
            entries.append(Entry(part.layer.label, part, part.style.fill))
    return entries


def legend_ink(entries: list[Entry], box: Box) -> list[Ink]:
    """The legend: a sample and a word per line."""
    ink: list[Ink] = [Text((box.x0 + box.x1) / 2, box.y0 + 3, "图  例", 3.2, LEGEND)]
    for row, entry in enumerate(entries):
        y = box.y0 + 8.5 + row * ROW_MM
        ink += [*_sample(entry, box.x0 + 4, y), Text(box.x0 + 17, y, entry.label, 2.4, LEGEND, "start")]
    return ink


def _sample(entry: Entry, x: float, y: float) -> list[Ink]:
    style = entry.part.style
    if entry.part.layer.geometry == "point":
        return [sign(style, LEGEND, x + 5, y)]
    if entry.part.layer.geometry == "polygon" and entry.fill:
        ring = rectangle(x, y - 1.5, x + 10, y + 1.5, LEGEND).rings
        return [Path(ring, closed=True, layer=LEGEND, stroke=style.stroke, width_mm=style.width_mm, fill=entry.fill,
                     dash=style.dash)]
    ring = line([(x, y), (x + 10, y)], LEGEND).rings
    return [Path(ring, closed=False, layer=LEGEND, stroke=style.stroke, width_mm=style.width_mm, dash=style.dash)]


def block_ink(rows: list[tuple[str, str]], box: Box, pairs: int) -> list[Ink]:
    """The title block: ruled, `pairs` of label and value beside each other."""
    lines = math.ceil(len(rows) / pairs)
    step, wide = box.height / lines, box.width / pairs
    ink: list[Ink] = [rectangle(*box, FRAME, width_mm=0.35)]
    for number in range(1, lines):
        ink.append(line([(box.x0, box.y0 + step * number), (box.x1, box.y0 + step * number)], FRAME, width_mm=0.15))
    for column in range(pairs):
        left = box.x0 + wide * column
        for x in (left, left + BLOCK_LABEL_MM):
            ink.append(line([(x, box.y0), (x, box.y1)], FRAME, width_mm=0.15))
        for number, (label, value) in enumerate(rows[column * lines : (column + 1) * lines]):
            y, room = box.y0 + step * (number + 0.5), wide - BLOCK_LABEL_MM - 2
            ink += [Text(left + BLOCK_LABEL_MM / 2, y, label, _fitting(label, 2.3, BLOCK_LABEL_MM - 1), FRAME),
                    Text(left + BLOCK_LABEL_MM + 1.2, y, value, _fitting(value, 2.3, room), FRAME, "start")]
    return ink


def lists_ink(sheet: Sheet, numbered: list[tuple[str, str]], notes: list[str], box: Box) -> list[Ink]:
    """The lists of the sheet, the meaning of numbers on the map, the notes; what finds no room is counted."""
    note_lines = [words for note in notes for words in wrapped(note, 2.1, box.width)]
    key_lines = [words for key, value in numbered for words in wrapped(f"{key}：{value}", 2.1, box.width)]
    below = (len(note_lines) + len(key_lines)) * 3.1 + 2
    ink, _ = _tables(sheet.lists, box, box.y1 - below)
    y = box.y1 - below + 2
    for words in [*key_lines, *note_lines]:
        ink.append(Text(box.x0, y, words, 2.1, LISTS, "start"))
        y += 3.1
    return ink


def _tables(lists: tuple[Listing, ...], box: Box, bottom: float) -> tuple[list[Ink], float]:
    ink: list[Ink] = []
    y = box.y0
    for number, listing in enumerate(lists):
        share = (bottom - y) / (len(lists) - number)
        made, used = _table(listing, box, y, min(bottom, y + max(share, 18.0)) if number + 1 < len(lists) else bottom)
        ink += made
        y += used + 2.5
    return ink, y


def _table(listing: Listing, box: Box, top: float, bottom: float) -> tuple[list[Ink], float]:
    """One list from `top`, in as many columns side by side as its width allows; returns ink and height used."""
    rows, total = rows_of(listing)
    widths = _widths(listing, rows, 2.1)
    across = max(1, int((box.width + 3) // (sum(widths) + 3)))
    for step, size in ((3.8, 2.1), (3.2, 1.9), (2.7, 1.7)):
        capacity = (int((bottom - top - 9) / step) - 1) * across
        if capacity >= len(rows) + (total is not None):
            break
    left = max(0, len(rows) - capacity) if capacity < len(rows) + (total is not None) else 0
    if left:
        rows, total = rows[: max(0, capacity)], None
    body = rows + ([total] if total else [])
    per = math.ceil(len(body) / across) if body else 0
    widths = [w * size / 2.1 for w in widths]
    if across == 1:
        widths = [w * box.width / sum(widths) for w in widths]
    ink: list[Ink] = [Text(box.x0, top + 2, listing.title, 2.6, LISTS, "start")]
    for column in range(across if body else 0):
        x = box.x0 + column * (sum(widths) + 3)
        ink += _grid([tuple(c.label for c in listing.columns), *body[column * per : (column + 1) * per]], widths, x, top + 5, step, size)
    height = 5 + (per + 1) * step
    if left:
        words = f"图面所限，另有 {left} 行见报告相应表格"
        ink.append(Text(box.x0, top + height + 2, words, 2.1, LISTS, "start"))
        height += 4
    return ink, height


def rows_of(listing: Listing) -> tuple[list[tuple[str, ...]], tuple[str, ...] | None]:
    """Printed rows, and the total row where columns ask for one."""
    records = listing.frame.to_dict("records")
    codes = [tuple(shown(row.get(c.field), c.decimals) for c in listing.columns) for row in records]
    if not any(c.total for c in listing.columns):
        return codes, None
    total = tuple("合计" if n == 0 else _total(listing, c) if c.total else "" for n, c in enumerate(listing.columns))
    return codes, total


def _total(listing: Listing, column: ColumnSpec) -> str:
    values = listing.frame[column.field]
    if values.isna().any():
        return shown(None)
    return f"{half_up(float(values.sum()), column.decimals or 0):f}"


def _widths(listing: Listing, rows: list[tuple[str, ...]], size: float) -> list[float]:
    heads = tuple(c.label for c in listing.columns)
    return [max(text_width(row[n], size) for row in [heads, *rows]) + 2.0 for n in range(len(heads))]


def _grid(rows: list[tuple[str, ...]], widths: list[float], x0: float, y0: float, step: float, size: float) -> list[Ink]:
    edges = [x0]
    for width in widths:
        edges.append(edges[-1] + width)
    low = y0 + step * len(rows)
    ink: list[Ink] = [line([(x, y0), (x, low)], LISTS, width_mm=0.1) for x in edges]
    ink += [line([(x0, y0 + step * n), (edges[-1], y0 + step * n)], LISTS, width_mm=0.1) for n in range(len(rows) + 1)]
    for number, row in enumerate(rows):
        y = y0 + step * (number + 0.5)
        for column, words in enumerate(row):
            room = widths[column] - 0.8
            ink.append(Text((edges[column] + edges[column + 1]) / 2, y, words, _fitting(words, size, room), LISTS))
    return ink


def _fitting(words: str, size: float, room: float) -> float:
    width = text_width(words, size)
    return size if width <= room else size * room / width


def wrapped(words: str, size: float, room: float) -> list[str]:
    """Words broken into lines no wider than `room`."""
    lines, current = [], ""
    for char in words:
        if text_width(current + char, size) > room and char not in "，。；、）":
            lines.append(current)
            current = ""
        current += char
    return [*lines, current] if current else lines
