"""WordprocessingML as text: paragraphs, fields, headings, captions, pictures, contents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

from pipeline.report.numbering import SOURCE

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
WORDPROCESSING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
TWIPS_PER_MM = 1440 / 25.4
EMU_PER_MM = 36000
PARAGRAPH_STYLES = {"body": "BodyText", "note": "NoteText", "warning": "WarningText", "verdict": "VerdictText"}
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def twips(millimetres: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(millimetres * TWIPS_PER_MM)


def clean(text: str) -> str:
    """Text that XML can carry: characters it forbids become U+FFFD, markup is escaped."""
    return escape(_FORBIDDEN.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return clean(text).replace('"', "&quot;")


def run(text: str, properties: str = "") -> str:
    """A run; line breaks in the text are kept."""
    marks = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    lines = clean(text).split("\n")
    body = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
    return f"<w:r>{marks}{body}</w:r>"


def paragraph(style: str, content: str, properties: str = "") -> str:
    """A paragraph of a style; content: runs; properties: further marks in schema order after the style."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def field(instruction: str, shown: str, properties: str = "") -> str:
    """A field with the value it shows until it is updated."""
    marks = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    parts = (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {instruction} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        f"<w:t>{clean(shown)}</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    return "".join(f"<w:r>{marks}{part}</w:r>" for part in parts)


def heading(text: str, level: int, bookmark: int) -> str:
    """A heading with the bookmark that the contents point to."""
    marked = f'<w:bookmarkStart w:id="{bookmark}" w:name="{bookmark_name(bookmark)}"/>{run(text)}<w:bookmarkEnd w:id="{bookmark}"/>'
    return paragraph(f"Heading{level}", marked)


def bookmark_name(number: int) -> str:
    """Name of the bookmark at the n-th heading."""
    return f"_Toc{number:08d}"


def figure_name(number: int) -> str:
    """Name of the bookmark at a drawing's caption."""
    return f"_Ref{number:08d}"


def caption(kind: str, number: str, title: str, *, above: bool, bookmark: int | None = None) -> str:
    """The "表 7　title" whose number is a SEQ field; above what it names, or below it. bookmark: for lists of figures."""
    content = run(f"{kind} ") + field(f"SEQ {kind} \\* ARABIC", number) + run(f"　{title}")
    if bookmark is not None:
        start = f'<w:bookmarkStart w:id="{bookmark}" w:name="{figure_name(bookmark)}"/>'
        content = f'{start}{content}<w:bookmarkEnd w:id="{bookmark}"/>'
    return paragraph("Caption", content, "<w:keepNext/>" if above else "")


def picture(reference: str, number: int, name: str, description: str, size_mm: tuple[float, float]) -> str:
    """A run with an inline picture. reference: the image's relationship id; description: what screen readers say."""
    width, height = (round(side * EMU_PER_MM) for side in size_mm)
    marks = f'id="{number}" name="{_attribute(name)}"'
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{WORDPROCESSING}" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr {marks} descr="{_attribute(description)}"/>'
        f'<a:graphic xmlns:a="{DRAWING}"><a:graphicData uri="{PICTURE}"><pic:pic xmlns:pic="{PICTURE}">'
        f"<pic:nvPicPr><pic:cNvPr {marks}/><pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="{reference}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def contents(entries: Sequence[tuple[int, int, str, int]]) -> str:
    """The contents as a field with its entries already in it; entries: (level, bookmark, text, page)."""
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-3" \\h \\z \\u </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    lines = []
    for n, (level, bookmark, text, page) in enumerate(entries):
        name = bookmark_name(bookmark)
        shown = field(f"PAGEREF {name} \\h", str(page))
        link = f'<w:hyperlink w:anchor="{name}" w:history="1">{run(text)}<w:r><w:tab/></w:r>{shown}</w:hyperlink>'
        lines.append(paragraph(f"TOC{level}", (begin if n == 0 else "") + link))
    return "".join(lines) + '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'


def note_style(text: str) -> str:
    """The style of a line under a table: sources are smaller than notes."""
    return "SourceText" if text.startswith(SOURCE) else "NoteText"
