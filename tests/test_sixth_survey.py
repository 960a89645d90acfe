"""A survey is a folder of data: a sixth one is read, checked, merged and reported without any change of code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.project import run_project
from tests.sixth import add_to, write_standard

SAMPLE = Path(__file__).parent.parent / "samples" / "binjiang"


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sixth")
    parcel = run_project(SAMPLE).surveys[-2].frames["parcel"].geometry.iloc[0]
    inside, outside = parcel.representative_point(), (parcel.bounds[2] + 50, parcel.bounds[3] + 50)
    lines = {
        "W1": (1.2, [(inside.x, inside.y), (inside.x + 1, inside.y)]),
        "W2": (0.3, [(inside.x, inside.y + 1), (inside.x + 1, inside.y + 1)]),
        "W3": (1.0, [outside, (outside[0] + 3, outside[1] + 4)]),
    }
    project = add_to(SAMPLE, folder / "project", lines)
    standards = write_standard(folder / "standards")
    code = cli.main(["run", str(project), "-o", str(folder / "out"), "--standards", str(standards), "--quiet"])
    return code, folder / "out"


def test_the_sixth_survey_is_checked_by_its_own_rule_and_against_another_survey(outcome):
    code, out = outcome
    lines = [json.loads(line) for line in (out / "findings.jsonl").read_text("utf-8").splitlines()]
    found = {(line["rule"], line["business_id"]) for line in lines if line.get("survey") == "pipes"}
    assert code == 1
    assert found == {("PIP-A01", "W2"), ("PIP-X01", "W3")}


def test_the_sixth_survey_is_merged_and_reported(outcome):
    _, out = outcome
    html = (out / "report.html").read_text("utf-8")
    assert "管线竣工测量" in html
    assert "管线一览表" in html
    assert (out / "report.docx").stat().st_size > 0
    assert any(s["survey"] == "pipes" for s in json.loads((out / "summary.json").read_text("utf-8"))["surveys"])
