"""The faulty samples: every planted fault is found where it was planted, with its values, and nothing else is."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.project import run_project
from pipeline.standard import load_standards
from tests.planted.unplantable import UNPLANTABLE

SAMPLES = Path(__file__).parent.parent / "samples"
LARGE = "binjiang_faults"
SMALL = sorted(path.parent.relative_to(SAMPLES).as_posix() for path in SAMPLES.glob("faults/*/expected.json"))
EXPECTED = {name: json.loads((SAMPLES / name / "expected.json").read_text("utf-8")) for name in (LARGE, *SMALL)}
RULES = {rule.id: rule for standard in load_standards("chongqing").surveys.values() for rule in standard.rules}
KEYS = ("rule", "severity", "feature", "other_feature", "business_id")
NUMBER_M = 1e-3  # lengths, areas and percentages of the witness and of the pipeline agree to this


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    out = tmp_path_factory.mktemp("faults")
    assert cli.main(["run", str(SAMPLES / LARGE), "-o", str(out), "--quiet"]) == 1
    return out


@pytest.fixture(scope="module")
def large(out):
    """Findings and rule outcomes as the files of a run give them."""
    lines = [json.loads(line) for line in (out / "findings.jsonl").read_text("utf-8").splitlines()]
    rules = json.loads((out / "summary.json").read_text("utf-8"))["rules"]
    return [line for line in lines if "rule" in line], {rule["id"]: rule["outcome"] for rule in rules}


@pytest.fixture(scope="module")
def small():
    """The same of the small projects, each run once."""
    runs = {}

    def run(name):
        if name not in runs:
            report = run_project(SAMPLES / name)
            found = [{key: getattr(f, key) for key in (*KEYS, "measured", "required", "file")} for f in report.findings]
            runs[name] = found, {rule.rule: rule.outcome for rule in report.runs}
        return runs[name]

    return run


@pytest.fixture(params=[LARGE, *SMALL])
def sample(request):
    name = request.param
    if name == "faults/memory_mb" and sys.platform != "linux":
        pytest.skip("memory is limited on Linux only")
    return EXPECTED[name], *(
        request.getfixturevalue("large") if name == LARGE else request.getfixturevalue("small")(name)
    )


def what(finding):
    return tuple(finding[key] for key in KEYS)


def same(one, two):
    if isinstance(one, int | float) and isinstance(two, int | float):
        return one == pytest.approx(two, abs=NUMBER_M)
    return one == two


def test_exactly_the_planted_faults_are_found(sample):
    expected, found, _ = sample
    assert Counter(map(what, found)) == Counter(map(what, expected["findings"]))


def test_measured_and_required_values_and_files_are_those_planted(sample):
    expected, found, _ = sample
    left = list(found)
    for item in expected["findings"]:
        values = [name for name in ("measured", "required", "file") if name in item]
        alike = [f for f in left if what(f) == what(item)]
        match = next((f for f in alike if all(same(f[name], item[name]) for name in values)), None)
        assert match is not None, (item, [[f[name] for name in values] for f in alike])
        left.remove(match)


def test_the_faults_leave_open_what_they_say_and_no_more(sample):
    expected, _, outcomes = sample
    assert [rule for rule, outcome in outcomes.items() if outcome == "crashed"] == []
    opened = [rule for rule, outcome in outcomes.items() if outcome == "undetermined"]
    stated = expected.get("undetermined", [])
    assert [rule for rule in opened if not rule.startswith(tuple(stated))] == []
    assert [prefix for prefix in stated if not any(rule.startswith(prefix) for rule in opened)] == []


def test_every_finding_says_where(large):
    assert [f for f in large[0] if not (f["place"] or f["file"])] == []


def test_every_finding_is_a_whole_sentence_of_known_words(large):
    odd = ("None", "nan", "—")
    assert [f["message"] for f in large[0] if any(word in f["message"] for word in odd)] == []


@pytest.mark.parametrize("name", EXPECTED)
def test_every_fault_is_told_and_sets_something_off(name):
    expected = EXPECTED[name]
    told = [fault["id"] for fault in expected["faults"]]
    assert len(set(told)) == len(told)
    assert {item["fault"] for item in expected["findings"]} == set(told)
    assert all(fault["note"] for fault in expected["faults"])


def test_for_every_rule_a_fault_is_planted_or_there_is_a_reason_why_not():
    held = {item["rule"] for expected in EXPECTED.values() for item in expected["findings"]}
    assert set(RULES) - held - set(UNPLANTABLE) == set(), "plant a fault in samples/generator (samples/README.md)"
    assert (held | set(UNPLANTABLE)) - set(RULES) == set(), "no such rules"
    assert held & set(UNPLANTABLE) == set(), "planted, so no longer to be excused"


@pytest.mark.parametrize("rule", UNPLANTABLE)
def test_the_tests_named_for_a_rule_that_cannot_be_planted_expect_its_kind_of_note(rule):
    name, reason = UNPLANTABLE[rule]
    assert reason
    assert RULES[rule].params["kind"] in (Path(__file__).parent / name).read_text("utf-8")
