"""Faults planted in the cadastral survey."""

from __future__ import annotations

from typing import Any

from generator.faults.planting import Change, Fault, Finds, Scene, change, draw, drop, move
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
            scene.add(
                "cadastral.boundary_point",
                Record(
                    {"parcel_code": code, "sequence": i, "point_no": f"J{i}", "marker": "1", "point_type": "1"},
                    point(*start),
                ),
            )
            shape = line(start, end)
            scene.add(
                "cadastral.boundary_line",
                Record(
                    {
                        "parcel_code": code,
                        "line_no": f"J{i}-J{i % 4 + 1}",
                        "stated_length_m": str(half_up(shape.length_m)),
                        "line_class": "1",
                        "line_position": "2",
                        "line_nature": "600001",
                    },
                    shape,
                ),
            )

    return planted


def _parcels_m2(scene: Scene) -> float:
    parcels = scene.all("cadastral.parcel")
    return sum(shape.area_m2 for r in parcels for shape in (r.shape, *r.hints.get("parts", ())))


FAULTS = [
    Fault(
        "C01",
        "邻宗 00118 压入本宗 0.5 m；两个邻宗一并列入成果，宗地合计与红线、批准面积均不符",
        (neighbour(NEXT, 127.5, 30, 131.5, 80),),
        (
            Finds("CAD-T01", OUR, 25.0, 0, "cadastral.parcel 00118"),  # 0.5 × 50
            Finds(
                "CAD-X01", "cadastral.parcel 00121", 13.5, 0, "planning.red_line"
            ),  # the tip of 00130 at y = 105.5, 13.5 m off the red line at y = 92
            Finds("CAD-M01", None, _parcels_m2, 11870.0),
        ),
    ),
    Fault(
        "C02",
        "邻宗 00119 与 00118 之间留有 0.05 m 的细缝",
        (neighbour(BEYOND, 131.55, 30, 140, 80),),
        (
            Finds("CAD-T02", "cadastral.parcel 00118", 2.5, 0, "cadastral.parcel 00119"),  # 0.05 × 50
        ),
    ),
    Fault(
        "C03",
        "界址点 J3 偏离宗地拐点 0.06 m",
        (move("cadastral.boundary_point 00117/J3", 0.06, 0),),
        (Finds("CAD-T04", "cadastral.boundary_point 00117/J3", 0.06, 0, OUR),),
    ),
    Fault(
        "C04",
        "界址线 J5-J6 的长度多写 0.05 m",
        (change("cadastral.boundary_line 00117/J5-J6", stated_length_m="20.05"),),
        (Finds("CAD-S02", "cadastral.boundary_line 00117/J5-J6", 20.05, 20.0),),
    ),
    Fault(
        "C05",
        "界址点 J7 的界标类型写成 9",
        (change("cadastral.boundary_point 00117/J7", marker="9"),),
        (Finds("CAD-A18", "cadastral.boundary_point 00117/J7", "9", severity="warning"),),
    ),
    Fault(
        "C06",
        "界址点 J8、J9 的顺序号对调",
        (
            change("cadastral.boundary_point 00117/J8", sequence=9),
            change("cadastral.boundary_point 00117/J9", sequence=8),
        ),
        (Finds("CAD-T08", OUR, 9, 8, "cadastral.boundary_point 00117/J8", severity="warning"),),
    ),
    Fault(
        "C07",
        "本宗 28 位不动产单元号 W 后的单元号写成 00000001",
        (change(OUR, unit_code=PARCEL + "W00000001"),),
        (Finds("CAD-A11", OUR, PARCEL + "W00000001", 28),),
    ),
    Fault(
        "C08",
        "邻宗 00118 的不动产单元号套用了本宗的宗地代码",
        (change("cadastral.parcel 00118", unit_code=PARCEL + "W00000000"),),
        (Finds("CAD-A12", "cadastral.parcel 00118", PARCEL, NEXT),),
    ),
    Fault(
        "C09",
        "邻宗 00119 的不动产单元号中 W 为全角",
        (change("cadastral.parcel 00119", unit_code=BEYOND + "Ｗ00000000"),),
        (
            Finds("CAD-A09", "cadastral.parcel 00119", BEYOND + "Ｗ00000000", BEYOND + "W00000000"),
            Finds("PRJ-I39", "cadastral.parcel 00119", BEYOND + "Ｗ00000000", severity="warning", bare=True),
        ),
    ),
    Fault(
        "C10",
        "漏测界址点 J6，拐点没有界址点，顺序号缺 6",
        (drop("cadastral.boundary_point 00117/J6"),),
        (Finds("CAD-T05", OUR, 0, 1), Finds("CAD-A27", "cadastral.boundary_point 00117/J7", 7, 6)),
    ),
    Fault("C11", "漏绘界址线 J8-J9", (drop("cadastral.boundary_line 00117/J8-J9"),), (Finds("CAD-T06", OUR, 0, 1),)),
    Fault(
        "C12",
        "界址线 J1-J2 的一端离拐点 0.03 m",
        (
            draw("cadastral.boundary_line 00117/J1-J2", line((0, 96), (83.97, 96))),
            change("cadastral.boundary_line 00117/J1-J2", stated_length_m="83.97"),
        ),
        (Finds("CAD-T07", "cadastral.boundary_line 00117/J1-J2", 0.03, 0),),
    ),
    Fault(
        "C13",
        "宗地面积的数字颠倒：填 11 827.00 m²",
        (change(OUR, stated_area_m2="11827.00"),),
        (Finds("CAD-S01", OUR, 11827.0, LAND.area_m2),),
    ),
]
