"""Steps 5 to 7: measures, rules, recorded answers, and everything of one project in one record."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from pipeline import editions, waivers
from pipeline.binding import Figures, Values
from pipeline.checks.engine import Scene, run_rules
from pipeline.checks.scene import frame_of
from pipeline.measures.engine import indicators, measure, values_of
from pipeline.merge import merge
from pipeline.model import ProjectReport, SurveyResult
from pipeline.permits.uncompared import uncompared
from pipeline.project.state import INTAKE, Run
from pipeline.quality.score import scores
from pipeline.versions import versions


def take_measures(run: Run) -> None:
    """Step 5: every measure of every survey, in the order of the standards; permit figures that met none are told."""
    for survey in run.surveys:
        if survey in run.damaged:
            continue
        standard = run.standards.surveys[survey]
        figures = Figures(standard, run.standards.profile, run.permit)
        new = measure(standard, run.frames[survey], figures, run.measured)
        run.indicators += indicators(standard, new, figures)
        run.measured += new
    live = [run.standards.surveys[survey] for survey in run.surveys if survey not in run.damaged]
    file = str(run.project.permit.file)
    run.notes += uncompared(run.permit_rows, run.permit, live, run.measured, run.indicators, file=file)


def judge(run: Run, as_of: dt.date | None) -> None:
    """Step 6: the rules on the inputs, then each survey's, those across surveys among them; then recorded answers."""
    run.standards = editions.with_rules_for(run.standards, {n.kind for n in run.notes}, intake=INTAKE)
    frames = {f"{s}.{layer}": frame for s, frames in run.frames.items() for layer, frame in frames.items()}
    measured: Mapping[str, Values] = values_of(run.measured)
    scene = Scene(
        run.standards,
        frames,
        frame_of(run.notes, examined=len(run.ledger)),
        tuple(run.indicators),
        measured,
        run.permit,
        frozenset(run.surveys),
        run.damaged,
        run.project.facts,
    )
    run.runs = run_rules(scene, [INTAKE, *run.surveys])
    day = as_of or run.project.project.date
    run.runs, run.standards = waivers.entered(run.runs, scene, run.record, as_of=day, intake=INTAKE)


def merged(run: Run) -> ProjectReport:
    """Step 7."""
    result = so_far(run)
    return dataclasses.replace(result, score=scores(result))


def so_far(run: Run) -> ProjectReport:
    """The result without its score; before step 6 also without rules: layers and measures are what they will be."""
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
    return merge(
        run.project,
        run.standards,
        results,
        [r for r in run.runs if r.survey == INTAKE],
        ledger=run.ledger,
        versions=versions(),
        site=run.site,
        permit=run.permit,
    )
