"""The files of one small project: project.yaml, permit.csv, the cadastral drawing, GeoJSON tables of the others."""

from __future__ import annotations

import csv
import io
import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

from generator import district_surveys as site
from generator.district_faults import drawn_fields
from generator.district_plan import BELT_35, Plan
from generator.district_property import dwellings, property_tables
from generator.district_surveys import area_m2
from generator.shape import half_up

FOLDERS = {"planning": "规划", "green": "绿地", "civil_defence": "人防", "cadastral": "地籍", "property": "房产"}
TABLES = {
    "planning": site.planning,
    "green": site.green,
    "civil_defence": site.civil_defence,
    "property": property_tables,
}
DRAWING = "地籍.dxf"

YAML = """\
# 示例项目：单位、人员、证号、坐标均为虚构
project: {{code: {code}, name: {name}, address: {address}, county_code: "500105", client: {client}, date: {date}}}
firm: {{name: {firm}, certificate: {certificate}, certificate_grade: {grade}}}
people:
  - {{role: 项目负责, name: {lead}}}
  - {{role: 检查, name: {checker}}}
  - {{role: 审核, name: {reviewer}}}
instruments:
  - {{name: GNSS接收机, model: RTK-8, serial: G{number:07d}, use: 界址点、房角点, valid_until: 2027-03-14}}
crs: {{definition: "EPSG:{epsg}", name: {crs}}}
height_datum: 1985国家高程基准
profile: chongqing
overrides:
  - {{key: project.scale_limit_m_per_km, value: 0.35, source: 登记系统入库要求（虚构）, certainty: practice, reason: 入库成果须为3度带坐标，长度变形已知并在技术说明中列出}}
{limits}{land_use}permit: {{file: permit.csv, number: {permit}, date: 2022-05-16, approved_by: 重庆市江北区规划和自然资源局}}
surveys:
"""
LIMITS = "".join(
    f"  - {{key: planning.{name}_limit_m, value: {value}, source: 测绘技术设计书（虚构）, certainty: practice,"
    " reason: 重庆未公布，技术设计书参照浙江省竣工测量通行限差约定}\n"
    for name, value in (("corner", "0.10"), ("setback", "0.10"), ("zero_level", "0.09"), ("height", "0.10"))
)  # of projects with a planning survey


HOMES = "  - {key: green.land_use, choice: 居住, source: 规划许可（虚构）, certainty: practice, reason: 许可的用地性质为居住用地}\n"


def write_files(plan: Plan, folder: Path) -> None:
    """Write the project folder."""
    files: dict[str, list[str]] = {}
    for survey in plan.surveys:
        own = folder / FOLDERS[survey]
        own.mkdir(parents=True)
        if survey == "cadastral":
            (own / DRAWING).write_bytes(drawing(plan))
            files[survey] = [f"{own.name}/{DRAWING}"]
            continue
        layers = TABLES[survey](plan)
        for name, rows in layers.items():
            (own / f"{name}.geojson").write_text(geojson(plan, rows), "utf-8")
        files[survey] = [f"{own.name}/{name}.geojson" for name in layers]
    (folder / "permit.csv").write_text(permit(plan), "utf-8")
    text = _yaml(plan, files)
    (folder / "project.yaml").write_text(text[: text.index("people:") + 18] if plan.broken else text, "utf-8")


def _yaml(plan: Plan, files: dict[str, list[str]]) -> str:
    head = YAML.format(
        code=plan.code,
        name=plan.name,
        address=plan.lot.address,
        client=plan.client,
        date=plan.date,
        firm=plan.firm.name,
        certificate=plan.firm.certificate,
        grade=plan.firm.grade,
        lead=plan.people[0],
        checker=plan.people[1],
        reviewer=plan.people[2],
        number=plan.number,
        epsg=plan.epsg,
        land_use=HOMES if "green" in plan.surveys and plan.use[0] == "住宅" else "",
        crs=f"2000国家大地坐标系3度带第{35 if plan.epsg == BELT_35 else 36}带",
        permit=site.permit_number(plan),
        limits=LIMITS if "planning" in files else "",
    )
    return head + "".join(
        f"  {name}: {{files: [{', '.join(paths)}], surveyed: {plan.date}}}\n" for name, paths in files.items()
    )


