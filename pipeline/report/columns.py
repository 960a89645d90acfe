"""A column of a survey's table, resolved: where its value comes from and how it prints."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.errors import StandardError
from pipeline.model import PROVENANCE
from pipeline.report.context import Context
from pipeline.report.model import Align, Column
from pipeline.scalars import missing
from pipeline.standard import ColumnSpec, FieldSpec, LayerSpec, Standard, TableSpec

NUMBER, SIDE, COUNT = "@no", "@side", "@count"  # columns that no field holds: row number, side length, how many
VIRTUAL = {NUMBER: None, SIDE: 2, COUNT: 0}  # with their decimals
SHORT_CHARS = 12.0  # texts up to this width stand in the middle of their column


@dataclass(frozen=True, slots=True)
class Printer:
    """Prints one column. total: whether the last row sums it; if_given: only printed where some row has a value."""

    field: str
    label: str
    align: Align
    decimals: int | None
    codes: Mapping[str, str] | None
    total: bool
    if_given: bool = False

    def cell(self, value: Any, context: Context) -> str:
        if self.codes is not None:
            return context.coded(value, dict(self.codes))
        return context.text(value, self.decimals)

    def sum(self, values: Sequence[Any], context: Context) -> str:
        """The exact sum, printed; unknown when a value is."""
        if not self.total:
            return ""
        return context.text(total(values), self.decimals)


def total(values: Sequence[Any]) -> float | None:
    """Sum without loss of order-dependent digits; None when any value is missing."""
    return None if any(missing(v) for v in values) else math.fsum(float(v) for v in values)


def printers(context: Context, standard: Standard, spec: TableSpec) -> tuple[Printer, ...]:
    """The columns of a layer table. Errors: StandardError naming a field or code list that does not exist."""
    layer = standard.layers.get(spec.layer or "")
    if layer is None:
        raise StandardError(f"{standard.folder / 'tables.yaml'}：{spec.id}：没有图层“{spec.layer}”")
    wanted = [*spec.summary, *spec.sort, *([spec.group_by] if spec.group_by else []), *spec.where]
    for field in wanted:
        _field(standard, layer, spec, field)
    return tuple(_printer(context, standard, layer, spec, column) for column in spec.columns)


def _printer(context: Context, standard: Standard, layer: LayerSpec, spec: TableSpec, column: ColumnSpec) -> Printer:
    field = _field(standard, layer, spec, column.field)
    if column.codes is not None and column.codes not in standard.codes:
        raise StandardError(f"{standard.folder / 'tables.yaml'}：{spec.id}：没有代码表“{column.codes}”")
    name = column.codes or (field.codes if field and field.codes in standard.codes else None)
    decimals = column.decimals if column.decimals is not None else _decimals(column.field, field)
    unit = column.unit if column.unit is not None else (field.unit if field else None)
    label = context.template.say("with_unit", label=column.label, unit=unit) if unit else column.label
    numeric = decimals is not None or (field is not None and field.type in ("integer", "number"))
    align: Align = "right" if numeric and name is None else "center" if column.field == NUMBER else "left"
    return Printer(
        column.field, label, align, decimals, standard.codes[name] if name else None, column.total, column.if_given
    )


def _field(standard: Standard, layer: LayerSpec, spec: TableSpec, name: str) -> FieldSpec | None:
    """What the standard says of a column; None for row numbers and provenance."""
    if name in VIRTUAL or name in PROVENANCE:
        return None
    if name in layer.derived:
        derived = layer.derived[name]
        kind = "text" if derived.decimals is None else "number"
        return FieldSpec.model_validate(
            {"label": derived.label, "type": kind, "decimals": derived.decimals, "unit": derived.unit}
        )
    if name not in layer.fields:
        raise StandardError(f"{standard.folder / 'tables.yaml'}：{spec.id}：图层 {spec.layer} 没有字段“{name}”")
    return layer.fields[name]


def _decimals(name: str, field: FieldSpec | None) -> int | None:
    if field is None:
        return VIRTUAL.get(name)
    return 0 if field.type == "integer" else field.decimals


def centred(column: Column, cells: Sequence[str], widths: Sequence[float]) -> Column:
    """Left columns of short words stand in the middle."""
    if column.align == "left" and cells and max(widths) <= SHORT_CHARS:
        return Column(column.label, "center", column.width)
    return column
