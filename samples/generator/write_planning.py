"""The planning drawing: DXF R2010 in UTF-8, layers by Chinese names, XDATA for areas, ATTRIBs for points."""

from __future__ import annotations

from pathlib import Path

from generator import site
from generator.dxf import Drawing, words
from generator.shape import Survey

LAYERS = {
    "用地红线": 1,
    "建筑退让线": 30,
    "建筑基底": 7,
    "地下室": 8,
    "建筑角点": 2,
    "高度点": 4,
    "功能区": 140,
    "退让间距线": 6,
    "停车位": 3,
    "道路": 9,
    "注记": 7,
    "图框": 7,
}
RED_LINE = {"XMBH": "project_code", "XKZH": "permit_number"}
FOOTPRINT = {"ZH": "building", "DSCS": "floors_above", "DXCS": "floors_below"}
ZONE = {
    "GNQH": "zone_no",
    "ZH": "building",
    "SZC": "floor",
    "YT": "use",
    "MJXS": "area_factor",
    "JRXS": "far_factor",
    "CG": "storey_height_m",
    "FCXS": "property_factor",
    "CYSM": "difference_note",
    "XKCG": "permitted_storey_height_m",
}
SETBACK = {"XH": "line_no", "ZH": "building", "FW": "side", "LB": "kind", "XKJL": "permitted_m"}
CORNER = {"幢号": "building", "角点号": "corner_no", "许可X": "permitted_north_m", "许可Y": "permitted_east_m"}
HEIGHT = {"幢号": "building", "点号": "point_no", "位置": "kind", "标高": "level_m", "许可标高": "permitted_level_m"}
SPACE = {"编号": "space_no", "类型": "kind", "层": "level", "系数": "factor", "人防": "civil_defence"}


def write_planning(survey: Survey, path: Path) -> None:
    """Write the drawing."""
    drawing = Drawing("R2010", gbk=False)
    drawing.layers(LAYERS)
    for name, radius in (("JZJD", 0.2), ("GDD", 0.15), ("CW", 0.8)):
        drawing.block(name, radius)
    for record in survey["red_line"]:
        drawing.area(record.shape, "用地红线", words(record, RED_LINE))
    for record in survey.get("levied_land", ()):
        drawing.area(record.shape, "代征地")
    for record in survey["setback_boundary"]:
        drawing.area(record.shape, "建筑退让线")
    for record in survey["footprint"]:
        drawing.area(record.shape, "建筑基底", words(record, FOOTPRINT))
    for record in survey["basement"]:
        drawing.area(record.shape, "地下室", words(record, {"SZC": "level"}))
    for record in survey["zone"]:
        drawing.area(record.shape, "功能区", words(record, ZONE))
    for record in survey["setback"]:
        drawing.line(record.shape, "退让间距线", words(record, SETBACK))
    for layer, block, name, tags in (
        ("corner", "JZJD", "建筑角点", CORNER),
        ("height_point", "GDD", "高度点", HEIGHT),
        ("parking", "CW", "停车位", SPACE),
    ):
        for record in survey[layer]:
            drawing.insert(block, record.shape, name, {t: record.fields[f] for t, f in tags.items()})
    _decoration(drawing)
    drawing.save(path)


def _decoration(drawing: Drawing) -> None:
    for shape in site.road_lines():
        drawing.line(shape, "道路")
    for words_, x, y in (
        ("雅苑路", 60, -8),
        ("滨江二支路", 134, 50),
        ("1号楼 18F/-2F", 22, 70),
        ("2号楼 18F/-2F", 56, 70),
        ("3号楼 6F", 110, 70),
    ):
        drawing.text(words_, x, y, "注记", 1.5)
    drawing.text(f"{site.PROJECT_NAME} 竣工规划核实图", 40, 116, "图框", 3.0)
    drawing.text("1:500", 60, -18, "图框", 2.0)
