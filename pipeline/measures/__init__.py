"""Measures: frames and numbers in, exact numbers out. The first three tables are what a standard may name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.measures import classes, columns, totals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
        columns.first_given,
        columns.rounded,
        columns.whole_parts,
        columns.building_key,
        columns.side_of_ground,
        columns.factor_by_bins,
        columns.factor_by_key,
        columns.height_factor,
        classes.limit_by_class,
        classes.within_limit,
    )
}

#: verbs of measures over a layer: f(frame, *, params) → number or None
AGGREGATES: dict[str, Callable[..., float | None]] = {
    verb.__name__: verb
    for verb in (
        totals.total,
        totals.area_outside,
        totals.capped_total,
        totals.count,
        totals.count_distinct,
        totals.largest,
        totals.smallest,
        totals.agreed,
        totals.rounded_total,
        totals.rise,
        classes.mean_error,
    )
}

#: verbs of measures over other measures: f(*numbers) → number or None
COMBINERS: dict[str, Callable[..., float | None]] = {
    verb.__name__: verb
    for verb in (
        totals.ratio,
        totals.percent,
        totals.percent_over,
        totals.difference_of,
        totals.sum_of,
        totals.sum_by_choice,
    )
}

#: combiners that may leave some of their measures out: f(sources, *, params) → those that the number comes from
CHOOSERS: dict[str, Callable[..., Sequence[Any]]] = {totals.sum_by_choice.__name__: totals.chosen_parts}

__all__ = ["AGGREGATES", "CHOOSERS", "COLUMNS", "COMBINERS"]
