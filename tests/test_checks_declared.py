"""What inputs say of their project, words that bind other words, figures of the profile that rules rely on."""

from __future__ import annotations

import pytest
from factories_checks import frame, rows

from pipeline.binding import Figures, MissingFigure, bind
from pipeline.checks import congruence, declared, distances, permit, sums, topology
from pipeline.checks import explained as verbs
from pipeline.errors import StandardError
from pipeline.standard import load_standards
from pipeline.tolerance import AreaFormula, Choice

SQUARE = "POLYGON((0 0,10 0,10 10,0 10,0 0))"
STANDARDS = load_standards()
COMMON = {"label": "规则", "unit": "", "source": "某处", "certainty": "proposal"}


def test_width_and_blanks_make_no_difference_to_a_project_code():
    data = frame(*[SQUARE] * 3, code=["ＣＱ－01", "CQ - 01", "CQ-02"])
    assert rows(declared.equals_text(data, field="code", text="CQ-01")) == [30]


def test_a_code_begins_with_the_county():
    data = frame(*[SQUARE] * 3, code=["500105002", "５００１０５002", "500103002"])
    assert rows(declared.begins_with(data, field="code", text="500105")) == [30]


def test_part_of_a_code_stands_in_its_own_column():
    data = frame(SQUARE, SQUARE, code=["500105002006GB00117"] * 2, feature=["GB", "JC"])
    (hit,) = declared.word_part_equals(data, field="feature", of="code", start=13, end=14).hits
    assert (hit.row, hit.required) == (20, "GB")


def test_a_word_in_one_column_demands_a_word_in_another():
    data = frame(*[SQUARE] * 3, name=["人防一", "人防二", "楼梯"], level=["不分摊", "整幢", "整幢"])
    result = declared.word_demands(data, field="name", words=["人防"], then="level", one_of=["不分摊"])
    assert (result.examined, rows(result), result.hits[0].slots["word"]) == (2, [20], "人防")


def test_a_rule_may_ask_what_the_project_file_states_and_is_told_what_is_missing():
    figures = Figures(STANDARDS.surveys["cadastral"], STANDARDS.profile, project={"county_code": "500105"})
    arguments = bind(declared.begins_with, {"field": "x", "text": {"project": "county_code"}}, figures, strict=True)
    assert arguments["text"] == "500105"
    with pytest.raises(MissingFigure, match=r"permit\.number"):
        bind(declared.equals_text, {"field": "x", "text": {"project": "permit_number"}}, figures, strict=True)


SINCE = {"later": "2026-01-01", "new": "2023-03-01"}


@pytest.mark.parametrize(
    ("date", "due"),
    [
        ("2022-11-18", "old"),
        ("2023-02-28", "old"),
        ("2023-03-01", "new"),
        ("2025-12-31", "new"),
        ("2026-01-01", "later"),
    ],
)
def test_the_rule_set_of_the_permits_day_is_wanted_and_any_other_is_found(date, due):
    for option in ("old", "new", "later"):
        chosen = Choice(**COMMON, kind="choice", choice=option, options=("old", "new", "later"))
        result = declared.choice_fits_date(frame(SQUARE), date=date, chosen=chosen, since=SINCE, before="old")
        assert [(hit.measured, hit.required) for hit in result.hits] == ([] if option == due else [(option, due)])
        assert result.examined == 1


def test_a_rule_set_that_the_project_chose_with_a_reason_is_not_questioned():
    given = {"key": "planning.height_rule", "choice": "gbt50353_2013", "reason": "许可附图按原规则计算"}
    chosen = load_standards(overrides=[given]).profile.numbers["planning.height_rule"]
    result = declared.choice_fits_date(frame(SQUARE), date="2024-05-18", chosen=chosen, since=SINCE, before="old")
    assert (result.examined, result.hits) == (1, ())


