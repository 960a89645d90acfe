"""What the processes of this benchmark take while it runs: CPU seconds and peak memory, by what they are for."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

SECONDS = 0.5  # between two looks; what a process takes after the last one is missed
TICKS = os.sysconf("SC_CLK_TCK")
#: what a process is, by a word of its command line; the first that fits
ROLES = (
    ("child.serve", "runner"),
    ("worker.serve", "reader"),
    ("dask scheduler", "scheduler"),
    ("dask worker", "worker"),
    ("spawn_main", "worker"),
    ("pipeline.cli", "command"),
)


@dataclass(slots=True)
class Watch:
    """Used as a context: looks at process `root` and all below it, again and again.

    cpu_s: by role, of all its processes together; peak_mb: by role, of the largest single one. Role "own": the root.
    """

    root: int = field(default_factory=os.getpid)
    _taken: dict[tuple[str, int], float] = field(default_factory=dict)
    _peaks: dict[str, float] = field(default_factory=dict)
    _before: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    @property
    def cpu_s(self) -> Mapping[str, float]:
        found: dict[str, float] = defaultdict(float)
        for (role, _), seconds in self._taken.items():
            found[role] += seconds
        found["own"] -= self._before
        return found

    @property
    def peak_mb(self) -> Mapping[str, float]:
        return defaultdict(float, self._peaks)

    def __enter__(self) -> Self:
        self._before = _cpu_s(self.root)
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        self.look()

    def look(self) -> None:
        """One look."""
        for pid in _tree(self.root):
            role = "own" if pid == self.root else _role(pid)
            if role and (seconds := _cpu_s(pid)):
                self._taken[role, pid] = seconds
                self._peaks[role] = max(self._peaks.get(role, 0.0), peak_mb(pid))

    def _watch(self) -> None:
        while not self._over.wait(SECONDS):
            self.look()


def _tree(pid: int) -> Iterator[int]:
    yield pid
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text("ascii").split():
                yield from _tree(int(child))


def _role(pid: int) -> str | None:
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        return next((role for word, role in ROLES if word in words), None)
    return None


def _cpu_s(pid: int) -> float:
    """User and system time of a process so far."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    return 0.0


def peak_mb(pid: int) -> float:
    """The most memory that a process has held so far, MB; 0 where the system does not say."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0
