"""The cadastral drawing as CASS leaves it: DXF R2004, ANSI_936, XDATA app SOUTH and one app per attribute."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generator import site
from generator.dxf import Drawing, words
from generator.frame import to_map
from generator.shape import Record, Survey, line, point, poly, rect
from generator.write_cadastral_tables import drawn, write_cadastral_tables

LAYERS = {
    "JZD": 1,
    "JZP": 1,
    "JMD": 6,
    "DLSS": 9,
    "ZBTZ": 3,
    "ASSIST": 252,
    "GCD": 7,
    "KZD": 2,
    "ZJ": 7,
    "TK": 7,
    "DLDW": 7,
}
PARCEL = {
    "TDZL": "located",
    "DONGZHI": "east_side",
    "NANZHI": "south_side",
    "XIZHI": "west_side",
    "BEIZHI": "north_side",
    "QSXZ": "right_nature",
    "SYQLX": "right_type",
    "TUFU": "map_sheet",
    "BDCDYH": "unit_code",
    "XMBH": "project_code",
    "ZDTZM": "parcel_feature",
}
POINT = {
    "JZDH": "point_no",
    "JBLX": "marker",
    "JZDLX": "point_type",
    "JDDJ": "accuracy_class",
    "JCX": "checked_north_m",
    "JCY": "checked_east_m",
}
LINE = {
    "JZXH": "line_no",
    "JZXLB": "line_class",
    "JZXWZ": "line_position",
    "JXXZ": "line_nature",
    "JDDJ": "accuracy_class",
    "JCBC": "checked_length_m",
}


def write_cadastral(survey: Survey, path: Path) -> None:
    """Write the drawing, and beside it the tables of what is delivered so."""
    write_cadastral_tables(survey, path.parent)
    survey = drawn(survey)
    drawing = Drawing("R2004", gbk=True)
    drawing.layers(LAYERS)
    for name in ("GC200", "KZD1"):
        drawing.block(name, 0.3)
    for record in survey["parcel"]:
        f = record.fields
        south = _south("300000", f["parcel_code"], f["right_holder"] or "", f["land_use"])
        area = {"ZDMJ": [(1040, float(f["stated_area_m2"]))]}
        drawing.outline(record.shape, "JZD", {**south, **words(record, PARCEL), **area})
    for record in survey["boundary_point"]:
        f = record.fields
        south = {"SOUTH": [*_south("301000", f["parcel_code"])["SOUTH"], (1071, f["sequence"])]}
        drawing.circle(record.shape, 0.5, "JZP", {**south, **words(record, POINT)})
    for i, record in enumerate(survey["boundary_line"]):
        f = record.fields
        length = {"JZXCD": [(1040, float(f["stated_length_m"]))]}
        xdata = {**_south("303000", f["parcel_code"]), **words(record, LINE), **length}
        drawing.line(record.shape, "JZD", xdata, poly=i % 2 == 1)
    for record in survey["building"]:
        _house(drawing, record)
    _annotations(drawing, survey)
    _clutter(drawing)
    drawing.save(path)


def _south(*values: str) -> dict[str, list[tuple[int, Any]]]:
    return {"SOUTH": [(1000, value) for value in values]}


#: where the label of a house stands
LABELS = {"1幢": (24, 60.5), "2幢": (56, 60.5), "3幢": (92, 58)}
MATERIALS = {"3": "砼", "4": "混"}


def _house(drawing: Drawing, record: Record) -> None:
    """CASS house: code, storeys as 1040; structure and storeys again as text inside the ring."""
    f = record.fields
    south = {"SOUTH": [(1000, "141111"), (1040, float(f["floors_above"]))]}
    drawing.area(record.shape, "JMD", {**south, "FWMC": [(1000, f["building"])]})
    x, y = record.hints.get("label") or LABELS[f["building"]]
    material = MATERIALS.get(f["structure"], f["structure"])
    drawing.text(f"{material}{f['floors_above']}", x, y, "ZJ", 1.5, "140009")


def _annotations(drawing: Drawing, survey: Survey) -> None:
    """Point numbers, side lengths, the fraction label: notes of the main features."""
    for record in survey["boundary_point"]:
        x, y = record.shape.xy
        drawing.text(record.fields["point_no"], x + 0.8, y + 0.8, "ZJ", 1.0, "301001")
    for record in survey["boundary_line"]:
        (x0, y0, _), (x1, y1, _) = record.shape.rings[0][0], record.shape.rings[0][-1]
        drawing.text(record.fields["stated_length_m"], (x0 + x1) / 2, (y0 + y1) / 2, "ZJ", 0.8, "302010")
    drawing.text("GB00117", 88, 34, "ZJ", 2.0, "302002")
    drawing.text("0701", 88, 31, "ZJ", 2.0, "302003")


def _clutter(drawing: Drawing) -> None:
    """What every CASS drawing carries besides: heights, roads, greens, fences, control points, the frame."""
    if "EXPLODE" not in drawing.doc.appids:
        drawing.doc.appids.add("EXPLODE")
    for i, (x, y) in enumerate(((4, 90), (45, 92), (87, 50), (124, 85), (110, 22), (60, 24), (20, 2), (2, 40))):
        height = 236.2 + 0.07 * i
        entity = drawing.insert("GC200", point(x, y), "GCD", height_m=round(height, 2))
        entity.set_xdata("SOUTH", [(1000, "202101")])
        entity.set_xdata("EXPLODE", [(1070, 1)])
        drawing.text(f"{height:.2f}", x + 0.6, y, "GCD", 0.8, "202111")
    for shape in site.road_lines():
        drawing.line(shape, "DLSS", _south("164300"))
        drawing.line(shape.moved(0, -0.3), "DLSS", _south("164300-1"))
    lawn = rect(12, 5, 40, 18)
    drawing.outline(lawn, "ASSIST", _south("214400"))
    drawing.hatch(lawn, "ZBTZ", _south("214499"), colour=3)
    drawing.line(line((0, 96), (0, 4)), "DLDW", _south("144301"))
    drawing.line(line((0.24, 96), (0.24, 4)), "DLDW", _south("144301-1"))
    for number, xy, level, _ in site.CONTROL_POINTS:
        drawing.insert("KZD1", point(*xy), "KZD", height_m=float(level))
        drawing.text(number, xy[0] + 1, xy[1], "KZD", 1.0, "131700")
    for name, x, y in (("雅苑路", 60, -7), ("滨江二支路", 133, 50), ("江北区滨江小学", -30, 50)):
        drawing.text(name, x, y, "ZJ", 2.0, "140009")
    drawing.outline(poly((-35, 125), (165, 125), (165, -45), (-35, -45)), "TK")
    east, north = to_map(0, 0)
    drawing.text(f"3度带任意投影 {north:.0f} {east:.0f}", -30, -42, "TK", 2.0)
