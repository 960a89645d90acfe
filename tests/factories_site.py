"""The site of the invented project and how its frames are made."""

from __future__ import annotations

import datetime as dt
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Polygon, box

from pipeline.measures.arcs import to_geometry
from pipeline.projectfile import ProjectFile
from pipeline.sources import Curve
from pipeline.standard import Standards

EAST, NORTH = 505_000.0, 3_275_000.0
CRS = "+proj=tmerc +lat_0=0 +lon_0=106.5 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs"
PARCEL = "500105001002GB00117"
SITE = Polygon([(0, 96), (70, 99.5), (131, 92), (128, 4), (60, 0), (3, 6)])
GREEN_KINDS = ("地面绿地", "地下设施顶面绿地", "屋顶绿地", "停车场绿化")


def project_file() -> ProjectFile:
    return ProjectFile.model_validate(
        {
            "project": {
                "code": "CQJB-2026-0117",
                "name": "滨江雅苑",
                "address": "江北区滨江路 117 号",
                "county_code": "500105",
                "client": "重庆滨江雅苑置业有限公司",
                "date": dt.date(2026, 9, 18),
            },
            "firm": {"name": "重庆示例勘测有限公司", "certificate": "甲测资字 00000000", "certificate_grade": "甲级"},
            "people": [
                {"role": "项目负责", "name": "张工"},
                {"role": "检查", "name": "李工"},
                {"role": "审核", "name": "王工"},
            ],
            "crs": {"definition": CRS, "name": "滨江雅苑工程独立坐标系（中央子午线106.5°）"},
            "height_datum": "1985国家高程基准",
            "surveys": {"planning": {"files": ["a.dxf"]}},
        }
    )


def moved(shape: Any) -> Any:
    import shapely

    return shapely.transform(shape, lambda xy: xy + np.array([EAST, NORTH]))


def curved_block() -> Curve:
    """Building 3: an arc for its south face and a courtyard."""
    shell = np.array([(20, 12, 0.3), (60, 12, 0), (60, 36, 0), (20, 36, 0)], dtype=float)
    hole = np.array([(34, 20, 0), (34, 28, 0), (46, 28, 0), (46, 20, 0)], dtype=float)
    return Curve(tuple(ring + np.array([EAST, NORTH, 0]) for ring in (shell, hole)), closed=True)


def frame(layer: str, survey: str, rows: list[dict[str, Any]], standards: Standards) -> gpd.GeoDataFrame:
    spec = standards.surveys[survey].layers[layer]
    for number, row in enumerate(rows, 1):
        row |= {
            "feature": f"{survey}.{layer}/{number:X}",
            "file": f"{survey}/图.dxf",
            "source_layer": spec.label,
            "handle": f"{number:X}",
        }
        row.setdefault("curve", None)
        if "area_m2" in spec.derived:
            row.setdefault("area_m2", row["geometry"].area)
    names = ["feature", "file", "source_layer", "handle", *spec.fields, *spec.derived, "curve"]
    data = {
        name: pd.Series([row.get(name) for row in rows], dtype=None if rows and name != "curve" else object)
        for name in names
    }
    return gpd.GeoDataFrame(data, geometry=gpd.GeoSeries([row["geometry"] for row in rows], crs=CRS), crs=CRS)


def buildings() -> list[tuple[str, int, Any, Curve | None]]:
    curve = curved_block()
    return [
        ("1号楼", 18, moved(box(18, 58, 46, 74)), None),
        ("2号楼", 18, moved(box(60, 58, 88, 74)), None),
        ("3号楼", 6, to_geometry(curve), curve),
        (
            "商业裙房",
            3,
            moved(Polygon([(94, 46), (116, 46), (116, 84), (94, 84), (94, 70), (90, 70), (90, 60), (94, 60)])),
            None,
        ),
    ]
