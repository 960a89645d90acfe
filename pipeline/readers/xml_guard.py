"""Workbooks opened without trust: their XML may not declare entities, and may not unpack to more than a table is.

A DOCTYPE can make a few bytes expand to gigabytes or name other files; no workbook needs one. GeoPackage metadata need no
guard: GDAL's own parser expands no entities.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

MB = 1024 * 1024
CHUNK_BYTES = 1 << 20
OVERLAP = 64  # longer than what is looked for, so that it is found across chunks
MOST_PARTS = 5_000
MOST_CELLS = 5_000_000  # in the rectangle that a sheet or a merged range spans, for the library fills all of it
MOST_MB = 256  # of XML in one workbook, unpacked: a hundred times the largest permit table
DECLARATION = re.compile(r"""^<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
PLACE = re.compile(r'[\s:](?:r="|ref="[A-Z]{1,3}[0-9]{1,7}:)([A-Z]{1,3})([0-9]{1,7})"')  # of a cell, end of a range
FINE = {"utf-8", "utf8", "utf-16", "utf16", "us-ascii", "ascii"}


def fault(path: Path) -> str | None:
    """Why the XML of an xlsx may not be parsed, Chinese; None when it may, or when the file is no zip at all."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                return f"内有 {len(parts)} 个部件，超过 {MOST_PARTS} 个"
            left = MOST_MB * MB
            for part in parts:
                rows = columns = 0
                for text, size in _chunks(archive, part):
                    left -= size
                    if left < 0:
                        return f"解压后超过 {MOST_MB} MB"
                    if word := _strange(text):
                        return f"部件 {part.filename} {word}"
                    for column, row in PLACE.findall(text):
                        rows, columns = max(rows, int(row)), max(columns, _number(column))
                if rows * columns > MOST_CELLS:
                    return f"部件 {part.filename} 的表格有 {rows} 行 {columns} 列，超过 {MOST_CELLS} 格"
    except zipfile.BadZipFile:
        return None
    return None


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[str, int]]:
    """A part piece by piece as text, each with the end of the one before, and how many bytes are new."""
    with archive.open(part) as file:
        raw = file.read(CHUNK_BYTES)
        if raw.startswith(FOREIGN):
            raw = b'<?xml encoding="UTF-32"?>'  # or EBCDIC: refused by its name
        wide = next((c for bom, c in BOMS.items() if raw.startswith(bom)), "utf-8")
        decoder = codecs.getincrementaldecoder(wide)(errors="replace")
        tail = ""
        while raw:
            text = tail + decoder.decode(raw)
            yield text, len(raw)
            tail = text[-OVERLAP:]
            raw = file.read(CHUNK_BYTES)


#: how XML begins in UTF-32 and EBCDIC, which some parsers take
FOREIGN = (b"\0\0\0<", b"<\0\0\0", codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, b"\x4c\x6f\xa7\x94")
#: byte order marks, and UTF-16 without one
BOMS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}


def _strange(text: str) -> str | None:
    """What no workbook has: declared entities, or another encoding, in which a declaration would not be found."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return "含有 DOCTYPE 或 ENTITY 声明"
    said = DECLARATION.match(text.lstrip("\ufeff"))
    return f"的编码 {said.group(1)} 不是 UTF-8" if said and said.group(1).lower() not in FINE else None


def _number(letters: str) -> int:
    """The number of a column from its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
