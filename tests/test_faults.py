"""The faulty sample: exactly the planted faults are found, no more and no fewer."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from pipeline import cli

SAMPLE = Path(__file__).parent.parent / "samples" / "binjiang_faults"
EXPECTED = json.loads((SAMPLE / "expected.json").read_text("utf-8"))
CROSS = "X"


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    out = tmp_path_factory.mktemp("faults")
    assert cli.main(["run", str(SAMPLE), "-o", str(out), "--quiet"]) == 1
    lines = [json.loads(line) for line in (out / "findings.jsonl").read_text("utf-8").splitlines()]
    return [line for line in lines[1:-1] if line["severity"] != "info"]


def key(rule, feature, other):
    return rule, feature, other


def test_exactly_the_planted_faults_are_found(found):
    got = Counter(key(f["rule"], f["feature"], f["other_feature"]) for f in found)
    wanted = Counter(key(f["rule"], f["feature"], f["other_feature"]) for f in EXPECTED["findings"])
    assert got == wanted


def test_measured_and_required_values_are_those_expected(found):
    got = {key(f["rule"], f["feature"], f["other_feature"]): f for f in found}
    for item in EXPECTED["findings"]:
        finding = got[key(item["rule"], item["feature"], item["other_feature"])]
        assert finding["measured"] == pytest.approx(item["measured"], abs=1e-3) if isinstance(
            item["measured"], float) else finding["measured"] == item["measured"], item
        assert finding["required"] == pytest.approx(item["required"], abs=1e-3) if isinstance(
            item["required"], float) else finding["required"] == item["required"], item


def test_every_fault_has_a_place_or_says_which_file(found):
    assert all(f["place"] or f["file"] or f["layer"] for f in found)


def test_each_survey_has_five_faults_and_eight_stand_across_surveys():
    per_survey = Counter(f["rule"].split("-")[0] for f in EXPECTED["findings"] if f["rule"].split("-")[1][0] != CROSS)
    across = [f for f in EXPECTED["findings"] if f["rule"].split("-")[1][0] == CROSS]
    assert len(EXPECTED["findings"]) >= 30
    assert len(across) >= 8
    assert all(per_survey[prefix] >= 5 for prefix in ("PLA", "GRN", "CDF", "CAD", "PRP"))
