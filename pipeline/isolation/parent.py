"""Each input file is parsed in a child process under limits; a file that kills its parser becomes a finding.

One worker process per run imports the readers once, while this process still does its own imports and reads the
standards; a second helps when there is much to read. A worker that dies is replaced for the next file.
Requests and answers are pickles: up through stdin, down through stdout behind their length; length 0 = ready.
The limits keep a damaged or hostile file from taking the machine. They are no sandbox: a worker is the same user.
Where the system has no `resource` (Windows) only the wall time is limited; memory is limited on Linux only.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from pipeline import ledger
from pipeline.isolation import archives, worker
from pipeline.isolation.process import Worker
from pipeline.isolation.worker import Answer, Job, Limits, Task
from pipeline.sources import Note, Source
from pipeline.unpacking.unpack import ZipLimits

if TYPE_CHECKING:
    from pipeline.readers import Table

Told = Callable[[str, str], None]  # hears the name of a file and how far it has come

SECOND_FROM_BYTES = 4_000_000  # reading this much takes longer than a second worker's imports (measured: 2–3 MB/s)
#: pandas takes in all of pyarrow where it is installed, some 40 MB that no reader needs
BOOT = (
    "import sys; sys.modules['pyarrow'] = None; sys.path.insert(0, {root!r}); "
    "from pipeline.isolation import worker; worker.serve()"
)
#: the same with nothing imported beforehand, for one file: what its format does not need never takes memory
LEAN = BOOT.replace("serve()", "serve(ready=lambda: None)")
ROOT = Path(__file__).resolve().parents[2]


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
        self._workers: list[Worker] = []
        self._closed = threading.Event()
        self._scratch = tempfile.TemporaryDirectory(prefix="duoce-", ignore_cleanup_errors=True)
        if not in_process:
            self._workers.append(Worker(self._boot, self._scratch.name, self._closed))

    def read(self, jobs: Sequence[Job], limits: Limits, *, told: Told = lambda *_: None) -> list[Source]:
        """The files, in the order asked for. Bad data never raise; what could not be read is empty and fatal.

        told: hears how far a file has come.
        """
        return self._read(jobs, limits, told)

    def read_inputs(
        self, jobs: Sequence[Job], limits: Limits, zips: ZipLimits, *, told: Told = lambda *_: None
    ) -> list[Source]:
        """The same with zips unpacked under limits: each stands as a source of its own before those of its files."""
        found = archives.opened(jobs, zips, Path(self._scratch.name))
        return archives.in_order(found, self.read(found.jobs, limits, told=told))

    def then(self, jobs: Sequence[Job], limits: Limits, *, told: Told = lambda *_: None) -> list[Any]:
        """What each job's `then` makes of its file; of one that could not be read, what it makes of an empty one."""
        return self._read(jobs, limits, told)

    def read_tables(self, jobs: Sequence[Job], limits: Limits) -> list[Table]:
        """The same for tables beside the surveys."""
        return self._read([replace(job, table=True) for job in jobs], limits)

    def _read(self, jobs: Sequence[Job], limits: Limits, told: Told = lambda *_: None) -> list[Any]:
        if self._in_process:
            answers = [worker.parse(job) for job in jobs]
        else:
            jobs = [replace(job, path=job.path.absolute()) for job in jobs]
            answers = self._parallel(jobs, limits, told) if jobs else []
        return [
            worker.after(job, _lost(job, answer, limits)) if answer.value is None else answer.value
            for job, answer in zip(jobs, answers, strict=True)
        ]

    def _parallel(self, jobs: Sequence[Job], limits: Limits, told: Told) -> list[Answer]:
        """Largest files first, each to the next idle worker."""
        sizes = [_size(job.path) for job in jobs]
        if len(self._workers) == 1 and len(jobs) > 1 and sum(sizes) >= SECOND_FROM_BYTES and processors() > 1:
            self._workers.append(Worker(self._boot, self._scratch.name, self._closed))
        idle: SimpleQueue[Worker] = SimpleQueue()
        for one in self._workers:
            idle.put(one)

        def ask(place: int) -> Answer:
            one = idle.get()
            try:
                return one.ask(jobs[place], limits, told=partial(told, jobs[place].name))
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

    def call(self, function: str, *arguments: Any) -> Any:
        """What "module:function" makes of the arguments in the first worker, when no file is being read.

        One call at a time. Errors: ChildProcessError when the worker has failed, which says nothing of the arguments.
        """
        if not self._workers:
            raise ChildProcessError("no worker")
        answer = self._workers[0].ask(Task(function, arguments), Limits())
        if answer.how != "done":
            raise ChildProcessError(str(answer.detail))
        return answer.value

    @property
    def idle(self) -> bool:
        """Whether another process works beside this one without taking time from it."""
        return bool(self._workers) and processors() > 1

    @property
    def scratch(self) -> Path:
        """A folder for what workers leave, removed at the end."""
        return Path(self._scratch.name)

    def close(self) -> None:
        """Ends the workers and removes what they left."""
        self._closed.set()
        for one in self._workers:
            one.end()
        self._scratch.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


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