# ---------------------------------------------------------------- tables


def permit(plan: Plan) -> str:
    """Every figure as built; only ±0 and the land are permitted exactly so, the others are upper or lower bounds."""
    land, ground = area_m2(plan, site.land(plan)), area_m2(plan, site.house(plan))
    above, below = ground * plan.floors, area_m2(plan, site.cellar(plan)) if site.has_cellar(plan) else Decimal(0)
    use = plan.use[0]
    shelter = area_m2(plan, site.shelter(plan))
    green = site.green_area_m2(plan)
    top = dict(site.levels(plan))["女儿墙顶"] - dict(site.levels(plan))["室外地坪"]
    figures: dict[str, list[tuple[str, str, Any]]] = {
        "planning": [
            ("用地面积", "m²", land),
            ("总建筑面积", "m²", above + below),
            ("地上建筑面积", "m²", above),
            ("地下建筑面积", "m²", below),
            ("住宅建筑面积", "m²", above if use == "住宅" else 0),
            ("商业建筑面积", "m²", above if use == "商业" else 0),
            ("计容建筑面积", "m²", above),
            ("容积率", "", half_up(above / land + Decimal("0.005"))),
            ("建筑基底面积", "m²", ground),
            ("建筑密度", "%", half_up(ground / land * 100 + Decimal("0.005"))),
            ("建筑高度", "m", top),
            ("±0.000标高", "m", site.zero_level_m(plan)),
            ("地上层数", "层", plan.floors),
            ("地下层数", "层", int(site.has_cellar(plan))),
            ("机动车位", "个", site.spaces(plan)),
            ("非机动车位", "个", 0),
        ],
        "green": [
            ("绿地率", "%", half_up(green / land * 100 - Decimal("0.005"))),
            ("绿地面积", "m²", green),
            ("集中绿地面积", "m²", 0),
        ],
        "civil_defence": [
            ("人防建筑面积", "m²", shelter),
            ("掩蔽面积", "m²", shelter - 4 * Decimal(str(site.CELLAR_M))),
            ("防护单元数", "个", 1),
            ("人防车位", "个", len(site.shelter_spaces(plan))),
        ],
        "cadastral": [("宗地面积", "m²", land)],
        "property": [("住宅户数", "户", dwellings(plan))],
    }
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("指标", "单位", "许可值", "幢号", "备注"))
    per_building = {"建筑高度", "±0.000标高", "地上层数", "地下层数"}
    for label, unit, value in (row for survey in plan.surveys for row in figures[survey]):
        writer.writerow((label, unit, value, "1号楼" if label in per_building else "", ""))
    return out.getvalue()


def geojson(plan: Plan, rows: list[site.Row]) -> str:
    """One feature a line, in the project's CRS as it declares."""
    crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{plan.epsg}"}}
    lines = ",\n".join(
        _json({"type": "Feature", "properties": fields, "geometry": _geometry(plan, figure)}) for fields, figure in rows
    )
    return f'{{"type":"FeatureCollection","crs":{_json(crs)},"features":[\n{lines}\n]}}\n'


def _geometry(plan: Plan, figure: list[site.Point]) -> dict[str, Any]:
    points = [list(plan.place(*xy)) for xy in figure]
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0]}
    if len(points) == 2:
        return {"type": "LineString", "coordinates": points}
    return {"type": "Polygon", "coordinates": [[*points, points[0]]]}


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


# ---------------------------------------------------------------- the cadastral drawing


