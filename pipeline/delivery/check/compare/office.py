"""Word files: paragraphs and table rows of the body, headers and footers, pictures, and which other parts differ.

Text that is there and not seen (hidden, struck out, white, minute) is another text: it is read with a word before it.

The file is somebody's zip with somebody's XML: its size is bounded and entities are refused before anything is parsed.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from pipeline.delivery.check.compare import pictures
from pipeline.delivery.check.compare.plain import Unreadable
from pipeline.delivery.check.compare.units import Unit, differences
from pipeline.readers import xml_guard
from pipeline.sources import Note

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY = "word/document.xml"
TEXT_PARTS = ("word/header", "word/footer", "word/footnotes", "word/comments")
PICTURES = "word/media/"
SWITCHES = {"vanish": "隐藏", "webHidden": "隐藏", "specVanish": "隐藏", "strike": "删除线", "dstrike": "删除线"}
OFF = ("0", "false", "off")
MINUTE = 8  # half points
HEX_COLOUR = 6
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ET.ParseError,
    KeyError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
Surveys = Mapping[str, str | None]  # chapter title → survey


def docx(wanted: Path, given: Path, name: str, surveys: Surveys) -> Iterator[Note]:
    """What a Word file prints: texts by place, pictures, then any other part. Errors: Unreadable."""
    checked(given)
    try:
        with zipfile.ZipFile(wanted) as ours, zipfile.ZipFile(given) as theirs:
            names = [n for n in (*ours.namelist(), *theirs.namelist()) if n == BODY or n.startswith(TEXT_PARTS)]
            texts = 0
            for part in dict.fromkeys(names):
                pair = [list(units(_root(archive, part), part, surveys)) for archive in (ours, theirs)]
                for found in differences(*pair):
                    texts += 1
                    slots = {"where": found.where, "listed": found.wanted, "actual": found.given}
                    given_slots = {**slots, "measured": found.given, "required": found.wanted}
                    yield Note("text_differs", name, found.survey, slots=given_slots)
            yield from _parts(ours, theirs, name, texts=texts)
    except BROKEN as err:
        raise Unreadable(f"不是完整的 Office 文件（{type(err).__name__}）") from err


def checked(path: Path) -> None:
    """Refuses a zip that swells or whose XML declares entities. Errors: Unreadable."""
    try:
        fault = xml_guard.fault(path) if zipfile.is_zipfile(path) else "不是完整的 Office 文件"
    except BROKEN as err:
        raise Unreadable(f"不是完整的 Office 文件（{type(err).__name__}）") from err
    if fault:
        raise Unreadable(f"没有读取：{fault}")


def _root(archive: zipfile.ZipFile, part: str) -> ET.Element:
    if part not in archive.namelist():
        return ET.Element(f"{W}document")
    return ET.fromstring(archive.read(part))  # noqa: S314 — declared entities were refused by `checked`


def units(root: ET.Element, part: str, surveys: Surveys) -> Iterator[Unit]:
    """Paragraphs and table rows in reading order, each with chapter and table in words."""
    body = root.find(f"{W}body")
    chapter = "封面、声明或目录" if part == BODY else f"页眉页脚（{Path(part).stem}）"
    caption, survey = "", None
    for child in root if body is None else body:
        if child.tag == f"{W}tbl":
            rows = [tuple(_text(cell) for cell in row.iter(f"{W}tc")) for row in child.iter(f"{W}tr")]
            for cells in rows:
                yield Unit(cells, f"“{chapter}”{f'的《{caption}》' if caption else '的表格'}", survey, rows[0])
            continue
        text, style = _text(child), _style(child)
        if style.startswith("Heading"):
            if style == "Heading1":
                chapter, survey = text, surveys.get(text)
            caption = ""
        elif style == "Caption":
            caption = text
        yield Unit((text,), f"“{chapter}”", survey)


def _text(element: ET.Element) -> str:
    unseen = {id(t): word for run in element.iter(f"{W}r") if (word := _unseen(run)) for t in run.iter(f"{W}t")}
    return "".join(unseen.get(id(node), "") + (node.text or "") for node in element.iter(f"{W}t"))


def _unseen(run: ET.Element) -> str:
    """Why a run is not to be read on paper, as a word before its text; empty for plain text."""
    own = run.find(f"{W}rPr")
    if own is None:
        return ""
    for child in own:
        name, value = child.tag.removeprefix(W), child.get(f"{W}val", "")
        if name in SWITCHES and value.lower() not in OFF:
            return f"〔{SWITCHES[name]}〕"
        if name == "color" and _pale(value):
            return "〔白色〕"
        if name == "sz" and value.isdecimal() and int(value) < MINUTE:
            return "〔极小〕"
    return ""


def _pale(colour: str) -> bool:
    return len(colour) == HEX_COLOUR and all(pair[0] in "EeFf" for pair in (colour[:2], colour[2:4], colour[4:]))


def _style(paragraph: ET.Element) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else found.get(f"{W}val", "")


def _parts(ours: zipfile.ZipFile, theirs: zipfile.ZipFile, name: str, *, texts: int) -> Iterator[Note]:
    """Pictures that show something else, and parts whose text is the same but not their bytes."""
    one, other = ({n: _digest(archive, n) for n in archive.namelist()} for archive in (ours, theirs))
    for part in [*one, *(n for n in other if n not in one)]:
        if one.get(part) == other.get(part):
            continue
        both = part in one and part in other
        if part.startswith(PICTURES):
            seen = pictures.difference(ours.read(part), theirs.read(part)) if both else _how(part, one, other)
            kind = "drawing_differs" if seen else "bytes_differ"
            yield Note(kind, name, slots={"detail": f"插图 {Path(part).name} {seen or '所见相同'}"})
        elif not texts or part not in (BODY, "[Content_Types].xml"):
            kind = "bytes_differ" if both and _same_xml(part, ours, theirs) else "contents_unchecked"
            yield Note(kind, name, slots={"detail": f"内部文件 {part} {_how(part, one, other)}"})


def _same_xml(part: str, ours: zipfile.ZipFile, theirs: zipfile.ZipFile) -> bool:
    """Whether a part is XML that says the same."""
    if not part.endswith((".xml", ".rels")):
        return False
    one, other = (ET.canonicalize(archive.read(part).decode("utf-8")) for archive in (ours, theirs))
    return one == other


def _how(part: str, one: Mapping[str, str], other: Mapping[str, str]) -> str:
    return "缺失" if part not in other else "是多出的" if part not in one else "被改动"


def _digest(archive: zipfile.ZipFile, part: str) -> str:
    digest = hashlib.sha256()
    with archive.open(part) as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
