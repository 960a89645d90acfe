"""Styles, fonts and settings of the Word document: 宋体 for text, 黑体 for headings, built from one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.oxml import parse_xml

from pipeline.report.docx_xml import NAMESPACES

SONG, HEI = "宋体", "黑体"
LATIN, LATIN_HEAD = "Times New Roman", "Arial"
INK, BLUE, RED, GREY = "000000", "1F3A5F", "B00020", "595959"
#: what the settings schema wants behind `updateFields`
AFTER_UPDATE_FIELDS = ("hdrShapeDefaults", "footnotePr", "endnotePr", "compat", "rsids", "mathPr", "themeFontLang")
#: font table: name, English name for machines that list it so, family, PANOSE
FONTS = (
    (SONG, "SimSun", "auto", "02010600030101010101"),
    (HEI, "SimHei", "modern", "02010609060101010101"),
    (LATIN, "Liberation Serif", "roman", "02020603050405020304"),
    (LATIN_HEAD, "Liberation Sans", "swiss", "020B0604020202020204"),
)


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style; sizes and spaces in points. line: exact line height, so pages break alike with every font."""

    name: str
    size: float
    line: float
    east: str = SONG
    colour: str = INK
    align: str = "left"
    before: float = 0.0
    after: float = 0.0
    indent: int = 0  # first line, characters
    left: float = 0.0
    keep: bool = False
    new_page: bool = False
    level: int | None = None  # outline level from 0
    title: str | None = None  # the name Word shows, where it is a built-in one
    tab: bool = False  # right tab with leader, for the contents
    grows: bool = False  # the line grows with a picture in it


STYLES = {
    style.name: style
    for style in (
        Style("Heading1", 17, 26, HEI, BLUE, before=4, after=12, keep=True, new_page=True, level=0, title="heading 1"),
        Style("Heading2", 13, 20, HEI, before=14, after=5, keep=True, level=1, title="heading 2"),
        Style("Heading3", 12, 18, HEI, before=10, after=4, keep=True, level=2, title="heading 3"),
        Style("BodyText", 11, 19, align="both", before=4, after=4, indent=2, title="Body Text"),
        Style("NoteText", 9, 13.5, colour=GREY, align="both", before=3, after=3),
        Style("SourceText", 7.5, 11, colour=GREY, before=1, after=6),
        Style("WarningText", 11, 18, HEI, RED, align="both", before=4, after=4),
        Style("VerdictText", 12, 20, HEI, BLUE, align="both", before=4, after=6),
        Style("Caption", 10, 15, HEI, align="center", before=8, after=4, title="caption"),
        Style("TableText", 9.5, 13.5, before=1.5, after=1.5),
        Style("TableTextHead", 9.5, 13.5, HEI, before=1.5, after=1.5),
        Style("TableSmall", 8.5, 12, before=1, after=1),
        Style("TableSmallHead", 8.5, 12, HEI, before=1, after=1),
        Style("PageTitle", 18, 30, HEI, BLUE, align="center", before=10, after=16),
        Style("CoverTitle", 27, 42, HEI, BLUE, align="center", before=105, after=22),
        Style("CoverLogo", 10, 15, align="center", before=40, after=20, grows=True),
        Style("CoverTitleLow", 27, 42, HEI, BLUE, align="center", before=10, after=22),
        Style("CoverName", 20, 30, HEI, align="center", before=10, after=120),
        Style("CoverLabel", 14, 21, HEI, before=5),
        Style("CoverValue", 14, 21, align="center", before=5),
        Style("Figure", 10, 15, align="center", keep=True, grows=True),
        Style("Header", 8.5, 13, colour=GREY, align="center", title="header"),
        Style("Footer", 8.5, 13, colour=GREY, align="center", title="footer"),
        Style("TOC1", 11, 19, HEI, before=5, title="toc 1", tab=True),
        Style("TOC2", 10.5, 17, left=21, title="toc 2", tab=True),
        Style("TOC3", 10, 16, left=42, title="toc 3", tab=True),
        Style("Break", 1, 1),
    )
}


def install(document: Any, *, text_width_twips: int) -> None:
    """Put the styles, the font table's fall-backs and the settings in place of python-docx's own."""
    styles = document.styles.element
    for child in list(styles):
        styles.remove(child)
    for text in (_defaults(), _normal(), *(_style(s, text_width_twips) for s in STYLES.values())):
        styles.append(parse_xml(text))
    settings = document.settings.element
    later = next(c for c in settings if str(c.tag).rpartition("}")[2] in AFTER_UPDATE_FIELDS)
    later.addprevious(parse_xml(f'<w:updateFields {NAMESPACES} w:val="true"/>'))
    _fonts(document)


def _fonts(document: Any) -> None:
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            part._blob = _font_table().encode()  # noqa: SLF001 — python-docx keeps the font table as bytes without an API


def _font_table() -> str:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:panose1 w:val="{panose}"/>'
        f'<w:charset w:val="{"86" if name in (SONG, HEI) else "00"}"/><w:family w:val="{family}"/>'
        '<w:pitch w:val="variable"/></w:font>'
        for name, other, family, panose in FONTS
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts {NAMESPACES}>{fonts}</w:fonts>'


def _defaults() -> str:
    return (
        f'<w:docDefaults {NAMESPACES}><w:rPrDefault><w:rPr>{_run_fonts(SONG)}<w:sz w:val="22"/><w:szCs w:val="22"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    )


def _normal() -> str:
    return (
        f'<w:style {NAMESPACES} w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        '<w:pPr><w:widowControl w:val="0"/></w:pPr></w:style>'
    )


def _style(style: Style, text_width_twips: int) -> str:
    keep = "<w:keepNext/><w:keepLines/>" if style.keep else ""
    page = "<w:pageBreakBefore/>" if style.new_page else ""
    tab = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{text_width_twips}"/></w:tabs>' if style.tab else ""
    rule = "atLeast" if style.grows else "exact"
    spacing = (
        f'<w:spacing w:before="{_twentieths(style.before)}" w:after="{_twentieths(style.after)}" '
        f'w:line="{_twentieths(style.line)}" w:lineRule="{rule}"/>'
    )
    first = _twentieths(style.indent * style.size)
    indent = f' w:firstLineChars="{style.indent * 100}" w:firstLine="{first}"' if style.indent else ""
    indent = f'<w:ind w:left="{_twentieths(style.left)}"{indent}/>' if style.left or indent else ""
    level = f'<w:outlineLvl w:val="{style.level}"/>' if style.level is not None else ""
    latin = LATIN_HEAD if style.east == HEI else LATIN
    custom = "" if style.title else ' w:customStyle="1"'
    next_style = '<w:next w:val="BodyText"/>' if style.level is not None else ""
    return (
        f'<w:style {NAMESPACES} w:type="paragraph"{custom} w:styleId="{style.name}">'
        f'<w:name w:val="{style.title or style.name}"/><w:basedOn w:val="Normal"/>{next_style}<w:qFormat/>'
        f'<w:pPr>{keep}{page}{tab}{spacing}{indent}<w:jc w:val="{style.align}"/>{level}</w:pPr>'
        f'<w:rPr>{_run_fonts(style.east, latin)}<w:color w:val="{style.colour}"/>'
        f'<w:sz w:val="{round(style.size * 2)}"/><w:szCs w:val="{round(style.size * 2)}"/></w:rPr></w:style>'
    )


def _twentieths(points: float) -> int:
    return round(points * 20)


def _run_fonts(east: str, latin: str = LATIN) -> str:
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{east}" w:cs="{latin}"/>'
