"""The main job on the clean sample: five surveys in, one checked report out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline import cli

SAMPLE = Path(__file__).parent.parent / "samples" / "binjiang"
OUTPUTS = {
    "report.docx",
    "report.pdf",
    "report.html",
    "tables.xlsx",
    "result.gpkg",
    "findings.jsonl",
    "summary.json",
    "drawings",
    "CQJB-2026-0117.zip",
}
SURVEYS = ("planning", "green", "civil_defence", "cadastral", "property")


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("binjiang") / "out"
    assert cli.main(["run", str(SAMPLE), "-o", str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture(scope="module")
def summary(out):
    return json.loads((out / "summary.json").read_text("utf-8"))


def test_the_run_writes_exactly_the_promised_outputs(out):
    assert {path.name for path in out.iterdir()} == OUTPUTS
    assert all(path.stat().st_size for path in out.iterdir())


def test_the_clean_sample_passes_without_errors_and_warnings(summary):
    assert summary["verdict"] == "passed"
    assert summary["counts"]["error"] == summary["counts"]["warning"] == 0


@pytest.mark.parametrize("survey", SURVEYS)
def test_every_commissioned_survey_is_really_examined(summary, survey):
    rules = [rule for rule in summary["rules"] if rule["survey"] == survey]
    assert sum(rule["examined"] for rule in rules) > 0
    assert [rule for rule in rules if rule["outcome"] not in ("passed", "not_applicable")] == []
    assert all(rule["examined"] for rule in rules if rule["outcome"] == "passed")


@pytest.mark.parametrize("survey", SURVEYS)
def test_every_input_was_read_whole(summary, survey):
    inputs = [entry for entry in summary["inputs"] if entry["survey"] == survey]
    assert inputs
    assert all(len(entry["sha256"]) == 64 and entry["entities"] > 0 for entry in inputs)


def test_every_indicator_with_a_permit_is_judged_and_passes(summary):
    judged = [item for item in summary["indicators"] if item["permitted"] is not None]
    assert len(judged) >= 20
    assert {item["outcome"] for item in judged} == {"passed"}


def test_findings_begin_with_a_header_and_end_with_a_footer(out):
    lines = [json.loads(line) for line in (out / "findings.jsonl").read_text("utf-8").splitlines()]
    assert lines[0]["type"] == "header"
    assert lines[-1] == {"type": "footer", "findings": len(lines) - 2}


def test_the_same_input_gives_the_same_bytes_and_a_package_of_another_run_is_told_of(out, tmp_path, capsys):
    (tmp_path / "CQJB-2025-0001.zip").write_bytes(b"older")
    assert cli.main(["run", str(SAMPLE), "-o", str(tmp_path), "--quiet"]) == 0
    names = sorted(str(p.relative_to(out)) for p in out.rglob("*") if p.is_file())
    different = [name for name in names if (out / name).read_bytes() != (tmp_path / name).read_bytes()]
    assert different == []
    assert "不是本次写出的成果包：CQJB-2025-0001.zip" in capsys.readouterr().out
