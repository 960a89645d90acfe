"""A batch in the plain loop: nothing is lost, nothing is done twice, nothing that is wrong stands."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import signal
import sys
import time

import pytest
import yaml
from factories_batch import (
    BROKEN_BOOT,
    MISBEHAVING_COMMAND,
    SAMPLE,
    Heard,
    batch,
    by_key,
    command,
    delivery,
    project,
    results_of,
    settings_of,
    unpacked_delivery,
    until,
    zone_of,
)

from pipeline.batch import store
from pipeline.batch.child import WATCH_SECONDS
from pipeline.batch.outfolder import alone
from pipeline.batch.record import from_line
from pipeline.batch.rollup import RolledUp, rolled_up
from pipeline.batch.runner import stop
from pipeline.batch.seal import SEAL
from pipeline.errors import InputError
from pipeline.isolation.worker import Limits
from pipeline.project import run_project
from pipeline.report.write import write_data
from pipeline.results import read_result

BETWEEN_BYTES = 300_000  # the layers of the sample's green survey take less, those of its property survey more
posix = pytest.mark.skipif(sys.platform == "win32", reason="no signals")


@pytest.fixture(scope="module", autouse=True)
def _quick():
    """One process for the projects of all batches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.batch.loop.stop", lambda: 0)
        yield
    stop()


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A zone of good and broken projects, and its first batch: (zone, out, batch, heard)."""
    root = tmp_path_factory.mktemp("batch")
    zone = zone_of(root / "zone", ["江北/甲", "江北/乙"])
    delivery(zone / "渝中.zip", zone / "江北" / "甲")
    (zone / "错").mkdir()
    (zone / "错" / "project.yaml").write_text("project: {code: 1}\n", "utf-8")
    shutil.copytree(SAMPLE / "green", zone / "缺" / "green")
    (zone / "坏.zip").write_bytes((zone / "渝中.zip").read_bytes()[:5000])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.batch.inputs.SETTLED_NS", 0)  # files of this moment count as settled
        result, heard = batch(zone, root / "out")
    return zone, root / "out", result, heard


@pytest.fixture
def again(first, tmp_path):
    """A copy of zone and output with all times, to change and run again: (zone, out)."""
    zone, out = tmp_path / "zone", tmp_path / "out"
    shutil.copytree(first[0], zone)
    shutil.copytree(first[1], out)
    state = json.loads((out / "batch.json").read_text("utf-8"))
    (out / "batch.json").write_text(json.dumps({**state, "zone": str(zone)}), "utf-8")
    return zone, out


def test_every_project_ends_with_a_record_and_broken_ones_say_why(first):
    zone, _, result, heard = first
    records = by_key(result)
    assert sorted(heard.ran) == sorted(records) == sorted(["江北~甲", "江北~乙", "渝中.zip", "错", "缺", "坏.zip"])
    assert {key for key, r in records.items() if r.outcome == "broken"} == {"错", "缺", "坏.zip"}
    assert "缺少此项" in records["错"].reason
    assert "没有 project.yaml" in records["缺"].reason
    assert "坏.zip" in records["坏.zip"].reason
    assert not any(str(zone.parent) in (r.reason or "") for r in result.records)
    assert result.stopped is None


def test_projects_jsonl_holds_one_sorted_line_a_project_and_every_folder_its_own(first):
    _, out, result, _ = first
    lines = (out / "projects.jsonl").read_text("utf-8").splitlines()
    assert tuple(from_line(line) for line in lines) == result.records
    for record in result.records:
        assert from_line((out / "projects" / record.key / "record.json").read_text("utf-8")) == record


def test_a_project_of_a_batch_has_the_result_of_a_single_run(first, tmp_path):
    zone, out, result, _ = first
    write_data(run_project(zone / "江北" / "甲"), tmp_path)
    for name in ("findings.jsonl", "summary.json", "result.gpkg"):
        assert (out / "projects" / "江北~甲" / name).read_bytes() == (tmp_path / name).read_bytes()
    counts = by_key(result)["江北~甲"].counts
    assert sum(counts.values()) == len(read_result(tmp_path).findings) > 0


def test_a_delivery_zip_has_the_result_of_the_folder_that_was_packed(first):
    _, out, result, _ = first
    whole = results_of(out)
    names = ("findings.jsonl", "summary.json", "result.gpkg")
    assert all(whole[f"渝中.zip/{name}"] == whole[f"江北~甲/{name}"] for name in names)
    assert by_key(result)["渝中.zip"].kind == "zip"


def test_a_delivery_that_was_changed_is_not_run_and_the_reason_names_the_file(first, tmp_path):
    """Zips and unpacked deliveries alike; what the batch found stands when nothing changes."""
    good, zone = first[0] / "江北" / "甲", tmp_path / "zone"
    for name in ("全", "改", "缺单", "缺料", "多"):
        unpacked_delivery(zone / name, good)
    (zone / "改" / "地籍测绘" / "成果.gpkg").write_bytes(b"b result")
    (zone / "缺单" / "manifest.json").unlink()
    (zone / "缺单" / "质检").mkdir()
    (zone / "缺单" / "质检" / "summary.json").write_text("{}", "utf-8")
    shutil.rmtree(zone / "缺料" / "原始资料")
    (zone / "多" / "地籍测绘" / "另.txt").write_text("x", "utf-8")
    for name in ("改", "缺单"):
        shutil.make_archive(str(zone / name), "zip", zone, name)
    result, _ = batch(zone, tmp_path / "out")
    records = by_key(result)
    assert set(records) == {"全", "改", "缺单", "缺料", "多", "改.zip", "缺单.zip"}
    assert records["全"].counts == by_key(first[2])["江北~甲"].counts
    assert {key for key, record in records.items() if record.outcome == "broken"} == set(records) - {"全"}
    for key, said in {
        "改": "地籍测绘/成果.gpkg 与成果清单不一致",
        "改.zip": "地籍测绘/成果.gpkg 与成果清单不一致",
        "缺单": "没有成果清单 manifest.json",
        "缺单.zip": "没有成果清单 manifest.json",
        "多": "地籍测绘/另.txt 在清单中没有列出",
    }.items():
        assert said in records[key].reason
        assert "请用 duoce check 核对" in records[key].reason
    assert "请退回测绘单位补交原始资料" in records["缺料"].reason


@posix
def test_a_pipe_in_the_place_of_a_drawing_stops_neither_a_run_nor_a_batch(tmp_path):
    zone = zone_of(tmp_path / "zone", ["甲"])
    drawing = next((zone / "甲").rglob("*.dxf"))
    drawing.unlink()
    os.mkfifo(drawing)
    result, _ = batch(zone, tmp_path / "out", settings={"limits": Limits(60)})
    assert by_key(result)["甲"].outcome == "broken"
    assert "不是普通文件" in by_key(result)["甲"].reason


def test_what_has_not_changed_is_not_run_again(again):
    zone, out = again
    before = results_of(out)
    result, heard = batch(zone, out, settings={"boot": BROKEN_BOOT})
    assert heard.ran == []
    assert len(heard.standing) == result.cached == len(result.records) == 6
    assert results_of(out) == before


def test_a_changed_input_is_run_again_alone_and_a_touched_one_is_not(again):
    zone, out = again
    table = zone / "江北" / "乙" / "control.csv"
    table.write_text(table.read_text("utf-8") + "K9,3273100.0,500020.0,215.0,一级\n", "utf-8")
    (zone / "江北" / "甲" / "permit.xlsx").touch()
    _, heard = batch(zone, out)
    assert heard.ran == ["江北~乙"]


def test_damaged_results_are_noticed_and_made_again(again):
    zone, out = again
    good = results_of(out)
    findings = out / "projects" / "江北~甲" / "findings.jsonl"
    findings.write_text("".join(findings.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    layers = out / "projects" / "江北~乙" / "result.gpkg"
    data = bytearray(layers.read_bytes())
    data[len(data) // 2] ^= 1
    layers.write_bytes(data)
    (out / "projects" / "渝中.zip" / SEAL).write_text("{", "utf-8")
    (out / "projects" / "错" / "record.json").unlink()
    _, heard = batch(zone, out)
    assert sorted(heard.ran) == ["江北~乙", "江北~甲", "渝中.zip", "错"]
    assert results_of(out) == good


def test_another_profile_is_another_result_and_fresh_uses_nothing_that_stands(again):
    zone, out = again
    shutil.rmtree(zone / "江北" / "乙")
    (zone / "渝中.zip").unlink()
    _, heard = batch(zone, out, profile="national")
    assert sorted(heard.ran) == ["坏.zip", "江北~甲", "缺", "错"]
    assert sorted(heard.gone) == ["江北~乙", "渝中.zip"]
    assert (out / "cache" / "gone" / "江北~乙" / "summary.json").is_file()
    _, heard = batch(zone, out, profile="national", fresh=True)
    assert sorted(heard.ran) == ["坏.zip", "江北~甲", "缺", "错"]


def test_waivers_are_judged_on_the_day_that_the_batch_is_given(again):
    zone, out = again
    home, only = zone / "江北" / "甲", {"patterns": ("江北/甲",), "roll_up": False}
    found = read_result(out / "projects" / "江北~甲").findings[0]
    answer = {"rule": found.rule, "feature": found.feature, "reason": "已复核", "who": "审核人", "until": "2026-12-31"}
    answer["fingerprint"] = read_result(out / "projects" / "江北~甲").fingerprints[0]
    record = {"waivers": [{**answer, "date": "2026-09-20"}]}
    (home / "waivers.yaml").write_text(yaml.safe_dump(record, allow_unicode=True), "utf-8")
    for day, waived in ((dt.date(2026, 12, 31), 1), (dt.date(2027, 1, 1), 0)):
        _, heard = batch(zone, out, as_of=day, **only)
        assert heard.ran == ["江北~甲"]
        assert sum(f.waiver is not None for f in read_result(out / "projects" / "江北~甲").findings) == waived
    _, heard = batch(zone, out, as_of=day, **only)
    assert not heard.ran


def test_inputs_that_vanish_while_the_batch_runs_are_recorded(tmp_path):
    zone = zone_of(tmp_path / "zone", ["a", "b", "c", "d"])

    def vanish(ended):
        if ended.record.key == "a":
            shutil.rmtree(zone / "b")
            shutil.rmtree(zone / "c" / "green")

    result, heard = batch(zone, tmp_path / "out", heard=Heard(vanish))
    records = by_key(result)
    assert heard.ran[0] == "a"
    assert records["b"].outcome == "broken"
    assert "找不到项目文件" in records["b"].reason
    assert records["c"].counts["error"] > 0
    assert records["a"].counts == records["d"].counts
    assert "绿地核实.dxf" in (tmp_path / "out" / "projects" / "c" / "findings.jsonl").read_text("utf-8")


@posix
def test_a_result_that_cannot_be_written_is_recorded_and_the_others_complete(tmp_path):
    import resource

    zone = zone_of(tmp_path / "zone", ["a", "c"])
    project(zone / "b", surveys=("property",))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    stop()  # the limit is inherited by a new process
    resource.setrlimit(resource.RLIMIT_FSIZE, (BETWEEN_BYTES, hard))
    try:
        result, _ = batch(zone, tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        stop()
    records = by_key(result)
    assert (records["b"].outcome, records["b"].cause) == ("crashed", "storage")
    assert "写不进输出文件夹" in records["b"].reason
    assert not (tmp_path / "out" / "projects" / "b" / "result.gpkg").exists()
    for key in ("a", "c"):
        assert read_result(tmp_path / "out" / "projects" / key).complete
    assert not list((tmp_path / "out" / "cache").glob("writing/*"))
    result, heard = batch(zone, tmp_path / "out")
    assert heard.ran == ["b"]  # what could not be written is tried again
    assert by_key(result)["b"].cause is None


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 1 MB of its own, where this is allowed."""
    import subprocess

    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system may be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_takes_neither_the_finished_results_nor_the_reasons(tmp_path, small_disk):
    names = [f"p{number}" for number in range(8)]
    result, _ = batch(zone_of(tmp_path / "zone", names), small_disk / "out")
    full = [r for r in result.records if r.cause == "storage"]
    fine = [r for r in result.records if r.cause is None]
    assert len(full) + len(fine) == 8
    assert full
    assert fine
    assert all("磁盘已满" in r.reason for r in full)
    assert all(read_result(small_disk / "out" / "projects" / r.key).complete for r in fine)
    lines = (small_disk / "out" / "projects.jsonl").read_text("utf-8").splitlines()
    assert tuple(from_line(line) for line in lines) == result.records


