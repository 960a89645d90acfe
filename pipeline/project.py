"""One project in seven steps: read, fingerprint, source layers, canonical layers, measure, check, merge."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib.metadata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import crs as projections
from pipeline import permits
from pipeline.binding import Figures, Values
from pipeline.checks.engine import Scene, notes_frame, run_rules
from pipeline.errors import InputError
from pipeline.isolation.parent import Isolation, limits_of
from pipeline.isolation.worker import Job
from pipeline.mapping.normalise import normalise
from pipeline.measures.engine import derive, indicators, measure, values_of
from pipeline.merge import merge
from pipeline.model import Indicator, LedgerEntry, Measured, Note, ProjectReport, RuleRun, Source, SurveyResult
from pipeline.projectfile import ProjectFile, read_project
from pipeline.quality.score import scores
from pipeline.standard import Standards, load_standards

if TYPE_CHECKING:
    import geopandas as gpd

INTAKE = "project"
PACKAGES = ("duoce", "ezdxf", "fiona", "geopandas", "numpy", "pandas", "pyogrio", "pyproj", "shapely")
Progress = Callable[[str], None]


@dataclass(slots=True)
class _Run:
    """What the steps of one run hand to each other."""

    project: ProjectFile
    standards: Standards
    target: Any
    surveys: list[str]
    sources: dict[str, list[Source]] = field(default_factory=dict)
    ledger: list[LedgerEntry] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    permit: dict[str, dict[str | None, float]] = field(default_factory=dict)
    frames: dict[str, dict[str, gpd.GeoDataFrame]] = field(default_factory=dict)
    measured: list[Measured] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    damaged: dict[str, str] = field(default_factory=dict)
    runs: list[RuleRun] = field(default_factory=list)
    places: list[projections.Place] = field(default_factory=list)
    site: dict[str, Any] = field(default_factory=dict)


def run_project(
    folder: Path,
    *,
    standards_in: Sequence[Path] = (),
    profile: str | None = None,
    progress: Progress = lambda _: None,
    isolation: Isolation | None = None,
) -> ProjectReport:
    """The checked, merged result of the project in `folder`.

    standards_in: folders with further survey standards. profile: overrides the project's own choice.
    isolation: where the files are read, started (and ended) by the caller; else a worker process of this run.
    Errors: InputError when nothing can run, StandardError when a standard is wrong; wrong data become findings.
    """
    progress("读取项目与标准")
    with contextlib.nullcontext(isolation) if isolation else Isolation() as workers:  # starts while the standards load
        run = _open(folder, standards_in, profile)
        progress("核对输入文件")
        _read(run, workers)
    progress("转换为标准图层")
    _normalise(run)
    progress("量测")
    _measure(run)
    progress("检查")
    _check(run)
    progress("合并成果")
    return _merged(run)


def _open(folder: Path, standards_in: Sequence[Path], profile: str | None) -> _Run:
    project = read_project(folder)
    standards = load_standards(profile or project.profile, extra=standards_in, overrides=project.overrides)
    unknown = [name for name in project.surveys if name not in standards.surveys or name == INTAKE]
    if unknown:
        known = "、".join(f"{s.survey}（{s.label}）" for s in standards.surveys.values() if s.survey != INTAKE)
        raise InputError(f"{project.folder / 'project.yaml'}：surveys：没有“{'、'.join(unknown)}”的标准；可用：{known}")
    ordered = [name for name in standards.surveys if name in project.surveys]
    target = project.crs.plane()
    if not projections.is_plane(target):
        raise InputError(
            f"{project.folder / 'project.yaml'}：crs.definition：须为以米为单位的平面坐标系，现为 "
            f"{project.crs.definition}"
        )
    return _Run(project, standards, target, ordered)


def _read(run: _Run, workers: Isolation) -> None:
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
    for job, source in zip(jobs, workers.read(jobs, limits), strict=True):
        run.sources.setdefault(job.survey or "", []).append(source)
        run.ledger.append(source.entry)
        run.notes += source.notes
        if source.entry.fatal:
            run.damaged[job.survey or ""] = f"输入文件 {source.entry.path} 未能完整读取"
    _read_tables(run, workers)


def _read_tables(run: _Run, workers: Isolation) -> None:
    """Permit figures and control points: tables beside the surveys."""
    names = {"permit": run.project.permit.file, "control": run.project.control_points}
    given = {use: Job(run.project.folder / name, name) for use, name in names.items() if name}
    tables = workers.read_tables(list(given.values()), limits_of(run.standards.profile.numbers))
    for use, table in zip(given, tables, strict=True):
        run.ledger.append(table.entry)
        run.notes += table.notes
        if use == "permit":
            standards = [run.standards.surveys[name] for name in run.surveys]
            run.permit, notes = permits.figures(table.rows, standards, table.entry.path)
            run.notes += notes
        else:
            rows = tuple({k: v for k, v in row.items() if not k.startswith("_")} for row in table.rows)
            run.project = run.project.model_copy(update={"control_points_rows": rows})


def _normalise(run: _Run) -> None:
    """Step 4: canonical layers with derived columns, in the project CRS."""
    for survey in run.surveys:
        given, standard = run.project.surveys[survey], run.standards.surveys[survey]
        declared = projections.parse(given.crs) if given.crs else None
        result = normalise(
            standard,
            run.sources[survey],
            target=run.target,
            declared=declared,
            relation=run.project.crs.relation,
            mapping=given.mapping,
        )
        figures = Figures(standard, run.standards.profile, run.permit)
        run.frames[survey] = {
            name: derive(result.frames[name], spec, figures) for name, spec in standard.layers.items()
        }
        run.notes += [*result.notes, *_height_note(run, survey)]
        run.places += result.places
        if result.refused:
            run.damaged.setdefault(survey, result.refused)
        elif all(frame.empty for frame in result.frames.values()):
            run.notes.append(Note("survey_empty", "、".join(given.files), survey, slots={"label": standard.label}))
            run.damaged.setdefault(survey, f"{standard.label}没有读到任何要素")
    _site(run)


def _height_note(run: _Run, survey: str) -> list[Note]:
    """A survey whose heights are stated in another datum than the project's; nothing is converted."""
    given, own = run.project.surveys[survey], run.project.height_datum
    if given.height_datum is None or projections.same_heights(given.height_datum, own):
        return []
    slots = {"label": run.standards.surveys[survey].label, "own": given.height_datum, "declared": own}
    return [Note("height_datum_differs", "、".join(given.files), survey, slots=slots)]


