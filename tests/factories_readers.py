"""Small drawings and shapefiles for the reader tests, written by ezdxf, fiona or by hand."""

from __future__ import annotations

import struct
from collections import Counter

import ezdxf
import fiona

from pipeline import readers

SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10)]


def drawing(version="R2010", *, page=None):
    document = ezdxf.new(version, setup=False)
    if page:
        document.header["$DWGCODEPAGE"] = page
    return document, document.modelspace()


def saved(document, path, *, binary=False):
    document.saveas(path, fmt="bin" if binary else "asc")
    return path


def read(path, **kwargs):
    return readers.read(path, name=path.name, **kwargs)


def read_one(tmp_path, add, version="R2010"):
    """The only row of a drawing that `add(modelspace)` draws, and the notes."""
    document, space = drawing(version)
    add(space)
    source = read(saved(document, tmp_path / "one.dxf"))
    return source.features.iloc[0], source.notes


def kinds(source):
    return Counter(note.kind for note in source.notes)


def note(source, kind):
    return next(n for n in source.notes if n.kind == kind)


def minimal(lines, *, version="AC1009", page=None, ending=b"\r\n"):
    """An R12-like file by hand: `lines` are the bytes between ENTITIES and ENDSEC, pair by pair."""
    head = [b"0", b"SECTION", b"2", b"HEADER", b"9", b"$ACADVER", b"1", version.encode()]
    head += [b"9", b"$DWGCODEPAGE", b"3", page.encode()] if page else []
    head += [b"0", b"ENDSEC", b"0", b"SECTION", b"2", b"ENTITIES"]
    return ending.join([*head, *lines, b"0", b"ENDSEC", b"0", b"EOF"]) + ending


def text_entity(text, *, layer=b"0"):
    return [b"0", b"TEXT", b"8", layer, b"10", b"1.0", b"20", b"2.0", b"30", b"0.0", b"40", b"1.0", b"1", text]


def shapefile(path, rows, *, encoding="GBK", crs="EPSG:4545", schema=None, geometry="Polygon"):
    """rows: (coordinates of one ring or None, properties)."""
    schema = schema or {"名称": "str:20", "层数": "int:5", "面积": "float:12.3", "日期": "date"}
    options = {"driver": "ESRI Shapefile", "encoding": encoding, "schema": {"geometry": geometry, "properties": schema}}
    with fiona.open(path, "w", crs=crs, **options) as file:
        for ring, values in rows:
            shape = None if ring is None else {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
            file.write({"type": "Feature", "geometry": shape, "properties": {**dict.fromkeys(schema), **values}})
    return path


def patch(path, place, layout, value):
    """Overwrites one number of a file."""
    data = bytearray(path.read_bytes())
    struct.pack_into(layout, data, place, value)
    path.write_bytes(bytes(data))


def cut(path, share=0.5):
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path
