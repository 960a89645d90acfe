"""Shapefiles with fixed bytes: widths of the registration database, no clock in the header."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import fiona

from generator.frame import delivered, to_map
from generator.shape import SAGITTA_M, Record, Shape, flattened

#: (column, type and width, field of the standard | (value where the record has no such field, field))
Column = tuple[str, str, str | tuple[Any, str]]
AREA = "float:15.3"
DBF_DATE = (126, 9, 1)  # year − 1900, month, day: the header's date of last change


def write_table(
    records: list[Record],
    columns: tuple[Column, ...],
    path: Path,
    wkt: str,
    *,
    kind: str = "Polygon",
    encoding: str = "GBK",
    on_site: bool = False,
) -> None:
    """One shapefile with .cpg and .prj. on_site: in the project's plane instead of the plane of delivery."""
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = {"geometry": kind, "properties": {name: width for name, width, _ in columns}}
    with fiona.open(path, "w", driver="ESRI Shapefile", schema=schema, crs_wkt=wkt, encoding=encoding) as file:
        file.writerecords(
            [
                {
                    "type": "Feature",
                    "geometry": _geometry(record, kind, on_site=on_site),
                    "properties": _row(record, i, columns),
                }
                for i, record in enumerate(records, 1)
            ]
        )
    path.with_suffix(".prj").write_text(wkt, "ascii")
    path.with_suffix(".cpg").write_bytes(encoding.encode())
    _undated(path.with_suffix(".dbf"))


def _row(record: Record, number: int, columns: tuple[Column, ...]) -> dict[str, Any]:
    extra: Mapping[str, Any] = {"_row": number, "_number": record.hints.get("number")}
    return {name: _typed(kind)(_value(record, extra, source)) for name, kind, source in columns}


def _value(record: Record, extra: Mapping[str, Any], source: str | tuple[Any, str]) -> Any:
    if isinstance(source, tuple):
        return record.fields.get(source[1], source[0])
    return extra[source] if source in extra else record.fields.get(source)


def _typed(kind: str) -> Callable[[Any], Any]:
    if kind.startswith("float"):
        return lambda v: None if v is None else float(v)
    return lambda v: v


def _geometry(record: Record, kind: str, *, on_site: bool) -> dict[str, Any] | None:
    if record.hints.get("no_figure"):
        return None
    if kind == "Point":
        return {"type": kind, "coordinates": _placed([record.shape.xy], on_site=on_site)[0]}
    if kind == "LineString":
        return {"type": kind, "coordinates": _placed([v[:2] for v in record.shape.rings[0]], on_site=on_site)}
    parts = [record.shape, *record.hints.get("parts", ())]
    if len(parts) == 1:
        return {"type": "Polygon", "coordinates": _rings(parts[0], on_site=on_site)}
    return {"type": "MultiPolygon", "coordinates": [_rings(part, on_site=on_site) for part in parts]}


def _rings(shape: Shape, *, on_site: bool) -> list[list[tuple[float, float]]]:
    rings = [_placed(flattened(ring, SAGITTA_M, closed=True), on_site=on_site) for ring in shape.rings]
    return [[*points, points[0]] for points in rings]


def _placed(points: list[tuple[float, float]], *, on_site: bool) -> list[tuple[float, float]]:
    return [to_map(x, y) for x, y in points] if on_site else delivered(points)


def _undated(path: Path) -> None:
    """The header of a .dbf carries the day of writing: put a fixed one."""
    content = bytearray(path.read_bytes())
    content[1:4] = struct.pack("3B", *DBF_DATE)
    path.write_bytes(bytes(content))
