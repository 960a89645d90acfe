"""What the planning survey delivers: outlines, corners, heights, functional zones, distances, parking."""

from __future__ import annotations

import math
import random
from decimal import Decimal
from typing import Any

from generator import courtyard, site
from generator.frame import to_map
from generator.model import Building, Floor
from generator.parking import spaces
from generator.shape import Record, Shape, Survey, half_up, line, point, poly, rect
from generator.towers import GARAGE_HEIGHT, TOWER, Plan

ZERO_LEVEL_M = Decimal("236.50")
GROUND_DROP_M = Decimal("0.15")
PARAPET_M = Decimal("1.50")
LOW_ROOM, LOW_RAMP = rect(44, 70, 47, 79), rect(10, 26, 20, 34)
LOW_HEIGHT = Decimal("2.10")
REASONS = {
    "low": "层高2.10m不足2.20m：规划计1/2，房产不计",
    "glazed": "主体结构外封闭阳台：规划计1/2，房产全计",
    "open": "架空层：规划计全面积，房产作公共通道不计",
}


def planning(buildings: list[Building], rng: random.Random) -> Survey:
    """All canonical layers of the planning survey."""
    return {
        "red_line": [Record({}, site.LAND)],
        "setback_boundary": [Record({}, site.SETBACK_BOUNDARY)],
        "footprint": [_footprint(b) for b in buildings],
        "basement": [Record({"level": level}, shape) for level, shape in site.BASEMENTS.items()],
        "corner": [r for b in buildings for r in _corners(b, rng)],
        "height_point": [r for b in buildings for r in _heights(b, rng)],
        "zone": _numbered([r for b in buildings for r in _zones(b)]),
        "setback": _setbacks(),
        "parking": [
            Record(
                {
                    "space_no": s.number,
                    "kind": s.kind,
                    "level": s.level,
                    "factor": "1.00",
                    "civil_defence": "是" if s.unit else "否",
                },
                point(s.x, s.y),
            )
            for s in spaces()
        ],
    }


def name_of(number: int) -> str:
    """How the planning drawing calls a building."""
    return f"{number}号楼"


def _footprint(building: Building) -> Record:
    fields = {"building": name_of(building.number), "floors_above": building.above, "floors_below": building.below}
    return Record(fields, building.footprint)


def _corners(building: Building, rng: random.Random) -> list[Record]:
    found = []
    for i, (x, y, _) in enumerate(building.footprint.rings[0], 1):
        turn, shift = rng.uniform(0, 2 * math.pi), rng.uniform(0.002, 0.038)
        east, north = to_map(x, y)
        fields = {
            "building": name_of(building.number),
            "corner_no": f"{building.number}-{i:02d}",
            "permitted_north_m": f"{north + shift * math.sin(turn):.3f}",
            "permitted_east_m": f"{east + shift * math.cos(turn):.3f}",
        }
        found.append(Record(fields, point(x, y)))
    return found


