"""A project that hangs, eats memory or takes its process with it is recorded; every other result is complete and right."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from factories_batch import MISBEHAVING, batch, by_key, project, results_of, settings_of, zone_of

from pipeline.batch import runner
from pipeline.batch.discover import Found
from pipeline.batch.record import Ended, from_line
from pipeline.isolation.worker import Limits

GOOD = ["a", "b", "z"]
linux = pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
posix = pytest.mark.skipif(sys.platform == "win32", reason="no signals")
CAUSES = {
    "devours": ("memory", "超过 1024 MB 的限度"),
    "dies": ("killed", "SIGKILL"),
    "raises": ("exception", "a fault of the program"),
}


@linux
def test_what_goes_wrong_with_one_project_stops_nothing(tmp_path):
    zone, out = zone_of(tmp_path / "zone", [*GOOD, *CAUSES, "dies_once"]), tmp_path / "out"
    limits = {"boot": MISBEHAVING, "limits": Limits(300, None, 1024), "deaths": 1}
    result, heard = batch(zone, out, settings=limits)
    records = by_key(result)
    assert len(heard.ran) == len(records) == 7
    for name, (cause, words) in CAUSES.items():
        assert (records[name].outcome, records[name].cause) == ("crashed", cause)
        assert words in records[name].reason
        assert from_line((out / "projects" / name / "record.json").read_text("utf-8")) == records[name]
        assert not (out / "projects" / name / "summary.json").exists()
    assert {records[name].outcome for name in [*GOOD, "dies_once"]} == {records["a"].outcome}
    assert not list((out / "cache").glob("writing/*"))
    kept, heard = batch(zone, out, resume=True, settings=limits)
    assert heard.ran == []  # a batch that goes on does not try again what has crashed in it
    assert kept.records == result.records
    _, heard = batch(zone, out, settings={"limits": Limits(300, None, 2048)})
    assert sorted(heard.ran) == sorted(CAUSES)  # a new one does
    alone = tmp_path / "alone"
    batch(zone_of(tmp_path / "others", GOOD), alone)
    good = {name: data for name, data in results_of(alone).items() if "project" not in name}
    assert {name: data for name, data in results_of(out).items() if name in good and "record" not in name} == {
        name: data for name, data in good.items() if "record" not in name
    }


@pytest.mark.slow
@pytest.mark.parametrize("workers", [None, 2])
def test_a_project_that_hangs_is_ended_and_the_others_complete(tmp_path, workers, monkeypatch):
    monkeypatch.setattr("pipeline.batch.plan.SMALL_SECONDS", 0)
    zone, out = zone_of(tmp_path / "zone", [*GOOD, "hangs"]), tmp_path / "out"
    limits = {"boot": MISBEHAVING, "limits": Limits(25, None, 2048)}
    result, _ = batch(zone, out, workers=workers, settings=limits)
    records = by_key(result)
    assert (records["hangs"].outcome, records["hangs"].cause) == ("crashed", "timeout")
    assert "超过 25 秒的限度" in records["hangs"].reason
    assert [records[name].cause for name in GOOD] == [None] * 3


@posix
def test_a_runner_that_hangs_is_ended_and_serves_the_next_project(tmp_path):
    project(tmp_path / "zone" / "hangs")
    project(tmp_path / "zone" / "a")
    made, _ = settings_of(tmp_path / "zone", tmp_path / "out", boot=MISBEHAVING)
    one = runner.Runner(MISBEHAVING)
    try:
        ended = one.run(Found("hangs", "hangs", "folder"), replace(made, limits=Limits(1, None, 2048)))
        assert (ended.record.cause, "超过 1 秒的限度" in ended.record.reason) == ("timeout", True)
        assert one.run(Found("a", "a", "folder"), made).record.cause is None
    finally:
        one.close()


@posix
def test_a_runner_is_replaced_when_its_process_is_gone(tmp_path):
    project(tmp_path / "zone" / "dies")
    project(tmp_path / "zone" / "a")
    made, _ = settings_of(tmp_path / "zone", tmp_path / "out", boot=MISBEHAVING, deaths=0)
    one = runner.Runner(MISBEHAVING)
    try:
        assert one.run(Found("dies", "dies", "folder"), made).record.cause == "killed"
        assert one.run(Found("a", "a", "folder"), made).record.cause is None
    finally:
        one.close()


def test_a_process_that_cannot_start_is_a_reason_of_every_project(tmp_path):
    zone = zone_of(tmp_path / "zone", ["a", "b"])
    result, _ = batch(zone, tmp_path / "out", settings={"boot": "raise SystemExit(1)", "deaths": 0})
    assert [(r.outcome, r.cause) for r in result.records] == [("crashed", "killed")] * 2
    assert all("无法启动" in r.reason for r in result.records)


def test_a_project_of_a_closed_runner_has_not_ended(tmp_path):
    made, _ = settings_of(project(tmp_path / "zone" / "a").parent, tmp_path / "out")
    one = runner.Runner("import time; time.sleep(600)")
    one.close()
    with pytest.raises(runner.Stopped):
        one.run(Found("a", "a", "folder"), made)
    assert not (tmp_path / "out" / "projects").exists()


def test_software_of_another_version_does_not_run_the_batch(tmp_path):
    made, tasks = settings_of(project(tmp_path / "zone" / "a").parent, tmp_path / "out", boot="")
    try:
        with pytest.raises(Exception, match="软件版本不同"):
            runner.run_group(tasks[0], replace(made, software="other"))
    finally:
        runner.stop()


def test_a_task_that_is_sent_again_does_not_run_what_its_first_try_has_finished(tmp_path):
    zone, out = zone_of(tmp_path / "zone", ["a"]), tmp_path / "out"
    batch(zone, out)
    made, tasks = settings_of(zone, out, boot="raise SystemExit(1)")
    try:
        (ended,) = runner.run_group(tasks[0], made)
    finally:
        runner.stop()
    assert isinstance(ended, Ended)
    assert ended.cached
