"""The green drawing: DXF R2004 in GBK; the layer says the category, everything else is text inside the ring."""

from __future__ import annotations

from pathlib import Path

from generator import site
from generator.dxf import Drawing, words
from generator.shape import Record, Survey

#: every how many patches a ring is closed by repeating its first vertex instead of by the flag
REPEATED_END = 7
SITE = {"XMBH": "project_code", "YDMJ": "stated_area_m2", "LDMJ": "stated_green_m2", "LDL": "stated_ratio_pct"}
COLOURS = {"地面绿地": 3, "地下设施顶面绿地": 94, "屋顶绿地": 60, "停车场绿化": 82, "垂直绿化": 112}
STATED = {"stated_factor": "系数", "stated_counted_m2": "计入面积"}
REST_COLOURS = {"景观水体": 5, "园路及铺装": 8, "园林小品": 40}


def write_green(survey: Survey, path: Path) -> None:
    """Write the drawing."""
    drawing = Drawing("R2004", gbk=True)
    drawing.layers({"用地范围": 1, "绿地填充": 254, "绿地注记": 7, "休憩注记": 7, "道路": 9, "图框": 7})
    drawing.layers({f"{c}_{n}": colour for c, colour in COLOURS.items() for n in ("单块", "集中")})
    drawing.layers({f"休憩_{kind}": colour for kind, colour in REST_COLOURS.items()})
    for record in survey["site"]:
        drawing.outline(record.shape, "用地范围", words(record, SITE))
    for i, record in enumerate(survey["patch"]):
        layer = record.hints.get("layer") or f"{record.fields['category']}_{record.fields['nature']}"
        drawing.outline(record.shape, layer, closed=i % REPEATED_END != REPEATED_END - 1)
        drawing.hatch(record.shape, "绿地填充", colour=COLOURS.get(record.fields["category"], 3))
        _labels(drawing, record)
    for record in survey["rest_place"]:
        drawing.outline(record.shape, f"休憩_{record.fields['kind']}")
        x, y = record.hints.get("label") or _inside(record, 0.3, 0.1)
        drawing.text(record.fields["place_no"] or "", x, y, "休憩注记", 0.8)
    for shape in site.road_lines():
        drawing.line(shape, "道路")
    drawing.text(f"{site.PROJECT_NAME} 绿地竣工图", 40, 112, "图框", 3.0)
    drawing.save(path)


def _labels(drawing: Drawing, record: Record) -> None:
    """Number with soil depth, then roof height, then the stated area; each begins inside its ring."""
    fields = record.fields
    first = (fields["patch_no"] or "") + (f" 覆土{fields['soil_depth_m']}" if fields["soil_depth_m"] else "")
    second = f"屋面高度 {fields['roof_height_m']}" if fields["roof_height_m"] else None
    third = f"S={fields['stated_area_m2']}" if fields["stated_area_m2"] else None
    more = [f"{word} {fields[name]}" for name, word in STATED.items() if fields.get(name)]
    lines = [text for text in (first, second, third, *more) if text]
    for i, text in enumerate(lines):
        x, y = record.hints.get("label") or _inside(record, 0.25, 0.35 - 0.3 * i)
        drawing.text(text, x, y, "绿地注记", 0.8)


def _inside(record: Record, right: float, up: float) -> tuple[float, float]:
    """A point inside the ring, a share of the half width right or left and of the half height up of the middle."""
    x0, y0, x1, y1 = record.shape.polygon(0.01).bounds
    return round((x0 + x1) / 2 - right * (x1 - x0) / 2, 3), round((y0 + y1) / 2 + up * (y1 - y0) / 2, 3)
