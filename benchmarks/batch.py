"""Projects per minute with 1 and 2 workers against the plain loop, an unchanged second run, memory at scale."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.table import Row
from benchmarks.watching import Watch
from pipeline.batch.conduct import Options, run_batch
from pipeline.batch.discover import Zone
from pipeline.batch.plan import groups
from pipeline.batch.record import Ended

ROOT = Path(__file__).parent.parent
SEED = 7
COUNT, QUICK_COUNT = 200, 20
LARGE = 2_000
SPIN = 6_000_000
AFTER_SECONDS = 2.5  # files younger than two seconds are read again: the second run is timed on settled ones


class _Heard:
    """A listener that says nothing and keeps how long each project took."""

    def __init__(self) -> None:
        self.zone, self.seconds = Zone(()), dict[str, float]()

    def found(self, zone: Zone, **_: object) -> None:
        self.zone = zone

    def ended(self, ended: Ended) -> None:
        self.seconds[ended.record.key] = ended.seconds

    def step(self, *_: object) -> None: ...

    @property
    def shortest_s(self) -> float:
        """Of the tasks that were made of the zone; projects that could not be run at all aside."""
        tasks = [[self.seconds[found.key] for found in task] for task in groups(self.zone.found)]
        return min(sum(task) for task in tasks if all(task))


def rows(*, quick: bool) -> Iterator[Row]:
    """Two workers, one worker, a second run, one with a change; then, not in `quick`, a scheduler with ten times as many projects.

    The results of the first loop are those that the second run finds standing: they are made once.
    """
    count = QUICK_COUNT if quick else COUNT
    with tempfile.TemporaryDirectory(prefix="duoce-bench-") as place:
        root = Path(place)
        zone = _district(root / "zone", count)
        loops, made = _workers(zone, root, count, runs=1 if quick else 2)
        yield from made
        yield from _again(zone, root / "out-0-0", count, loops[0])
        for out in root.glob("out-*"):
            shutil.rmtree(out)
        if not quick:
            yield _memory(zone, root, count)


# ---------------------------------------------------------------- workers against the loop


def _workers(zone: Path, root: Path, count: int, *, runs: int) -> tuple[list[float], list[Row]]:
    """The same batch without the roll-up, in turn: loop, one worker, two workers, and two processes that only count.

    Returns the seconds of each loop, and the rows.
    """
    taken: dict[int, list[_Taken]] = {0: [], 1: [], 2: []}
    pure: list[float] = []
    for run in range(runs):
        for workers, kept in taken.items():
            kept.append(_timed(zone, root / f"out-{run}-{workers}", workers))
        pure.append(_pure())
        _equal([root / f"out-{run}-{workers}" for workers in taken])
    best = {workers: min(kept, key=lambda item: item.seconds) for workers, kept in taken.items()}
    made = [
        Row(
            f"batch, {workers} worker{'s' * (workers > 1)}",
            "plain loop",
            best[workers].seconds,
            best[0].seconds,
            bound,
            f"{count} generated projects",
            f"{60 * count / best[workers].seconds:.0f} projects a minute against {60 * count / best[0].seconds:.0f}; "
            f"two processes of pure computation beside it: {max(pure):.2f} times one; "
            f"shortest task {1000 * best[workers].shortest_s:.0f} ms; "
            f"CPU in all: {best[workers].cpu} against {best[0].cpu}",
        )
        for workers, bound in ((2, 1.6), (1, 0.9))
    ]
    return [item.seconds for item in taken[0]], made


@dataclass(frozen=True, slots=True)
class _Taken:
    """Wall time of one batch, the CPU time of its processes in words, its shortest task."""

    seconds: float
    cpu: str
    shortest_s: float


def _timed(zone: Path, out: Path, workers: int) -> _Taken:
    options = Options(workers=workers or None, roll_up=False)
    heard = _Heard()
    with Watch() as watch:
        started = time.perf_counter()
        batch = run_batch(zone, out, options, heard)
        seconds = time.perf_counter() - started
    assert batch.stopped is None
    assert not any(record.outcome == "crashed" for record in batch.records)
    cpu = watch.cpu_s
    projects, dask = cpu["runner"] + cpu["reader"], cpu["own"] + cpu["worker"]
    return _Taken(seconds, f"{projects:.1f} s for the projects, {dask:.1f} s around them", heard.shortest_s)


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


def _again(zone: Path, out: Path, count: int, loop_s: float) -> Iterator[Row]:
    """The whole command in processes of its own: to roll up what the loop has made, then nothing, then one project."""
    time.sleep(AFTER_SECONDS)
    rolled_s, *unchanged = [_command(zone, out, (count, count)) for _ in range(3)]
    first_s = loop_s + rolled_s
    note = (
        f"the first run {loop_s:.1f} s for the projects (plain loop) and {rolled_s:.1f} s for the roll-up, "
        f"the second {unchanged[0]:.2f} s, the third {unchanged[1]:.2f} s"
    )
    sizes = f"{count} projects"
    yield Row("batch, second run", "first run", min(unchanged), first_s, 0.02, sizes, note, share=True)
    changed = min(zone.glob("*/project.yaml"))
    changed.write_text(changed.read_text("utf-8") + "# 改\n", "utf-8")
    changed_s = _command(zone, out, (count, count - 1))
    note = "one project is run, the district rolled up anew"
    yield Row("batch, one file of one project changed", "first run", changed_s, first_s, 0.2, sizes, note, share=True)


def _command(zone: Path, out: Path, expected: tuple[int, int]) -> float:
    """Seconds of one batch from the command line. expected: how many projects there are, how many are not run again."""
    command = [sys.executable, "-m", "pipeline.cli", "batch", str(zone), "-o", str(out), "--json"]
    started = time.perf_counter()
    done = subprocess.run(command, env=_environment(), capture_output=True, check=False)
    seconds = time.perf_counter() - started
    end = json.loads(done.stdout.splitlines()[-1])
    assert (end["total"], end["cached"]) == expected
    return seconds


# ---------------------------------------------------------------- memory


def _memory(zone: Path, root: Path, count: int) -> Row:
    """A scheduler with two workers at `count` and at `LARGE` projects: time per project and peaks of memory."""
    many = _district(root / "many", LARGE)
    few_seconds, few = _on_scheduler(zone, root / "few-out")
    many_seconds, much = _on_scheduler(many, root / "many-out")
    growth = (much["scheduler"] - few["scheduler"]) * 1024 / (LARGE - count)
    note = (
        f"peak memory at {count} and {LARGE:,}: scheduler {few['scheduler']:.0f} and {much['scheduler']:.0f} MB "
        f"({growth:.1f} kB a project), client {few['command']:.0f} and {much['command']:.0f} MB, "
        f"worker {few['worker']:.0f} and {much['worker']:.0f} MB, "
        f"the process that runs its projects {few['runner']:.0f} and {much['runner']:.0f} MB"
    )
    each = many_seconds / LARGE * count
    return Row("batch of many, per project", "of few", each, few_seconds, 0.9, f"{LARGE:,} and {count} projects", note)


def _on_scheduler(zone: Path, out: Path) -> tuple[float, Mapping[str, float]]:
    """Seconds and peaks in MB of one batch on `dask scheduler` and two `dask worker`."""
    with Watch() as watch, _dask(out.with_suffix(".json")) as address:
        command = [sys.executable, "-m", "pipeline.cli", "batch", str(zone), "-o", str(out), "--scheduler", address]
        started = time.perf_counter()
        done = subprocess.run([*command, "--quiet"], env=_environment(), check=False)
        seconds = time.perf_counter() - started
        assert done.returncode in (0, 1)
    return seconds, watch.peak_mb


@contextlib.contextmanager
def _dask(file: Path) -> Iterator[str]:
    """A scheduler and two workers; its address."""
    start = partial(subprocess.Popen, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    dask, at = [sys.executable, "-m", "dask"], ["--no-dashboard", "--scheduler-file", str(file)]
    processes = [start([*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", *at])]
    try:
        while not file.exists() or not file.stat().st_size:
            time.sleep(0.1)
        processes += [start([*dask, "worker", "--nthreads", "1", "--no-nanny", *at]) for _ in range(2)]
        yield json.loads(file.read_text("utf-8"))["address"]
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
