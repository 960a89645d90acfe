"""How wide the columns of a printed table are, and where long words may break."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.report.drawings.ink import text_width

if TYPE_CHECKING:
    from pipeline.report.model import Table

MM_PER_POINT = 25.4 / 72
INSET_MM = 2.3  # both sides of a cell together
SIZES_PT = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5)
WHOLE = 28  # letters without a break that are kept whole: a real-estate unit code
WHOLE_WHEN_CROWDED = 12
PIECE = 8  # letters between two places to break
SHORT_CELL, PHRASE = 4, 8  # letters of a cell that are never parted; the longer ones where there is room
CAPITAL = 0.1  # of the size, by which capitals of the text font are wider
SENTENCE, RUNNING_MM = 18, 44.0  # longer cells are sentences; a column of them is at least so wide
WISH_MM = 70.0  # no column wishes to be wider
SAMPLED = 40  # longest cells of a column that are measured
TALL_CELL = 700  # letters of a cell that may not fit one page
_WORD = re.compile(r"[!-~]+")
_PART = re.compile(r"[^/_.\-]*[/_.\-]|[^/_.\-]+")
BREAK = "\u200b"


def softened(words: str, whole: int = WHOLE) -> str:
    """`words` with invisible places to break inside codes, paths and hashes longer than `whole`; all else stays."""
    return _WORD.sub(
        lambda found: _pieces(found.group(), whole) if len(found.group()) > whole else found.group(), words
    )


def _pieces(run: str, whole: int) -> str:
    """The word with places to break behind its separators; what is still longer than `whole` also every few letters."""
    steps = [(part, PIECE if len(part) > whole else len(part)) for part in _PART.findall(run)]
    return BREAK.join(part[n : n + step] for part, step in steps for n in range(0, len(part), step))


def breakable(table: Table) -> bool:
    """Whether rows may break across pages: only when a cell might be taller than a page."""
    return any(len(cell) > TALL_CELL for row in table.rows for cell in row)


def table_layout(table: Table, room_mm: float) -> tuple[float, list[float], int]:
    """Letter size in pt, column widths in mm that fill `room_mm`, and how long a word is kept whole.

    The largest size at which all longest words fit beside each other is taken; what is left over goes to the columns
    whose cells would otherwise wrap most, then to all by their weight.
    """
    columns = [_longest(table, n) for n in range(len(table.columns))]
    running = [_is_running(cells[1:]) for cells in columns]
    tries = (*((s, WHOLE, PHRASE) for s in SIZES_PT[:4]), *((s, WHOLE, SHORT_CELL) for s in SIZES_PT[:4]))
    for size, whole, short in (*tries, *((s, WHOLE_WHEN_CROWDED, SHORT_CELL) for s in SIZES_PT)):
        least = [max(_word_mm(cell, size, whole, short) for cell in cells) + INSET_MM for cells in columns]
        least = [max(width, RUNNING_MM if text else 0.0) for width, text in zip(least, running, strict=True)]
        if sum(least) <= room_mm:
            break
    wish = [min(WISH_MM, max(_width_mm(cell, size) for cell in cells) + INSET_MM) for cells in columns]
    wish = [max(w, m) for w, m in zip(wish, least, strict=True)]
    return size, _filled(least, wish, [c.width for c in table.columns], room_mm), whole


def _filled(least: list[float], wish: list[float], weights: list[float], room: float) -> list[float]:
    free = room - sum(least)
    if free <= 0:
        return [round(width * room / sum(least), 2) for width in least]
    wants = [w - m for w, m in zip(wish, least, strict=True)]
    share = min(1.0, free / sum(wants)) if sum(wants) > 0 else 0.0
    given = [m + w * share for m, w in zip(least, wants, strict=True)]
    rest = max(0.0, room - sum(given))
    return [round(g + rest * weight / sum(weights), 2) for g, weight in zip(given, weights, strict=True)]


def _longest(table: Table, column: int) -> list[str]:
    """Header and the longest cells of a column: enough to know its width."""
    cells = {row[column] for row in table.rows if column < len(row)}
    return [table.columns[column].label, *sorted(cells, key=lambda cell: (-len(cell), cell))[:SAMPLED]]


def _is_running(cells: list[str]) -> bool:
    """Whether a column holds sentences: most of its longest cells are long and not codes."""
    long = [cell for cell in cells if len(cell) > SENTENCE and not cell.isascii()]
    return len(long) > len(cells) / 2 and len(cells) > 0


def _width_mm(words: str, size: float) -> float:
    """Width in the text font, whose capitals are wider than those of drawings."""
    return text_width(words, size * MM_PER_POINT) + CAPITAL * size * MM_PER_POINT * sum(c.isupper() for c in words)


def _word_mm(cell: str, size: float, whole: int, most: int) -> float:
    """Width of the longest part that must stay on one line: words, short cells as a whole, at least two Chinese letters."""
    found = [word.group() for word in _WORD.finditer(cell)]
    pieces = [_pieces(word, whole).split(BREAK) if len(word) > whole else [word] for word in found]
    words = [piece for parts in pieces for piece in parts]
    short = cell if len(cell) <= most else "字字"
    return max(_width_mm(word, size) for word in [*words, short])
