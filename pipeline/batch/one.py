"""One project from its folder or zip to its stored result, in the process that calls: see `child` for that process."""

from __future__ import annotations

import contextlib
import errno
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.batch import inputs, store
from pipeline.batch.discover import Found
from pipeline.batch.entries import PROJECT_FILE, is_project
from pipeline.batch.inputs import Stamp
from pipeline.batch.package import MANIFEST, ORIGINALS, is_delivery, originals
from pipeline.batch.record import Cause, Ended, Outcome, Record
from pipeline.batch.settings import Settings
from pipeline.errors import ERRNOS, InputError, PipelineError

if TYPE_CHECKING:
    from pipeline.isolation.parent import Isolation
    from pipeline.model import ProjectReport

FULL_BELOW_BYTES = 1 << 20  # a disk with less left than this is full


def perform(found: Found, settings: Settings, isolation: Isolation | None = None) -> Ended:
    """The project's record; its result stands in OUT/projects when this returns. Raises nothing but MemoryError.

    A result is stored with the hashes its inputs had before they were read; if they changed meanwhile it is stored
    but will not be taken for the answer to the new ones.
    """
    began = time.perf_counter()
    source = settings.source(found.path)
    table = inputs.stamps(source)
    if found.fault:
        return conclude(found, settings, table, "input", found.fault)
    try:
        with _opened(source, found, settings) as folder:
            from pipeline.project import run_project

            result = run_project(
                folder,
                standards_in=settings.standards_in,
                profile=settings.profile,
                edition=settings.edition,
                as_of=settings.as_of,
                isolation=isolation,
            )
            table |= _outside(result, source, table) if folder == source else {}
            return _stored(found, settings, table, result, began)
    except MemoryError:
        raise
    except PipelineError as err:
        return conclude(found, settings, table, "input", _relative(str(err), source, found))
    except Exception as err:  # noqa: BLE001 — one project's crash is recorded, the others go on
        return conclude(found, settings, table, "exception", f"{type(err).__name__}：{err!s:.300}")


def conclude(found: Found, settings: Settings, table: dict[str, Stamp], cause: Cause, reason: str) -> Ended:
    """A project without a result, recorded with its reason; a former result does not stay in its place."""
    outcome: Outcome = "broken" if cause == "input" else "crashed"
    record = Record(found.key, found.path, found.kind, outcome, cause, reason)
    with contextlib.suppress(OSError):
        store.put(record, settings, table)
        return Ended(record)
    store.withdraw(found.key, settings)
    try:  # there may be room now
        store.put(record, settings, table)
    except OSError as err:
        record = replace(record, reason=f"{reason}；记录也写不进输出文件夹：{_storage(err, settings.out)}")
    return Ended(record)


def _stored(found: Found, settings: Settings, table: dict[str, Stamp], result: ProjectReport, began: float) -> Ended:
    from pipeline.report.write import write_all, write_data

    record, source = _record(found, result), settings.source(found.path)
    seconds = time.perf_counter() - began
    now = inputs.stamps(source, also=table, before=table)
    changed = inputs.digest(now, "") != inputs.digest(table, "")
    try:
        store.put(
            record,
            settings,
            table,
            make=lambda work: (write_all if settings.reports else write_data)(result, work),
            seconds=seconds,
            fingerprint="" if changed else None,
        )
    except MemoryError:
        raise
    except Exception as err:  # noqa: BLE001 — GDAL, SQLite and the document libraries each have their own
        reason = f"成果写不进输出文件夹：{_storage(err, settings.out)}"
        return conclude(found, settings, table, "storage", reason)
    return Ended(record, time.perf_counter() - began)


def _record(found: Found, result: ProjectReport) -> Record:
    return Record(
        found.key,
        found.path,
        found.kind,
        result.verdict,
        code=result.project.project.code,
        name=result.project.project.name,
        firm=result.project.firm.name,
        counts=dict(result.counts),
        score=None if result.score is None else result.score.score,
        grade=None if result.score is None else result.score.grade,
        crashed_rules=tuple(run.rule for run in result.runs if run.outcome == "crashed"),
        edition=result.standards.edition,
        profile=result.standards.profile.edition,
    )


def _outside(result: ProjectReport, source: Path, table: dict[str, Stamp]) -> dict[str, Stamp]:
    """Stamps of files that were read but do not lie in the project folder `source`."""
    names = {name for entry in result.ledger for name in (entry.path, *entry.sidecars)} - table.keys()
    stamps = inputs.stamps(source, also=names, before=table) if names else {}
    return {name: stamps[name] for name in names}


@contextlib.contextmanager
def _opened(source: Path, found: Found, settings: Settings) -> Iterator[Path]:
    """The project folder: the folder itself, that of a delivery, or that of a zip for as long as it is needed."""
    if found.kind != "zip":
        yield source if is_project(source) or not is_delivery(source) else originals(source)
        return
    from pipeline.unpacking.unpack import unpack

    with tempfile.TemporaryDirectory(prefix="duoce-zip-", ignore_cleanup_errors=True) as scratch:
        into = Path(scratch) / "files"
        unpack(source, into, settings.zip_limits)
        folder = into
        try:
            folder = project_in(into, source.name)
            yield folder
        except PipelineError as err:
            raise InputError(str(err).replace(str(folder), found.path)) from err


def project_in(folder: Path, name: str) -> Path:
    """The project of an unpacked zip: 原始资料 of a delivery, or the one folder that has a project.yaml.

    Errors: InputError when there is none, or more than one, or the delivery is not as it was made.
    """
    deliveries = [top for top in (folder, *folder.rglob("*")) if top.is_dir() and is_delivery(top)]
    projects = sorted(path.parent for path in folder.rglob(PROJECT_FILE))
    if len(deliveries) == 1 and all(deliveries[0] in project.parents for project in projects):
        return originals(deliveries[0])
    if len(projects) == 1 and not deliveries:
        return projects[0]
    if not projects:
        raise InputError(f"{name}：压缩包里没有 {MANIFEST} 与 {ORIGINALS}/{PROJECT_FILE}，也没有别的 {PROJECT_FILE}")
    raise InputError(f"{name}：压缩包里有 {len(projects)} 个 {PROJECT_FILE}，应只有一个项目；请分开打包或解压后再运行")


def _storage(err: Exception, out: Path) -> str:
    """Why something could not be written, in words."""
    if isinstance(err, OSError) and err.errno in ERRNOS:
        return ERRNOS[err.errno]
    with contextlib.suppress(OSError):
        if shutil.disk_usage(out).free < FULL_BELOW_BYTES:
            return ERRNOS[errno.ENOSPC]
    return f"{type(err).__name__}：{err!s:.200}"


def _relative(text: str, source: Path, found: Found) -> str:
    """The message without the folders above the zone: a record does not depend on where the zone lies."""
    return text.replace(str(source), found.path or source.name)
