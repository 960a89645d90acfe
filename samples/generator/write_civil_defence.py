"""The civil-defence drawing: DXF R2010, areas with XDATA, entrances and parking as blocks with ATTRIBs."""

from __future__ import annotations

from pathlib import Path

from generator import site
from generator.dxf import Drawing, words
from generator.shape import Survey

LAYERS = {
    "RF_人防工程": 1,
    "RF_防护单元": 5,
    "RF_功能区": 30,
    "RF_出入口": 6,
    "RF_车位": 3,
    "地下室外墙": 8,
    "注记": 7,
    "图框": 7,
}
UNIT = {
    "DYH": "unit_no",
    "ZSGN": "wartime_use",
    "PSGN": "peacetime_use",
    "KLJB": "grade",
    "FHDJ": "chemical_grade",
    "SZC": "level",
    "JG": "net_height_m",
    "SBCS": "storeys_over",
    "PZGN": "approved_use",
    "PZJB": "approved_grade",
    "KBSL": "entrance_count",
}
ZONE = {"GNQH": "zone_no", "DYH": "unit_no", "LB": "kind", "SZC": "level", "LTDX": "connects_to"}
ENTRANCE = {"编号": "entrance_no", "单元": "unit_no", "类别": "kind"}
SPACE = {"编号": "space_no", "单元": "unit_no"}


def write_civil_defence(survey: Survey, path: Path) -> None:
    """Write the drawing."""
    drawing = Drawing("R2010", gbk=False)
    drawing.layers(LAYERS)
    drawing.block("RFKB", 0.6)
    drawing.block("RFCW", 0.8)
    for layer, name, apps in (
        ("works", "RF_人防工程", {"GCBH": "works_no", "SZC": "level", "XMBH": "project_code"}),
        ("unit", "RF_防护单元", UNIT),
        ("zone", "RF_功能区", ZONE),
        ("blast_unit", "RF_抗爆单元", {"KBDYH": "blast_no", "DYH": "unit_no"}),
    ):
        for record in survey.get(layer, ()):
            drawing.area(record.shape, name, words(record, apps))
    for layer, block, name, tags in (
        ("entrance", "RFKB", "RF_出入口", ENTRANCE),
        ("parking", "RFCW", "RF_车位", SPACE),
    ):
        for record in survey[layer]:
            drawing.insert(block, record.shape, name, {t: record.fields[f] for t, f in tags.items()})
    drawing.outline(site.BASEMENTS[-2], "地下室外墙")
    drawing.text("人防工程平面图（负二层）", 30, 94, "图框", 2.5)
    for record in survey["unit"]:
        x0, y0, *_ = record.shape.polygon(0.01).bounds
        drawing.text(f"{record.fields['unit_no']} {record.fields['wartime_use']}", x0 + 8, y0 + 3, "注记")
    drawing.save(path)
