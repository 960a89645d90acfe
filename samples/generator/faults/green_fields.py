"""Faults planted in what the green survey states, one rule each, and in its figures of the permit."""

from __future__ import annotations

from decimal import Decimal

from generator.faults.green import STATED, counted_total_m2, ratio_pct
from generator.faults.kinds import blank, more, permitted, twice, word, wrong
from generator.faults.outlines import bowtie
from generator.faults.planting import Fault, Finds, Scene, change, override, redraw
from generator.green import counted_m2
from generator.shape import rect

PATCH, REST, SITE = "green.patch", "green.rest_place", "green.site"


def concentrated_m2(scene: Scene) -> float:
    """Σ of what the concentrated patches count."""
    wide = (counted_m2(p) for p in scene.all(PATCH) if p.fields["nature"] == "集中")
    return float(sum(wide, Decimal(0)))


FAULTS = [
    blank(
        "GRN-A03", f"{PATCH} G06", "编号", "patch_no",
        Finds("PRJ-I19", f"{PATCH} G06", severity="info", bare=True),
    ),
    word("GRN-A08", f"{PATCH} G01", "性质", "nature", "零星"),
    word("GRN-A09", f"{REST} X5", "类别", "kind", "水池"),
    twice("GRN-A11", f"{REST} X6", f"{REST} X5", "编号", "place_no", "X5"),
    wrong("GRN-A13", f"{PATCH} G32", "屋面高度", "roof_height_m", "400.00", measured=400.0, required=300.0),
    wrong("GRN-A14", SITE, "项目编号", "project_code", "CQJB-2026-0171", required="CQJB-2026-0117"),
    wrong("GRN-S03", f"{PATCH} G28", "计入面积", "stated_counted_m2", "191.00", measured=191.0, required=192.0),
    wrong("GRN-S04", f"{PATCH} G29", "折算系数", "stated_factor", "0.90", measured=0.9, required=1.0),
    wrong(
        "GRN-S05", SITE, "用地面积", "stated_area_m2", "11900.00", measured=11900.0,
        required=lambda scene: scene(SITE).shape.area_m2,
    ),
    wrong("GRN-S06", SITE, "绿地面积", "stated_green_m2", "4300.00", measured=4300.0, required=counted_total_m2),
    wrong("GRN-S07", SITE, "绿地率", "stated_ratio_pct", "36.00", measured=36.0, required=ratio_pct),
    permitted("GRN-M01", "绿地面积", "4500.00", counted_total_m2),
    permitted("GRN-M03", "集中绿地面积", "2400.00", concentrated_m2),
    Fault(
        "GRN-M04",
        "绿地率低于委托书写明的法定下限 40%",
        (override("green.statutory_ratio_by_use_pct", "values: {居住: 40.0}", "按地方条例"),),
        (Finds("GRN-M04", None, ratio_pct, 40.0, severity="warning"),),
    ),
    Fault(
        "GRN-T07",
        "集中绿地 G19、G20 内的园路 X2、X4 宽 2 m，委托书写明计入绿地的园路须窄于 2 m",
        (override("green.path_width_m", "value: 2.0", "按地方绿地核实规定"),),
        (
            Finds("GRN-T07", f"{REST} X2", 2.0, 2.0, f"{PATCH} G19"),
            Finds("GRN-T07", f"{REST} X4", 2.0, 2.0, f"{PATCH} G20"),
        ),
    ),
    Fault(
        "GRN-T08",
        "单块绿地 G16 内有一条 1 m 宽的园路 X9",
        (more(REST, "X9", rect(102.5, 59, 103.5, 63), {"place_no": "X9", "kind": "园路及铺装"}),),
        (Finds("GRN-T08", f"{REST} X9", 1.0, 0.0, f"{PATCH} G16"),),
    ),
    Fault(
        "GRN-T06",
        "集中绿地 G31 在西侧带一条宽 1 m 的尾巴",
        (redraw(f"{PATCH} G31", {(68, 42): [(66.5, 42), (66.5, 43), (68, 43)]}), change(f"{PATCH} G31", **{STATED: "193.50"})),
        (Finds("GRN-T06", f"{PATCH} G31", 1.0, 8.0, severity="warning"),),
    ),
    Fault(
        "GRN-G02",
        "多绘一块自相交的绿地 G41",
        (more(PATCH, "G41", bowtie(60, 22), {"patch_no": "G41", STATED: None}, like=f"{PATCH} G02", label=(60.2, 22.5)),),
        (Finds("GRN-G02", f"{PATCH} G41"),),
    ),
    Fault(
        "GRN-G03",
        "多绘一处自相交的园林小品 X7",
        (more(REST, "X7", bowtie(92, 82), {"place_no": "X7", "kind": "园林小品"}, label=(92.2, 82.5)),),
        (Finds("GRN-G03", f"{REST} X7"),),
    ),
    Fault(
        "GRN-G01",
        "绿地用地范围多绘一个自相交的环",
        (more(SITE, "环", bowtie(50, 56), {}),),
        (Finds("GRN-G01", f"{SITE} 环"),),
    ),
    Fault(
        "GRN-G04",
        "绿地 G07 有相距 0.5 mm 的重复拐点",
        (redraw(f"{PATCH} G07", {(7, 24): [(7, 24), (7, 23.9995)]}),),
        (Finds("GRN-G04", f"{PATCH} G07", 0.0005, 0.001, severity="warning"),),
    ),
]  # fmt: skip
