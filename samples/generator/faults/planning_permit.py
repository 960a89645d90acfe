"""Figures of the permit that the planning survey does not keep; nothing beyond the survey error is tolerated."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from generator.faults.kinds import permitted
from generator.faults.planting import Change, Fault, Finds, Scene, override, permit
from generator.planning import counted_m2
from generator.shape import Record
from generator.site import LAND
from generator.write_project import PERMIT_DATE


def zones_m2(chosen: Callable[[dict[str, Any]], bool], factor: str | None = None) -> Callable[[Scene], Decimal]:
    """Σ of the counted areas of the zones with such fields, or of these times another factor."""

    def counted(zone: Record) -> Decimal:
        return counted_m2(zone) * (Decimal(zone.fields[factor]) if factor else 1)

    return lambda scene: sum((counted(z) for z in scene.all("planning.zone") if chosen(z.fields)), Decimal(0))


def used(*uses: str) -> Callable[[Scene], Decimal]:
    """Σ over the zones of these uses."""
    return zones_m2(lambda f: f["use"] in uses)


far_m2 = zones_m2(lambda _: True, "far_factor")


def ground_m2(scene: Scene) -> float:
    """Σ of the footprints."""
    return sum(r.shape.area_m2 for r in scene.all("planning.footprint"))


def dated(day: str) -> Change:
    """Another date of the permit."""

    def planted(scene: Scene) -> None:
        before, stated, after = scene.sample.project.partition(f"  date: {PERMIT_DATE}")
        assert stated
        scene.sample.project = f"{before}  date: {day}{after}"

    return planted


STRICT = override("planning.area_allowance", "value: 0", "许可机关不给予行政允许偏差")

FAULTS = [
    Fault(
        "PLA-S04",
        "许可日期为 2024-11-18，晚于 GB 55031-2022 的施行日，建筑面积仍按 GB/T 50353-2013 计算而没有说明",
        (dated("2024-11-18"),),
        (Finds("PLA-S04", "planning.red_line", "GB/T 50353-2013", "GB 55031-2022", severity="warning"),),
    ),
    permitted("PLA-M01", "用地面积", "11800.00", LAND.area_m2),
    Fault(
        "PLA-M02",
        "许可表中总建筑面积为 32900.00，实测不符；委托书写明建筑面积没有行政允许偏差",
        (STRICT, permit("总建筑面积", "32900.00")),
        (Finds("PLA-M02", None, zones_m2(lambda _: True), 32900.0),),
    ),
    permitted("PLA-M03", "地上建筑面积", "24000.00", zones_m2(lambda f: f["floor"] >= 0)),
    permitted("PLA-M04", "地下建筑面积", "8700.00", zones_m2(lambda f: f["floor"] < 0)),
    permitted("PLA-M05", "住宅建筑面积", "14700.00", used("住宅", "阳台")),
    permitted("PLA-M06", "商业建筑面积", "5000.00", used("商业")),
    permitted("PLA-M07", "计容建筑面积", "24000.00", far_m2),
    permitted("PLA-M08", "容积率", "2.00", lambda scene: float(far_m2(scene)) / LAND.area_m2),
    permitted("PLA-M09", "建筑基底面积", "2700.00", ground_m2),
    permitted("PLA-M13", "地上层数", "17", 18, building="2号楼"),
    permitted("PLA-M14", "地下层数", "1", 2, building="2号楼"),
    permitted("PLA-M16", "非机动车位", "45", 43),
    permitted("PLA-M22", "办公建筑面积", "3000.00", used("办公")),
    permitted("PLA-M23", "社区用房建筑面积", "700.00", used("社区用房")),
    permitted("PLA-M24", "物业用房建筑面积", "250.00", used("物业用房")),
    permitted("PLA-M25", "架空层建筑面积", "30.00", used("架空层")),
    permitted("PLA-M26", "地下车库建筑面积", "5900.00", used("地下车库")),
    permitted("PLA-M27", "设备用房建筑面积", "340.00", used("设备用房")),
    permitted("PLA-M28", "净用地面积", "11700.00", LAND.area_m2),
]
