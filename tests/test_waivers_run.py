"""A record beside the faulty sample, through the whole run: it survives a second run and a small edit."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import ezdxf
import pytest
import yaml

from pipeline.fingerprint import fingerprints
from pipeline.merge import counts
from pipeline.project import run_project
from pipeline.report.data import summary, write_findings
from pipeline.report.write import write_data
from pipeline.results import read_result

SAMPLE = Path(__file__).parent.parent / "samples" / "binjiang_faults"
PLANNING = "planning/规划核实.dxf"
MOVED_M = 0.01


@pytest.fixture(scope="module")
def faulty():
    return run_project(SAMPLE)


@pytest.fixture(scope="module")
def answered(faulty, tmp_path_factory):
    """A copy in which every finding that may be waived is, by its mark alone."""
    folder = tmp_path_factory.mktemp("waivers") / "project"
    shutil.copytree(SAMPLE, folder)
    marked = zip(faulty.findings, fingerprints(faulty.findings), strict=True)
    record = [
        {
            "rule": f.rule,
            "fingerprint": mark,
            "reason": "试验",
            "who": "王五",
            "date": "2026-09-01",
            "until": "2026-12-31",
        }
        for f, mark in marked
        if faulty.standards.rule(f.rule).waivable
    ]
    (folder / "waivers.yaml").write_text(yaml.safe_dump({"waivers": record}, allow_unicode=True), "utf-8")
    return folder, len(record)


@pytest.fixture(scope="module")
def waived(answered):
    return run_project(answered[0])


def test_every_waiver_finds_its_finding_again_in_a_second_run(faulty, answered, waived):
    assert sum(f.waiver is not None for f in waived.findings) == answered[1] > 100
    assert [f.rule for f in waived.findings] == [f.rule for f in faulty.findings]
    assert {f.rule for f in waived.findings if f.waiver is None} == {
        f.rule for f in faulty.findings if not faulty.standards.rule(f.rule).waivable
    }


def test_counts_verdict_and_score_see_only_what_is_not_waived_and_rules_still_say_failed(faulty, waived):
    left = [f for f in waived.findings if f.waiver is None]
    assert waived.counts == counts(left)
    assert waived.counts["error"] == sum(f.severity == "error" for f in left) < faulty.counts["error"]
    failed = {r["id"] for r in summary(faulty)["rules"] if r["outcome"] == "failed"}
    assert {r["id"] for r in summary(waived)["rules"] if r["outcome"] == "failed"} == failed


def test_the_record_is_an_input_by_its_hash_and_findings_carry_their_answer(waived, tmp_path):
    assert [i["path"] for i in summary(waived)["inputs"]].count("waivers.yaml") == 1
    write_findings(waived, tmp_path / "findings.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "findings.jsonl").read_text("utf-8").splitlines()[1:-1]]
    answers = [(line["fingerprint"], line["waiver"]) for line in lines if line["waiver"]]
    assert all(mark == answer["fingerprint"] and answer["who"] == "王五" for mark, answer in answers)
    assert len(answers) > 100


def test_waivers_written_to_a_folder_are_read_back(waived, tmp_path):
    write_data(waived, tmp_path)
    assert read_result(tmp_path).findings == waived.findings


def test_a_corner_moved_by_a_centimetre_keeps_its_waiver(answered, waived, tmp_path):
    folder = Path(shutil.copytree(answered[0], tmp_path / "project"))
    (corner,) = (f for f in waived.findings if f.rule == "PLA-M17")
    document = ezdxf.readfile(folder / PLANNING)
    document.entitydb[corner.feature.rpartition("/")[2]].translate(MOVED_M, 0, 0)
    document.saveas(folder / PLANNING)
    (again,) = (f for f in run_project(folder).findings if f.rule == "PLA-M17")
    assert abs(again.measured - corner.measured) > MOVED_M / 100
    assert again.waiver == corner.waiver is not None


def test_after_their_last_day_they_all_have_ended_and_every_finding_counts_again(faulty, answered):
    later = run_project(answered[0], as_of=dt.date(2027, 1, 1))
    assert later.counts["error"] == faulty.counts["error"]
    assert sum(f.rule == "PRJ-W02" for f in later.findings) == answered[1]
    assert not [f for f in later.findings if f.waiver]


def test_under_an_older_edition_the_record_is_judged_by_today_s_rules(answered, tmp_path):
    folder = Path(shutil.copytree(answered[0], tmp_path / "project"))
    record = {"waivers": [{"rule": "PLA-M17", "feature": "nothing", "reason": "x", "who": "y", "date": "2026-09-01"}]}
    (folder / "waivers.yaml").write_text(yaml.safe_dump(record), "utf-8")
    old = run_project(folder, edition="2026-11")
    assert [f.rule for f in old.findings if f.rule.startswith("PRJ-W")] == ["PRJ-W01"]
    assert [r.rule for r in old.runs if r.rule.startswith(("PRJ-W", "PRJ-R"))] == ["PRJ-W01"]
