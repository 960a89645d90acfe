"""Civil defence, cadastre and property of the invented project."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
from factories_site import PARCEL, SITE, buildings, frame, moved
from shapely.geometry import Point, box

from pipeline.standard import Standards


def civil_defence(standards: Standards) -> dict[str, gpd.GeoDataFrame]:
    def make(layer: str, rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
        return frame(layer, "civil_defence", rows, standards)

    units = [(f"{i}", moved(box(14 + 34 * (i - 1), 12, 46 + 34 * (i - 1), 60))) for i in (1, 2, 3)]
    zones = [(f"{no}-{k}", no, kind, moved(shape)) for no, whole in units for k, kind, shape in _zones(no, whole)]
    return {
        "works": make("works", [{"works_no": "RF-1", "level": -2, "geometry": moved(box(12, 10, 118, 62))}]),
        "unit": make(
            "unit",
            [
                {
                    "unit_no": no,
                    "wartime_use": "二等人员掩蔽",
                    "peacetime_use": "汽车库",
                    "level": -2,
                    "geometry": shape,
                }
                for no, shape in units
            ],
        ),
        "zone": make(
            "zone", [{"zone_no": z, "unit_no": no, "kind": kind, "geometry": shape} for z, no, kind, shape in zones]
        ),
        "entrance": make(
            "entrance",
            [
                {
                    "entrance_no": f"{no}-{k}",
                    "unit_no": no,
                    "kind": "主要出入口",
                    "geometry": moved(Point(20 + 34 * (int(no) - 1) + 18 * (k - 1), 12)),
                }
                for no, _ in units
                for k in (1, 2)
            ],
        ),
        "parking": make(
            "parking",
            [
                {
                    "space_no": f"R{i:02d}",
                    "unit_no": f"{1 + i // 12}",
                    "geometry": moved(Point(18 + 34 * (i // 12) + (i % 6) * 3, 30 + 6 * (i % 12 // 6))),
                }
                for i in range(36)
            ],
        ),
    }


def _zones(no: str, whole: Any) -> list[tuple[int, str, Any]]:
    left, low = 14 + 34 * (int(no) - 1), 12
    return [
        (1, "掩蔽", box(left, low + 10, left + 32, low + 48)),
        (2, "口部", box(left, low, left + 12, low + 10)),
        (3, "辅助房间", box(left + 12, low, left + 32, low + 10)),
    ]


def cadastral(standards: Standards) -> dict[str, gpd.GeoDataFrame]:
    site = moved(SITE)

    def make(layer: str, rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
        return frame(layer, "cadastral", rows, standards)

    parcel = {
        "parcel_code": PARCEL,
        "unit_code": PARCEL + "W00000000",
        "right_holder": "重庆滨江雅苑置业有限公司",
        "land_use": "0701",
        "located": "江北区滨江路 117 号",
        "north_side": "滨江路",
        "east_side": "规划绿地",
        "south_side": "江北城南支路",
        "west_side": "滨江小学",
        "map_sheet": "—",
        "geometry": site,
    }
    points = [
        {"parcel_code": PARCEL, "sequence": n, "point_no": f"J{n}", "east_m": x, "north_m": y, "geometry": Point(x, y)}
        for n, (x, y) in enumerate(site.exterior.coords[:-1], 1)
    ]
    return {
        "parcel": make("parcel", [parcel]),
        "boundary_point": make("boundary_point", points),
        "boundary_line": make("boundary_line", []),
        "building": make(
            "building",
            [
                {"building": name, "floors_above": floors, "structure": "3", "geometry": shape, "curve": curve}
                for name, floors, shape, curve in buildings()
            ],
        ),
    }


def property_(standards: Standards) -> dict[str, gpd.GeoDataFrame]:
    def make(layer: str, rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
        return frame(layer, "property", rows, standards)

    floors: list[dict[str, Any]] = []
    units: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    for index, left in enumerate((18, 60)):
        code = f"{PARCEL}F000{index + 1}"
        for level in range(1, 7):
            floor = f"{code}-{level}"
            floors.append(
                {
                    "floor_id": floor,
                    "floor_no": str(level),
                    "building_code": code,
                    "actual_floor": level,
                    "storey_height_m": 3.0,
                    "geometry": moved(box(left, 58, left + 28, 74)),
                }
            )
            wide = 8 if level > 1 else 5
            for room, (x0, y0, x1, y1) in enumerate(
                ((0, 0, 11, 16 - wide), (17, 0, 28, 16 - wide), (0, 16 - wide, 11, 16), (17, 16 - wide, 28, 16)), 1
            ):
                shape = moved(box(left + x0, 58 + y0, left + x1, 58 + y1))
                units.append(
                    {
                        "unit_code": f"{code}{level:02d}{room:02d}",
                        "building_code": code,
                        "floor_id": floor,
                        "room": f"{level}0{room}",
                        "unit_use": "10",
                        "function_zone": "住宅",
                        "inner_area_m2": shape.area,
                        "shared_area_m2": 12.0,
                        "building_area_m2": shape.area + 12,
                        "geometry": shape,
                    }
                )
            parts.append(
                {
                    "part_no": f"{floor}-c",
                    "name": "楼梯间及电梯厅",
                    "building_code": code,
                    "floor_id": floor,
                    "stated_area_m2": 96.0,
                    "geometry": moved(box(left + 11, 58, left + 17, 74)),
                }
            )
    blocks = [
        {"building_code": f"{PARCEL}F000{i + 1}", "building": f"{i + 1}号楼", "geometry": moved(box(x, 58, x + 28, 74))}
        for i, x in enumerate((18, 60))
    ]
    return {
        "building": make("building", blocks),
        "floor": make("floor", floors),
        "unit": make("unit", units),
        "common": make("common", parts),
    }
