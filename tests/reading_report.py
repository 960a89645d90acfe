"""How tests find things in a built report."""

from __future__ import annotations

from pipeline.report.model import Figure, Heading, KeyValues, Paragraph, Table


def tables(report):
    return {block.id: block for chapter in report.chapters for block in chapter.blocks if isinstance(block, Table)}


def chapter(report, title):
    return next(c for c in report.chapters if c.title == title)


def column(table, label):
    at = [c.label for c in table.columns].index(label)
    return [row[at] for row in table.rows]


def words(report):
    """Every text of the report."""
    yield from (part for line in (*report.cover, *report.signatures) for part in line)
    yield from report.statement
    for c in report.chapters:
        yield c.title
        for b in c.blocks:
            match b:
                case Heading() | Paragraph():
                    yield b.text
                case KeyValues():
                    yield from (b.caption, *(part for item in b.items for part in item))
                case Table():
                    yield from (
                        b.caption,
                        b.note or "",
                        *(c.label for c in b.columns),
                        *(cell for row in b.rows for cell in row),
                    )
                case Figure():
                    yield b.caption
