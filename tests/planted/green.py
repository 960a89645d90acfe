"""Faults planted in the green survey of the clean sample, for rules that the faulty sample does not set off."""

from __future__ import annotations

from tests.planted.change import Plant, blank, drop, new, none_of, number, over, put, shape, wrong
from tests.planted.outlines import crossed, grown, repeated, with_wing

ATTRIBUTES = (
    none_of("GRN-A01", "site"),
    none_of("GRN-A02", "patch"),
    blank("GRN-A03", "patch G01", "patch_no", "category", "nature"),
    blank("GRN-A04", "patch G23", "soil_depth_m"),
    blank("GRN-A05", "patch G32", "roof_height_m"),
    blank("GRN-A06", "rest_place X4", "place_no", "kind"),
    wrong("GRN-A07", "patch G01", "category", "草地"),
    wrong("GRN-A08", "patch G01", "nature", "零星"),
    wrong("GRN-A09", "rest_place X4", "kind", "道路"),
    Plant("GRN-A11", (put("rest_place X4", place_no="X3"),), ("rest_place X4",), "X3", other="rest_place X3"),
    wrong("GRN-A13", "patch G32", "roof_height_m", 400.0),
    wrong("GRN-A14", "site", "project_code", "CQJB-2026-0171"),
)

OUTLINES = (
    Plant("GRN-G01", (shape("site", crossed),), ("site",)),
    Plant("GRN-G02", (shape("patch G20", crossed),), ("patch G20",)),
    Plant("GRN-G03", (shape("rest_place X4", crossed),), ("rest_place X4",)),
    Plant("GRN-G04", (shape("patch G20", repeated),), ("patch G20",), 0.0005),
    Plant("GRN-T06", (shape("patch G18", with_wing(-20, -3, 20, 3)),), ("patch G18",), 3.0),
    Plant("GRN-T07", (shape("rest_place X4", grown(0.5)),), ("rest_place X4",), 3.0),  # a path of 2 m
    Plant("GRN-T08", (put("patch G21", nature="单块"),), ("rest_place X4",), 2.0, other="patch G21"),
    Plant("GRN-X09", (new("planning.levied_land", "site"),), ("site",), 11872.0, other="planning.levied_land *"),
)

FIGURES = (
    Plant("GRN-S02", (put("patch G23", soil_depth_m=-0.5),), ("patch G23",)),
    wrong("GRN-S03", "patch G01", "stated_counted_m2", 50.0),
    wrong("GRN-S04", "patch G23", "stated_factor", 0.9),
    wrong("GRN-S05", "site", "stated_area_m2", 11900.0),
    wrong("GRN-S06", "site", "stated_green_m2", 4300.0),
    wrong("GRN-S07", "site", "stated_ratio_pct", 36.0),
    Plant("GRN-S08", (number("green.category_cap_pct", values={"屋顶绿地": 2.0}),), ("patch G32",),
          100 * 111.675 / 4222.65248),
    over("GRN-M01", "green_area_m2", 4300, 4222.6525),
    over("GRN-M03", "concentrated_green_m2", 2200, 2143.6),
    Plant("GRN-M04", (drop("patch", patch_no="G19"), drop("patch", patch_no="G20")), (None,),
          100 * (4222.65248 - 364 - 420) / 11872),
)  # fmt: skip

PLANTS = (*ATTRIBUTES, *OUTLINES, *FIGURES)
