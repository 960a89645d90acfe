"""What a DXF file holds, counted from its group codes alone: the witness that the library's reading is held against.

Nothing is interpreted beyond the pairs of lines (group code, value): sections, their ends, EOF, the entities of the
ENTITIES section by type, the vertex count each LWPOLYLINE states beside the vertices it has.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from pipeline.ledger import Claim
from pipeline.readers import dxf_binary
from pipeline.readers.dxf_lines import BAD_CODE, Lines

PARTS = ("VERTEX", "ATTRIB", "SEQEND")  # belong to the entity before them
SLICE_BYTES = 1 << 20  # of entities between two places where they may be cut
ONE_HANDLE = frozenset(
    {"LWPOLYLINE", "POLYLINE", "LINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE", "POINT", "TEXT", "INSERT"}
)


@dataclass(slots=True)
class Scan:
    """Counts of one file. fault: why its lines are no DXF, Chinese; polylines: (handle, claimed, found) that differ."""

    version: str = "AC1009"  # files without $ACADVER are R12 or older
    codepage: str | None = None
    entities: Counter[str] = field(default_factory=Counter)
    claims: tuple[Claim, ...] = ()
    polylines: tuple[tuple[str, int, int], ...] = ()
    repeated_apps: int = 0  # XDATA apps that stand twice at one entity
    body: tuple[int, ...] = ()  # where the entities of the only ENTITIES section begin, may be cut, and end: bytes
    fault: str | None = None


def as_text_lines(data: bytes) -> bytes:
    """The file as lines ending in LF, without a byte order mark; a binary file as the same tags in text.

    Errors: CutOffError when a binary file ends inside a tag.
    """
    if data.startswith(dxf_binary.SENTINEL):
        return dxf_binary.as_text(data)
    data = data.removeprefix(b"\xef\xbb\xbf").rstrip(b" \t\r\n\x1a")
    return data.replace(b"\r\n", b"\n") if b"\n" in data else data.replace(b"\r", b"\n")


def scan(data: bytes) -> Scan:
    """Counts of a DXF given as `as_text_lines`."""
    null = data.find(b"\0")
    if null >= 0:
        return Scan(fault=f"第 {data.count(bytes([10]), 0, null) + 1} 行含有空字符（0x00），文件已损坏")
    lines = Lines(data)
    bad = np.flatnonzero(lines.codes == BAD_CODE)
    if len(bad):
        return Scan(fault=f"第 {2 * int(bad[0]) + 1} 行应为组码，现为“{lines.code_text(int(bad[0]))}”")
    found = Scan()
    starts = np.flatnonzero(lines.codes == 0)
    names = [sys.intern(lines.value(int(i))) for i in starts]
    _header(lines, found)
    inside = _sections(lines, starts, names, found)
    found.body = _body(lines, starts, names, inside)
    found.claims += (Claim("实体中多余的句柄（相邻实体丢失了首行）", 0, _merged(lines, starts, names, inside)),)
    found.polylines = _polylines(lines, starts, names, inside)
    found.repeated_apps = _repeated_apps(lines, starts)
    return found


def _header(lines: Lines, found: Scan) -> None:
    """$ACADVER and $DWGCODEPAGE."""
    for index in np.flatnonzero(lines.codes == 9)[:2000]:
        name = lines.value(int(index))
        if name == "$ACADVER":
            found.version = lines.value(int(index) + 1) or found.version
        elif name == "$DWGCODEPAGE":
            found.codepage = lines.value(int(index) + 1) or None


def _sections(lines: Lines, starts: np.ndarray, names: list[str], found: Scan) -> np.ndarray:
    """Counts entities and section ends; returns which starts are top-level entities of ENTITIES."""
    section, opened, closed, eof, after = "", 0, 0, 0, 0
    inside = np.zeros(len(names), dtype=bool)
    for number, (start, name) in enumerate(zip(starts.tolist(), names, strict=True)):
        if eof:
            after += 1
        elif name == "SECTION":
            section = lines.value(start + 1) if start + 1 < len(lines.codes) else ""
            opened += 1
        elif name == "ENDSEC":
            section, closed = "", closed + 1
        elif name == "EOF":
            eof = 1
        elif section == "ENTITIES":
            found.entities[name] += 1
            inside[number] = name not in PARTS
    found.claims = (
        Claim("文件结束标记 EOF", 1, eof, cut=True),
        Claim("区段结束标记 ENDSEC", opened, closed, cut=True),
        Claim("文件结束标记之后的记录", 0, after),
    )
    return inside


def _body(lines: Lines, starts: np.ndarray, names: list[str], inside: np.ndarray) -> tuple[int, ...]:
    """Places between entities, about `SLICE_BYTES` apart, from the first entity to the end of the section.

    Nothing when there is not exactly one section of entities with something in it.
    """
    last = len(lines.codes) - 1
    opened = [n for n, name in enumerate(names) if name == "SECTION" and starts[n] < last]
    sections = [n for n in opened if lines.value(int(starts[n]) + 1) == "ENTITIES"]
    own = np.flatnonzero(inside)
    if len(sections) != 1 or not len(own) or own[0] != sections[0] + 1:
        return ()
    end = next((n for n in range(int(own[-1]) + 1, len(names)) if names[n] not in PARTS), None)
    if end is None or names[end] != "ENDSEC":
        return ()
    cuts = [lines.begins(int(starts[own[0]]))]
    for number in own[1:]:
        place = lines.begins(int(starts[number]))
        if place - cuts[-1] >= SLICE_BYTES:
            cuts.append(place)
    return (*cuts, lines.begins(int(starts[end])))


def _polylines(
    lines: Lines, starts: np.ndarray, names: list[str], inside: np.ndarray
) -> tuple[tuple[str, int, int], ...]:
    """LWPOLYLINEs whose stated vertex count (90) is not the number of their vertices (10)."""
    stops = np.append(starts, len(lines.codes))
    vertices = np.concatenate([[0], np.cumsum(lines.codes == 10)])
    counts, handles = np.flatnonzero(lines.codes == 90), np.flatnonzero(lines.codes == 5)
    wrong = []
    for number in np.flatnonzero(inside):
        if names[number] != "LWPOLYLINE":
            continue
        start, stop = stops[number], stops[number + 1]
        claimed = _first(lines, counts, start, stop)
        has = int(vertices[stop] - vertices[start])
        if claimed is not None and claimed != str(has):
            handle = _first(lines, handles, start, stop) or ""
            wrong.append((handle, int(claimed) if claimed.isdigit() else -1, has))
    return tuple(wrong)


def _merged(lines: Lines, starts: np.ndarray, names: list[str], inside: np.ndarray) -> int:
    """Handles beyond the first in one entity: its neighbour lost the line that begins it."""
    stops = np.append(starts, len(lines.codes))
    handles = np.concatenate([[0], np.cumsum(lines.codes == 5)])
    simple = inside & np.array([name in ONE_HANDLE for name in names], dtype=bool)
    return int(np.maximum((handles[stops[1:]] - handles[stops[:-1]])[simple] - 1, 0).sum())


def _first(lines: Lines, places: np.ndarray, start: int, stop: int) -> str | None:
    """The value of the first of `places` between two records."""
    position = int(np.searchsorted(places, start))
    return lines.value(int(places[position])) if position < len(places) and places[position] < stop else None


def _repeated_apps(lines: Lines, starts: np.ndarray) -> int:
    """How many XDATA groups repeat an app of the same record: the library keeps only the last of them."""
    places = np.flatnonzero(lines.codes == 1001)
    owners = np.searchsorted(starts, places)
    seen = sorted(zip(owners.tolist(), (lines.value(int(p)) for p in places), strict=True))
    return sum(a == b for a, b in pairwise(seen))
