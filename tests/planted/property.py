"""Faults planted in the property survey of the clean sample, for rules that the faulty sample does not set off."""

from __future__ import annotations

from tests.planted.change import Plant, blank, drop, more, new, none_of, put, shape, wrong
from tests.planted.outlines import crossed, moved, parted, repeated

HOUSE, STOREY, FLAT, PART = "building F0001", "floor 0001-05", "unit F00010017", "common GY-0001-05-02"
BALCONY = "balcony YT-0001-04-01"
CODE = "500105002006GB00117F0001"
LOGICAL = new("logical_building", HOUSE, logical_code="LJZ-1", building_code=CODE)  # the sample has none


def logical(rule: str, **values: str) -> Plant:
    """A wrong word in the one logical building."""
    (word,) = values.values()
    return Plant(rule, (LOGICAL, put("logical_building", **values)), ("logical_building *",), word)


FILLED = (
    none_of("PRP-A01", "building"),
    none_of("PRP-A02", "floor"),
    none_of("PRP-A03", "unit"),
    none_of("PRP-A04", "common"),
    blank(
        "PRP-A05", HOUSE, "building_code", "parcel_code", "building", "occupied_area_m2", "building_area_m2",
        "floors_total", "floors_above", "floors_below", "planned_use", "structure", "unit_total", "state",
    ),
    blank(
        "PRP-A06", STOREY, "floor_id", "floor_no", "building_code", "actual_floor", "building_area_m2",
        "storey_height_m",
    ),
    blank(
        "PRP-A07", FLAT, "unit_code", "house_code", "building_code", "floor_id", "floor_no", "located", "room",
        "unit_use", "inner_area_m2", "shared_area_m2", "building_area_m2", "state",
    ),
    blank("PRP-A74", FLAT, "function_zone"),
    blank("PRP-A08", PART, "part_no", "name", "building_code", "floor_id", "stated_area_m2", "level", "serves"),
    blank(
        "PRP-A43", BALCONY, "balcony_no", "unit_code", "building_code", "floor_id", "kind", "factor",
        "counted_area_m2",
    ),
    Plant("PRP-A69", (LOGICAL, put("logical_building", logical_code=None, building_code=None)),
          ("logical_building *",) * 2),
)  # fmt: skip

CODES = (
    wrong("PRP-A09", HOUSE, "building_code", "500105002006GB00117Ｆ0001"),
    wrong("PRP-A10", FLAT, "house_code", "5001050020060011700010017１"),
    wrong("PRP-A11", HOUSE, "building_code", "500105002006GB00117G0001"),
    wrong("PRP-A12", HOUSE, "parcel_code", "500105002006GB0117"),
    wrong("PRP-A13", FLAT, "unit_code", "500105002006GB00117F0001017"),
    wrong("PRP-A41", FLAT, "house_code", "5001050020060011700010017"),
    wrong("PRP-A47", HOUSE, "parcel_code", "500112002006GB00117", "500112"),
    wrong("PRP-A48", HOUSE, "project_name", "滨江雅居"),
    wrong("PRP-A64", HOUSE, "feature_code", "6001030120"),
    logical("PRP-A65", feature_code="6001030110"),
    wrong("PRP-A66", STOREY, "feature_code", "6001030110"),
    wrong("PRP-A67", FLAT, "feature_code", "6001030110"),
    wrong("PRP-A73", HOUSE, "unit_code", "500105002006GB00117F0001"),
)