class _Dxf:
    """An R12 drawing as CASS of old saved it: GBK, CRLF, XDATA app SOUTH and one app per attribute."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.lines, self.handle = plan, [], 0x100

    def entity(self, kind: str, layer: str, xy: site.Point | None, *values: tuple[int, Any]) -> None:
        self.handle += 1
        self.put((0, kind), (5, f"{self.handle:X}"), (8, layer))
        if xy is not None:
            self.put(*self.at(xy))
        self.put(*values)

    def at(self, xy: site.Point, first: int = 10) -> list[tuple[int, Any]]:
        east, north = self.plan.place(*xy)
        return [(first, f"{east:.3f}"), (first + 10, f"{north:.3f}"), (first + 20, "0.0")]

    def put(self, *values: tuple[int, Any]) -> None:
        self.lines += [f"{code:3d}\r\n{value}\r\n" for code, value in values]

    def ring(self, layer: str, corners: list[site.Point], xdata: dict[str, list[tuple[int, Any]]]) -> None:
        self.entity("POLYLINE", layer, None, (66, 1), (70, 1), *_xdata(xdata))
        for xy in corners:
            self.entity("VERTEX", layer, xy)
        self.entity("SEQEND", layer, None)


def _xdata(apps: dict[str, list[tuple[int, Any]]]) -> list[tuple[int, Any]]:
    return [pair for app, values in apps.items() for pair in [(1001, app), *values]]


def _south(*values: str) -> dict[str, list[tuple[int, Any]]]:
    return {"SOUTH": [(1000, value) for value in values]}


def drawing(plan: Plan) -> bytes:
    """Parcel, boundary points and lines, the building with its storeys."""
    dxf, corners = _Dxf(plan), site.land(plan)
    dxf.put((0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, "AC1009"), (9, "$DWGCODEPAGE"), (3, "ANSI_936"))
    dxf.put((0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES"))
    f = drawn_fields(plan, area_m2(plan, corners))
    words = {k: v for k, v in f.items() if k not in ("code", "holder", "use", "ZDMJ")}
    parcel = {"SOUTH": [(1000, "300000"), (1000, f["code"]), (1000, f["holder"]), (1000, f["use"])]}
    parcel |= {app: [(1000, value)] for app, value in words.items()} | {"ZDMJ": [(1040, f["ZDMJ"])]}
    dxf.ring("JZD", corners, parcel)
    for i, xy in enumerate(corners, 1):
        south = {"SOUTH": [(1000, "301000"), (1000, f["code"]), (1071, i)]}
        marks = {"JZDH": [(1000, f"J{i}")], "JBLX": [(1000, "1")], "JZDLX": [(1000, "1")]}
        dxf.entity("CIRCLE", "JZP", xy, (40, "0.5"), *_xdata(south | marks))
    for i, (a, b) in enumerate(zip(corners, corners[1:] + corners[:1], strict=True), 1):
        length = half_up(Decimal(str(round(math.dist(plan.place(*a), plan.place(*b)), 6))))
        marks = {"JZXH": f"J{i}-J{i % len(corners) + 1}", "JZXLB": "1", "JZXWZ": "2", "JXXZ": "600001"}
        apps = _south("303000", f["code"]) | {k: [(1000, v)] for k, v in marks.items()} | {"JZXCD": [(1040, length)]}
        dxf.entity("LINE", "JZD", a, *dxf.at(b, 11), *_xdata(apps))
    storeys = {"SOUTH": [(1000, "141111"), (1040, float(plan.floors))], "FWMC": [(1000, "1幢")]}
    dxf.ring("JMD", site.house(plan), storeys)
    (x0, _), (x1, _), (_, y0), _ = site.house(plan)
    dxf.entity("TEXT", "ZJ", ((x0 + x1) / 2, y0 + 3), (40, "1.5"), (1, f"砼{plan.floors}"), *_xdata(_south("140009")))
    dxf.put((0, "ENDSEC"), (0, "EOF"))
    return "".join(dxf.lines).encode("gbk")
