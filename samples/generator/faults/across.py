"""Faults that show only when two surveys are laid side by side."""

from __future__ import annotations

from generator.faults.green import STATED, ratio_on_land_pct, ratio_pct
from generator.faults.planting import Change, Fault, Finds, Scene, change, draw, hint, move, redraw
from generator.model import PARCEL
from generator.shape import half_up, poly, rect

WRONG_PARCEL = PARCEL[:-5] + "00171"


def _restated(ref: str, field: str) -> Change:
    """The stated area follows the figure."""

    def planted(scene: Scene) -> None:
        scene(ref).fields[field] = half_up(scene(ref).shape.area_m2)

    return planted


def _shelter_m2(scene: Scene) -> float:
    return sum(r.shape.area_m2 for r in scene.all("civil_defence.unit"))


def _planned_shelter_m2(scene: Scene) -> float:
    return sum(r.shape.area_m2 for r in scene.all("planning.zone") if r.fields["use"] == "人防")


FAULTS = [
    Fault(
        "X01",
        "2号楼地上层数：地籍 17 层，规划、房产 18 层",
        (change("cadastral.building 2幢", floors_above=17),),
        (
            Finds("CAD-X06", "cadastral.building 2幢", 17, 18, "planning.footprint 2号楼"),
            Finds("PRP-X07", "property.building 2", 18, 17, "cadastral.building 2幢"),
        ),
    ),
    Fault(
        "X02",
        "1号楼占地：房产整体西移 0.12 m",
        (move("property.building 1", -0.12, 0),),
        (
            Finds("PRP-X03", "property.building 1", 0.12, 0, "planning.footprint 1号楼"),
            Finds("PRP-X04", "property.building 1", 0.12, 0, "cadastral.building 1幢"),
        ),
    ),
    Fault(
        "X03",
        "3号楼在地籍中写成 5幢",
        (change("cadastral.building 3幢", building="5幢"), hint("cadastral.building 3幢", label=(92, 58))),
        (
            Finds("CAD-X04", None, 0, 1, "planning.footprint 3号楼"),
            Finds("CAD-X04", "cadastral.building 3幢", 1, 0),
            Finds("PRP-X02", "property.building 3", 1, 0),
            Finds("PRP-X02", None, 0, 1, "cadastral.building 3幢"),
        ),
    ),
    Fault(
        "X04",
        "2号楼占地：地籍未绘西南缺口",
        (redraw("cadastral.building 2幢", {(75, 56): [(80, 56)], (75, 60): [], (80, 60): []}),),
        (
            Finds(
                "CAD-X05", "cadastral.building 2幢", 4.0, 0, "planning.footprint 2号楼"
            ),  # (80, 56) to the wall y = 60
            Finds("PRP-X04", "property.building 2", 4.0, 0, "cadastral.building 2幢"),
        ),
    ),
    Fault(
        "X05",
        "2号楼一个角点：地籍与规划、房产相差 0.07 m",
        (redraw("cadastral.building 2幢", {(80, 86): [(80.07, 86)]}),),
        (
            Finds("CAD-X07", "cadastral.building 2幢", 0.07, 0, "planning.footprint 2号楼", "warning"),
            Finds("PRP-X11", "property.building 2", 0.07, 0, "cadastral.building 2幢", "warning"),
        ),
    ),
    Fault(
        "X06",
        "3号楼一个角点：房产与规划相差 0.06 m",
        (
            redraw("property.building 3", {(118, 76): [(118.06, 76)]}),
            _restated("property.building 3", "occupied_area_m2"),
        ),
        (Finds("PRP-X10", "property.building 3", 0.06, 0, "planning.footprint 3号楼", "warning"),),
    ),
    Fault(
        "X07",
        "3号楼地上层数：房产 7 层，规划 6 层，也与房产总层数 6 不符",
        (change("property.building 3", floors_above=7),),
        (
            Finds("PRP-X05", "property.building 3", 7, 6, "planning.footprint 3号楼"),
            Finds("PRP-A34", "property.building 3", 6, 7),
        ),
    ),
    Fault(
        "X08",
        "2号楼地下层数：房产 3 层（总层数 21），规划 2 层，层记录 20 条",
        (change("property.building 2", floors_below=3, floors_total=21),),
        (
            Finds("PRP-X06", "property.building 2", 3, 2, "planning.footprint 2号楼"),
            Finds("PRP-A32", "property.building 2", 21, 20),
        ),
    ),
    Fault(
        "X09",
        "3号楼的房产宗地代码写成 00171，地籍没有这宗地，也与自然幢号不符",
        (change("property.building 3", parcel_code=WRONG_PARCEL),),
        (
            Finds("PRP-X08", "property.building 3", WRONG_PARCEL),
            Finds("PRP-A15", "property.building 3", PARCEL, WRONG_PARCEL),
        ),
    ),
    Fault(
        "X10",
        "绿地用地范围多算东北角代征地 176 m²，绿地率的分母不同",
        (draw("green.site", poly((0, 96), (128, 96), (128, 20), (116, 4), (104, 0), (36, 0), (0, 4))),),
        (
            Finds("GRN-X02", "green.site", 4.0, 0, "planning.red_line"),
            Finds("GRN-X01", None, ratio_pct, ratio_on_land_pct),
        ),
    ),
    Fault(
        "X11",
        "绿地 G18 向南多绘 4.4 m，压到 3号楼基底 0.4 m",
        (draw("green.patch G18", rect(90, 75.6, 120, 90), restated=STATED),),
        (Finds("GRN-X03", "green.patch G18", 0.4, 0, "planning.footprint 3号楼"),),
    ),
    Fault(
        "X12",
        "内院绿地 G16 离 3号楼外墙只有 0.8 m",
        (draw("green.patch G16", rect(100.8, 57.5, 106.5, 64.5), restated=STATED),),
        (Finds("GRN-X08", "green.patch G16", 0.8, 1.5, "planning.footprint 3号楼", "warning"),),
    ),
    Fault(
        "X13",
        "地下设施顶面绿地 G27 向东多绘 1.4 m，伸出地下室 0.4 m",
        (draw("green.patch G27", rect(81.5, 58, 86.4, 86), restated=STATED),),
        (Finds("GRN-X05", "green.patch G27", 0.4, 0, "planning.basement -1"),),
    ),
    Fault(
        "X14",
        "屋顶绿地 G34 向西多绘 2.4 m，伸出 3号楼 0.4 m",
        (draw("green.patch G34", rect(89.6, 48, 98, 74), restated=STATED),),
        (Finds("GRN-X04", "green.patch G34", 0.4, 0, "planning.footprint 3号楼"),),
    ),
    Fault(
        "X15",
        "地下室顶板上的绿地 G22 按地面绿地计",
        (change("green.patch G22", category="地面绿地", soil_depth_m=None),),
        (Finds("GRN-X06", "green.patch G22", 10.0, 0, "planning.basement -1"),),  # 18 × 10, two levels below, said once
    ),
    Fault(
        "X16",
        "植草砖车位 G37 按地面绿地计，内有 6 个车位",
        (change("green.patch G37", category="地面绿地"),),
        (Finds("GRN-X07", "green.patch G37", 6, 0, "planning.parking A007"),),
    ),
    Fault(
        "X17",
        "人防车位 C056 的车位号写成停车位表中没有的 C999",
        (change("civil_defence.parking C056", space_no="C999"),),
        (Finds("CDF-X04", None, 0, 1, "planning.parking C056"), Finds("CDF-X04", "civil_defence.parking C056", 1, 0)),
    ),
    Fault(
        "X18",
        "防护单元 RF-3 向东多绘 4.5 m，伸出地下室 0.5 m，人防面积与规划不符",
        (
            draw("civil_defence.unit RF-3", rect(48, 38, 86.5, 54)),
            draw("civil_defence.zone RF-3-2", rect(78, 38, 86.5, 43)),
            draw("civil_defence.zone RF-3-3", rect(78, 43, 86.5, 49)),
            draw("civil_defence.zone RF-3-4", rect(78, 49, 86.5, 54)),
            redraw(
                "civil_defence.works RF-2026-017", {(82, 55): [(82, 55), (82, 54), (86.5, 54)], (82, 38): [(86.5, 38)]}
            ),
        ),
        (
            Finds("CDF-X02", "civil_defence.unit RF-3", 0.5, 0, "planning.basement -2"),
            Finds("CDF-X05", None, _shelter_m2, _planned_shelter_m2, severity="warning"),
        ),
    ),
    Fault(
        "X19",
        "防护单元 RF-2 的所在层写成 −3，规划没有负三层",
        (change("civil_defence.unit RF-2", level=-3),),
        (Finds("CDF-X01", "civil_defence.unit RF-2", "-3"),),
    ),
]