UNIQUE = (
    Plant("PRP-A16", (put("building F0003", building_code=CODE),), ("building F0003",), CODE, other=HOUSE),
    Plant("PRP-A17", (put("building F0003", building="1号楼"),), ("building F0003",), "1", other=HOUSE),
    Plant("PRP-A18", (put("floor 0001-06", floor_id="0001-05"),), ("floor 0001-06",), "0001-05", other=STOREY),
    Plant("PRP-A20", (put("unit F00010018", house_code="50010500200600117000100171"),), ("unit F00010018",),
          other=FLAT),
    Plant("PRP-A21", (put("common GY-0001-05-03", part_no="GY-0001-05-02"),), ("common GY-0001-05-03",),
          "GY-0001-05-02", other=PART),
    Plant("PRP-A22", (put("floor 0001-06", actual_floor=5),), ("floor 0001-06",), other=STOREY),
    Plant("PRP-A23", (drop("floor", floor_id="0001-05"),), ("floor 0001-06",), 6),
    Plant("PRP-A46", (put("balcony YT-0001-04-02", balcony_no="YT-0001-04-01"),), ("balcony YT-0001-04-02",),
          "YT-0001-04-01", other=BALCONY),
    Plant("PRP-A70", (LOGICAL, more("logical_building")), ("logical_building +",), "LJZ-1", other="logical_building *"),
)  # fmt: skip

REFERENCES = (
    wrong("PRP-A24", STOREY, "building_code", "500105002006GB00117F0009"),
    wrong("PRP-A25", FLAT, "building_code", "500105002006GB00117F0009"),
    wrong("PRP-A26", FLAT, "floor_id", "0001-55"),
    wrong("PRP-A27", PART, "floor_id", "0001-55"),
    wrong("PRP-A28", PART, "building_code", "500105002006GB00117F0009"),
    wrong("PRP-A29", FLAT, "building_code", "500105002006GB00117F0002"),
    wrong("PRP-A30", FLAT, "floor_no", "6"),
    Plant("PRP-A31", (drop("floor", building_code=CODE),), (HOUSE,), 0),
    Plant("PRP-A49", (put(PART, serves="1-别墅"),), (PART,)),
    logical("PRP-A71", building_code="500105002006GB00117F0009"),
    Plant("PRP-A72", (LOGICAL, put(FLAT, logical_code="LJZ-9")), (FLAT,), "LJZ-9"),
)

WORDS = (
    wrong("PRP-A35", HOUSE, "planned_use", "99"),
    wrong("PRP-A36", HOUSE, "structure", "9"),
    wrong("PRP-A37", HOUSE, "state", "9"),
    wrong("PRP-A38", FLAT, "unit_use", "99"),
    wrong("PRP-A39", FLAT, "state", "9"),
    wrong("PRP-A44", BALCONY, "kind", "半封闭"),
    logical("PRP-A50", structure="9"),
    logical("PRP-A51", structure_2="9"),
    logical("PRP-A52", structure_3="9"),
    logical("PRP-A53", building_state="9"),
    logical("PRP-A54", building_use="99"),
    logical("PRP-A55", building_use_2="99"),
    logical("PRP-A56", building_use_3="99"),
    wrong("PRP-A57", FLAT, "unit_use_2", "99"),
    wrong("PRP-A58", FLAT, "unit_use_3", "99"),
    wrong("PRP-A59", FLAT, "layout", "四室"),
    wrong("PRP-A60", FLAT, "layout_structure", "跃"),
    wrong("PRP-A61", FLAT, "area_unit", "平方"),
    wrong("PRP-A62", FLAT, "house_type", "住宅"),
    wrong("PRP-A63", FLAT, "house_nature", "商品房"),
    wrong("PRP-A68", FLAT, "area_unit", "2"),
    wrong("PRP-S20", "common GY-0001-B2-04", "level", "整幢"),
)

OUTLINES = (
    Plant("PRP-G01", (shape(HOUSE, crossed),), (HOUSE,)),
    Plant("PRP-G02", (shape(STOREY, crossed),), (STOREY,)),
    Plant("PRP-G03", (shape(FLAT, crossed),), (FLAT,)),
    Plant("PRP-G04", (shape(PART, crossed),), (PART,)),
    Plant("PRP-G05", (shape(FLAT, parted),), (FLAT,), 2),
    Plant("PRP-G06", (shape(FLAT, repeated),), (FLAT,), 0.0005),
    Plant("PRP-T05", (shape(PART, moved(0, 100)),), (PART,), 60.84),
    Plant("PRP-T07", (shape("building F0002", moved(-0.5, 0)),), (HOUSE,), 15.0, other="building F0002"),
    Plant("PRP-T08", (more(BALCONY, balcony_no="YT-0001-04-21"),), (BALCONY,), 5.6, other="balcony +"),
    Plant("PRP-T09", (shape(BALCONY, moved(0, 1.4)),), (BALCONY,), 4 * 1.3),
    Plant("PRP-X09", (shape(HOUSE, moved(0, 11)),), (HOUSE,), 32.0),
)

