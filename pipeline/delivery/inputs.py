"""The inputs of a run, all that a recompute needs, copied as they stand beside the project file.

The project file itself is `project.yaml` in every package, whatever it is called where it was run.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from pipeline import waivers
from pipeline.errors import InputError
from pipeline.model import ProjectReport
from pipeline.projectfile import NAME, ProjectFile

ADVICE = "请把它移到项目文件夹之内，改正项目文件中的路径后重新运行"


def input_paths(result: ProjectReport) -> list[str]:
    """Paths relative to the project folder, sorted: project.yaml, inputs with side files, waivers, report template."""
    paths = {NAME, *_template(result)}
    for entry in result.ledger:
        paths |= {entry.path, *entry.sidecars}
    if record := _waivers(result):
        paths.add(record)
    return sorted(paths)


def _template(result: ProjectReport) -> list[str]:
    """Every file of the firm's own report template."""
    name = result.project.report.template
    if name is None:
        return []
    folder = result.project.folder / name
    return [f"{name}/{path.relative_to(folder).as_posix()}" for path in folder.rglob("*") if path.is_file()]


def _waivers(result: ProjectReport) -> str | None:
    """The file of waivers, when the project has one."""
    name = result.project.waivers or waivers.NAME
    return name if (result.project.folder / name).is_file() else None


def refuse_outside(result: ProjectReport) -> None:
    """Errors: InputError naming a file outside the project folder: the package would not hold all that is needed."""
    _inside(input_paths(result))


def refuse_escaping(project: ProjectFile) -> None:
    """Errors: InputError naming a path with which a project of somebody else would have other files read."""
    named = (project.permit.file, project.control_points, project.waivers, project.report.template)
    files = (name for survey in project.surveys.values() for name in survey.files)
    _inside([*files, *(name for name in named if name)])


def _inside(names: Iterable[str]) -> None:
    for name in names:
        parts = PurePosixPath(name.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or name[1:2] == ":":
            raise InputError(f"输入文件“{name}”不在项目文件夹之内，不能收入成果包；{ADVICE}")


def copy_inputs(result: ProjectReport, folder: Path) -> list[Path]:
    """Copies every input that exists into `folder`; one that is missing is a finding of the run, here too.

    Errors: InputError, as `refuse_outside`.
    """
    refuse_outside(result)
    copied = []
    for name in input_paths(result):
        source = result.project.path if name == NAME else result.project.folder / name
        target = folder / PurePosixPath(name.replace("\\", "/"))
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            copied.append(target)
    return copied
