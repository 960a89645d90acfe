"""Two commands timed in turn, each run a process of its own: from outside, or what it says of itself after its imports."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
DUOCE = (sys.executable, "-m", "pipeline.cli")
Command = Sequence[str]


def outside(ours: Command, peer: Command, *, runs: int) -> tuple[float, float]:
    """Median seconds of the whole processes, in turn after one run of each that is not counted."""
    return _in_turn(lambda command: _seconds(command)[0], ours, peer, runs=runs)


def inside(ours: Command, peer: Command, *, runs: int) -> tuple[float, float]:
    """Median of the seconds that the commands print as their last line, each in a fresh process."""
    return _in_turn(lambda command: float(_seconds(command)[1].split()[-1]), ours, peer, runs=runs)


def python(code: str, *arguments: object) -> Command:
    """A command that runs this code."""
    return [sys.executable, "-c", code, *map(str, arguments)]


def alone(command: Command) -> float:
    """Seconds of one whole process."""
    return _seconds(command)[0]


def cpu(command: Command) -> float:
    """CPU seconds of one whole process and of those it starts: what counts while others use the machine (not on Windows)."""
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _seconds(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _in_turn(timed: Callable[[Command], float], ours: Command, peer: Command, *, runs: int) -> tuple[float, float]:
    for command in (ours, peer):
        timed(command)
    pairs = [(timed(ours), timed(peer)) for _ in range(runs)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def _seconds(command: Command) -> tuple[float, str]:
    """How long it took and what it printed. Exit code 1 is a run with findings."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)
    seconds = time.perf_counter() - started
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{command}: {done.returncode}: {done.stderr[-2000:]}")
    return seconds, done.stdout
