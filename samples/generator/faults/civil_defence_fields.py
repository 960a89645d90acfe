"""Faults planted in the attributes of the civil-defence survey, one rule each, and in its figures of the permit."""

from __future__ import annotations

from generator.faults.kinds import blank, permitted, twice, word, wrong
from generator.faults.planting import Fault, Finds, Scene, change, move

WORKS, UNIT, ZONE = "civil_defence.works", "civil_defence.unit", "civil_defence.zone"
ENTRANCE, PARKING = "civil_defence.entrance", "civil_defence.parking"
OURS = f"{WORKS} RF-2026-017"


def units_m2(scene: Scene) -> float:
    """Σ of the units."""
    return sum(r.shape.area_m2 for r in scene.all(UNIT))


def shelter_m2(scene: Scene) -> float:
    """Σ of what shelters."""
    return sum(r.shape.area_m2 for r in scene.all(ZONE) if r.fields["kind"] == "掩蔽区")


def passages_m2(scene: Scene) -> float:
    """Σ of what connects."""
    return sum(r.shape.area_m2 for r in scene.all(ZONE) if r.fields["kind"] == "互联互通")


FAULTS = [
    blank("CDF-A05", OURS, "工程编号", "works_no"),
    blank("CDF-A06", f"{UNIT} RF-2", "平时功能", "peacetime_use"),
    blank("CDF-A07", f"{ZONE} RF-3-2", "编号", "zone_no"),
    blank("CDF-A08", f"{ENTRANCE} RF-3-E1", "编号", "entrance_no"),
    word("CDF-A12", f"{UNIT} RF-1", "防化等级", "chemical_grade", "三"),
    word("CDF-A14", f"{ENTRANCE} RF-3-E2", "类别", "kind", "备用口"),
    twice("CDF-A16", f"{ZONE} RF-3-4", f"{ZONE} RF-3-3", "编号", "zone_no", "RF-3-3"),
    twice("CDF-A17", f"{ENTRANCE} RF-2-E1", f"{ENTRANCE} RF-1-E1", "编号", "entrance_no", "RF-1-E1"),
    wrong("CDF-A23", OURS, "项目编号", "project_code", "CQJB-2026-0171", required="CQJB-2026-0117"),
    wrong("CDF-S09", f"{UNIT} RF-1", "口部数量", "entrance_count", 3, required=2),
    blank("CDF-A09", f"{PARKING} C021", "防护单元号", "unit_no"),
    wrong("CDF-S08", f"{UNIT} RF-2", "上部建筑层数", "storeys_over", 9, measured=680.0, required=500.0),
    permitted("CDF-M01", "人防建筑面积", "2900.00", units_m2),
    permitted("CDF-M02", "掩蔽面积", "2300.00", shelter_m2),
    permitted("CDF-M05", "互联互通面积", "30.00", passages_m2),
    blank("CDF-A27", f"{ZONE} RF-1-6", "连通对象", "connects_to"),
    wrong(
        "CDF-A20", f"{ENTRANCE} RF-3-E2", "防护单元号", "unit_no", "RF-9",
        sets_off=[Finds("CDF-S03", f"{UNIT} RF-3", 1, 2)],
    ),
    Fault(
        "CDF-A18",
        "人防车位 C023 的车位号与 C022 相同",
        (change(f"{PARKING} C023", space_no="C022"),),
        (
            Finds("CDF-A18", f"{PARKING} C023", "C022", None, f"{PARKING} C022"),
            Finds("CDF-X04", None, 0, 1, "planning.parking C023"),
            Finds("CDF-X04", f"{PARKING} C022", 2, 1, "planning.parking C022"),
            Finds("CDF-X06", f"{PARKING} C023", 3.5, 0, "planning.parking C022", "warning"),
        ),
    ),
    Fault(
        "CDF-T12",
        "人防车位 C005 绘在 C004 旁 0.2 m 处，规划图中也是如此",
        (move(f"{PARKING} C005", -3.3, 0), move("planning.parking C005", -3.3, 0)),
        (
            Finds("CDF-T12", f"{PARKING} C005", 0.2, 0.5, f"{PARKING} C004"),
            Finds("PLA-T13", "planning.parking C005", 0.2, 0.5, "planning.parking C004"),
        ),
    ),
    Fault(
        "CDF-X06",
        "人防车位 C030 比停车位表东移 1 m",
        (move(f"{PARKING} C030", 1, 0),),
        (Finds("CDF-X06", f"{PARKING} C030", 1.0, 0, "planning.parking C030", "warning"),),
    ),
]  # fmt: skip
