"""Every unit case beside every rule, run through the engine that runs projects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.checks import CHECKS, engine
from pipeline.checks.cases import scene_of
from pipeline.checks.engine import run_rule
from pipeline.model import Finding, RuleRun
from pipeline.standard import SCHEMAS, load_standards

OUTCOMES = {"passes": "passed", "finds": "failed", "not_applicable": "not_applicable", "undetermined": "undetermined"}
STANDARDS = load_standards(scope="district")


def _cases() -> Iterator[Any]:
    for path in sorted(SCHEMAS.glob("*/cases/*.yaml")):
        text = yaml.safe_load(path.read_text("utf-8"))
        for group, outcome in OUTCOMES.items():
            for number, case in enumerate(text.get(group) or []):
                yield pytest.param(path, outcome, case, id=f"{path.stem}-{group}-{number}")


def run_case(path: Path, case: Mapping[str, Any]) -> RuleRun:
    """The rule of the file, run on the scene of one of its cases; layers without a survey's name are its own."""
    standard = next(s for s in STANDARDS.surveys.values() if path.stem in {r.id for r in s.rules})
    layers = {
        name if "." in name else f"{standard.survey}.{name}": rows for name, rows in case.get("layers", {}).items()
    }
    named = {standard.survey, *case.get("commissioned", ()), *(name.split(".")[0] for name in layers)}
    spoken = STANDARDS.model_copy(update={"surveys": {k: s for k, s in STANDARDS.surveys.items() if k in named}})
    return run_rule(STANDARDS.rule(path.stem), standard, scene_of(spoken, {**case, "layers": layers}))


@pytest.fixture
def slots(monkeypatch):
    """(check, slot) of every fact that becomes a finding."""
    given = set()
    finding = engine.finding

    def recorded(rule, *facts):
        given.update((rule.check, slot) for slot in facts[-1].slots)
        return finding(rule, *facts)

    monkeypatch.setattr(engine, "finding", recorded)
    return given


@pytest.mark.parametrize(("path", "outcome", "case"), list(_cases()))
def test_a_case_ends_as_it_says_and_finds_exactly_what_it_says_in_whole_sentences(path, outcome, case, slots):
    run = run_case(path, case)
    assert [pair for pair in sorted(slots) if not _told(*pair)] == [], "a slot that the docstring does not name"
    assert run.outcome == outcome, f"{case['name']}: {run.reason or [f.message for f in run.findings]}"
    assert _unmatched(_expected(path.stem, case), run.findings) == ([], [])
    assert not [f.message for f in run.findings if "{" in f.message or "—" in f.message], "an empty slot in a sentence"


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*/cases/*.yaml")), ids=lambda path: path.stem)
def test_a_case_file_speaks_of_its_own_rule(path):
    text = yaml.safe_load(path.read_text("utf-8"))
    assert text["rule"] == path.stem
    assert set(text) <= {"rule", *OUTCOMES}
    assert path.stem in {r.id for r in STANDARDS.surveys[path.parent.parent.name].rules}


# ---------------------------------------------------------------- inside


def _told(check: str, slot: str) -> bool:
    """Whether the docstring of the check names the slot, behind the word "Slot"."""
    return re.search(rf"\b{slot}\b", CHECKS[check].__doc__.lower().partition("slot")[2]) is not None


def _expected(rule: str, case: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The findings the case wants; a figure (rule on a measure) stands in no layer and has no row."""
    unplaced = STANDARDS.rule(rule).measure is not None
    return [{k: v for k, v in wanted.items() if not (unplaced and k == "row")} for wanted in case.get("expect", [])]


def _unmatched(wanted: list[Mapping[str, Any]], findings: tuple[Finding, ...]) -> tuple[list[Any], list[Any]]:
    """(expectations nothing fulfils, findings nobody expects)."""
    left = [_facts(finding) for finding in findings]
    missing = []
    for expectation in wanted:
        match = next((facts for facts in left if _fulfils(facts, expectation)), None)
        if match is None:
            missing.append(expectation)
        else:
            left.remove(match)
    return missing, left


def _facts(finding: Finding) -> dict[str, Any]:
    """Fields of the finding, `row` and `other` = positions in the layer of the case, `id` = business id."""
    return {
        **{name: getattr(finding, name) for name in Finding.__slots__},
        "row": _position(finding.feature),
        "other": _position(finding.other_feature),
        "id": finding.business_id,
    }


def _position(feature: str | None) -> int | str | None:
    tail = None if feature is None else feature.rsplit("/", 1)[-1]
    return int(tail) if tail is not None and tail.isdigit() else tail


def _fulfils(facts: Mapping[str, Any], expectation: Mapping[str, Any]) -> bool:
    return all(_equal(facts[key], value) for key, value in expectation.items())


def _equal(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, float) and isinstance(found, int | float):
        return found == pytest.approx(wanted, rel=1e-3, abs=5e-4)
    return bool(found == wanted)
