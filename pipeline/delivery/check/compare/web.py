"""HTML reports: texts by section, table rows cell by cell, the data behind the map, and the scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import zip_longest
from pathlib import Path
from typing import Any

from pipeline.delivery.check.compare.office import Surveys
from pipeline.delivery.check.compare.plain import Unreadable, json_differences
from pipeline.delivery.check.compare.units import NOTHING, Unit, differences, fragment
from pipeline.sources import Note

BLOCKS = {"p", "h1", "h2", "h3", "h4", "caption", "li", "figcaption", "strong", "title", "text", "label", "button"}
RAW = {"script", "style"}
DRAWING = "svg"
Element = tuple[str, dict[str, str]]  # tag, attributes


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
        self.page: list[Element] = []
        self.drawings: list[list[Element]] = []
        self._depth = 0  # of drawings within drawings

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._kept(tag, attrs)
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

    def _kept(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """The element with its attributes, in the drawing it belongs to or else in the page."""
        if tag == DRAWING:
            self._depth += 1
            if self._depth == 1:
                self.drawings.append([])
        (self.drawings[-1] if self._depth else self.page).append((tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag == DRAWING:
            self._depth = max(0, self._depth - 1)
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
    """Texts, drawings, data and scripts of a page that differ. Errors: Unreadable."""
    ours, theirs = (_read(path, surveys) for path in (wanted, given))
    texts = list(differences(ours.units, theirs.units))
    for found in texts:
        slots = {"where": found.where, "listed": found.wanted, "actual": found.given}
        yield _note(name, found.survey, slots)
    yield from _drawn(ours, theirs, name)
    if not texts and (changed := _changed(ours.page, theirs.page)):
        yield _note(name, None, {"where": f"网页元素 {changed[0]}", "listed": changed[1], "actual": changed[2]})
    if len(ours.raw) != len(theirs.raw):
        detail = f"脚本和样式应有 {len(ours.raw)} 段，所交有 {len(theirs.raw)} 段"
        yield Note("bytes_differ", name, slots={"detail": detail})
        return
    for number, (one, other) in enumerate(zip(ours.raw, theirs.raw, strict=True), start=1):
        if one != other:
            yield from _raw(one, other, number, name)


def _drawn(ours: _Reader, theirs: _Reader, name: str) -> Iterator[Note]:
    """Drawings in the page of which a line, a place or a colour is another."""
    for number, (one, other) in enumerate(zip_longest(ours.drawings, theirs.drawings), start=1):
        if changed := _changed(one or [], other or []):
            place, listed, actual, count = changed
            detail = f"网页中第 {number} 幅图的 {place} 应为“{listed}”，所交为“{actual}”；共 {count} 个图元不同"
            yield Note("drawing_differs", name, slots={"detail": detail})


def _changed(ours: list[Element], theirs: list[Element]) -> tuple[str, str, str, int] | None:
    """The first element that differs (place, wanted, given) and how many do."""
    pairs = [(n, a, b) for n, (a, b) in enumerate(zip_longest(ours, theirs), start=1) if a != b]
    if not pairs:
        return None
    number, one, other = pairs[0]
    if one is None or other is None or one[0] != other[0]:
        return f"第 {number} 个图元", one[0] if one else NOTHING, other[0] if other else NOTHING, len(pairs)
    key = next(k for k in [*one[1], *other[1]] if one[1].get(k) != other[1].get(k))
    values = fragment(one[1].get(key, ""), other[1].get(key, ""))
    return f"第 {number} 个图元 {one[0]} 的 {key}", *values, len(pairs)


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
