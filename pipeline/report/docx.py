"""The report for Word and WPS: real headings, a contents field, numbered captions, repeated table heads, editable."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.pkgwriter import PackageWriter
from docx.oxml import parse_xml
from docx.parts.image import ImagePart

from pipeline.report import docx_styles
from pipeline.report.docx_estimate import pages_of
from pipeline.report.docx_pages import COVER, UPRIGHT, Item, Page, planned, printed_size
from pipeline.report.docx_tables import cover_table, form, signature_table, table
from pipeline.report.docx_xml import (
    NAMESPACES,
    PARAGRAPH_STYLES,
    caption,
    contents,
    field,
    figure_name,
    heading,
    note_style,
    paragraph,
    picture,
    run,
    twips,
)
from pipeline.report.logo import Logo
from pipeline.report.model import Figure, Heading, KeyValues, Paragraph, Report, Table
from pipeline.report.numbering import CONTENTS, PAGE_WORDS, SIGNATURE_HEADS, STATEMENT, Label, table_notes
from pipeline.report.zipped import packed, report_date

COVER_TABLE_MM = 150.0
HEAD_LOGO_MM = 4.5
LOGO_NUMBER = 9000  # number of the logo among the pictures, apart from those of the drawings


def write_docx(report: Report, path: Path, *, pictures: Sequence[bytes] | None = None) -> None:
    """Write the report as .docx; the same report gives the same bytes.

    pictures: its drawings as PNG in their order, where they have been painted already.
    """
    document = docx.Document()
    docx_styles.install(document, text_width_twips=twips(UPRIGHT.text_mm))
    items = planned(report)
    writer = _Writer(document, report, _painted(report) if pictures is None else pictures)
    pages = pages_of(items, report)
    writer.number(items, pages)
    writer.front(items, pages)
    for item in items:
        writer.item(item)
    writer.close()
    _properties(document, report)
    Path(path).write_bytes(packed(_members(document), report_date(report.date)))


def _painted(report: Report) -> list[bytes]:
    from pipeline.report import raster

    figures = [block for chapter in report.chapters for block in chapter.blocks if isinstance(block, Figure)]
    return raster.pictures([raster.Sheet(f.svg, f.width_mm, f.height_mm) for f in figures])


class _Members(list[tuple[str, bytes]]):
    """Collects what python-docx would put into a zip: it would pack pictures a second time."""

    def write(self, uri: Any, content: bytes) -> None:
        self.append((uri.membername, content))


def _members(document: Any) -> list[tuple[str, bytes]]:
    """Name and content of every file of the document."""
    package, members = document.part.package, _Members()
    writer: Any = PackageWriter
    for part in package.parts:
        part.before_marshal()
    writer._write_content_types_stream(members, package.parts)  # noqa: SLF001 — its only public call zips
    writer._write_pkg_rels(members, package.rels)  # noqa: SLF001 — as above
    writer._write_parts(members, package.parts)  # noqa: SLF001 — as above
    return members


def _properties(document: Any, report: Report) -> None:
    core, date = document.core_properties, report_date(report.date)
    core.title, core.author, core.last_modified_by = report.title, report.firm, report.firm
    core.subject, core.keywords, core.language = report.project_code, "，".join(report.keywords), "zh-CN"
    core.created = core.modified = date
    core.comments, core.category, core.revision = "", "", 1


class _Writer:
    """Collects the body as text, page kind by page kind. A section is closed when the next block needs other paper.

    The whole document is parsed once at the end: moving elements between trees costs the square of their number.
    """

    def __init__(self, document: Any, report: Report, pictures: Sequence[bytes]) -> None:
        self.document, self.report, self.pictures = document, report, pictures
        self.parts: list[str] = []
        self.page: Page = COVER
        self.bookmark = 0
        self.drawings = 0
        self.figures: dict[str, tuple[int, int]] = {}  # id → bookmark, page
        self.references = self._header_and_footer()

    # ------------------------------------------------------------ pages

    def add(self, *texts: str) -> None:
        self.parts += texts

    def turn_to(self, page: Page) -> None:
        """Close the section when `page` differs from the current one."""
        if page == self.page:
            return
        self.add(paragraph("Break", "", self.page.section(self.references)))
        self.page = page

    def close(self) -> None:
        """Put the collected body in place of the empty one."""
        body = "".join([*self.parts, self.page.section(self.references)])
        text = f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
        self.document.part._element = parse_xml(text)  # noqa: SLF001 — python-docx can only append piece by piece

    def _header_and_footer(self) -> str:
        """Write both, return the references every section repeats."""
        section = self.document.sections[0]
        name = self.report.keywords[0] if self.report.keywords else self.report.project_code
        line = '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="4" w:color="A6A6A6"/></w:pBdr>'
        words = run("　".join(part for part in (name, self.report.title) if part))
        logo = self.report.logo
        mark = self._logo(section.header.part, logo, HEAD_LOGO_MM) + run("　") if logo else ""
        head = paragraph("Header", mark + words, line)
        first, middle, last = PAGE_WORDS
        foot = run(first) + field("PAGE", "1") + run(middle) + field("NUMPAGES", "1") + run(last)
        for part, text in ((section.header, head), (section.footer, paragraph("Footer", foot))):
            part.is_linked_to_previous = False
            element = part._element  # noqa: SLF001 — python-docx offers paragraphs only, not fields
            for child in list(element):
                element.remove(child)
            element.append(parse_xml(text.replace("<w:p>", f"<w:p {NAMESPACES}>", 1)))
        ids = {str(child.tag).rpartition("}")[2]: child for child in section._sectPr}  # noqa: SLF001 — no API for ids
        rid = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
        return "".join(
            f'<w:{name} w:type="default" r:id="{ids[name].get(rid)}"/>'
            for name in ("headerReference", "footerReference")
        )

    def _logo(self, part: Any, logo: Logo, height_mm: float) -> str:
        """A run with the firm's logo. part: cover or header, each holds its own pictures."""
        from pipeline.report import raster

        reference, _ = part.get_or_add_image(io.BytesIO(raster.logo_png(logo)))
        size = (logo.width_mm * height_mm / logo.height_mm, height_mm)
        return picture(reference, LOGO_NUMBER, self.report.firm, self.report.firm, size)

    # ------------------------------------------------------------ front

    def number(self, items: Sequence[Item], pages: Sequence[int]) -> None:
        """Bookmarks of the drawings, behind those of the headings, and the pages they will stand on."""
        first = sum(isinstance(item.block, Heading) for item in items) + 1
        drawn = [
            (item.block.id, page) for item, page in zip(items, pages, strict=True) if isinstance(item.block, Figure)
        ]
        self.figures = {name: (first + n, page) for n, (name, page) in enumerate(drawn)}

    def front(self, items: Sequence[Item], pages: Sequence[int]) -> None:
        """Cover, statement with signatures, contents."""
        report = self.report
        first, rest = report.cover[:1], report.cover[1:]
        if report.logo:
            self.add(paragraph("CoverLogo", self._logo(self.document.part, report.logo, report.logo.height_mm)))
        self.add(paragraph("CoverTitle" if not report.logo else "CoverTitleLow", run(report.title)))
        self.add(*(paragraph("CoverName", run(value)) for _, value in first))
        self.add(cover_table(rest, COVER_TABLE_MM))
        self.turn_to(UPRIGHT)
        self.add(paragraph("PageTitle", run(STATEMENT)))
        self.add(*(paragraph("BodyText", run(text)) for text in report.statement), paragraph("NoteText", ""))
        self.add(signature_table(SIGNATURE_HEADS, report.signatures, self.page.text_mm))
        headings = [(item, page) for item, page in zip(items, pages, strict=True) if isinstance(item.block, Heading)]
        entries = [
            (min(item.block.level, 3), n, item.label.before(item.block.text), page)
            for n, (item, page) in enumerate(headings, start=1)
            if isinstance(item.block, Heading)
        ]
        self.add(paragraph("PageTitle", run(CONTENTS), "<w:pageBreakBefore/>"), contents(entries))

    # ------------------------------------------------------------ blocks

    def item(self, item: Item) -> None:
        """Append one block, on its page."""
        self.turn_to(item.page)
        block, label = item.block, item.label
        match block:
            case Heading():
                self.bookmark += 1
                self.add(heading(label.before(block.text), min(block.level, 3), self.bookmark))
            case Paragraph():
                self.add(paragraph(PARAGRAPH_STYLES.get(block.style, "BodyText"), run(block.text)))
            case KeyValues():
                self._captioned(label, block.caption, form(block, self.page.text_mm), [])
            case Table():
                marks = [self.figures[name] for name in block.targets]
                pages = [field(f"PAGEREF {figure_name(mark)} \\h", str(page)) for mark, page in marks]
                self._captioned(label, block.caption, table(block, self.page.text_mm, pages=pages), table_notes(block))
            case Figure():
                self._figure(block, label)

    def _captioned(self, label: Label, title: str, content: str, notes: list[str]) -> None:
        """Caption, table, notes; a table without notes is kept apart from what follows by a hair line of space."""
        head = caption(label.kind, label.number, title, above=True) if title else ""
        styles = [note_style(text) for text in notes]
        after = [paragraph(style, run(text)) for style, text in zip(styles, notes, strict=True)]
        self.add(head, content, *(after or [paragraph("Break", "")]))

    def _figure(self, figure: Figure, label: Label) -> None:
        width, height = printed_size(figure, self.page)
        blob = self.pictures[self.drawings]
        self.drawings += 1
        place = PackURI(f"/word/media/drawing{self.drawings}.png")  # python-docx would compare it with all before it
        reference = self.document.part.relate_to(ImagePart(place, "image/png", blob), RELATIONSHIP_TYPE.IMAGE)
        name = label.text or figure.caption
        self.add(paragraph("Figure", picture(reference, self.drawings, name, figure.caption, (width, height))))
        mark, _ = self.figures[figure.id]
        self.add(caption(label.kind, label.number, figure.caption, above=False, bookmark=mark))
