"""How chapters, headings, tables and figures are numbered and what stands around them: one rule for every writer.

Chapters with a number ("3") number their headings "3.1", "3.1.2"; the others (附图, 附表, 附录) leave theirs plain.
Tables and figures count through the whole document ("表 1", "图 1"); in a chapter whose own number ends in 图 or 表
they count apart and carry its name ("附图 1", "附表 1"). A form without a caption has no number.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from pipeline.report.model import Block, Chapter, Column, Figure, Heading, KeyValues, Report, Table

TABLE, FIGURE = "表", "图"
GAP = "　"  # between a number and its title
CONTENTS, STATEMENT = "目　录", "声　明"
SIGNATURE_HEADS = ("职　责", "姓名或名称", "签字（盖章）", "日　期")
PAGE = "页码"  # head of the column that paged writers add to a list of figures
NOTE, SOURCE = "注：", "数据来源："
PAGE_WORDS = ("第 ", " 页　共 ", " 页")


@dataclass(frozen=True, slots=True)
class Label:
    """The printed number of one block: kind ("表", "附图", "" for headings) and number ("7", "3.1")."""

    kind: str
    number: str

    @property
    def text(self) -> str:
        return f"{self.kind} {self.number}".strip()

    def before(self, title: str) -> str:
        """`title` with its number in front, or alone."""
        return f"{self.text}{GAP}{title}" if self.text else title


def chapter_title(chapter: Chapter) -> str:
    """The "3　总体指标表"; the same for 附图 and the like."""
    return f"{chapter.number}{GAP}{chapter.title}" if chapter.number else chapter.title


def table_notes(block: Table) -> list[str]:
    """The lines under a table: its note and where its numbers come from."""
    note = [f"{NOTE}{block.note}"] if block.note else []
    return [*note, f"{SOURCE}{block.source}"] if block.source else note


def with_pages(block: Table) -> Table:
    """A list of figures with a column for their pages, still without numbers; other tables as they are."""
    if not block.targets:
        return block
    unit = sum(column.width for column in block.columns) / 12
    columns = (*block.columns, Column(PAGE, "center", unit))
    return replace(block, columns=columns, rows=tuple((*row, "") for row in block.rows))


def labels(report: Report) -> dict[tuple[int, int], Label]:
    """Number of every heading, captioned table or form, and figure by (chapter index, block index)."""
    counts: Counter[str] = Counter()
    found = {}
    for c, chapter in enumerate(report.chapters):
        section = [0, 0]
        for b, block in enumerate(chapter.blocks):
            label = (
                _heading(chapter, block, section) if isinstance(block, Heading) else _captioned(chapter, block, counts)
            )
            if label is not None:
                found[c, b] = label
    return found


def _heading(chapter: Chapter, block: Heading, section: list[int]) -> Label:
    if block.level <= 2:
        section[:] = [section[0] + 1, 0]
        parts = section[:1]
    else:
        section[1] += 1
        parts = section
    number = ".".join([chapter.number, *map(str, parts)]) if chapter.number.isdigit() else ""
    return Label("", number)


def _captioned(chapter: Chapter, block: Block, counts: Counter[str]) -> Label | None:
    if not isinstance(block, Table | KeyValues | Figure) or not block.caption:
        return None
    kind = FIGURE if isinstance(block, Figure) else TABLE
    kind = chapter.number if not chapter.number.isdigit() and chapter.number.endswith(kind) else kind
    counts[kind] += 1
    return Label(kind, str(counts[kind]))
