"""Steps 1 to 3: the project and its standards, every input fingerprinted, counted and read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline import crs as projections
from pipeline import editions, permits, waivers
from pipeline.errors import InputError
from pipeline.isolation.parent import Isolation, limits_of
from pipeline.isolation.worker import Job
from pipeline.project import control_points
from pipeline.project.files import refuse_slips
from pipeline.project.state import INTAKE, Run
from pipeline.projectfile import ProjectFile, read_project
from pipeline.readers import Table
from pipeline.readers.points import HEADING
from pipeline.report.build import check_template
from pipeline.sources import Note
from pipeline.standard import Standards, load_standards
from pipeline.unpacking.unpack import limits_of as zip_limits

HEADINGS = {"permit": (permits.LABEL, permits.VALUE), "control": HEADING}


def opened(folder: Path, standards_in: Sequence[Path], profile: str | None, edition: str | None) -> Run:
    """Step 1. Errors: InputError naming file and key when the project cannot run, StandardError from the standards."""
    project = read_project(folder)
    refuse_slips(project)
    with editions.schemas_of(edition) as root:
        name = profile or project.profile
        standards = load_standards(name, extra=standards_in, overrides=project.overrides, root=root)
    unknown = [name for name in project.surveys if name not in standards.surveys or name == INTAKE]
    if unknown:
        known = "、".join(f"{s.survey}（{s.label}）" for s in standards.surveys.values() if s.survey != INTAKE)
        raise InputError(f"{project.path}：surveys：没有“{'、'.join(unknown)}”的标准；可用：{known}")
    _check_mappings(project, standards)
    ordered = [name for name in standards.surveys if name in project.surveys]
    target = project.crs.plane()
    if not projections.is_plane(target):
        raise InputError(f"{project.path}：crs.definition：须为以米为单位的平面坐标系，现为 {project.crs.definition}")
    check_template(project, standards)
    return Run(project, standards, target, ordered, waivers.read_record(project))


def _check_mappings(project: ProjectFile, standards: Standards) -> None:
    """A mapping named for a survey must be one that its standard has. Errors: InputError."""
    for name, given in project.surveys.items():
        known = [mapping.name for mapping in standards.surveys[name].mappings]
        if given.mapping is not None and given.mapping not in known:
            raise InputError(
                f"{project.path}：surveys.{name}.mapping：没有名为“{given.mapping}”的映射；可用：{'、'.join(known) or '无'}"
                "；不写 mapping 时自动选用"
            )


def read_inputs(run: Run, workers: Isolation) -> None:
    """Steps 2 and 3: every input fingerprinted, counted and read; a fatal one takes its survey out of judgement."""
    jobs = [
        Job(
            run.project.folder / name,
            name,
            survey,
            run.project.surveys[survey].encoding,
            in_blocks=run.standards.surveys[survey].reads_blocks,
        )
        for survey in run.surveys
        for name in run.project.surveys[survey].files
    ]
    limits = limits_of(run.standards.profile.numbers)
    for source in workers.read_inputs(jobs, limits, zip_limits(run.standards.profile.numbers)):
        survey = source.entry.survey or ""
        run.sources.setdefault(survey, []).append(source)
        run.ledger.append(source.entry)
        run.notes += source.notes
        if source.entry.fatal:
            run.damaged[survey] = f"输入文件 {source.entry.path} 未能完整读取"
    _read_tables(run, workers)


def _read_tables(run: Run, workers: Isolation) -> None:
    """Permit figures and control points: tables beside the surveys."""
    names = {"permit": run.project.permit.file, "control": run.project.control_points}
    given = {use: Job(run.project.folder / name, name, heading=HEADINGS[use]) for use, name in names.items() if name}
    tables = workers.read_tables(list(given.values()), limits_of(run.standards.profile.numbers))
    for use, table in zip(given, tables, strict=True):
        run.ledger.append(table.entry)
        run.notes += table.notes
        if use == "permit":
            _permit(run, table)
        else:
            run.notes += control_points.doubts(table.rows, table.entry.path)
            run.control = tuple(control_points.points(table.rows))
            rows = tuple({k: v for k, v in row.items() if not k.startswith("_")} for row in run.control)
            run.project = run.project.model_copy(update={"control_points_rows": rows})
    run.ledger += waivers.ledger_entries(run.record, run.project)


def _permit(run: Run, table: Table) -> None:
    """The figures of the permit, and what is to be said of rows that are not compared."""
    if table.rows and not permits.has_columns(table.rows):
        words = "，".join(word for word in table.rows[0] if not word.startswith("_"))
        run.notes.append(Note("table_headless", table.entry.path, slots={"value": words}))
        return
    own = [run.standards.surveys[name] for name in run.surveys]
    others = [standard for name, standard in run.standards.surveys.items() if name not in run.surveys]
    run.permit_rows = tuple(table.rows)
    run.permit, notes = permits.figures(table.rows, own, table.entry.path, others=others)
    run.notes += notes