def test_an_output_folder_of_something_else_or_of_another_zone_is_refused(again, tmp_path):
    zone, out = again
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("x", "utf-8")
    with pytest.raises(InputError, match="不是批处理的输出"):
        batch(zone, tmp_path / "mine")
    other = zone_of(tmp_path / "other", ["甲"])
    with pytest.raises(InputError, match="请另选输出文件夹"):
        batch(other, out)
    with pytest.raises(InputError, match="没有可以继续的批处理"):
        batch(zone, tmp_path / "new", resume=True)
    with pytest.raises(InputError, match="没有找到项目文件夹"):
        batch(zone, tmp_path / "new", patterns=["没有/*"])
    with pytest.raises(InputError, match="找不到文件夹"):
        batch(tmp_path / "nowhere", tmp_path / "new")


@posix
def test_two_batches_do_not_write_the_same_folder_at_once(again):
    zone, out = again
    with alone(out), pytest.raises(InputError, match="另一个批处理正在写"):
        batch(zone, out)


def test_two_that_put_the_same_result_in_place_leave_one_whole(first, tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    zone, _, result, _ = first
    made, _ = settings_of(zone, tmp_path / "out")
    record = by_key(result)["错"]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store.put(record, made, {}), range(40)))
    assert from_line((made.projects / "错" / "record.json").read_text("utf-8")) == record
    assert [p.name for p in made.projects.iterdir()] == ["错"]
    assert not list(made.writing.iterdir())


