"""Faults planted in neighbouring parcels, which are delivered as registration tables along the north side.

Every parcel has its points and lines; what is wrong is said where it is built.
"""

from __future__ import annotations

from typing import Any

from generator.faults.cadastral import OUR
from generator.faults.kinds import more, word, wrong
from generator.faults.outlines import bowtie
from generator.faults.planting import Change, Fault, Finds, Scene
from generator.frame import to_map
from generator.model import PARCEL
from generator.shape import Record, Shape, half_up, line, point, poly, rect

PARCELS, POINT, LINE, HOUSE = (
    f"cadastral.{name}" for name in ("parcel", "boundary_point", "boundary_line", "building")
)
FILES = "ZDJBXX", "JZD", "JZX", "ZRZ"


def code(number: str) -> str:
    """19 places."""
    return PARCEL[:-5] + number


def parcel(name: str, *shapes: Shape, first: int = 1, parcel_code: str = "", **fields: Any) -> Change:
    """A parcel in the tables, of one part or more, with its points and lines numbered from `first`."""
    own = parcel_code or code(name)

    def planted(scene: Scene) -> None:
        area = sum((half_up(shape.area_m2) for shape in shapes), half_up(0.0))
        given = {**scene(OUR).fields, "right_type": "3", "right_nature": "102", "project_code": None}
        given |= {"parcel_code": own, "unit_code": f"{own}W00000000", "stated_area_m2": area, "north_side": "空地"}
        hints = {"table": True, "parts": shapes[1:]}
        scene.add(PARCELS, Record({**given, **fields}, shapes[0], hints), name)
        number = first
        for shape in shapes:
            number = outline(scene, own, name, shape, number)

    return planted


def outline(scene: Scene, own: str, name: str, shape: Shape, first: int) -> int:
    """Points and lines along one part; the number that follows."""
    ring = [v[:2] for v in shape.rings[0]]
    for i, (start, end) in enumerate(zip(ring, ring[1:] + ring[:1], strict=True)):
        here, after = first + i, first + (i + 1) % len(ring)
        mark = {"parcel_code": own, "sequence": here, "point_no": f"J{here}", "marker": "1", "point_type": "1"}
        scene.add(POINT, Record(mark, point(*start), {"table": True}), f"{name}/J{here}")
        side = line(start, end)
        edge = {"line_no": f"J{here}-J{after}", "stated_length_m": half_up(side.length_m), "line_nature": "600001"}
        edge |= {"parcel_code": own, "line_class": "1", "line_position": "2"}
        scene.add(LINE, Record(edge, side, {"table": True}), f"{name}/J{here}-J{after}")
    return first + len(ring)


def house(name: str, shape: Shape, building: str, structure: str | None, floors: int) -> Change:
    """A building in the tables."""
    fields = {"building": building, "structure": structure, "floors_above": floors}
    return more(HOUSE, name, shape, fields, table=True)


def _listed(scene: Scene) -> None:
    """project.yaml names the tables beside the drawing."""
    tables = ", ".join(f"cadastral/{stem}.shp" for stem in FILES)
    drawing = "files: [cadastral/地籍.dxf"
    scene.sample.project = scene.sample.project.replace(drawing, f"{drawing}, {tables}")


def _stated(ref: str, east_m: float) -> Change:
    """Coordinates in writing, so far from the point."""

    def planted(scene: Scene) -> None:
        east, north = to_map(*scene(ref).shape.xy)
        scene(ref).fields.update(stated_north_m=round(north, 3), stated_east_m=round(east + east_m, 3))

    return planted


def _looped(scene: Scene) -> None:
    """A further line across 00123 that crosses itself."""
    shape = line((42, 104), (48, 98), (48, 101), (45, 98), (50, 98))
    fields = dict(scene(f"{LINE} 00123/J1-J2").fields, line_no="J1-J3", stated_length_m=half_up(shape.length_m))
    scene.add(LINE, Record(fields, shape, {"table": True}), "00123/J1-J3")


FIRST, SECOND, THIRD = (f"{PARCELS} {number}" for number in ("00121", "00122", "00123"))

