"""Faults planted in the civil defence survey of the clean sample, for rules that the faulty sample does not set off."""

from __future__ import annotations

from tests.planted.change import Plant, blank, drop, more, new, none_of, over, put, shape, wrong
from tests.planted.outlines import crossed, moved, repeated

UNIT = "unit RF-1"
PASSAGE = "zone RF-1-6"  # 4 m long, 2 m wide, west of RF-1
BLAST = new("blast_unit", UNIT, blast_no="K1", unit_no="RF-1")  # the sample has none: the whole unit as one

ATTRIBUTES = (
    none_of("CDF-A01", "works"),
    none_of("CDF-A02", "unit"),
    none_of("CDF-A03", "zone"),
    none_of("CDF-A04", "entrance"),
    blank("CDF-A05", "works", "works_no", "level"),
    blank("CDF-A06", UNIT, "unit_no", "wartime_use", "peacetime_use", "grade", "chemical_grade", "level",
          "net_height_m", "storeys_over"),
    blank("CDF-A07", "zone RF-2-3", "zone_no", "unit_no", "kind"),
    blank("CDF-A08", "entrance RF-3-E2", "entrance_no", "unit_no", "kind"),
    blank("CDF-A09", "parking C020", "space_no", "unit_no"),
    wrong("CDF-A10", UNIT, "wartime_use", "人员掩蔽所"),
    wrong("CDF-A11", UNIT, "grade", "六级"),
    wrong("CDF-A12", UNIT, "chemical_grade", "三"),
    wrong("CDF-A14", "entrance RF-1-E2", "kind", "备用口"),
    Plant("CDF-A15", (put("unit RF-2", unit_no="RF-1"),), ("unit RF-2",), "RF-1", other=UNIT),
    Plant("CDF-A16", (put("zone RF-1-3", zone_no="RF-1-2"),), ("zone RF-1-3",), "RF-1-2", other="zone RF-1-2"),
    Plant("CDF-A17", (put("entrance RF-2-E1", entrance_no="RF-1-E1"),), ("entrance RF-2-E1",), "RF-1-E1",
          other="entrance RF-1-E1"),
    Plant("CDF-A18", (put("parking C020", space_no="C019"),), ("parking C020",), "C019", other="parking C019"),
    wrong("CDF-A20", "entrance RF-3-E2", "unit_no", "RF-9"),
    wrong("CDF-A23", "works", "project_code", "CQJB-2026-0171"),
    Plant("CDF-A24", (BLAST, put("blast_unit", blast_no=None, unit_no=None)), ("blast_unit *",) * 2),
    Plant("CDF-A25", (BLAST, more("blast_unit")), ("blast_unit +",), other="blast_unit *"),
    Plant("CDF-A26", (BLAST, put("blast_unit", unit_no="RF-9")), ("blast_unit *",), "RF-9"),
    blank("CDF-A27", PASSAGE, "level", "connects_to"),
)  # fmt: skip

OUTLINES = (
    Plant("CDF-G01", (shape("works", crossed),), ("works",)),
    Plant("CDF-G02", (shape(UNIT, crossed),), (UNIT,)),
    Plant("CDF-G03", (shape("zone RF-1-1", crossed),), ("zone RF-1-1",)),
    Plant("CDF-G04", (shape(UNIT, repeated),), (UNIT,), 0.0005),
    Plant("CDF-G05", (shape("zone RF-1-1", repeated),), ("zone RF-1-1",), 0.0005),
    Plant("CDF-G06", (BLAST, shape("blast_unit", crossed)), ("blast_unit *",)),
    Plant("CDF-T01", (shape("unit RF-2", moved(-0.5, 0)),), (UNIT,), 10.0, other="unit RF-2"),  # 20 m in common
    Plant("CDF-T04", (shape("zone RF-1-2", moved(-0.5, 0)),), ("zone RF-1-2",), 5.0),  # 10 m on the outer wall
    Plant("CDF-T07", (BLAST, shape("blast_unit", moved(0, 1))), ("blast_unit *",), 34.0),  # 34 m wide
    Plant("CDF-T08", (BLAST, more("blast_unit", moved(0, 30), blast_no="K2")), ("blast_unit *",), 34 * 6.0,
          other="blast_unit +"),
    Plant("CDF-T09", (BLAST, shape("blast_unit", moved(0, 10))), (UNIT,), 340.0),
    Plant("CDF-T10", (shape(PASSAGE, moved(1, 0)),), (PASSAGE,), 2.0, other=UNIT),
    Plant("CDF-T11", (more(PASSAGE, moved(-1, 0), zone_no="RF-1-7"),), (PASSAGE,), 6.0, other="zone +"),
    Plant("CDF-X06", (shape("parking C020", moved(1, 0)),), ("parking C020",), 1.0, other="planning.parking C020"),
)  # fmt: skip

FIGURES = (
    Plant("CDF-S02", (drop("zone", unit_no="RF-3", kind="掩蔽区"),), ("unit RF-3",), 0),
    wrong("CDF-S04", UNIT, "wartime_use", "医疗救护", 1224.0),
    Plant("CDF-S07", (BLAST,), ("blast_unit *",), 1224.0),
    wrong("CDF-S08", UNIT, "storeys_over", 9, 1224.0),
    wrong("CDF-S09", UNIT, "entrance_count", 3),
    over("CDF-M01", "civil_defence_area_m2", 2500, 2448.0),
    over("CDF-M02", "shelter_area_m2", 2200, 2160.0),
    over("CDF-M03", "unit_count", 4, 3),
    over("CDF-M05", "connecting_area_m2", 10, 8.0),
    Plant("CDF-X03", (drop("planning.zone", use="地下车库"), drop("planning.zone", use="人防")), (None,), 2448.0),
)

PLANTS = (*ATTRIBUTES, *OUTLINES, *FIGURES)
