"""The lines of a coordinate exchange text (电子报盘) as plots with their point rows; nothing is judged here.

`[属性描述]` holds key=value lines, `[地块坐标]` one header row per plot and its point rows. Brackets may be full-width,
the closing `@` of a header row may be missing, blank lines may stand anywhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

DESCRIPTION, PLOTS = "属性描述", "地块坐标"
HEADER = ("界址点数", "地块面积", "地块编号", "地块名称", "记录图形属性", "图幅号", "地块用途", "地类编码")
KINDS = ("点", "线", "面")
HUGE_M = 1e9
_SECTION = re.compile(r"[\[【［]\s*(.+?)\s*[\]】］]")


@dataclass(frozen=True, slots=True)
class PointRow:
    """One point row. first, second: the coordinates in the order of the file."""

    line: int
    name: str
    ring: int
    first: float
    second: float
    decimals: int  # of the coordinates as written


@dataclass(slots=True)
class Plot:
    """One block: its header row by column, and its points as they follow."""

    line: int
    header: Mapping[str, str]
    points: list[PointRow] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """面 unless the header says otherwise."""
        given = self.header.get("记录图形属性", "")
        return given if given in KINDS else "面"

    def called(self, number: int) -> str:
        """How messages call it."""
        return self.header.get("地块编号") or self.header.get("地块名称") or f"第 {number} 块"


@dataclass(slots=True)
class Parsed:
    """The whole text. wrong: line number → a line that is none of header row, point row, key=value."""

    description: dict[str, str] = field(default_factory=dict)
    plots: list[Plot] = field(default_factory=list)
    wrong: dict[int, str] = field(default_factory=dict)


def is_exchange(data: bytes) -> bool:
    """Whether bytes of a text file hold the section of plots, in either encoding."""
    return any(PLOTS.encode(encoding) in data for encoding in ("utf-8", "gbk"))


def parse(text: str) -> Parsed:
    """The text by sections; lines before the first section are wrong."""
    found = Parsed()
    section = ""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip().strip("\ufeff").strip()
        if not line:
            continue
        heading = _SECTION.fullmatch(line)
        if heading:
            section = heading[1]
        elif section == DESCRIPTION:
            key, _, value = line.replace("＝", "=").partition("=")
            found.description[key.strip()] = value.strip()
        elif section != PLOTS or not _take(found, number, line):
            found.wrong[number] = line
    return found


def _take(found: Parsed, number: int, line: str) -> bool:
    """A line of the plots' section; False when it is neither header nor point row."""
    cells = [cell.strip() for cell in line.replace("，", ",").split(",")]
    if _is_header(cells):
        words = [cell.removesuffix("@").strip() for cell in cells]
        found.plots.append(Plot(number, dict(zip(HEADER, words, strict=False))))
        return True
    row = _point(number, cells)
    if row is None or not found.plots:
        return False
    found.plots[-1].points.append(row)
    return True


def _is_header(cells: Sequence[str]) -> bool:
    """A row that ends in @; without it, one whose fifth cell is 点, 线 or 面, or which cannot be a point."""
    if any(cell.endswith("@") for cell in cells):
        return True
    if len(cells) < 5 or not cells[0].isdigit() or not (cells[1] == "" or number_of(cells[1]) is not None):
        return False
    return cells[4] in KINDS or None in (number_of(cells[2]), number_of(cells[3]))


def _point(number: int, cells: Sequence[str]) -> PointRow | None:
    if len(cells) < 4 or not cells[1].isdigit():
        return None
    first, second = number_of(cells[2]), number_of(cells[3])
    if first is None or second is None:
        return None
    return PointRow(number, cells[0], int(cells[1]), first, second, min(decimals(cells[2]), decimals(cells[3])))


def number_of(word: str) -> float | None:
    """A finite number no larger than any coordinate; None when the word is none."""
    try:
        value = float(word)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= HUGE_M else None


def decimals(word: str) -> int:
    """Digits written after the point."""
    return len(word.partition(".")[2])
