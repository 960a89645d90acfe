"""Faults planted in the cadastral survey."""

from __future__ import annotations

from typing import Any

from generator.faults import Change, Fault, Finds, Scene, change, draw, drop, move
from generator.model import PARCEL
from generator.shape import Record, half_up, line, point, poly
from generator.site import LAND

OUR = "cadastral.parcel 00117"
NEXT, BEYOND = PARCEL[:-5] + "00118", PARCEL[:-5] + "00119"


def neighbour(code: str, x0: float, y0: float, x1: float, y1: float, **fields: Any) -> Change:
    """A neighbouring parcel, upright, with its boundary points and lines, all in order."""
    ring = [(x0, y1), (x1, y1), (x1, y0), (x0, y0)]

    def planted(scene: Scene) -> None:
        own = dict(scene(OUR).fields, parcel_code=code, unit_code=f"{code}W00000000")
        area = half_up((x1 - x0) * (y1 - y0))
        scene.add("cadastral.parcel", Record({**own, "stated_area_m2": str(area), **fields}, poly(*ring)))
        for i, (start, end) in enumerate(zip(ring, ring[1:] + ring[:1], strict=True), 1):
            scene.add("cadastral.boundary_point", Record(
                {"parcel_code": code, "sequence": i, "point_no": f"J{i}", "marker": "1", "point_type": "1"}, point(*start)))
            shape = line(start, end)
            scene.add("cadastral.boundary_line", Record(
                {"parcel_code": code, "line_no": f"J{i}-J{i % 4 + 1}", "stated_length_m": str(half_up(shape.length_m)),
                 "line_class": "1", "line_position": "2", "line_nature": "600001"}, shape))
    return planted


def _parcels_m2(scene: Scene) -> float:
    return sum(r.shape.area_m2 for r in scene.all("cadastral.parcel"))


def _stray_point(scene: Scene) -> None:
    fields = {"parcel_code": PARCEL[:-5] + "00171", "sequence": 1, "point_no": "J1", "marker": "1", "point_type": "1"}
    scene.add("cadastral.boundary_point", Record(fields, point(140, 92)))


