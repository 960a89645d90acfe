"""Property and cadastre of one small project: two units a floor beside a stair that serves the whole building."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from generator import district_surveys as site
from generator.district_plan import Plan
from generator.district_surveys import Layers, Row, area_m2, box
from generator.shape import half_up

CENT = Fraction(1, 100)


def property_tables(plan: Plan) -> Layers:
    """ZRZ, C, H, GYBW."""
    units = [_unit(plan, floor, side) for floor in range(1, plan.floors + 1) for side in (0, 1)]
    stairs = [(floor, _rooms(plan)[1]) for floor in range(1, plan.floors + 1)]
    inner = [area_m2(plan, corners) for _, corners in units]
    shared = sum((area_m2(plan, corners) for _, corners in stairs), Decimal(0))
    factor = Fraction(shared) / Fraction(sum(inner, Decimal(0)))
    for (fields, _), own, share in zip(units, inner, _closed(inner, shared), strict=True):
        fields |= {"SCTNJZMJ": float(own), "SCFTJZMJ": float(share), "SCJZMJ": float(own + share)}
        fields["SCFTXS"] = float(half_up(Decimal(factor.numerator) / Decimal(factor.denominator), 6))
    commons: list[Row] = [
        (_common(plan, floor, 1, "楼梯间", corners, "整幢", _building_code(plan)), corners) for floor, corners in stairs
    ]
    if site.has_cellar(plan):
        (x0, y1), (x1, _), (_, y0), _ = site.cellar(plan)
        rest = box(x0 + site.SHELTER_M, y0, x1, y1)
        for number, name, corners in ((1, "人防工程", site.shelter(plan)), (2, "地下车库", rest)):
            commons.append((_common(plan, -1, number, name, corners, "不分摊", "不分摊"), corners))
    floors = [_floor(plan, number) for number in ([-1] if site.has_cellar(plan) else []) + [*range(1, plan.floors + 1)]]
    return {"ZRZ": [_building(plan, floors, len(units))], "C": floors, "H": units, "GYBW": commons}


def dwellings(plan: Plan) -> int:
    """How many homes there are."""
    return 2 * plan.floors if plan.use[1] == "11" else 0


def _closed(inner: list[Decimal], shared: Decimal) -> list[Decimal]:
    """`shared` by inner area, cents closed by largest remainder, ties to the larger, then the earlier unit."""
    whole = Fraction(sum(inner, Decimal(0)))
    exact = [Fraction(shared) * Fraction(own) / whole for own in inner]
    cents = [int(part / CENT) for part in exact]
    rest = int(Fraction(shared) / CENT) - sum(cents)
    order = sorted(range(len(inner)), key=lambda i: (cents[i] * CENT - exact[i], -inner[i], i))
    for i in order[:rest]:
        cents[i] += 1
    return [Decimal(c) / 100 for c in cents]


def _rooms(plan: Plan) -> tuple[list[site.Point], ...]:
    """West unit, stair, east unit."""
    (x0, y1), (x1, _), (_, y0), _ = site.house(plan)
    left = round(x0 + (x1 - x0 - site.STAIR_M) / 2, 1)
    return box(x0, y0, left, y1), box(left, y0, left + site.STAIR_M, y1), box(left + site.STAIR_M, y0, x1, y1)


def _building_code(plan: Plan) -> str:
    return f"{plan.parcel_code}F0001"


def _floor_id(floor: int) -> str:
    return f"0001-{floor:02d}" if floor > 0 else f"0001-B{-floor}"


def _building(plan: Plan, floors: list[Row], units: int) -> Row:
    outline, below = site.house(plan), int(site.has_cellar(plan))
    ground = float(area_m2(plan, outline))
    total = sum((Decimal(str(fields["CJZMJ"])) for fields, _ in floors), Decimal(0))
    fields = {
        "YSDM": "6001030110",
        "ZDDM": plan.parcel_code,
        "ZRZH": _building_code(plan),
        "XMMC": plan.name,
        "JZWMC": "1幢",
        "JGRQ": plan.date,
        "JZWGD": float(plan.floors * site.storey_m(plan) + site.PARAPET_M + site.DROP_M),
        "ZZDMJ": ground,
        "SCJZMJ": float(total),
        "ZCS": plan.floors + below,
        "DSCS": plan.floors,
        "DXCS": below,
        "GHYT": plan.use[1],
        "FWJG": "3",
        "ZTS": units,
        "ZT": "1",
    }
    return fields, outline


def _floor(plan: Plan, floor: int) -> Row:
    outline = site.house(plan) if floor > 0 else site.cellar(plan)
    left, _, right = _rooms(plan)
    inner = area_m2(plan, left) + area_m2(plan, right) if floor > 0 else Decimal(0)
    whole = area_m2(plan, outline)
    fields = {
        "层标识": _floor_id(floor),
        "CH": str(floor),
        "ZRZH": _building_code(plan),
        "YSDM": "6001030130",
        "SJC": floor,
        "MYC": f"{floor}层" if floor > 0 else f"负{-floor}层",
        "CJZMJ": float(whole),
        "CTNJZMJ": float(inner),
        "CYTMJ": 0.0,
        "CGYJZMJ": float(whole - inner),
        "CG": float(site.storey_m(plan)) if floor > 0 else 3.9,
    }
    return fields, outline


def _unit(plan: Plan, floor: int, side: int) -> Row:
    number, room = 2 * floor - 1 + side, f"{floor}-{side + 1}"
    fields: dict[str, Any] = {
        "BDCDYH": f"{_building_code(plan)}{number:04d}",
        "FWBM": f"{plan.parcel_code[:12]}{plan.parcel_code[14:]}0001{number:04d}1",
        "YSDM": "6001030140",
        "ZRZH": _building_code(plan),
        "层标识": _floor_id(floor),
        "CH": str(floor),
        "ZL": f"{plan.lot.address}1幢{room}",
        "MJDW": "1",
        "HH": number,
        "SHBW": room,
        "FWYT1": plan.use[1],
        "功能区": f"1-{plan.use[0]}",
        "阳台面积": 0.0,
        "ZT": "1",
    }
    return fields, _rooms(plan)[2 * side]


def _common(
    plan: Plan, floor: int, number: int, name: str, corners: list[site.Point], level: str, serves: str
) -> dict[str, Any]:
    return {
        "共有编号": f"GY-{_floor_id(floor)}-{number:02d}",
        "名称": name,
        "ZRZH": _building_code(plan),
        "层标识": _floor_id(floor),
        "面积": float(area_m2(plan, corners)),
        "分摊层级": level,
        "服务范围": serves,
    }
