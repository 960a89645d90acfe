"""Measures and indicators as tables: against the permit, per building, and with their formulas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.model import Indicator, Measured, SurveyResult
from pipeline.report.cells import fitted, indicator_numbers, natural
from pipeline.report.context import Context, Row
from pipeline.report.model import Column, Table
from pipeline.report.notes import table_note
from pipeline.report.template import FormColumn
from pipeline.standard import TableSpec


def indicator_row(context: Context, item: Indicator, number: int) -> Row:
    """One indicator as printed facts, for every table that shows one."""

    def value(figure: float | None) -> str:
        return context.text(figure, item.decimals)

    difference, limit, allowance = indicator_numbers(item, missing=context.template.missing)
    return {
        "row_no": str(number),
        "label": item.label,
        "scope": context.building(item.building),
        "unit": item.unit,
        "direction": context.word("direction", item.direction),
        "permitted": value(item.permitted),
        "measured": value(item.measured),
        "difference": difference,
        "limit": limit,
        "allowance": allowance,
        "outcome": context.word("indicator", item.outcome),
        "reason": item.reason or "",
        "formula": item.formula,
        "id": f"{item.survey}.{item.name}",
    }


def indicator_table(context: Context, survey: SurveyResult, items: Sequence[Indicator], table_id: str) -> Table:
    """The fixed comparison table of the overall chapter."""
    rows = [indicator_row(context, item, n) for n, item in enumerate(items, start=1)]
    ids = dict.fromkeys(f"{i.survey}.{i.name}" for i in items)
    return context.template.table(
        "indicators",
        rows,
        table_id=table_id,
        features=[i.features for i in items],
        source="; ".join(ids),
        survey=context.label(survey.survey),
    )


def measured_table(context: Context, survey: SurveyResult, items: Sequence[Measured]) -> Table:
    """What was measured, with formula and trace."""
    rows = [
        {
            "label": m.label,
            "scope": context.building(m.building),
            "value": context.text(m.value, m.decimals),
            "unit": m.unit,
            "formula": m.formula,
            "features": str(len(m.features)) if m.features else "",
            "id": f"{m.survey}.{m.name}",
        }
        for m in items
    ]
    return context.template.table(
        "measured",
        rows,
        table_id=f"{survey.survey}.measured",
        features=[m.features for m in items],
        source=survey.survey,
        note=context.template.say("measured_note"),
        survey=context.label(survey.survey),
    )


def comparison(context: Context, survey: SurveyResult, spec: TableSpec) -> Iterator[Table]:
    """Rows = indicators of the named measures, whole project or per building; columns as the standard asks."""
    wanted = [i for i in survey.indicators if i.name in spec.measures and (i.building is not None) == spec.per_building]
    wanted.sort(key=lambda i: (natural(i.building) if i.building else (), spec.measures.index(i.name)))
    if not wanted:
        return
    rows = [indicator_row(context, item, n) for n, item in enumerate(wanted, start=1)]
    fields = [FormColumn(field=c.field, label=c.label, align=_align(c.field)) for c in spec.columns]
    cells = tuple(tuple(row.get(f.field, "") or context.template.missing for f in fields) for row in rows)
    columns, wide = fitted([Column(f.label, f.align) for f in fields], cells)
    source = "; ".join(f"{survey.survey}.{name}" for name in spec.measures)
    features = tuple(i.features for i in wanted)
    note = table_note(context, spec)
    yield Table(f"{survey.survey}.{spec.id}", spec.title, columns, cells, note, source, 0, features, wide)


def matrix(context: Context, survey: SurveyResult, spec: TableSpec) -> Iterator[Table]:
    """Per building: a row each and one column per measure, the whole project last. Else a row per measure."""
    if not spec.per_building:
        yield from _plain(context, survey, spec)
        return
    yield from _per_building(context, survey, spec)


def _plain(context: Context, survey: SurveyResult, spec: TableSpec) -> Iterator[Table]:
    items = [m for name in spec.measures for m in survey.measured if m.name == name and m.building is None]
    if all(m.value is None for m in items):
        return
    kept = [c for c in context.template.form("measured").columns if c.field in ("label", "value", "unit")]
    facts = [{"label": m.label, "value": context.text(m.value, m.decimals), "unit": m.unit} for m in items]
    rows = tuple(tuple(fact[c.field] or context.template.missing for c in kept) for fact in facts)
    columns, wide = fitted([Column(c.label, c.align) for c in kept], rows)
    features = tuple(m.features for m in items)
    note = table_note(context, spec)
    yield Table(f"{survey.survey}.{spec.id}", spec.title, columns, rows, note, survey.survey, 0, features, wide)


def _per_building(context: Context, survey: SurveyResult, spec: TableSpec) -> Iterator[Table]:
    known = {(m.name, m.building): m for m in survey.measured}
    measures = [name for name in spec.measures if any(n == name and m.value for (n, _), m in known.items())]
    buildings = sorted({b for n, b in known if b is not None and n in measures}, key=natural)
    if not buildings:
        return
    first = {name: next(m for (n, _), m in known.items() if n == name) for name in measures}
    heads = [Column(context.template.form("building_fact").columns[0].label, "center")]
    heads += [Column(_with_unit(context, first[name]), "right") for name in measures]
    scopes: list[str | None] = [*buildings, None]
    rows = [(context.building(b), *(_value(context, known.get((n, b))) for n in measures)) for b in scopes]
    columns, wide = fitted(heads, rows)
    features = tuple(tuple(f for n in measures if (n, b) in known for f in known[n, b].features) for b in scopes)
    source = "; ".join(f"{survey.survey}.{name}" for name in measures)
    note = table_note(context, spec)
    yield Table(f"{survey.survey}.{spec.id}", spec.title, columns, tuple(rows), note, source, 1, features, wide)


def _value(context: Context, item: Measured | None) -> str:
    return context.template.missing if item is None else context.text(item.value, item.decimals)


def _with_unit(context: Context, item: Measured) -> str:
    return context.template.say("with_unit", label=item.label, unit=item.unit) if item.unit else item.label


def _align(field: str) -> str:
    if field in ("permitted", "measured", "difference", "limit", "allowance"):
        return "right"
    return "left" if field in ("label", "reason", "formula", "id") else "center"
