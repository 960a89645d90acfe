"""The result with the words that the chapters of its report are written in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.district.result import DistrictResult
from pipeline.report.model import Block, Heading, Paragraph
from pipeline.report.template import Template
from pipeline.standard import RuleSpec, Standard

MOST_ROWS = 200  # of a table of the document; the workbook has all
Row = dict[str, str]


@dataclass(frozen=True)
class Words:
    """The result with its template. whole: tables hold every row (the workbook)."""

    result: DistrictResult
    standard: Standard
    template: Template
    outlines: Mapping[str, Any]
    whole: bool

    @cached_property
    def slots(self) -> dict[str, str]:
        result = self.result
        return {
            "projects": str(len(result.index.entries)),
            "date": self.date(result.date),
            "crs": result.index.space.name or self.template.missing,
            "edition": self.standard.edition,
            "profile": result.standards.profile.label,
            "verdict": self.template.word("verdict", result.verdict),
        }

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Project key → its number in the table of all projects."""
        return {entry.key: n for n, entry in enumerate(self.result.index.entries, start=1)}

    @cached_property
    def shared(self) -> dict[str, int]:
        return self.result.worst_counts

    @cached_property
    def rules(self) -> dict[str, RuleSpec]:
        return {rule.id: rule for standard in self.result.standards.surveys.values() for rule in standard.rules}

    def date(self, text: str) -> str:
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            return text or self.template.missing
        return self.template.say("date", year=day.year, month=day.month, day=day.day)

    def say(self, key: str, style: str = "body", **slots: object) -> Paragraph:
        return Paragraph(self.template.say(key, **slots), style)

    def heading(self, key: str) -> Heading:
        return Heading(self.template.say(key), 2)

    def table(
        self, name: str, rows: Sequence[Row], *, more: str = "district_more", note: str | None = None
    ) -> list[Block]:
        """The table, or as much of it as a document bears and a sentence on the rest."""
        kept = rows if self.whole else rows[:MOST_ROWS]
        blocks: list[Block] = [self.template.table(name, kept, note=note)]
        return blocks if len(kept) == len(rows) else [*blocks, self.say(more, more=len(rows) - len(kept))]

    def project(self, key: str | None) -> str:
        """The "3 石洲研发楼" of a project."""
        if key is None or key not in self.numbers:
            return key or ""
        entry = self.result.index.entries[self.numbers[key] - 1]
        return f"{self.numbers[key]} {entry.name or entry.key}"
