"""The property tables: GBK shapefiles with the field widths of the registration database, delivered in EPSG:4545."""

from __future__ import annotations

from pathlib import Path

from pyproj import CRS
from pyproj.enums import WktVersion

from generator import site
from generator.frame import DELIVERY_EPSG
from generator.shape import Survey
from generator.tables import AREA, Column, write_table

BUILDING: tuple[Column, ...] = (
    ("ID", "int:10", "_row"),
    ("YSDM", "str:10", ("6001030110", "feature_code")),
    ("BDCDYH", "str:28", "unit_code"),
    ("ZDDM", "str:19", "parcel_code"),
    ("ZRZH", "str:24", "building_code"),
    ("XMMC", "str:100", (site.PROJECT_NAME, "project_name")),
    ("JZWMC", "str:100", "building"),
    ("JGRQ", "date", "completed"),
    ("JZWGD", "float:15.2", "height_m"),
    ("ZZDMJ", AREA, "occupied_area_m2"),
    ("ZYDMJ", AREA, "occupied_area_m2"),
    ("YCJZMJ", AREA, "predicted_area_m2"),
    ("SCJZMJ", AREA, "building_area_m2"),
    ("ZCS", "int:4", "floors_total"),
    ("DSCS", "int:4", "floors_above"),
    ("DXCS", "int:4", "floors_below"),
    ("DXSD", "float:15.2", "underground_depth_m"),
    ("GHYT", "str:2", "planned_use"),
    ("FWJG", "str:2", "structure"),
    ("ZTS", "int:6", "unit_total"),
    ("JZWJBYT", "str:200", "basic_use"),
    ("BZ", "str:50", "remark"),
    ("ZT", "str:2", "state"),
)
FLOOR: tuple[Column, ...] = (
    ("层标识", "str:30", "floor_id"),
    ("CH", "str:20", "floor_no"),
    ("ZRZH", "str:24", "building_code"),
    ("YSDM", "str:10", ("6001030130", "feature_code")),
    ("SJC", "int:3", "actual_floor"),
    ("MYC", "str:50", "nominal_floor"),
    ("CJZMJ", AREA, "building_area_m2"),
    ("CTNJZMJ", AREA, "inner_area_m2"),
    ("CYTMJ", AREA, "balcony_area_m2"),
    ("CGYJZMJ", AREA, "common_area_m2"),
    ("CFTJZMJ", AREA, "shared_area_m2"),
    ("CBQMJ", AREA, "half_wall_area_m2"),
    ("CG", "float:15.2", "storey_height_m"),
    ("SPTYMJ", AREA, "projected_area_m2"),
)
UNIT: tuple[Column, ...] = (
    ("BDCDYH", "str:28", "unit_code"),
    ("FWBM", "str:26", "house_code"),
    ("YSDM", "str:10", ("6001030140", "feature_code")),
    ("ZRZH", "str:24", "building_code"),
    ("LJZH", "str:20", "logical_code"),
    ("层标识", "str:30", "floor_id"),
    ("CH", "str:20", "floor_no"),
    ("ZL", "str:100", "located"),
    ("MJDW", "str:2", ("1", "area_unit")),
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
LOGICAL: tuple[Column, ...] = (
    ("LJZH", "str:20", "logical_code"),
    ("ZRZH", "str:24", "building_code"),
    ("YSDM", "str:10", "feature_code"),
    ("FWJG1", "str:2", "structure"),
    ("FWJG2", "str:2", "structure_2"),
    ("FWJG3", "str:2", "structure_3"),
    ("JZWZT", "str:2", "building_state"),
    ("FWYT1", "str:2", "building_use"),
    ("FWYT2", "str:2", "building_use_2"),
    ("FWYT3", "str:2", "building_use_3"),
)
SIDE: tuple[Column, ...] = (
    ("检查边号", "str:30", "side_no"),
    ("ZRZH", "str:24", "building_code"),
    ("层标识", "str:30", "floor_id"),
    ("BDCDYH", "str:28", "unit_code"),
    ("部位", "str:40", "location"),
    ("成果边长", "float:15.3", "stated_length_m"),
    ("检查边长", "float:15.3", "checked_length_m"),
    ("精度等级", "str:2", "accuracy_class"),
    ("检查方法", "str:20", "method"),
    ("检查日期", "date", "checked_on"),
    ("检查者", "str:20", "checked_by"),
)
#: columns of units that stand only where one unit has them
UNIT_MORE: tuple[Column, ...] = (
    ("FWYT2", "str:2", "unit_use_2"),
    ("FWYT3", "str:2", "unit_use_3"),
    ("HX", "str:10", "layout"),
    ("HXJG", "str:10", "layout_structure"),
    ("FWLX", "str:10", "house_type"),
    ("FWXZ", "str:10", "house_nature"),
    ("JCTNJZMJ", AREA, "checked_inner_area_m2"),
)
TABLES = {
    "building": ("ZRZ", BUILDING),
    "logical_building": ("LJZ", LOGICAL),
    "floor": ("C", FLOOR),
    "unit": ("H", UNIT),
    "common": ("GYBW", COMMON),
    "balcony": ("YT", BALCONY),
    "checked_side": ("JCB", SIDE),
}


def write_property(survey: Survey, folder: Path) -> None:
    """One shapefile per layer that the survey has, with .cpg and .prj."""
    wkt = CRS.from_epsg(DELIVERY_EPSG).to_wkt(WktVersion.WKT1_ESRI)
    more = tuple(column for column in UNIT_MORE if any(r.fields.get(column[2]) for r in survey["unit"]))
    for layer, (stem, columns) in TABLES.items():
        if layer in survey:
            further = more if layer == "unit" else ()
            kind = "LineString" if layer == "checked_side" else "Polygon"
            write_table(survey[layer], columns + further, folder / f"{stem}.shp", wkt, kind=kind)
