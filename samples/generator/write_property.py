"""The property tables: GBK shapefiles with the field widths of the registration database, delivered in EPSG:4545."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import fiona
from pyproj import CRS
from pyproj.enums import WktVersion

from generator import site
from generator.frame import DELIVERY_EPSG, delivered
from generator.shape import SAGITTA_M, Record, Survey, flattened

#: (column, type and width, field of the standard | fixed value in a tuple)
Column = tuple[str, str, str | tuple[Any]]
AREA = "float:15.3"
NONE: tuple[Any] = (None,)
DBF_DATE = (126, 9, 1)  # year − 1900, month, day: the header's date of last change

BUILDING: tuple[Column, ...] = (
    ("ID", "int:10", "_row"),
    ("YSDM", "str:10", ("6001030110",)),
    ("BDCDYH", "str:28", NONE),
    ("ZDDM", "str:19", "parcel_code"),
    ("ZRZH", "str:24", "building_code"),
    ("XMMC", "str:100", (site.PROJECT_NAME,)),
    ("JZWMC", "str:100", "building"),
    ("JGRQ", "date", "completed"),
    ("JZWGD", "float:15.2", "height_m"),
    ("ZZDMJ", AREA, "occupied_area_m2"),
    ("ZYDMJ", AREA, "occupied_area_m2"),
    ("YCJZMJ", AREA, NONE),
    ("SCJZMJ", AREA, "building_area_m2"),
    ("ZCS", "int:4", "floors_total"),
    ("DSCS", "int:4", "floors_above"),
    ("DXCS", "int:4", "floors_below"),
    ("DXSD", "float:15.2", NONE),
    ("GHYT", "str:2", "planned_use"),
    ("FWJG", "str:2", "structure"),
    ("ZTS", "int:6", "unit_total"),
    ("JZWJBYT", "str:200", NONE),
    ("BZ", "str:50", NONE),
    ("ZT", "str:2", "state"),
)
FLOOR: tuple[Column, ...] = (
    ("层标识", "str:30", "floor_id"),
    ("CH", "str:20", "floor_no"),
    ("ZRZH", "str:24", "building_code"),
    ("YSDM", "str:10", ("6001030130",)),
    ("SJC", "int:3", "actual_floor"),
    ("MYC", "str:50", "nominal_floor"),
    ("CJZMJ", AREA, "building_area_m2"),
    ("CTNJZMJ", AREA, "inner_area_m2"),
    ("CYTMJ", AREA, "balcony_area_m2"),
    ("CGYJZMJ", AREA, "common_area_m2"),
    ("CFTJZMJ", AREA, NONE),
    ("CBQMJ", AREA, "half_wall_area_m2"),
    ("CG", "float:15.2", "storey_height_m"),
    ("SPTYMJ", AREA, "projected_area_m2"),
)
UNIT: tuple[Column, ...] = (
    ("BDCDYH", "str:28", "unit_code"),
    ("FWBM", "str:26", "house_code"),
    ("YSDM", "str:10", ("6001030140",)),
    ("ZRZH", "str:24", "building_code"),
    ("LJZH", "str:20", NONE),
    ("层标识", "str:30", "floor_id"),
    ("CH", "str:20", "floor_no"),
    ("ZL", "str:100", "located"),
    ("MJDW", "str:2", ("1",)),
    ("HH", "int:6", "_number"),
    ("SHBW", "str:20", "room"),
    ("FWYT1", "str:2", "unit_use"),
    ("功能区", "str:20", "function_zone"),
    ("SCJZMJ", AREA, "building_area_m2"),
    ("SCTNJZMJ", AREA, "inner_area_m2"),
    ("阳台面积", AREA, "balcony_area_m2"),
    ("SCFTJZMJ", AREA, "shared_area_m2"),
    ("SCFTXS", "float:15.6", "share_factor"),
    ("ZT", "str:2", "state"),
)
COMMON: tuple[Column, ...] = (
    ("共有编号", "str:30", "part_no"),
    ("名称", "str:40", "name"),
    ("ZRZH", "str:24", "building_code"),
    ("层标识", "str:30", "floor_id"),
    ("面积", AREA, "stated_area_m2"),
    ("分摊层级", "str:10", "level"),
    ("服务范围", "str:120", "serves"),
)
BALCONY: tuple[Column, ...] = (
    ("阳台编号", "str:30", "balcony_no"),
    ("BDCDYH", "str:28", "unit_code"),
    ("ZRZH", "str:24", "building_code"),
    ("层标识", "str:30", "floor_id"),
    ("类别", "str:10", "kind"),
    ("系数", "float:4.2", "factor"),
    ("计入面积", AREA, "counted_area_m2"),
)
TABLES = {
    "building": ("ZRZ", BUILDING),
    "floor": ("C", FLOOR),
    "unit": ("H", UNIT),
    "common": ("GYBW", COMMON),
    "balcony": ("YT", BALCONY),
}


def write_property(survey: Survey, folder: Path) -> None:
    """One shapefile per layer, with .cpg and .prj."""
    folder.mkdir(parents=True, exist_ok=True)
    wkt = CRS.from_epsg(DELIVERY_EPSG).to_wkt(WktVersion.WKT1_ESRI)
    for layer, (stem, columns) in TABLES.items():
        path = folder / f"{stem}.shp"
        _write(survey[layer], columns, path, wkt)
        path.with_suffix(".prj").write_text(wkt, "ascii")
        path.with_suffix(".cpg").write_bytes(b"GBK")
        _undated(path.with_suffix(".dbf"))


def _write(records: list[Record], columns: tuple[Column, ...], path: Path, wkt: str) -> None:
    schema = {"geometry": "Polygon", "properties": {name: kind for name, kind, _ in columns}}
    with fiona.open(path, "w", driver="ESRI Shapefile", schema=schema, crs_wkt=wkt, encoding="GBK") as file:
        file.writerecords(
            [
                {"type": "Feature", "geometry": _geometry(record), "properties": _row(record, i, columns)}
                for i, record in enumerate(records, 1)
            ]
        )


def _row(record: Record, number: int, columns: tuple[Column, ...]) -> dict[str, Any]:
    extra: Mapping[str, Any] = {"_row": number, "_number": record.hints.get("number")}
    return {name: _typed(kind)(_value(record, extra, source)) for name, kind, source in columns}


def _value(record: Record, extra: Mapping[str, Any], source: str | tuple[Any]) -> Any:
    if isinstance(source, tuple):
        return source[0]
    return extra[source] if source in extra else record.fields[source]


def _typed(kind: str) -> Callable[[Any], Any]:
    if kind.startswith("float"):
        return lambda v: None if v is None else float(v)
    return lambda v: v


def _geometry(record: Record) -> dict[str, Any]:
    rings = []
    for ring in record.shape.rings:
        points = delivered(flattened(ring, SAGITTA_M, closed=True))
        rings.append([*points, points[0]])
    return {"type": "Polygon", "coordinates": rings}


def _undated(path: Path) -> None:
    """The header of a .dbf carries the day of writing: put a fixed one."""
    content = bytearray(path.read_bytes())
    content[1:4] = struct.pack("3B", *DBF_DATE)
    path.write_bytes(bytes(content))
