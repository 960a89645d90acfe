"""The faulty sample: exactly the planted faults are found, no more and no fewer."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from pipeline import cli

SAMPLE = Path(__file__).parent.parent / "samples" / "binjiang_faults"
EXPECTED = json.loads((SAMPLE / "expected.json").read_text("utf-8"))
NUMBER_M = 1e-3  # lengths, areas and percentages of the witness and of the pipeline agree to this


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    out = tmp_path_factory.mktemp("faults")
    assert cli.main(["run", str(SAMPLE), "-o", str(out), "--quiet"]) == 1
    return out


@pytest.fixture(scope="module")
def found(out):
    lines = [json.loads(line) for line in (out / "findings.jsonl").read_text("utf-8").splitlines()]
    return [line for line in lines if "rule" in line]


def what(finding):
    return tuple(finding[name] for name in ("rule", "severity", "feature", "other_feature", "business_id"))


def same(one, two):
    if isinstance(one, int | float) and isinstance(two, int | float):
        return one == pytest.approx(two, abs=NUMBER_M)
    return one == two


def test_exactly_the_planted_faults_are_found(found):
    assert Counter(map(what, found)) == Counter(map(what, EXPECTED["findings"]))


def test_measured_and_required_values_are_those_planted(found):
    left = list(found)
    for item in EXPECTED["findings"]:
        match = next(
            (f for f in left if what(f) == what(item) and all(same(f[n], item[n]) for n in ("measured", "required"))),
            None,
        )
        assert match is not None, (item, [(f["measured"], f["required"]) for f in found if what(f) == what(item)])
        left.remove(match)


def test_every_finding_says_where(found):
    assert [f for f in found if not (f["place"] or f["file"])] == []


def test_every_finding_is_a_whole_sentence_of_known_words(found):
    assert [f["message"] for f in found if "None" in f["message"] or "nan" in f["message"] or "—" in f["message"]] == []


def test_no_rule_is_left_open_by_the_faults(out):
    rules = json.loads((out / "summary.json").read_text("utf-8"))["rules"]
    assert [rule for rule in rules if rule["outcome"] in ("undetermined", "crashed")] == []


def test_every_fault_is_told_and_sets_something_off():
    told = [fault["id"] for fault in EXPECTED["faults"]]
    assert len(set(told)) == len(told)
    assert {item["fault"] for item in EXPECTED["findings"]} == set(told)
    assert all(fault["note"] for fault in EXPECTED["faults"])


def test_each_survey_has_five_faults_and_eight_stand_across_surveys():
    first = {item["fault"]: item["rule"] for item in reversed(EXPECTED["findings"])}
    across = [rule for rule in first.values() if rule.split("-")[1].startswith("X")]
    within = Counter(rule.split("-")[0] for rule in first.values() if rule not in across)
    assert len(first) >= 30
    assert len(across) >= 8
    assert all(within[survey] >= 5 for survey in ("PLA", "GRN", "CDF", "CAD", "PRP"))
