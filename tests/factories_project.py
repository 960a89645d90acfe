"""An invented project file with its inputs, site and drawings."""

from __future__ import annotations

from typing import Any

from pipeline.projectfile import ProjectFile
from pipeline.report.model import Figure
from pipeline.sources import LedgerEntry

CRS = "+proj=tmerc +lat_0=0 +lon_0=106.5 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs"

PROJECT: dict[str, Any] = {
    "project": {
        "code": "CQJB-2026-0117",
        "name": "滨江雅苑",
        "address": "重庆市江北区滨江路 17 号",
        "county_code": "500105",
        "client": "重庆滨江置业有限公司",
        "purpose": "竣工验收多测合一",
        "date": "2026-09-18",
    },
    "firm": {"name": "重庆山城测绘有限公司", "certificate": "甲测资字50100000", "certificate_grade": "甲级"},
    "people": [
        {"role": "项目负责", "name": "陈启明", "certificate": "CH-0101"},
        {"role": "检查", "name": "林文静", "certificate": "CH-0102"},
        {"role": "审核", "name": "赵广平", "certificate": "CH-0103"},
    ],
    "instruments": [
        {
            "name": "全站仪",
            "model": "TS16",
            "serial": "3310245",
            "use": "界址点与房角点测量",
            "valid_until": "2027-03-01",
        },
        {"name": "手持测距仪", "model": "D510", "serial": "8842", "use": "房屋边长测量", "valid_until": "2027-01-15"},
    ],
    "crs": {"definition": CRS, "name": "滨江雅苑工程独立坐标系（中央子午线106.5°）"},
    "height_datum": "1985国家高程基准",
    "overrides": [
        {
            "key": "green.soil_factor",
            "bins": [[0.3, 1.5, 0.5], [1.5, None, 1.0]],
            "source": "绿地方案批复",
            "certainty": "practice",
            "reason": "由本项目绿地方案批复给定",
        }
    ],
    "permit": {"number": "建字第500105202300123号", "date": "2023-05-10", "approved_by": "江北区规划和自然资源局"},
    "surveys": {
        "planning": {"files": ["planning/规划核实.dxf"], "surveyed": "2026-08-20"},
        "green": {"files": ["green/绿地.dxf"], "surveyed": "2026-08-22"},
        "cadastral": {"files": ["cadastral/地籍.dxf"], "surveyed": "2026-08-18", "crs": "EPSG:4545"},
        "property": {"files": ["property/ZRZ.shp", "property/H.shp"], "surveyed": "2026-08-25"},
    },
}
CONTROL = (
    {"点号": "K1", "X": "3273100.1234", "Y": "500020.5000", "H": "215.331", "等级": "一级导线"},
    {"点号": "K2", "X": "3273250.8765", "Y": "500190.2500", "H": "216.020", "等级": "一级导线"},
)


def project(**changes: Any) -> ProjectFile:
    return ProjectFile.model_validate({**PROJECT, "control_points_rows": CONTROL, **changes})


def ledger() -> tuple[LedgerEntry, ...]:
    good = LedgerEntry("planning/规划核实.dxf", "planning", "ab" * 32, 1024, "dxf", "AC1024", "utf-8", entities=812)
    cut = LedgerEntry(
        "property/H.shp",
        "property",
        "cd" * 32,
        99,
        "shapefile",
        None,
        "gbk",
        entities=70,
        claimed={"shp_records": 150},
        read={"shp_records": 70},
        sidecars={"property/H.dbf": "ef" * 32},
        fatal=True,
    )
    return good, cut


def site() -> dict[str, Any]:
    return {
        "crs": "横轴墨卡托投影",
        "centre_east_m": 500060.0,
        "centre_north_m": 3273070.0,
        "lon_deg": 106.500617,
        "lat_deg": 29.573412,
        "central_meridian_deg": 106.5,
        "scale_factor": 1.0000000001,
        "deformation_m_per_km": 0.0000001,
        "convergence_deg": 0.000305,
    }


def figures() -> list[Figure]:
    """A drawing on A4 and one on A3."""

    def svg(w: int, h: int) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}mm" height="{h}mm" viewBox="0 0 {w} {h}">'
            f'<rect x="1" y="1" width="{w - 2}" height="{h - 2}" fill="none" stroke="#d00" stroke-width="0.5"/></svg>'
        )

    return [
        Figure("cadastral.parcel_map", "宗地图", svg(170, 236), 170, 236, "A4", 500),
        Figure("planning.site_plan", "竣工总平面图", svg(380, 250), 380, 250, "A3", 500),
    ]
