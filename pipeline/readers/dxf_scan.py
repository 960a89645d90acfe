"""What a DXF file holds, counted from its group codes alone: the witness that the library's reading is held against.

Nothing is interpreted beyond the pairs of lines (group code, value): sections, their ends, EOF, the entities of the
ENTITIES section by type, the vertex count each LWPOLYLINE states beside the vertices it has.
"""

from __future__ import annotations

import struct
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from ezdxf.lldxf.types import BINARY_DATA, BYTES, DOUBLE, INT16, INT32, INT64

from pipeline.ledger import Claim

SENTINEL = b"AutoCAD Binary DXF\r\n\x1a\x00"
PARTS = ("VERTEX", "ATTRIB", "SEQEND")  # belong to the entity before them
LONGEST_CODE = 6  # digits and blanks a group code line may have
BAD_CODE = -1
ONE_HANDLE = frozenset(
    {"LWPOLYLINE", "POLYLINE", "LINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE", "POINT", "TEXT", "INSERT"}
)
_NUMBERS = (
    (frozenset(INT16), "<h"),
    (frozenset(DOUBLE), "<d"),
    (frozenset(INT32), "<i"),
    (frozenset(INT64), "<q"),
    (frozenset(BYTES), "<B"),
)
_FORMATS = {code: layout for codes, layout in _NUMBERS for code in codes}


class CutOffError(ValueError):
    """A binary file ends inside a value; `read` of `size` bytes are whole."""

    def __init__(self, read: int, size: int) -> None:
        super().__init__(read, size)
        self.read, self.size = read, size


@dataclass(slots=True)
class Scan:
    """Counts of one file. fault: why its lines are no DXF, Chinese; polylines: (handle, claimed, found) that differ."""

    version: str = "AC1009"  # files without $ACADVER are R12 or older
    codepage: str | None = None
    entities: Counter[str] = field(default_factory=Counter)
    claims: tuple[Claim, ...] = ()
    polylines: tuple[tuple[str, int, int], ...] = ()
    repeated_apps: int = 0  # XDATA apps that stand twice at one entity
    fault: str | None = None


def as_text_lines(data: bytes) -> bytes:
    """The file as lines ending in LF, without a byte order mark; a binary file as the same tags in text.

    Errors: CutOffError when a binary file ends inside a tag.
    """
    if data.startswith(SENTINEL):
        return _binary_as_text(data)
    data = data.removeprefix(b"\xef\xbb\xbf").rstrip(b" \t\r\n\x1a")
    return data.replace(b"\r\n", b"\n") if b"\n" in data else data.replace(b"\r", b"\n")


def scan(data: bytes) -> Scan:
    """Counts of a DXF given as `as_text_lines`."""
    null = data.find(b"\0")
    if null >= 0:
        return Scan(fault=f"第 {data.count(bytes([10]), 0, null) + 1} 行含有空字符（0x00），文件已损坏")
    lines = _Lines(data)
    bad = np.flatnonzero(lines.codes == BAD_CODE)
    if len(bad):
        return Scan(fault=f"第 {2 * int(bad[0]) + 1} 行应为组码，现为“{lines.code_text(int(bad[0]))}”")
    found = Scan()
    starts = np.flatnonzero(lines.codes == 0)
    names = [lines.value(int(i)) for i in starts]
    _header(lines, found)
    inside = _sections(lines, starts, names, found)
    found.claims += (Claim("实体中多余的句柄（相邻实体丢失了首行）", 0, _merged(lines, starts, names, inside)),)
    found.polylines = _polylines(lines, starts, names, inside)
    found.repeated_apps = _repeated_apps(lines, starts)
    return found


