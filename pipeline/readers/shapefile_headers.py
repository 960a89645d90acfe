"""What the files of a shapefile say about themselves, from their own bytes (ESRI 1998; dBASE III), no library between.

.shp: length in its header against its bytes, records that are null shapes. .shx: one entry per record, with place and
length. .dbf: record count, record length, language byte, fields; records marked deleted.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from pipeline.ledger import Claim

FILE_CODE = 9994
HEADER_BYTES = 100
TABLE_HEADER_BYTES = 33  # of a .dbf without fields
DELETED = ord("*")
BOXED = (3, 5, 8, 13, 15, 18, 23, 25, 28, 31)  # shape types whose records state their extent: all but points
#: language byte → code page; 0x57 is only "the ANSI page of that machine" and says nothing
LANGUAGES = {
    0x02: "cp850",
    0x03: "cp1252",
    0x01: "cp437",
    0x13: "cp932",
    0x4D: "936",
    0x4E: "949",
    0x4F: "950",
    0x78: "950",
    0x79: "949",
    0x7A: "936",
    0x7B: "932",
    0xC8: "cp1250",
    0xC9: "cp1251",
    0xCA: "cp1254",
    0xCB: "cp1253",
}


class HeaderError(ValueError):
    """A header is none, in Chinese; claim: how much of it is there, when the file is shorter than any header."""

    def __init__(self, detail: str, claim: Claim | None = None) -> None:
        super().__init__(detail)
        self.claim = claim


@dataclass(frozen=True, slots=True)
class Headers:
    """What was found. records, null_shapes (not deleted), deleted: counts; shx: an index built from the .shp where none is given."""

    claims: tuple[Claim, ...]
    records: int
    null_shapes: int
    deleted: int
    language: int | None
    fields: tuple[Field, ...]
    shx: bytes | None
    box: tuple[float, float, float, float]
    boxes: np.ndarray  # (records, 4): west, south, east, north as each record states them; NaN where it states none
    places: np.ndarray  # of each record in the .shp, bytes
    lengths: np.ndarray  # of what each record holds, bytes
    start: int  # of the first record in the .dbf, bytes
    width: int  # of a record in the .dbf, bytes


@dataclass(frozen=True, slots=True)
class Field:
    """One .dbf field; name and position in the record as bytes say."""

    name: bytes
    type: str
    start: int
    width: int
    decimals: int


def examine(data: bytes, table: bytes, index: bytes | None) -> Headers:
    """Counts of a shapefile, from the bytes of its .shp, .dbf and .shx; without the last one it is built.

    Errors: HeaderError.
    """
    claims = [Claim("shp 字节数", _length(data, "shp"), len(data), cut=True)]
    if index is not None:
        claims.append(Claim("shx 字节数", _length(index, "shx"), len(index), cut=True))
        places, lengths = _entries(index)
        built = None
    else:
        places, lengths = _walked(data)
        built = _index(data, places, lengths)
    claims += _record_claims(data, places, lengths)
    rows, header, width, language, fields = _table(table)
    present = min(rows, max(0, (len(table) - header) // width)) if width else 0
    claims.append(Claim("dbf 记录数", rows, present, cut=True))
    claims.append(Claim("dbf 多余字节数", 0, max(0, len(table) - header - rows * width - 1)))
    claims.append(Claim("shp 与 dbf 的记录数", len(places), rows))
    deleted = np.frombuffer(table, dtype=np.uint8)[header : header + present * width : max(width, 1)] == DELETED
    null = _types(data, places) == 0
    if len(null) == len(deleted):
        null &= ~deleted
    return Headers(
        tuple(claims), len(places), int(null.sum()), int(deleted.sum()), language, fields, built,
        struct.unpack_from("<4d", data, 36), _boxes(data, places), places, lengths, header, width,
    )  # fmt: skip


def _length(data: bytes, what: str) -> int:
    """The length in bytes that a .shp or .shx header states."""
    _whole(data, HEADER_BYTES, what)
    if struct.unpack_from(">i", data)[0] != FILE_CODE:
        raise HeaderError(f"{what} 文件头不是 shapefile")
    return int(struct.unpack_from(">i", data, 24)[0]) * 2


def _whole(data: bytes, size: int, what: str) -> None:
    if len(data) < size:
        raise HeaderError(f"{what} 文件头不完整", Claim(f"{what} 文件头字节数", size, len(data), cut=True))


def _entries(index: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Places and content lengths in bytes of all records, by the .shx."""
    whole = (len(index) - HEADER_BYTES) // 8 * 8
    pairs = np.frombuffer(index, dtype=">i4", count=whole // 4, offset=HEADER_BYTES).reshape(-1, 2).astype(np.int64) * 2
    return pairs[:, 0], pairs[:, 1]


def _walked(data: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Places and content lengths of all records, from one record header to the next."""
    places: list[int] = []
    lengths: list[int] = []
    place = HEADER_BYTES
    while place + 8 <= len(data):
        length = struct.unpack_from(">i", data, place + 4)[0] * 2
        if length < 4:
            raise HeaderError(f"shp 第 {len(places) + 1} 条记录的长度为 {length}，不能重建索引")
        places.append(place)
        lengths.append(length)
        place += 8 + length
    return np.array(places, dtype=np.int64), np.array(lengths, dtype=np.int64)


def _index(data: bytes, places: np.ndarray, lengths: np.ndarray) -> bytes:
    """A .shx for the records found."""
    size = struct.pack(">i", (HEADER_BYTES + 8 * len(places)) // 2)
    pairs = np.column_stack([places, lengths]) // 2
    return data[:24] + size + data[28:HEADER_BYTES] + pairs.astype(">i4").tobytes()


def _record_claims(data: bytes, places: np.ndarray, lengths: np.ndarray) -> list[Claim]:
    """Every record lies whole inside the .shp and has the length its index states."""
    inside = (places >= HEADER_BYTES) & (lengths >= 4) & (places + 8 + lengths <= len(data))
    claims = [Claim("shp 完整记录数", len(places), int(inside.sum()), cut=True)]
    own = _integers(data, places[inside] + 4, ">i4") * 2
    return [*claims, Claim("shx 与 shp 记录长度一致的记录数", int(inside.sum()), int((own == lengths[inside]).sum()))]


def _types(data: bytes, places: np.ndarray) -> np.ndarray:
    """Shape type of each record whose head lies inside the file."""
    return _integers(data, places[(places >= HEADER_BYTES) & (places + 12 <= len(data))] + 8, "<i4")


def _boxes(data: bytes, places: np.ndarray) -> np.ndarray:
    """The extent that each record states; points and null shapes state none."""
    found = np.full((len(places), 4), np.nan)
    whole = np.flatnonzero((places >= HEADER_BYTES) & (places + 44 <= len(data)))
    kinds = _integers(data, places[whole] + 8, "<i4")
    own = whole[np.isin(kinds, BOXED)]
    if len(own):
        stated = b"".join([data[at + 12 : at + 44] for at in places[own].tolist()])
        found[own] = np.frombuffer(stated, dtype="<f8").reshape(-1, 4)
    return found


def _integers(data: bytes, places: np.ndarray, layout: str) -> np.ndarray:
    """Four-byte integers at many places at once."""
    found = b"".join([data[at : at + 4] for at in places.tolist()])
    return np.frombuffer(found, dtype=layout).astype(np.int64)


def _table(data: bytes) -> tuple[int, int, int, int | None, tuple[Field, ...]]:
    """Record count, header length, record length, language byte and fields of a .dbf."""
    _whole(data, TABLE_HEADER_BYTES, "dbf")
    rows, header, width = struct.unpack_from("<IHH", data, 4)
    _whole(data, header, "dbf")
    fields, start = [], 1
    for place in range(32, min(header, len(data)) - 31, 32):
        if data[place] == 0x0D:
            break
        name = data[place : place + 11].split(b"\0")[0]
        fields.append(Field(name, chr(data[place + 11]), start, data[place + 16], data[place + 17]))
        start += data[place + 16]
    if not fields or width != start:
        raise HeaderError(f"dbf 记录长度应为各字段宽度之和 {start}，文件头为 {width}")
    return rows, header, width, data[29] or None, tuple(fields)
