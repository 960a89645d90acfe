"""Worked numbers of the trade. Each test names the id of its example in the reference table; the numbers are copied."""

import json
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from pipeline.measures import AGGREGATES, COLUMNS, COMBINERS
from pipeline.measures.apportion import Common, Unit, apportion
from pipeline.measures.arcs import area
from pipeline.measures.engine import select
from pipeline.measures.heights import sloping_factor, storey_factor
from pipeline.rounding import half_up
from pipeline.standard import load_profile

RULES = {"GB/T 17986.1-2000": "gbt17986_2000", "GB/T 50353-2013": "gbt50353_2013", "GB 55031-2022": "gb55031_2022"}
#: thresholds of one public tool, no legal tolerance: nothing of ours judges by them
NOT_OURS = {"PVM-1", "PVM-2"}


def units(**inner):
    return [Unit(name, Decimal(str(size))) for name, size in inner.items()]


# ---------------------------------------------------------------- apportionment


def test_app_p2_one_hall_for_two_units():
    shares = apportion(units(u101=85.5, u102=92.3), [Common("大堂", Decimal(100), "整幢", frozenset({"u101", "u102"}))])
    assert shares.rounded == {"u101": Decimal("48.09"), "u102": Decimal("51.91")}
    assert shares.printed_factor("u101") == Decimal("0.562430")
    assert abs(shares.factor["u101"] - Fraction("0.562429")) < Fraction(1, 10**6)  # the publication cuts K off


def test_app_p4_factors_of_two_levels_with_the_same_units_add_up():
    both = frozenset({"u101", "u102"})
    commons = [Common("大堂", Decimal(100), "整幢", both), Common("电梯井", Decimal(50), "功能区", both)]
    shares = apportion(units(u101=85.5, u102=92.3), commons)
    assert shares.rounded == {"u101": Decimal("72.13"), "u102": Decimal("77.87")}
    assert abs(shares.factor["u102"] - Fraction("0.843645")) < Fraction(1, 10**6)


def _m1():
    shops = {"S1": (120, "1F"), "S2": (80, "1F"), "S3": (150, "2F"), "S4": (50, "2F")}
    flats = {f"R{i}": 90 if i < 5 else 110 for i in range(1, 9)}
    listed = [Unit(n, Decimal(a), "商业", floor) for n, (a, floor) in shops.items()]
    listed += [Unit(n, Decimal(a), "住宅") for n, a in flats.items()]
    everybody = frozenset(unit.id for unit in listed)
    commons = [
        Common("整幢", Decimal(60), "整幢", everybody),
        Common("商业", Decimal(30), "功能区", frozenset(shops)),
        Common("住宅", Decimal(96), "功能区", frozenset(flats)),
        Common("1F", Decimal(20), "层内", frozenset({"S1", "S2"})),
        Common("2F", Decimal(10), "层内", frozenset({"S3", "S4"})),
    ]
    return listed, commons


M1 = {
    "gb_annex_b": {"S1": "27.1062", "S2": "18.0708", "S3": "26.3827", "S4": "8.7942", "R1": "15.2602", "R8": "18.6513"},
    "exclusive": {"S1": "27.0000", "S2": "18.0000", "S3": "26.2500", "S4": "8.7500", "R1": "15.3000", "R8": "18.7000"},
}
M1_FACTORS = {
    "gb_annex_b": {"R1": "0.169558", "S1": "0.225885", "S4": "0.175885"},
    "exclusive": {"R1": "0.170000", "S1": "0.225000", "S4": "0.175000"},
}


@pytest.mark.parametrize("variant", M1)
def test_app_m1_three_levels_in_two_variants(variant):
    shares = apportion(*_m1(), variant=variant)
    assert {name: str(half_up(shares.exact[name], 4)) for name in M1[variant]} == M1[variant]
    assert {name: str(shares.printed_factor(name)) for name in M1_FACTORS[variant]} == M1_FACTORS[variant]
    assert sum(shares.rounded.values()) == Decimal("216.00")


@pytest.mark.parametrize(("variant", "shops"), [("gb_annex_b", "20.354"), ("exclusive", "20.000")])
def test_app_m1_the_zones_bear_their_part_of_the_whole_building(variant, shops):
    borne = apportion(*_m1(), variant=variant).borne["整幢"]
    assert half_up(sum(share for uid, share in borne.items() if uid.startswith("S")), 3) == Decimal(shops)