class _Lines:
    """The pairs of lines of a file: group codes as numbers, values as bytes on demand."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        buffer = np.frombuffer(data, dtype=np.uint8)
        ends = np.flatnonzero(buffer == ord("\n"))
        if len(data) and (not len(ends) or ends[-1] != len(data) - 1):
            ends = np.append(ends, len(data))
        begins = np.r_[0, ends[:-1] + 1] if len(ends) else ends
        self.odd = len(ends) % 2 == 1
        self.begins, self.ends = begins[1::2], ends[1::2]
        self.code_begins, self.code_ends = begins[0::2][: len(self.ends)], ends[0::2][: len(self.ends)]
        self.codes = _numbers(buffer, self.code_begins, self.code_ends)

    def value(self, index: int) -> str:
        """The value line of a pair, as ASCII with anything else replaced."""
        return self.data[self.begins[index] : self.ends[index]].strip().decode("ascii", errors="replace")

    def code_text(self, index: int) -> str:
        """The group code line as it stands."""
        return self.data[self.code_begins[index] : self.code_ends[index]][:20].decode("ascii", errors="replace")


def _numbers(buffer: np.ndarray, begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Group codes of many lines at once; BAD_CODE where a line is no such number."""
    codes, scale = np.zeros(len(begins), dtype=np.int64), np.ones(len(begins), dtype=np.int64)
    fine, in_number = np.ones(len(begins), dtype=bool), np.ones(len(begins), dtype=bool)
    for back in range(1, LONGEST_CODE + 1):
        at = ends - back
        there = at >= begins
        character = buffer[np.where(there, at, 0)]
        digit, blank = there & (character >= ord("0")) & (character <= ord("9")), ~there | (character == ord(" "))
        fine &= np.where(in_number, digit | (blank & (back > 1)), blank)
        in_number &= digit
        codes += np.where(digit, (character.astype(np.int64) - ord("0")) * scale, 0)
        scale *= 10
    fine &= (ends - begins > 0) & (ends - begins <= LONGEST_CODE)
    return np.where(fine, codes, BAD_CODE)


def _header(lines: _Lines, found: Scan) -> None:
    """$ACADVER and $DWGCODEPAGE."""
    for index in np.flatnonzero(lines.codes == 9)[:2000]:
        name = lines.value(int(index))
        if name == "$ACADVER":
            found.version = lines.value(int(index) + 1) or found.version
        elif name == "$DWGCODEPAGE":
            found.codepage = lines.value(int(index) + 1) or None


def _sections(lines: _Lines, starts: np.ndarray, names: list[str], found: Scan) -> np.ndarray:
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


def _polylines(
    lines: _Lines, starts: np.ndarray, names: list[str], inside: np.ndarray
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


def _merged(lines: _Lines, starts: np.ndarray, names: list[str], inside: np.ndarray) -> int:
    """Handles beyond the first in one entity: its neighbour lost the line that begins it."""
    stops = np.append(starts, len(lines.codes))
    handles = np.concatenate([[0], np.cumsum(lines.codes == 5)])
    simple = inside & np.array([name in ONE_HANDLE for name in names], dtype=bool)
    return int(np.maximum((handles[stops[1:]] - handles[stops[:-1]])[simple] - 1, 0).sum())


def _first(lines: _Lines, places: np.ndarray, start: int, stop: int) -> str | None:
    """The value of the first of `places` between two records."""
    position = int(np.searchsorted(places, start))
    return lines.value(int(places[position])) if position < len(places) and places[position] < stop else None


def _repeated_apps(lines: _Lines, starts: np.ndarray) -> int:
    """How many XDATA groups repeat an app of the same record: the library keeps only the last of them."""
    places = np.flatnonzero(lines.codes == 1001)
    owners = np.searchsorted(starts, places)
    seen = sorted(zip(owners.tolist(), (lines.value(int(p)) for p in places), strict=True))
    return sum(a == b for a, b in pairwise(seen))


# ---------------------------------------------------------------- binary


def _binary_as_text(data: bytes) -> bytes:
    """Tags of a binary DXF as text lines; strings stay in their own bytes."""
    place = len(SENTINEL)
    wide = data[place : place + 2] == b"\x00\x00"  # R13 and later: group codes of two bytes
    parts: list[bytes] = []
    try:
        while place < len(data):
            start = place
            code, place = _binary_code(data, place, wide=wide)
            value, place = _binary_value(data, place, code)
            parts.append(b"%d\n%s\n" % (code, value))
            if code == 0 and value == b"EOF":
                break
    except (struct.error, IndexError, ValueError) as err:
        raise CutOffError(start, len(data)) from err
    return b"".join(parts)


def _binary_code(data: bytes, place: int, *, wide: bool) -> tuple[int, int]:
    if wide:
        return struct.unpack_from("<h", data, place)[0], place + 2
    if data[place] == 255:  # extended data
        return struct.unpack_from("<h", data, place + 1)[0], place + 3
    return data[place], place + 1


def _binary_value(data: bytes, place: int, code: int) -> tuple[bytes, int]:
    if code in BINARY_DATA:
        stop = place + 1 + data[place]
        if stop > len(data):
            raise IndexError
        return data[place + 1 : stop].hex().upper().encode(), stop
    layout = _FORMATS.get(code)
    if layout is None:
        stop = data.index(b"\x00", place)
        return data[place:stop].replace(b"\r", b"").replace(b"\n", b"^J"), stop + 1
    value = struct.unpack_from(layout, data, place)[0]
    return repr(value).encode(), place + struct.calcsize(layout)
