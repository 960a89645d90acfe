"""An invented finished project in memory, for the tests of drawings, HTML and PDF. All numbers are made up."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point, Polygon, box

from pipeline.measures.arcs import to_geometry
from pipeline.model import Curve, Finding, Indicator, LedgerEntry, ProjectReport, RuleRun, SurveyResult
from pipeline.projectfile import ProjectFile
from pipeline.report.model import Chapter, Column, Figure, Heading, KeyValues, Paragraph, Report, Table
from pipeline.standard import Standards, load_standards

EAST, NORTH = 505_000.0, 3_275_000.0
CRS = "+proj=tmerc +lat_0=0 +lon_0=106.5 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs"
PARCEL = "500105001002GB00117"
SITE = Polygon([(0, 96), (70, 99.5), (131, 92), (128, 4), (60, 0), (3, 6)])
GREEN_KINDS = ("地面绿地", "地下设施顶面绿地", "屋顶绿地", "停车场绿化")


def project_file() -> ProjectFile:
    return ProjectFile.model_validate({
        "project": {"code": "CQJB-2026-0117", "name": "滨江雅苑", "address": "江北区滨江路 117 号", "county_code": "500105",
                    "client": "重庆滨江雅苑置业有限公司", "date": dt.date(2026, 9, 18)},
        "firm": {"name": "重庆示例勘测有限公司", "certificate": "甲测资字 00000000", "certificate_grade": "甲级"},
        "people": [{"role": "项目负责", "name": "张工"}, {"role": "检查", "name": "李工"}, {"role": "审核", "name": "王工"}],
        "crs": {"definition": CRS, "name": "滨江雅苑工程独立坐标系（中央子午线106.5°）"},
        "height_datum": "1985国家高程基准",
        "surveys": {"planning": {"files": ["a.dxf"]}},
    })


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
        row |= {"feature": f"{survey}.{layer}/{number:X}", "file": f"{survey}/图.dxf", "source_layer": spec.label,
                "handle": f"{number:X}"}
        row.setdefault("curve", None)
        if "area_m2" in spec.derived:
            row.setdefault("area_m2", row["geometry"].area)
    names = ["feature", "file", "source_layer", "handle", *spec.fields, *spec.derived, "curve"]
    data = {name: pd.Series([row.get(name) for row in rows], dtype=None if rows and name != "curve" else object)
            for name in names}
    return gpd.GeoDataFrame(data, geometry=gpd.GeoSeries([row["geometry"] for row in rows], crs=CRS), crs=CRS)


def buildings() -> list[tuple[str, int, Any, Curve | None]]:
    curve = curved_block()
    return [
        ("1号楼", 18, moved(box(18, 58, 46, 74)), None),
        ("2号楼", 18, moved(box(60, 58, 88, 74)), None),
        ("3号楼", 6, to_geometry(curve), curve),
        ("商业裙房", 3, moved(Polygon([(94, 46), (116, 46), (116, 84), (94, 84), (94, 70), (90, 70), (90, 60), (94, 60)])), None),
    ]


def planning(standards: Standards) -> dict[str, gpd.GeoDataFrame]:
    site, made = moved(SITE), buildings()
    def make(layer: str, rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
        return frame(layer, "planning", rows, standards)

    corners = [(name, n, xy) for name, _, shape, curve in made if curve is None
               for n, xy in enumerate(shape.exterior.coords[:-1], 1)]
    lines = [("T1", "1号楼", "北", (32, 74), (32, 97.6), 20.0), ("T2", "2号楼", "北", (74, 74), (74, 99.0), 20.0),
             ("T3", "商业裙房", "东", (116, 66), (130, 66), 12.0), ("T4", "3号楼", "西", (20, 24), (2.4, 24), 15.0),
             ("J1", "1号楼", "2号楼", (46, 66), (60, 66), 13.0), ("J2", "1号楼", "3号楼", (32, 58), (32, 36), 22.0)]
    return {
        "red_line": make("red_line", [{"geometry": site}]),
        "setback_boundary": make("setback_boundary", [{"geometry": site.buffer(-8, join_style="mitre")}]),
        "footprint": make("footprint", [{"building": name, "floors_above": floors, "floors_below": 2,
                                         "building_key": name, "geometry": shape, "curve": curve}
                                        for name, floors, shape, curve in made]),
        "basement": make("basement", [{"level": level, "geometry": moved(box(12, 8, 122, 88))} for level in (-1, -2)]),
        "corner": make("corner", [{"building": name, "corner_no": f"{name[:1]}-{n}", "geometry": Point(xy)}
                                  for name, n, xy in corners]),
        "height_point": make("height_point", []),
        "zone": make("zone", []),
        "setback": make("setback", [{"line_no": no, "building": name, "side": side, "kind": "退让" if no[0] == "T" else "间距",
                                     "permitted_m": permitted, "length_m": math.dist(a, b),
                                     "geometry": moved(LineString([a, b]))} for no, name, side, a, b, permitted in lines]),
        "parking": make("parking", [{"space_no": f"P{i:03d}", "kind": "机动车", "level": 1,
                                     "geometry": moved(Point(66 + i * 2.5, 20 + 6 * (i % 2)))} for i in range(20)]),
    }


def green(standards: Standards, patches: int = 40) -> dict[str, gpd.GeoDataFrame]:
    def make(layer: str, rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
        return frame(layer, "green", rows, standards)

    side = math.ceil(patches / 2)
    shapes = [box(8 + i * 110 / side, 88, 8 + (i + 0.85) * 110 / side, 93) for i in range(side)]
    shapes += [box(8 + i * 110 / side, 40 + (i % 3) * 3, 8 + (i + 0.6) * 110 / side, 45 + (i % 3) * 4) for i in range(patches - side)]
    rows = [{"patch_no": f"G{i:02d}", "category": GREEN_KINDS[i % 4], "nature": "单块", "soil_depth_m": 1.2,
             "counted_m2": shape.area, "geometry": moved(shape)} for i, shape in enumerate(shapes, 1)]
    return {
        "site": make("site", [{"geometry": moved(SITE)}]), "patch": make("patch", rows),
        "rest_place": make("rest_place", [{"place_no": "X1", "kind": "景观水体", "geometry": moved(box(66, 28, 80, 34))}]),
    }


def civil_defence(standards: Standards) -> dict[str, gpd.GeoDataFrame]:
    def make(layer: str, rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
        return frame(layer, "civil_defence", rows, standards)

    units = [(f"{i}", moved(box(14 + 34 * (i - 1), 12, 46 + 34 * (i - 1), 60))) for i in (1, 2, 3)]
    zones = [(f"{no}-{k}", no, kind, moved(shape)) for no, whole in units for k, kind, shape in _zones(no, whole)]
    return {
        "works": make("works", [{"works_no": "RF-1", "level": -2, "geometry": moved(box(12, 10, 118, 62))}]),
        "unit": make("unit", [{"unit_no": no, "wartime_use": "二等人员掩蔽", "peacetime_use": "汽车库", "level": -2,
                               "geometry": shape} for no, shape in units]),
        "zone": make("zone", [{"zone_no": z, "unit_no": no, "kind": kind, "geometry": shape} for z, no, kind, shape in zones]),
        "entrance": make("entrance", [{"entrance_no": f"{no}-{k}", "unit_no": no, "kind": "主要出入口",
                                       "geometry": moved(Point(20 + 34 * (int(no) - 1) + 18 * (k - 1), 12))}
                                      for no, _ in units for k in (1, 2)]),
        "parking": make("parking", [{"space_no": f"R{i:02d}", "unit_no": f"{1 + i // 12}", "geometry": moved(
            Point(18 + 34 * (i // 12) + (i % 6) * 3, 30 + 6 * (i % 12 // 6)))} for i in range(36)]),
    }


def _zones(no: str, whole: Any) -> list[tuple[int, str, Any]]:
    left, low = 14 + 34 * (int(no) - 1), 12
    return [(1, "掩蔽", box(left, low + 10, left + 32, low + 48)), (2, "口部", box(left, low, left + 12, low + 10)),
            (3, "辅助房间", box(left + 12, low, left + 32, low + 10))]


def cadastral(standards: Standards) -> dict[str, gpd.GeoDataFrame]:
    site = moved(SITE)
    def make(layer: str, rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
        return frame(layer, "cadastral", rows, standards)

    parcel = {"parcel_code": PARCEL, "unit_code": PARCEL + "W00000000", "right_holder": "重庆滨江雅苑置业有限公司",
              "land_use": "0701", "located": "江北区滨江路 117 号", "north_side": "滨江路", "east_side": "规划绿地",
              "south_side": "江北城南支路", "west_side": "滨江小学", "map_sheet": "—", "geometry": site}
    points = [{"parcel_code": PARCEL, "sequence": n, "point_no": f"J{n}", "east_m": x, "north_m": y, "geometry": Point(x, y)}
              for n, (x, y) in enumerate(site.exterior.coords[:-1], 1)]
    return {
        "parcel": make("parcel", [parcel]), "boundary_point": make("boundary_point", points),
        "boundary_line": make("boundary_line", []),
        "building": make("building", [{"building": name, "floors_above": floors, "structure": "3", "geometry": shape, "curve": curve}
                                      for name, floors, shape, curve in buildings()]),
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
            floors.append({"floor_id": floor, "floor_no": str(level), "building_code": code, "actual_floor": level,
                           "storey_height_m": 3.0, "geometry": moved(box(left, 58, left + 28, 74))})
            wide = 8 if level > 1 else 5
            for room, (x0, y0, x1, y1) in enumerate(((0, 0, 11, 16 - wide), (17, 0, 28, 16 - wide), (0, 16 - wide, 11, 16),
                                                     (17, 16 - wide, 28, 16)), 1):
                shape = moved(box(left + x0, 58 + y0, left + x1, 58 + y1))
                units.append({"unit_code": f"{code}{level:02d}{room:02d}", "building_code": code, "floor_id": floor,
                              "room": f"{level}0{room}", "unit_use": "10", "function_zone": "住宅", "inner_area_m2": shape.area,
                              "shared_area_m2": 12.0, "building_area_m2": shape.area + 12, "geometry": shape})
            parts.append({"part_no": f"{floor}-c", "name": "楼梯间及电梯厅", "building_code": code, "floor_id": floor,
                          "stated_area_m2": 96.0, "geometry": moved(box(left + 11, 58, left + 17, 74))})
    blocks = [{"building_code": f"{PARCEL}F000{i + 1}", "building": f"{i + 1}号楼", "geometry": moved(box(x, 58, x + 28, 74))}
              for i, x in enumerate((18, 60))]
    return {"building": make("building", blocks), "floor": make("floor", floors), "unit": make("unit", units),
            "common": make("common", parts)}


def survey_result(survey: str, frames: dict[str, gpd.GeoDataFrame], standards: Standards) -> SurveyResult:
    return SurveyResult(survey, standards.surveys[survey].label, frames, (), (), ())


def finding(survey: str, rule: str, severity: str, feature: str, place: Any, message: str, other: str | None = None) -> Finding:
    return Finding(rule, severity, survey, f"{survey}/图.dxf", feature.partition(".")[2].partition("/")[0], feature, other,  # type: ignore[arg-type]
                   None, None, 1.0, 0.0, "m²", 0.01, place.wkt, message)


def project_report(*, patches: int = 40) -> ProjectReport:
    """Five surveys, two findings, three indicators."""
    standards = load_standards()
    made = {"planning": planning(standards), "green": green(standards, patches), "civil_defence": civil_defence(standards),
            "cadastral": cadastral(standards), "property": property_(standards)}
    results = tuple(survey_result(survey, frames, standards) for survey, frames in made.items())
    findings = (
        finding("green", "GRN-T01", "error", "green.patch/1", made["green"]["patch"].geometry[0].centroid,
                "与 G02 重叠 1.00 m²</script><b>&", "green.patch/2"),
        finding("cadastral", "CAD-G02", "warning", "cadastral.boundary_point/1", made["cadastral"]["boundary_point"].geometry[0],
                "界址点 J1 距宗地拐点 0.012 m"),
    )
    indicators = tuple(
        Indicator(survey, None, name, label, permitted, measured, measured - permitted, 0.1, None, unit, 2, direction, outcome,  # type: ignore[arg-type]
                  None, features, formula)
        for survey, name, label, permitted, measured, unit, direction, outcome, features, formula in (
            ("planning", "land_area_m2", "用地面积", 11900.0, SITE.area, "m²", "equal", "passed", ("planning.red_line/1",), "用地红线面积"),
            ("planning", "plot_ratio", "容积率", 2.5, 2.48, "", "at_most", "passed", ("planning.footprint/1", "planning.footprint/2"),
             "计容建筑面积 ÷ 用地面积"),
            ("green", "green_ratio_pct", "绿地率", 30.0, 28.5, "%", "at_least", "failed", ("green.patch/1", "green.patch/2"),
             "Σ计入绿地面积 ÷ 用地面积 × 100"),
        )
    )
    runs = tuple(RuleRun(f.rule, f.survey, "failed", 40, (f,)) for f in findings)
    ledger = (LedgerEntry("planning/规划核实.dxf", "planning", "0" * 64, 1000, "dxf", "AC1024", "utf-8", "严格 UTF-8 可解码"),)
    return ProjectReport(project_file(), standards, results, (), ledger, runs, findings, indicators, "failed",
                         {"error": 1, "warning": 1, "info": 0}, {"duoce": "0.1.0"})


def table(rows: int, *, wide: bool = False, caption: str = "户室面积表") -> Table:
    """A table with a code in every row, words that look like markup, and a total."""
    columns = (Column("不动产单元号"), Column("室号", "center"), Column("建筑面积/m²", "right"), Column("说明"))
    made = tuple((f"{PARCEL}F{n:08d}", f"{n}01", f"{100 + n / 100:.2f}", '#eval("1+1") *粗* $x$ </td>&') for n in range(1, rows))
    return Table("property.units", caption, columns, (*made, ("合计", "", "12345.67", "")), "示例", "property.unit", 1,
                 (("property.unit/1",),), wide)


def report(figures: tuple[Figure, ...] = ()) -> Report:
    """Every kind of block once."""
    blocks = (Paragraph("本项目位于江北区。"), KeyValues("k", "项目基本情况", (("项目名称", "滨江雅苑"), ("编号", "CQJB-2026-0117"))),
              Heading("户室面积"), table(60), Paragraph("须由主管部门确认。", "warning"), Paragraph("合格", "verdict"), table(5, wide=True))
    chapters = (Chapter("1", "项目与委托信息", blocks), Chapter("2", "质量检查记录", (Paragraph("无。", "note"),)),
                Chapter("附图", "成果图件", figures))
    return Report("建设工程“多测合一”成果报告书", (("项目名称", "滨江雅苑"), ("提交日期", "2026年9月18日")), ("声明之一。", "声明之二。"),
                  (("项目负责", "张工"), ("审核", "王工")), chapters, "CQJB-2026-0117", "重庆示例勘测有限公司", "2026年9月18日", ("滨江雅苑",))
