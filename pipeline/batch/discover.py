"""What there is to run under a zone: project folders, delivery zips, and folders that should be projects but are not."""

from __future__ import annotations

import fnmatch
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.batch.entries import (
    PROJECT_FILE,
    files,
    is_project,
    kind_of,
    listed,
    misnamed,
    project_fault,
    said,
    within,
)
from pipeline.batch.package import is_delivery

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
    kind: str  # folder | zip | file (which is nothing that could be run)
    fault: str | None = None
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Zone:
    """Everything found. skipped: folders without project and without survey files, relative to the zone.

    inside: archives and projects in the folder of another project, which are not run by themselves.
    """

    found: tuple[Found, ...]
    skipped: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()


@dataclass(slots=True)
class _Walk:
    """What one folder and those below hold. strays: what is nothing, and does not make a folder lead to something."""

    found: list[Found] = field(default_factory=list)
    strays: list[Found] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)

    def take(self, other: _Walk) -> None:
        self.found += other.found
        self.strays += other.strays
        self.skipped += other.skipped
        self.inside += other.inside


def discover(zone: Path, *, patterns: Sequence[str] = (), without: Iterable[Path] = ()) -> Zone:
    """The projects under `zone`, sorted by path.

    A folder with project.yaml is a project, and what lies below belongs to it; so is the folder of an unpacked delivery.
    Every other zip is taken for a delivery. The topmost folder that leads to none of these but is empty or holds survey
    files is a broken project; so is what cannot be read at all, such as archives of other packers.
    patterns: shell patterns of paths below the zone (`*` crosses folders); only what matches one is taken.
    without: folders that are not looked into, such as the output.
    """
    shut = frozenset(path.resolve() for path in without)
    walk = _below(zone, "", shut)
    every = sorted([*walk.found, *walk.strays], key=lambda item: item.path)
    chosen = [item for item in every if not patterns or any(fnmatch.fnmatchcase(item.path, p) for p in patterns)]
    return Zone(
        tuple(_keyed(chosen, zone.resolve().name)), tuple(sorted(walk.skipped)), tuple(sorted(set(walk.inside)))
    )


def _below(folder: Path, path: str, shut: frozenset[Path]) -> _Walk:
    """What one folder holds, and the folders below it that were passed over."""
    if is_project(folder) or is_delivery(folder):
        return _project(folder, path)
    walk = _Walk()
    try:
        names = listed(folder)
    except OSError as err:
        walk.found.append(Found("", path, "folder", f"文件夹无法打开：{said(err)}"))
        return walk
    idle: list[str] = []
    for name in names:
        entry, where = folder / name, _joined(path, name)
        kind, fault = kind_of(entry)
        if kind == "zip":
            walk.found.append(_zip(entry, where))
        elif kind == "stray":
            walk.strays.append(Found("", where, "file", fault))
        elif kind == "folder" and entry.resolve() not in shut and not _loops(entry):
            below = _below(entry, where, shut)
            walk.take(below)
            idle += [name] * (not below.found)
    if walk.found or not path:
        for name in idle:
            _passed_over(folder / name, _joined(path, name), walk)
    return walk  # else the folder above decides: it may be the topmost that leads to nothing


def _passed_over(folder: Path, where: str, walk: _Walk) -> None:
    """A folder that leads to no project: broken, of something else, or known by what strays in it."""
    fault = _why_expected(folder)
    if fault:
        walk.found.append(Found("", where, "folder", fault, sum(size for _, size in files(folder))))
    elif not any(stray.path.startswith(f"{where}/") for stray in walk.strays):
        walk.skipped.append(where)


def _why_expected(folder: Path) -> str | None:
    """Why a folder without project.yaml is taken for a broken project; None when it is something else."""
    names = [name.rpartition("/")[2] for name, _ in files(folder)]
    if not names:
        return f"文件夹是空的，没有 {PROJECT_FILE}"
    if wrong := misnamed(names):
        return f"没有 {PROJECT_FILE}；有 {wrong}，请把它改名为 {PROJECT_FILE}"
    surveys = [name for name in names if Path(name).suffix.lower() in SURVEY_SUFFIXES]
    if surveys:
        return f"有测绘资料（{surveys[0]} 等 {len(surveys)} 个文件）但没有 {PROJECT_FILE}；请运行 duoce init 补建"
    return None


def _project(folder: Path, path: str) -> _Walk:
    held = list(files(folder))
    own = is_project(folder)
    fault = project_fault(folder) if own else None
    inside = within(folder, [name for name, _ in held]) if own else []
    found = Found("", path, "folder", fault, sum(size for _, size in held))
    return _Walk([found], inside=[_joined(path, name) for name in inside])


def _zip(entry: Path, path: str) -> Found:
    try:
        with entry.open("rb"):
            return Found("", path, "zip", bytes=entry.stat().st_size)
    except OSError as err:
        return Found("", path, "zip", f"压缩包无法打开：{said(err)}")


def _loops(entry: Path) -> bool:
    """A link to a folder above itself would be walked for ever."""
    return entry.is_symlink() and entry.absolute().is_relative_to(entry.resolve())


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
