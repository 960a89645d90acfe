"""A sum that a choice of the profile rules: what connects shelters counts, does not count, or nobody has said so."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely.affinity

from pipeline.binding import Figures
from pipeline.errors import StandardError
from pipeline.measures.columns import height_factor
from pipeline.measures.engine import derive, formula_of, measure
from pipeline.report.context import Context
from pipeline.report.measured import matrix
from pipeline.report.notes import table_note
from pipeline.report.template import load_template
from pipeline.standard import load_profile, load_standards
from pipeline.tolerance import Choice
from tests import factories_laws as laws
from tests.planted.change import number

SAMPLE = Path(__file__).parent.parent / "samples" / "binjiang"
KEY = "civil_defence.connecting_area"
UNITS, PASSAGE, TOTAL = ("protected_area_m2", "connecting_area_m2", "civil_defence_area_m2")
STANDARDS = load_standards("chongqing")
CHOSEN = [
    pytest.param(standard, spec, id=f"{standard.survey}.{name}")
    for standard in STANDARDS.surveys.values()
    for name, spec in standard.measures.items()
    if spec.chosen
]


@pytest.fixture(scope="module")
def clean():
    return laws.world(SAMPLE)


def under(clean, word):
    return number(KEY, choice=word)(clean, "civil_defence")


def measured(world):
    """Every measure of every survey by (survey, name, building), on the frames as they are."""
    found = []
    for result in world.report.surveys:
        standard = world.report.standards.surveys[result.survey]
        figures = Figures(standard, world.report.standards.profile, world.permit, {}, world.report.project.facts)
        own = {name: derive(world.frames[f"{result.survey}.{name}"].copy(), layer, figures)
               for name, layer in standard.layers.items()}  # fmt: skip
        found += measure(standard, own, figures, found)
    return {(item.survey, item.name, item.building): item for item in found}


def shelter(world):
    return {name: item for (survey, name, _), item in measured(world).items() if survey == "civil_defence"}


# ---------------------------------------------------------------- the choice itself


def test_a_mistyped_choice_is_refused_with_its_key():
    with pytest.raises(StandardError, match=rf"{KEY}.*应为 counted、not_counted 之一，没有“yes”"):
        load_profile("chongqing", overrides=[{"key": KEY, "choice": "yes", "reason": "批复"}])


def test_every_choice_is_made_by_one_of_its_options_or_open_and_then_said_to_be_unknown():
    for name in ("national", "chongqing"):
        choices = {k: n for k, n in load_profile(name).numbers.items() if isinstance(n, Choice)}
        assert [k for k, n in choices.items() if (n.choice is None) != (n.certainty == "unknown")] == []
        assert choices[KEY].choice is None, "no public text says whether it counts: the approval of the project does"


def test_heights_count_nothing_that_is_known_while_nobody_chose_the_rule_set():
    frame = pd.DataFrame({"storey_height_m": [2.1, 3.0], "use": ["住宅", "阳台"]})
    rule = STANDARDS.profile.numbers["planning.height_rule"].model_copy(update={"choice": None})
    found = height_factor(frame, field="storey_height_m", rule=rule, only={"use": ["住宅"]}, otherwise=0.5)
    assert np.isnan(found[0])
    assert found[1] == 0.5


@pytest.mark.parametrize(("standard", "spec"), CHOSEN)
def test_a_measure_has_a_formula_for_every_option_and_one_while_nobody_chose(standard, spec):
    profile = STANDARDS.profile
    made = {word: formula_of(spec, _with(profile, spec.chosen.profile, choice=word))
            for word in (None, *profile.numbers[spec.chosen.profile].options)}  # fmt: skip
    assert len(set(made.values())) == len(made)
    asked = {p["profile"] for p in spec.params.values() if isinstance(p, dict) and "profile" in p}
    assert asked <= {spec.chosen.profile}


def test_a_choice_without_words_stops_with_the_measure_and_the_key():
    spec = STANDARDS.surveys["civil_defence"].measures[TOTAL]
    bare = spec.model_copy(update={"chosen": spec.chosen.model_copy(update={"formulas": {}})})
    with pytest.raises(StandardError, match=f"人防建筑面积：chosen：.*{KEY}"):
        formula_of(bare, _with(STANDARDS.profile, KEY, choice="counted"))


def _with(profile, key, **values):
    return profile.model_copy(
        update={"numbers": {**profile.numbers, key: profile.numbers[key].model_copy(update=values)}}
    )


# ---------------------------------------------------------------- what switching changes in a project


def test_switching_changes_exactly_the_one_figure_by_exactly_the_connecting_area(clean):
    counted, left = measured(under(clean, "counted")), measured(under(clean, "not_counted"))
    assert counted.keys() == left.keys()
    changed = {key for key in counted if counted[key].value != left[key].value}
    assert changed == {("civil_defence", TOTAL, None)}
    figures = shelter(under(clean, "counted"))
    assert figures[PASSAGE].value == pytest.approx(8.0)
    assert figures[TOTAL].value == pytest.approx(figures[UNITS].value + figures[PASSAGE].value)
    assert shelter(under(clean, "not_counted"))[TOTAL].value == figures[UNITS].value


def test_switching_changes_no_formula_but_of_the_sum_and_of_what_it_may_hold(clean):
    counted, left = measured(under(clean, "counted")), measured(under(clean, "not_counted"))
    changed = {key[1] for key in counted if counted[key].formula != left[key].formula}
    assert changed == {TOTAL, PASSAGE}
    assert "单列，不计入" in left["civil_defence", PASSAGE, None].formula
    assert "＋ Σ 互联互通面积" in counted["civil_defence", TOTAL, None].formula


def test_a_passage_that_does_not_count_is_no_source_of_the_figure(clean):
    passages = set(shelter(clean)[PASSAGE].features)
    assert len(passages) == 1
    assert passages <= set(shelter(under(clean, "counted"))[TOTAL].features)
    assert passages.isdisjoint(shelter(under(clean, "not_counted"))[TOTAL].features)


def test_while_nobody_chose_the_figure_is_open_and_the_reason_names_the_key(clean):
    world = under(clean, None)
    runs, indicators = laws.judged(world)
    assert {r.rule: r.outcome for r in runs if r.outcome not in {"passed", "not_applicable"}} == dict.fromkeys(
        ("CDF-M01", "CDF-X03", "CDF-X05"), "undetermined")  # fmt: skip
    (said,) = [i.reason for i in indicators if i.name == TOTAL]
    assert KEY in said
    assert "overrides" in said
    assert shelter(world)[PASSAGE].value == pytest.approx(8.0)


def test_without_passages_the_choice_changes_nothing_and_need_not_be_made(clean):
    zones = clean.frames["civil_defence.zone"]
    none = clean.over({"civil_defence.zone": zones[zones["kind"] != "互联互通"]})
    values = [
        {key: item.value for key, item in measured(under(none, word)).items()}
        for word in ("counted", "not_counted", None)
    ]
    assert values[0] == values[1] == values[2]
    assert laws.failed(under(none, None)) == set()


def test_counting_what_planning_does_not_count_is_seen_between_the_surveys_alone(clean):
    assert laws.failed(under(clean, "not_counted")) == set()
    assert laws.failed(under(clean, "counted")) == {"CDF-X05"}


@pytest.mark.parametrize("times", [0.5, 3.0])
def test_a_longer_passage_moves_the_sum_only_where_it_counts(clean, times):
    row = clean.where("civil_defence.zone", "kind", "互联互通")
    there = clean.frames["civil_defence.zone"].geometry[row]
    longer = clean.put("civil_defence.zone", row, geometry=shapely.affinity.scale(there, times, times), curve=None)
    for word, share in (("counted", 1), ("not_counted", 0)):
        before, after = (shelter(under(world, word))[TOTAL].value for world in (clean, longer))
        assert after - before == pytest.approx(share * 8.0 * (times**2 - 1), abs=1e-6)


@pytest.mark.parametrize(
    ("word", "outcome"), [("counted", "passed"), ("not_counted", "failed"), (None, "undetermined")]
)
def test_the_same_approval_is_kept_missed_or_open_as_the_choice_says(clean, word, outcome):
    approved = clean.permitted(TOTAL, 2452.0)  # between the units (2448) and the units with the passage (2456)
    (run,) = [r for r in laws.runs(under(approved, word), ["civil_defence"]) if r.rule == "CDF-M01"]
    assert run.outcome == outcome


# ---------------------------------------------------------------- what the report says of it


def context(world):
    return Context(world.report, load_template())


def account(world):
    """The table of areas as printed: label → value; and its note."""
    standard = world.report.standards.surveys["civil_defence"]
    (survey,) = [s for s in world.report.surveys if s.survey == "civil_defence"]
    survey = dataclasses.replace(survey, measured=tuple(shelter(world).values()))
    spec = next(t for t in standard.tables if t.id == "area_account")
    (table,) = matrix(context(world), survey, spec)
    return {row[0]: row[1] for row in table.rows}, table.note


@pytest.mark.parametrize(("word", "total", "said"), [
    ("counted", "2456.00", "互联互通面积是否计入人防建筑面积：计入。"),
    ("not_counted", "2448.00", "互联互通面积是否计入人防建筑面积：不计入，单列。"),
    (None, "—", "没有给出（参数 civil_defence.connecting_area"),
])  # fmt: skip
def test_the_connecting_area_has_its_own_row_and_the_note_says_whether_it_counts(clean, word, total, said):
    rows, note = account(under(clean, word))
    assert (rows["防护单元建筑面积合计"], rows["互联互通面积"], rows["人防建筑面积"]) == ("2448.00", "8.00", total)
    assert said in note


def test_the_note_carries_source_how_sure_it_is_and_the_reason_of_the_project(clean):
    note = account(clean)[1]
    assert "依据：滨江雅苑防空地下室审查批复（虚构）（地方做法）" in note
    assert "理由：批复写明互联互通面积单列，不计入人防建筑面积" in note


def test_a_note_without_choices_is_the_standards_own_and_an_unknown_choice_stops(clean):
    spec = next(t for t in STANDARDS.surveys["civil_defence"].tables if t.id == "unit_area")
    assert table_note(context(clean), spec) == spec.note
    with pytest.raises(StandardError, match=r"unit_area：choices：.*civil_defence.overlap_m2"):
        table_note(context(clean), spec.model_copy(update={"choices": ("civil_defence.overlap_m2",)}))
