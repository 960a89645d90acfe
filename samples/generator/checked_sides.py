"""Sides of units and common parts measured again by the firm's own checker: one line along the drawn side each."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

from generator.model import Building, Floor, floor_id
from generator.property import unit_code
from generator.shape import Record, Shape, half_up, line

SEED = 20260902
#: building → floors whose units were checked
CHECKED = {1: (5, 11, 17), 2: (5, 12), 3: (3,)}
#: what a second measurement of a wall differs by, in centimetres
DIFFERENCES_CM = (-2, -1, -1, 0, 0, 0, 1, 1, 1, 2)

Side = tuple[Shape, str, str | None]  # line, where, unit code


def checked_sides(buildings: list[Building]) -> list[Record]:
    """What was measured, floor by floor; a tower's core and its whole length stand for the common parts."""
    dice = random.Random(SEED)
    return [
        _record(building, floor, number, side, Decimal(dice.choice(DIFFERENCES_CM)) / 100)
        for building in buildings
        for floor in building.floors
        if floor.number in CHECKED[building.number]
        for number, side in enumerate(_sides(building, floor), 1)
    ]


def _sides(building: Building, floor: Floor) -> Iterator[Side]:
    for unit in floor.units:
        for side in _longest_each_way(_straight(unit.shape)):
            yield side, f"{unit.room} {_wall(side, unit.shape)}墙", unit_code(building, unit)
    core = next(common for common in floor.commons if "核心筒" in common.name)
    first = _straight(core.shape)[0]
    yield first, f"核心筒{_wall(first, core.shape)}墙", None
    whole = _straight(floor.outline)[0]
    yield whole, f"外墙{_wall(whole, floor.outline)}边总长", None


def _record(building: Building, floor: Floor, number: int, side: Side, difference: Decimal) -> Record:
    shape, where, code = side
    fid, stated = floor_id(building.number, floor.number), half_up(shape.length_m)
    fields = {
        "side_no": f"JC-{fid}-{number:02d}",
        "building_code": building.code,
        "floor_id": fid,
        "unit_code": code,
        "location": where,
        "stated_length_m": stated,
        "checked_length_m": stated + difference,
        "method": "手持测距仪",
        "checked_on": "2026-09-02",
        "checked_by": "罗一鸣",
    }
    return Record(fields, shape)


def _straight(shape: Shape) -> list[Shape]:
    """The straight sides of the outer ring, in its order."""
    ring = shape.rings[0]
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return [line((x0, y0), (x1, y1)) for (x0, y0, bulge), (x1, y1, _) in pairs if not bulge]


def _longest_each_way(sides: list[Shape]) -> list[Shape]:
    """The longest side from west to east and the longest from south to north."""
    return [max((s for s in sides if _lies(s) == way), key=lambda s: s.length_m) for way in (True, False)]


def _lies(side: Shape) -> bool:
    """Whether it runs from west to east in the local frame."""
    (x0, y0, _), (x1, y1, _) = side.rings[0]
    return abs(x1 - x0) >= abs(y1 - y0)


def _wall(side: Shape, outline: Shape) -> str:
    """On which side of the figure's middle it stands, in the local frame."""
    (x0, y0, _), (x1, y1, _) = side.rings[0]
    inner = outline.polygon().centroid
    if _lies(side):
        return "北" if (y0 + y1) / 2 > inner.y else "南"
    return "东" if (x0 + x1) / 2 > inner.x else "西"
