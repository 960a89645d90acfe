"""Registration tables as shapefiles with exact names, types, widths and decimals; the same table, the same bytes.

fiona writes (it alone takes exact widths); then the few bytes it leaves open are set: language byte, date, and numbers
whose leading zero has no room. What was written is read back from the bytes and must be what the table holds.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fiona
import shapely
from shapely.geometry import mapping

from pipeline.errors import PipelineError
from pipeline.exports.fitting import digits, fits, width_of
from pipeline.rounding import half_up

if TYPE_CHECKING:
    from pipeline.exports.tables import Table
    from pipeline.standard import FieldSpec

ENGINE = f"fiona {fiona.__version__} / GDAL {fiona.__gdal_version__}"
GEOMETRIES = {"polygon": "Polygon", "line": "LineString", "point": "Point", "none": "None"}
LANGUAGES = {"GBK": 0x4D}  # byte 29 of a DBF: code page 936
LANGUAGE_AT, DATE_AT = 29, 1
FIELD_BYTES, HEADER_BYTES = 32, 32
Field = tuple[str, str, int, int]  # name, type, width, decimals


def write_shapefile(table: Table, folder: Path, *, date: dt.date) -> list[Path]:
    """The table as `folder`/NAME.shp, .shx, .dbf, .prj, .cpg; a layer without geometry as .dbf and .cpg alone.

    date: written as the day of the last change. Errors: PipelineError when the library wrote something else.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kind = GEOMETRIES[table.layer.geometry]
    path = folder / f"{table.spec.name}{'.dbf' if kind == 'None' else '.shp'}"
    crs = table.frame.crs
    with fiona.open(
        path,
        "w",
        driver="ESRI Shapefile",
        schema={"geometry": kind, "properties": {code: fiona_type(spec) for code, spec in table.fields.items()}},
        encoding=table.spec.encoding,
        crs_wkt=crs.to_wkt("WKT1_ESRI") if crs is not None and kind != "None" else None,
    ) as file:
        file.writerecords(_records(table))
    path.with_suffix(".cpg").write_text(table.spec.encoding, "ascii")
    _finished(table, path.with_suffix(".dbf"), date)
    return sorted(p for p in folder.iterdir() if p.stem == table.spec.name)


def fiona_type(spec: FieldSpec) -> str:
    """The field as fiona's schema states it: "str:19", "int:4", "float:15.2", "date"."""
    match spec.type:
        case "text":
            return f"str:{width_of(spec)}"
        case "integer":
            return f"int:{width_of(spec)}"
        case "number":
            return f"float:{width_of(spec)}.{spec.decimals or 0}"
        case _:
            return "date"


def _records(table: Table) -> Iterator[dict[str, Any]]:
    held = {code: [_held(v, table.fields[code]) for v in values] for code, values in table.columns.items()}
    shapes = table.frame.geometry.to_numpy()
    for row, (shape, fit) in enumerate(zip(shapes, fits(shapes, table.layer.geometry), strict=True)):
        own = mapping(shapely.force_2d(shape)) if fit else None
        yield {"geometry": own, "properties": {code: values[row] for code, values in held.items()}}


def _held(value: Any, spec: FieldSpec) -> Any:
    """The value as fiona is given it; one without room for its leading zero is set afterwards."""
    return None if spec.type == "number" and _short(value, spec) else value


def _short(value: float | None, spec: FieldSpec) -> str | None:
    """The digits of a number that has no room for its leading zero."""
    if value is None:
        return None
    text = digits(half_up(value, spec.decimals or 0), width_of(spec))
    return text if text and text.lstrip("-").startswith(".") else None


# ---------------------------------------------------------------- bytes


def _finished(table: Table, path: Path, date: dt.date) -> None:
    data = bytearray(path.read_bytes())
    data[LANGUAGE_AT] = LANGUAGES.get(table.spec.encoding, 0)
    data[DATE_AT : DATE_AT + 3] = bytes((date.year - 1900, date.month, date.day))
    start, length = struct.unpack_from("<HH", data, 8)
    wanted = [_field(code, spec) for code, spec in table.fields.items()]
    if (found := fields_of(bytes(data))) != wanted:
        wrong = next(f"{a} → {b}" for a, b in zip(wanted, found, strict=False) if a != b)
        raise PipelineError(f"{path.name}：写出的字段与标准不符：{wrong}")
    offset = 1  # after the deletion mark
    for code, (_, _, width, _) in zip(table.fields, wanted, strict=True):
        for row, value in enumerate(table.columns[code]):
            text = _short(value, table.fields[code]) if table.fields[code].type == "number" else None
            if text:
                at = start + row * length + offset
                data[at : at + width] = text.rjust(width).encode("ascii")
        offset += width
    path.write_bytes(bytes(data))


def _field(code: str, spec: FieldSpec) -> Field:
    kind = {"text": "C", "date": "D"}.get(spec.type, "N")
    return code, kind, width_of(spec), (spec.decimals or 0) if spec.type == "number" else 0


def fields_of(data: bytes) -> list[Field]:
    """The fields that the header of a DBF declares."""
    end = struct.unpack_from("<H", data, 8)[0]
    return [
        (data[at : at + 11].split(b"\0")[0].decode("ascii"), chr(data[at + 11]), data[at + 16], data[at + 17])
        for at in range(HEADER_BYTES, end - 1, FIELD_BYTES)
    ]
