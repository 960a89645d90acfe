"""A fault planted alone in the clean sample is found by its rule at its place, and the rule finds nothing without it.

The faulty samples hold every rule among many other faults (test_faults.py). Here most rules run alone, on the canonical
frames of the clean sample with one thing changed; some rules of the intake are planted in the files of a copy.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.binding import Figures, references
from pipeline.checks.engine import Scene, notes_frame, run_rule
from pipeline.checks.scene import in_order
from pipeline.measures.engine import derive, indicators, measure, values_of
from pipeline.project import run_project
from tests import factories_laws as laws
from tests.planted import cadastral, civil_defence, green, planning
from tests.planted import property as estate
from tests.planted.change import feature_at
from tests.planted.files import FILES, damaged_copy

TESTS = Path(__file__).parent
SAMPLES = TESTS.parent / "samples"
PLANTS = tuple(plant for table in (planning, green, civil_defence, cadastral, estate) for plant in table.PLANTS)
RULES = {rule.id: rule for standard in laws.STANDARDS.surveys.values() for rule in standard.rules}
STANDARD_OF = {rule.id: standard for standard in laws.STANDARDS.surveys.values() for rule in standard.rules}


@pytest.fixture(scope="module")
def clean():
    return laws.world(SAMPLES / "binjiang").each(lambda _, frame: in_order(frame))


def judged(world, clean, rule_id):
    """How one rule ends on a changed world; what did not change is not derived or measured again."""
    standards = world.report.standards
    standard, rule = standards.surveys[STANDARD_OF[rule_id].survey], standards.rule(rule_id)
    facts = world.report.project.facts
    figures = {name: Figures(s, standards.profile, world.permit, {}, facts) for name, s in standards.surveys.items()}
    frames = {name: frame if frame is clean.frames[name] else again(frame, name, figures, standards)
              for name, frame in world.frames.items()}  # fmt: skip
    judgeable = bool(rule.measure) or any(kind == "measure" for kind, _ in references(rule.params))
    found, seen = measured(world, frames, figures) if judgeable else ([], [])
    scene = Scene(
        standards, frames, notes_frame([], examined=0), tuple(seen), values_of(found), world.permit,
        frozenset(result.survey for result in world.report.surveys), project=facts,
    )  # fmt: skip
    return run_rule(rule, standard, scene)


def again(frame, name, figures, standards):
    survey, layer = name.split(".")
    return in_order(derive(frame.copy(), standards.surveys[survey].layers[layer], figures[survey]))


def measured(world, frames, figures):
    found, seen = [], []
    for result in world.report.surveys:
        standard = world.report.standards.surveys[result.survey]
        own = {layer: frames[f"{result.survey}.{layer}"] for layer in standard.layers}
        new = measure(standard, own, figures[result.survey], found)
        seen += indicators(standard, new, figures[result.survey])
        found += new
    return found, seen


def changed(plant, clean):
    world = clean
    for change in plant.changes:
        world = change(world, STANDARD_OF[plant.rule].survey)
    return world


def place(spot, plant, clean):
    return None if spot is None else feature_at(clean, spot, STANDARD_OF[plant.rule].survey)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.rule)
def test_a_planted_fault_is_found_by_its_rule_at_its_place(clean, plant):
    run = judged(changed(plant, clean), clean, plant.rule)
    assert run.outcome == "failed", (run.outcome, run.reason)
    assert sorted(str(f.feature) for f in run.findings) == sorted(str(place(spot, plant, clean)) for spot in plant.at)
    if plant.measured is not None:
        assert [f.measured for f in run.findings] == [told(plant.measured)] * len(run.findings)
    if plant.other is not None:
        assert {f.other_feature for f in run.findings} == {place(plant.other, plant, clean)}
    if RULES[plant.rule].measure:
        assert [f.business_id for f in run.findings] == [plant.building]


def told(value):
    return value if isinstance(value, str) else pytest.approx(value, abs=1e-3)


@pytest.mark.parametrize("rule", sorted({plant.rule for plant in PLANTS}))
def test_the_same_rule_finds_nothing_in_the_clean_sample(clean, rule):
    assert judged(clean, clean, rule).outcome in {"passed", "not_applicable"}


@pytest.fixture(scope="module")
def damaged(tmp_path_factory):
    return run_project(damaged_copy(SAMPLES / "binjiang", tmp_path_factory.mktemp("planted") / "project"))


@pytest.mark.parametrize("rule", FILES)
def test_a_fault_planted_in_a_file_is_found_by_the_rule_of_the_intake_in_that_file(damaged, rule):
    assert {finding.file for finding in damaged.findings if finding.rule == rule} == {FILES[rule][1]}
