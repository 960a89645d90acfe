"""Bad input gets a clear Chinese message with file and place; never a traceback, never an empty success."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from pipeline import cli

SAMPLE = Path(__file__).parent.parent / "samples" / "binjiang"


@pytest.fixture
def project(tmp_path):
    return Path(shutil.copytree(SAMPLE, tmp_path / "project"))


def edit(project, change):
    path = project / "project.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")


def run(project, tmp_path, capsys):
    code = cli.main(["run", str(project), "-o", str(tmp_path / "out"), "--quiet"])
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err + printed.out
    return code, printed.err


def findings(tmp_path):
    lines = (tmp_path / "out" / "findings.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines[1:-1]]


def outcomes(tmp_path, survey):
    rules = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["rules"]
    return {rule["outcome"] for rule in rules if rule["survey"] == survey}


def test_a_folder_without_project_file_cannot_run(tmp_path, capsys):
    code, err = run(tmp_path, tmp_path, capsys)
    assert code == 2
    assert "project.yaml" in err


def test_a_wrong_key_is_named(project, tmp_path, capsys):
    edit(project, lambda data: data.update(surveyz={}))
    code, err = run(project, tmp_path, capsys)
    assert code == 2
    assert "surveyz" in err
    assert "没有这个键" in err


def test_an_unknown_crs_is_named(project, tmp_path, capsys):
    edit(project, lambda data: data["crs"].update(definition="EPSG:99999999"))
    code, err = run(project, tmp_path, capsys)
    assert code == 2
    assert "EPSG:99999999" in err


def test_an_unknown_survey_is_named(project, tmp_path, capsys):
    edit(project, lambda data: data["surveys"].update(fire={"files": ["x.dxf"]}))
    code, err = run(project, tmp_path, capsys)
    assert code == 2
    assert "fire" in err


def test_aliases_of_aliases_are_refused_at_once(project, tmp_path, capsys):
    path = project / "project.yaml"
    bomb = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]
    path.write_text("\n".join([*bomb, path.read_text("utf-8")]), "utf-8")
    code, said = run(project, tmp_path, capsys)
    assert (code, "别名" in said) == (2, True)


def test_a_key_given_twice_is_refused_with_both_lines_and_loses_no_survey(project, tmp_path, capsys):
    path = project / "project.yaml"
    text = path.read_text("utf-8")
    path.write_text(text + "\nheight_datum: 1956黄海高程系\n", "utf-8")
    code, said = run(project, tmp_path, capsys)
    assert code == 2
    first = text.splitlines().index(next(x for x in text.splitlines() if x.startswith("height_datum"))) + 1
    assert f"第 {first} 行和第 {len(text.splitlines()) + 2} 行重复给出“height_datum”" in said


def test_yaml_that_is_not_yaml_gives_the_line(project, tmp_path, capsys):
    (project / "project.yaml").write_text("project: [1,\nfirm: {", "utf-8")
    code, err = run(project, tmp_path, capsys)
    assert code == 2
    assert "行" in err


def test_a_missing_file_is_a_finding_and_the_rest_runs(project, tmp_path, capsys):
    name = yaml.safe_load((project / "project.yaml").read_text("utf-8"))["surveys"]["green"]["files"][0]
    (project / name).unlink()
    code, _ = run(project, tmp_path, capsys)
    assert code == 1
    assert any(f["file"] == name and "不存在" in f["message"] for f in findings(tmp_path))
    assert outcomes(tmp_path, "green") <= {"undetermined", "not_applicable"}
    assert "passed" in outcomes(tmp_path, "cadastral")


def test_an_unreadable_drawing_is_a_finding_and_the_rest_runs(project, tmp_path, capsys):
    name = yaml.safe_load((project / "project.yaml").read_text("utf-8"))["surveys"]["planning"]["files"][0]
    (project / name).write_bytes(b"this is not a drawing\x00\x01\x02" * 50)
    code, _ = run(project, tmp_path, capsys)
    assert code == 1
    assert any(f["file"] == name and f["severity"] == "error" for f in findings(tmp_path))
    assert outcomes(tmp_path, "planning") <= {"undetermined", "not_applicable"}


def test_a_survey_without_geometry_is_a_finding(project, tmp_path, capsys):
    import ezdxf

    name = yaml.safe_load((project / "project.yaml").read_text("utf-8"))["surveys"]["civil_defence"]["files"][0]
    ezdxf.new("R2010").saveas(project / name)
    code, _ = run(project, tmp_path, capsys)
    assert code == 1
    assert any(f["survey"] == "civil_defence" and f["severity"] == "error" for f in findings(tmp_path))
    assert "passed" not in outcomes(tmp_path, "civil_defence")


def test_a_drawing_in_dwg_is_told_to_be_saved_as_dxf(project, tmp_path, capsys):
    def rename(data):
        data["surveys"]["green"]["files"] = ["green/图.dwg"]

    edit(project, rename)
    (project / "green" / "图.dwg").write_bytes(b"AC1032" + b"\0" * 100)
    run(project, tmp_path, capsys)
    assert any("DXF" in f["message"] and "R2010" in f["message"] for f in findings(tmp_path))
