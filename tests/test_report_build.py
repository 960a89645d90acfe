import re
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon

from pipeline.errors import StandardError
from pipeline.model import Curve
from pipeline.report.annex import annex_limit
from pipeline.report.appendix import number_text
from pipeline.report.build import build
from pipeline.report.cells import alike, coded, fitted, natural, text
from pipeline.report.chapters import angle
from pipeline.report.columns import COUNT, NUMBER, SIDE, printers
from pipeline.report.context import Context
from pipeline.report.model import Column, Figure, Heading, KeyValues, Paragraph, Table
from pipeline.report.numbering import chapter_title, labels
from pipeline.report.sides import side_lengths
from pipeline.report.template import load_template
from pipeline.standard import TableSpec, load_standards
from tests.factories_report import CROSS, figures, frame, report_of, site

TITLES = [
    "项目与委托信息", "技术说明", "总体指标表", "控制点成果", "规划核实测量成果", "绿地核实测量成果", "地籍测绘成果", "房产测绘成果",
    "各项成果一致性分析", "质量检查记录", "成果图件", "成果明细表", "依据、参数与数据来源",
]


@pytest.fixture(scope="module")
def result():
    return report_of()


@pytest.fixture(scope="module")
def report(result):
    return build(result, figures=figures())


@pytest.fixture(scope="module")
def context(result):
    return Context(result, load_template())


def tables(report):
    return {block.id: block for chapter in report.chapters for block in chapter.blocks if isinstance(block, Table)}


def chapter(report, title):
    return next(c for c in report.chapters if c.title == title)


def column(table, label):
    at = [c.label for c in table.columns].index(label)
    return [row[at] for row in table.rows]


def words(report):
    """Every text of the report."""
    yield from (part for line in (*report.cover, *report.signatures) for part in line)
    yield from report.statement
    for c in report.chapters:
        yield c.title
        for b in c.blocks:
            match b:
                case Heading() | Paragraph():
                    yield b.text
                case KeyValues():
                    yield from (b.caption, *(part for item in b.items for part in item))
                case Table():
                    yield from (b.caption, b.note or "", *(c.label for c in b.columns), *(cell for row in b.rows for cell in row))
                case Figure():
                    yield b.caption


# ---------------------------------------------------------------- order and numbers


def test_chapters_stand_in_the_order_of_the_template(report):
    assert [c.title for c in report.chapters] == TITLES


def test_numbered_chapters_count_from_one_and_the_rest_keep_their_names(report):
    assert [c.number for c in report.chapters] == [*map(str, range(1, 11)), "附图", "附表", "附录"]


def test_a_survey_that_was_not_commissioned_leaves_no_trace():
    said = "\n".join(words(build(report_of("planning", "cadastral"), figures=[])))
    assert "绿地核实测量" not in said
    assert "房产测绘" not in said
    assert "地籍测绘" in said


def test_chapters_renumber_when_fewer_surveys_are_commissioned():
    made = build(report_of("cadastral"), figures=[])
    assert [chapter_title(c) for c in made.chapters][4:7] == ["5　地籍测绘成果", "6　各项成果一致性分析", "7　质量检查记录"]


def test_a_chapter_knows_its_survey(report):
    assert [c.survey for c in report.chapters if c.survey] == ["planning", "green", "cadastral", "property"]


def test_tables_and_figures_count_through_and_annex_numbers_carry_its_name(report):
    numbers = labels(report)
    kinds = {n.kind for n in numbers.values()}
    assert [n.number for n in numbers.values() if n.kind == "表"] == [str(n + 1) for n in range(sum(n.kind == "表" for n in numbers.values()))]
    assert {"表", "附图", "附表"} >= kinds - {""}


def test_headings_of_numbered_chapters_carry_the_number(report):
    numbers = labels(report)
    shown = [numbers[2, b].before(block.text) for b, block in enumerate(report.chapters[2].blocks) if isinstance(block, Heading)]
    assert shown[:2] == ["3.1　总体结论", "3.2　规划核实测量"]


def test_the_same_result_gives_the_same_report(result, report):
    assert build(result, figures=figures()) == report


# ---------------------------------------------------------------- front


def test_cover_statement_and_signatures_come_from_the_project(report):
    assert ("项目名称", "滨江雅苑") in report.cover
    assert report.date == "2026年9月18日"
    assert ("检查", "林文静") in report.signatures
    assert any("CQJB-2026-0117" in line for line in report.statement)


