"""What each entry of the tree is made of: one function per kind, in an explicit table."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.delivery.inputs import copy_inputs
from pipeline.delivery.tree import Place, safe
from pipeline.errors import InputError
from pipeline.exports.shapefiles import write_shapefile
from pipeline.exports.tables import tables as register_tables
from pipeline.model import ProjectReport, SurveyResult
from pipeline.report.build import build
from pipeline.report.data import write_geopackage
from pipeline.report.drawings import draw
from pipeline.report.model import Figure, Report, Table
from pipeline.report.xlsx import write_xlsx
from pipeline.standard import files_of

DRAWINGS = "drawings"


@dataclass(frozen=True)
class Making:
    """What the package is made from: the merged result and the finished output folder of its run."""

    result: ProjectReport
    out: Path
    built: Report | None = None  # the report, where it has been built already
    figures: Sequence[Figure] | None = None  # the drawings, as above

    @cached_property
    def report(self) -> Report:
        """The report: its tables are what counts here."""
        return self.built or build(self.result, figures=())

    @cached_property
    def drawn(self) -> tuple[str, ...]:
        """The survey of each drawing, in their order."""
        figures = draw(self.result) if self.figures is None else self.figures
        return tuple(figure.id.partition(".")[0] for figure in figures)

    def survey(self, place: Place) -> SurveyResult:
        return next(survey for survey in self.result.surveys if survey.survey == place.survey)


def output(making: Making, place: Place, target: Path) -> None:
    """One file of the run's output folder."""
    source = making.out / str(place.entry.of)
    if not source.is_file():
        raise InputError(f"{source}：不存在，成果不完整，不能制作成果包；请重新运行 duoce run")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def geopackage(making: Making, place: Place, target: Path) -> None:
    """The canonical layers of one survey and its findings."""
    target.parent.mkdir(parents=True, exist_ok=True)
    own = tuple(f for f in making.result.findings if f.survey == place.survey)
    write_geopackage(replace(making.result, surveys=(making.survey(place),), findings=own), target)


def registers(making: Making, place: Place, target: Path) -> None:
    """The registration tables of one survey as shapefiles."""
    survey = making.survey(place)
    for table in register_tables(making.result.standards.surveys[survey.survey], survey.frames):
        write_shapefile(table, target, date=making.result.project.project.date)


def drawings(making: Making, place: Place, target: Path) -> None:
    """The drawings of one survey (of all, where the place is the project's), as they are in the output folder."""
    numbers = {number for number, survey in enumerate(making.drawn, 1) if place.survey in (None, survey)}
    for source in sorted((making.out / DRAWINGS).iterdir()):
        if int(source.name.partition("-")[0]) in numbers:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / source.name)


def tables(making: Making, place: Place, target: Path) -> None:
    """The tables of one survey's chapter, those in the annex too, as a workbook."""
    chapters = [
        chapter
        if chapter.survey == place.survey
        else replace(chapter, blocks=tuple(b for b in chapter.blocks if _of(b, place.survey)))
        for chapter in making.report.chapters
    ]
    kept = tuple(chapter for chapter in chapters if any(isinstance(block, Table) for block in chapter.blocks))
    target.parent.mkdir(parents=True, exist_ok=True)
    write_xlsx(replace(making.report, chapters=kept), target)


def _of(block: Any, survey: str | None) -> bool:
    return isinstance(block, Table) and block.id.startswith(f"{survey}.")


def metadata(making: Making, place: Place, target: Path) -> None:
    """What one survey's data are: standard, CRS, dates, inputs, layers with their fields, register tables."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(described(making, place), ensure_ascii=False, indent=1) + "\n", "utf-8")


def described(making: Making, place: Place) -> dict[str, Any]:
    """The content of a survey's metadata."""
    result, survey = making.result, making.survey(place)
    standard, project = result.standards.surveys[survey.survey], result.project
    given = project.surveys[survey.survey]
    return {
        "project": {"code": project.project.code, "name": project.project.name},
        "survey": survey.survey,
        "label": standard.label,
        "bureau": standard.bureau,
        "edition": standard.edition,
        "profile": result.standards.profile.edition,
        "firm": project.firm.name,
        "surveyed": None if given.surveyed is None else given.surveyed.isoformat(),
        "crs": {"name": project.crs.name, "definition": project.crs.definition},
        "height_datum": project.height_datum,
        "inputs": [
            {
                "path": e.path,
                "sha256": e.sha256,
                "sidecars": dict(e.sidecars),
                "encoding": e.encoding,
                "crs": given.crs,
                "entities": e.entities,
            }
            for e in result.ledger
            if e.survey == survey.survey
        ],
        "layers": [_layer(name, standard.layers[name], frame) for name, frame in survey.frames.items()],
        "registers": [_register(table) for table in register_tables(standard, survey.frames)],
        "undetermined": survey.undetermined,
    }


def _layer(name: str, spec: Any, frame: Any) -> dict[str, Any]:
    fields = [
        {"name": key, "label": field.label, "code": field.code, "type": field.type, "unit": field.unit}
        for key, field in spec.fields.items()
    ]
    return {"name": name, "label": spec.label, "geometry": spec.geometry, "features": len(frame), "fields": fields}


def _register(table: Any) -> dict[str, Any]:
    """One register table: what it holds, and what it could not hold as it is."""
    misfits = [
        {
            "feature": table.frame["feature"].iloc[misfit.position],
            "field": table.layer.fields[name].code,
            "value": str(misfit.value),
            "detail": misfit.detail,
        }
        for name, misfit in table.misfits
    ]
    return {"name": table.spec.name, "layer": table.spec.layer, "records": len(table.frame), "misfits": misfits}


def standards(making: Making, _place: Place, target: Path) -> None:
    """The firm's own standards, each in a folder named after its survey; without any there is no folder."""
    for survey in making.result.standards.own:
        folder = making.result.standards.surveys[survey].folder
        for source in files_of(folder):
            copy = target / safe(survey) / source.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)


def inputs(making: Making, _place: Place, target: Path) -> None:
    """The project file and every file it names."""
    copy_inputs(making.result, target)


MAKERS: dict[str, Callable[[Making, Place, Path], None]] = {
    maker.__name__: maker for maker in (output, geopackage, registers, drawings, tables, metadata, standards, inputs)
}
FROM_RESULT = frozenset(maker.__name__ for maker in (geopackage, registers, metadata, standards, inputs))
