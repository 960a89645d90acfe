"""The files of a project, each with size, time and SHA-256: whether anything has changed since the last run.

Every file in the folder counts, not only those that project.yaml names: what a later version reads beside them (waivers,
side files) can then never be missed. Files it names outside its folder are added after the run, from the ledger.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pipeline.ledger import fingerprint as hashed

SETTLED_NS = 2_000_000_000  # a file younger than this may change again within one tick of its file system
UNSURE = 0  # time of a file whose time says nothing yet
MISSING = (-1, UNSURE, "")
TEMPORARY = ("~$",)  # what an open office document leaves beside itself

Stamp = tuple[int, int, str]  # size in bytes, time of change in ns, SHA-256
Table = Mapping[str, Stamp]


def stamps(root: Path, *, also: Iterable[str] = (), before: Table | None = None) -> dict[str, Stamp]:
    """The table of a project folder, or of the zip `root`.

    also: further names relative to `root` that count, wherever they are. before: an earlier table, of which files of
    the same size and time are taken without being read again.
    """
    before = before or {}
    found = dict(_walked(root))
    for name in also:
        if name not in found:
            found[name] = _looked(root / name)
    return {name: _stamp(_place(root, name), status, before.get(name)) for name, status in sorted(found.items())}


def untouched(root: Path, table: Table) -> bool:
    """Whether every file has the size and time it had; reads no file. False also where the times say nothing yet."""
    found = dict(_walked(root))
    if any(name not in table for name in found):
        return False
    return all(
        stamp[1] != UNSURE and (status := found.get(name) or _looked(root / name)) is not None and _same(status, stamp)
        for name, stamp in table.items()
    )


def digest(table: Table, environment: str) -> str:
    """The fingerprint of a project: the names and contents of its files and what they are judged by."""
    lines = [environment, *(f"{name}\0{stamp[0]}\0{stamp[2]}" for name, stamp in sorted(table.items()))]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def _stamp(path: Path, status: os.stat_result | None, before: Stamp | None) -> Stamp:
    if status is None:
        return MISSING
    if before and before[1] != UNSURE and _same(status, before):
        return before
    young = time.time_ns() - status.st_mtime_ns < SETTLED_NS
    return status.st_size, UNSURE if young else status.st_mtime_ns, hashed(path)[0]


def _same(status: os.stat_result, stamp: Stamp) -> bool:
    return (status.st_size, status.st_mtime_ns) == stamp[:2]


def _walked(root: Path) -> Iterator[tuple[str, os.stat_result | None]]:
    """Name relative to the root and status of every file; hidden and temporary ones do not count."""
    if not root.is_dir():
        yield root.name, _looked(root)
        return
    waiting = [(os.fspath(root), "")]
    while waiting:
        folder, under = waiting.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            yield under, None
            continue
        for entry in entries:
            if entry.name.startswith((".", *TEMPORARY)):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, f"{under}{entry.name}/"))
            else:
                yield f"{under}{entry.name}", _looked(Path(entry.path))


def _looked(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _place(root: Path, name: str) -> Path:
    return root / name if root.is_dir() else root
