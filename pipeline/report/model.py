"""The report as plain data: what every writer (docx, PDF, HTML, xlsx) prints. Texts are final Chinese strings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pipeline.report.logo import Logo

Align = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Column:
    """A table column; width is a relative weight."""

    label: str
    align: Align = "left"
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of printed strings. features: per row the feature ids behind it (for tracing), or empty."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str | None = None
    source: str | None = None  # measure, layer or rule ids the numbers come from
    total_rows: int = 0  # how many of the last rows are totals (printed bold)
    features: tuple[tuple[str, ...], ...] = ()
    wide: bool = False  # wants a landscape page
    targets: tuple[
        str, ...
    ] = ()  # per row the id of the figure it names: paged writers add its page, others link to it


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as SVG. Sizes are millimetres on paper; scale is the denominator (500 = 1:500)."""

    id: str
    caption: str
    svg: str
    width_mm: float
    height_mm: float
    paper: Literal["A4", "A3"] = "A4"
    scale: int | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered heading below the chapter title (level 2 or 3)."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. style: body | note | warning | verdict."""

    text: str
    style: str = "body"


@dataclass(frozen=True, slots=True)
class KeyValues:
    """Label/value pairs printed as a two- or four-column form."""

    id: str
    caption: str
    items: tuple[tuple[str, str], ...]


Block = Heading | Paragraph | KeyValues | Table | Figure


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter; number is "1", "附图" …; survey names the survey it belongs to, if one."""

    number: str
    title: str
    blocks: tuple[Block, ...]
    survey: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The whole document."""

    title: str
    cover: tuple[tuple[str, str], ...]  # label, value lines of the cover
    statement: tuple[str, ...]  # paragraphs of the statement page
    signatures: tuple[tuple[str, str], ...]  # role, name
    chapters: tuple[Chapter, ...]
    project_code: str = ""
    firm: str = ""
    date: str = ""
    keywords: tuple[str, ...] = field(default_factory=tuple)
    logo: Logo | None = None
