"""Step 4: source layers become canonical layers with derived columns, in the project CRS."""

from __future__ import annotations

import dataclasses

from pipeline import crs as projections
from pipeline.binding import Figures
from pipeline.exports.tables import misfits
from pipeline.mapping.normalise import Normalised, normalise
from pipeline.measures.engine import derive
from pipeline.project import control_points
from pipeline.project.state import Run
from pipeline.sources import LedgerEntry, Note
from pipeline.tolerance import PerKey

SIDES = ("west", "east", "south", "north")
COUNTY = ("project.county_west_deg", "project.county_east_deg", "project.county_south_deg", "project.county_north_deg")


def place(run: Run) -> None:
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
        run.notes += [*result.notes, *_height_note(run, survey), *misfits(standard, run.frames[survey])]
        run.places += result.places
        run.ledger = [_with_mapping(entry, result) if entry.survey == survey else entry for entry in run.ledger]
        if result.refused:
            run.damaged.setdefault(survey, result.refused)
        elif all(frame.empty for frame in result.frames.values()):
            run.notes.append(Note("survey_empty", "、".join(given.files), survey, slots={"label": standard.label}))
            run.damaged.setdefault(survey, f"{standard.label}没有读到任何要素")
    _site(run)


def _with_mapping(entry: LedgerEntry, result: Normalised) -> LedgerEntry:
    return dataclasses.replace(entry, mapping=result.mapping.get(entry.path), mapped=result.mapped.get(entry.path))


def _height_note(run: Run, survey: str) -> list[Note]:
    """A survey whose heights are stated in another datum than the project's; nothing is converted."""
    given, own = run.project.surveys[survey], run.project.height_datum
    if given.height_datum is None or projections.same_heights(given.height_datum, own):
        return []
    slots = {"label": run.standards.surveys[survey].label, "own": given.height_datum, "declared": own}
    return [Note("height_datum_differs", "、".join(given.files), survey, slots=slots)]


def _stated(run: Run) -> list[Note]:
    """Where what project.yaml says of its CRS contradicts itself or the datum that surveys are to use."""
    found, given, definition = [], run.project.crs, projections.describe(run.target)
    problem = projections.name_problem(given.name, run.target)
    if problem:
        slots = {"name": given.name, "declared": definition, "detail": problem}
        found.append(Note("crs_name_differs", run.project.file_name, slots=slots))
    datum = projections.foreign_datum(run.target)
    if datum and given.relation is None:
        found.append(Note("crs_datum", run.project.file_name, slots={"declared": definition, "datum": datum}))
    return found


def _region(run: Run, extent: projections.Extent) -> list[Note]:
    """A site that does not lie where its county code says."""
    numbers = run.standards.profile.numbers
    known = dict(zip(SIDES, (numbers[key] for key in COUNTY), strict=True))
    bounds = {side: number.values for side, number in known.items() if isinstance(number, PerKey)}
    problem = projections.outside(run.site, run.project.project.county_code, bounds, extent)
    if problem is None:
        return []
    return [Note("site_elsewhere", run.project.file_name, slots={"declared": run.site["crs"], "detail": problem})]


def _site(run: Run) -> None:
    """Where the project lies, how much its CRS stretches lengths there, and the same of each input in its own CRS."""
    near, notes = projections.apart(run.places, run.target)
    run.notes += [*notes, *_stated(run)]
    extent = projections.together(near)
    if extent is None:
        return
    run.site = projections.site(run.target, extent)
    run.notes += [*_region(run, extent), *control_points.far(run.control, str(run.project.control_points), extent)]
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
