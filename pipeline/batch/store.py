"""Results put in place whole: written aside on the same file system, sealed, then renamed. Half a result is never seen."""

from __future__ import annotations

import dataclasses
import errno
import random
import shutil
import sqlite3
import time
import uuid
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from pipeline.batch import inputs, seal
from pipeline.batch.discover import Found
from pipeline.batch.inputs import Stamp
from pipeline.batch.record import Ended, Record
from pipeline.batch.settings import CACHE, Settings

GONE = "gone"
TRIES = 400  # of taking the place of a result while other processes do the same; each round lets one of them through
WAIT_S = 0.02  # at most, between two tries
TAKEN = {errno.EEXIST, errno.ENOTEMPTY, errno.ENOENT}  # what a rename says when another was quicker


def standing(found: Found, settings: Settings, *, ended: bool) -> Ended | None:
    """The result that stands already and still holds; None when the project has to be run.

    ended: also one that crashed counts (a broken-off batch goes on); else it is tried again.
    """
    folder = settings.projects / found.key
    made = seal.read(folder)
    if made is None or made.environment != settings.environment or not made.fingerprint:
        return None
    source = settings.source(found.path)
    if not inputs.untouched(source, made.inputs):
        now = inputs.stamps(source, also=made.inputs, before=made.inputs)
        if inputs.digest(now, settings.environment) != made.fingerprint:
            return None
        made = dataclasses.replace(made, inputs=now)
        seal.write(folder, made)
    record = seal.record_of(folder, made, reports=settings.reports)
    if record is None or (record.path, record.kind) != (found.path, found.kind) or not (record.final or ended):
        return None
    return Ended(record, made.seconds, cached=True)


def put(
    record: Record,
    settings: Settings,
    table: dict[str, Stamp],
    *,
    make: Callable[[Path], object] | None = None,
    seconds: float = 0.0,
    fingerprint: str | None = None,
) -> None:
    """The record, with what `make` writes into the folder given to it, in place of the project's former result.

    fingerprint: "" for a result that must not be taken for the answer to the inputs; None: computed.
    Errors: OSError (or what `make` raises) when it cannot be written; then nothing has changed.
    """
    mark = inputs.digest(table, settings.environment) if fingerprint is None else fingerprint
    work = settings.writing / f"{record.key}.{uuid.uuid4().hex[:8]}"
    try:
        work.mkdir(parents=True)
        if make is not None:
            make(work)
            _whole(work)
        (work / seal.RECORD).write_text(record.line(), "utf-8")
        seal.seal(work, fingerprint=mark, environment=settings.environment, inputs=table, seconds=seconds)
        _into_place(work, settings.projects / record.key)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def withdraw(key: str, settings: Settings) -> None:
    """No result of this project stands: what stood there is not true any more and nothing could take its place."""
    shutil.rmtree(settings.projects / key, ignore_errors=True)


def _whole(folder: Path) -> None:
    """Reads back what was written: a full disk may cut a file without a word.

    Errors: OSError, InputError.
    """
    from pipeline.results import read_result

    read_result(folder)
    for path in sorted(folder.glob("*.gpkg")):
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
                (answer,) = database.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.Error as err:
            answer = str(err)
        if answer != "ok":
            raise OSError(f"{path.name}：{answer}")


def _into_place(work: Path, target: Path) -> None:
    """Renames `work` to `target`; what stood there goes, whole, in the same moment or just before.

    Errors: OSError when it cannot be done; then what stood there stands again.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(TRIES):
        if _swapped(work, target, last=attempt == TRIES - 1):
            return
        time.sleep(random.uniform(0, WAIT_S))  # noqa: S311 - only so that two do not try in step


def _swapped(work: Path, target: Path, *, last: bool) -> bool:
    """Whether `work` has taken the place; False when another was quicker and it may be tried again."""
    old = work.with_name(f"{work.name}.old")
    try:
        if target.exists():
            target.rename(old)
        work.rename(target)
    except OSError as err:
        if old.exists() and not target.exists():
            with suppress(OSError):
                old.rename(target)
        if last or err.errno not in TAKEN or not work.exists():
            raise
        return False
    finally:
        shutil.rmtree(old, ignore_errors=True)
    return True


def sweep(settings: Settings) -> None:
    """Removes what a killed batch left half written."""
    shutil.rmtree(settings.writing, ignore_errors=True)


def set_aside(keys: set[str], settings: Settings) -> list[str]:
    """Moves results of projects that are no longer there out of the way of the roll-up; returns their keys."""
    if not settings.projects.is_dir():
        return []
    gone = sorted(path.name for path in settings.projects.iterdir() if path.name not in keys)
    for name in gone:
        target = settings.out / CACHE / GONE / name
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        (settings.projects / name).rename(target)
    return gone
