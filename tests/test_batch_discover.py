"""What a batch finds under a zone, how tasks are made of it, what of a project is remembered."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from factories_batch import settings_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.batch import inputs, plan
from pipeline.batch.discover import Found, discover, key_of
from pipeline.batch.environment import environment
from pipeline.batch.record import Record, from_line

WORDS = st.text(st.characters(exclude_characters="/\x00", exclude_categories=["Cs"]), min_size=1, max_size=12)


def written(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x", "utf-8")
    return folder


def paths(zone, **given):
    return [found.path for found in discover(zone, **given).found]


def test_every_project_folder_and_every_zip_is_found_at_any_depth(tmp_path):
    written(tmp_path, "甲/project.yaml", "区/乙/project.yaml", "区/丙.zip", "区/里/丁/project.yaml")
    assert paths(tmp_path) == ["区/丙.zip", "区/乙", "区/里/丁", "甲"]
    assert {f.path: f.kind for f in discover(tmp_path).found}["区/丙.zip"] == "zip"


def test_what_lies_in_a_project_belongs_to_it(tmp_path):
    written(tmp_path, "甲/project.yaml", "甲/旧/project.yaml", "甲/交付.zip")
    assert paths(tmp_path) == ["甲"]


def test_the_zone_may_itself_be_a_project(tmp_path):
    (found,) = discover(written(tmp_path / "滨江", "project.yaml")).found
    assert (found.path, found.key, found.fault) == ("", "滨江", None)


def test_a_folder_with_surveys_but_no_project_file_is_broken_and_not_lost(tmp_path):
    written(tmp_path, "好/project.yaml", "坏/地籍/宗地.dxf", "坏/说明.doc")
    (tmp_path / "空").mkdir()
    faults = {found.path: found.fault for found in discover(tmp_path).found}
    assert faults["好"] is None
    assert "没有 project.yaml" in faults["坏"]
    assert "宗地.dxf" in faults["坏"]
    assert "空的" in faults["空"]


def test_a_folder_of_something_else_is_passed_over_and_named(tmp_path):
    written(tmp_path, "好/project.yaml", "文件/通知.doc")
    zone = discover(tmp_path)
    assert [found.path for found in zone.found] == ["好"]
    assert zone.skipped == ("文件",)


def test_the_output_hidden_folders_and_open_office_files_are_not_looked_into(tmp_path):
    written(tmp_path, "好/project.yaml", "out/projects/a/x.dxf", ".git/project.yaml", "~$好.zip")
    assert paths(tmp_path, without=[tmp_path / "out"]) == ["好"]


def test_a_pattern_chooses_by_path(tmp_path):
    written(tmp_path, "江北/甲/project.yaml", "江北/乙.zip", "渝中/丙/project.yaml")
    assert paths(tmp_path, patterns=["江北/*"]) == ["江北/乙.zip", "江北/甲"]
    assert paths(tmp_path, patterns=["*丙", "*.zip"]) == ["江北/乙.zip", "渝中/丙"]


def test_a_link_that_leads_back_up_is_not_followed_for_ever(tmp_path):
    written(tmp_path, "区/甲/project.yaml")
    try:
        (tmp_path / "区" / "回").symlink_to(tmp_path, target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no links")
    assert paths(tmp_path) == ["区/甲"]


def test_a_key_is_a_plain_folder_name_that_says_where_it_comes_from():
    assert key_of("江北/滨江雅苑") == "江北~滨江雅苑"
    for odd in ("a~b", "a:b", "..", ".x", "a ", "长" * 200):
        assert key_of(odd).rpartition("-")[2].isalnum()
        assert len(key_of(odd).encode()) < 200


@settings(max_examples=200)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=3).map("/".join), unique=True, min_size=2, max_size=8))
def test_two_paths_never_share_a_key(given_paths):
    keys = [key_of(path) for path in given_paths]
    assert len(set(keys)) == len(keys)
    assert not any(set(key) & set('/\\:*?"<>|\0') or key in ("", ".", "..") or key.startswith(".") for key in keys)


# ---------------------------------------------------------------- what cannot be run, and is said


def test_an_unpacked_delivery_is_one_project_and_its_folders_are_none(tmp_path):
    written(
        tmp_path, "交付/manifest.json", "交付/原始资料/project.yaml", "交付/地籍测绘/矢量数据/ZD.shp", "甲/project.yaml"
    )
    assert paths(tmp_path) == ["交付", "甲"]
    (tmp_path / "交付" / "manifest.json").unlink()
    written(tmp_path, "交付/质检/summary.json")  # without its manifest it is still a delivery, and will be refused
    assert paths(tmp_path) == ["交付", "甲"]


def test_archives_of_other_packers_and_links_to_nowhere_are_each_broken_and_not_lost(tmp_path):
    written(tmp_path, "好/project.yaml", "资料.rar", "区/成果.7z", "区/说明.doc", "坏/宗地.dxf")
    (tmp_path / "断.zip").symlink_to(tmp_path / "没有")
    (tmp_path / "坏" / "回").symlink_to(tmp_path / "坏" / "回")
    (tmp_path / "乙").mkdir()
    (tmp_path / "乙" / "project.yaml").symlink_to("没有.yaml")
    zone = discover(tmp_path)
    faults = {found.path: found.fault for found in zone.found}
    assert faults.pop("好") is None
    assert "rar 格式" in faults.pop("资料.rar")
    assert "改为 zip" in faults.pop("区/成果.7z")
    assert "目标不存在" in faults.pop("断.zip")
    assert "目标不存在" in faults.pop("乙")
    assert "无法打开" in faults.pop("坏/回")
    assert "宗地.dxf" in faults.pop("坏")  # a stray does not hide what else is wrong
    assert not faults
    assert zone.skipped == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
def test_a_pipe_is_never_waited_for(tmp_path):
    written(tmp_path, "好/project.yaml")
    (tmp_path / "乙").mkdir()
    for name in ("资料.zip", "乙/project.yaml"):
        os.mkfifo(tmp_path / name)
    faults = {found.path: found.fault for found in discover(tmp_path).found}
    assert "不是普通文件" in faults["资料.zip"]
    assert "不是普通文件" in faults["乙"]
    assert inputs.stamps(tmp_path / "乙")


def test_what_looks_like_work_of_its_own_inside_a_project_is_named(tmp_path):
    written(tmp_path, "甲/旧/project.yaml", "甲/旧/旧.zip", "甲/交付.zip", "甲/分册/成果.rar", "甲/地籍.zip")
    (tmp_path / "甲" / "project.yaml").write_text("surveys: {cadastral: {files: [地籍.zip]}}", "utf-8")
    zone = discover(tmp_path)
    assert [found.path for found in zone.found] == ["甲"]
    assert zone.inside == ("甲/交付.zip", "甲/分册/成果.rar", "甲/旧")


@pytest.mark.parametrize("name", ["project.yml", "Project.YAML"])
def test_a_project_file_with_another_name_is_named(tmp_path, name):
    written(tmp_path, f"甲/{name}", "甲/地籍.dxf", "乙/project.yaml")
    fault = next(found.fault for found in discover(tmp_path).found if found.path == "甲")
    assert f"有 {name}，请把它改名为 project.yaml" in fault


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root may drop its own power to read all")
def test_a_folder_without_permission_is_one_broken_project_and_the_others_are_found(tmp_path):
    written(tmp_path, "好/project.yaml", "锁/project.yaml", "名/project.yaml")
    (tmp_path / "锁").chmod(0)
    (tmp_path / "名").chmod(0o444)
    powers = "-dac_override,-dac_read_search"
    call = "import sys; from pathlib import Path; from pipeline.batch.discover import discover; "
    call += "print(*((f.path, f.fault) for f in discover(Path(sys.argv[1])).found), sep='\\n')"
    command = ["setpriv", f"--bounding-set={powers}", f"--inh-caps={powers}", sys.executable, "-c", call, str(tmp_path)]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("no setpriv here")
    finally:
        for name in ("锁", "名"):
            (tmp_path / name).chmod(0o755)
    assert len(said) == 3
    assert "('好', None)" in said
    assert sum("文件夹无法打开：没有权限" in line for line in said) == 2


# ---------------------------------------------------------------- tasks


def test_no_task_is_shorter_than_it_is_worth_and_none_is_lost():
    found = [Found(f"k{n}", f"p{n}", "folder", bytes=n * 40_000) for n in range(60)]
    tasks = plan.groups(found)
    assert sorted(f.key for task in tasks for f in task) == sorted(f.key for f in found)
    assert all(sum(plan.seconds(f) for f in task) >= plan.TASK_SECONDS for task in tasks)
    large = replace(found[-1], bytes=10**8)
    assert plan.groups([large, found[0], found[1]]) == [(large,), (found[1], found[0])]
    assert plan.groups([large, found[0]]) == [(large, found[0])]
    assert plan.groups([]) == []


def test_projects_that_take_no_time_are_grouped():
    idle = [Found(f"k{n}", f"p{n}", "folder", fault="空") for n in range(50)]
    assert len(plan.groups(idle)) == 1
    assert plan.small(idle)
    assert not plan.small([Found("k", "p", "folder", bytes=10**7)])


# ---------------------------------------------------------------- what is remembered


def aged(path, seconds=60):
    """A file that was written a while ago, so that its time can be relied upon."""
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_a_file_of_the_same_size_and_time_is_not_read_again_and_any_other_is(tmp_path):
    path = tmp_path / "a.dxf"
    path.write_text("one", "utf-8")
    aged(path)
    table = inputs.stamps(tmp_path)
    assert inputs.untouched(tmp_path, table)
    path.write_text("two", "utf-8")
    assert not inputs.untouched(tmp_path, table)
    assert inputs.digest(inputs.stamps(tmp_path, before=table), "") != inputs.digest(table, "")


def test_a_time_that_says_nothing_yet_is_not_relied_upon(tmp_path):
    (tmp_path / "a.dxf").write_text("one", "utf-8")
    assert not inputs.untouched(tmp_path, inputs.stamps(tmp_path))


def test_a_file_more_or_less_or_renamed_is_a_change(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).write_text(name, "utf-8")
        aged(tmp_path / name)
    table = inputs.stamps(tmp_path)
    marks = {inputs.digest(table, "")}
    (tmp_path / "c").write_text("c", "utf-8")
    assert not inputs.untouched(tmp_path, table)
    marks.add(inputs.digest(inputs.stamps(tmp_path), ""))
    (tmp_path / "c").unlink()
    (tmp_path / "b").rename(tmp_path / "d")
    assert not inputs.untouched(tmp_path, table)
    marks.add(inputs.digest(inputs.stamps(tmp_path), ""))
    assert len(marks) == 3


def test_a_file_outside_the_folder_counts_when_it_was_read(tmp_path):
    home, beside = tmp_path / "p", tmp_path / "permit.xlsx"
    home.mkdir()
    beside.write_text("1", "utf-8")
    aged(beside)
    table = inputs.stamps(home, also=["../permit.xlsx"])
    assert inputs.untouched(home, table)
    beside.unlink()
    assert not inputs.untouched(home, table)
    assert inputs.stamps(home, also=table)["../permit.xlsx"] == inputs.MISSING


def test_the_environment_changes_with_options_and_with_further_standards(tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "standard.yaml").write_text("a: 1", "utf-8")
    plain = environment(standards_in=(), profile=None, edition=None)
    first = environment(standards_in=(tmp_path,), profile=None, edition=None)
    (tmp_path / "x" / "standard.yaml").write_text("a: 2", "utf-8")
    others = [
        environment(standards_in=(tmp_path,), profile=None, edition=None),
        environment(standards_in=(), profile="national", edition=None),
        environment(standards_in=(), profile=None, edition="2026-11"),
        environment(standards_in=(), profile=None, edition=None, as_of=dt.date(2027, 1, 1)),
    ]
    assert len({plain, first, *others}) == 6


def test_a_record_is_read_back_as_it_was_written():
    record = Record("a~b", "a/b", "zip", "failed", name="滨江", counts={"error": 1}, crashed_rules=("CAD-T01",))
    assert from_line(record.line()) == record


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"key": "a", "outcome": "fine"}', '{"key": 1, "outcome": "passed"}'])
def test_what_is_no_record_is_refused(text):
    with pytest.raises(ValueError, match=r"not a record|Expecting value"):
        from_line(text)


def test_limits_come_from_the_profile(tmp_path):
    made, _ = settings_of(tmp_path, tmp_path / "out")
    assert min(made.limits.wall_seconds, made.limits.memory_mb, made.zip_limits.mb) > 0
    assert made.deaths >= 1