def test_nothing_but_identifiers_is_in_english(report):
    prose = [t for c in report.chapters for b in c.blocks for t in _prose(b)]
    known = {"SHA", "EPSG", "UTF", "GBK", "duoce", "GB", "chongqing", "national"}
    found = {w for t in prose for w in re.findall(r"[A-Za-z]{3,}", re.sub(r"duoce-[\w-]+", "", t))} - known
    assert not found


def _prose(block):
    match block:
        case Heading() | Paragraph():
            return [block.text]
        case Table():
            return [block.caption, block.note or "", *(c.label for c in block.columns)]
        case KeyValues():
            return [block.caption, *(label for label, _ in block.items)]
        case _:
            return [block.caption]


# ---------------------------------------------------------------- indicators


def test_every_indicator_is_printed_half_up_with_its_decimals(report):
    table = tables(report)["indicators.planning"]
    assert column(table, "实测值")[:4] == ["11400.00", "37521.39", "2.49", "28520.50"]
    assert column(table, "差值")[1] == "21.39"


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


# ---------------------------------------------------------------- survey tables


def test_a_table_is_split_by_building_and_named_after_it(report):
    names = [t.caption for t in tables(report).values() if t.id.startswith("property.unit.")]
    assert names == ["1幢户室面积表", "2幢户室面积表"]


def test_codes_print_with_their_label(report):
    assert set(column(tables(report)["property.unit.1"], "用途")[:-1]) == {"10 住宅"}


def test_totals_sum_exact_values_and_a_note_says_so_when_rounded_rows_differ(report):
    table = tables(report)["green.ground"]
    assert column(table, "图形面积/m²")[-1] == "728.03"
    assert "合计按未取位的数值" in table.note
    assert table.total_rows == 1


def test_no_note_where_the_printed_rows_add_up(report):
    assert tables(report)["property.by_use"].note is None


def test_a_summary_counts_features_per_combination(report):
    table = tables(report)["planning.parking"]
    assert column(table, "数量/个") == ["24", "6", "24", "6", "60"]


def test_measures_per_building_make_a_column_each(report):
    table = tables(report)["planning.area_summary"]
    assert [row[0] for row in table.rows] == ["1幢", "2幢", "全项目"]
    assert column(table, "总建筑面积/m²")[-1] == "37521.39"


def test_a_form_shows_one_feature_as_labels_and_values(report):
    form = next(b for b in chapter(report, "地籍测绘成果").blocks if isinstance(b, KeyValues))
    assert dict(form.items)["权利人"] == "重庆滨江置业有限公司"
    assert dict(form.items)["计算面积/m²"] == "11400.00"


def test_a_table_without_rows_says_so(report):
    blocks = chapter(report, "规划核实测量成果").blocks
    at = blocks.index(Heading("退让与间距比对表"))
    assert blocks[at + 1].text == "本项目无此类数据。"


def test_sides_follow_the_ring_and_never_lead_from_shell_to_hole(report):
    assert column(tables(report)["cadastral.boundary_point.1"], "至下一点边长/m") == [
        "120.00", "100.00", "120.00", "100.00", "20.00", "30.00", "20.00", "30.00",
    ]


def test_a_side_over_an_arc_is_the_length_of_the_arc():
    half_circle = Curve((np.array([[0.0, 0.0, 1.0], [10.0, 0.0, 0.0]]),), closed=True)
    points = gpd.GeoDataFrame(geometry=[Point(0, 0), Point(10, 0)])
    assert side_lengths(points, [(None, half_circle)]) == pytest.approx([5 * np.pi, 10.0])


def test_a_point_that_is_no_vertex_has_no_side():
    points = gpd.GeoDataFrame(geometry=[Point(5, 5), Point(0, 0)])
    assert side_lengths(points, [(Polygon([(0, 0), (10, 0), (10, 10)]), None)])[0] is None


def test_every_table_of_every_standard_names_columns_and_measures_that_exist(context):
    for standard in load_standards().surveys.values():
        for spec in standard.tables:
            assert set(spec.measures) <= set(standard.measures), f"{standard.survey}.{spec.id}"
            assert spec.measures or printers(context, standard, spec), f"{standard.survey}.{spec.id}"


def test_a_table_with_an_unknown_field_stops_with_file_and_field(context):
    standard = load_standards().surveys["green"]
    spec = TableSpec.model_validate({"id": "x", "title": "表", "layer": "patch", "columns": [{"field": "nothing", "label": "无"}]})
    with pytest.raises(StandardError, match=r"tables\.yaml：x：图层 patch 没有字段“nothing”"):
        printers(context, standard, spec)


