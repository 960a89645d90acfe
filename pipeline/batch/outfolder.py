"""The output folder of a batch: whose it is, that only one batch is at work in it, its projects.jsonl."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.batch.record import Record, write_lines
from pipeline.batch.rollup import RolledUp
from pipeline.batch.settings import CACHE, PROJECTS, Settings
from pipeline.errors import InputError

STATE, LINES, LOCK, RESERVE = "batch.json", "projects.jsonl", "lock", "reserve"
RESERVE_BYTES, LINE_BYTES = 1 << 16, 1 << 10  # room held back for projects.jsonl: once, and for each line


@contextlib.contextmanager
def alone(out: Path) -> Iterator[None]:
    """One batch at a time in one output folder, which is made; the lock goes with the process that holds it.

    Errors: InputError when another batch is at work there, or something else stands there.
    """
    if out.exists() and not _ours(out):
        raise InputError(f"{out}：不是空文件夹，也不是批处理的输出；请另选一个输出文件夹")
    (out / CACHE).mkdir(parents=True, exist_ok=True)
    with (out / CACHE / LOCK).open("w") as file:
        try:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:  # Windows
            pass
        except BlockingIOError as err:
            raise InputError(f"{out}：另一个批处理正在写这个文件夹，请等它结束或先中止它") from err
        yield


def claimed(out: Path, zone: Path, *, resume: bool, fresh: bool) -> RolledUp:
    """The roll-up of the batch before, unless all is to be `fresh`.

    Errors: InputError when `out` holds the batch of another zone, or nothing that could be resumed.
    """
    state = _state(out)
    if state is None:
        if resume:
            raise InputError(f"{out}：没有可以继续的批处理；去掉 --resume 即从头开始")
    elif state.get("zone") not in (None, str(zone)) and not fresh:
        raise InputError(f"{out}：是“{state['zone']}”的批处理输出；请另选输出文件夹，或用 --fresh 全部重做")
    return RolledUp() if fresh else RolledUp.of((state or {}).get("district"))


def announce(settings: Settings, patterns: Sequence[str], *, finished: bool, whole: RolledUp) -> None:
    """Writes down of which zone this is, whether the batch came to its end, and what the roll-up was made from."""
    state = {
        "zone": str(settings.zone),
        "patterns": list(patterns),
        "finished": finished,
        "district": dataclasses.asdict(whole),
    }
    with contextlib.suppress(OSError):  # on a full disk nothing rests on it
        half = settings.out / f".{STATE}"
        half.write_text(json.dumps(state, ensure_ascii=False) + "\n", "utf-8")
        half.replace(settings.out / STATE)


def _ours(out: Path) -> bool:
    names = {path.name for path in out.iterdir()} if out.is_dir() else {""}
    return not names or bool(names & {STATE, PROJECTS, CACHE})


def _state(out: Path) -> dict[str, Any] | None:
    """What was announced; None in a new folder, empty when it cannot be read."""
    try:
        data = json.loads((out / STATE).read_text("utf-8"))
    except (OSError, ValueError):
        return {} if (out / PROJECTS).is_dir() else None
    return data if isinstance(data, dict) else {}


class Journal:
    """projects.jsonl: one line more as each project ends, all sorted when the batch has ended. Used as a context.

    Room for the lines is held back from the start, so that a full disk does not take the reasons with it.
    fault: why the sorted file could not be written; the lines that were appended stand then.
    """

    def __init__(self, out: Path, standing: Sequence[Record], expected: int) -> None:
        self._records = list(standing)
        self._path, self._reserve = out / LINES, out / CACHE / RESERVE
        self._room = RESERVE_BYTES + LINE_BYTES * (len(standing) + expected)
        self.fault: str | None = None

    @property
    def records(self) -> tuple[Record, ...]:
        """All, by key."""
        return tuple(sorted(self._records, key=lambda record: record.key))

    def add(self, record: Record) -> None:
        """One project has ended."""
        self._records.append(record)
        with contextlib.suppress(OSError), self._path.open("a", encoding="utf-8") as file:
            file.write(record.line())

    def __enter__(self) -> Self:
        self._write()
        with contextlib.suppress(OSError):
            self._reserve.write_bytes(os.urandom(self._room))  # no file system packs these
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, at: TracebackType | None) -> None:
        self._reserve.unlink(missing_ok=True)
        self._write()

    def _write(self) -> None:
        try:
            write_lines(self._records, self._path)
            self.fault = None
        except OSError as err:
            self.fault = err.strerror or str(err)
