"""The child side of `isolation`: parses one file after another under the limits sent with each, and answers in pickles.

Imports only what is light: the readers are imported when the worker serves, not by who starts it.
"""

from __future__ import annotations

import gc
import importlib
import math
import os
import pickle
import signal
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, Literal

How = Literal["done", "timeout", "memory", "killed", "told"]
MB = 1024 * 1024
TIRED_SHARE = 0.5  # a worker that keeps this share of its memory between files is replaced
SELDOM = (100_000, 20, 50)  # objects until the next search for cycles: what is imported and read all stays
STATM = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take; None does not limit. memory_mb: beyond what the imported libraries take."""

    wall_seconds: float | None = None
    cpu_seconds: float | None = None
    memory_mb: float | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read: the arguments of `readers.read`, or for a table beside the surveys of `readers.read_table`.

    then: "module:function" that makes the answer of (what was read, path, name) in the worker, so that only its result
    is sent back; by name, so that who asks need not import it.
    """

    path: Path
    name: str
    survey: str | None = None
    encoding: str | None = None
    hidden: bool = False
    in_blocks: bool = False
    table: bool = False
    heading: tuple[tuple[str, ...], ...] = ()
    then: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Other work for a worker whose files are read: "module:function" and its arguments. Nothing limits it."""

    function: str
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """How a job ended: done with a Source or Table as value, or why not. tired: the worker should be replaced.

    told: not the end of it, only how far it has come, in the words of `detail`.
    """

    how: How
    detail: Any = None
    value: Any = None
    tired: bool = False


def readers_imported() -> None:
    """All that is slow, before the clock of the first file runs."""
    from pipeline.readers import vector

    vector.engine()


def serve(handle: Callable[[Any], Answer] | None = None, ready: Callable[[], None] = readers_imported) -> None:
    """Answers jobs until the pipe is closed. What a library prints never stands among the answers.

    handle: what answers a job, else `parse`; ready: what is done once, before the first.
    """
    gc.set_threshold(*SELDOM)
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    handle = handle or partial(parse, tell=lambda text: _send(answers, pickle.dumps(Answer("told", text))))
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its workers
    ready()
    base = _address_space()
    _send(answers, b"")
    while True:
        try:
            job, limits = pickle.load(requests)  # noqa: S301 — from our own parent
        except EOFError:
            return
        if isinstance(job, Task):
            _unbound()
            answer = done(job)
        else:
            _bound(limits, base)
            answer = handle(job)
        _send(answers, _packed(answer, limits, base))


def parse(job: Job, tell: Callable[[str], None] = lambda _: None) -> Answer:
    """The file read in this very process; a reader that breaks its promise never to raise is caught here."""
    from pipeline import readers

    try:
        if job.table:
            value: Any = readers.read_table(
                job.path, name=job.name, survey=job.survey, encoding=job.encoding, heading=job.heading
            )
        else:
            value = readers.read(
                job.path,
                name=job.name,
                survey=job.survey,
                encoding=job.encoding,
                hidden=job.hidden,
                in_blocks=job.in_blocks,
                tell=tell,
            )
        if _ran_out(value):
            return Answer("memory")
        value = after(job, value)
    except MemoryError:
        return Answer("memory")
    except Exception as err:  # noqa: BLE001 — a fault of a reader must not end the run
        return Answer("killed", f"{type(err).__name__}：{err!s:.200}")
    return Answer("done", value=value)


def done(task: Task) -> Answer:
    """What the task makes. How it failed is said shortly: who asked can do it again where it is seen."""
    try:
        return Answer("done", value=_named(task.function)(*task.arguments))
    except Exception as err:  # noqa: BLE001 — whatever it is, the worker is still whole
        return Answer("killed", f"{type(err).__name__}：{err!s:.200}")


def after(job: Job, value: Any) -> Any:
    """What the job wants of the file that was read."""
    return value if job.then is None else _named(job.then)(value, job.path, job.name)


def _named(function: str) -> Callable[..., Any]:
    module, _, name = function.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def cause_of_death(code: int | None) -> str:
    """The name of the signal a process died of, or its exit code in words."""
    if code is not None and code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"信号 {-code}"
    return f"退出码 {code}"


def _ran_out(value: Any) -> bool:
    """Whether a reader took running out of memory for a damaged file."""
    from pipeline.readers.frame import MEANINGS

    told = [str(n.slots.get("detail", "")) for n in value.notes if n.kind == "unreadable"]
    return any(said == MEANINGS["MemoryError"] or "MemoryError" in said.partition("：")[0] for said in told)


def _packed(answer: Answer, limits: Limits, base: int) -> bytes:
    """The answer as bytes, and whether this worker has kept too much."""
    kept = _address_space() - base
    much = limits.memory_mb is not None and kept > limits.memory_mb * MB * TIRED_SHARE
    try:
        return pickle.dumps(Answer(answer.how, answer.detail, answer.value, much or answer.how == "memory"), 5)
    except MemoryError:
        return pickle.dumps(Answer("memory", tired=True), 5)
    except Exception as err:  # noqa: BLE001 — half-read objects of a library may refuse anything
        return pickle.dumps(Answer("killed", f"读取结果无法传回（{type(err).__name__}）"), 5)


def _send(answers: IO[bytes], body: bytes) -> None:
    answers.write(struct.pack("<Q", len(body)))
    answers.write(body)
    answers.flush()


def _address_space() -> int:
    """Bytes this process has mapped; 0 where the system does not say."""
    try:
        pages = int(STATM.read_text("ascii").split()[0])
    except (OSError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _bound(limits: Limits, base: int) -> None:
    """Sets the limits of the operating system for the next file."""
    if sys.platform == "win32":
        return
    import resource

    _lower(resource.RLIMIT_CORE, 0)
    if limits.cpu_seconds is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _lower(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + limits.cpu_seconds))
    if limits.memory_mb is not None and base:
        _lower(resource.RLIMIT_AS, base + int(limits.memory_mb * MB))


def _unbound() -> None:
    """Takes back what `_bound` has set."""
    if sys.platform == "win32":
        return
    import resource

    for what in (resource.RLIMIT_CPU, resource.RLIMIT_AS):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (hard, hard))


def _lower(what: int, soft: int) -> None:
    """The soft limit only, so that the next file may be given its own."""
    if sys.platform == "win32":
        return
    import resource

    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
