"""Measures: frames and numbers in, exact numbers out. The three tables are what a standard may name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.measures import columns, totals

if TYPE_CHECKING:
    from collections.abc import Callable

#: verbs of derived columns: f(frame, *, params) → one value per row
COLUMNS: dict[str, Callable[..., Any]] = {
    verb.__name__: verb
    for verb in (
        columns.polygon_area,
        columns.perimeter,
        columns.line_length,
        columns.northing,
        columns.easting,
        columns.shift_from,
        columns.difference,
        columns.product,
        columns.sum_of_fields,
        columns.rounded,
        columns.whole_parts,
        columns.building_key,
        columns.side_of_ground,
        columns.factor_by_bins,
        columns.factor_by_key,
        columns.height_factor,
    )
}

#: verbs of measures over a layer: f(frame, *, params) → number or None
AGGREGATES: dict[str, Callable[..., float | None]] = {
    verb.__name__: verb
    for verb in (
        totals.total,
        totals.capped_total,
        totals.count,
        totals.count_distinct,
        totals.largest,
        totals.smallest,
        totals.agreed,
        totals.rounded_total,
        totals.rise,
    )
}

#: verbs of measures over other measures: f(*numbers) → number or None
COMBINERS: dict[str, Callable[..., float | None]] = {
    verb.__name__: verb
    for verb in (totals.ratio, totals.percent, totals.percent_over, totals.difference_of, totals.sum_of)
}

__all__ = ["AGGREGATES", "COLUMNS", "COMBINERS"]
