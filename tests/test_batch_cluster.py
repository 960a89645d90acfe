"""The same results from threads, processes, a local cluster and a scheduler, whatever happens to the workers."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial

import pytest
from factories_batch import MISBEHAVING, ROOT, Heard, batch, by_key, command, results_of, settings_of, until, zone_of

from pipeline.batch.record import write_lines
from pipeline.batch.runner import run_group, stop
from pipeline.errors import InputError

pytest.importorskip("distributed", reason="needs duoce[batch]")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no signals")
NAMES = [f"p{number}" for number in range(6)]


@pytest.fixture(autouse=True)
def _not_too_small(monkeypatch):
    monkeypatch.setattr("pipeline.batch.plan.SMALL_SECONDS", 0)  # so little work would not start a cluster


@pytest.fixture(scope="module")
def zone(tmp_path_factory):
    return zone_of(tmp_path_factory.mktemp("cluster") / "zone", NAMES)


@pytest.fixture(scope="module")
def plain(zone, tmp_path_factory):
    """What the plain loop makes of the zone."""
    out = tmp_path_factory.mktemp("plain") / "out"
    result, heard = batch(zone, out)
    assert heard.way == "loop"
    return result.records, results_of(out), (out / "projects.jsonl").read_bytes()


def same_as(plain, result, out):
    assert result.stopped is None
    assert result.records == plain[0]
    assert results_of(out) == plain[1]
    assert (out / "projects.jsonl").read_bytes() == plain[2]


def test_a_local_cluster_of_two_workers_gives_what_the_loop_gives(zone, plain, tmp_path):
    result, heard = batch(zone, tmp_path / "out", workers=2)
    assert heard.way == "cluster"
    same_as(plain, result, tmp_path / "out")


@pytest.mark.slow
def test_a_local_cluster_of_one_worker_gives_what_the_loop_gives(zone, plain, tmp_path):
    result, _ = batch(zone, tmp_path / "out", workers=1)
    same_as(plain, result, tmp_path / "out")


@pytest.mark.slow
@pytest.mark.parametrize(
    "pool",
    [partial(ThreadPoolExecutor, 3), partial(ProcessPoolExecutor, 2, mp_context=multiprocessing.get_context("spawn"))],
    ids=["threads", "processes"],
)
def test_threads_and_processes_give_what_the_loop_gives(zone, plain, tmp_path, pool):
    made, tasks = settings_of(zone, tmp_path / "out")
    with pool() as running:
        ended = [one for group in running.map(partial(run_group, settings=made), tasks) for one in group]
        running.submit(stop).result()
    stop()
    write_lines([one.record for one in ended], tmp_path / "out" / "projects.jsonl")
    assert results_of(tmp_path / "out") == plain[1]
    assert (tmp_path / "out" / "projects.jsonl").read_bytes() == plain[2]


# ---------------------------------------------------------------- a scheduler that is running


@pytest.fixture
def scheduler(tmp_path):
    """`dask scheduler` with two `dask worker`, as the README shows them: (address, the three processes)."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    heard = (tmp_path / "dask.log").open("w", encoding="utf-8")
    started = partial(subprocess.Popen, env=environment, stdout=heard, stderr=heard, cwd=tmp_path)
    file = tmp_path / "scheduler.json"
    at = ["--scheduler-file", str(file)]
    dask = [sys.executable, "-m", "dask"]
    processes = [started([*dask, "scheduler", "--no-dashboard", "--host", "127.0.0.1", "--port", "0", *at])]
    try:
        until(file.is_file)
        worker = [*dask, "worker", "--no-dashboard", "--nthreads", "1", "--no-nanny", *at]
        processes += [started(worker), started(worker)]
        yield _address(file), processes
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()
        heard.close()


def _address(file):
    import json

    return json.loads(file.read_text("utf-8"))["address"]


def _both_there(address):
    from distributed import Client

    with Client(address) as client:
        client.wait_for_workers(2, timeout=300)