def _heights(building: Building, rng: random.Random) -> list[Record]:
    """±0, ground outside, every floor, eaves, parapet and the highest point; measured within 3 cm of the permit."""
    ground = [f for f in building.floors if f.number > 0]
    levels, kinds = [ZERO_LEVEL_M, ZERO_LEVEL_M - GROUND_DROP_M], ["±0.000", "室外地坪"]
    level = ZERO_LEVEL_M
    for floor in ground:
        level += floor.height_m
        kinds.append("楼层" if floor is not ground[-1] else "檐口")
        levels.append(level)
    kinds += ["女儿墙顶", "最高点"]
    levels += [level + PARAPET_M, level + Decimal("4.80" if building.number < 3 else "2.70")]
    x, y = {1: (20.0, 67.0), 2: (76.0, 67.0), 3: (92.0, 57.0)}[building.number]
    found = []
    for i, (kind, permitted) in enumerate(zip(kinds, levels, strict=True), 1):
        fields = {
            "building": name_of(building.number),
            "point_no": f"H{building.number}-{i:02d}",
            "kind": kind,
            "level_m": str(permitted + Decimal(rng.randint(-3, 2)) / 100),
            "permitted_level_m": str(permitted),
        }
        found.append(Record(fields, point(round(x + 0.3 * (i % 6), 1), round(y + 0.4 * (i // 6), 1))))
    return found


def _zone(building: int, floor: Floor | int, use: str, shape: Shape, **more: Any) -> Record:
    number, height = (floor.number, floor.height_m) if isinstance(floor, Floor) else (floor, GARAGE_HEIGHT)
    underground = number < 0
    fields = {
        "zone_no": "",
        "building": name_of(building),
        "floor": number,
        "use": use,
        "area_factor": "1.0",
        "far_factor": "0.0" if underground else "1.0",
        "storey_height_m": str(height),
        "property_factor": "1.0",
        "difference_note": "",
    }
    return Record(fields | more, shape)


def _zones(building: Building) -> list[Record]:
    make = _courtyard_zones if building.number == courtyard.NUMBER else _tower_zones
    return [record for floor in building.floors for record in make(building.number, floor)]


def _tower_zones(number: int, floor: Floor) -> list[Record]:
    plan = Plan(number)
    if floor.number < 0:
        return _basement_zones(plan, floor)
    if floor.number <= 3:
        n = plan.notch
        rest = poly(
            (16, 86),
            (27.1, 86),
            (27.1, 76.1),
            (34.9, 76.1),
            (34.9, 86),
            (48, 86),
            (48, 56),
            (16 + n, 56),
            (16 + n, 60),
            (16, 60),
        )
        hall = _zone(number, floor, "住宅", plan.place(rect(27.1, 76.1, 34.9, 86)))
        if number == 1 and floor.number == 3:
            return [*_social_zones(plan, floor), hall]
        return [_zone(number, floor, "商业", plan.place(rest)), hall]
    found = [_zone(number, floor, "住宅", plan.place(TOWER))]
    for balcony in (b for u in floor.units for b in u.balconies):
        more = (
            {"property_factor": "1.0", "difference_note": REASONS["glazed"]}
            if balcony.glazed
            else {"property_factor": "0.5"}
        )
        found.append(_zone(number, floor, "阳台", balcony.shape, area_factor="0.5", **more))
    if floor.number == 4:
        found.append(_zone(number, floor, "设备用房", plan.place(LOW_ROOM), **_low(far="1.0")))
    return found


def _social_zones(plan: Plan, floor: Floor) -> list[Record]:
    n = plan.notch
    south = poly((16, 68.4), (48, 68.4), (48, 56), (16 + n, 56), (16 + n, 60), (16, 60))
    east = poly((27.1, 76.1), (34.9, 76.1), (34.9, 86), (48, 86), (48, 68.4), (27.1, 68.4))
    plans = (("社区用房", south), ("物业用房", rect(16, 68.4, 27.1, 86)), ("社区用房", east))
    return [_zone(plan.number, floor, use, plan.place(shape)) for use, shape in plans]


def _low(far: str) -> dict[str, str]:
    return {
        "area_factor": "0.5",
        "far_factor": far,
        "storey_height_m": str(LOW_HEIGHT),
        "property_factor": "0.0",
        "difference_note": REASONS["low"],
    }


def _basement_zones(plan: Plan, floor: Floor) -> list[Record]:
    number = plan.number
    use = {"不分摊": "地下车库", "功能区": "地下车库", "整幢": "设备用房"}
    found = [
        _zone(number, floor, "人防" if c.name.startswith("人防") else use[c.level], c.shape) for c in floor.commons
    ]
    if number == 2 and floor.number == -1:
        found.append(_zone(number, floor, "地下车库", plan.place(LOW_RAMP), **_low(far="0.0")))
    return found


def _courtyard_zones(number: int, floor: Floor) -> list[Record]:
    ground = floor.number == 1
    use = "商业" if ground else "办公"
    top, bottom = (63, 59) if ground else (61, 61)
    south = poly((90, 61), (100, 61), (100, 56), (108, 56), (108, bottom), (118, bottom), *courtyard.FRONT)
    north = poly((90, 76), (118, 76), (118, top), (108, top), (108, 66), (100, 66), (100, 61), (90, 61))
    found = [_zone(number, floor, use, south), _zone(number, floor, use, north)]
    if ground:
        found.append(
            _zone(
                number,
                floor,
                "架空层",
                courtyard.PASSAGE,
                far_factor="0.0",
                property_factor="0.0",
                difference_note=REASONS["open"],
            )
        )
    return found


def _numbered(zones: list[Record]) -> list[Record]:
    counts: dict[tuple[str, int], int] = {}
    for record in zones:
        building, floor = record.fields["building"], record.fields["floor"]
        counts[building, floor] = counts.get((building, floor), 0) + 1
        storey = f"{floor}F" if floor > 0 else f"B{-floor}"
        record.fields["zone_no"] = f"{building[0]}-{storey}-{counts[building, floor]:02d}"
    return zones


#: line number, building, side, kind, from, to, permitted distance
DISTANCES = (
    ("T1", 1, "北", "退让", (30, 86), (30, 96), "10.00"),
    ("T2", 1, "西", "退让", (16, 70), (0, 70), "16.00"),
    ("T3", 2, "北", "退让", (66, 86), (66, 96), "10.00"),
    ("T4", 3, "北", "退让", (104, 76), (104, 92), "16.00"),
    ("T5", 3, "东", "退让", (118, 62), (128, 62), "10.00"),
    ("J1", 2, "东", "间距", (80, 70), (90, 70), "10.00"),
)


def _setbacks() -> list[Record]:
    return [
        Record(
            {"line_no": no, "building": name_of(b), "side": side, "kind": kind, "permitted_m": permitted},
            line(start, end),
        )
        for no, b, side, kind, start, end, permitted in DISTANCES
    ]


def counted_m2(zone: Record) -> Decimal:
    """Planning area of a zone, unrounded."""
    return half_up(zone.shape.area_m2, 6) * Decimal(zone.fields["area_factor"])
