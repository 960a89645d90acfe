"""Faults planted in the planning survey of the clean sample, for rules that the faulty sample does not set off."""

from __future__ import annotations

from tests.planted.change import Plant, blank, drop, more, new, none_of, number, over, put, shape, unallowed, wrong
from tests.planted.outlines import corner_moved, crossed, moved, repeated, with_wing

HOUSE, OFFICE = "footprint 1号楼", "footprint 3号楼"
FLAT, SHOP = "zone 1-4F-01", "zone 1-1F-01"

ATTRIBUTES = (
    none_of("PLA-A01", "red_line"),
    none_of("PLA-A02", "footprint"),
    none_of("PLA-A03", "corner"),
    none_of("PLA-A04", "height_point"),
    none_of("PLA-A05", "zone"),
    none_of("PLA-A06", "parking"),
    blank("PLA-A07", HOUSE, "building", "floors_above"),
    blank("PLA-A08", "corner 1-05", "building", "corner_no", "permitted_north_m", "permitted_east_m"),
    blank("PLA-A09", "height_point H2-06", "building", "point_no", "kind", "level_m"),
    blank("PLA-A10", FLAT, "zone_no", "building", "floor", "use", "area_factor", "far_factor", "storey_height_m"),
    blank("PLA-A11", "setback T2", "line_no", "building", "side", "kind", "permitted_m"),
    blank("PLA-A12", "parking A013", "space_no", "kind", "level", "factor"),
    wrong("PLA-A14", "height_point H1-01", "kind", "零标高"),
    wrong("PLA-A15", "setback J1", "kind", "距离"),
    wrong("PLA-A17", "parking C011", "civil_defence", "有"),
    Plant("PLA-A18", (put(OFFICE, building="1#楼"),), (OFFICE,), "1", other=HOUSE),
    Plant("PLA-A19", (put("zone 1-4F-03", zone_no="1-4F-02"),), ("zone 1-4F-03",), "1-4F-02", other="zone 1-4F-02"),
    Plant("PLA-A22", (put("height_point H2-06", point_no="H2-05"),), ("height_point H2-06",),
          other="height_point H2-05"),
    Plant("PLA-A23", (put("setback T2", line_no="T1"),), ("setback T2",), "T1", other="setback T1"),
    wrong("PLA-A24", FLAT, "storey_height_m", 0.0),
    wrong("PLA-A25", FLAT, "area_factor", 1.5),
    wrong("PLA-A26", FLAT, "far_factor", -1.0),
    wrong("PLA-A27", "parking A013", "factor", 0.0),
    wrong("PLA-A28", FLAT, "floor", 0, "0"),
    wrong("PLA-A30", "corner 1-05", "building", "5号楼", "5"),
    wrong("PLA-A31", "height_point H2-06", "building", "5号楼", "5"),
    wrong("PLA-A32", "setback J1", "building", "5号楼", "5"),
    Plant("PLA-A33", (drop("corner", corner_no="3-02"), drop("corner", corner_no="3-03")), (OFFICE,), 2),
    Plant("PLA-A34", (drop("height_point", building="3号楼", kind="±0.000"),), (OFFICE,), 0),
    Plant("PLA-A35", (drop("height_point", building="3号楼", kind="室外地坪"),), (OFFICE,), 0),
    Plant("PLA-A36", (drop("zone", building="3号楼"),), (OFFICE,), 0),
    Plant("PLA-A37", (put(FLAT, property_factor=0.5),), (FLAT,), 1.0),
    blank("PLA-A38", "basement -1", "level"),
    wrong("PLA-A39", SHOP, "far_factor", 5.0),
    Plant("PLA-A40", (drop("height_point", building="3号楼", kind="女儿墙顶"),
                      drop("height_point", building="3号楼", kind="最高点")), (OFFICE,), 0),
    wrong("PLA-A41", "red_line", "project_code", "CQJB-2026-0171"),
    wrong("PLA-A42", "red_line", "permit_number", "建字第500105202200068号"),
)  # fmt: skip

OUTLINES = (
    Plant("PLA-G01", (shape("red_line", crossed),), ("red_line",)),
    Plant("PLA-G02", (shape(OFFICE, crossed),), (OFFICE,)),
    Plant("PLA-G03", (shape("basement -2", crossed),), ("basement -2",)),
    Plant("PLA-G05", (shape("red_line", repeated),), ("red_line",), 0.0005),
    Plant("PLA-G06", (shape(HOUSE, repeated),), (HOUSE,), 0.0005),
    Plant("PLA-G08", (new("levied_land", "red_line"), shape("levied_land", crossed)), ("levied_land *",)),
    Plant("PLA-T01", (shape("footprint 2号楼", moved(-0.5, 0)),), (HOUSE,), 15.0, other="footprint 2号楼"),
    Plant("PLA-T02", (shape(HOUSE, moved(0, 11)),), (HOUSE,), 32.0),  # 10 m to the red line, 32 m wide
    Plant("PLA-T03", (shape("basement -1", moved(0, 9)),), ("basement -1",), 84.0),  # 74 × 1 m, and 2 × 5 m at its step
    Plant("PLA-T07", (shape("setback T1", corner_moved(0, 0, 0.5)),), ("setback T1",), 0.5),
    Plant("PLA-T08", (shape("setback T1", corner_moved(-1, 0, -0.5)),), ("setback T1",), 0.5),
    Plant("PLA-T12", (shape(OFFICE, with_wing(-2, -3, 3, 2)),), ("setback J1",), 10.0, other=OFFICE),
)

FIGURES = (
    Plant("PLA-S02", (put(HOUSE, floors_above=17),), (HOUSE,), 17),
    over("PLA-M01", "land_area_m2", 11800, 11872.0),
    unallowed("PLA-M02", "total_area_m2", 33000, 33829.857),
    Plant("PLA-M02", (more(FLAT, zone_no="1-4F-21"), number("planning.area_allowance", value=400.0)), (None,),
          14462.5 + 468.0, building="1"),
    unallowed("PLA-M03", "above_area_m2", 24000, 25053.857),
    unallowed("PLA-M04", "below_area_m2", 8700, 8776.0),
    unallowed("PLA-M05", "residential_area_m2", 14800, 14881.32),
    unallowed("PLA-M06", "commercial_area_m2", 5000, 5108.043),
    unallowed("PLA-M07", "far_area_m2", 24900, 25013.857),
    over("PLA-M08", "plot_ratio", 2.1, 2.10696),
    over("PLA-M09", "footprint_area_m2", 2700, 2710.143),
    over("PLA-M13", "floors_above", 17, 18, "1"),
    over("PLA-M14", "floors_below", 1, 2, "2"),
    over("PLA-M16", "bicycle_spaces", 45, 44),
    wrong("PLA-M19", "setback J1", "permitted_m", 10.5, 10.0),
    wrong("PLA-M21", FLAT, "permitted_storey_height_m", 2.9, 0.1),
    unallowed("PLA-M22", "office_area_m2", 4000, 5 * 446.142857 + 5 * 380),
    over("PLA-M23", "community_area_m2", 700, 380.8 + 290.62),
    over("PLA-M24", "management_area_m2", 250, 195.36),
    unallowed("PLA-M25", "open_floor_area_m2", 30, 40.0),
    unallowed("PLA-M26", "garage_area_m2", 5900, 6008.0),
    unallowed("PLA-M27", "plant_area_m2", 340, 347.0),
    over("PLA-M28", "net_land_area_m2", 11800, 11872.0),
)  # fmt: skip

PLANTS = (*ATTRIBUTES, *OUTLINES, *FIGURES)