@pytest.mark.slow
def test_a_scheduler_with_two_workers_gives_what_the_loop_gives(zone, plain, tmp_path, scheduler):
    _both_there(scheduler[0])
    result, heard = batch(zone, tmp_path / "out", scheduler=scheduler[0])
    assert heard.way == "scheduler"
    same_as(plain, result, tmp_path / "out")


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_loses_nothing(zone, plain, tmp_path, scheduler):
    address, (_, *workers) = scheduler
    _both_there(address)
    heard = Heard(lambda _: workers[0].send_signal(signal.SIGKILL) if workers[0].poll() is None else None)
    result, _ = batch(zone, tmp_path / "out", heard=heard, scheduler=address)
    assert workers[0].wait() == -signal.SIGKILL
    same_as(plain, result, tmp_path / "out")


@pytest.mark.slow
def test_a_project_that_takes_its_worker_with_it_is_marked_and_the_others_complete(tmp_path):
    zone = zone_of(tmp_path / "zone", ["a", "b", "kills_worker"])
    result, _ = batch(zone, tmp_path / "out", workers=2, settings={"boot": MISBEHAVING, "deaths": 1})
    records = by_key(result)
    assert (records["kills_worker"].outcome, records["kills_worker"].cause) == ("crashed", "killed")
    assert "不再重试" in records["kills_worker"].reason
    assert records["a"].outcome == records["b"].outcome != "crashed"


@pytest.mark.slow
@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL"])
def test_a_clustered_batch_that_is_broken_off_keeps_what_is_done_and_goes_on(tmp_path, how):
    names = [f"p{number:02}" for number in range(24)]
    zone, out = zone_of(tmp_path / "zone", names), tmp_path / "out"
    process = command("batch", zone, "-o", out, "--workers", 2)
    until(lambda: (out / "projects.jsonl").is_file() and (out / "projects.jsonl").read_text("utf-8").count("\n") >= 2)
    process.send_signal(getattr(signal, how))
    heard = process.communicate(timeout=300)[1]
    assert process.returncode == (3 if how == "SIGINT" else -9)
    assert "Traceback" not in heard
    result, ran = batch(zone, out, resume=True)
    assert 0 < len(ran.ran) < 24
    assert set(by_key(result)) == set(names)
    assert {r.cause for r in result.records} == {None}


@pytest.mark.slow
def test_a_scheduler_that_goes_away_leaves_what_is_done(zone, tmp_path, scheduler):
    address, processes = scheduler
    _both_there(address)
    result, heard = batch(zone, tmp_path / "out", heard=Heard(lambda _: processes[0].kill()), scheduler=address)
    assert "与 Dask 调度器的连接已中断" in result.stopped
    assert 0 < len(result.records) == len(heard.ran) < len(NAMES)
    result, _ = batch(zone, tmp_path / "out", resume=True)
    assert {r.cause for r in result.records} == {None}
    assert len(result.records) == len(NAMES)


@pytest.mark.slow
def test_a_scheduler_that_is_not_there_or_has_no_workers_is_said(zone, tmp_path, scheduler, monkeypatch):
    monkeypatch.setattr("pipeline.batch.cluster.CONNECT_SECONDS", 2)
    with pytest.raises(InputError, match="连接不上 Dask 调度器"):
        batch(zone, tmp_path / "out", scheduler="tcp://127.0.0.1:9")
    monkeypatch.setattr("pipeline.batch.cluster.WORKERS_SECONDS", 2)
    address, (_, *workers) = scheduler
    _both_there(address)
    for worker in workers:
        worker.kill()
        worker.wait()
    with pytest.raises(InputError, match="没有工作进程"):
        batch(zone, tmp_path / "out", scheduler=address)


def test_without_dask_the_command_says_what_to_install(zone, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install 'duoce\[batch\]'"):
        batch(zone, tmp_path / "out", workers=2)
