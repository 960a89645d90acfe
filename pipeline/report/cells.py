"""How single values become printed text, and how wide columns want to be."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pipeline import scalars
from pipeline.rounding import half_up, printed, printed_beside

if TYPE_CHECKING:
    from pipeline.model import Finding, Indicator
    from pipeline.report.model import Column, Table

PAGE_CHARS = 122.0  # half-width characters of small table text that an upright A4 page takes with a few lines wrapped
FULL_CHARS, LYING_CHARS = 112.0, 170.0  # the same between the margins of an upright and of a lying page
PADDING_CHARS = 2.0  # cell margins and borders
LATIN_SLACK = 1.1  # letters and digits of a replacement font are wider than half a Chinese character …
NUMBER_SLACK = 1.3  # … and a number must never be parted
NARROWEST, WIDEST = 4.0, 38.0  # a column is never planned narrower or wider; longer texts wrap
SHORT, PHRASE = 16.0, 22.0  # a column holds its longest entry up to SHORT, and a rare longer one is given PHRASE
MOST_COLUMNS = 11  # more columns than this want a landscape page whatever they hold
UNIT_DECIMALS = {"m": 3, "m²": 2, "%": 2}  # of values in findings; others as they are
LARGEST = 1e15  # beyond it a float has no decimals left: damaged data, shown as they are
_DIGITS = re.compile(r"(\d+)")


def text(value: Any, *, missing: str, decimals: int | None = None) -> str:
    """A value as printed: numbers half up to `decimals`, whole numbers plain, dates ISO, words as they are."""
    if scalars.missing(value):
        return missing
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)
    if not math.isfinite(number):
        return "∞" if number > 0 else "−∞"
    if abs(number) > LARGEST:
        return f"{number:.6e}"
    if decimals is not None:
        return printed(number, decimals)
    return str(int(number)) if number.is_integer() else f"{number:.10g}"


def finding_numbers(finding: Finding, *, missing: str) -> list[str]:
    """Measured and required value and tolerance of a finding with the decimals its unit is printed with."""
    decimals = UNIT_DECIMALS.get(finding.unit or "")
    values = (finding.measured, finding.required, finding.tolerance)
    return _beside([(v, decimals if isinstance(v, float) else None) for v in values], missing)


def indicator_numbers(item: Indicator, *, missing: str) -> list[str]:
    """Difference, limit and allowance of an indicator; it is the difference of printed figures that is judged."""
    usual = item.difference is not None and math.isfinite(item.difference) and abs(item.difference) < LARGEST
    difference = half_up(item.difference, item.decimals) if usual and item.difference is not None else item.difference
    return _beside([(value, item.decimals) for value in (difference, item.limit, item.allowance)], missing)


def _beside(values: Sequence[tuple[Any, int | None]], missing: str) -> list[str]:
    """Values of one line as `text` prints them; figures get more decimals where one over a limit would read like it."""
    usual = [_figure(value, decimals) for value, decimals in values]
    shown = iter(printed_beside([figure for figure in usual if figure]))
    return [
        next(shown) if figure else text(value, missing=missing, decimals=decimals)
        for figure, (value, decimals) in zip(usual, values, strict=True)
    ]


def _figure(value: Any, decimals: int | None) -> tuple[float, int] | None:
    """A number and the decimals that `text` gives it; None for words, for what is missing and for damaged data."""
    if isinstance(value, bool | str) or scalars.missing(value):
        return None
    number = float(value)
    if not math.isfinite(number) or abs(number) > LARGEST or (decimals is None and not number.is_integer()):
        return None
    return number, decimals or 0


def coded(value: Any, codes: dict[str, str] | None, *, missing: str) -> str:
    """A code with its Chinese label ("3 钢筋混凝土结构"); a code that is its own label stands once."""
    shown = text(value, missing=missing)
    label = (codes or {}).get(shown)
    return shown if label is None or label == shown else f"{shown} {label}"


def natural(value: Any) -> tuple[tuple[int, float, str], ...]:
    """Sort key under which J2 comes before J10 and −1 before 1; missing values last."""
    if scalars.missing(value):
        return ((2, 0.0, ""),)
    if not isinstance(value, str):
        return ((0, float(value), ""),) if hasattr(value, "__float__") else ((1, 0.0, str(value)),)
    parts = _DIGITS.split(value)
    return tuple((0, float(p), "") if i % 2 else (1, 0.0, p) for i, p in enumerate(parts) if p)


@lru_cache(maxsize=1 << 16)  # each cell is measured by every writer, and many say the same
def width(value: str) -> float:
    """Printed width in half-width characters; the longest line of several."""
    return max((_line_width(line) for line in value.split("\n")), default=0.0)


def _line_width(line: str) -> float:
    if line.isascii():
        return float(len(line))
    return float(sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line))


def fitted(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], *, wide: bool | None = None
) -> tuple[tuple[Column, ...], bool]:
    """The columns with widths in half-width characters after what they hold, and whether they want a landscape page.

    Where an upright page is too narrow, columns of running text give way; numbers and codes keep their room.
    wide: the page is given, not chosen.
    """
    wanted = [_wanted(column, [row[i] for row in rows]) for i, column in enumerate(columns)]
    widths = [min(max(w, NARROWEST), WIDEST) + PADDING_CHARS for w in wanted]
    lying = (len(columns) > MOST_COLUMNS or sum(widths) > PAGE_CHARS) if wide is None else wide
    soft = [i for i, c in enumerate(columns) if c.align == "left" and not all(row[i].isascii() for row in rows)]
    widths = _giving_way(widths, soft, LYING_CHARS if lying else FULL_CHARS)
    return tuple(replace(c, width=w) for c, w in zip(columns, widths, strict=True)), lying


def _giving_way(widths: Sequence[float], soft: Sequence[int], room: float) -> list[float]:
    """The widths brought down to the page, the soft columns alone and none below half its wish."""
    over, given = sum(widths) - room, sum(widths[i] for i in soft)
    if over <= 0 or not given:
        return list(widths)
    factor = max(1 - over / given, 0.5)
    return [w * factor if i in soft else w for i, w in enumerate(widths)]


def alike(tables: Sequence[Table]) -> list[Table]:
    """Tables of one kind on the same paper: all wide when one is."""
    wide = any(table.wide for table in tables)
    return [replace(table, wide=wide) for table in tables]


def _wanted(column: Column, values: Sequence[str]) -> float:
    """Widest number, or what nine of ten texts need: a few long sentences wrap."""
    header = width(column.label)
    slack = NUMBER_SLACK if column.align == "right" else LATIN_SLACK
    found = sorted(width(v) * (slack if v.isascii() else 1.0) for v in values)
    body = 0.0
    if found:
        usual = found[min(int(len(found) * 0.9), len(found) - 1)]
        body = found[-1] if column.align == "right" or found[-1] <= SHORT else max(usual, min(found[-1], PHRASE))
    return max(body, header if header <= 8 else header / 2)  # four Chinese characters stay in one line
