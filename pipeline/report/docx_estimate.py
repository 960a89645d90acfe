"""On which page each heading will stand, reckoned from exact line heights: what the contents show until Word updates it.

A reckoning, not a layout: where a line wraps differently than assumed a number may be off by one until the fields are
updated (Word does it on opening).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from pipeline.report.cells import LATIN_SLACK, width
from pipeline.report.docx_pages import COVER, UPRIGHT, Item, Page, printed_size
from pipeline.report.docx_styles import STYLES
from pipeline.report.docx_tables import (
    CELL_MARGIN_MM,
    FORM_SHARES,
    SEAL_MM,
    SIGN_MM,
    form_lines,
    kept_whole,
    table_style,
)
from pipeline.report.docx_xml import PARAGRAPH_STYLES, note_style
from pipeline.report.model import Figure, Heading, KeyValues, Paragraph, Report, Table
from pipeline.report.numbering import table_notes, with_pages

POINTS_PER_MM = 72 / 25.4
BORDER_PT = 0.5
ON_TOP_PT = 0.01  # below a page break the space before a heading is kept, unlike below a full page
FRAME_PT = 2.5  # what the heavier lines above and below a table add
SLACK_CHARS = 1.0  # a line breaks a little before it is full


class _Sheet:
    """Where the pen stands: page number, points used, the paper, and the space the last paragraph wants below it.

    Between two paragraphs stands the larger of the two spaces; at the top of a page none.
    """

    def __init__(self, page: Page) -> None:
        self.number, self.used, self.below, self.page = 1, 0.0, 0.0, page

    @property
    def room(self) -> float:
        return self.page.body_mm * POINTS_PER_MM + 0.01

    def turn(self, page: Page | None = None) -> None:
        self.number, self.used, self.below, self.page = self.number + 1, 0.0, 0.0, page or self.page

    def put(self, height: float, *, before: float = 0.0, after: float = 0.0, with_next: float = 0.0) -> None:
        """Take room for something whole that must stay with `with_next` points of what follows."""
        gap = max(self.below, before) if self.used else 0.0
        if self.used and self.used + gap + height + with_next > self.room:
            self.turn()
            gap = 0.0
        self.used, self.below = self.used + gap + height, after

    def text(self, name: str, text: str = "") -> None:
        """A paragraph that may run over to the next page line by line."""
        style = STYLES[name]
        self.below = max(self.below, style.before)
        for _ in range(lines(text, name, self.page.text_mm)):
            self.put(style.line)
        self.below = style.after

    def styled(self, name: str, *, with_next: float = 0.0) -> None:
        """A line of a style that stays with what follows."""
        style = STYLES[name]
        self.put(style.line, before=style.before, after=style.after, with_next=with_next)


def pages_of(items: Sequence[Item], report: Report) -> list[int]:
    """Page number on which each of `items` begins (a drawing: stands), in order; the cover is page 1."""
    sheet = _Sheet(COVER)
    sheet.turn(UPRIGHT)
    _statement(sheet, report)
    _contents(sheet, [item for item in items if isinstance(item.block, Heading)])
    found = []
    for n, item in enumerate(items):
        if item.page != sheet.page:
            sheet.turn(item.page)
        if isinstance(item.block, Heading):
            found.append(_heading(sheet, items, n))
        else:
            _block(sheet, item)
            found.append(sheet.number)
    return found


@lru_cache(maxsize=1 << 16)  # many cells of a column say the same
def lines(text: str, style: str, width_mm: float) -> int:
    """How many lines a text takes in a column of `width_mm`."""
    s = STYLES[style]
    room = max((width_mm * POINTS_PER_MM - s.left) / (s.size / 2) - SLACK_CHARS, 1.0)
    return max(sum(math.ceil((_printed_width(line) + 2 * s.indent) / room) for line in text.split("\n")), 1)


def row_height(cells: Sequence[str], widths_mm: Sequence[float], style: str) -> float:
    """Height of a table row in points: its cell with most lines."""
    s = STYLES[style]
    inner = [w - 2 * CELL_MARGIN_MM for w in widths_mm]
    most = max((lines(cell, style, w) for cell, w in zip(cells, inner, strict=True)), default=1)
    return most * s.line + s.before + s.after + BORDER_PT


# ---------------------------------------------------------------- inside


def _printed_width(line: str) -> float:
    """Half-width characters, letters and digits a little wider: they are so in most replacement fonts."""
    wide = width(line)
    return wide + (LATIN_SLACK - 1) * (2 * len(line) - wide)


def _statement(sheet: _Sheet, report: Report) -> None:
    sheet.text("PageTitle")
    for text in report.statement:
        sheet.text("BodyText", text)
    sheet.text("NoteText")
    for role in ("", *(role for role, _ in report.signatures)):
        sheet.put((SEAL_MM if "章" in role else SIGN_MM) * POINTS_PER_MM)


def _contents(sheet: _Sheet, headings: Sequence[Item]) -> None:
    sheet.turn()
    sheet.text("PageTitle")
    for item in headings:
        level = min(item.block.level, 3) if isinstance(item.block, Heading) else 1
        sheet.text(f"TOC{level}")


def _heading(sheet: _Sheet, items: Sequence[Item], n: int) -> int:
    block = items[n].block
    level = min(block.level, 3) if isinstance(block, Heading) else 1
    if STYLES[f"Heading{level}"].new_page:
        if sheet.used:
            sheet.turn()
        sheet.used = ON_TOP_PT
    after = items[n + 1] if n + 1 < len(items) and items[n + 1].page == items[n].page else None
    sheet.styled(f"Heading{level}", with_next=_least(after) if after else 0.0)
    return sheet.number


def _least(item: Item) -> float:
    """The least height with which a block can begin."""
    block = item.block
    match block:
        case Table():
            head, *rows = _heights(with_pages(block), item.page)
            return _caption() + head + _beginning(block, rows)
        case KeyValues():
            return _caption() + sum(_form_heights(block, item.page)[:1])
        case Figure():
            return printed_size(block, item.page)[1] * POINTS_PER_MM + _caption()
        case Heading():
            style = STYLES[f"Heading{min(block.level, 3)}"]
            return style.before + style.line
        case _:
            return STYLES["BodyText"].line


def _block(sheet: _Sheet, item: Item) -> None:
    block = item.block
    match block:
        case Paragraph():
            sheet.text(PARAGRAPH_STYLES.get(block.style, "BodyText"), block.text)
        case Table():
            head, *rows = _heights(with_pages(block), sheet.page)
            sheet.styled("Caption", with_next=head + _beginning(block, rows))
            _rows(sheet, head, rows)
            for note in table_notes(block):
                sheet.text(note_style(note), note)
        case KeyValues():
            rows = _form_heights(block, sheet.page)
            sheet.styled("Caption", with_next=sum(rows[:1]))
            sheet.put(FRAME_PT)
            for height in rows:
                sheet.put(height)
        case Figure():
            sheet.put(printed_size(block, item.page)[1] * POINTS_PER_MM, with_next=_caption())
            sheet.styled("Caption")
        case _:
            pass


def _beginning(block: Table, rows: Sequence[float]) -> float:
    """What of a table stays with its head: one row, or all of a short one and the first line below it."""
    if not kept_whole(block):
        return sum(rows[:1])
    first = [STYLES[note_style(note)] for note in table_notes(block)[:1]]
    return FRAME_PT + sum(rows) + sum(style.before + style.line for style in first)


def _rows(sheet: _Sheet, head: float, rows: Sequence[float]) -> None:
    """Rows whole, the head again on every page."""
    sheet.put(head + FRAME_PT)
    for height in rows:
        number = sheet.number
        sheet.put(height)
        if sheet.number != number:
            sheet.used += head


def _heights(block: Table, page: Page) -> list[float]:
    total = sum(c.width for c in block.columns) or 1.0
    widths = [c.width / total * page.text_mm for c in block.columns]
    style = table_style(block)
    return [row_height([c.label for c in block.columns], widths, f"{style}Head")] + [
        row_height(cells, widths, style) for cells in block.rows
    ]


def _form_heights(block: KeyValues, page: Page) -> list[float]:
    unit = page.text_mm / sum(FORM_SHARES)
    widths = [share * unit for share in FORM_SHARES]
    heights = []
    for pairs in form_lines(block):
        cells = [part for pair in pairs for part in pair]
        sizes = widths if len(pairs) > 1 else [widths[0], sum(widths[1:])]
        heights.append(row_height(cells, sizes, "TableText"))
    return heights


def _caption() -> float:
    style = STYLES["Caption"]
    return style.before + style.line + style.after
