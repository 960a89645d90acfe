"""Faults planted in the planning survey and its permit."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

from generator.faults.planting import Change, Fault, Finds, Scene, change, draw, drop, permit, redraw
from generator.frame import to_map
from generator.shape import half_up, line, poly, rect
from generator.site import LAND


def _permitted_north(ref: str, shift_m: str) -> Change:
    def planted(scene: Scene) -> None:
        fields = scene(ref).fields
        fields["permitted_north_m"] = str(Decimal(fields["permitted_north_m"]) + Decimal(shift_m))

    return planted


def _shift_m(ref: str) -> Callable[[Scene], float]:
    def worked_out(scene: Scene) -> float:
        record = scene(ref)
        east, north = to_map(*record.shape.xy)
        return math.hypot(
            north - float(record.fields["permitted_north_m"]), east - float(record.fields["permitted_east_m"])
        )

    return worked_out


def _density_pct(scene: Scene) -> float:
    return 100 * sum(r.shape.area_m2 for r in scene.all("planning.footprint")) / LAND.area_m2


def _property_m2(building: str) -> Callable[[Scene], Decimal]:
    """What the planning zones say that property counts of the building."""

    def worked_out(scene: Scene) -> Decimal:
        zones = (z for z in scene.all("planning.zone") if z.fields["building"] == building)
        return sum((half_up(z.shape.area_m2, 6) * Decimal(z.fields["property_factor"]) for z in zones), Decimal(0))

    return worked_out


FAULTS = [
    Fault(
        "P01",
        "1号楼角点 1-03 的许可 X 坐标多写 0.150 m",
        (_permitted_north("planning.corner 1-03", "0.150"),),
        (Finds("PLA-M17", "planning.corner 1-03", _shift_m("planning.corner 1-03"), 0),),
    ),
    Fault(
        "P02",
        "1号楼四层层高 2.10 m 的设备用房按全面积计",
        (change("planning.zone 1-4F-08", area_factor="1.0"),),
        (Finds("PLA-S01", "planning.zone 1-4F-08", 1.0, 0.5),),
    ),
    Fault(
        "P03",
        "北退让线 T4 的许可距离为 16.50 m，实建 16.00 m",
        (change("planning.setback T4", permitted_m="16.50"),),
        (Finds("PLA-M18", "planning.setback T4", 16.0, 16.5),),
    ),
    Fault(
        "P04",
        "地面车位 A013 的车位号误写为 A012",
        (change("planning.parking A013", space_no="A012"),),
        (Finds("PLA-A20", "planning.parking A013", "A012", None, "planning.parking A012"),),
    ),
    Fault(
        "P05",
        "许可建筑密度 22.00%，实测超出",
        (permit("建筑密度", "22.00"),),
        (Finds("PLA-M10", None, _density_pct, 22.0),),
    ),
    Fault(
        "P06",
        "车位 B010 的类型写成“小汽车”，不在代码表中，机动车位因此少计一个",
        (change("planning.parking B010", kind="小汽车"),),
        (Finds("PLA-A16", "planning.parking B010", "小汽车", severity="warning"), Finds("PLA-M15", None, 215, 216)),
    ),
    Fault(
        "P07",
        "3号楼 ±0.000 实测标高 236.65 m，比许可高 0.15 m",
        (change("planning.height_point H3-01", level_m="236.65"),),
        (Finds("PLA-M12", None, 236.65, 236.5, business="3"),),
    ),
    Fault(
        "P08",
        "2号楼女儿墙顶标高比许可高 0.25 m，建筑高度随之超出",
        (change("planning.height_point H2-21", level_m="297.95"),),
        (
            Finds("PLA-M20", "planning.height_point H2-21", 0.25, 0),
            Finds("PLA-M11", None, 61.60, 61.35, business="2"),  # 297.95 − 236.35
        ),
    ),
    Fault(
        "P09",
        "2号楼二层门厅的用途写成“住宅门厅”，不在代码表中",
        (change("planning.zone 2-2F-02", use="住宅门厅"),),
        (Finds("PLA-A13", "planning.zone 2-2F-02", "住宅门厅", severity="warning"),),
    ),
    Fault(
        "P10",
        "1号楼二层门厅向东多绘 0.5 m，与商业重叠",
        (draw("planning.zone 1-2F-02", rect(27.1, 76.1, 35.4, 86)),),
        (
            Finds("PLA-T04", "planning.zone 1-2F-01", 4.95, 0, "planning.zone 1-2F-02"),  # 0.5 × 9.9
        ),
    ),
    Fault(
        "P11",
        "角点 1-05 展绘偏 0.06 m，不在基底拐点上",
        (redraw("planning.corner 1-05", {(20, 60): [(19.94, 60)]}),),
        (Finds("PLA-T06", "planning.corner 1-05", 0.06, 0, "planning.footprint 1号楼"),),
    ),
    Fault(
        "P12",
        "退让线 T3 斜量到红线，比最短距离长",
        (draw("planning.setback T3", line((66, 86), (67.5, 96))),),
        (Finds("PLA-T11", "planning.setback T3", math.hypot(1.5, 10), 10.0, "planning.red_line"),),
    ),
    Fault(
        "P13",
        "间距线 J1 的一端离 3号楼外墙 0.07 m",
        (draw("planning.setback J1", line((80, 70), (89.93, 70))),),
        (Finds("PLA-T09", "planning.setback J1", 0.07, 0),),
    ),
    Fault(
        "P14",
        "3号楼东墙越过许可的建筑退让线 0.30 m",
        (redraw("planning.setback_boundary", {(122, 86.5): [(117.7, 86.5)], (122, 24): [(117.7, 24)]}),),
        (Finds("PLA-T10", "planning.footprint 3号楼", 0.30, 0, "planning.setback_boundary"),),
    ),
    Fault(
        "P15",
        "1号楼负一层风机房向西多绘 0.5 m，超出地下室外墙",
        (draw("planning.zone 1-B1-02", rect(9.5, 80, 20, 88)),),
        (
            Finds("PLA-T05", "planning.zone 1-B1-02", 4.0, 0, "planning.basement -1"),  # 0.5 × 8
        ),
    ),
    Fault(
        "P16",
        "3号楼四层的功能区漏绘，规划面积因此少一层，与房产之差无法解释",
        (drop("planning.zone 3-4F-01"), drop("planning.zone 3-4F-02")),
        (
            Finds("PLA-S03", "planning.zone 3-5F-01", 5, 4),
            Finds(
                "PRP-X12",
                "property.building 3",
                lambda at: at("property.building 3").fields["building_area_m2"],
                _property_m2("3号楼"),
            ),
        ),
    ),
    Fault(
        "P17",
        "2号楼角点 2-04 的角点号误写为 2-03",
        (change("planning.corner 2-04", corner_no="2-03"),),
        (Finds("PLA-A21", "planning.corner 2-04", "2、2-03", None, "planning.corner 2-03"),),
    ),
    Fault(
        "P18",
        "2号楼九层一处阳台的幢号写成不存在的 5号楼",
        (change("planning.zone 2-9F-06", building="5号楼"),),
        (Finds("PLA-A29", "planning.zone 2-9F-06", "5"),),
    ),
    Fault(
        "P19",
        "2号楼六层一处阳台的轮廓自相交",
        (draw("planning.zone 2-6F-06", poly((78, 83), (79.4, 80), (79.4, 83), (78, 80.4))),),
        (Finds("PLA-G04", "planning.zone 2-6F-06"),),
    ),
    Fault(
        "P20",
        "2号楼七层住宅轮廓有相距 0.5 mm 的重复拐点",
        (redraw("planning.zone 2-7F-01", {(52, 84): [(52, 84), (52.0005, 84)]}),),
        (Finds("PLA-G07", "planning.zone 2-7F-01", 0.0005, 0.001, severity="warning"),),
    ),
]