FAULTS = [
    Fault("C01", "邻宗 00118 压入本宗 0.5 m；两个邻宗一并列入成果，宗地合计与红线、批准面积均不符", (
        neighbour(NEXT, 127.5, 30, 131.5, 80),), (
        Finds("CAD-T01", OUR, 25.0, 0, "cadastral.parcel 00118"),  # 0.5 × 50
        Finds("CAD-X01", OUR, 12.0, 0, "planning.red_line"),  # the corner of 00119 at x = 140, 12 m off the red line
        Finds("CAD-M01", None, _parcels_m2, 11870.0),
    )),
    Fault("C02", "邻宗 00119 与 00118 之间留有 0.05 m 的细缝", (neighbour(BEYOND, 131.55, 30, 140, 80),), (
        Finds("CAD-T02", "cadastral.parcel 00118", 2.5, 0, "cadastral.parcel 00119"),  # 0.05 × 50
    )),
    Fault("C03", "界址点 J3 偏离宗地拐点 0.06 m", (move("cadastral.boundary_point 00117/J3", 0.06, 0),), (
        Finds("CAD-T04", "cadastral.boundary_point 00117/J3", 0.06, 0, OUR),
    )),
    Fault("C04", "界址线 J5-J6 的长度多写 0.05 m", (change("cadastral.boundary_line 00117/J5-J6", stated_length_m="20.05"),), (
        Finds("CAD-S02", "cadastral.boundary_line 00117/J5-J6", 20.05, 20.0),
    )),
    Fault("C05", "界址点 J7 的界标类型写成 9", (change("cadastral.boundary_point 00117/J7", marker="9"),), (
        Finds("CAD-A18", "cadastral.boundary_point 00117/J7", "9", severity="warning"),
    )),
    Fault("C06", "界址点 J8、J9 的顺序号对调", (
        change("cadastral.boundary_point 00117/J8", sequence=9), change("cadastral.boundary_point 00117/J9", sequence=8)), (
        Finds("CAD-T08", OUR, 9, 8, "cadastral.boundary_point 00117/J8", severity="warning"),
    )),
    Fault("C07", "本宗 28 位不动产单元号 W 后的单元号写成 00000001", (change(OUR, unit_code=PARCEL + "W00000001"),), (
        Finds("CAD-A11", OUR, PARCEL + "W00000001", 28),
    )),
    Fault("C08", "邻宗 00118 的不动产单元号套用了本宗的宗地代码", (
        change("cadastral.parcel 00118", unit_code=PARCEL + "W00000000"),), (
        Finds("CAD-A12", "cadastral.parcel 00118", PARCEL, NEXT),
    )),
    Fault("C09", "邻宗 00119 的不动产单元号中 W 为全角", (change("cadastral.parcel 00119", unit_code=BEYOND + "Ｗ00000000"),), (
        Finds("CAD-A09", "cadastral.parcel 00119", BEYOND + "Ｗ00000000", BEYOND + "W00000000"),
    )),
    Fault("C10", "界址线 J2-J3 的类别写成 8", (change("cadastral.boundary_line 00117/J2-J3", line_class="8"),), (
        Finds("CAD-A20", "cadastral.boundary_line 00117/J2-J3", "8", severity="warning"),
    )),
    Fault("C11", "漏测界址点 J6，拐点没有界址点，顺序号缺 6", (drop("cadastral.boundary_point 00117/J6"),), (
        Finds("CAD-T05", OUR, 0, 1),
        Finds("CAD-A27", "cadastral.boundary_point 00117/J7", 7, 6),
    )),
    Fault("C12", "漏绘界址线 J8-J9", (drop("cadastral.boundary_line 00117/J8-J9"),), (
        Finds("CAD-T06", OUR, 0, 1),
    )),
    Fault("C13", "界址线 J1-J2 的一端离拐点 0.03 m", (
        draw("cadastral.boundary_line 00117/J1-J2", line((0, 96), (83.97, 96))),
        change("cadastral.boundary_line 00117/J1-J2", stated_length_m="83.97")), (
        Finds("CAD-T07", "cadastral.boundary_line 00117/J1-J2", 0.03, 0),
    )),
    Fault("C14", "宗地面积的数字颠倒：填 11 827.00 m²", (change(OUR, stated_area_m2="11827.00"),), (
        Finds("CAD-S01", OUR, 11827.0, LAND.area_m2),
    )),
    Fault("C15", "界址点 J4 的点号写成“界4”", (change("cadastral.boundary_point 00117/J4", point_no="界4"),), (
        Finds("CAD-A28", "cadastral.boundary_point 00117/J4", "界4", "J[1-9][0-9]*", severity="warning"),
    )),
    Fault("C16", "邻宗 00118 没有写北至", (change("cadastral.parcel 00118", north_side=""),), (
        Finds("CAD-A05", "cadastral.parcel 00118"),
    )),
    Fault("C17", "邻宗 00118 的地类写成 071", (change("cadastral.parcel 00118", land_use="071"),), (
        Finds("CAD-A15", "cadastral.parcel 00118", "071", severity="warning"),
    )),
    Fault("C18", "多一个宗地代码写成 00171 的界址点，没有这宗地", (_stray_point,), (
        Finds("CAD-A24", "cadastral.boundary_point 00171/J1", PARCEL[:-5] + "00171"),
    )),
    Fault("C19", "邻宗 00119 的界址线 J1-J2 界线性质写成 600005", (
        change("cadastral.boundary_line 00119/J1-J2", line_nature="600005"),), (
        Finds("CAD-A22", "cadastral.boundary_line 00119/J1-J2", "600005", severity="warning"),
    )),
]
