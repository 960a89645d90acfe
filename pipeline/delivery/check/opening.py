"""A delivery opened safely: a zip unpacked under limits, or a folder; what forbids it is noted, nothing is trusted."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import InputError
from pipeline.sources import Note
from pipeline.unpacking import unpack
from pipeline.unpacking.names import collisions

DEEPEST = 4  # folders that somebody put around the delivery


@dataclass(frozen=True, slots=True)
class Package:
    """An opened delivery. root: its own folder, None when it may not be opened; outside: paths beside the root.

    top: the root's name inside a zip, "" when the zip has none; None for a folder, whose name is whoever unpacked it's.
    """

    name: str
    root: Path | None
    top: str | None = None
    outside: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


@contextmanager
def opened(path: Path, limits: unpack.ZipLimits, *, manifest: str, inputs: str) -> Iterator[Package]:
    """The delivery at `path`. Errors: InputError when there is nothing at `path`."""
    if path.is_dir():
        links = list(_links(path))
        yield Package(path.name, None, notes=tuple(links)) if links else _package(path, path, manifest, inputs)
        return
    if not path.is_file():
        raise InputError(f"找不到成果包：{path}。请给出成果包的 zip 文件或解压后的文件夹")
    found = unpack.examine(path, limits)
    if found.faults:
        yield Package(path.name, None, notes=tuple(_refused(path.name, found)))
        return
    with tempfile.TemporaryDirectory(prefix="duoce-check-", ignore_cleanup_errors=True) as folder:
        into = Path(folder) / "files"
        try:
            unpack.unpack(path, into, limits)
        except InputError as err:  # what its directory did not tell: broken or swollen content
            note = Note("package_unsafe", path.name, slots={"detail": str(err).partition("：压缩包不能解压：")[2]})
            yield Package(path.name, None, notes=(note,))
            return
        package = _package(path, into, manifest, inputs)
        recoded = [Note("names_recoded", path.name, slots={"count": len(found.recoded)})] if found.recoded else []
        top = "" if package.root in (None, into) else package.root.name
        yield replace(package, top=top, notes=tuple(recoded))


def _refused(name: str, found: unpack.Contents) -> Iterator[Note]:
    doubled = set(collisions(found.members))
    for fault in found.faults:
        kind = "delivery_duplicate" if fault in doubled else "package_unsafe"
        kind = "delivery_format" if fault == unpack.NO_ZIP else kind
        yield Note(kind, name, slots={"detail": fault})


def _links(folder: Path) -> Iterator[Note]:
    """What in a folder is no plain file or folder: it could point anywhere."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted([*folders, *files]):
            path = Path(place) / name
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                shown = path.relative_to(folder).as_posix()
                yield Note("package_unsafe", folder.name, slots={"detail": f"“{shown}”：是符号链接或特殊文件"})


def _package(path: Path, folder: Path, manifest: str, inputs: str) -> Package:
    root = _root(folder, manifest, inputs)
    outside = [p.relative_to(folder).as_posix() for p in files(folder) if root not in p.parents]
    return Package(path.name, root, outside=tuple(outside))


def _root(folder: Path, manifest: str, inputs: str) -> Path:
    """The folder with the manifest; without one, that with the inputs; else the only folder, or the whole.

    Looked for level by level, down to `DEEPEST` folders around it.
    """
    levels = [[folder]]
    while len(levels) <= DEEPEST:
        levels.append(sorted(p for top in levels[-1] for p in top.iterdir() if p.is_dir()))
    for mark in (manifest, inputs):
        if marked := [top for level in levels for top in level if (top / mark).exists()]:
            return marked[0]
    only = levels[1]
    return only[0] if len(only) == 1 and not any(p.is_file() for p in folder.iterdir()) else folder


def files(folder: Path) -> Sequence[Path]:
    """Every file under `folder`, sorted."""
    return sorted(p for p in folder.rglob("*") if p.is_file())