def test_app_c2_without_common_parts_nothing_is_shared():
    shares = apportion(units(A=80), [])
    assert (shares.rounded["A"], shares.printed_factor("A")) == (0, 0)


# ---------------------------------------------------------------- areas and heights


def test_geo_w1_half_the_outer_wall_lies_between_face_and_centre_line():
    face = shapely.Polygon([(0, 0), (20.24, 0), (20.24, 10.24), (0, 10.24)])
    centre = shapely.Polygon([(0.12, 0.12), (20.12, 0.12), (20.12, 10.12), (0.12, 10.12)])
    half = COMBINERS["difference_of"](area(face), area(centre))
    assert (area(face), area(centre), half) == pytest.approx((207.2576, 200.0, 7.2576), abs=1e-9)
    assert half_up(half, 2) == Decimal("7.26")


def test_area_b1_an_open_balcony_counts_half():
    assert COMBINERS["difference_of"](150.96, 14.22 * 0.5) == pytest.approx(143.85, abs=0.005)


@pytest.mark.parametrize(
    ("example", "height", "factors"),
    [
        ("AREA-H1", 2.19, {"GB/T 17986.1-2000": 0.0, "GB/T 50353-2013": 0.5, "GB 55031-2022": 0.0}),
        ("AREA-H2", 2.20, {"GB/T 17986.1-2000": 1.0, "GB/T 50353-2013": 1.0, "GB 55031-2022": 1.0}),
        ("AREA-H3", 2.21, {"GB/T 17986.1-2000": 1.0, "GB/T 50353-2013": 1.0, "GB 55031-2022": 1.0}),
    ],
)
def test_area_h_a_low_storey_counts_by_the_rule_of_its_survey(example, height, factors):
    assert {title: storey_factor(height, rule=RULES[title]) for title in factors} == factors, example


@pytest.mark.parametrize(
    ("example", "height", "factor"),
    [("AREA-S1", 1.19, 0.0), ("AREA-S2", 1.2, 0.5), ("AREA-S3", 2.09, 0.5), ("AREA-S4", 2.1, 1.0)],
)
def test_area_s_under_a_sloping_roof_the_clear_height_decides(example, height, factor):
    assert sloping_factor(height, rule="gbt50353_2013") == factor, example


# ---------------------------------------------------------------- limits


NUMBERS = load_profile("national").numbers
AREA_CLASSES = {
    1: NUMBERS["property.area_error_1"],
    2: NUMBERS["property.area_error"],
    3: NUMBERS["property.area_error_3"],
}
SIDE_CLASSES = {grade: NUMBERS[f"property.side_error_{grade}"] for grade in (1, 2, 3)}


@pytest.mark.parametrize(
    ("size", "limits"),
    [
        (10, (0.0692, 0.1465, 0.313)),
        (100, (0.26, 0.6, 1.4)),
        (144, (0.3264, 0.768, 1.824)),
        (1000, (1.2325, 3.2649, 8.5298)),
        (20000, (14.8284, 45.6569, 131.3137)),
    ],
)
def test_acc_a1_area_limits_of_the_three_classes(size, limits):
    found = [limit.at(size) for limit in AREA_CLASSES.values()]
    assert found == pytest.approx(limits, abs=1e-4)


@pytest.mark.parametrize(
    ("side", "practice", "limits"),
    [
        (3, 0.04, (0.0152, 0.0322, 0.068)),
        (10, 0.04, (0.018, 0.042, 0.096)),
        (10.01, 0.04, (0.018, 0.042, 0.096)),
        (15, 0.05, (0.02, 0.049, 0.116)),
        (50, 0.10, (0.034, 0.098, 0.256)),
        (100, 0.17, (0.054, 0.168, 0.456)),
    ],
)
def test_acc_s1_side_limits_and_the_planning_practice(side, practice, limits):
    found = [limit.at(side) for limit in SIDE_CLASSES.values()]
    assert found == pytest.approx(limits, abs=1e-4)
    assert half_up(load_profile("zhejiang").numbers["planning.side_error"].at(side), 2) == Decimal(str(practice))


