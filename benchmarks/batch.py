"""Projects per minute with 1 and 2 workers against the plain loop, an unchanged second run, memory at scale."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.table import Row
from pipeline.batch.conduct import Options, run_batch

ROOT = Path(__file__).parent.parent
SEED = 7
COUNT, QUICK_COUNT = 200, 12
LARGE = 2_000
SPIN = 6_000_000
AFTER_SECONDS = 2.5  # files younger than two seconds are read again: the second run is timed on settled ones


class _Quiet:
    """A listener that hears nothing."""

    def found(self, *_: object, **__: object) -> None: ...
    def ended(self, *_: object) -> None: ...
    def step(self, *_: object) -> None: ...


def rows(*, quick: bool) -> Iterator[Row]:
    """Two workers, one worker, a second run; then, not in `quick`, a scheduler with ten times as many projects."""
    count = QUICK_COUNT if quick else COUNT
    with tempfile.TemporaryDirectory(prefix="duoce-bench-") as place:
        root = Path(place)
        zone = _district(root / "zone", count)
        yield from _workers(zone, root, count, runs=1 if quick else 2)
        yield _second_run(zone, root, count)
        if not quick:
            yield _memory(zone, root, count)


# ---------------------------------------------------------------- workers against the loop


def _workers(zone: Path, root: Path, count: int, *, runs: int) -> Iterator[Row]:
    """The same batch without the roll-up, in turn: loop, one worker, two workers, and two processes that only count."""
    times: dict[int, list[float]] = {0: [], 1: [], 2: []}
    pure: list[float] = []
    for run in range(runs):
        for workers, kept in times.items():
            kept.append(_timed(zone, root / f"out-{run}-{workers}", workers))
        pure.append(_pure())
        _equal([root / f"out-{run}-{workers}" for workers in times])
    best = {workers: min(seconds) for workers, seconds in times.items()}
    for workers, bound in ((2, 1.6), (1, 0.9)):
        yield Row(
            f"batch, {workers} worker{'s' * (workers > 1)}",
            "plain loop",
            best[workers],
            best[0],
            bound,
            f"{count} generated projects",
            f"{60 * count / best[workers]:.0f} projects a minute against {60 * count / best[0]:.0f}; "
            f"two processes of pure computation beside it: {max(pure):.2f} times one",
        )


def _timed(zone: Path, out: Path, workers: int) -> float:
    options = Options(workers=workers or None, roll_up=False)
    started = time.perf_counter()
    batch = run_batch(zone, out, options, _Quiet())
    seconds = time.perf_counter() - started
    assert batch.stopped is None
    assert not any(record.outcome == "crashed" for record in batch.records)
    return seconds


def _equal(outs: Sequence[Path]) -> None:
    """Every way gave the same records and the same results, byte for byte."""
    first, *others = ({p.relative_to(out): p.read_bytes() for p in _results(out)} for out in outs)
    assert first
    assert all(other == first for other in others)


def _results(out: Path) -> list[Path]:
    files = (p for p in (out / "projects").rglob("*") if p.is_file() and p.name != "seal.json")
    return sorted([*files, out / "projects.jsonl"])


def _spin(rounds: int) -> int:
    total = 0
    for number in range(rounds):
        total += number & 7
    return total


def _pure() -> float:
    """How many times faster two processes are than one, when all they do is count."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        pool.map(_spin, [1, 1])
        started = time.perf_counter()
        pool.apply(_spin, (2 * SPIN,))
        one = time.perf_counter() - started
        started = time.perf_counter()
        pool.map(_spin, [SPIN, SPIN], chunksize=1)
        return one / (time.perf_counter() - started)


# ---------------------------------------------------------------- a second run


