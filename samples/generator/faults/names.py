"""What records are called: in the tables of faults, and by a finding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from generator.shape import Record

#: what a record is called in these tables, by layer; a layer that is not listed has one record or none named
NAMES: dict[str, Callable[[dict[str, Any]], str]] = {
    "planning.footprint": lambda f: f["building"],
    "planning.basement": lambda f: str(f["level"]),
    "planning.corner": lambda f: f["corner_no"],
    "planning.height_point": lambda f: f["point_no"],
    "planning.zone": lambda f: f["zone_no"],
    "planning.setback": lambda f: f["line_no"],
    "planning.parking": lambda f: f["space_no"],
    "green.patch": lambda f: f["patch_no"],
    "green.rest_place": lambda f: f["place_no"],
    "civil_defence.unit": lambda f: f["unit_no"],
    "civil_defence.zone": lambda f: f["zone_no"],
    "civil_defence.works": lambda f: f["works_no"],
    "civil_defence.entrance": lambda f: f["entrance_no"],
    "civil_defence.parking": lambda f: f["space_no"],
    "cadastral.parcel": lambda f: f["parcel_code"][-5:],
    "cadastral.boundary_point": lambda f: f"{f['parcel_code'][-5:]}/{f['point_no']}",
    "cadastral.boundary_line": lambda f: f"{f['parcel_code'][-5:]}/{f['line_no']}",
    "cadastral.building": lambda f: f["building"],
    "property.building": lambda f: f["building_code"][-1],
    "property.floor": lambda f: f["floor_id"],
    "property.unit": lambda f: f"{f['building_code'][-1]}/{f['room']}",
    "property.common": lambda f: f["part_no"],
    "property.balcony": lambda f: f["balcony_no"],
    "property.checked_side": lambda f: f["side_no"],
}

#: the attribute that a finding gives as the number of the thing
BUSINESS_ID = {
    "civil_defence.blast_unit": "blast_no",
    "property.logical_building": "logical_code",
    "planning.footprint": "building",
    "planning.basement": "level",
    "planning.corner": "corner_no",
    "planning.height_point": "point_no",
    "planning.zone": "zone_no",
    "planning.setback": "line_no",
    "planning.parking": "space_no",
    "green.patch": "patch_no",
    "green.rest_place": "place_no",
    "civil_defence.works": "works_no",
    "civil_defence.unit": "unit_no",
    "civil_defence.zone": "zone_no",
    "civil_defence.entrance": "entrance_no",
    "civil_defence.parking": "space_no",
    "cadastral.parcel": "parcel_code",
    "cadastral.boundary_point": "point_no",
    "cadastral.boundary_line": "line_no",
    "cadastral.building": "building",
    "property.building": "building_code",
    "property.floor": "floor_id",
    "property.unit": "unit_code",
    "property.common": "part_no",
    "property.balcony": "balcony_no",
    "property.checked_side": "side_no",
}


def named(layer: str, record: Record) -> str:
    """The full name of a record."""
    return f"{layer} {NAMES[layer](record.fields)}" if layer in NAMES else layer