FAULTS = [
    Fault(
        "C14",
        "另以登记表样提交北侧的邻宗：00121 与 00122 的公共界线不共用界址点",
        (_listed, parcel("00121", rect(0, 98, 20, 106)), parcel("00122", rect(20, 98, 40, 104))),
        (Finds("CAD-T03", SECOND, 2.0, 0, FIRST, "warning"),),
    ),
    wrong(
        "CAD-A36", FIRST, "面积单位", "area_unit", "亩", severity="warning",
        sets_off=[Finds("CAD-A44", FIRST, "亩", "1")],
    ),
    word("CAD-A37", FIRST, "等级", "grade", "特"),
    word("CAD-A38", FIRST, "权利设定方式", "right_setting", "9"),
    word("CAD-A39", FIRST, "状态", "state", "9"),
    wrong("CAD-A40", FIRST, "要素代码", "feature_code", "6001070000", required="6001010000", severity="warning"),
    wrong(
        "CAD-A41", f"{POINT} 00121/J1", "要素代码", "feature_code", "6001010000", required="6001070000",
        severity="warning",
    ),
    wrong(
        "CAD-A42", f"{LINE} 00121/J1-J2", "要素代码", "feature_code", "6001010000", required="6001060000",
        severity="warning",
    ),
    Fault(
        "CAD-S03",
        "界址点 00121/J2 填写的 Y 坐标比图形偏东 0.10 m",
        (_stated(f"{POINT} 00121/J2", 0.10),),
        (Finds("CAD-S03", f"{POINT} 00121/J2", 0.10, 0),),
    ),
    Fault(
        "C15",
        "邻宗 00123 的宗地代码以外县的代码开头",
        (parcel("00123", rect(42, 98, 50, 104), parcel_code="500112002006GB00123"),),
        (Finds("CAD-A31", THIRD, "500112", "500105"),),
    ),
    Fault(
        "C16",
        "邻宗 00124 的宗地特征码写成 GA",
        (parcel("00124", rect(52, 98, 58, 104), parcel_code="500105002006GA00124"),),
        (
            Finds("CAD-A10", f"{PARCELS} 00124", "500105002006GA00124", 19),
            Finds("CAD-A11", f"{PARCELS} 00124", "500105002006GA00124W00000000", 28),
        ),
    ),
    Fault(
        "C17",
        "又一宗地套用 00122 的宗地代码和不动产单元号",
        (parcel("00125", rect(60, 98, 66, 104), parcel_code=code("00122"), first=5),),
        (
            Finds("CAD-A13", f"{PARCELS} 00125", code("00122"), None, SECOND),
            Finds("CAD-A14", f"{PARCELS} 00125", code("00122") + "W00000000", None, SECOND),
        ),
    ),
    Fault(
        "C18",
        "邻宗 00126 由两个面组成",
        (parcel("00126", rect(68, 98, 72, 104), rect(74, 98, 76, 104)),),
        (Finds("CAD-G05", f"{PARCELS} 00126", 2, 1),),
    ),
    Fault(
        "C19",
        "邻宗 00127 自相交",
        (parcel("00127", bowtie(78, 98)),),
        (
            Finds("CAD-G01", f"{PARCELS} 00127"),
            Finds("CAD-T08", f"{PARCELS} 00127", 4, 1, f"{POINT} 00127/J4", "warning"),
        ),
    ),
    Fault(
        "C20",
        "邻宗 00128 有相距 0.5 mm 的重复拐点",
        (parcel("00128", poly((82, 104), (86, 104), (86, 98), (86, 97.9995), (82, 98))),),
        (Finds("CAD-G03", f"{PARCELS} 00128", 0.0005, 0.001),),
    ),
    Fault(
        "C21",
        "邻宗 00129 有一条 3 cm 的界址边",
        (parcel("00129", poly((88, 104), (92, 104), (92, 98.03), (92, 98), (88, 98))),),
        (Finds("CAD-G04", f"{PARCELS} 00129", 0.03, 0.05),),
    ),
    Fault(
        "C22",
        "邻宗 00130 的北边有一根 1.5 m 的尖刺",
        (parcel("00130", poly((94, 104), (96.98, 104), (97, 105.5), (97.02, 104), (100, 104), (100, 98), (94, 98))),),
        (Finds("CAD-G07", f"{PARCELS} 00130", 1.5276, 3.0, severity="warning"),),
    ),
    Fault(
        "C23",
        "邻宗 00123 多绘一条自相交的界址线",
        (_looped,),
        (Finds("CAD-G06", f"{LINE} 00123/J1-J3"), Finds("CAD-T07", f"{LINE} 00123/J1-J3", 0, 0)),
    ),
    Fault(
        "C24",
        "邻宗上的“7幢”房屋结构不在代码表中，地上层数为 0，规划、房产没有这一幢",
        (house("甲", rect(4, 99, 10, 103), "7幢", "9", 0),),
        (
            Finds("CAD-A23", f"{HOUSE} 甲", "9", severity="warning"),
            Finds("CAD-A30", f"{HOUSE} 甲", 0, 1),
            Finds("CAD-X04", f"{HOUSE} 甲", 2, 0),
            Finds("PRP-X02", None, 0, 2, f"{HOUSE} 甲"),
        ),
    ),
    Fault(
        "C25",
        "又一幢写作“7幢”，结构未填，与前一幢重叠，越出宗地",
        (house("乙", rect(9, 102, 13, 107), "7幢", None, 2),),
        (
            Finds("CAD-A08", f"{HOUSE} 乙"),
            Finds("CAD-A29", f"{HOUSE} 乙", "7", None, f"{HOUSE} 甲"),
            Finds("CAD-T10", f"{HOUSE} 甲", 1.0, 0, f"{HOUSE} 乙"),
            Finds("CAD-T09", f"{HOUSE} 乙", 4.0, 0, FIRST),
        ),
    ),
    Fault(
        "C26",
        "邻宗上的“8幢”自相交，规划、房产没有这一幢",
        (house("丙", bowtie(15, 100), "8幢", "3", 1),),
        (
            Finds("CAD-G02", f"{HOUSE} 丙"),
            Finds("CAD-X04", f"{HOUSE} 丙", 1, 0),
            Finds("PRP-X02", None, 0, 1, f"{HOUSE} 丙"),
        ),
    ),
]  # fmt: skip
