"""Words on drawings: printed values, label patterns, lists of floors."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipeline.report.cells import coded
from pipeline.rounding import NOTHING, printed
from pipeline.scalars import missing

if TYPE_CHECKING:
    from pipeline.standard import ColumnSpec, LayerSpec


def shown(value: Any, decimals: int | None = None) -> str:
    """A value as a drawing prints it; "—" for what is not known."""
    if missing(value):
        return NOTHING
    if isinstance(value, str):
        return value
    if decimals is not None:
        return printed(float(value), decimals)
    return str(int(value)) if float(value).is_integer() else str(value)


def label_lines(pattern: str, row: Mapping[str, Any], layer: LayerSpec) -> tuple[str, ...]:
    """The lines of a label: a field name, or a pattern with `{field}` and `{field:.2f}`; nothing if all is empty."""
    if "{" not in pattern:
        value = row.get(pattern)
        return () if missing(value) else (shown(value, decimals_of(layer, pattern)),)
    if all(missing(row.get(name)) for name in pattern_fields(pattern)):
        return ()
    return tuple(part for part in _Words().vformat(pattern, (), row).split("\n") if part.strip())


def pattern_fields(pattern: str) -> list[str]:
    """The fields that a label or title names: those in braces, or the pattern itself."""
    if "{" not in pattern:
        return [pattern] if pattern else []
    return [name for _, name, _, _ in string.Formatter().parse(pattern) if name]


def header_words(
    columns: Iterable[ColumnSpec],
    row: Mapping[str, Any],
    layer: LayerSpec,
    codes: Mapping[str, dict[str, str]],
    words: Mapping[str, str],
) -> tuple[tuple[str, str], ...]:
    """Label and value pairs of one feature as printed: fields (codes with their labels) or words looked up elsewhere."""
    return tuple((c.label, _header_value(c, row, layer, codes, words)) for c in columns)


def _header_value(
    column: ColumnSpec,
    row: Mapping[str, Any],
    layer: LayerSpec,
    codes: Mapping[str, dict[str, str]],
    words: Mapping[str, str],
) -> str:
    if column.field in words:
        return coded(words[column.field], codes.get(column.codes or ""), missing=NOTHING) or NOTHING
    spec = layer.fields.get(column.field)
    known = codes.get(column.codes or (spec.codes if spec else "") or "")
    value = row.get(column.field)
    if known and not missing(value):
        return coded(value, known, missing=NOTHING)
    decimals = column.decimals if column.decimals is not None else decimals_of(layer, column.field)
    return shown(value, decimals)


def decimals_of(layer: LayerSpec, field: str) -> int | None:
    """How the standard prints a field or derived column."""
    spec = layer.fields.get(field) or layer.derived.get(field)
    return None if spec is None else spec.decimals


def joined(values: Iterable[Any]) -> str:
    """Distinct values in words: 4, 5, 6, 9 → "4–6、9"; texts in order of first appearance."""
    distinct = [v for v in dict.fromkeys(values) if not missing(v)]
    if distinct and all(not isinstance(v, str) and float(v).is_integer() for v in distinct):
        return "、".join(_runs(sorted(int(v) for v in distinct)))
    return "、".join(str(v) for v in distinct)


def _runs(numbers: list[int]) -> list[str]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" if r[0] >= 0 else f"{r[0]} 至 {r[-1]}" for r in runs]


class _Words(string.Formatter):
    """Patterns whose numbers are rounded half up, and whose gaps are dashes."""

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        return kwargs.get(str(key))

    def format_field(self, value: Any, format_spec: str) -> str:
        if missing(value):
            return NOTHING
        if format_spec.startswith(".") and format_spec.endswith("f") and isinstance(value, int | float | Decimal):
            return printed(value, int(format_spec[1:-1]))
        return shown(value) if not format_spec else str(format(value, format_spec))
