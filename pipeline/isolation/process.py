"""One worker process: asked, listened to, killed when its time is up, started anew when it is gone."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import IO, Any

from pipeline.isolation import worker
from pipeline.isolation.worker import Answer, Limits

LENGTH = struct.Struct("<Q")
DYING_SECONDS = 2.0  # from the end of its pipe to the end of a worker
START_SECONDS = 120.0  # a worker that has not imported its readers by then never will
#: one thread of arithmetic is enough to read, and each further one reserves address space
SPARING = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Worker:
    """One child process, started at once and anew when it is gone.

    apart: in a session of its own, so that the processes it starts end with it (not on Windows).
    """

    def __init__(self, boot: str, scratch: str, closed: threading.Event, *, apart: bool = False) -> None:
        self._boot, self._scratch, self._closed, self._apart = boot, scratch, closed, apart
        self._ready = False
        self._process = self._started()

    def ask(self, job: Any, limits: Limits, *, told: Callable[[str], None] = lambda _: None) -> Answer:
        """The answer to one job (whatever the worker's program takes, a `Job` for `worker.serve`), or how it died."""
        if self._closed.is_set():
            return Answer("killed", "读取已中止")
        if self._process.poll() is not None:
            self._ready, self._process = False, self._started()
        if not self._ready:
            with self._alarm(START_SECONDS):
                self._ready = _received(self._process.stdout) is not None
            if not self._ready:
                self.end()
                return Answer("killed", "读取进程无法启动")
        with self._alarm(limits.wall_seconds) as rung:
            answer = self._asked(job, limits, told)
        answer, whole = answer or self._died(rung, limits), answer is not None and not answer.tired
        if not whole or rung.is_set():
            self.end()
        return answer

    def _asked(self, job: Any, limits: Limits, told: Callable[[str], None]) -> Answer | None:
        stdin = self._process.stdin
        assert stdin is not None
        try:
            pickle.dump((job, limits), stdin)
            stdin.flush()
            answer = pickle.loads(_received(self._process.stdout) or b"")  # noqa: S301 — from our own child
            while isinstance(answer, Answer) and answer.how == "told":
                told(str(answer.detail))
                answer = pickle.loads(_received(self._process.stdout) or b"")  # noqa: S301 — as above
        except Exception:  # noqa: BLE001 — whatever half an answer makes of pickle, the worker is gone
            return None
        return answer if isinstance(answer, Answer) else None

    def _died(self, rung: threading.Event, limits: Limits) -> Answer:
        """What a worker died of that gave no answer, or half of one."""
        if rung.is_set():
            return Answer("timeout", limits.wall_seconds)
        try:
            reason = worker.cause_of_death(self._process.wait(DYING_SECONDS))
        except subprocess.TimeoutExpired:
            reason = "传回的结果无法解读"
        return Answer("timeout", limits.cpu_seconds) if reason == "SIGXCPU" else Answer("killed", reason)

    def _started(self) -> subprocess.Popen[bytes]:
        heard = None if os.environ.get("DUOCE_DEBUG") else subprocess.DEVNULL
        places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._scratch)
        return subprocess.Popen(  # noqa: S603 — this interpreter, our own module
            [sys.executable, "-P", "-c", self._boot],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=heard,
            env={**os.environ, **SPARING, **places},
            start_new_session=self._apart,
        )

    @contextlib.contextmanager
    def _alarm(self, seconds: float | None) -> Iterator[threading.Event]:
        """Kills the worker after so many seconds, which ends the wait for its answer."""
        rung = threading.Event()

        def ring() -> None:
            rung.set()
            self._kill()

        if seconds is None:
            yield rung
            return
        timer = threading.Timer(seconds, ring)
        timer.daemon = True
        timer.start()
        try:
            yield rung
        finally:
            timer.cancel()

    def end(self) -> None:
        """The process is gone and its pipes are closed."""
        self._kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()

    def _kill(self) -> None:
        if self._apart and sys.platform != "win32":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()


def _received(pipe: IO[bytes] | None) -> bytes | None:
    """One message; None when the worker went away before its end."""
    assert pipe is not None
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    size = LENGTH.unpack(head)[0]
    body = pipe.read(size)
    return body if len(body) == size else None
