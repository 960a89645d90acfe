"""HTML reports: texts by section, table rows cell by cell, the data behind the map, and the scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from pipeline.delivery.check.compare.office import Surveys
from pipeline.delivery.check.compare.plain import Unreadable, json_differences
from pipeline.delivery.check.compare.units import Unit, differences
from pipeline.sources import Note

BLOCKS = {"p", "h1", "h2", "h3", "h4", "caption", "li", "figcaption", "strong", "title", "text", "label", "button"}
RAW = {"script", "style"}


class _Reader(HTMLParser):
    """Collects units; the content of scripts and styles apart."""

    def __init__(self, surveys: Surveys) -> None:
        super().__init__(convert_charrefs=True)
        self.surveys = surveys
        self.units: list[Unit] = []
        self.raw: list[str] = []
        self.heads: tuple[str, ...] = ()
        self._chapter, self._caption = "页首", ""
        self._survey: str | None = None
        self._cells: list[str] | None = None
        self._text: list[str] = []
        self._tag, self._inside_raw, self._row_is_head = "", False, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in RAW:
            self._inside_raw = True
            self.raw.append("")
        elif tag == "tr":
            self._flush()
            self._cells = []
            self._row_is_head = True
        elif tag in ("td", "th"):
            self._text = []
            self._row_is_head &= tag == "th"
        elif tag == "table":
            self._flush()
            self._caption, self.heads = "", ()
        elif tag in BLOCKS and self._cells is None:
            self._flush()
            self._tag = tag

    def handle_endtag(self, tag: str) -> None:
        if tag in RAW:
            self._inside_raw = False
        elif tag in ("td", "th") and self._cells is not None:
            self._cells.append(self._taken())
        elif tag == "tr" and self._cells is not None:
            cells, self._cells = tuple(self._cells), None
            self.heads = cells if self._row_is_head and not self.heads else self.heads
            self.units.append(Unit(cells, self._where(), self._survey, self.heads))
        elif tag in BLOCKS and self._cells is None:
            self._flush(tag)

    def handle_data(self, data: str) -> None:
        if self._inside_raw:
            self.raw[-1] += data
        else:
            self._text.append(data)

    def _flush(self, tag: str = "") -> None:
        text = self._taken()
        if not text:
            return
        if tag in ("h1", "h2"):
            self._chapter, self._survey = text, self.surveys.get(text)
        if tag == "caption":
            self._caption = text
        self.units.append(Unit((text,), self._where(), self._survey))

    def _taken(self) -> str:
        text, self._text = " ".join("".join(self._text).split()), []
        return text

    def _where(self) -> str:
        return f"“{self._chapter}”{f'的《{self._caption}》' if self._caption else ''}"

    def close(self) -> None:
        super().close()
        self._flush()


def html(wanted: Path, given: Path, name: str, surveys: Surveys) -> Iterator[Note]:
    """Texts, data and scripts of a page that differ. Errors: Unreadable."""
    ours, theirs = (_read(path, surveys) for path in (wanted, given))
    for found in differences(ours.units, theirs.units):
        slots = {"where": found.where, "listed": found.wanted, "actual": found.given}
        yield _note(name, found.survey, slots)
    if len(ours.raw) != len(theirs.raw):
        detail = f"脚本和样式应有 {len(ours.raw)} 段，所交有 {len(theirs.raw)} 段"
        yield Note("bytes_differ", name, slots={"detail": detail})
        return
    for number, (one, other) in enumerate(zip(ours.raw, theirs.raw, strict=True), start=1):
        if one != other:
            yield from _raw(one, other, number, name)


def _raw(wanted: str, given: str, number: int, name: str) -> Iterator[Note]:
    """A block of data value by value, a script or style as a whole."""
    try:
        pair: tuple[Any, Any] = json.loads(wanted), json.loads(given)
    except (ValueError, RecursionError):
        yield Note("bytes_differ", name, slots={"detail": f"第 {number} 段脚本或样式被改动"})
        return
    for where, one, other, _ in json_differences(*pair):
        yield _note(name, None, {"where": f"网页数据 {where}", "listed": one, "actual": other})


def _note(name: str, survey: str | None, slots: dict[str, str]) -> Note:
    full = {**slots, "measured": slots["actual"], "required": slots["listed"]}
    return Note("text_differs", name, survey, slots=full)


def _read(path: Path, surveys: Surveys) -> _Reader:
    reader = _Reader(surveys)
    try:
        reader.feed(path.read_bytes().decode("utf-8"))
        reader.close()
    except (UnicodeDecodeError, AssertionError, RecursionError) as err:
        raise Unreadable("不是 UTF-8 的网页") from err
    return reader
