"""Measured figures beside the permit, a statutory minimum, and what another survey measured."""

from __future__ import annotations

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks import explained as verbs
from pipeline.checks import permit
from pipeline.measures.judge import judge
from pipeline.rounding import half_up
from pipeline.tolerance import AreaFormula, Choice, PerKey

COMMON = {"label": "限差", "unit": "m²", "source": "某处", "certainty": "proposal"}
GRADE_2 = AreaFormula(**COMMON, kind="area", a=0.04, b=0.002)
AREAS = st.floats(1, 1e5)


def indicators(*items):
    base = {
        "building": None,
        "label": "容积率",
        "measured": 2.0,
        "permitted": 2.1,
        "limit": None,
        "allowance": None,
        "unit": "",
        "decimals": 2,
        "outcome": "passed",
        "reason": None,
    }
    data = [{**base, **item} for item in items]
    return gpd.GeoDataFrame(data, geometry=gpd.GeoSeries([None] * len(data)))


def parts(**columns):
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([None] * len(next(iter(columns.values())))))


def test_a_failed_indicator_is_one_finding_with_both_figures_and_the_reason():
    table = indicators({}, {"building": "3", "measured": 2.2, "outcome": "failed", "reason": "大于许可值 0.10"})
    result = permit.meets_permit(table)
    (hit,) = result.hits
    assert (result.examined, hit.row, hit.measured, hit.required, hit.slots["subject"]) == (2, 1, 2.2, 2.1, "3幢容积率")
    assert hit.slots["why"] == "大于许可值 0.10"


def test_a_figure_the_permit_does_not_state_leaves_the_rule_undetermined_and_says_where_to_state_it():
    table = indicators({"outcome": "not_applicable", "permitted": None, "reason": "许可指标表未给出“容积率”"})
    result = permit.meets_permit(table)
    assert (result.examined, result.hits) == (0, ())
    assert result.undetermined == ("许可指标表未给出“容积率”：请在许可指标表（permit.xlsx）或批准文件数值中填写",)


def test_an_allowance_nobody_stated_leaves_the_rule_undetermined_in_the_judges_words():
    table = indicators({"outcome": "undetermined", "reason": "缺少行政允许偏差", "building": "2"})
    assert permit.meets_permit(table).undetermined == ("2：缺少行政允许偏差",)


def least(**values):
    return PerKey(label="下限", unit="%", source="条例", certainty="practice", kind="per_key", values=values)


def land(use):
    return Choice(label="性质", unit="", source="许可", certainty="practice", kind="choice", choice=use, options=(use,))


@pytest.mark.parametrize(("use", "found"), [("居住", []), ("更新", []), ("学校", [30.0])])
def test_each_use_of_land_has_its_own_minimum(use, found):
    table = indicators({"measured": 30.0, "outcome": "passed"})
    result = permit.indicator_at_least_by_use(table, minimums=least(居住=30.0, 更新=25.0, 学校=35.0), use=land(use))
    assert ([hit.measured for hit in result.hits], result.examined) == (found, 1)
    assert [hit.slots["use"] for hit in result.hits] == [use] * len(found)


def test_a_use_without_a_minimum_is_undetermined_and_says_where_to_state_it():
    table = indicators({"measured": 30.0, "outcome": "passed"})
    result = permit.indicator_at_least_by_use(table, minimums=least(居住=30.0, 商业=None), use=land("商业"))
    assert (result.examined, result.hits) == (0, ())
    assert "“商业”" in result.undetermined[0]
    assert "overrides" in result.undetermined[0]


@given(st.floats(0, 100), st.integers(0, 10_000))
def test_a_statutory_minimum_is_judged_apart_from_the_permit(measured, hundredths):
    minimum = hundredths / 100
    result = permit.indicator_at_least_by_use(
        indicators({"measured": measured, "outcome": "passed"}), minimums=least(居住=minimum), use=land("居住")
    )
    assert bool(result.hits) == (float(half_up(measured, 2)) < minimum - 1e-6)


def test_a_figure_that_prints_like_the_statutory_minimum_reaches_it_as_it_reaches_the_permit():
    table = indicators({"measured": 35.5654, "permitted": 35.57, "unit": "%"}, {"measured": 35.5646})
    assert judge(35.5654, 35.57, "at_least").outcome == "passed"
    assert [
        hit.row for hit in permit.indicator_at_least_by_use(table, minimums=least(居住=35.57), use=land("居住")).hits
    ] == [1]


