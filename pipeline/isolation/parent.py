"""Each input file is parsed in a child process under limits; a file that kills its parser becomes a finding.

One worker process per run imports the readers once, while this process still does its own imports and reads the
standards; a second helps when there is much to read. A worker that dies is replaced for the next file.
Requests and answers are pickles: up through stdin, down through stdout behind their length; length 0 = ready.
The limits keep a damaged or hostile file from taking the machine. They are no sandbox: a worker is the same user.
Where the system has no `resource` (Windows) only the wall time is limited; memory is limited on Linux only.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

from pipeline import ledger
from pipeline.isolation import worker
from pipeline.isolation.worker import Answer, Job, Limits
from pipeline.model import Note, Source

if TYPE_CHECKING:
    from pipeline.readers import Table

LENGTH = struct.Struct("<Q")
DYING_SECONDS = 2.0  # from the end of its pipe to the end of a worker
START_SECONDS = 120.0  # a worker that has not imported its readers by then never will
SECOND_FROM_BYTES = 4_000_000  # reading this much takes longer than a second worker's imports (measured: 2–3 MB/s)
BOOT = "import sys; sys.path.insert(0, {root!r}); from pipeline.isolation import worker; worker.serve()"
ROOT = Path(__file__).resolve().parents[2]
#: one thread of arithmetic is enough to read, and each further one reserves address space
SPARING = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def limits_of(numbers: Mapping[str, Any]) -> Limits:
    """The limits stated by the numbers of a profile; one without a value does not limit."""
    return Limits(**{field.name: numbers[f"intake.{field.name}"].at(0) for field in fields(Limits)})


class Isolation:
    """Reads files in worker processes; used as a context, which ends them.

    in_process: read right here instead, without limits: for tests, and for callers that are isolated already.
    boot: the program of a worker, with `{root!r}` for the folder of this package; tests give one that misbehaves.
    """

    def __init__(self, *, in_process: bool = False, boot: str = BOOT) -> None:
        self._in_process, self._boot = in_process, boot.format(root=str(ROOT))
        self._workers: list[_Worker] = []
        self._closed = threading.Event()
        if not in_process:
            self._scratch = tempfile.TemporaryDirectory(prefix="duoce-", ignore_cleanup_errors=True)
            self._workers.append(_Worker(self._boot, self._scratch.name, self._closed))

    def read(self, jobs: Sequence[Job], limits: Limits) -> list[Source]:
        """The files, in the order asked for. Bad data never raise; what could not be read is empty and fatal."""
        return self._read(jobs, limits)

    def read_tables(self, jobs: Sequence[Job], limits: Limits) -> list[Table]:
        """The same for tables beside the surveys."""
        return self._read([replace(job, table=True) for job in jobs], limits)

    def _read(self, jobs: Sequence[Job], limits: Limits) -> list[Any]:
        if self._in_process:
            answers = [worker.parse(job) for job in jobs]
        else:
            jobs = [replace(job, path=job.path.absolute()) for job in jobs]
            answers = self._parallel(jobs, limits) if jobs else []
        return [
            _lost(job, answer, limits) if answer.value is None else answer.value
            for job, answer in zip(jobs, answers, strict=True)
        ]

    def _parallel(self, jobs: Sequence[Job], limits: Limits) -> list[Answer]:
        """Largest files first, each to the next idle worker."""
        sizes = [_size(job.path) for job in jobs]
        if len(self._workers) == 1 and len(jobs) > 1 and sum(sizes) >= SECOND_FROM_BYTES and (os.cpu_count() or 1) > 1:
            self._workers.append(_Worker(self._boot, self._scratch.name, self._closed))
        idle: SimpleQueue[_Worker] = SimpleQueue()
        for one in self._workers:
            idle.put(one)

        def ask(place: int) -> Answer:
            one = idle.get()
            try:
                return one.ask(jobs[place], limits)
            finally:
                idle.put(one)

        order = sorted(range(len(jobs)), key=lambda place: -sizes[place])
        with ThreadPoolExecutor(len(self._workers), thread_name_prefix="duoce-intake") as pool:
            try:
                found = dict(zip(order, pool.map(ask, order), strict=True))
            except BaseException:  # interrupted: leaving the pool would wait for the files being read
                self.close()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return [found[place] for place in range(len(jobs))]

    def close(self) -> None:
        """Ends the workers and removes what they left."""
        self._closed.set()
        for one in self._workers:
            one.end()
        if not self._in_process:
            self._scratch.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class _Worker:
    """One child process, started at once and anew when it is gone."""

    def __init__(self, boot: str, scratch: str, closed: threading.Event) -> None:
        self._boot, self._scratch, self._closed = boot, scratch, closed
        self._ready = False
        self._process = self._started()

    def ask(self, job: Job, limits: Limits) -> Answer:
        """The answer to one job, or how the worker died of it."""
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
            answer = self._asked(job, limits)
        answer, whole = answer or self._died(rung, limits), answer is not None and not answer.tired
        if not whole or rung.is_set():
            self.end()
        return answer

    def _asked(self, job: Job, limits: Limits) -> Answer | None:
        stdin = self._process.stdin
        assert stdin is not None
        try:
            pickle.dump((job, limits), stdin)
            stdin.flush()
            answer = pickle.loads(_received(self._process.stdout) or b"")  # noqa: S301 — from our own child
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
        )

    @contextlib.contextmanager
    def _alarm(self, seconds: float | None) -> Iterator[threading.Event]:
        """Kills the worker after so many seconds, which ends the wait for its answer."""
        rung, process = threading.Event(), self._process

        def ring() -> None:
            rung.set()
            process.kill()

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
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()


def _received(pipe: IO[bytes] | None) -> bytes | None:
    """One message; None when the worker went away before its end."""
    assert pipe is not None
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    size = LENGTH.unpack(head)[0]
    body = pipe.read(size)
    return body if len(body) == size else None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _lost(job: Job, answer: Answer, limits: Limits) -> Source | Table:
    """The empty, fatal result of a file that could not be read within the limits."""
    from pipeline.readers import Table, empty_source

    kind = job.path.suffix.lower().lstrip(".") or "unknown"
    entry = ledger.open_entry(job.path, name=job.name, survey=job.survey, kind=kind)
    entry, _ = ledger.settle(entry, (), fatal=True)
    match answer.how:
        case "timeout":
            note = Note("parse_timeout", job.name, job.survey, slots={"seconds": answer.detail})
        case "memory":
            note = Note("parse_memory", job.name, job.survey, slots={"mb": limits.memory_mb})
        case _:
            note = Note("parse_killed", job.name, job.survey, slots={"reason": answer.detail})
    return Table(entry, (), (note,)) if job.table else empty_source(entry, [note])
