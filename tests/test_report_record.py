from dataclasses import replace

import pytest

from pipeline.report.build import build
from pipeline.report.cells import finding_numbers, indicator_numbers
from pipeline.report.context import Context
from pipeline.report.figures import number_text
from pipeline.report.model import Paragraph
from pipeline.report.technical import angle
from pipeline.report.template import load_template
from pipeline.standard import load_standards
from tests.factories_project import figures, site
from tests.factories_report import CROSS, finding, report_of
from tests.reading_report import chapter, column, tables


@pytest.fixture(scope="module")
def result():
    return report_of()


@pytest.fixture(scope="module")
def report(result):
    return build(result, figures=figures())


@pytest.fixture(scope="module")
def context(result):
    return Context(result, load_template())


# ---------------------------------------------------------------- indicators


def test_every_indicator_is_printed_half_up_with_its_decimals(report):
    table = tables(report)["indicators.planning"]
    assert column(table, "实测值")[:4] == ["11400.00", "37521.39", "2.49", "28520.50"]
    assert column(table, "差值")[1] == "21.39"


def test_a_difference_over_its_limit_never_prints_like_the_limit(result):
    item = replace(result.indicators[0], difference=3.274, limit=3.2649, allowance=None, decimals=2)
    assert indicator_numbers(item, missing="—") == ["3.27", "3.26", "—"]
    assert indicator_numbers(replace(item, limit=3.2689), missing="—") == ["3.27", "3.269", "—"]
    assert indicator_numbers(replace(item, difference=float("nan"), limit=None), missing="—") == ["—"] * 3


def test_a_finding_that_is_hardly_over_its_limit_shows_by_how_much():
    item = finding("PLA-M17", "planning", measured=0.1004, required=0.0, unit="m", tolerance=0.1)
    assert finding_numbers(item, missing="—") == ["0.1004", "0.000", "0.100"]
    assert finding_numbers(replace(item, measured="J1", required=2, tolerance=None), missing="") == ["J1", "2", ""]


def test_indicators_say_requirement_and_conclusion_in_chinese(report):
    table = tables(report)["indicators.planning"]
    assert column(table, "要求")[:2] == ["等于", "不大于"]
    assert column(table, "结论")[3] == "无法判定"


def test_whole_project_stands_before_the_buildings(report):
    assert column(tables(report)["indicators.planning"], "范围") == ["全项目"] * 5 + ["1幢", "2幢"]


def test_an_indicator_that_needs_a_decision_is_explained_in_its_chapter(report):
    assert "需由主管部门决定" in tables(report)["planning.indicator_notes"].rows[0][-1]


def test_rows_of_indicators_trace_to_features_and_measures(report):
    table = tables(report)["indicators.planning"]
    assert table.features[0] == ("planning.zone/1",)
    assert "planning.plot_ratio" in table.source


def test_the_verdict_opens_the_overall_chapter(report):
    said = [b.text for b in chapter(report, "总体指标表").blocks if isinstance(b, Paragraph) and b.style == "verdict"]
    assert len(said) == 1
    assert "不通过" in said[0]


# ---------------------------------------------------------------- consistency and inspection


def test_buildings_stand_side_by_side_with_the_largest_difference(report):
    table = tables(report)["buildings.area_m2"]
    assert [c.label for c in table.columns] == ["幢", "规划核实测量", "地籍测绘", "房产测绘", "最大差值"]
    assert table.rows[0] == ("1幢", "521.12", "521.13", "521.13", "0.01")


def test_measures_of_one_name_stand_side_by_side(report):
    assert tables(report)["shared"].rows[0][0] == "建筑基底面积"


def test_rules_across_surveys_are_listed_with_their_explanation(report):
    assert CROSS in column(tables(report)["cross_rules"], "规则")
    assert "层高不足 2.20 m" in tables(report)["cross_findings"].rows[-1][-1]


def test_every_rule_is_listed_with_outcome_and_how_much_it_examined(result, report):
    listed = [row for name, t in tables(report).items() if name.startswith("rules.") for row in t.rows]
    assert len(listed) == len(result.runs)
    assert {row[5] for row in listed} == {"通过", "不通过", "不适用", "无法判定", "程序故障"}


def test_outcomes_add_up(result, report):
    last = tables(report)["outcomes"].rows[-1]
    assert int(last[1]) == len(result.runs) == sum(map(int, last[2:7]))


def test_every_finding_is_printed_with_place_numbers_and_sentence(result, report):
    table = tables(report)["findings"]
    assert len(table.rows) == len(result.findings)
    assert table.rows[0][6:10] == ("2.35", "0.00", "m²", "0.01")


def test_a_waiver_is_printed_with_who_when_and_why():
    result = report_of("cadastral")
    waiver = {"who": "王审核", "when": "2026-10-01", "why": "历史遗留", "until": None}
    made = build(replace(result, findings=(replace(result.findings[0], waiver=waiver),)), figures=[])
    assert tables(made)["waivers"].rows[0][-4:] == ("王审核", "2026-10-01", "历史遗留", "—")


def test_damaged_inputs_are_named_with_claimed_and_read_counts(report):
    assert "声明 150，读取 70" in tables(report)["ledger"].rows[0][2]


def test_the_score_of_every_survey_and_of_the_project_is_shown(report):
    names = column(tables(report)["scores"], "测绘事项")
    assert names[-1] == "全项目"
    assert {"规划核实测量", "房产测绘"} < set(names)


# ---------------------------------------------------------------- technical description and appendix


def test_control_points_print_three_decimals(report):
    assert tables(report)["control"].rows[0] == ("1", "K1", "3273100.123", "500020.500", "215.331", "一级导线")


def test_a_deformation_over_the_limit_is_a_warning():
    made = build(report_of("cadastral", site={**site(), "deformation_m_per_km": 0.228}), figures=[])
    said = [b for b in chapter(made, "技术说明").blocks if isinstance(b, Paragraph) and b.style == "warning"]
    assert "22.80 cm/km" in said[0].text


def test_a_survey_delivered_in_another_crs_is_shown_as_converted(report):
    rows = {row[0]: row for row in tables(report)["survey_systems"].rows}
    assert rows["地籍测绘"][1] == "EPSG:4545"
    assert rows["规划核实测量"][3] == "直接采用"


def test_overrides_print_value_source_and_reason(report):
    row = tables(report)["overrides"].rows[0]
    assert row[0:2] == ("覆土厚度系数", "0.3 ≤ x < 1.5：0.5；x ≥ 1.5：1")
    assert "由本项目绿地方案批复给定" in row


def test_inputs_print_hashes_of_files_and_sidecars(report):
    table = tables(report)["inputs"]
    assert column(table, "SHA-256 校验值") == ["ab" * 32, "cd" * 32, "ef" * 32]


def test_numbers_print_value_source_and_certainty(report):
    rows = {row[-1]: row for row in tables(report)["numbers"].rows}
    assert rows["planning.area_error"][1] == "0.04√S + 0.002S"
    assert all(row[4] != "—" for row in rows.values())


def test_every_kind_of_profile_number_has_words(context):
    assert all(number_text(context.template, number) for number in load_standards().profile.numbers.values())


def test_an_angle_prints_degrees_minutes_and_seconds(context):
    assert angle(context, -0.0125) == "−0°00′45.0″"
