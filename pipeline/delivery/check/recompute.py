"""The delivered inputs run again under the edition and profile that the manifest names, and the tree that results."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.delivery.inputs import refuse_escaping
from pipeline.delivery.manifest import software_of
from pipeline.delivery.writing import assemble
from pipeline.errors import InputError
from pipeline.model import ProjectReport
from pipeline.project import run_project
from pipeline.projectfile import NAME, read_project
from pipeline.report.write import write_all

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What to recompute. edition, profile: None = the current, the project's own. software: versions it was made with.

    scratch: an empty folder to work in.
    """

    inputs: Path
    scratch: Path
    edition: str | None
    profile: str | None
    software: Mapping[str, str] | None
    standards_in: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """What the delivery should be: the merged result and the whole tree. software: versions at work here."""

    result: ProjectReport
    root: Path
    software: Mapping[str, str]


def refuse_absent(inputs: Path) -> None:
    """Errors: InputError when there is nothing to recompute from, which only the firm has."""
    if not (inputs / NAME).is_file():
        raise InputError(f"成果包里没有 {inputs.name}/{NAME}；请退回测绘单位，补交全部原始资料")


def recompute(order: Order, *, progress: Progress = lambda _: None) -> Expected:
    """The delivery as it should be. Versions printed in it are those it was made with: they are a claim, not a result.

    Errors: InputError, StandardError when the inputs cannot be run.
    """
    refuse_escaping(read_project(order.inputs))
    result = run_project(
        order.inputs, standards_in=order.standards_in, profile=order.profile, edition=order.edition, progress=progress
    )
    software = software_of(result)
    if order.software is not None:
        result = dataclasses.replace(result, versions=_claimed(result.versions, order.software))
    out = order.scratch / "out"
    out.mkdir(parents=True)
    write_all(result, out, progress=progress)
    claimed = dict(software if order.software is None else order.software)
    return Expected(result, assemble(result, out, order.scratch / "tree", software=claimed), software)


def _claimed(own: Mapping[str, str], claimed: Mapping[str, str]) -> dict[str, str]:
    return {name: claimed.get(name, version) for name, version in own.items()}
