"""Slips of the pen in project.yaml: exit code 2, the key, what is there and what is wanted, in Chinese; never a crash."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pytest
import yaml

from pipeline import cli
from pipeline.delivery.manifest import read_manifest
from pipeline.errors import InputError, PipelineError
from pipeline.project.intake import opened
from pipeline.projectfile import read_project

SAMPLE = next((Path(__file__).parent.parent / "samples" / "district").glob("CQJB-2026-0007_*"))
FILES = ("surveys", "cadastral", "files")
CODE, DATE = ("project", "code"), ("project", "date")
DRAWING = "地籍/地籍.dxf"
INSIDE = re.compile(r"\b[a-z]+_[a-z_]+\b|Input|should|None|Error")  # names of error types, English, Python


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(SAMPLE, tmp_path / "项目"))


def written(folder, place, value):
    """The project with one value changed."""
    path = folder / "project.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))
    *above, key = place
    part = data
    for step in above:
        part = part[step]
    part[key] = value
    path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    return folder


def refused(folder):
    with pytest.raises(PipelineError) as caught:
        opened(folder, (), None, None)
    return str(caught.value).replace(str(folder), "")


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (FILES, DRAWING, "files：应为列表：写在方括号之内"),
        (("people",), "张三", "people：应为列表"),
        (("surveys",), ["cadastral"], "surveys：应为键值表"),
        (("permit",), "permit.csv", "permit：应为键值表"),
        (("height_datum",), ["1985"], "height_datum：应为文字"),
        (DATE, 20260918, "date：应为日期，如 2026-09-18，现为 20260918"),
        (DATE, "2026-09-18T10:00:00", "date：应为日期"),
        (DATE, None, "date：应为日期，如 2026-09-18，现为空"),
        (DATE, [2026], "date：应为日期"),
        (("overrides", 0, "value"), "很多", "value：应为数字，现为 '很多'"),
        (("overrides", 0, "value"), float("nan"), "应为有限的数"),
        (("crs", "from"), {"four_parameters": {"dx_m": True}}, "crs.from"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_in_words_and_not_in_codes(folder, place, value, said):
    told = refused(written(folder, place, value))
    assert said in told
    known = re.compile(r"(height_datum|four_parameters|scale_limit_m_per_km|[a-z]+_m|from|[a-z_]+_ppm)\b")
    assert not INSIDE.search(known.sub("", told)), told


def test_an_override_that_is_no_number_is_named_by_its_key(folder):
    key = yaml.safe_load((folder / "project.yaml").read_text("utf-8"))["overrides"][0]["key"]
    assert f"overrides.{key}.value" in refused(written(folder, ("overrides", 0, "value"), "很多"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("地籍", "是文件夹；请逐个列出其中的文件"),
        ("地籍/*.dxf", "不能用通配符"),
        pytest.param(
            "地籍\\地籍.dxf",
            "路径的分隔请用 /：地籍/地籍.dxf",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="there it is the separator"),
        ),
    ],
)
def test_a_path_that_names_no_file_says_how_to_write_it(folder, name, said):
    told = refused(written(folder, FILES, [name]))
    assert f"surveys.cadastral.files：{name} " in told
    assert said in told


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
def test_a_pipe_is_refused_and_not_waited_for(folder):
    (folder / DRAWING).unlink()
    os.mkfifo(folder / DRAWING)
    assert "不是普通文件" in refused(folder)
    (folder / "project.yaml").unlink()
    os.mkfifo(folder / "project.yaml")
    assert "不是普通文件" in refused(folder)


def test_a_path_with_detours_inside_the_folder_is_the_file_it_leads_to(folder):
    written(folder, FILES, ["./地籍/../地籍/地籍.dxf"])
    assert read_project(folder).surveys["cadastral"].files == (DRAWING,)


@pytest.mark.parametrize("again", [DRAWING, f"./{DRAWING}", "地籍//../地籍/地籍.dxf"])
def test_a_file_listed_twice_in_one_survey_is_refused(folder, again):
    assert f"surveys.cadastral.files：{DRAWING} 列了两次" in refused(written(folder, FILES, [DRAWING, again]))


def test_one_drawing_may_hold_two_surveys(folder):
    surveys = yaml.safe_load((folder / "project.yaml").read_text("utf-8"))["surveys"]
    both = {**surveys, "planning": {"files": [DRAWING]}}
    assert set(opened(written(folder, ("surveys",), both), (), None, None).project.surveys) == {*both}


@pytest.mark.parametrize("name", ["project.yml", "Project.YAML"])
def test_a_project_file_with_another_name_is_named(folder, name):
    (folder / "project.yaml").rename(folder / name)
    if (folder / "project.yaml").exists():
        pytest.skip("names here do not tell capitals")
    assert f"文件夹里有 {name}，请把它改名为 project.yaml" in refused(folder)


@pytest.mark.parametrize(
    "code", ["", "  ", "a\x07b", "a\nb", "../../evil", "..", ".x", "a\\b", "a:b*c?", "CON", "con.1", "x.", "编" * 120]
)
def test_a_code_that_cannot_name_the_delivery_is_refused_by_its_key(folder, tmp_path, capsys, code):
    written(folder, CODE, code)
    assert cli.main(["run", str(folder), "-o", str(tmp_path / "out"), "--quiet"]) == 2
    said = capsys.readouterr().err
    assert "project.code" in said or ("控制字符" in said and "行" in said)
    assert not (tmp_path / "out").exists()


def test_blanks_around_a_code_do_not_count_and_the_longest_one_does(folder):
    assert read_project(written(folder, CODE, " CQJB-1 ")).project.code == "CQJB-1"
    assert len(read_project(written(folder, CODE, "编" * 60)).project.code) == 60


@pytest.mark.parametrize("date", ["9999-12-31", "1899-12-31", "2101-01-01"])
def test_a_date_that_no_table_can_hold_is_refused_by_its_key(folder, date):
    assert "project.date：应在 1900 年至 2100 年之间" in refused(written(folder, DATE, date))


@pytest.mark.parametrize("place", [("project", "name"), ("firm", "name"), ("crs", "name"), FILES])
def test_a_control_character_anywhere_is_refused_with_its_line(folder, place):
    written(folder, place, ["地\x07籍.dxf"] if place == FILES else "滨\x1b江")
    lines = (folder / "project.yaml").read_text("utf-8").splitlines()
    (line,) = (number for number, text in enumerate(lines, 1) if "\\a" in text or "\\e" in text)
    assert f"第 {line} 行含有控制字符 U+00" in refused(folder)


def test_a_control_character_in_the_record_of_waivers_is_refused_too(folder):
    (folder / "waivers.yaml").write_text('manual: [{sentence: "缺\\x07失"}]', "utf-8")
    assert "waivers.yaml：第 1 行含有控制字符 U+0007" in refused(folder)


@pytest.mark.parametrize("depth", [1_000, 20_000])
def test_a_project_file_nested_without_end_is_refused(folder, tmp_path, capsys, depth):
    (folder / "project.yaml").write_text("project: " + "[" * depth + "]" * depth, "utf-8")
    assert cli.main(["run", str(folder), "-o", str(tmp_path / "out"), "--quiet"]) == 2
    assert "层层嵌套过深" in capsys.readouterr().err


def test_a_manifest_that_is_no_table_is_refused_in_chinese(tmp_path):
    for text, said in (("[]", "manifest.json：内容：应为键值表"), ('{"format": 1}', "之一")):
        (tmp_path / "manifest.json").write_text(text, "utf-8")
        with pytest.raises(InputError, match=said) as caught:
            read_manifest(tmp_path / "manifest.json")
        assert not INSIDE.search(str(caught.value).replace("manifest", ""))
