"""What one entry of a folder is, asked so that nothing stops it: no permission, links to nowhere, pipes, other packers."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pipeline.errors import ERRNOS

PROJECT_FILE = "project.yaml"
ZIP = ".zip"
PACKED = frozenset({".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"})  # what else survey files are packed in
HIDDEN = (".", "~$")  # hidden files, and what an open office document leaves beside itself
Kind = Literal["folder", "zip", "file", "stray"]


def kind_of(path: Path) -> tuple[Kind, str | None]:
    """What stands at `path`, and why nothing can be made of a stray one; Chinese."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "stray", "链接的目标不存在"
    except OSError as err:
        return "stray", f"无法打开：{said(err)}"
    if stat.S_ISDIR(mode):
        return "folder", None
    if not stat.S_ISREG(mode):
        return "stray", "不是普通文件（是管道、套接字或设备），不能读取"
    suffix = path.suffix.lower()
    if suffix in PACKED:
        return "stray", f"{suffix[1:]} 格式的压缩包不能读取；请解压，或改为 zip"
    return "zip" if suffix == ZIP else "file", None


def said(err: OSError) -> str:
    """What the system refuses, in words."""
    return ERRNOS.get(err.errno or 0) or err.strerror or str(err)


def listed(folder: Path) -> list[str]:
    """The names in a folder, sorted, hidden ones aside. Errors: OSError."""
    names = sorted(path.name for path in folder.iterdir())
    if not os.access(folder, os.X_OK):  # its names may be read, and nothing else
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
    return [name for name in names if not name.startswith(HIDDEN)]


def is_project(folder: Path) -> bool:
    """Whether there is a project.yaml, be it one that cannot be read."""
    path = folder / PROJECT_FILE
    return os.path.lexists(path) and not os.path.isdir(path)  # noqa: PTH112 — neither raises without permission


def project_fault(folder: Path) -> str | None:
    """Why the project.yaml of a folder cannot be read, as far as can be known without opening it."""
    path = folder / PROJECT_FILE
    kind, fault = kind_of(path)
    if kind == "stray":
        return f"{PROJECT_FILE} {fault}"
    return None if os.access(path, os.R_OK) else f"{PROJECT_FILE} 无法打开：没有权限"


def misnamed(names: list[str]) -> str | None:
    """A file that was meant to be the project.yaml."""
    meant = {PROJECT_FILE, "project.yml"}
    return next((name for name in names if name.lower() in meant and name != PROJECT_FILE), None)


def files(folder: Path) -> Iterator[tuple[str, int]]:
    """Paths below the folder, with forward slashes, and sizes of the files anywhere in it, hidden ones aside."""
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        under = Path(top).relative_to(folder).as_posix()
        for name in sorted(names):
            if not name.startswith("."):
                path = name if under == "." else f"{under}/{name}"
                try:
                    yield path, os.stat(os.path.join(top, name)).st_size  # noqa: PTH116, PTH118 — thousands of files
                except OSError:
                    yield path, 0


def within(folder: Path, names: list[str]) -> list[str]:
    """Of the files of a project those that look like work of their own: archives that it does not name, projects."""
    nested = sorted({name.rpartition("/")[0] for name in names if name.endswith(f"/{PROJECT_FILE}")})
    found = [name for name in nested if not any(name.startswith(f"{above}/") for above in nested)]
    archives = [name for name in names if Path(name).suffix.lower() in {ZIP, *PACKED}]
    archives = [name for name in archives if not any(name.startswith(f"{above}/") for above in nested)]
    if archives:
        try:
            text = (folder / PROJECT_FILE).read_text("utf-8", errors="replace")
        except OSError:
            text = ""
        found += [name for name in archives if name.rpartition("/")[2] not in text]
    return sorted(found)
