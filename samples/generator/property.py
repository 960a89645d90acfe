"""What the property survey delivers: buildings, floors, units, common parts and balconies as registration tables."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from generator import site
from generator.model import PARCEL, Building, Common, Floor, Unit, floor_id
from generator.shape import Record, Survey, half_up

COMPLETED = "2026-07-30"
VALID = "1"


def property_survey(buildings: list[Building]) -> Survey:
    """All canonical layers of the property survey; shares must be apportioned before."""
    survey: Survey = {"building": [], "floor": [], "unit": [], "common": [], "balcony": []}
    for building in buildings:
        survey["building"].append(_building(building))
        for floor in building.floors:
            survey["floor"].append(_floor(building, floor))
            survey["unit"] += [_unit(building, floor, unit) for unit in floor.units]
            survey["common"] += [_common(building, floor, i, c) for i, c in enumerate(floor.commons, 1)]
            survey["balcony"] += _balconies(building, floor)
    return survey


def unit_code(building: Building, unit: Unit) -> str:
    """28 places."""
    return f"{building.code}{unit.number:04d}"


def _building(b: Building) -> Record:
    ground = half_up(b.footprint.area_m2)
    return Record(
        {
            "building_code": b.code,
            "parcel_code": PARCEL,
            "building": f"{b.number}#楼",
            "occupied_area_m2": ground,
            "building_area_m2": b.area_m2,
            "floors_total": b.above + b.below,
            "floors_above": b.above,
            "floors_below": b.below,
            "height_m": b.height_m,
            "planned_use": b.use,
            "structure": "3",
            "unit_total": len(b.units),
            "completed": COMPLETED,
            "state": VALID,
        },
        b.footprint,
    )


def _floor(b: Building, floor: Floor) -> Record:
    walls = sum((c.area_m2 for c in floor.commons if "外墙" in c.name), Decimal(0))
    return Record(
        {
            "floor_id": floor_id(b.number, floor.number),
            "floor_no": str(floor.number),
            "building_code": b.code,
            "actual_floor": floor.number,
            "nominal_floor": _nominal(floor.number),
            "building_area_m2": floor.area_m2,
            "inner_area_m2": sum((u.inner_m2 for u in floor.units), Decimal(0)),
            "balcony_area_m2": sum((u.balcony_m2 for u in floor.units), Decimal(0)),
            "common_area_m2": sum((c.area_m2 for c in floor.commons), Decimal(0)),
            "half_wall_area_m2": walls,
            "storey_height_m": floor.height_m,
            "projected_area_m2": _projected(floor),
        },
        floor.outline,
    )


def _projected(floor: Floor) -> Decimal:
    balconies = (half_up(b.shape.area_m2) for u in floor.units for b in u.balconies)
    return half_up(floor.outline.area_m2) + sum(balconies, Decimal(0))


def _nominal(number: int) -> str:
    return f"{number}层" if number > 0 else f"负{-number}层"


def _unit(b: Building, floor: Floor, unit: Unit) -> Record:
    fields: dict[str, Any] = {
        "unit_code": unit_code(b, unit),
        "house_code": f"{PARCEL[:12]}{PARCEL[14:]}{b.number:04d}{unit.number:04d}1",
        "building_code": b.code,
        "floor_id": floor_id(b.number, floor.number),
        "floor_no": str(floor.number),
        "located": f"{site.ADDRESS}{b.number}幢{unit.room}",
        "room": unit.room,
        "unit_use": unit.use,
        "function_zone": unit.zone,
        "inner_area_m2": unit.inner_m2,
        "balcony_area_m2": unit.balcony_m2,
        "shared_area_m2": unit.share_m2,
        "building_area_m2": unit.inner_m2 + unit.share_m2,
        "share_factor": unit.share_factor,
        "state": VALID,
    }
    return Record(fields, unit.shape, {"number": unit.number})


def _common(b: Building, floor: Floor, number: int, common: Common) -> Record:
    fid = floor_id(b.number, floor.number)
    return Record(
        {
            "part_no": f"GY-{fid}-{number:02d}",
            "name": common.name,
            "building_code": b.code,
            "floor_id": fid,
            "stated_area_m2": common.area_m2,
            "level": common.level,
            "serves": common.serves,
        },
        common.shape,
    )


def _balconies(b: Building, floor: Floor) -> list[Record]:
    pairs = [(unit, balcony) for unit in floor.units for balcony in unit.balconies]
    return [
        Record(
            {
                "balcony_no": f"YT-{floor_id(b.number, floor.number)}-{i:02d}",
                "unit_code": unit_code(b, unit),
                "building_code": b.code,
                "floor_id": floor_id(b.number, floor.number),
                "kind": "封闭" if balcony.glazed else "未封闭",
                "factor": balcony.factor,
                "counted_area_m2": balcony.counted_m2,
            },
            balcony.shape,
        )
        for i, (unit, balcony) in enumerate(pairs, 1)
    ]
