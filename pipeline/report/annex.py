"""Long tables move to the annex; their place says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.report.context import Context
from pipeline.report.model import Block, Chapter, Heading, Table

DEFAULT_ROWS = 200  # when a profile does not state report.annex_rows


def annex_limit(context: Context) -> int:
    """Most rows of a table in the text: profile number report.annex_rows."""
    number = context.result.standards.profile.numbers.get("report.annex_rows")
    value = number.at(1.0) if number is not None else None
    return int(value) if value is not None else DEFAULT_ROWS


def moved(context: Context, chapters: Sequence[Chapter], number: str) -> tuple[list[Chapter], list[Block]]:
    """The chapters with a sentence in place of each long table, and the annex: tables under their survey's name.

    Tables that a standard marks `annex` always move. number: the annex chapter's own, with which its tables are called.
    """
    limit, always = annex_limit(context), _always(context)
    kept: list[Chapter] = []
    annex: list[Block] = []
    count = 0
    for chapter in chapters:
        blocks: list[Block] = []
        opened = False
        for block in chapter.blocks:
            if not isinstance(block, Table) or not (
                len(block.rows) > limit or block.id.rstrip(".0123456789") in always
            ):
                blocks.append(block)
                continue
            count += 1
            annex += [*([] if opened else [Heading(chapter.title)]), block]
            opened = True
            key = "moved" if len(block.rows) > limit else "moved_always"
            rows = len(block.rows) - block.total_rows
            place = f"{number} {count}《{block.caption}》"
            blocks.append(context.say(key, rows=rows, limit=limit, annex=place))
        kept.append(replace(chapter, blocks=tuple(blocks)))
    return kept, annex


def _always(context: Context) -> set[str]:
    standards = context.result.standards.surveys.items()
    return {f"{survey}.{spec.id}" for survey, standard in standards for spec in standard.tables if spec.annex}