def _second_run(zone: Path, root: Path, count: int) -> Row:
    """The whole command with its roll-up, in processes of their own, the second time with nothing changed."""
    time.sleep(AFTER_SECONDS)
    command = [sys.executable, "-m", "pipeline.cli", "batch", str(zone), "-o", str(root / "again"), "--json"]
    seconds, ran = [], []
    for _ in range(3):
        started = time.perf_counter()
        done = subprocess.run(command, env=_environment(), capture_output=True, check=False)
        seconds.append(time.perf_counter() - started)
        end = json.loads(done.stdout.splitlines()[-1])
        ran.append(end["total"] - end["cached"])
    assert ran == [count, 0, 0]
    note = f"the first run {seconds[0]:.1f} s, the second {seconds[1]:.2f} s, the third {seconds[2]:.2f} s"
    return Row(
        "batch, second run", "first run", min(seconds[1:]), seconds[0], 0.02, f"{count} projects", note, share=True
    )


# ---------------------------------------------------------------- memory


def _memory(zone: Path, root: Path, count: int) -> Row:
    """A scheduler with two workers at `count` and at `LARGE` projects: time per project and peaks of memory."""
    many = _district(root / "many", LARGE)
    few_seconds, few = _on_scheduler(zone, root / "few-out")
    many_seconds, much = _on_scheduler(many, root / "many-out")
    growth = (much["scheduler"] - few["scheduler"]) * 1024 / (LARGE - count)
    note = (
        f"peak memory at {count} and {LARGE:,}: scheduler {few['scheduler']:.0f} and {much['scheduler']:.0f} MB "
        f"({growth:.1f} kB a project), client {few['client']:.0f} and {much['client']:.0f} MB, "
        f"worker {few['worker']:.0f} and {much['worker']:.0f} MB, "
        f"the process that runs its projects {few['runner']:.0f} and {much['runner']:.0f} MB"
    )
    each = many_seconds / LARGE * count
    return Row("batch of many, per project", "of few", each, few_seconds, 0.9, f"{LARGE:,} and {count} projects", note)


def _on_scheduler(zone: Path, out: Path) -> tuple[float, dict[str, float]]:
    """Seconds and peaks in MB of one batch on `dask scheduler` and two `dask worker`."""
    with _dask(out.with_suffix(".json")) as (address, scheduler, workers):
        words = ["batch", str(zone), "-o", str(out), "--scheduler", address, "--json"]
        started = time.perf_counter()
        client = subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", *words], env=_environment(), stdout=subprocess.PIPE, text=True
        )
        assert client.stdout is not None
        peaks: dict[str, float] = dict.fromkeys(("client", "scheduler", "worker", "runner"), 0.0)
        for number, _ in enumerate(client.stdout):
            if number % 20 == 0:
                _seen(peaks, client.pid, scheduler, workers)
        seconds = time.perf_counter() - started
        assert client.wait() in (0, 1)
    return seconds, peaks


def _seen(peaks: dict[str, float], client: int, scheduler: int, workers: Sequence[int]) -> None:
    runners = [child for worker in workers for child in _children(worker)]
    for name, pids in (("client", [client]), ("scheduler", [scheduler]), ("worker", workers), ("runner", runners)):
        peaks[name] = max([peaks[name], *map(_peak_mb, pids)])


def _peak_mb(pid: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(c) for t in Path(f"/proc/{pid}/task").iterdir() for c in (t / "children").read_text().split()]
    return []


@contextlib.contextmanager
def _dask(file: Path) -> Iterator[tuple[str, int, list[int]]]:
    """A scheduler and two workers: (address, its process id, theirs)."""
    start = partial(subprocess.Popen, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    dask, at = [sys.executable, "-m", "dask"], ["--no-dashboard", "--scheduler-file", str(file)]
    processes = [start([*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", *at])]
    try:
        while not file.exists() or not file.stat().st_size:
            time.sleep(0.1)
        processes += [start([*dask, "worker", "--nthreads", "1", "--no-nanny", *at]) for _ in range(2)]
        yield json.loads(file.read_text("utf-8"))["address"], processes[0].pid, [p.pid for p in processes[1:]]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


# ---------------------------------------------------------------- projects


def _district(zone: Path, count: int) -> Path:
    """A generated district of so many small projects."""
    words = ["samples/make.py", "--district", str(count), "--seed", str(SEED), "-o", str(zone)]
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return zone


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}
