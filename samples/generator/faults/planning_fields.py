"""Faults planted in the attributes of the planning survey, one rule each."""

from __future__ import annotations

from generator.faults.kinds import blank, twice, word, wrong
from generator.faults.planting import Fault, Finds, change, move

ZONE, CORNER, HEIGHT = "planning.zone", "planning.corner", "planning.height_point"
SETBACK, PARKING = "planning.setback", "planning.parking"

FAULTS = [
    blank("PLA-A08", f"{CORNER} 2-06", "角点号", "corner_no"),
    blank("PLA-A09", f"{HEIGHT} H1-06", "位置", "kind"),
    blank("PLA-A10", f"{ZONE} 1-10F-02", "功能区号", "zone_no"),
    blank("PLA-A11", f"{SETBACK} T2", "方位", "side"),
    blank("PLA-A12", f"{PARKING} F010", "所在层", "level"),
    word("PLA-A14", f"{HEIGHT} H1-05", "位置", "kind", "零标高"),
    word("PLA-A15", f"{SETBACK} T5", "类别", "kind", "距离"),
    word("PLA-A17", f"{PARKING} A020", "人防标记", "civil_defence", "有"),
    twice("PLA-A19", f"{ZONE} 1-7F-03", f"{ZONE} 1-7F-02", "编号", "zone_no", "1-7F-02"),
    twice("PLA-A22", f"{HEIGHT} H2-06", f"{HEIGHT} H2-05", "点号", "point_no", "H2-05", measured="2、H2-05"),
    twice("PLA-A23", f"{SETBACK} T2", f"{SETBACK} T1", "线号", "line_no", "T1"),
    wrong("PLA-A24", f"{ZONE} 1-8F-07", "层高", "storey_height_m", "0.00", measured=0.0, required=0.01),
    wrong("PLA-A25", f"{ZONE} 1-8F-03", "面积系数", "area_factor", "1.5", measured=1.5, required=1.0),
    wrong("PLA-A26", f"{ZONE} 1-8F-05", "计容系数", "far_factor", "-1.0", measured=-1.0, required=0.0),
    wrong("PLA-A27", f"{PARKING} F020", "折算系数", "factor", "0.00", measured=0.0, required=0.01),
    wrong("PLA-A28", f"{ZONE} 1-9F-02", "所在层", "floor", 0, measured="0", required="-?[1-9][0-9]*"),
    wrong("PLA-A30", f"{CORNER} 1-06", "幢号", "building", "5号楼", measured="5"),
    wrong("PLA-A31", f"{HEIGHT} H2-08", "幢号", "building", "5号楼", measured="5"),
    wrong(
        "PLA-A32", f"{SETBACK} T3", "幢号", "building", "5号楼", measured="5",
        sets_off=[Finds("PLA-A44", "planning.footprint 2号楼", 0, 1)],
    ),
    wrong("PLA-A39", f"{ZONE} 1-9F-03", "计容系数", "far_factor", "5.0", measured=5.0, required=3.0, severity="warning"),
    wrong("PLA-A41", "planning.red_line", "项目编号", "project_code", "CQJB-2026-0171", required="CQJB-2026-0117"),
    wrong(
        "PLA-A42", "planning.red_line", "许可证号", "permit_number", "建字第500105202200068号",
        required="建字第500105202200086号",
    ),
    Fault(
        "PLA-T13",
        "车位 B051 绘在 B050 旁 0.2 m 处",
        (move(f"{PARKING} B051", -2.8, 0),),
        (Finds("PLA-T13", f"{PARKING} B051", 0.2, 0.5, f"{PARKING} B050"),),
    ),
    Fault(
        "PLA-A37",
        "功能区 1-8F-06 的房产计入系数与规划不同，没有说明",
        (change(f"{ZONE} 1-8F-06", property_factor="1.0"),),
        (Finds("PLA-A37", f"{ZONE} 1-8F-06", 0.5, 1.0),),
    ),
    wrong("PLA-M21", f"{ZONE} 1-6F-01", "许可层高", "permitted_storey_height_m", "2.90", measured=0.10, required=0.0),
]  # fmt: skip
