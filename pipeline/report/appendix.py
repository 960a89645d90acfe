"""The appendix: editions, profile numbers with source and certainty, overrides, inputs with hashes, versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.binding import references
from pipeline.report.context import Context, Row
from pipeline.report.figures import number_text
from pipeline.report.model import Block, Paragraph, Table
from pipeline.report.technical import software
from pipeline.standard import Standard

ANNEX_ROWS = "report.annex_rows"
SCORE = "score."
SCALE_LIMIT = "project.scale_limit_m_per_km"


def appendix(context: Context) -> list[Block]:
    """Everything needed to repeat the computation."""
    return [
        context.heading("appendix_basis"),
        _editions(context),
        context.heading("appendix_numbers"),
        *_numbers(context),
        context.heading("appendix_overrides"),
        _overrides(context),
        context.heading("appendix_inputs"),
        _inputs(context),
        context.heading("appendix_software"),
        software(context),
    ]


def _standards(context: Context) -> list[Standard]:
    """The standards that really applied: those of commissioned surveys and those whose rules ran."""
    names = {s.survey for s in context.surveys} | {run.survey for run in context.result.runs}
    return [s for name, s in context.result.standards.surveys.items() if name in names]


def _editions(context: Context) -> Table:
    rows = [
        {"survey": s.label, "edition": s.edition, "rules": str(len(s.rules)), "measures": str(len(s.measures))}
        for s in _standards(context)
    ]
    profile = context.result.standards.profile
    rows.append({"survey": profile.label, "edition": profile.edition})
    return context.template.table("editions", rows)


# ---------------------------------------------------------------- numbers


def _numbers(context: Context) -> list[Block]:
    numbers = context.result.standards.profile.numbers
    rows: list[Row] = []
    scoring = [key for key in numbers if key.startswith(SCORE)]
    for key in dict.fromkeys([*_used(context), SCALE_LIMIT, *scoring, ANNEX_ROWS]):
        if key in numbers:
            number = numbers[key]
            rows.append(
                {
                    "label": number.label,
                    "value": number_text(context.template, number),
                    "unit": number.unit,
                    "source": number.source,
                    "certainty": context.word("certainty", number.certainty),
                    "key": key,
                }
            )
    return [context.template.table("numbers", rows)]


def _used(context: Context) -> Iterator[str]:
    """Profile keys that rules, measures, derived columns and drawings of the applied standards refer to."""
    for standard in _standards(context):
        params: list[Any] = [rule.params for rule in standard.rules]
        params += [p for m in standard.measures.values() for p in (m.params, m.survey_error, m.allowance)]
        params += [d.params for layer in standard.layers.values() for d in layer.derived.values()]
        params += [drawing.max_sheets for drawing in standard.drawings]
        for item in params:
            yield from (key for kind, key in references(item) if kind == "profile")


def _overrides(context: Context) -> Table | Paragraph:
    numbers, given = context.result.standards.profile.numbers, context.result.project.overrides
    rows = []
    for item in given:
        key = str(item.get("key"))
        number = numbers.get(key)
        rows.append(
            {
                "label": number.label if number else key,
                "value": number_text(context.template, number) if number else "",
                "source": context.text(item.get("source", number.source if number else None)),
                "reason": context.text(item.get("reason")),
                "key": key,
            }
        )
    return context.template.table("overrides", rows) if rows else context.say("no_overrides")


def _inputs(context: Context) -> Table:
    rows: list[Row] = []
    for entry in context.result.ledger:
        survey = context.label(entry.survey) if entry.survey else ""
        kind = " ".join(part for part in (context.word("format", entry.format), entry.version) if part)
        rows.append(
            {
                "path": entry.path,
                "survey": survey,
                "format": kind,
                "encoding": context.text(entry.encoding),
                "entities": str(entry.entities),
                "sha256": entry.sha256,
            }
        )
        rows += [{"path": path, "survey": survey, "sha256": digest} for path, digest in entry.sidecars.items()]
    return context.template.table("inputs", rows)
