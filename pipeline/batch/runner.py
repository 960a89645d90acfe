"""The side of a batch that waits for a project: in the loop, in a thread or in a worker of Dask, always the same.

Dask can neither end a task that hangs nor limit the memory of one, so each project runs in a process that can be
killed; it serves one project after another and is replaced when it dies or keeps too much memory.
"""

from __future__ import annotations

import atexit
import contextlib
import tempfile
import threading
from collections.abc import Iterator, Sequence
from queue import Empty, SimpleQueue

from pipeline import __version__
from pipeline.batch import inputs, one, store
from pipeline.batch.child import SCRATCH
from pipeline.batch.discover import Found
from pipeline.batch.environment import software
from pipeline.batch.record import Cause, Ended
from pipeline.batch.settings import Settings
from pipeline.errors import InputError
from pipeline.isolation.parent import ROOT
from pipeline.isolation.process import Worker
from pipeline.isolation.worker import Answer


class Stopped(Exception):
    """The batch was broken off while this project was at work: it has not ended."""


class Runner:
    """One process that runs projects."""

    def __init__(self, boot: str) -> None:
        self._closed = threading.Event()
        self._scratch = tempfile.TemporaryDirectory(prefix=SCRATCH, ignore_cleanup_errors=True)
        self._worker = Worker(boot.format(root=str(ROOT)), self._scratch.name, self._closed, apart=True)

    def run(self, found: Found, settings: Settings) -> Ended:
        """How the project ended. A process that died of it without reaching a limit is tried again a few times.

        Errors: Stopped when this runner is closed meanwhile.
        """
        for _ in range(max(settings.deaths, 0) + 1):
            answer = self._worker.ask((found, settings), settings.limits)
            if self._closed.is_set() and answer.how != "done":
                raise Stopped(found.key)
            if answer.how != "killed":
                break
        if isinstance(answer.value, Ended):
            return answer.value
        cause, reason = _why(answer, settings)
        table = inputs.stamps(settings.source(found.path))
        return one.conclude(found, settings, table, cause, reason)

    def close(self) -> None:
        """Ends the process, in the middle of a project too."""
        self._closed.set()
        self._worker.end()
        self._scratch.cleanup()


def _why(answer: Answer, settings: Settings) -> tuple[Cause, str]:
    limits = settings.limits
    match answer.how:
        case "timeout":
            return "timeout", f"运行超过 {limits.wall_seconds:g} 秒的限度，已中止（batch.wall_seconds）"
        case "memory":
            return "memory", f"内存超过 {limits.memory_mb:g} MB 的限度，已中止（batch.memory_mb）"
        case _:
            return "killed", f"运行项目的进程异常终止（{answer.detail}），共试 {settings.deaths + 1} 次"


# ---------------------------------------------------------------- the runners of this process

_idle: dict[str, SimpleQueue[Runner]] = {}
_all: list[Runner] = []
_lock = threading.Lock()


def run_group(group: Sequence[Found], settings: Settings) -> list[Ended]:
    """One task: a few projects one after another. What an earlier try of this task has finished is not run again."""
    with _borrowed(settings.boot) as runner:  # its imports run while this process looks at its own software
        if software() != settings.software:
            raise InputError(f"软件版本不同：这里是 duoce {__version__}，标准或程序文件与发起批处理的机器不一致")
        return [store.standing(found, settings, ended=True) or runner.run(found, settings) for found in group]


def stop() -> int:
    """Ends every runner of this process, in the middle of a project too; returns how many there were."""
    with _lock:
        runners, _all[:] = list(_all), []
        _idle.clear()
    for runner in runners:
        runner.close()
    return len(runners)


@contextlib.contextmanager
def _borrowed(boot: str) -> Iterator[Runner]:
    """An idle runner, or a new one when all are at work: as many as this process has threads that ask."""
    with _lock:
        idle = _idle.setdefault(boot, SimpleQueue())
    try:
        runner = idle.get_nowait()
    except Empty:
        runner = Runner(boot)
        with _lock:
            _all.append(runner)
    try:
        yield runner
    finally:
        idle.put(runner)


atexit.register(stop)
