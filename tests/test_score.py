import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from pipeline.errors import StandardError
from pipeline.model import RuleRun
from pipeline.project import run_project
from pipeline.quality.score import grade_of, overall, score, scores
from pipeline.standard import SCHEMAS, load_standards
from pipeline.tolerance import Number
from tests.factories_score import LABELS, SEVERITY, national, points, run, scored, standards, weighted

FAULTS = st.lists(st.builds(run, st.sampled_from(sorted(SEVERITY.keys() - {"I01"})), st.integers(0, 9)), min_size=1)


# ---------------------------------------------------------------- deductions


def test_a_clean_survey_scores_a_hundred_and_is_excellent():
    one, _ = scored(run("G01"), run("A01"))
    assert (one.score, one.grade, one.reason) == (100, "优", None)


def test_an_error_costs_twelve_and_a_warning_four_and_a_hint_nothing():
    one, _ = scored(run("G01", 2), run("A01", 3), run("T01", 5))
    assert points(one) == {"空间图形": 76, "属性表": 88}


def test_elements_stand_in_the_order_of_the_profile_and_weigh_alike_when_no_weight_is_given():
    one, _ = scored(run("A01"), run("G01", 1))
    assert [(e.element, e.weight) for e in one.elements] == [("空间图形", 0.5), ("属性表", 0.5)]
    assert one.score == 94
    assert "等权" in one.note


def test_given_weights_count_in_proportion_over_the_elements_present():
    values = {"空间图形": 0.3, "属性表": 0.1, "业务逻辑": 0.6}
    one, _ = scored(run("G01", 1), run("A01"), element_weight={"values": values})
    assert (one.score, one.note) == (91, None)


def test_a_survey_may_weigh_an_element_its_own_way():
    values = {"空间图形": 1, "属性表": 1, "two.空间图形": 3}
    runs = [run(name, n, survey=s) for s in LABELS for name, n in (("G01", 1), ("A01", 0))]
    assert [s.score for s in scored(*runs, element_weight={"values": values})] == [94, 91]


def test_a_larger_size_factor_lessens_the_deduction():
    one, _ = scored(run("G01", 3), size_factor={"value": 2})
    assert points(one) == {"空间图形": 82}


def test_a_single_rule_may_have_its_own_class():
    values = {"error": "B", "warning": "C", "info": "none", "ON-A01": "D"}
    one, _ = scored(run("A01", 2), fault_class={"values": values})
    assert one.elements[0].counts == {"A": 0, "B": 0, "C": 0, "D": 2}
    assert one.score == 98


def test_a_waived_finding_is_counted_and_costs_nothing():
    one, _ = scored(run("G01", 1, waived=2))
    assert (one.elements[0].waived, one.elements[0].counts["B"], one.score) == (2, 1, 88)


def test_no_element_scores_below_nothing():
    one, _ = scored(run("G01", 50))
    assert points(one) == {"空间图形": 0}


# ---------------------------------------------------------------- grades


def test_one_a_fault_fails_the_survey():
    values = {"error": "B", "warning": "C", "info": "none", "ON-A01": "A"}
    one, _ = scored(run("G01"), run("A01", 1), fault_class={"values": values})
    assert (one.grade, points(one)["属性表"]) == ("不合格", 58)
    assert "A 类" in one.reason


def test_an_element_below_sixty_fails_the_survey_however_good_the_rest():
    one, _ = scored(run("G01", 4), run("A01"), run("I01", survey="intake"))
    assert one.score > 75
    assert one.grade == "不合格"
    assert "空间图形" in one.reason


@pytest.mark.parametrize(
    ("value", "grade"), [(90, "优"), (89.999, "良"), (75, "良"), (74.999, "合格"), (60, "合格"), (59.999, "不合格")]
)
def test_the_lower_bound_belongs_to_the_grade(value, grade):
    assert grade_of(value, national()) == grade


def test_a_score_on_the_bound_is_not_lost_to_float_noise():
    one, _ = scored(
        run("G01", 1),
        run("A02", 1),
        run("I01", survey="intake"),
        deduction={"values": {"A": 42, "B": 15, "C": 4, "D": 1}},
    )
    assert (one.score, one.grade) == (90, "优")


# ---------------------------------------------------------------- no grade


@pytest.mark.parametrize(("name", "outcome"), [("G01", "undetermined"), ("G01", "crashed"), ("A01", "crashed")])
def test_a_rule_that_could_not_decide_leaves_the_survey_without_a_grade(name, outcome):
    one, two = scored(run(name, outcome=outcome), run("G01", survey="two"))
    assert (one.score, one.grade, two.grade) == (None, None, "优")
    assert f"ON-{name}" in one.reason


def test_an_undetermined_warning_takes_no_grade_away():
    one, _ = scored(run("G01"), run("A01", outcome="undetermined"))
    assert (one.grade, points(one)) == ("优", {"空间图形": 100})


def test_an_error_rule_that_judged_only_a_part_leaves_no_grade():
    one, _ = scored(run("G01", 1, reason="缺少参数"))
    assert (one.grade, points(one)) == (None, {"空间图形": None})


def test_a_survey_that_has_failed_for_certain_is_graded_so_whatever_is_still_open():
    one, _ = scored(run("G01", outcome="undetermined"), run("A01", 11))
    assert (one.score, one.grade) == (None, "不合格")
    assert "低于" in one.reason
    assert "ON-G01" in one.reason


def test_a_damaged_input_leaves_no_grade_and_says_why():
    one, _ = scored(run("G01"), damaged={"one": "输入文件 a.dxf 未能完整读取"})
    assert (one.score, one.grade, one.reason) == (None, None, "输入文件 a.dxf 未能完整读取")
    assert points(one) == {"空间图形": None}


