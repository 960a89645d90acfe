"""Faults planted in the cadastral survey of the clean sample, for rules that the faulty sample does not set off."""

from __future__ import annotations

from tests.planted.change import Plant, blank, more, none_of, put, shape, wrong
from tests.planted.outlines import crossed, looped, moved, parted, repeated, room, spiked, stepped

POINT, LINE, HOUSE = "boundary_point J3", "boundary_line J5-J6", "building 1幢"
OTHER_PARCEL = "500105002006GB00118"

ATTRIBUTES = (
    none_of("CAD-A01", "parcel"),
    none_of("CAD-A02", "boundary_point"),
    none_of("CAD-A03", "boundary_line"),
    none_of("CAD-A04", "building"),
    blank(
        "CAD-A05", "parcel", "parcel_code", "unit_code", "land_use", "located", "right_type",
        "east_side", "south_side", "west_side", "north_side", "stated_area_m2",
    ),
    blank("CAD-A45", "parcel", "right_holder"),
    blank("CAD-A06", POINT, "parcel_code", "sequence", "point_no", "marker", "point_type"),
    blank("CAD-A07", LINE, "parcel_code", "line_no", "stated_length_m", "line_class", "line_position", "line_nature"),
    blank("CAD-A08", HOUSE, "building", "structure", "floors_above"),
    wrong("CAD-A10", "parcel", "parcel_code", "500105002006GA00117"),
    Plant("CAD-A13", (more("parcel", unit_code=None),), ("parcel +",), "500105002006GB00117", other="parcel"),
    Plant("CAD-A14", (more("parcel", parcel_code=OTHER_PARCEL),), ("parcel +",), "500105002006GB00117W00000000",
          other="parcel"),
    wrong("CAD-A15", "parcel", "land_use", "0799"),
    wrong("CAD-A16", "parcel", "right_type", "77"),
    wrong("CAD-A17", "parcel", "right_nature", "999"),
    wrong("CAD-A19", POINT, "point_type", "9"),
    wrong("CAD-A20", LINE, "line_class", "77"),
    wrong("CAD-A21", LINE, "line_position", "7"),
    wrong("CAD-A22", LINE, "line_nature", "1"),
    wrong("CAD-A23", HOUSE, "structure", "9"),
    wrong("CAD-A24", POINT, "parcel_code", OTHER_PARCEL),
    wrong("CAD-A25", LINE, "parcel_code", OTHER_PARCEL),
    Plant("CAD-A26", (put("boundary_point J5", point_no="J3"),), ("boundary_point J5",), other=POINT),
    wrong("CAD-A28", POINT, "point_no", "3"),
    Plant("CAD-A29", (put("building 3幢", building="1号楼"),), ("building 3幢",), "1", other=HOUSE),
    wrong("CAD-A30", HOUSE, "floors_above", 0),
    wrong("CAD-A31", "parcel", "parcel_code", "500112002006GB00117", "500112"),
    wrong("CAD-A32", "parcel", "project_code", "CQJB-2026-0171"),
    wrong("CAD-A33", POINT, "accuracy_class", "四"),
    wrong("CAD-A34", LINE, "accuracy_class", "四"),
    wrong("CAD-A35", "parcel", "parcel_feature", "XX"),
    wrong("CAD-A36", "parcel", "area_unit", "平方"),
    wrong("CAD-A37", "parcel", "grade", "特"),
    wrong("CAD-A38", "parcel", "right_setting", "9"),
    wrong("CAD-A39", "parcel", "state", "9"),
    wrong("CAD-A40", "parcel", "feature_code", "6001070000"),
    wrong("CAD-A41", POINT, "feature_code", "6001010000"),
    wrong("CAD-A42", LINE, "feature_code", "6001010000"),
    wrong("CAD-A43", "parcel", "parcel_feature", "JB"),
    wrong("CAD-A44", "parcel", "area_unit", "2"),
)  # fmt: skip

OUTLINES = (
    Plant("CAD-G01", (shape("parcel", crossed),), ("parcel",)),
    Plant("CAD-G02", (shape(HOUSE, crossed),), (HOUSE,)),
    Plant("CAD-G03", (shape("parcel", repeated),), ("parcel",), 0.0005),
    Plant("CAD-G04", (shape("parcel", stepped),), ("parcel",), 0.03),
    Plant("CAD-G05", (shape("parcel", parted),), ("parcel",), 2),
    Plant("CAD-G06", (shape(LINE, looped),), (LINE,)),
    Plant("CAD-G07", (shape("parcel", spiked),), ("parcel",), 1.5276),  # 2 × arctan(0.02 ÷ 1.5)
    Plant("CAD-T03", (more("parcel", room(10, 0, 30, 20), parcel_code=OTHER_PARCEL),), ("parcel +",) * 2, other="parcel"),
    Plant("CAD-T09", (shape(HOUSE, moved(0, 11)),), (HOUSE,), 32.0),  # 10 m to the boundary, 32 m wide
    Plant("CAD-T10", (shape("building 2幢", moved(-0.5, 0)),), (HOUSE,), 15.0, other="building 2幢"),
    Plant("CAD-X02", (shape("planning.footprint 1号楼", moved(0, 11)),), ("parcel",), 32.0,
          other="planning.footprint 1号楼"),
)  # fmt: skip

J3 = {"north": 3273044.8, "east": 502946.4}
FIGURES = (
    Plant("CAD-S03", (put(POINT, stated_north_m=J3["north"] + 0.1, stated_east_m=J3["east"]),), (POINT,), 0.1),
    Plant("CAD-M02", (put(POINT, checked_north_m=J3["north"] + 0.12, checked_east_m=J3["east"] + 0.09),), (POINT,),
          0.15),
    wrong("CAD-M03", LINE, "checked_length_m", 20.3, 0.3),
    Plant("CAD-M04", (put(POINT, checked_north_m=J3["north"] + 0.12, checked_east_m=J3["east"] + 0.09),), (POINT,), 0.15),
)  # fmt: skip

PLANTS = (*ATTRIBUTES, *OUTLINES, *FIGURES)
