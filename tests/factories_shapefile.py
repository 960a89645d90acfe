"""Shapefiles written byte by byte (ESRI 1998, dBASE III): also such as no library would write."""

from __future__ import annotations

import struct

import numpy as np

POINT, LINE, POLYGON = 1, 3, 5
WITH_Z = 10


def table(fields, rows, *, version=3, flags=None):
    """A .dbf. fields: (name, type, width, decimals), the name in bytes; rows: the bytes of each field."""
    width = 1 + sum(field[2] for field in fields)
    data = struct.pack("<4BIHH20x", version, 126, 1, 1, len(rows), 33 + 32 * len(fields), width)
    for name, kind, size, decimals in fields:
        data += name.ljust(11, b"\0") + kind.encode() + b"\0" * 4 + bytes([size, decimals]) + b"\0" * 14
    flags = flags or [b" "] * len(rows)
    return data + b"\r" + b"".join(flag + b"".join(row) for flag, row in zip(flags, rows, strict=True)) + b"\x1a"


def shape(kind, parts, *, z=None, m=None):
    """The content of a record; parts: lists of (x, y)."""
    points = np.array([point for part in parts for point in part], dtype="<f8").reshape(-1, 2)
    extra = b""
    for values in (z, m):
        if values is not None and kind % WITH_Z == POINT:
            extra += struct.pack("<d", values[0])
        elif values is not None:
            extra += struct.pack("<2d", min(values), max(values)) + np.array(values, dtype="<f8").tobytes()
    if kind % WITH_Z == POINT:
        return struct.pack("<i", kind) + points.tobytes() + extra
    starts = np.cumsum([0, *(len(part) for part in parts)])[:-1]
    box = struct.pack("<4d", *points.min(axis=0), *points.max(axis=0))
    counts = struct.pack("<2i", len(parts), len(points))
    return struct.pack("<i", kind) + box + counts + starts.astype("<i4").tobytes() + points.tobytes() + extra


def written(path, kind, contents, dbf, *, cpg="GBK", box=(0, 0, 0, 0)):
    """The files of a shapefile; contents: one record each."""
    body = index = b""
    for number, content in enumerate(contents, start=1):
        index += struct.pack(">2i", (100 + len(body)) // 2, len(content) // 2)
        body += struct.pack(">2i", number, len(content) // 2) + content

    def head(size):
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, size // 2) + struct.pack("<2i8d", 1000, kind, *box, 0, 0, 0, 0)

    path.write_bytes(head(100 + len(body)) + body)
    path.with_suffix(".shx").write_bytes(head(100 + len(index)) + index)
    path.with_suffix(".dbf").write_bytes(dbf)
    if cpg:
        path.with_suffix(".cpg").write_text(cpg)
    return path


def reverse_records(shp):
    """The shapefile at `shp` with its records from the last to the first."""
    shx, dbf = shp.with_suffix(".shx"), shp.with_suffix(".dbf")
    shapes, index, rows = shp.read_bytes(), shx.read_bytes(), dbf.read_bytes()
    entries = [struct.unpack_from(">2i", index, at) for at in range(100, len(index), 8)][::-1]
    body, table = b"", b""
    for number, (at, size) in enumerate(entries, start=1):
        table += struct.pack(">2i", 50 + len(body) // 2, size)
        body += struct.pack(">2i", number, size) + shapes[2 * at + 8 : 2 * (at + size) + 8]
    count, head, width = struct.unpack_from("<IHH", rows, 4)
    lines = [rows[head + n * width : head + (n + 1) * width] for n in range(count)]
    shp.write_bytes(shapes[:100] + body)
    shx.write_bytes(index[:100] + table)
    dbf.write_bytes(rows[:head] + b"".join(lines[::-1]) + rows[head + count * width :])
