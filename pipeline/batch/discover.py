"""What there is to run under a zone: project folders, delivery zips, and folders that should be projects but are not."""

from __future__ import annotations

import fnmatch
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

PROJECT_FILE = "project.yaml"
ZIP = ".zip"
SURVEY_SUFFIXES = frozenset(
    {".dxf", ".dwg", ".shp", ".gpkg", ".geojson", ".gml", ".xml", ".xlsx", ".csv", ".txt", ".dat"}
)
UNSAFE = re.compile(r'[<>:"\\|?*~\x00-\x1f]|[. ]$|^\.')
LONGEST_KEY_BYTES = 180  # file systems take 255 bytes; room for what is put behind it while writing
HASH_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """One project to be. path: relative to the zone, forward slashes ("" = the zone itself).

    key: its folder name in OUT/projects. fault: why it cannot be run, known without opening it; Chinese.
    bytes: of all its files.
    """

    key: str
    path: str
    kind: str  # folder | zip
    fault: str | None = None
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Zone:
    """Everything found. skipped: folders without project and without survey files, relative to the zone."""

    found: tuple[Found, ...]
    skipped: tuple[str, ...] = ()


def discover(zone: Path, *, patterns: Sequence[str] = (), without: Iterable[Path] = ()) -> Zone:
    """The projects under `zone`, sorted by path.

    A folder with project.yaml is a project, and what lies below belongs to it. Every other zip is taken for a delivery.
    The topmost folder that leads to none of these but is empty or holds survey files is a broken project.
    patterns: shell patterns of paths below the zone (`*` crosses folders); only what matches one is taken.
    without: folders that are not looked into, such as the output.
    """
    shut = frozenset(path.resolve() for path in without)
    found, skipped = _below(zone, "", shut)
    chosen = [item for item in found if not patterns or any(fnmatch.fnmatchcase(item.path, p) for p in patterns)]
    return Zone(tuple(_keyed(sorted(chosen, key=lambda item: item.path), zone.resolve().name)), tuple(sorted(skipped)))


def _below(folder: Path, path: str, shut: frozenset[Path]) -> tuple[list[Found], list[str]]:
    """What one folder holds, and the folders below it that were passed over."""
    if (folder / PROJECT_FILE).is_file() or (folder / PROJECT_FILE).is_symlink():
        return [_project(folder, path)], []
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as err:
        return [Found("", path, "folder", f"文件夹无法打开：{err.strerror}")], []
    found = [_zip(entry, _joined(path, entry.name)) for entry in entries if _is_zip(entry)]
    skipped: list[str] = []
    idle: list[os.DirEntry[str]] = []
    for entry in entries:
        if not entry.is_dir() or entry.name.startswith(".") or Path(entry.path).resolve() in shut or _loops(entry):
            continue
        below, passed = _below(Path(entry.path), _joined(path, entry.name), shut)
        found += below
        skipped += passed
        if not below:
            idle.append(entry)
    if not found and path:
        return [], []  # the folder above decides: it may be the topmost that leads to nothing
    for entry in idle:
        fault = _why_expected(Path(entry.path))
        where = _joined(path, entry.name)
        if fault:
            found.append(Found("", where, "folder", fault, sum(size for _, size in _files(Path(entry.path)))))
        else:
            skipped.append(where)
    return found, skipped


def _why_expected(folder: Path) -> str | None:
    """Why a folder without project.yaml is taken for a broken project; None when it is something else."""
    names = [name for name, _ in _files(folder)]
    if not names:
        return f"文件夹是空的，没有 {PROJECT_FILE}"
    surveys = [name for name in names if Path(name).suffix.lower() in SURVEY_SUFFIXES]
    if surveys:
        return f"有测绘资料（{surveys[0]} 等 {len(surveys)} 个文件）但没有 {PROJECT_FILE}；请运行 duoce init 补建"
    return None


def _files(folder: Path) -> Iterator[tuple[str, int]]:
    """Names and sizes of the files anywhere below, hidden ones aside."""
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                try:
                    yield name, os.stat(os.path.join(top, name)).st_size  # noqa: PTH116, PTH118 — thousands of files
                except OSError:
                    yield name, 0


def _project(folder: Path, path: str) -> Found:
    return Found("", path, "folder", bytes=sum(size for _, size in _files(folder)))


def _zip(entry: os.DirEntry[str], path: str) -> Found:
    try:
        return Found("", path, "zip", bytes=entry.stat().st_size)
    except OSError as err:
        return Found("", path, "zip", f"压缩包无法打开：{err.strerror}")


def _is_zip(entry: os.DirEntry[str]) -> bool:
    return entry.name.lower().endswith(ZIP) and not entry.name.startswith((".", "~$")) and not entry.is_dir()


def _loops(entry: os.DirEntry[str]) -> bool:
    """A link to a folder above itself would be walked for ever."""
    return entry.is_symlink() and Path(entry.path).absolute().is_relative_to(Path(entry.path).resolve())


def _joined(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name


# ---------------------------------------------------------------- keys


def _keyed(found: Sequence[Found], zone: str) -> Iterator[Found]:
    taken: set[str] = set()
    for item in found:
        key = key_of(item.path or zone)
        if key.casefold() in taken:
            key = _hashed(key, item.path)
        taken.add(key.casefold())
        yield replace(item, key=key)


def key_of(path: str) -> str:
    """A folder name for a path: "江北/滨江" → "江北~滨江"; with a hash where the name had to be changed or cut.

    It depends on the path alone, so a project keeps its key when others come and go.
    """
    safe = "~".join(UNSAFE.sub("_", part) for part in path.split("/"))
    changed = safe != path.replace("/", "~")
    while len(safe.encode()) > LONGEST_KEY_BYTES:
        safe, changed = safe[:-1], True
    return _hashed(safe, path) if changed else safe


def _hashed(key: str, path: str) -> str:
    return f"{key}-{hashlib.sha256(path.encode('utf-8', 'surrogateescape')).hexdigest()[:HASH_DIGITS]}"