def test_columns_that_no_field_holds_need_no_field(context):
    standard = load_standards().surveys["green"]
    given = [{"field": f, "label": "甲"} for f in (NUMBER, SIDE, COUNT)]
    spec = TableSpec.model_validate({"id": "x", "title": "表", "layer": "patch", "columns": given})
    assert [p.decimals for p in printers(context, standard, spec)] == [None, 2, 0]


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
    assert all(number_text(context, number) for number in load_standards().profile.numbers.values())


def test_an_angle_prints_degrees_minutes_and_seconds(context):
    assert angle(context, -0.0125) == "−0°00′45.0″"


# ---------------------------------------------------------------- long tables


def test_a_table_over_the_limit_moves_to_the_annex_and_its_place_says_so():
    made = build(report_of("property", units=500), figures=[])
    place = [b.text for b in chapter(made, "房产测绘成果").blocks if isinstance(b, Paragraph) and "附表 1" in b.text]
    assert "本表共 250 行" in place[0]
    assert len(tables(made)["property.unit.1"].rows) == 251
    assert tables(made)["property.unit.1"] in chapter(made, "成果明细表").blocks


def test_the_limit_is_a_number_of_the_profile(context):
    assert annex_limit(context) == 200


def test_a_table_marked_for_the_annex_moves_whatever_its_length():
    result = report_of("planning")
    zone = {"zone_no": "Z1", "building": "1幢", "building_key": "1", "floor": 1, "use": "住宅", "area_factor": 1.0, "far_factor": 1.0,
            "storey_height_m": 3.0, "area_m2": 10.0, "counted_m2": 10.0, "far_m2": 10.0, "level_side": "地上"}
    survey = replace(result.surveys[0], frames={**result.surveys[0].frames, "zone": frame("planning", "zone", [zone])})
    made = build(replace(result, surveys=(survey,)), figures=[])
    assert tables(made)["planning.zone.1"] in chapter(made, "成果明细表").blocks


# ---------------------------------------------------------------- the template


def test_a_firm_replaces_only_what_it_writes(tmp_path):
    (tmp_path / "template.yaml").write_text("title: 竣工测绘报告\nchapters: [{kind: control, title: 控制}]\n", "utf-8")
    made = build(report_of("cadastral"), template=load_template(tmp_path), figures=[])
    assert (made.title, [chapter_title(c) for c in made.chapters]) == ("竣工测绘报告", ["1　控制"])


def test_a_wrong_slot_in_a_template_is_named(tmp_path):
    (tmp_path / "template.yaml").write_text('statement: ["{nobody}"]\n', "utf-8")
    with pytest.raises(StandardError, match="nobody"):
        build(report_of("cadastral"), template=load_template(tmp_path), figures=[])


def test_an_unknown_kind_of_chapter_is_named(tmp_path):
    (tmp_path / "template.yaml").write_text("chapters: [{kind: surprise, title: 甲}]\n", "utf-8")
    with pytest.raises(StandardError, match="surprise"):
        build(report_of("cadastral"), template=load_template(tmp_path), figures=[])


# ---------------------------------------------------------------- single values


@given(st.lists(st.integers(0, 10**6), max_size=20))
def test_names_with_numbers_sort_by_the_number(numbers):
    assert sorted((f"J{n}" for n in numbers), key=natural) == [f"J{n}" for n in sorted(numbers)]


@given(st.lists(st.one_of(st.none(), st.integers(), st.floats(allow_nan=True), st.text()), max_size=12))
def test_any_mixture_of_values_can_be_sorted_and_printed(values):
    assert len(sorted(values, key=natural)) == len([text(v, missing="—", decimals=2) for v in values])


@given(st.lists(st.lists(st.text(max_size=60), min_size=3, max_size=3), max_size=8))
def test_columns_always_get_room(rows):
    columns, _ = fitted([Column("甲"), Column("乙", "right"), Column("丙", "center")], rows)
    assert all(0 < c.width < 60 for c in columns)


def test_a_code_that_is_its_own_label_stands_once():
    assert [coded(v, {"a": "a", "1": "一"}, missing="—") for v in ("a", "1", "x", None)] == ["a", "1 一", "x", "—"]


def test_tables_of_one_kind_lie_alike():
    table = Table("a", "甲", (Column("乙"),), (("1",),))
    assert [t.wide for t in alike([table, replace(table, wide=True)])] == [True, True]
