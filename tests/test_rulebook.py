"""The rules as a person reads them: the list, one rule in full, and the table in schemas/README.md."""

from __future__ import annotations

import re

import pytest

from pipeline import rule_list, rulebook
from pipeline.errors import InputError, StandardError
from pipeline.report.figures import number_text
from pipeline.report.template import load_template
from pipeline.standard import RuleSpec, load_standards
from pipeline.tolerance import Absolute, AreaFormula, Bins, Choice, LengthFormula, Percent, PerKey, Stepped

RULE = RuleSpec.model_validate(
    {
        "id": "TST-T01",
        "check": "no_such_check",
        "layer": "parcel",
        "against": "planning.footprint",
        "where": {"right_type": ["1", "3"]},
        "params": {
            "tolerance_m2": {"profile": "cadastral.overlap_m2"},
            "bins_limit": {"profile": "green.soil_factor"},
            "permitted": {"permit": "plot_ratio"},
            "times": 2,
        },
        "severity": "warning",
        "element": "空间图形",
        "title": "虚构的要求",
        "reason": "虚构的理由",
        "hint": "虚构的改法",
        "clause": "虚构的依据 | 第一条",
        "certainty": "proposal",
        "message": "与 {other} 重叠",
        "since": "2026-11",
    }
)
COMMON = {"label": "某值", "source": "某处", "certainty": "proposal"}


@pytest.fixture(scope="module")
def standards():
    """The shipped standards with one invented rule."""
    shipped = load_standards(scope="district")
    cadastral = shipped.surveys["cadastral"]
    changed = cadastral.model_copy(update={"rules": (*cadastral.rules, RULE)})
    return shipped.model_copy(update={"surveys": shipped.surveys | {"cadastral": changed}})


def test_the_list_names_every_rule_once_with_its_title_certainty_and_clause(standards):
    lines = rulebook.list_rules(standards).splitlines()
    for rule in (rule for standard in standards.surveys.values() for rule in standard.rules):
        (line,) = (line for line in lines if line.strip().startswith(rule.id))
        assert rule.title in line
        assert rule.clause in line
    assert any("警告" in line and "本软件拟定" in line for line in lines if "TST-T01" in line)


def test_the_columns_of_the_list_stand_under_each_other_though_chinese_is_wide():
    rows = [("甲乙", "丙"), ("ab", "丁")]
    first, second = rule_list.aligned(rows)
    assert rule_list.width(first[: first.index("丙")]) == rule_list.width(second[: second.index("丁")])


def test_a_rule_in_full_has_sentence_reason_basis_certainty_numbers_and_hint(standards):
    text = rulebook.show_rule(standards, "tst-t01")
    for words in (
        "虚构的要求",
        "虚构的理由",
        "虚构的依据",
        "本软件拟定",
        "与 {other} 重叠",
        "虚构的改法",
        "planning.footprint",
    ):
        assert words in text
    assert re.search(r"宗地重叠容许面积（cadastral\.overlap_m2）：0\.01 m²。来源：.+（本软件拟定）", text)
    assert re.search(r"数值 +times：2", text)
    assert "right_type＝1、3" in text


def test_a_number_that_nobody_gave_is_said_to_be_missing(standards):
    (line,) = (line for line in rulebook.show_rule(standards, "TST-T01").splitlines() if "green.soil_factor" in line)
    assert "暂无数值" in line


def test_every_shipped_rule_can_be_shown(standards):
    for rule in (rule for standard in standards.surveys.values() for rule in standard.rules):
        assert rule.title in rulebook.show_rule(standards, rule.id)


def test_an_unknown_rule_is_refused_with_similar_ones(standards):
    with pytest.raises(InputError, match=r"TST-T99.*TST-T01"):
        rulebook.show_rule(standards, "TST-T99")


def test_the_table_of_rules_in_the_readme_is_current():
    text = rulebook.README.read_text("utf-8")
    standards = rulebook.with_examination(load_standards(scope="district"))
    assert text == rulebook.refreshed(text, standards), "run `make docs`"


def test_rewriting_the_table_changes_only_what_is_between_the_markers(standards, tmp_path):
    text = f"before\n{rulebook.BEGIN}\nold\n{rulebook.END}\nafter\n"
    new = rulebook.refreshed(text, standards)
    assert new.startswith("before\n")
    assert new.endswith("\nafter\n")
    assert "| TST-T01 | 虚构的要求 |" in new
    assert "虚构的依据 \\| 第一条" in new
    assert rulebook.refreshed(new, standards) == new


def test_a_readme_without_markers_is_refused(standards):
    with pytest.raises(StandardError, match="标记"):
        rulebook.refreshed("nothing here", standards)


def test_the_readme_is_written_only_when_the_rules_changed(tmp_path):
    path = tmp_path / "README.md"
    path.write_text(f"{rulebook.BEGIN}{rulebook.END}", "utf-8")
    assert [rulebook.refresh(path), rulebook.refresh(path)] == [True, False]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (Absolute(**COMMON, unit="m", value=0.1), "0.1"),
        (Absolute(**COMMON, unit="m", value=None), "—"),
        (Percent(**COMMON, unit="", kind="percent", percent=3), "3%"),
        (AreaFormula(**COMMON, unit="m²", kind="area", a=0.04, b=0.002), "0.04√S + 0.002S"),
        (LengthFormula(**COMMON, unit="m", kind="length", alpha=0.028, beta=0.0014), "0.028 + 0.0014D"),
        (
            LengthFormula(**COMMON, unit="m", kind="length", alpha=0.028, beta=0.0014, up_to=10, up_to_value=0.04),
            "D ≤ 10：0.04；其余 0.028 + 0.0014D",
        ),
        (
            Stepped(**COMMON, unit="m²", kind="stepped", steps=((1000, 0.03), (None, 0.005)), cap=500),
            "≤ 1000：3%；其余：0.5%，上限 500",
        ),
        (Bins(**COMMON, unit="", kind="bins", bins=((0, 0.5, 0), (0.5, None, 1))), "0 ≤ x < 0.5：0；x ≥ 0.5：1"),
        (Bins(**COMMON, unit="", kind="bins", bins=None), "—"),
        (PerKey(**COMMON, unit="m²", kind="per_key", values={"甲": 1000, "乙": None}), "甲：1000；乙：—"),
        (
            Choice(**COMMON, unit="", kind="choice", choice="gb_annex_b", options=("gb_annex_b",)),
            "GB/T 17986.1-2000 附录 B 的方法",
        ),
    ],
)
def test_every_kind_of_number_is_told_in_words(number, words):
    assert number_text(load_template(), number) == words
