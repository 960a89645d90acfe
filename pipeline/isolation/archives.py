"""A survey handed in as a zip: its files unpacked where nothing is trusted, and read as if they had been listed one by one.

Shown as `a.zip/层.shp`. What is no input (documents, pictures, files beside a .shp) stays unread and, unless it belongs to
one, is counted. A zip that breaks a limit, or holds nothing to read, gives an empty, fatal source that says why.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import ledger
from pipeline.errors import InputError
from pipeline.isolation.worker import Job
from pipeline.sources import LedgerEntry, Note, Source
from pipeline.unpacking import unpack
from pipeline.unpacking.unpack import ZipLimits

SUFFIX = ".zip"
BESIDE = frozenset({".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".xml", ".qpj"})  # read with, or of no use
SHOWN = 5  # names listed


@dataclass(slots=True)
class Opened:
    """What is to be read instead of the zips, in their order, and what is to be said of the zips themselves."""

    jobs: list[Job] = field(default_factory=list)
    zips: dict[int, Source] = field(default_factory=dict)  # place among `jobs` before which the zip stands


def opened(jobs: Sequence[Job], limits: ZipLimits, folder: Path) -> Opened:
    """The jobs with every zip replaced by the inputs in it, unpacked below `folder`."""
    found = Opened()
    for job in jobs:
        if job.path.suffix.lower() != SUFFIX or not job.path.is_file():
            found.jobs.append(job)
            continue
        inside, source = _unpacked(job, limits, Path(tempfile.mkdtemp(prefix="zip-", dir=folder)))
        found.zips[len(found.jobs) + len(found.zips)] = source
        found.jobs += inside
    return found


def in_order(found: Opened, read: Sequence[Source]) -> list[Source]:
    """The zips and what was read of them, each zip before its files."""
    rest = iter(read)
    return [found.zips[place] if place in found.zips else next(rest) for place in range(len(read) + len(found.zips))]


def _unpacked(job: Job, limits: ZipLimits, folder: Path) -> tuple[list[Job], Source]:
    """The inputs of one zip, and the source that stands for the zip: no features, only its entry and notes."""
    from pipeline.readers import READERS, empty_source

    entry = ledger.open_entry(job.path, name=job.name, survey=job.survey, kind="zip")
    contents = unpack.examine(job.path, limits)
    try:
        files = unpack.unpack(job.path, folder, limits)
    except InputError as err:
        detail = str(err).removeprefix(f"{job.path.name}：")
        return [], _refused(entry, Note("zip_unsafe", job.name, job.survey, slots={"detail": detail}))
    inputs = [path for path in files if path.suffix.lower() in READERS]
    if not inputs:
        return [], _refused(entry, Note("empty_file", job.name, job.survey))
    notes = [*_names(entry, contents), *_unread(entry, files, inputs, folder)]
    entry, _ = ledger.settle(entry, (), encoding=_encoding(contents), entities=0, read={"文件数": len(files)})
    inside = [replace(job, path=path, name=f"{job.name}/{path.relative_to(folder).as_posix()}") for path in inputs]
    return inside, empty_source(entry, notes)


def _refused(entry: LedgerEntry, note: Note) -> Source:
    from pipeline.readers import empty_source

    entry, _ = ledger.settle(entry, (), fatal=True)
    return empty_source(entry, [note])


def _encoding(contents: unpack.Contents) -> str:
    return "GB18030" if contents.recoded else "UTF-8"


def _names(entry: LedgerEntry, contents: unpack.Contents) -> list[Note]:
    """Names that were not marked as UTF-8 and were taken for GBK."""
    if not contents.recoded:
        return []
    slots = {"names": _listed(contents.recoded), "count": len(contents.recoded)}
    return [Note("zip_names", entry.path, entry.survey, slots=slots)]


def _unread(entry: LedgerEntry, files: Sequence[Path], inputs: Sequence[Path], folder: Path) -> list[Note]:
    """Files that are neither an input nor belong beside one."""
    stems = {path.with_suffix("") for path in inputs}
    left = [
        path.relative_to(folder).as_posix()
        for path in files
        if path not in inputs and not (path.suffix.lower() in BESIDE and path.with_suffix("") in stems)
    ]
    slots = {"what": f"压缩包内的其他文件（{_listed(left)}）", "count": len(left), "reason": "zip"}
    return [Note("not_read", entry.path, entry.survey, slots=slots)] if left else []


def _listed(names: Sequence[str]) -> str:
    return "、".join(names[:SHOWN]) + ("…" if len(names) > SHOWN else "")
