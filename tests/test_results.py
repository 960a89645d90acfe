"""What a run left behind, read back; what is not whole is refused by file and reason."""

from __future__ import annotations

import json

import pytest

from pipeline.errors import InputError
from pipeline.report.data import write_findings, write_summary
from pipeline.results import read_result
from tests.factories_report import report_of


@pytest.fixture
def written(tmp_path):
    result = report_of("planning", "cadastral")
    write_findings(result, tmp_path / "findings.jsonl")
    write_summary(result, tmp_path / "summary.json")
    return result, tmp_path


def test_what_was_written_is_read_back(written):
    result, folder = written
    read = read_result(folder)
    assert read.findings == result.findings
    assert len(read.findings) > 0
    assert read.complete
    assert read.summary["verdict"] == result.verdict


def test_the_fingerprints_in_the_file_are_those_of_the_findings(written):
    _, folder = written
    lines = [json.loads(line) for line in (folder / "findings.jsonl").read_text("utf-8").splitlines()]
    assert [line["fingerprint"] for line in lines[1:-1]] == list(read_result(folder).fingerprints)


def test_fingerprints_are_the_run_s_own_and_computed_where_it_wrote_none(written):
    path = written[1] / "findings.jsonl"
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    lines[1]["fingerprint"] = "own"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert read_result(written[1]).fingerprints[0] == "own"
    del lines[1]["fingerprint"]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert len(set(read_result(written[1]).fingerprints)) == len(lines) - 2


def test_what_a_finding_is_known_by_besides_is_no_part_of_its_line(written):
    line = json.loads((written[1] / "findings.jsonl").read_text("utf-8").splitlines()[1])
    assert "known_by" not in line
    assert list(line)[:5] == ["rule", "severity", "survey", "file", "layer"]
    assert list(line)[-2:] == ["waiver", "fingerprint"]


def test_a_run_broken_off_is_refused_or_read_as_far_as_it_came(written):
    result, folder = written
    path = folder / "findings.jsonl"
    text = path.read_text("utf-8")
    path.write_text(text[: text.rindex("{") - 20], "utf-8")
    with pytest.raises(InputError, match=r"findings\.jsonl"):
        read_result(folder)
    partly = read_result(folder, partial=True)
    assert not partly.complete
    assert partly.findings == result.findings[:-1]


@pytest.mark.parametrize("file", ["findings.jsonl", "summary.json"])
def test_a_missing_file_is_named(written, file):
    (written[1] / file).unlink()
    with pytest.raises(InputError, match=rf"找不到 .*{file}"):
        read_result(written[1])


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(InputError, match="找不到成果文件夹"):
        read_result(tmp_path / "no")


@pytest.mark.parametrize("length", [0, 1, 100, -2])
def test_a_summary_cut_short_is_refused(written, length):
    path = written[1] / "summary.json"
    path.write_text(path.read_text("utf-8")[:length], "utf-8")
    with pytest.raises(InputError, match=r"summary\.json"):
        read_result(written[1])


def test_bytes_that_are_no_text_are_refused(written):
    (written[1] / "summary.json").write_bytes(b"{\xff\xfe")
    with pytest.raises(InputError, match="不是 UTF-8"):
        read_result(written[1])


@pytest.mark.parametrize("key", ["verdict", "counts", "rules", "indicators", "inputs", "edition", "profile"])
def test_a_summary_without_one_of_its_keys_is_refused_by_name(written, key):
    path = written[1] / "summary.json"
    data = json.loads(path.read_text("utf-8"))
    del data[key]
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(InputError, match=key):
        read_result(written[1])


def test_a_removed_line_is_noticed_by_the_footer(written):
    path = written[1] / "findings.jsonl"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]), "utf-8")
    with pytest.raises(InputError, match="末行写明"):
        read_result(written[1])


@pytest.mark.parametrize(("key", "value"), [("rule", None), ("severity", "fatal"), ("message", 7)])
def test_a_line_with_an_impossible_value_is_refused_by_its_number(written, key, value):
    path = written[1] / "findings.jsonl"
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    lines[1][key] = value
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    with pytest.raises(InputError, match=f"第 2 行：{key}"):
        read_result(written[1])


def test_a_line_without_a_field_is_refused(written):
    path = written[1] / "findings.jsonl"
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    del lines[1]["waiver"]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    with pytest.raises(InputError, match="第 2 行缺少“waiver”"):
        read_result(written[1])


def test_files_of_two_runs_are_not_taken_for_one(written):
    path = written[1] / "summary.json"
    data = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**data, "edition": "another 2027-01"}), "utf-8")
    with pytest.raises(InputError, match="不是同一次运行"):
        read_result(written[1])


def test_a_file_without_header_is_refused(written):
    (written[1] / "findings.jsonl").write_text('{"type": "footer", "findings": 0}\n', "utf-8")
    with pytest.raises(InputError, match="header"):
        read_result(written[1])