def test_the_roll_up_is_made_once_and_again_when_it_or_a_result_has_changed(again):
    zone, out = again
    made, _ = settings_of(zone, out)
    records = [from_line(line) for line in (out / "projects.jsonl").read_text("utf-8").splitlines()]
    steps = []
    first = rolled_up(made, records, RolledUp(), progress=steps.append)
    assert first.fault is None
    assert steps
    assert (out / "summary.json").is_file()
    steps.clear()
    assert rolled_up(made, records, first, progress=steps.append) == first
    assert steps == []
    (out / "summary.json").write_text("{}", "utf-8")
    assert rolled_up(made, records, first, progress=steps.append).files == first.files
    assert steps
    (out / "projects" / "江北~甲" / SEAL).unlink()
    assert rolled_up(made, records, first, progress=steps.append).mark != first.mark


def test_a_fault_of_the_roll_up_leaves_the_results(again, monkeypatch):
    zone, out = again
    made, _ = settings_of(zone, out)
    monkeypatch.setattr("pipeline.district.district", lambda *_, **__: 1 / 0)
    assert "ZeroDivisionError" in rolled_up(made, [], RolledUp(), progress=lambda _: None).fault


# ---------------------------------------------------------------- the command


def test_the_command_says_what_it_found_and_its_exit_code_what_came_of_it(again):
    zone, out = again
    process = command("batch", zone, "-o", out, "--json")
    said, _ = process.communicate(timeout=300)
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["type"] for line in lines] == ["project"] * 6 + ["end"]
    assert {"total": 6, "done": 6, "cached": 6, "broken": 3}.items() <= lines[-1].items()
    assert process.returncode == 1
    only = ("--pattern", "江北/甲")
    process = command("batch", zone, "-o", out, *only)
    said, heard = process.communicate(timeout=300)
    assert "1 个没有变化，0 个待运行" in heard
    assert "共 1 个项目" in said
    assert "district.pdf" in said.splitlines()[-1]
    assert process.returncode == 0
    process = command("batch", zone, "-o", out, *only, "--fail-level", "info", "--quiet")
    assert process.communicate(timeout=300)[1] == ""
    assert process.returncode == 1