def test_a_figure_that_prints_like_its_ceiling_keeps_to_it():
    table = indicators({"measured": 10.0049}, {"measured": 10.0051, "building": "1"})
    assert [hit.row for hit in permit.indicator_at_most(table, ceiling={None: 9.9951, "1": 9.9951}).hits] == [1]


def test_an_indicator_without_a_value_is_undetermined_not_passed():
    result = permit.indicator_at_least_by_use(
        indicators({"measured": None, "reason": "缺少参数"}), minimums=least(居住=30), use=land("居住")
    )
    assert (result.examined, result.undetermined) == (0, ("缺少参数",))


def test_an_indicator_is_held_under_the_other_surveys_figure_of_the_same_building():
    table = indicators({"measured": 10.0}, {"measured": 10.0, "building": "1"}, {"measured": 10.0, "building": "2"})
    result = permit.indicator_at_most(table, ceiling={None: 12.0, "1": 9.0})
    assert ([h.row for h in result.hits], result.examined) == ([1], 2)


@given(AREAS, AREAS)
def test_agreement_does_not_depend_on_which_survey_is_named_first_when_the_limit_is_a_number(one, two):
    table = indicators({})
    there = permit.measures_agree(table, measured={None: one}, other_measured={None: two}, limit=0.5)
    back = permit.measures_agree(table, measured={None: two}, other_measured={None: one}, limit=0.5)
    assert len(there.hits) == len(back.hits)


@given(AREAS, st.floats(-0.9, 0.9))
def test_a_difference_inside_the_limit_at_that_size_agrees_and_beyond_it_does_not(area_m2, share):
    limit = GRADE_2.at(area_m2)
    inside = permit.measures_agree(
        indicators({}), measured={None: area_m2 + share * limit}, other_measured={None: area_m2}, limit=GRADE_2
    )
    beyond = permit.measures_agree(
        indicators({}), measured={None: area_m2 + 1.1 * limit}, other_measured={None: area_m2}, limit=GRADE_2
    )
    assert (len(inside.hits), len(beyond.hits)) == (0, 1)


def test_buildings_that_only_one_side_measured_are_left_to_the_identity_rule():
    result = permit.measures_agree(indicators({}), measured={"1": 5.0, "2": 5.0}, other_measured={"1": 5.0}, limit=0.1)
    assert result.examined == 1


def test_a_ratio_over_another_denominator_is_recomputed_not_trusted():
    table = indicators({"label": "绿地率", "measured": 35.0, "unit": "%"})
    (hit,) = permit.percent_agrees(table, part={None: 3500.0}, whole={None: 7000.0}, limit=0.01).hits
    assert (hit.required, hit.slots["whole"]) == (50.0, 7000.0)


def test_an_unmeasured_denominator_is_not_examined():
    table = indicators({"label": "绿地率", "measured": 35.0})
    assert permit.percent_agrees(table, part={None: 3500.0}, whole={None: None}, limit=0.01).examined == 0


ZONES = {
    "b": ["1", "1", "1", "2"],
    "counted": [1000.0, 50.0, 20.0, 500.0],
    "other": [1000.0, 0.0, 40.0, 500.0],
    "note": [None, "层高不足", "封闭阳台", None],
}


def explained_by(totals, **changes):
    zones = parts(**{**ZONES, **changes})
    wholes = parts(b=list(totals), area=list(totals.values()))
    return verbs.explained_difference(
        wholes,
        other=zones,
        key="b",
        field="area",
        part="counted",
        counterpart="other",
        note="note",
        unexplained_limit=0.5,
    )


def test_a_difference_explained_item_by_item_is_no_fault():
    result = explained_by({"1": 1040.0, "2": 500.0})
    assert (result.examined, result.hits) == (2, ())


def test_a_difference_without_a_note_stays_unexplained():
    (hit,) = explained_by({"1": 1040.0}, note=[None, None, "封闭阳台", None]).hits
    assert (hit.slots["unexplained"], hit.slots["items"]) == (pytest.approx(50.0), "封闭阳台 -20.00")


@given(st.floats(-400, 400))
def test_the_rest_is_what_remains_of_the_difference_after_the_items(error_m2):
    result = explained_by({"1": 1040.0 - error_m2})
    rests = [hit.slots["unexplained"] for hit in result.hits]
    assert rests == ([pytest.approx(error_m2, abs=1e-6)] if abs(error_m2) > 0.500001 else []) or abs(error_m2) > 0.4999
