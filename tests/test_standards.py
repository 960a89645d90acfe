"""The standards as documents: complete, bound to what exists, every rule with its cases, every number with its source."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import pipeline
from pipeline.binding import PROJECT_FACTS, references
from pipeline.checks import CHECKS
from pipeline.checks.message import slots_of
from pipeline.rulebook import with_examination
from pipeline.standard import SCHEMAS, Standard, load_profile, load_standards
from pipeline.tolerance import Absolute, Bins, Choice, PerKey

STANDARDS = load_standards(scope="district")
INSPECT_ONLY = {"block_content"}  # told by `duoce inspect`, never noted in a run
PROFILES = sorted(path.stem for path in (SCHEMAS / "profiles").glob("*.yaml"))
RULES = [pytest.param(standard, rule, id=rule.id) for standard in STANDARDS.surveys.values() for rule in standard.rules]
ELEMENTS = {"成果完整性", "空间数据完整性", "空间数据正确性", "空间图形", "属性表", "业务逻辑"}  # domain: inspection
FAMILIES = "AGTSMXIWR"  # W: waivers, R: what a reviewer found
PREFIXES = {
    "project": "PRJ",
    "planning": "PLA",
    "green": "GRN",
    "civil_defence": "CDF",
    "cadastral": "CAD",
    "property": "PRP",
    "district": "DIS",
}
GENERAL = {
    "id",
    "other",
    "measured",
    "required",
    "tolerance",
    "unit",
    "field",
    "field_label",
    "file",
    "handle",
    "layer",
}


# ---------------------------------------------------------------- a rule, read by a person


@pytest.mark.parametrize(("standard", "rule"), RULES)
def test_a_rule_says_what_must_hold_why_on_what_basis_and_how_to_mend_it(standard, rule):
    empty = [
        f for f in ("title", "reason", "hint", "clause", "message", "element", "since") if not getattr(rule, f).strip()
    ]
    assert empty == []
    assert rule.element in ELEMENTS
    assert rule.certainty != "unknown", "what nobody knows is no rule"


@pytest.mark.parametrize(("standard", "rule"), RULES)
def test_a_rule_id_tells_survey_and_family(standard, rule):
    prefix, family = rule.id.split("-")
    assert prefix == PREFIXES[standard.survey]
    assert family[0] in FAMILIES


@pytest.mark.parametrize("standard", STANDARDS.surveys.values(), ids=lambda s: s.survey)
def test_ids_of_a_family_are_numbered_without_a_gap(standard):
    for family in {rule.id[:5] for rule in standard.rules}:
        numbers = [int(rule.id[5:]) for rule in standard.rules if rule.id.startswith(family)]
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), family


@pytest.mark.parametrize(("standard", "rule"), RULES)
def test_a_rule_across_surveys_stands_with_the_later_survey(standard, rule):
    others = [name.split(".")[0] for name in (rule.against or "", *rule.also) if "." in name]
    assert all(STANDARDS.surveys[other].order < standard.order for other in others)
    assert bool(others) <= (rule.id.split("-")[1][0] == "X")


# ---------------------------------------------------------------- a rule, bound to what exists


@pytest.mark.parametrize(("standard", "rule"), RULES)
def test_a_rule_is_bound_to_a_known_check_with_its_parameters(standard, rule):
    signature = inspect.signature(CHECKS[rule.check])
    wanted = {p.name for p in signature.parameters.values() if p.kind is p.KEYWORD_ONLY}
    needed = {p.name for p in signature.parameters.values() if p.kind is p.KEYWORD_ONLY and p.default is p.empty}
    given = {*rule.params, *(["other"] if rule.against else [])}
    assert needed <= given <= wanted


@pytest.mark.parametrize(("standard", "rule"), RULES)
def test_a_rule_speaks_of_layers_fields_and_measures_that_exist(standard, rule):
    assert rule.layer is None or rule.layer in standard.layers
    assert rule.measure is None or rule.measure in standard.measures
    assert set(rule.where) <= _columns(standard, rule.layer)
    for name in filter(None, (rule.against, *rule.also)):
        survey, layer = name.split(".") if "." in name else (standard.survey, name)
        assert set(rule.against_where) <= _columns(STANDARDS.surveys[survey], layer)


@pytest.mark.parametrize(("standard", "rule"), RULES)
def test_a_rule_refers_to_numbers_and_figures_that_exist(standard, rule):
    for kind, key in references(rule.params):
        survey, _, name = key.rpartition(".")
        known = {
            "profile": lambda key=key: key in STANDARDS.profile.numbers,
            "permit": lambda key=key: key in standard.permit,
            "project": lambda key=key: key in PROJECT_FACTS,
            "measure": lambda survey=survey, name=name: name in STANDARDS.surveys[survey or standard.survey].measures,
        }
        assert known[kind](), f"{kind}: {key}"


@pytest.mark.parametrize(("standard", "rule"), RULES)
def test_every_slot_of_a_message_is_a_field_or_a_fact_of_the_check(standard, rule):
    facts = set(re.findall(r'"(\w+)"', Path(inspect.getsourcefile(CHECKS[rule.check])).read_text("utf-8")))
    known = GENERAL | _columns(standard, rule.layer) | facts
    if rule.measure:
        known |= {"building", "label", "permitted", "difference", "limit", "allowance", "reason", "formula"}
    if rule.check == "noted":
        known |= _slots_of_notes()
    assert slots_of(rule.message) <= known


@pytest.mark.parametrize("standard", STANDARDS.surveys.values(), ids=lambda s: s.survey)
def test_a_check_of_codes_uses_the_list_that_the_field_declares(standard):
    for rule in (r for r in standard.rules if r.check == "in_codes"):
        assert standard.layers[rule.layer].fields[rule.params["field"]].codes == rule.params["codes"], rule.id


@pytest.mark.parametrize("standard", STANDARDS.surveys.values(), ids=lambda s: s.survey)
def test_every_code_list_that_a_field_declares_exists_and_is_checked(standard):
    declared = {
        (layer, name, spec.codes)
        for layer, content in standard.layers.items()
        for name, spec in content.fields.items()
        if spec.codes
    }
    checked = {(r.layer, r.params["field"], r.params["codes"]) for r in standard.rules if r.check == "in_codes"}
    assert {codes for _, _, codes in declared} <= set(standard.codes)
    assert declared - checked == set()


@pytest.mark.parametrize("standard", STANDARDS.surveys.values(), ids=lambda s: s.survey)
def test_every_required_field_and_layer_is_checked(standard):
    wanted = {
        (n, f) for n, layer in standard.layers.items() for f, spec in layer.fields.items() if spec.required is True
    }
    checked = {(r.layer, f) for r in standard.rules if r.check == "required" for f in r.params["fields"]}
    assert wanted - checked == set()
    present = {r.layer for r in standard.rules if r.check == "present"}
    assert {name for name, layer in standard.layers.items() if layer.required} - present == set()


# ---------------------------------------------------------------- cases


@pytest.mark.parametrize(("standard", "rule"), RULES)
def test_a_rule_has_a_case_of_every_outcome(standard, rule):
    cases = yaml.safe_load((SCHEMAS / standard.survey / "cases" / f"{rule.id}.yaml").read_text("utf-8"))
    assert all(cases.get(outcome) for outcome in ("passes", "finds", "not_applicable"))


# ---------------------------------------------------------------- notes of the intake


def test_every_kind_of_note_has_its_rule_and_every_such_rule_a_source():
    bound = {rule.params["kind"] for rule in STANDARDS.surveys["project"].rules if rule.check == "noted"}
    others = (STANDARDS.surveys["district"], with_examination(STANDARDS).surveys["delivery"])
    bound |= {rule.params["kind"] for standard in others for rule in standard.rules if rule.check == "noted"}
    emitted = {word for call in _calls({"Note", "Remark", "_note", "_failed"}) for word in _words(call)}
    spoken = {word for tree in _trees() for node in ast.walk(tree) for word in _constants(node)}
    assert bound <= spoken, "a rule on something nobody notices would always pass"
    assert {word for word in emitted if word in _kinds()} - INSPECT_ONLY <= bound
    assert _kinds() - bound == INSPECT_ONLY


def _kinds() -> set[str]:
    """First arguments of Note(…) and Remark(…), written as words in the source."""
    return {
        call.args[0].value
        for call in _calls({"Note", "Remark"})
        if call.args and isinstance(call.args[0], ast.Constant)
    }


@cache
def _slots_of_notes() -> set[str]:
    return {word for tree in _trees() for node in ast.walk(tree) for word in _constants(node)} | {
        keyword.arg for call in _calls({"_note", "_failed", "Note"}) for keyword in call.keywords if keyword.arg
    }


@cache
def _trees() -> tuple[ast.AST, ...]:
    """The source of everything that may write a note during a run."""
    paths = sorted(Path(pipeline.__file__).parent.rglob("*.py"))
    return tuple(ast.parse(p.read_text("utf-8")) for p in paths if not {"report", "inspection"} & set(p.parts))


def _calls(names: set[str]) -> Iterator[ast.Call]:
    for tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield node


def _words(call: ast.Call) -> list[Any]:
    return [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]


def _constants(node: ast.AST) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


# ---------------------------------------------------------------- profiles


@pytest.mark.parametrize("name", PROFILES)
def test_every_number_of_a_profile_has_label_unit_source_and_certainty(name):
    profile = load_profile(name)
    assert profile.numbers
    for key, number in profile.numbers.items():
        assert number.label.strip(), key
        assert number.source.strip(), key
        assert isinstance(number.unit, str), key


@pytest.mark.parametrize("name", PROFILES)
def test_what_nobody_knows_has_no_value(name):
    for key, number in load_profile(name).numbers.items():
        if number.certainty == "unknown":
            if isinstance(number, PerKey):
                assert set(number.values.values()) == {None}, key
                continue
            given = {Absolute: "value", Bins: "bins", Choice: "choice"}[type(number)]
            assert getattr(number, given) is None, key


def _columns(standard: Standard, layer: str | None) -> set[str]:
    if layer is None:
        return set()
    spec = standard.layers[layer]
    return {*spec.fields, *spec.derived, "feature", "file", "source_layer", "handle"}
