"""Part of a cadastral survey as registration tables (UTF-8 shapefiles in the project's plane), beside the drawing."""

from __future__ import annotations

from pathlib import Path

from pyproj import CRS
from pyproj.enums import WktVersion

from generator.frame import PROJECT_CRS
from generator.shape import Record, Survey
from generator.tables import AREA, Column, write_table

CODES: tuple[Column, ...] = (("ZDDM", "str:19", "parcel_code"), ("YSDM", "str:10", "feature_code"))
COORDINATE = "float:15.3"
PARCEL: tuple[Column, ...] = (
    *CODES,
    ("BDCDYH", "str:28", "unit_code"),
    ("ZDTZM", "str:2", "parcel_feature"),
    ("QLR", "str:100", "right_holder"),
    ("ZL", "str:200", "located"),
    ("ZDMJ", AREA, "stated_area_m2"),
    ("MJDW", "str:10", "area_unit"),
    ("YT", "str:4", "land_use"),
    ("DJ", "str:4", "grade"),
    ("QLLX", "str:2", "right_type"),
    ("QLXZ", "str:4", "right_nature"),
    ("QLSDFS", "str:2", "right_setting"),
    ("ZDSZD", "str:60", "east_side"),
    ("ZDSZN", "str:60", "south_side"),
    ("ZDSZX", "str:60", "west_side"),
    ("ZDSZB", "str:60", "north_side"),
    ("ZT", "str:2", "state"),
)
POINT: tuple[Column, ...] = (
    *CODES,
    ("SXH", "int:6", "sequence"),
    ("JZDH", "str:10", "point_no"),
    ("JBLX", "str:2", "marker"),
    ("JZDLX", "str:2", "point_type"),
    ("XZBZ", COORDINATE, "stated_north_m"),
    ("YZBZ", COORDINATE, "stated_east_m"),
)
LINE: tuple[Column, ...] = (
    *CODES,
    ("JZXH", "str:20", "line_no"),
    ("JZXCD", "float:15.2", "stated_length_m"),
    ("JZXLB", "str:2", "line_class"),
    ("JZXWZ", "str:2", "line_position"),
    ("JXXZ", "str:6", "line_nature"),
)
HOUSE: tuple[Column, ...] = (
    ("JZWMC", "str:40", "building"),
    ("FWJG", "str:2", "structure"),
    ("DSCS", "int:4", "floors_above"),
    ("QJSM", "str:100", "encroachment_note"),
)
TABLES = {
    "parcel": ("ZDJBXX", PARCEL, "Polygon"),
    "boundary_point": ("JZD", POINT, "Point"),
    "boundary_line": ("JZX", LINE, "LineString"),
    "building": ("ZRZ", HOUSE, "Polygon"),
}


def in_tables(record: Record) -> bool:
    """Is the record delivered in a table instead of in the drawing?"""
    return bool(record.hints.get("table"))


def drawn(survey: Survey) -> Survey:
    """What stands in the drawing."""
    return {layer: [r for r in records if not in_tables(r)] for layer, records in survey.items()}


def write_cadastral_tables(survey: Survey, folder: Path) -> None:
    """One shapefile per layer that has such records."""
    wkt = CRS.from_user_input(PROJECT_CRS).to_wkt(WktVersion.WKT1_ESRI)
    for layer, (stem, columns, kind) in TABLES.items():
        records = [r for r in survey.get(layer, ()) if in_tables(r)]
        if records:
            write_table(records, columns, folder / f"{stem}.shp", wkt, kind=kind, on_site=True)