FIGURES = (
    wrong("PRP-A42", STOREY, "storey_height_m", 33.0),
    wrong("PRP-S11", HOUSE, "occupied_area_m2", 949.0),
    wrong("PRP-S14", BALCONY, "factor", 1.0),
    Plant("PRP-S17", (put(FLAT, shared_area_m2=39.25), put("unit F00010018", shared_area_m2=37.25)),
          (FLAT, "unit F00010018")),
    Plant("PRP-S18", (put("unit F00010001", share_factor=0.290812),), ("unit F00010001",), 0.290812),
    Plant("PRP-S19", (put(PART, serves="1-住宅;2-住宅"),), (PART,), 2),
    Plant("PRP-S21", (put(STOREY, half_wall_area_m2=9.76),), (STOREY,), 8.76),
    Plant("PRP-S22", (put(STOREY, balcony_area_m2=99.0),), (STOREY,), 15.4),
    Plant("PRP-S23", (put(STOREY, shared_area_m2=500.0),), (STOREY,), 2 * 38.25 + 2 * 30.21),
    Plant("PRP-X01", (drop("planning.footprint", building="3号楼"),), ("building F0003",), 1),
    Plant("PRP-X13", (put(HOUSE, building_area_m2=14491 + 33.5), put("building F0002", building_area_m2=14399 + 33.4),
                      put("building F0003", building_area_m2=4916.84 + 12.5)), (HOUSE,), 33806.84 + 79.4),
    wrong("PRP-M02", FLAT, "checked_inner_area_m2", 109.91, 107.51 - 109.91),
)  # fmt: skip

SIDE, STAIR = "checked_side JC-0001-05-01", "checked_side JC-0001-05-09"  # of unit 5-1, 12.9 m; of the core, 7.8 m

SIDES = (
    blank("PRP-A75", SIDE, "side_no", "building_code", "floor_id", "checked_length_m"),
    Plant("PRP-A76", (put("checked_side JC-0001-05-02", side_no="JC-0001-05-01"),), ("checked_side JC-0001-05-02",),
          "JC-0001-05-01", other=SIDE),
    wrong("PRP-A77", SIDE, "building_code", "500105002006GB00117F0009"),
    wrong("PRP-A78", SIDE, "floor_id", "0001-55"),
    Plant("PRP-A79", (put(SIDE, building_code="500105002006GB00117F0002"),), (SIDE,), "500105002006GB00117F0002",
          other=STOREY),
    wrong("PRP-A80", SIDE, "unit_code", f"{CODE}0999"),
    wrong("PRP-A81", SIDE, "accuracy_class", "四"),
    Plant("PRP-A82", (put(SIDE, stated_length_m=None), shape(SIDE, lambda _: None)), (SIDE,)),
    Plant("PRP-T10", (shape(STAIR, moved(0, 100)),), (STAIR,)),
    Plant("PRP-T11", (put(SIDE, unit_code=f"{CODE}0018"),), (SIDE,), 12.9, other="unit F00010018"),
    wrong("PRP-S24", SIDE, "stated_length_m", 12.85),
    Plant("PRP-M03", (put(SIDE, checked_length_m=12.99),), (SIDE,), 12.99, other=FLAT),
    Plant("PRP-M04", (put(SIDE, checked_length_m=12.91, accuracy_class="一"),), (SIDE,), 0.01),
)  # fmt: skip

PLANTS = (*FILLED, *CODES, *UNIQUE, *REFERENCES, *WORDS, *OUTLINES, *FIGURES, *SIDES)
