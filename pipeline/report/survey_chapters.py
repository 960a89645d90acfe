"""The overall table of indicators and one chapter per commissioned survey, the same code for all."""

from __future__ import annotations

from pipeline.model import Indicator, Measured, SurveyResult
from pipeline.report.cells import natural
from pipeline.report.context import Context
from pipeline.report.measured import indicator_row, indicator_table, measured_table
from pipeline.report.model import Block, Chapter, Heading, Paragraph
from pipeline.report.tables import survey_tables
from pipeline.report.template import ChapterPlan


def indicators(context: Context) -> list[Block]:
    """The verdict, then a block per survey: permitted, measured, difference, limit, conclusion."""
    blocks: list[Block] = [context.heading("section_verdict"), *verdict(context), context.say("indicators_intro")]
    for survey in context.surveys:
        blocks.append(Heading(context.label(survey.survey)))
        items = ordered(survey)
        if items:
            blocks.append(indicator_table(context, survey, items, f"indicators.{survey.survey}"))
        else:
            plan = next((c for c in context.template.chapters if c.kind == "surveys"), None)
            title = title_of(context, plan, survey) if plan else context.label(survey.survey)
            blocks.append(context.say("no_indicators", title=title))
    return blocks


def verdict(context: Context) -> list[Paragraph]:
    """How the whole project ended, with the counts."""
    result = context.result
    waived = sum(1 for finding in result.findings if finding.waiver)
    counts = {key: result.counts.get(key, 0) for key in ("error", "warning", "info")}
    words = context.word("verdict", result.verdict)
    said = [context.say("verdict", "verdict", verdict=words, rules=len(result.runs), **counts)]
    return [*said, context.say("verdict_waived", waived=waived)] if waived else said


def surveys(context: Context, plan: ChapterPlan) -> list[Chapter]:
    """One unnumbered chapter per commissioned survey in the order of the standards."""
    return [
        Chapter("", title_of(context, plan, survey), tuple(_survey(context, survey)), survey.survey)
        for survey in context.surveys
    ]


def title_of(context: Context, plan: ChapterPlan, survey: SurveyResult) -> str:
    """The chapter's title with the survey's name in it."""
    return context.template.fill(plan.title, {"survey": context.label(survey.survey)}, "chapters：surveys")


def ordered(survey: SurveyResult) -> list[Indicator]:
    """Whole project first, then building by building; inside as the standard declares them."""
    names = list(dict.fromkeys(i.name for i in survey.indicators))
    return sorted(survey.indicators, key=lambda i: _scope(i.building, names.index(i.name)))


def _survey(context: Context, survey: SurveyResult) -> list[Block]:
    standard = context.standard(survey.survey)
    blocks: list[Block] = []
    if standard is not None:
        slots = {"survey": standard.label, "bureau": standard.bureau, "edition": standard.edition}
        blocks.append(context.say("survey_intro" if standard.bureau else "survey_intro_short", **slots))
        blocks += [Paragraph(line) for line in standard.intro]
    if survey.undetermined:
        blocks.append(context.say("survey_undetermined", "warning", reason=survey.undetermined))
    blocks += _indicator_notes(context, survey)
    blocks += survey_tables(context, survey)
    if survey.measured:
        names = list(dict.fromkeys(m.name for m in survey.measured))
        items: list[Measured] = sorted(survey.measured, key=lambda m: _scope(m.building, names.index(m.name)))
        blocks += [context.heading("section_measured"), measured_table(context, survey, items)]
    return blocks


def _indicator_notes(context: Context, survey: SurveyResult) -> list[Block]:
    """Only indicators that need words: a decision, an allowance used, a missing figure."""
    items = [item for item in ordered(survey) if item.reason]
    if not items:
        return []
    rows = [indicator_row(context, item, n) for n, item in enumerate(items, start=1)]
    table = context.template.table(
        "indicator_notes",
        rows,
        table_id=f"{survey.survey}.indicator_notes",
        features=[i.features for i in items],
        source="; ".join(dict.fromkeys(row["id"] for row in rows)),
        survey=context.label(survey.survey),
    )
    return [context.heading("section_indicator_notes"), table]


def _scope(building: str | None, place: int) -> tuple[bool, tuple[tuple[int, float, str], ...], int]:
    return building is not None, natural(building) if building else (), place
