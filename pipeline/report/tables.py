"""A survey's own tables, as its `tables.yaml` declares them: layer rows, grouped, transposed, summed up; or measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.errors import StandardError
from pipeline.measures.engine import select
from pipeline.model import SurveyResult
from pipeline.report.cells import alike, fitted, natural, width
from pipeline.report.columns import COUNT, NUMBER, SIDE, Printer, centred, printers, total
from pipeline.report.context import Context
from pipeline.report.measured import comparison, matrix
from pipeline.report.model import Block, Column, Heading, KeyValues, Table
from pipeline.report.notes import table_note
from pipeline.report.sides import side_lengths
from pipeline.standard import Standard, TableSpec

if TYPE_CHECKING:
    import geopandas as gpd

Record = dict[str, Any]


def survey_tables(context: Context, survey: SurveyResult) -> list[Block]:
    """All tables of one survey under their headings; a table without rows says so."""
    standard = context.standard(survey.survey)
    blocks: list[Block] = []
    for spec in standard.tables if standard else ():
        made = list(_blocks(context, standard, survey, spec)) if standard else []
        blocks += [Heading(spec.title), *(made or [context.say("no_rows")])]
    return blocks


def _blocks(context: Context, standard: Standard, survey: SurveyResult, spec: TableSpec) -> Iterator[Block]:
    if spec.measures:
        unknown = [name for name in spec.measures if name not in standard.measures]
        if unknown:
            raise StandardError(f"{standard.folder / 'tables.yaml'}：{spec.id}：没有指标“{'、'.join(unknown)}”")
        yield from comparison(context, survey, spec) if spec.columns else matrix(context, survey, spec)
        return
    columns: Sequence[Printer] = printers(context, standard, spec)
    frame = survey.frames.get(str(spec.layer))
    if frame is None or frame.empty:
        return
    frame = select(frame, spec.where)
    columns = [c for c in columns if not c.if_given or (c.field in frame and frame[c.field].notna().any())]
    tables: list[Table] = []
    for n, (title, rows) in enumerate(_groups(context, standard, survey, frame, spec), start=1):
        table_id = f"{survey.survey}.{spec.id}" + (f".{n}" if spec.group_by else "")
        records = _records(rows, spec, columns, _outlines(standard, survey, spec, rows))
        if spec.transpose:
            yield from _forms(context, columns, records, table_id, title)
        elif records:
            tables.append(_table(context, columns, records, spec, (table_id, title, f"{survey.survey}.{spec.layer}")))
    yield from alike(tables)


# ---------------------------------------------------------------- rows


def _groups(
    context: Context, standard: Standard, survey: SurveyResult, frame: gpd.GeoDataFrame, spec: TableSpec
) -> list[tuple[str, gpd.GeoDataFrame]]:
    """(title, rows) per value of `group_by` in natural order; rows without a value come last."""
    if not spec.group_by:
        return [(spec.title, frame)]
    found = [(value, rows) for value, rows in frame.groupby(spec.group_by, sort=False, dropna=False)]
    found.sort(key=lambda item: natural(item[0]))
    return [(_group_title(context, _group_label(context, standard, survey, spec, v), spec), rows) for v, rows in found]


def _group_title(context: Context, label: str, spec: TableSpec) -> str:
    if spec.group_title:
        return context.template.fill(spec.group_title, {"group": label}, f"{spec.id}：group_title")
    return context.template.say("group_title", title=spec.title, group=label)


def _group_label(context: Context, standard: Standard, survey: SurveyResult, spec: TableSpec, value: Any) -> str:
    """A building's name where the value names a building, a code's label where it is a code, else the value."""
    view, name = standard.building, str(spec.group_by)
    if view is not None and name == view.key:
        return context.building(str(value))
    if view is not None and name == standard.layers[view.layer].business_id and view.layer in survey.frames:
        buildings = survey.frames[view.layer]
        keys = buildings.loc[buildings[name] == value, view.key]
        if len(keys):
            return context.building(str(keys.iloc[0]))
    field = standard.layers[str(spec.layer)].fields.get(name)
    return context.coded(value, standard.codes.get(field.codes) if field and field.codes else None)


def _records(
    frame: gpd.GeoDataFrame, spec: TableSpec, columns: Sequence[Printer], outlines: Sequence[tuple[Any, Any]]
) -> list[Record]:
    if any(column.field == SIDE for column in columns):
        frame = frame.assign(**{SIDE: side_lengths(frame, outlines)})
    wanted = {"feature", *(c.field for c in columns), *spec.sort, *spec.summary}
    records: list[Record] = frame[[name for name in frame.columns if name in wanted]].to_dict("records")
    records.sort(key=lambda row: tuple(natural(row.get(name)) for name in (*spec.sort, *spec.summary)))
    if spec.summary:
        records = _summed(records, spec.summary, columns)
    for n, row in enumerate(records, start=1):
        row[NUMBER] = n
    return records


def _summed(records: Sequence[Record], keys: Sequence[str], columns: Sequence[Printer]) -> list[Record]:
    """One row per combination of `keys`: how many, and the sums of the other columns."""
    groups: dict[tuple[str, ...], list[Record]] = {}
    for row in records:
        groups.setdefault(tuple(str(row.get(key)) for key in keys), []).append(row)
    summed = []
    for rows in groups.values():
        sums = {c.field: total([r.get(c.field) for r in rows]) for c in columns if c.align == "right"}
        key_values = {key: rows[0].get(key) for key in keys}
        summed.append({**sums, **key_values, COUNT: len(rows), "feature": tuple(r.get("feature") for r in rows)})
    return summed


def _outlines(
    standard: Standard, survey: SurveyResult, spec: TableSpec, rows: gpd.GeoDataFrame
) -> list[tuple[Any, Any]]:
    """Polygons whose vertices the rows are: of the layer whose business id is the table's group."""
    found: list[tuple[Any, Any]] = []
    for name, layer in standard.layers.items():
        frame = survey.frames.get(name)
        if layer.geometry != "polygon" or frame is None or layer.business_id != spec.group_by or not spec.group_by:
            continue
        frame = frame[frame[spec.group_by].isin(rows[spec.group_by].unique())]
        found += list(zip(frame.geometry, frame["curve"] if "curve" in frame else [None] * len(frame), strict=True))
    return found


