"""Pages of the Word document: paper, margins, and on which page each block of the report stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.report.docx_tables import WHOLE_ROWS
from pipeline.report.docx_xml import NAMESPACES, twips
from pipeline.report.model import Block, Figure, Heading, KeyValues, Paragraph, Report, Table
from pipeline.report.numbering import Label, chapter_title, labels

PAPER_MM = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}
HEADER_MM, FOOTER_MM = 12.0, 11.0
CAPTION_MM = 12.0  # room for a drawing's caption below it


@dataclass(frozen=True, slots=True)
class Page:
    """A page: paper and margins in millimetres; plain pages have neither header nor footer."""

    width_mm: float
    height_mm: float
    side_mm: float = 20.0
    top_mm: float = 24.0
    bottom_mm: float = 20.0
    plain: bool = False

    @property
    def text_mm(self) -> float:
        return self.width_mm - 2 * self.side_mm

    @property
    def body_mm(self) -> float:
        return self.height_mm - self.top_mm - self.bottom_mm

    def section(self, references: str) -> str:
        """The `sectPr` of pages like this; references: those of header and footer."""
        turned = ' w:orient="landscape"' if self.width_mm > self.height_mm else ""
        side = twips(self.side_mm)
        return (
            f'<w:sectPr {NAMESPACES}>{"" if self.plain else references}<w:type w:val="nextPage"/>'
            f'<w:pgSz w:w="{twips(self.width_mm)}" w:h="{twips(self.height_mm)}"{turned}/>'
            f'<w:pgMar w:top="{twips(self.top_mm)}" w:right="{side}" w:bottom="{twips(self.bottom_mm)}" w:left="{side}" '
            f'w:header="{twips(min(HEADER_MM, self.top_mm / 2))}" w:footer="{twips(min(FOOTER_MM, self.bottom_mm / 2))}" '
            'w:gutter="0"/></w:sectPr>'
        )


COVER = Page(*PAPER_MM["A4"], plain=True)
UPRIGHT = Page(*PAPER_MM["A4"])
LYING = Page(PAPER_MM["A4"][1], PAPER_MM["A4"][0], top_mm=22.0, bottom_mm=18.0)
EITHER = Page(0.0, 0.0)  # upright or lying, as the neighbours have it


@dataclass(frozen=True, slots=True)
class Item:
    """One block with its printed number and the page it stands on; a chapter's title is a heading of level 1."""

    block: Block
    label: Label
    page: Page


def planned(report: Report) -> list[Item]:
    """Every block in order with its page. Headings and texts stand on the paper of what follows them in the chapter."""
    numbers = labels(report)
    items: list[Item] = []
    for c, chapter in enumerate(report.chapters):
        blocks: list[Block] = [Heading(chapter_title(chapter), 1), *chapter.blocks]
        pages = pages_for(blocks)
        marks = [Label("", ""), *(numbers.get((c, b), Label("", "")) for b in range(len(chapter.blocks)))]
        items += [Item(*parts) for parts in zip(blocks, marks, pages, strict=True)]
    return items


def page_for(figure: Figure) -> Page:
    """The paper a drawing lies on; margins shrink so that it keeps its scale where it can."""
    short, long = PAPER_MM[figure.paper]
    width, height = (long, short) if figure.width_mm > figure.height_mm else (short, long)
    usual = UPRIGHT if (width, height) == PAPER_MM["A4"] else Page(width, height, top_mm=17.0, bottom_mm=15.0)
    if figure.width_mm <= usual.text_mm and figure.height_mm + CAPTION_MM <= usual.body_mm:
        return usual
    side = max(min((width - figure.width_mm) / 2, usual.side_mm), HEADER_MM / 2)
    edge = max(min((height - figure.height_mm - CAPTION_MM) / 2, usual.bottom_mm), HEADER_MM)
    return Page(width, height, side, edge, edge)


def printed_size(figure: Figure, page: Page) -> tuple[float, float]:
    """Size of a drawing on its page, millimetres: its own, or smaller only where the paper is too small."""
    factor = min(1.0, page.text_mm / figure.width_mm, (page.body_mm - CAPTION_MM) / figure.height_mm)
    return figure.width_mm * factor, figure.height_mm * factor


def pages_for(blocks: Sequence[Block]) -> list[Page]:
    """Headings and texts go with what follows; a short table goes lying where its neighbour in the chapter lies."""
    own = [_own(block) for block in blocks]
    fixed = [n for n, page in enumerate(own) if page is not None]
    current = UPRIGHT
    for place, n in enumerate(fixed):
        if own[n] == EITHER:
            opens = place == 0 and [own[m] for m in fixed[1:2]] == [LYING]
            own[n] = LYING if opens or (place and current == LYING) else UPRIGHT
        current = own[n] or current
    after: Page | None = None
    pages: list[Page | None] = []
    for page in reversed(own):
        after = page or after
        pages.append(after)
    return [page or current for page in reversed(pages)]


def _own(block: Block) -> Page | None:
    """The page a block insists on; EITHER for a short table, None for headings and texts."""
    match block:
        case Table():
            return LYING if block.wide else EITHER if len(block.rows) <= WHOLE_ROWS else UPRIGHT
        case Figure():
            return page_for(block)
        case KeyValues():
            return UPRIGHT
        case Heading() | Paragraph():
            return None
