"""Every fault of the large faulty project, in the order in which they are planted."""

from __future__ import annotations

from generator.faults import (
    across,
    cadastral,
    cadastral_fields,
    cadastral_tables,
    civil_defence,
    civil_defence_fields,
    civil_defence_outlines,
    green,
    green_fields,
    intake,
    planning,
    planning_fields,
    planning_outlines,
    planning_permit,
    property,  # noqa: A004 — the survey's name
    property_fields,
    property_logical,
    property_records,
    property_sides,
)
from generator.faults.planting import Fault

TABLES = (
    *(intake, planning, planning_fields, planning_outlines, planning_permit),
    *(green, green_fields),
    *(civil_defence, civil_defence_fields, civil_defence_outlines),
    *(cadastral, cadastral_fields, cadastral_tables),
    *(property, property_fields, property_records, property_logical, property_sides),
    across,
)
FAULTS: list[Fault] = [fault for table in TABLES for fault in table.FAULTS]
