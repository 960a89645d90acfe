"""The files that a project names, looked at before anything is read: slips of the pen are told at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import InputError
from pipeline.projectfile import ProjectFile

WILD = "*?["


def refuse_slips(project: ProjectFile) -> None:
    """A file that is merely missing is a finding of the run, not refused here.

    Errors: InputError naming the key of every path that can name no file: a folder, a pattern, with backslashes.
    """
    faults = [
        f"{project.path}：{key}：{name} {fault}" for key, name in _named(project) if (fault := _slip(project, name))
    ]
    if faults:
        raise InputError("\n".join(faults))


def _named(project: ProjectFile) -> Iterator[tuple[str, str]]:
    for survey, given in project.surveys.items():
        yield from ((f"surveys.{survey}.files", name) for name in given.files)
    if project.permit.file:
        yield "permit.file", project.permit.file
    if project.control_points:
        yield "control_points", project.control_points


def _slip(project: ProjectFile, name: str) -> str | None:
    path = project.folder / name
    if path.is_file():
        return None
    if path.is_dir():
        return "是文件夹；请逐个列出其中的文件"
    if path.exists():
        return "不是普通文件（是管道、套接字或设备），不能读取"
    if os.sep == "/" and "\\" in name:
        return f"不存在；路径的分隔请用 /：{Path(name.replace(chr(92), '/')).as_posix()}"
    if set(WILD) & set(name):
        return "不存在；这里不能用通配符，请逐个列出文件"
    return None
