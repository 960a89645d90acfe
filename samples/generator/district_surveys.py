"""What the surveys of one small project deliver: one rectangular building in the middle of its land.

A layer is a list of (fields by registration column, local figure): rectangles as corners, lines and points as tuples.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from generator.district_plan import Plan
from generator.shape import half_up

Point = tuple[float, float]
Row = tuple[dict[str, Any], list[Point]]  # one point, two ends of a line, or the corners of a polygon
Layers = dict[str, list[Row]]

STAIR_M = 4.0
CELLAR_M, SHELTER_M = 16.0, 24.0  # depth of the cellar, width of the civil-defence unit in it
PARAPET_M = Decimal("1.20")
STOREY_M = {"住宅": Decimal("3.00"), "商业": Decimal("4.50"), "办公": Decimal("3.60"), "其他": Decimal("3.90")}
DROP_M = Decimal("0.30")
LAWN_M, STRIP_M = 12.5, 4.0  # how far the green reaches from the south, and from either side


def box(x0: float, y0: float, x1: float, y1: float) -> list[Point]:
    """Corners from the north-west one, clockwise."""
    return [(round(x, 1), round(y, 1)) for x, y in ((x0, y1), (x1, y1), (x1, y0), (x0, y0))]


def area_m2(plan: Plan, corners: list[Point]) -> Decimal:
    """Area of the figure as it is drawn."""
    ring = [tuple(Fraction(str(v)) for v in plan.place(*xy)) for xy in corners]
    total = sum((a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)), Fraction(0))
    exact = abs(total) / 2
    return half_up(Decimal(exact.numerator) / Decimal(exact.denominator))


def land(plan: Plan) -> list[Point]:
    """Parcel and red line."""
    width, depth = plan.size
    return box(0, 0, width, depth)


def house(plan: Plan) -> list[Point]:
    """The footprint: 14 m from the south, 10 m from the north, 6 m from either side of the lot."""
    width, depth = plan.size
    return box(6, 14, round(width - plan.widened_m - 6, 1), round(depth - 10, 1))


def cellar(plan: Plan) -> list[Point]:
    """The basement under the southern part of the building."""
    (x0, _), (x1, _), (_, y0), _ = house(plan)
    return box(x0, y0, x1, y0 + CELLAR_M)


def shelter(plan: Plan) -> list[Point]:
    """The civil-defence unit in the west of the cellar."""
    (x0, _), _, (_, y0), _ = house(plan)
    return box(x0, y0, x0 + SHELTER_M, y0 + CELLAR_M)


def has_cellar(plan: Plan) -> bool:
    """Only where civil defence is surveyed."""
    return "civil_defence" in plan.surveys


def storey_m(plan: Plan) -> Decimal:
    """Height of a storey by use."""
    return STOREY_M[plan.use[0]]


def zero_level_m(plan: Plan) -> Decimal:
    """Level of ±0.000."""
    return Decimal(231 + plan.number % 13) + Decimal("0.50")


def levels(plan: Plan) -> list[tuple[str, Decimal]]:
    """Every height that is measured, as the permit has it too."""
    zero, top = zero_level_m(plan), zero_level_m(plan) + plan.floors * storey_m(plan)
    return [
        ("±0.000", zero),
        ("室外地坪", zero - DROP_M),
        ("檐口", top),
        ("女儿墙顶", top + PARAPET_M),
        ("最高点", top + PARAPET_M + 1),
    ]


def planning(plan: Plan) -> Layers:
    """Red line, footprint, corners, heights, zones, setbacks, parking."""
    name, outline = "1号楼", house(plan)
    (x0, y1), (x1, _), (_, y0), _ = outline
    middle_x, middle_y = round((x0 + x1) / 2, 1), round((y0 + y1) / 2, 1)
    layers: Layers = {
        "用地红线": [({"XMBH": plan.code, "XKZH": permit_number(plan)}, land(plan))],
        "建筑基底": [({"ZH": name, "DSCS": plan.floors, "DXCS": int(has_cellar(plan))}, outline)],
        "建筑角点": [_corner(plan, i, xy) for i, xy in enumerate(outline, 1)],
        "高度点": [
            (
                {"ZH": name, "DH": f"H{i}", "WZ": kind, "BG": float(level), "XKBG": float(level)},
                [(middle_x + i, middle_y)],
            )
            for i, (kind, level) in enumerate(levels(plan), 1)
        ],
        "功能区": _zones(plan),
        "退让间距线": [
            _setback("T1", "南", [(middle_x, y0), (middle_x, 0.0)]),
            _setback("T2", "西", [(x0, middle_y), (0.0, middle_y)]),
            _setback("T3", "北", [(middle_x, y1), (middle_x, plan.size[1])]),
        ],
        "停车位": [
            (
                {"BH": f"A{i + 1:02d}", "LX": "机动车", "SZC": 1, "XS": 1.0, "RF": "否"},
                [(round(8 + 2.6 * i, 1), y1 + 4)],
            )
            for i in range(_open_spaces(plan))
        ],
    }
    layers["停车位"] += [
        ({"BH": number, "LX": "机动车", "SZC": -1, "XS": 1.0, "RF": "是"}, [xy]) for number, xy in shelter_spaces(plan)
    ]
    if has_cellar(plan):
        layers["地下室"] = [({"SZC": -1}, cellar(plan))]
    return layers


def _open_spaces(plan: Plan) -> int:
    return 3 + plan.number % 5


def shelter_spaces(plan: Plan) -> list[tuple[str, Point]]:
    """Parking spaces in the sheltering zone."""
    if not has_cellar(plan):
        return []
    (x0, _), _, (_, y0), _ = shelter(plan)
    return [(f"B{i + 1:02d}", (round(x0 + 8 + 2.6 * i, 1), y0 + 4)) for i in range(2)]


def spaces(plan: Plan) -> int:
    """All parking spaces."""
    return _open_spaces(plan) + len(shelter_spaces(plan))


def permit_number(plan: Plan) -> str:
    """Number of the planning permit."""
    return f"建字第500105202200{plan.number:03d}号"


def _corner(plan: Plan, number: int, xy: Point) -> Row:
    east, north = plan.place(*xy)
    shift_m = ((plan.number + number) % 5 - 2) * 0.008
    fields = {"ZH": "1号楼", "JDH": f"1-{number}", "XKX": round(north + shift_m, 3), "XKY": round(east - shift_m, 3)}
    return fields, [xy]


def _setback(number: str, side: str, ends: list[Point]) -> Row:
    (xa, ya), (xb, yb) = ends
    length = round(abs(xa - xb) + abs(ya - yb), 1)
    return {"XH": number, "ZH": "1号楼", "FW": side, "LB": "退让", "XKJL": length}, ends


def _zones(plan: Plan) -> list[Row]:
    found = [_zone(plan, floor, 1, plan.use[0], house(plan)) for floor in range(1, plan.floors + 1)]
    if has_cellar(plan):
        (x0, y1), (x1, _), (_, y0), _ = cellar(plan)
        found.append(_zone(plan, -1, 1, "人防", shelter(plan)))
        found.append(_zone(plan, -1, 2, "地下车库", box(x0 + SHELTER_M, y0, x1, y1)))
    return found


def _zone(plan: Plan, floor: int, number: int, use: str, corners: list[Point]) -> Row:
    storey = f"{floor}F" if floor > 0 else f"B{-floor}"
    fields = {
        "GNQH": f"1-{storey}-{number:02d}",
        "ZH": "1号楼",
        "SZC": floor,
        "YT": use,
        "MJXS": 1.0,
        "JRXS": 1.0 if floor > 0 else 0.0,
        "CG": float(storey_m(plan)) if floor > 0 else 3.9,
        "FCXS": 1.0,
    }
    return fields, corners


def green(plan: Plan) -> Layers:
    """Strips of lawn along three sides, clear of the walls."""
    width, depth = plan.size
    strips = [
        box(0.5, LAWN_M, STRIP_M, depth - 4),
        box(width - STRIP_M, LAWN_M, width - 0.5, depth - 4),
        box(0.5, 0.5, width - 0.5, LAWN_M),
    ]
    patches: list[Row] = [
        (
            {
                "BH": f"G{i}",
                "LB": "地面绿地",
                "XZ": "单块",
                "BZMJ": float(area_m2(plan, strip)),
                "JRMJ": float(area_m2(plan, strip)),
            },
            strip,
        )
        for i, strip in enumerate(strips, 1)
    ]
    return {"用地范围": [({"XMBH": plan.code}, land(plan))], "绿地": patches}


def green_area_m2(plan: Plan) -> Decimal:
    """All lawn; it counts in full."""
    return sum((area_m2(plan, corners) for _, corners in green(plan)["绿地"]), Decimal(0))


def civil_defence(plan: Plan) -> Layers:
    """One unit of sheltering in the cellar, its zones and two entrances."""
    outline = shelter(plan)
    (x0, y1), (x1, _), (_, y0), _ = outline
    unit = {
        "DYH": "RF-1",
        "ZSGN": "二等人员掩蔽",
        "PSGN": "汽车库",
        "KLJB": "核6常6",
        "FHDJ": "丙",
        "SZC": -1,
        "JG": 3.05,
        "SBCS": plan.floors,
        "PZGN": "二等人员掩蔽",
        "PZJB": "核6常6",
        "KBSL": 2,
    }
    rooms = (
        ("口部", box(x0, y0, x0 + 4, y0 + 5)),
        ("辅助房间", box(x0, y0 + 5, x0 + 4, y0 + 11)),
        ("口部", box(x0, y0 + 11, x0 + 4, y1)),
        ("掩蔽区", box(x0 + 4, y0, x1, y1)),
    )
    doors = (("主要出入口", (x0 + 2, y0 + 2.5)), ("次要出入口", (x0 + 2, y0 + 13.5)))
    return {
        "人防工程": [({"GCBH": f"RF-{plan.number:04d}", "SZC": -1, "XMBH": plan.code}, outline)],
        "防护单元": [(unit, outline)],
        "人防功能区": [
            ({"GNQH": f"RF-1-{i}", "DYH": "RF-1", "LB": kind}, room) for i, (kind, room) in enumerate(rooms, 1)
        ],
        "出入口": [({"CRKH": f"RF-1-E{i}", "DYH": "RF-1", "LB": kind}, [xy]) for i, (kind, xy) in enumerate(doors, 1)],
        "人防车位": [({"CWH": number, "DYH": "RF-1"}, [xy]) for number, xy in shelter_spaces(plan)],
    }
