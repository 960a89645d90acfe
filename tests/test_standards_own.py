"""What is wrong with a firm's own standards (`--standards`) is named with folder, file and line before anything runs."""

from __future__ import annotations

import pytest

from pipeline import cli
from pipeline.errors import StandardError
from pipeline.standard import load_standards
from tests.sixth import write_standard


@pytest.fixture
def own(tmp_path):
    return write_standard(tmp_path / "标准")


def test_own_standards_are_known_as_such(own):
    loaded = load_standards(extra=[own])
    assert loaded.own == ("pipes",)
    assert load_standards().own == ()
    assert set(loaded.surveys) == {*load_standards().surveys, "pipes"}


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StandardError, match=r"没有文件夹 .*别处"):
        load_standards(extra=[tmp_path / "别处"])


def test_a_folder_without_standards_is_named(tmp_path):
    with pytest.raises(StandardError, match="中没有标准：每项标准应为其中的一个文件夹"):
        load_standards(extra=[tmp_path])


def test_a_standard_that_would_replace_another_is_refused(own):
    path = own / "pipes" / "standard.yaml"
    path.write_text(path.read_text("utf-8").replace("survey: pipes", "survey: green"), "utf-8")
    with pytest.raises(StandardError, match=r"标准重复：“green”同时出自 .*green 与 .*pipes"):
        load_standards(extra=[own])


def test_a_key_given_twice_is_named_with_both_lines(own):
    path = own / "pipes" / "standard.yaml"
    path.write_text(f"label: 甲\n{path.read_text('utf-8')}label: 乙\n", "utf-8")
    with pytest.raises(StandardError, match=r"standard\.yaml：第 1 行和第 \d+ 行重复给出“label”"):
        load_standards(extra=[own])


@pytest.mark.parametrize("data", ["代码,名称\n1\n".encode(), "代码,名称\n1,一\n".encode("gb18030")])
def test_a_code_list_that_is_none_is_named(own, data):
    (own / "pipes" / "codes").mkdir()
    (own / "pipes" / "codes" / "kind.csv").write_bytes(data)
    with pytest.raises(StandardError, match=r"kind\.csv：应为 UTF-8 的 CSV，每行两列"):
        load_standards(extra=[own])


@pytest.mark.parametrize("command", [["run", "{samples}/binjiang", "-o", "{out}"], ["check", "{samples}"], ["rules"]])
def test_every_command_stops_at_standards_that_are_not_there(command, samples, tmp_path, capsys):
    filled = [word.format(samples=samples, out=tmp_path / "out") for word in command]
    assert cli.main([*filled, "--standards", str(tmp_path / "没有")]) == 2
    assert "没有文件夹" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
