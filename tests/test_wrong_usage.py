"""Wrong words on the command line and places that cannot be used: told at once, in Chinese, with the right exit code."""

from __future__ import annotations

import re

import pytest

from pipeline import cli

ENGLISH = re.compile(r"(?<!duoce )\b(?!duoce|usage)[a-z]{3,} [a-z]{2,} [a-z]{2,}")  # three words in a row, no command


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty folder, a file and a folder in the folder one stands in; nothing may be read from the samples."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pipeline.project.read_inputs", lambda *_: pytest.fail("the work began all the same"))
    (tmp_path / "空").mkdir()
    (tmp_path / "文件.txt").write_text("甲\n", "utf-8")
    return tmp_path


def told(capsys, *arguments):
    """Exit code and what was said beside the results."""
    try:
        code = cli.main(list(arguments))
    except SystemExit as err:
        code = err.code
    return code, capsys.readouterr().err


WRONG = {
    "": "缺少必需的参数：命令",
    "nonsense": "无效的选择：'nonsense'",
    "run": "缺少必需的参数：PROJECT, -o/--out",
    "run 没有 -o out": "找不到项目文件：没有",
    "run 空 -o out": "找不到项目文件：空",
    "run 文件.txt -o out": "文件.txt：不是项目文件；请给出项目文件夹",
    "run {sample} -o 文件.txt": "输出位置 文件.txt 是文件，不是文件夹",
    "run {sample} -o 文件.txt/下/面": "不能在 文件.txt 之下建立输出文件夹",
    "run {sample} -o {sample}": "输出文件夹不能就是 {sample} 本身",
    "run {sample} --bogus -o out": "不认识的参数：--bogus",
    "run {sample} -o out --as-of 明天": "“明天”不是日期",
    "run {sample} -o out --show x": "参数 --show: “x”不是个数，应为不小于 0 的整数",
    "run {sample} -o out --show -1": "参数 --show",
    "run {sample} -o out --fail-level 高": "无效的选择：'高'",
    "inspect": "缺少必需的参数：FILE",
    "inspect 没有.dxf": "找不到文件：没有.dxf",
    "inspect 空": "空 是文件夹；请给出其中的文件",
    "rules show": "请给出规则编号",
    "rules show NOPE-1": "没有编号为“NOPE-1”的规则",
    "rules list CAD-T01": "rules list 不带编号；一条规则的全文：duoce rules show CAD-T01",
    "rules delete": "无效的选择：'delete'",
    "rules --profile 没有": "没有名为“没有”的参数集",
    "diff": "缺少必需的参数：A, B",
    "diff 没有 没有": "找不到 没有",
    "diff 空 空": "空：其中没有 summary.json",
    "diff 文件.txt 文件.txt": "不是完整的 zip 文件",
    "check 没有.zip": "找不到成果包：没有.zip",
    "check 空 --today 昨天": "“昨天”不是日期",
    "check 空 -o 文件.txt": "输出位置 文件.txt 是文件，不是文件夹",
    "check 空 -o 空": "输出文件夹不能就是 空 本身",
    "batch 没有 -o out": "找不到文件夹",
    "batch 空 -o out": "没有找到项目文件夹",
    "batch 文件.txt -o out": "找不到文件夹",
    "batch {sample} -o 文件.txt": "不是空文件夹，也不是批处理的输出",
    "batch {sample} -o out --workers 0": "“0”不是个数，应为不小于 1 的整数",
    "batch {sample} -o out --resume --fresh": "参数 --fresh: 不能同时给出 --resume",
    "init 文件.txt": "已存在同名的文件：文件.txt",
}


@pytest.mark.parametrize("words", WRONG)
def test_what_is_wrong_is_told_in_chinese_before_anything_is_done(words, place, samples, capsys):
    sample = str(samples / "binjiang")
    code, said = told(capsys, *(word.format(sample=sample) for word in words.split()))
    assert code == 2
    assert WRONG[words].format(sample=sample) in said
    assert not ENGLISH.search(said.replace(sample, "")), said
    assert "Traceback" not in said
    assert {path.name for path in place.iterdir()} == {"空", "文件.txt"}


def test_an_output_without_a_name_is_refused(place, samples, capsys):
    code, said = told(capsys, "run", str(samples / "binjiang"), "-o", "")
    assert (code, "没有给出文件夹的名称" in said) == (2, True)


@pytest.mark.parametrize(
    "words", ["init {}", "run {} -o out", "check {}", "batch {} -o out", "inspect {}", "diff {} {}", "check x -o {}"]
)
def test_an_empty_name_never_means_the_folder_one_stands_in(words, place, capsys):
    (place / "project.yaml").write_text("", "utf-8")
    code, said = told(capsys, *(word.format("") for word in words.split()))
    assert (code, "没有给出文件" in said) == (2, True)
    assert {path.name for path in place.iterdir()} == {"空", "文件.txt", "project.yaml"}


def test_drawings_of_somebody_else_are_not_replaced(place, samples, capsys):
    (place / "out" / "drawings").mkdir(parents=True)
    code, said = told(capsys, "run", str(samples / "binjiang"), "-o", "out")
    assert (code, "drawings 已存在，而且不是 duoce 的输出" in said) == (2, True)


def test_a_project_is_not_made_over_another(place, capsys):
    assert told(capsys, "init", "新")[0] == 0
    code, said = told(capsys, "init", "新")
    assert (code, "已存在，不会覆盖" in said) == (2, True)


def test_english_is_told_in_english(place, capsys):
    code, said = told(capsys, "--lang", "en", "init", "文件.txt")
    assert (code, "File exists" in said) == (2, True)
    assert "is no date" in told(capsys, "--lang", "en", "check", "空", "--today", "x")[1]


def test_a_place_where_nothing_may_be_written_is_told(place, samples, monkeypatch, capsys):
    monkeypatch.setattr("pipeline.commands.place.os.access", lambda *_: False)  # root may write everywhere
    code, said = told(capsys, "run", str(samples / "binjiang"), "-o", "空/out")
    assert (code, "没有权限写入 空" in said) == (2, True)