def test_a_survey_of_which_nothing_was_examined_has_no_grade():
    one, _ = scored(run("G01", outcome="not_applicable"))
    assert (one.elements, one.grade, one.reason) == ((), None, "没有可评分的检查")


# ---------------------------------------------------------------- inputs and the project


def test_a_fault_of_an_input_costs_the_survey_it_names():
    one, two = scored(run("I01", 1, survey="intake", about="two"))
    assert (one.score, two.score) == (100, 88)


def test_a_fault_of_the_inputs_that_names_no_survey_costs_every_one():
    one, two = scored(run("I01", 1, survey="intake"))
    assert (one.score, two.score) == (88, 88)


def test_the_project_has_the_mean_of_its_surveys():
    result = overall(scored(run("G01", 1), run("G01", survey="two")), national())
    assert (result.score, result.grade) == (94, "优")


def test_a_failed_survey_fails_the_project_even_beside_an_undecided_one():
    result = overall(scored(run("G01", 9), run("G01", survey="two", outcome="undetermined")), national())
    assert (result.score, result.grade, result.reason) == (None, "不合格", "甲不合格")


def test_an_undecided_survey_leaves_the_project_without_a_grade():
    result = overall(scored(run("G01"), run("G01", survey="two", outcome="undetermined")), national())
    assert (result.score, result.grade, result.reason) == (None, None, "乙未评定")


# ---------------------------------------------------------------- laws


@given(FAULTS, st.randoms(use_true_random=False))
def test_the_order_of_the_runs_changes_no_score(runs, chance):
    mixed = chance.sample(runs, len(runs))
    assert scored(*mixed)[0] == scored(*runs)[0]


@given(FAULTS, st.integers(0), st.integers(1, 5))
def test_a_further_finding_never_raises_the_score(runs, which, more):
    at = which % len(runs)
    worse = replace(runs[at], outcome="failed", findings=run(runs[at].rule[3:], more).findings + runs[at].findings)
    assert scored(*runs[:at], worse, *runs[at + 1 :])[0].score <= scored(*runs)[0].score


@given(FAULTS, st.sampled_from([{}, {"空间图形": 1, "属性表": 0.25}, {"空间图形": 0.1, "属性表": 0.2}]))
def test_the_score_lies_between_those_of_the_elements(runs, weights):
    one = score(runs, weighted(tuple(weights.items())), labels=LABELS, damaged={})[0]
    assert min(points(one).values()) <= one.score <= max(points(one).values())


# ---------------------------------------------------------------- numbers


def test_classes_must_say_what_every_severity_is():
    facts = {"label": "试验", "unit": "类", "source": "试验", "certainty": "proposal", "kind": "classes"}
    with pytest.raises(ValidationError, match="info"):
        TypeAdapter(Number).validate_python(facts | {"values": {"error": "B", "warning": "C"}})


def test_a_class_that_is_none_of_the_four_is_refused():
    with pytest.raises(StandardError, match="fault_class"):
        standards(fault_class={"values": {"error": "E", "warning": "C", "info": "none"}})


@pytest.mark.parametrize(("key", "given"), [("size_factor", {"value": 0}), ("deduction", {"values": {"B": 12}})])
def test_a_score_number_that_cannot_be_used_is_named(key, given):
    with pytest.raises(StandardError, match=f"score.{key}"):
        scored(run("G01"), **{key: given})


def test_a_profile_without_the_score_numbers_is_refused_by_key():
    known = standards()
    bare = known.profile.model_copy(update={"numbers": {}})
    with pytest.raises(StandardError, match="score"):
        score([], known.model_copy(update={"profile": bare}), labels=LABELS, damaged={})


@pytest.mark.parametrize("profile", sorted(p.stem for p in (SCHEMAS / "profiles").glob("*.yaml")))
def test_rules_with_their_own_class_exist(profile):
    known = load_standards(profile)
    named = known.profile.numbers["score.fault_class"].values.keys() - {"error", "warning", "info"}
    assert named <= {rule.id for standard in known.surveys.values() for rule in standard.rules}


def test_the_deductions_and_grades_are_those_of_the_standard(shared):
    facts = json.loads((shared / "reference" / "accuracy.json").read_text("utf-8"))["inspection_gbt24356_2023"]
    numbers = national().numbers
    assert numbers["score.size_factor"].value == facts["deduction"]["t_default"]
    assert numbers["score.deduction"].values == {
        k: float(str(facts["deduction"][k]).removesuffix("/t")) for k in "ABCD"
    }
    assert numbers["score.grade"].values == {word: low for low, _, word in facts["unit_grade"] if low}


def test_the_sample_project_is_scored_survey_by_survey(samples):
    result = run_project(samples / "binjiang")
    assert [s.survey for s in scores(result).surveys] == [s.survey for s in result.surveys]
    assert scores(result) == scores(result)


@pytest.mark.parametrize(("survey", "rule"), [("cadastral", "CAD-M04"), ("property", "PRP-M04")])
def test_a_mean_error_beyond_the_class_fails_the_survey(survey, rule):
    known = load_standards()
    spec = next(r for r in known.surveys[survey].rules if r.id == rule)
    assert spec.check in ("mean_within_class", "sides_mean_within_class")
    (finding,) = run("G01", 1).findings
    found = RuleRun(rule, survey, "failed", 1, (replace(finding, rule=rule, survey=survey),))
    (one,) = score([found], known, labels={survey: "甲"}, damaged={})
    assert (one.grade, one.elements[0].counts["A"]) == ("不合格", 1)
