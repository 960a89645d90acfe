"""The district's own results after the projects': made again only when some project's result, or they, have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.batch import seal
from pipeline.batch.record import Record
from pipeline.batch.settings import Settings
from pipeline.ledger import fingerprint as hashed


@dataclass(frozen=True, slots=True)
class RolledUp:
    """What came of it: findings between projects by severity. mark: of what it was made from; files: name → SHA-256.

    fault: why there is no roll-up; Chinese.
    """

    mark: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    crashed: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    fault: str | None = None

    @classmethod
    def of(cls, data: Any) -> RolledUp:
        """What the state of an earlier batch says; nothing when it says nothing."""
        try:
            return cls(str(data["mark"]), dict(data["counts"]), bool(data["crashed"]), dict(data["files"]))
        except (KeyError, TypeError, ValueError):
            return cls()


def rolled_up(
    settings: Settings, records: Iterable[Record], before: RolledUp, *, progress: Callable[[str], None]
) -> RolledUp:
    """The roll-up of these projects: the earlier one when it still holds. A fault in it leaves the projects' results."""
    mark = _mark(settings, records)
    if before.mark == mark and before.files and _stand(settings.out, before.files):
        return before
    try:
        from pipeline.district import district

        made = district(settings.out, standards_in=settings.standards_in, profile=settings.profile, progress=progress)
    except Exception as err:  # noqa: BLE001 — whatever it is, the night's work is not lost for it
        return RolledUp(fault=f"{type(err).__name__}：{err!s:.300}")
    return RolledUp(mark, dict(made.counts), made.crashed, _hashes(settings.out, made.files))


def _mark(settings: Settings, records: Iterable[Record]) -> str:
    """One hash of all that the roll-up is made from: the seals of the results stand for them."""
    lines = [settings.environment]
    for record in sorted(records, key=lambda r: r.key):
        made = seal.read(settings.projects / record.key)
        lines += [record.line(), "" if made is None else str(sorted(made.outputs.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _hashes(out: Path, written: Iterable[Path]) -> dict[str, str]:
    files = [file for path in written for file in ([path] if path.is_file() else sorted(path.rglob("*")))]
    return {file.relative_to(out).as_posix(): hashed(file)[0] for file in files if file.is_file()}


def _stand(out: Path, files: Mapping[str, str]) -> bool:
    return all(hashed(out / name)[0] == value for name, value in files.items())