def test_a_zone_that_is_not_there_cannot_be_run(tmp_path):
    process = command("batch", tmp_path / "none", "-o", tmp_path / "out")
    assert "找不到文件夹" in process.communicate(timeout=300)[1]
    assert process.returncode == 2


@posix
@pytest.mark.parametrize("how", ["SIGINT", pytest.param("SIGTERM", marks=pytest.mark.slow), "SIGKILL"])
def test_a_batch_that_is_broken_off_keeps_what_is_done_and_goes_on(tmp_path, how):
    places = [*(f"p{number}" for number in range(7)), "最后/hangs"]  # which never ends by itself
    zone, out = zone_of(tmp_path / "zone", places), tmp_path / "out"
    names = [place.replace("/", "~") for place in places]
    process = command("batch", zone, "-o", out, program=MISBEHAVING_COMMAND)
    until(lambda: (out / "projects.jsonl").is_file() and (out / "projects.jsonl").read_text("utf-8").count("\n") >= 2)
    process.send_signal(getattr(signal, how))
    heard = process.communicate(timeout=300)[1]
    assert process.returncode == (3 if how != "SIGKILL" else -9)
    if how != "SIGKILL":
        assert "已按要求中止" in heard
    time.sleep(4 * WATCH_SECONDS)  # what a killed batch has started looks for its parent so often
    done = {key for key in names if (out / "projects" / key / SEAL).is_file()}
    assert 2 <= len(done) < len(names)
    times = {key: (out / "projects" / key / SEAL).stat().st_ctime_ns for key in done}
    result, ran = batch(zone, out, resume=True)
    assert set(ran.ran) == set(names) - done
    assert set(by_key(result)) == set(names)
    assert all(r.outcome == result.records[0].outcome for r in result.records)
    assert len({tuple(sorted(r.counts.items())) for r in result.records}) == 1
    assert times.keys() == done
    assert not list((out / "cache").glob("writing/*"))