def test_acc_a1_the_national_profile_uses_class_two():
    limit = load_profile("national").numbers["planning.area_error"]
    assert (limit.at(100), limit.at(144)) == pytest.approx((0.6, 0.768))


# ---------------------------------------------------------------- ratios, civil defence, parking, side by side


def test_ratio_1_an_area_over_its_contract_in_percent():
    assert COMBINERS["percent_over"](105, 100) == pytest.approx(5.0)


def test_ratio_2_the_plot_ratio():
    assert COMBINERS["ratio"](10000, 5000) == 2.0


@pytest.mark.parametrize(
    ("example", "use", "cap_m2"),
    [
        ("RF-U1", "医疗救护", 1000),
        ("RF-U3", "专业队队员掩蔽", 1000),
        ("RF-U5", "专业队装备掩蔽", 4000),
        ("RF-U7", "二等人员掩蔽", 2000),
        ("RF-U9", "物资库", 4000),
    ],
)
def test_rf_u_a_unit_of_its_use_has_its_cap(example, use, cap_m2):
    assert load_profile("national").numbers["civil_defence.unit_cap_m2"].values[use] == cap_m2, example


def test_rf_s1_a_unit_is_the_sum_of_its_zones():
    zones = gpd.GeoDataFrame(
        {"kind": ["掩蔽区", "口部", "口部", "辅助房间"], "area_m2": [1450.25, 210.4, 95.15, 140.7]}, geometry=[None] * 4
    )
    sheltering = select(zones, {"kind": "掩蔽区"})
    assert AGGREGATES["total"](zones, field="area_m2") == pytest.approx(1896.5)
    assert AGGREGATES["total"](sheltering, field="area_m2") == 1450.25
    assert AGGREGATES["count"](select(zones, {"kind": "口部"})) == 2


def test_pk_1_bicycles_stand_on_a_whole_number_of_places():
    indoors = gpd.GeoDataFrame({"area_m2": [50.0], "each_m2": [1.8]}, geometry=[None])
    assert COLUMNS["whole_parts"](indoors, of="area_m2", per="each_m2").tolist() == [27]


def test_xsv_1_the_finish_explains_why_property_is_larger_than_planning():
    difference = COMBINERS["difference_of"](52340.55, 52103.2)
    finish = COMBINERS["sum_of"](120.11, 80.05, 37.19)
    assert (half_up(difference, 2), half_up(finish, 2)) == (Decimal("237.35"), Decimal("237.35"))
    assert abs(COMBINERS["difference_of"](difference, finish)) <= 1.0


# ---------------------------------------------------------------- the reference table itself


def test_every_example_of_the_reference_table_has_its_test(shared: Path):
    table = json.loads((shared / "reference" / "area_examples.json").read_text("utf-8"))
    wanted = {example["id"] for example in table["examples"]} - NOT_OURS
    source = re.sub(r"[-_ ]", "", Path(__file__).read_text("utf-8")).upper()
    stems = {name: re.sub(r"-(gb_annex_b|exclusive)$", "", name).replace("-", "") for name in wanted}
    assert [name for name, stem in stems.items() if stem.upper() not in source] == []


def test_the_copied_shares_are_those_of_the_reference_table(shared: Path):
    table = json.loads((shared / "reference" / "area_examples.json").read_text("utf-8"))
    expected = {e["id"]: e["expected"] for e in table["examples"]}
    for variant, shares in M1.items():
        stated = expected[f"APP-M1-{variant}"]["share_exact_4dp"]
        assert {name: stated[name] for name in shares} == {name: float(share) for name, share in shares.items()}


def test_every_area_and_side_limit_of_the_reference_table_is_reproduced(shared: Path):
    table = json.loads((shared / "reference" / "area_examples.json").read_text("utf-8"))
    rows = {e["id"]: e["expected"].get("rows") for e in table["examples"]}
    for row in rows["ACC-A1"]:
        for grade, number in AREA_CLASSES.items():
            limit, told = number.at(row["S"]), row[f"class{grade}"]
            assert (limit, limit / NUMBERS["property.limit_per_mean"].value) == pytest.approx(
                (told["limit"], told["mse"]), abs=1e-4
            )
    for row in rows["ACC-S1"]:
        for grade, number in SIDE_CLASSES.items():
            assert number.at(row["L"]) == pytest.approx(row[f"class{grade}"], abs=1e-4)
