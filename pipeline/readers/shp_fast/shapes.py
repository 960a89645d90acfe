"""The records of a .shp as geometries, all coordinates in one piece (ESRI 1998: points, lines and polygons, also with Z).

Null shapes, multipoints, multipatches and shapes with M alone are left to the library; M values beside Z are dropped, as
it drops them.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import GeometryType

from pipeline.readers.shp_fast import rings
from pipeline.readers.shp_fast.numbers import Array
from pipeline.readers.shp_fast.refuse import HandOverError

POINT, LINE, POLYGON = 1, 3, 5
WITH_Z = 10  # added to the type
NAMES = {
    8: "MultiPoint",
    18: "MultiPoint",
    28: "MultiPoint",
    21: "PointM",
    23: "PolyLineM",
    25: "PolygonM",
    31: "MultiPatch",
}
NO_MEASURE = -1e38  # smaller values say that there is none
COUNTS_AT, PARTS_AT = 36, 44  # of a record of a line or polygon
FEWEST = {LINE: 2, POLYGON: 4}  # points of a part


@dataclass(frozen=True, slots=True)
class Parts:
    """Lines or polygons as arrays: coordinates (points, 2 or 3), where parts begin and end, and records likewise."""

    points: Array
    parts: Array  # offsets into points, one more than there are parts
    records: Array  # offsets into parts, one more than there are records


def read(data: bytes, places: Array, lengths: Array) -> tuple[Array, bool]:
    """Geometry of each record, and whether there were M values; places, lengths: of the records in `data`, bytes.

    Errors: HandOverError for anything that is not plain.
    """
    kind = struct.unpack_from("<i", data, 32)[0]
    base = kind % WITH_Z
    if kind not in (POINT, LINE, POLYGON, POINT + WITH_Z, LINE + WITH_Z, POLYGON + WITH_Z):
        raise HandOverError(f"几何类型 {NAMES.get(kind, kind)}")
    contents = places + 8
    if (_integers(data, contents)[:, 0] != kind).any():
        raise HandOverError("记录的几何类型与文件头不同")
    if base == POINT:
        points, measured = _points(data, contents, lengths, has_z=kind > WITH_Z)
    else:
        found, measured = _parts(data, contents, lengths, has_z=kind > WITH_Z, fewest=FEWEST[base])
        points = found.points
    if not np.isfinite(points).all():
        raise HandOverError("有坐标不是有限的数")
    if base == POINT:
        return np.asarray(shapely.points(points)), measured
    return (_lines(found) if base == LINE else rings.polygons(found.points, found.parts, found.records)), measured


def _integers(data: bytes, places: Array, count: int = 1) -> Array:
    """`count` integers at each place."""
    size = 4 * count
    found = b"".join([data[at : at + size] for at in places.tolist()])
    return np.frombuffer(found, dtype="<i4").reshape(len(places), count).astype(np.int64)


def _doubles(data: bytes, starts: Array, counts: Array | int) -> Array:
    """`counts` doubles from each place on, one after the other."""
    ends = starts + 8 * counts
    found = b"".join([data[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)])
    return np.frombuffer(found, dtype="<f8")


def _points(data: bytes, contents: Array, lengths: Array, *, has_z: bool) -> tuple[Array, bool]:
    """Coordinates of points, and whether they have M values."""
    wanted = 3 if has_z else 2
    measures = _measures(lengths, 4 + 8 * wanted, np.full(len(lengths), 8)) if has_z else None
    if not has_z and (lengths != 20).any():
        raise HandOverError("记录长度与点的规定不符")
    points = _doubles(data, contents + 4, wanted).reshape(-1, wanted)
    return points, bool(measures) and _measured(_doubles(data, contents + 28, 1))


def _parts(data: bytes, contents: Array, lengths: Array, *, has_z: bool, fewest: int) -> tuple[Parts, bool]:
    """Coordinates of lines or polygons by part and record, and whether they have M values."""
    parts, counts = _integers(data, contents + COUNTS_AT, 2).T
    if (parts < 1).any() or (counts < fewest).any() or (lengths < PARTS_AT + 4 * parts + 16 * counts).any():
        raise HandOverError("有记录没有部分或点")
    after = PARTS_AT + 4 * parts + 16 * counts
    measures = has_z and _measures(lengths, after + 16 + 8 * counts, 16 + 8 * counts)
    if not has_z and (lengths != after).any():
        raise HandOverError("记录长度与点数不符")
    points = _doubles(data, contents + PARTS_AT + 4 * parts, 2 * counts).reshape(-1, 2)
    if has_z:
        points = np.column_stack([points, _doubles(data, contents + after + 16, counts)])
    firsts = np.concatenate([[0], np.cumsum(counts)])
    found = Parts(points, _offsets(data, contents, parts, firsts, fewest), np.concatenate([[0], np.cumsum(parts)]))
    return found, bool(measures) and _measured(_doubles(data, contents + after + 32 + 8 * counts, counts))


def _offsets(data: bytes, contents: Array, parts: Array, firsts: Array, fewest: int) -> Array:
    """Where parts begin among all points, and the end of the last."""
    size = 4 * parts
    starts = contents + PARTS_AT
    found = b"".join([data[a:b] for a, b in zip(starts.tolist(), (starts + size).tolist(), strict=True)])
    within = np.frombuffer(found, dtype="<i4").astype(np.int64)
    own = within[np.concatenate([[0], np.cumsum(parts)[:-1]])] if len(parts) else within
    offsets = np.append(within + np.repeat(firsts[:-1], parts), firsts[-1])
    if own.any() or (np.diff(offsets) < fewest).any():
        raise HandOverError("有部分的起点不合规定或点数过少")
    return offsets


def _measures(lengths: Array, without: Array | int, more: Array) -> bool:
    """Whether all records have M values (True) or none has."""
    if (lengths == without).all():
        return False
    if (lengths == without + more).all():
        return True
    raise HandOverError("记录长度与点数不符，或只有部分记录有 M 值")


def _measured(values: Array) -> bool:
    """Whether the M values of a file mean anything."""
    none = values < NO_MEASURE
    if none.any() and not none.all():
        raise HandOverError("只有部分点有 M 值")
    return not none.all()


def _lines(found: Parts) -> Array:
    """A line per record, or a multiline for several parts."""
    lines = np.asarray(shapely.from_ragged_array(GeometryType.LINESTRING, found.points, (found.parts,)))
    counts = np.diff(found.records)
    if (counts == 1).all():
        return lines
    several = shapely.multilinestrings(lines, indices=np.repeat(np.arange(len(counts)), counts))
    return np.where(counts == 1, lines[found.records[:-1]], several)
