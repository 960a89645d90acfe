"""Faults planted in the green survey and in its figures of the permit."""

from __future__ import annotations

from decimal import Decimal

from generator.faults.planting import Fault, Finds, Scene, change, draw, permit
from generator.green import counted_m2
from generator.shape import rect
from generator.site import LAND

STATED = "stated_area_m2"


def counted_total_m2(scene: Scene) -> float:
    """Σ of what counts; a patch on a layer that nobody knows is not read."""
    return float(sum((counted_m2(p) for p in scene.all("green.patch") if "layer" not in p.hints), Decimal(0)))


def ratio_pct(scene: Scene) -> float:
    """The green ratio on the site as the green survey draws it."""
    return 100 * counted_total_m2(scene) / scene("green.site").shape.area_m2


def ratio_on_land_pct(scene: Scene) -> float:
    """The green ratio on the red line."""
    return 100 * counted_total_m2(scene) / LAND.area_m2


FAULTS = [
    Fault(
        "G01",
        "绿地 G02 向东多绘 1.5 m，压到 G03",
        (draw("green.patch G02", rect(14, 91, 28.5, 95), restated=STATED),),
        (
            Finds("GRN-T01", "green.patch G02", 2.0, 0, "green.patch G03"),  # 0.5 × 4
        ),
    ),
    Fault(
        "G02",
        "绿地 G04 的标注面积多写 1.00 m²",
        (change("green.patch G04", stated_area_m2="53.00"),),
        (Finds("GRN-S01", "green.patch G04", 53.0, 52.0),),
    ),
    Fault(
        "G03",
        "绿地 G12 的编号误写为 G11",
        (change("green.patch G12", patch_no="G11"),),
        (Finds("GRN-A10", "green.patch G12", "G11", None, "green.patch G11"),),
    ),
    Fault(
        "G04",
        "宽 4 m 的绿地 G17 列为集中绿地",
        (change("green.patch G17", nature="集中"),),
        (Finds("GRN-T05", "green.patch G17", 4.0, 8.0),),
    ),
    Fault(
        "G05",
        "绿地 G23 的覆土厚度以厘米填写",
        (change("green.patch G23", soil_depth_m="120"),),
        (Finds("GRN-A12", "green.patch G23", 120, 10),),
    ),
    Fault(
        "G06",
        "园林小品 X6 东移，一半伸出所在绿地 G30",
        (draw("green.rest_place X6", rect(64.5, 46, 67.5, 49)),),
        (
            Finds("GRN-T03", "green.rest_place X6", 4.5, 0, "green.patch G30"),  # 1.5 × 3
        ),
    ),
    Fault(
        "G07",
        "园路 X4 绘到园林小品 X3 上",
        (draw("green.rest_place X4", rect(55, 10, 57, 17)),),
        (
            Finds("GRN-T04", "green.rest_place X3", 2.0, 0, "green.rest_place X4"),  # 2 × 1
        ),
    ),
    Fault(
        "G08", "许可绿地率 38.00%，实测不足", (permit("绿地率", "38.00"),), (Finds("GRN-M02", None, ratio_pct, 38.0),)
    ),
    Fault(
        "G09",
        "绿地 G09 向西多绘 1.8 m，越出用地和宗地 0.8 m",
        (draw("green.patch G09", rect(-0.8, 45, 7, 64), restated=STATED),),
        (
            Finds("GRN-T02", "green.patch G09", 15.2, 0, "green.site"),  # 0.8 × 19
            Finds("CAD-X03", "cadastral.parcel 00117", 15.2, 0, "green.patch G09"),
        ),
    ),
]
