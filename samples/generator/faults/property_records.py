"""Faults planted by records too many in the property tables: buildings, floors, units, parts that belong to nothing.

The stray records stand on the free south side of the parcel and say that their building is …F0009, which is not there.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from generator.faults.kinds import more
from generator.faults.outlines import bowtie
from generator.faults.planting import Change, Fault, Finds, redraw
from generator.model import PARCEL, building_code
from generator.shape import Shape, half_up, rect

HOUSE, STOREY, FLAT, PART, BALCONY = (f"property.{name}" for name in ("building", "floor", "unit", "common", "balcony"))
NOBODY, OTHER = building_code(9), building_code(2)
FOREIGN, FULL_WIDTH = "500112002006GB0117", PARCEL[:-1] + "７"
FIRST, TWIN, CROSSED = f"{HOUSE} 甲", f"{HOUSE} 乙", f"{HOUSE} 丙"


def house(name: str, shape: Shape, code: str, building: str, parcel: str = PARCEL) -> Change:
    """A building without any floor."""
    own: dict[str, Any] = {"building_code": code, "building": building, "parcel_code": parcel}
    own |= {"occupied_area_m2": half_up(shape.area_m2), "building_area_m2": Decimal(0), "unit_total": 0}
    own |= {"floors_total": 0, "floors_above": 0, "floors_below": 0}
    return more(HOUSE, name, shape, {**own, "planned_use": "11", "structure": "3", "state": "1"})


def storey(name: str, shape: Shape, floor_id: str, actual: int, **fields: Any) -> Change:
    """A floor of the building that is not there."""
    own = {"floor_id": floor_id, "floor_no": str(actual), "building_code": NOBODY, "actual_floor": actual}
    own |= {"nominal_floor": None, "building_area_m2": half_up(shape.area_m2), "storey_height_m": Decimal("3.00")}
    return more(STOREY, name, shape, {**own, **fields})


def flat(name: str, shape: Shape, *, parts: tuple[Shape, ...] = (), **fields: Any) -> Change:
    """A unit on the first floor of the building that is not there; it shares nothing."""
    area = half_up(sum(one.area_m2 for one in (shape, *parts)))
    own = {"unit_code": f"{NOBODY}00{name}", "house_code": f"500105002006001170009{name.zfill(4)}1"}
    own |= {"building_code": NOBODY, "floor_id": "0009-01", "floor_no": "1", "located": "雅苑路66号", "room": name}
    own |= {"unit_use": "60", "function_zone": "9-办公", "inner_area_m2": area, "shared_area_m2": Decimal(0)}
    own |= {"building_area_m2": area, "state": "1"}
    return more(FLAT, name, shape, {**own, **fields}, parts=parts)


def part(name: str, shape: Shape, **fields: Any) -> Change:
    """A common part that is not apportioned."""
    own = {"part_no": f"GY-{name}", "name": "公共通道", "building_code": NOBODY, "floor_id": "0009-01"}
    own |= {"stated_area_m2": half_up(shape.area_m2), "level": "不分摊", "serves": "不分摊"}
    return more(PART, name, shape, {**own, **fields})


def balcony(name: str, shape: Shape) -> Change:
    """A glazed balcony of the stray unit 02."""
    own = {"balcony_no": f"YT-{name}", "unit_code": f"{NOBODY}0002", "building_code": NOBODY, "floor_id": "0009-01"}
    own |= {"kind": "封闭", "factor": Decimal(1), "counted_area_m2": half_up(shape.area_m2)}
    return more(BALCONY, name, shape, own)


def nobody(ref: str, rule: str) -> Finds:
    """The building of this record is not there."""
    return Finds(rule, ref, NOBODY)


HOUSES = [
    Fault(
        "R18",
        "自然幢“11#楼”的幢号写成 G0011，没有层，规划、地籍没有这一幢",
        (house("甲", rect(56, 22, 59, 25), PARCEL + "G0011", "11#楼"),),
        (
            Finds("PRP-A11", FIRST, PARCEL + "G0011", 24),
            Finds("PRP-A31", FIRST, 0, 1),
            Finds("PRP-X01", FIRST, 2, 0),
            Finds("PRP-X02", FIRST, 2, 0),
        ),
    ),
    Fault(
        "R19",
        "又一幢的幢号、名称都与前一幢相同且互相重叠，宗地代码是外县的、少一位，在宗地之外",
        (house("乙", rect(58, 24, 61, 26), PARCEL + "G0011", "11#楼", FOREIGN),),
        (
            Finds("PRP-A11", TWIN, PARCEL + "G0011", 24),
            Finds("PRP-A16", TWIN, PARCEL + "G0011", None, FIRST),
            Finds("PRP-A17", TWIN, "11", None, FIRST),
            Finds("PRP-A12", TWIN, FOREIGN, 19),
            Finds("PRP-A15", TWIN, PARCEL, FOREIGN),
            Finds("PRP-A47", TWIN, "500112", "500105"),
            Finds("PRP-A31", TWIN, 0, 1),
            Finds("PRP-T07", FIRST, 1.0, 0, TWIN),
            Finds("PRP-X08", TWIN, FOREIGN),
        ),
    ),
    Fault(
        "R20",
        "自然幢“12#楼”的图形自相交，宗地代码末位为全角",
        (house("丙", bowtie(62, 22), building_code(12), "12#楼", FULL_WIDTH),),
        (
            Finds("PRP-A09", CROSSED, FULL_WIDTH, PARCEL),
            Finds("PRJ-I39", CROSSED, FULL_WIDTH, severity="warning", bare=True),
            Finds("PRP-A15", CROSSED, PARCEL, FULL_WIDTH),
            Finds("PRP-A31", CROSSED, 0, 1),
            Finds("PRP-G01", CROSSED),
            Finds("PRP-X01", CROSSED, 1, 0),
            Finds("PRP-X02", CROSSED, 1, 0),
            Finds("PRP-X08", CROSSED, FULL_WIDTH),
        ),
    ),
    Fault(
        "R21",
        "自然幢“13#楼”绘到宗地之外",
        (house("丁", rect(60, -8, 64, -4), building_code(13), "13#楼"),),
        (
            Finds("PRP-A31", f"{HOUSE} 丁", 0, 1),
            Finds("PRP-X01", f"{HOUSE} 丁", 1, 0),
            Finds("PRP-X02", f"{HOUSE} 丁", 1, 0),
            Finds("PRP-X09", f"{HOUSE} 丁", 16.0, 0, "cadastral.parcel 00117"),
        ),
    ),
]

STRAYS = [
    Fault(
        "R22",
        "多一层记录，所属的自然幢不存在",
        (storey("甲", rect(16, 20, 52, 26), "0009-01", 1),),
        (
            nobody(f"{STOREY} 甲", "PRP-A24"),
            Finds("PRP-S02", f"{STOREY} 甲", 216.0, 0),
            Finds("PRP-T06", f"{STOREY} 甲", 191.0, 0),  # 36 × 6 less the units and parts of R25, R27, R28, R32, R34
        ),
    ),
    Fault(
        "R23",
        "又一层记录与它的层标识、实际层都相同，层高未填",
        (storey("乙", rect(22, 20, 24, 22), "0009-01", 1, storey_height_m=None),),
        (
            nobody(f"{STOREY} 乙", "PRP-A24"),
            Finds("PRP-A06", f"{STOREY} 乙"),
            Finds("PRP-A18", f"{STOREY} 乙", "0009-01", None, f"{STOREY} 甲"),
            Finds("PRP-A22", f"{STOREY} 乙", f"{NOBODY}、1", None, f"{STOREY} 甲"),
            Finds("PRP-S02", f"{STOREY} 乙", 4.0, 0),
            Finds("PRP-T06", f"{STOREY} 乙", 4.0, 0),
        ),
    ),
    Fault(
        "R24",
        "第三层缺二层而有三层，图形自相交",
        (storey("丙", bowtie(26, 20), "0009-03", 3),),
        (
            nobody(f"{STOREY} 丙", "PRP-A24"),
            Finds("PRP-A23", f"{STOREY} 丙", 3, 2),
            Finds("PRP-G02", f"{STOREY} 丙"),
            Finds("PRP-T06", f"{STOREY} 丙", 0.5, 0),
        ),
    ),
    Fault(
        "R25",
        "多一户，所属的自然幢不存在，不动产单元号少一位",
        (flat("01", rect(16, 20, 20, 24), unit_code=NOBODY + "001"),),
        (nobody(f"{FLAT} 01", "PRP-A25"), Finds("PRP-A13", f"{FLAT} 01", NOBODY + "001", 28)),
    ),
    Fault(
        "R26",
        "多一户，所在的层不存在",
        (flat("02", rect(30, 20, 32, 22), floor_id="0009-55"),),
        (nobody(f"{FLAT} 02", "PRP-A25"), Finds("PRP-A26", f"{FLAT} 02", "0009-55")),
    ),
    Fault(
        "R27",
        "多一户，自然幢号与所在层的不一致",
        (flat("03", rect(34, 20, 36, 22), building_code=OTHER, unit_code=OTHER + "0903"),),
        (
            Finds("PRP-A29", f"{FLAT} 03", OTHER, NOBODY, f"{STOREY} 甲"),
            Finds("PRP-A29", f"{FLAT} 03", OTHER, NOBODY, f"{STOREY} 乙"),
            Finds("PRP-A33", f"{HOUSE} 2", 74, 75),
        ),
    ),
    Fault(
        "R28",
        "多一户，图形自相交",
        (flat("04", bowtie(38, 22)),),
        (nobody(f"{FLAT} 04", "PRP-A25"), Finds("PRP-G03", f"{FLAT} 04")),
    ),
    Fault(
        "R29",
        "1幢13-1 的图形有相距 0.5 mm 的重复拐点",
        (redraw(f"{FLAT} 1/13-1", {(18.1, 66.1): [(18.1, 66.1), (18.1, 66.1005)]}),),
        (Finds("PRP-G06", f"{FLAT} 1/13-1", 0.0005, 0.001, severity="warning"),),
    ),
    Fault(
        "R30",
        "多一处共有部位，所属的自然幢和所在的层都不存在",
        (part("甲", rect(42, 22, 44, 24), floor_id="0009-55"),),
        (nobody(f"{PART} 甲", "PRP-A28"), Finds("PRP-A27", f"{PART} 甲", "0009-55")),
    ),
    Fault(
        "R31",
        "多一处共有部位，在所在层的范围之外",
        (part("乙", rect(46, 27, 48, 29)),),
        (nobody(f"{PART} 乙", "PRP-A28"), Finds("PRP-T05", f"{PART} 乙", 4.0, 0, f"{STOREY} 甲")),
    ),
    Fault(
        "R32",
        "多一处共有部位，图形自相交",
        (part("丙", bowtie(50, 22)),),
        (nobody(f"{PART} 丙", "PRP-A28"), Finds("PRP-G04", f"{PART} 丙")),
    ),
    Fault(
        "R33",
        "多两个阳台，互相重叠，其中一个压到同层的户",
        (balcony("甲", rect(19, 24, 22, 26)), balcony("乙", rect(18, 23, 20, 25))),
        (
            Finds("PRP-T08", f"{BALCONY} 甲", 1.0, 0, f"{BALCONY} 乙"),
            Finds("PRP-T09", f"{BALCONY} 乙", 2.0, 0, f"{FLAT} 01"),
        ),
    ),
    Fault(
        "R34",
        "多一户，图形由两个面组成",
        (flat("05", rect(30, 24, 32, 25), parts=(rect(34, 24, 36, 25),)),),
        (nobody(f"{FLAT} 05", "PRP-A25"), Finds("PRP-G05", f"{FLAT} 05", 2, 1, severity="warning")),
    ),
]

FAULTS = [*HOUSES, *STRAYS]