# ---------------------------------------------------------------- blocks


def _table(
    context: Context,
    printing: Sequence[Printer],
    records: Sequence[Record],
    spec: TableSpec,
    names: tuple[str, str, str],
) -> Table:
    table_id, title, source = names
    rows = [tuple(p.cell(row.get(p.field), context) for p in printing) for row in records]
    features = [_feature(row) for row in records]
    totals, note = _totals(context, printing, records, rows)
    columns = [Column(p.label, p.align) for p in printing]
    columns = [centred(c, [r[i] for r in rows], [width(r[i]) for r in rows]) for i, c in enumerate(columns)]
    sized, wide = fitted(columns, [*rows, *totals])
    notes = " ".join(part for part in (table_note(context, spec), note) if part)
    return Table(
        table_id,
        title,
        sized,
        (*rows, *totals),
        notes or None,
        source,
        len(totals),
        (*features, *(() for _ in totals)),
        wide,
    )


def _totals(
    context: Context, printing: Sequence[Printer], records: Sequence[Record], rows: Sequence[tuple[str, ...]]
) -> tuple[list[tuple[str, ...]], str | None]:
    """The row of sums, if any column wants one, and a note when it differs from the sum of the printed rows."""
    if not any(p.total for p in printing):
        return [], None
    cells = [p.sum([row.get(p.field) for row in records], context) for p in printing]
    first = next((i for i, p in enumerate(printing) if not p.total), None)
    if first is not None:
        cells[first] = context.template.say("total")
    off = any(p.total and _differs(cells[i], [row[i] for row in rows]) for i, p in enumerate(printing))
    return [tuple(cells)], context.template.say("total_note") if off else None


def _differs(shown: str, parts: Sequence[str]) -> bool:
    from decimal import Decimal, InvalidOperation

    try:
        return Decimal(shown) != sum((Decimal(part) for part in parts), Decimal(0))
    except InvalidOperation:
        return False


def _forms(
    context: Context, printing: Sequence[Printer], records: Sequence[Record], table_id: str, title: str
) -> Iterator[KeyValues]:
    for n, row in enumerate(records, start=1):
        items = tuple((p.label, p.cell(row.get(p.field), context)) for p in printing)
        caption = title if len(records) == 1 else context.template.say("group_title", title=title, group=n)
        yield KeyValues(f"{table_id}.{n}" if len(records) > 1 else table_id, caption, items)


def _feature(row: Mapping[str, Any]) -> tuple[str, ...]:
    value = row.get("feature")
    return value if isinstance(value, tuple) else (str(value),) if value else ()
