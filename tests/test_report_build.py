import re
from dataclasses import replace

import pytest

from pipeline.errors import StandardError
from pipeline.report.annex import annex_limit
from pipeline.report.build import build
from pipeline.report.context import Context
from pipeline.report.model import Heading, KeyValues, Paragraph, Table
from pipeline.report.numbering import chapter_title, labels
from pipeline.report.template import load_template
from tests.factories_project import figures
from tests.factories_report import frame, report_of
from tests.reading_report import chapter, tables, words

TITLES = [
    "项目与委托信息",
    "技术说明",
    "总体指标表",
    "控制点成果",
    "规划核实测量成果",
    "绿地核实测量成果",
    "地籍测绘成果",
    "房产测绘成果",
    "各项成果一致性分析",
    "质量检查记录",
    "成果图件",
    "成果明细表",
    "依据、参数与数据来源",
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
    assert [chapter_title(c) for c in made.chapters][4:7] == [
        "5　地籍测绘成果",
        "6　各项成果一致性分析",
        "7　质量检查记录",
    ]


def test_a_chapter_knows_its_survey(report):
    assert [c.survey for c in report.chapters if c.survey] == ["planning", "green", "cadastral", "property"]


def test_tables_and_figures_count_through_and_annex_numbers_carry_its_name(report):
    numbers = labels(report)
    kinds = {n.kind for n in numbers.values()}
    assert [n.number for n in numbers.values() if n.kind == "表"] == [
        str(n + 1) for n in range(sum(n.kind == "表" for n in numbers.values()))
    ]
    assert {"表", "附图", "附表"} >= kinds - {""}


def test_headings_of_numbered_chapters_carry_the_number(report):
    numbers = labels(report)
    shown = [
        numbers[2, b].before(block.text)
        for b, block in enumerate(report.chapters[2].blocks)
        if isinstance(block, Heading)
    ]
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
    zone = {
        "zone_no": "Z1",
        "building": "1幢",
        "building_key": "1",
        "floor": 1,
        "use": "住宅",
        "area_factor": 1.0,
        "far_factor": 1.0,
        "storey_height_m": 3.0,
        "area_m2": 10.0,
        "counted_m2": 10.0,
        "far_m2": 10.0,
        "level_side": "地上",
    }
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