def _site(run: _Run) -> None:
    """Where the project lies, how much its CRS stretches lengths there, and the same of each input in its own CRS."""
    near, notes = projections.apart(run.places, run.target)
    run.notes += notes
    extent = projections.together(near)
    if extent is None:
        return
    run.site = projections.site(run.target, extent)
    run.site["inputs"] = tuple({"file": p.file, **projections.site(p.crs, p.given)} for p in run.places)
    limit = run.standards.profile.numbers["project.scale_limit_m_per_km"].at(0)
    deformation = abs(run.site["deformation_m_per_km"] or 0.0)
    if limit is not None and deformation > limit:
        run.notes.append(
            Note(
                "scale_deformation",
                "project.yaml",
                slots={
                    "measured": deformation,
                    "required": limit,
                    "unit": "m/km",
                    "crs": run.project.crs.name or run.site["crs"],
                },
            )
        )


def _measure(run: _Run) -> None:
    """Step 5: every measure of every survey, in the order of the standards."""
    for survey in run.surveys:
        if survey in run.damaged:
            continue
        standard = run.standards.surveys[survey]
        figures = Figures(standard, run.standards.profile, run.permit)
        new = measure(standard, run.frames[survey], figures, run.measured)
        run.indicators += indicators(standard, new, figures)
        run.measured += new


def _check(run: _Run) -> None:
    """Step 6: the rules on the inputs, then each survey's, those across surveys among them."""
    frames = {f"{s}.{layer}": frame for s, frames in run.frames.items() for layer, frame in frames.items()}
    rows = [
        {
            "kind": n.kind,
            "survey": n.survey,
            "file": n.file,
            "layer": n.layer,
            "handle": n.handle,
            "geometry": n.place,
            **n.slots,
        }
        for n in run.notes
    ]
    measured: Mapping[str, Values] = values_of(run.measured)
    scene = Scene(
        run.standards,
        frames,
        notes_frame(rows, examined=len(run.ledger), crs=None),
        tuple(run.indicators),
        measured,
        run.permit,
        frozenset(run.surveys),
        run.damaged,
        run.project.facts,
    )
    run.runs = run_rules(scene, [INTAKE, *run.surveys])


def _merged(run: _Run) -> ProjectReport:
    """Step 7."""
    results = [
        SurveyResult(
            survey,
            run.standards.surveys[survey].label,
            run.frames[survey],
            tuple(m for m in run.measured if m.survey == survey),
            tuple(i for i in run.indicators if i.survey == survey),
            tuple(r for r in run.runs if r.survey == survey),
            run.damaged.get(survey),
        )
        for survey in run.surveys
    ]
    result = merge(
        run.project,
        run.standards,
        results,
        [r for r in run.runs if r.survey == INTAKE],
        ledger=run.ledger,
        versions=versions(),
        site=run.site,
        permit=run.permit,
    )
    return dataclasses.replace(result, score=scores(result))


def versions() -> dict[str, str]:
    """Versions of this software and of the libraries whose results it prints."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