def test_a_fault_class_for_a_rule_that_does_not_exist_stops_the_load():
    classes = {"error": "B", "warning": "C", "info": "none", "CAD-Z99": "A"}
    with pytest.raises(StandardError, match="CAD-Z99"):
        load_standards(overrides=[{"key": "score.fault_class", "values": classes, "reason": "试验"}])


def test_what_is_listed_as_explained_is_not_examined_for_being_inside():
    data = frame(SQUARE, SQUARE, why=["已查明", None])
    other = frame("POLYGON((0 0,5 0,5 10,0 10,0 0))")
    assert rows(topology.inside(data, other=other, tolerance_m2=0.01, unless="why")) == [20]


def test_a_whole_without_parts_may_stay_undivided():
    data = frame(SQUARE, SQUARE, no=["A", "B"])
    other = frame("POLYGON((0 0,5 0,5 10,0 10,0 0))", no=["A"])
    result = topology.covered_by_parts(data, other=other, key="no", tolerance_m2=0.01, undivided=True)
    assert (result.examined, rows(result)) == (1, [10])


@pytest.mark.parametrize(("own", "agrees"), [((0, 0, 30, 10), True), ((0, 0, 20, 10), True), ((0, 0, 25, 10), False)])
def test_land_taken_for_the_public_explains_a_difference_and_nothing_else_does(own, agrees):
    west, south, east, north = own
    mine = frame(f"POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))")
    theirs = frame(
        "POLYGON((0 0,30 0,30 10,0 10,0 0))",
        "POLYGON((20 0,30 0,30 10,20 10,20 0))",
        feature=["planning.red_line/1", "planning.levied_land/2"],
    )
    result = congruence.footprint_agrees(mine, other=theirs, area_limit=0.1, corner_limit_m=0.1, less="levied_land")
    assert bool(result.hits) is not agrees


def test_a_formula_is_taken_at_the_size_of_the_thing_and_not_at_the_difference():
    limit = AreaFormula(label="限差", unit="m²", source="某处", certainty="established", kind="area", a=0.04, b=0.002)
    data = frame(SQUARE, SQUARE, gap=[0.6, 0.61], size=[100.0, 100.0])
    assert rows(distances.difference_within(data, field="gap", limit=limit, size="size")) == [20]


def test_only_parts_with_the_word_in_their_name_count():
    whole, part = (
        frame(SQUARE, no=["A"], wall=[7.0]),
        frame(SQUARE, SQUARE, no=["A", "A"], size=[7.0, 30.0], name=["外墙（半墙）", "楼梯"]),
    )
    result = sums.parts_sum_to(
        whole, other=part, key="no", part="size", whole="wall", tolerance=0.005, containing={"name": ["半墙"]}
    )
    assert (result.examined, result.hits) == (1, ())


def test_a_stated_total_is_the_measured_one():
    data = frame(SQUARE, SQUARE, said=[35.0, None])
    assert permit.states_measure(data, field="said", measured={None: 35.004}, tolerance=0.01).hits == ()
    assert rows(permit.states_measure(data, field="said", measured={None: 36.0}, tolerance=0.01)) == [10]


def explained_by(own, theirs, names=("1", "2")):
    zones = frame(SQUARE, SQUARE, key=list(names), counted=theirs, mine=theirs, note=[None, None])
    return verbs.explained_total(
        frame(SQUARE, SQUARE, key=["1", "2"], area=own),
        other=zones,
        key="key",
        field="area",
        part="counted",
        counterpart="mine",
        note="note",
        unexplained_limit=1.5,
    )


def test_small_rests_of_one_sign_add_up_to_a_finding_and_opposite_ones_do_not():
    assert len(explained_by([99.0, 99.0], [100.0, 100.0]).hits) == 1
    assert explained_by([99.0, 101.0], [100.0, 100.0]).hits == ()


def test_a_building_whose_own_rest_is_too_large_is_not_told_again():
    assert explained_by([90.0, 99.0], [100.0, 100.0]).hits == ()
    assert explained_by([99.0, 99.0], [100.0, 100.0], names=("1", "3")).examined == 0
