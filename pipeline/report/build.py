"""The report as one plain object, built once from the merged result; every writer prints the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pipeline.errors import StandardError
from pipeline.model import ProjectReport
from pipeline.report.annex import moved
from pipeline.report.appendix import appendix
from pipeline.report.chapters import commission, control
from pipeline.report.consistency import consistency
from pipeline.report.context import Context
from pipeline.report.inspection_record import inspection
from pipeline.report.model import Block, Chapter, Figure, Report
from pipeline.report.survey_chapters import indicators, surveys
from pipeline.report.technical import technical
from pipeline.report.template import ChapterPlan, Template, logo_of, template_of
from pipeline.standard import Standards

#: what a chapter of the template may be; surveys, drawings and annex are made by `build` itself
CHAPTERS: dict[str, Callable[[Context], list[Block]]] = {
    chapter.__name__: chapter
    for chapter in (commission, technical, indicators, control, consistency, inspection, appendix)
}
Pairs = tuple[tuple[str, str], ...]
SURVEYS, DRAWINGS, ANNEX = "surveys", "drawings", "annex"


def build(
    result: ProjectReport, *, template: Template | None = None, figures: Sequence[Figure] | None = None
) -> Report:
    """All chapters of the consolidated report, in the order of the template; surveys not commissioned leave no trace.

    Args: template: default the one that the project asks for; figures: the drawings, default drawn from `result`.
    Errors: StandardError when template or standards name something that does not exist.
    """
    context = Context(result, template or template_of(result.project))
    drawn = _drawn(result) if figures is None else list(figures)
    planned = [(plan.kind, c) for plan in context.template.chapters for c in _planned(context, plan, drawn)]
    chapters = _with_annex(context, planned)
    slots, (cover, statement, signatures) = context.slots, _opening(context)
    return Report(
        title=context.template.title,
        cover=cover,
        statement=statement,
        signatures=signatures,
        chapters=_numbered(chapters),
        project_code=slots["code"],
        firm=slots["firm"],
        date=slots["date"],
        keywords=(slots["name"], *(context.label(s.survey) for s in context.surveys)),
        logo=logo_of(context.template),
    )


def check_template(project: Any, standards: Standards) -> None:
    """What of a project's own template can be known to be wrong before anything is read.

    Errors: StandardError as `template_of` and `build` raise it.
    """
    if project.report.template is None:
        return
    template = template_of(project)
    for plan in template.chapters:
        _check_kind(template, plan.kind)
    empty = ProjectReport(project, standards, (), (), (), (), (), (), "undetermined", {}, {})
    _opening(Context(empty, template))


def _check_kind(template: Template, kind: str) -> None:
    known = (*CHAPTERS, SURVEYS, DRAWINGS, ANNEX)
    if kind not in known:
        raise StandardError(f"{template.folder}：chapters：没有种类“{kind}”；可用：{'、'.join(known)}")


def _planned(context: Context, plan: ChapterPlan, figures: Sequence[Figure]) -> list[Chapter]:
    number = plan.number or ""
    if plan.kind == SURVEYS:
        return [replace(chapter, number=number) for chapter in surveys(context, plan)]
    if plan.kind == DRAWINGS:
        return [Chapter(number, plan.title, _drawings(context, figures))]
    if plan.kind == ANNEX:
        return [Chapter(number, plan.title, ())]
    _check_kind(context.template, plan.kind)
    return [Chapter(number, plan.title, tuple(CHAPTERS[plan.kind](context)))]


def _drawings(context: Context, figures: Sequence[Figure]) -> tuple[Block, ...]:
    """The list of drawings, then the drawings."""
    if not figures:
        return (context.say("no_figures"),)
    rows = [
        {
            "row_no": str(n),
            "title": figure.caption,
            "paper": figure.paper,
            "scale": f"1:{figure.scale}" if figure.scale else "",
        }
        for n, figure in enumerate(figures, start=1)
    ]
    return (context.template.table("drawings", rows, targets=[figure.id for figure in figures]), *figures)


def _with_annex(context: Context, planned: Sequence[tuple[str, Chapter]]) -> list[Chapter]:
    """The chapters with long tables moved to the annex, where the template has one."""
    chapters = [chapter for _, chapter in planned]
    place = next((i for i, (kind, _) in enumerate(planned) if kind == ANNEX), None)
    if place is None:
        return chapters
    kept, tables = moved(context, chapters, chapters[place].number)
    kept[place] = replace(kept[place], blocks=tuple(tables) or (context.say("no_annex"),))
    return kept


def _numbered(chapters: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """Chapters without a number of their own count from 1."""
    numbers = iter(range(1, len(chapters) + 1))
    return tuple(c if c.number else replace(c, number=str(next(numbers))) for c in chapters)


def _opening(context: Context) -> tuple[Pairs, tuple[str, ...], Pairs]:
    """Cover, statement and signatures."""
    template, slots = context.template, context.slots
    cover = tuple((line.label, template.fill(line.value, slots, "cover")) for line in template.cover)
    statement = tuple(template.fill(text, slots, "statement") for text in template.statement)
    people = [(str(p.role), str(p.name)) for p in context.result.project.people]
    fixed = [(s.role, s.name and template.fill(s.name, slots, "signatures")) for s in template.signatures]
    return cover, statement, (*people, *fixed)


def _drawn(result: ProjectReport) -> list[Figure]:
    from pipeline.report.drawings import draw

    return list(draw(result))
