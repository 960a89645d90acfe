"""Measures of many rows (aggregates) and of other measures (combiners). Exact floats, None where one is missing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import shapely

from pipeline.measures import arcs
from pipeline.measures.columns import each, numbers, polygon_area
from pipeline.rounding import half_up

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from pipeline.tolerance import Choice, PerKey

Source = TypeVar("Source")

# ---------------------------------------------------------------- aggregates: frame → number


def total(frame: gpd.GeoDataFrame, *, field: str) -> float | None:
    """Sum of the field over all rows; None when one row lacks it, 0 when there are no rows."""
    return _added(numbers(frame, field))


def capped_total(frame: gpd.GeoDataFrame, *, field: str, key: str, caps_pct: PerKey) -> float | None:
    """Sum of the field, of each kind (`key`) no more than its cap in percent of the whole sum; null = no cap."""
    values = numbers(frame, field)
    whole = _added(values)
    if whole is None or not any(cap is not None for cap in caps_pct.values.values()):
        return whole
    kinds = frame[key].to_numpy()
    parts = {kind: float(values[kinds == kind].sum()) for kind in dict.fromkeys(kinds)}
    caps = {kind: caps_pct.values.get(kind) for kind in parts}
    return sum(part if (cap := caps[kind]) is None else min(part, whole * cap / 100) for kind, part in parts.items())


def area_outside(frame: gpd.GeoDataFrame, *, other: gpd.GeoDataFrame) -> float:
    """Plane area of all rows without what the other layer takes of it, m²: what lies outside takes nothing.

    Arcs are exact to some cm²: chords leave them by `FINE_SAGITTA_M`, and what these still lack counts by the share
    of a feature that lies within.
    """
    fine = _finely(other)
    own, taken = shapely.make_valid(_finely(frame)), shapely.make_valid(fine)
    inside = shapely.intersection(taken, shapely.union_all(own))
    drawn = shapely.area(taken)
    shares = np.divide(shapely.area(inside), drawn, out=np.zeros(len(taken)), where=drawn > 0)
    segments = math.fsum((polygon_area(other) - shapely.area(fine)) * shares)
    return math.fsum(polygon_area(frame)) - float(shapely.area(shapely.union_all(inside))) - segments


def count(frame: gpd.GeoDataFrame) -> float:
    """Number of rows."""
    return float(len(frame))


def count_distinct(frame: gpd.GeoDataFrame, *, field: str) -> float:
    """Number of different values of the field."""
    return float(frame[field].nunique())


def largest(frame: gpd.GeoDataFrame, *, field: str, missing: float | None = None) -> float | None:
    """Largest value of the field; `missing` stands for a row without one, else None as soon as one row lacks it."""
    values = _filled(numbers(frame, field), missing)
    return None if len(values) == 0 or np.isnan(values).any() else float(values.max())


def smallest(frame: gpd.GeoDataFrame, *, field: str, missing: float | None = None) -> float | None:
    """Smallest value of the field; `missing` as in `largest`."""
    values = _filled(numbers(frame, field), missing)
    return None if len(values) == 0 or np.isnan(values).any() else float(values.min())


def agreed(frame: gpd.GeoDataFrame, *, field: str) -> float | None:
    """The value that all rows have in the field; None when they differ or one lacks it."""
    values = numbers(frame, field)
    return float(values[0]) if len(values) and bool(np.all(values == values[0])) else None


def rounded_total(frame: gpd.GeoDataFrame, *, field: str, times: str | None = None, decimals: int = 0) -> float | None:
    """Σ of the field (times another field), each record rounded half up to `decimals` before it is added."""
    values = numbers(frame, field) if times is None else numbers(frame, field) * numbers(frame, times)
    return _added(each(values, lambda value: float(half_up(value, decimals))))


def rise(
    frame: gpd.GeoDataFrame, *, field: str, kind: str, top: Sequence[str], base: Sequence[str], group: str
) -> float | None:
    """Greatest height of a building: highest point of the first kind in `top` that it has − its lowest point of `base`.

    field: level, m; kind: field that says what the point is; group: field with the building's name. None when a
    building lacks either end. A building with neither (no such points at all) is left out.
    """
    wanted = frame[frame[kind].isin([*top, *base])]
    heights = [_rise(part, field, kind, top, base) for _, part in wanted.groupby(group, sort=True)]
    known = [height for height in heights if height is not None]
    return max(known) if known and len(known) == len(heights) else None


# ---------------------------------------------------------------- combiners: numbers → number


def ratio(numerator: float | None, denominator: float | None) -> float | None:
    """Numerator / denominator; None without a denominator.

    >>> ratio(10000.0, 5000.0)
    2.0
    """
    return None if numerator is None or not denominator else numerator / denominator


def percent(part: float | None, whole: float | None) -> float | None:
    """Part / whole × 100."""
    share = ratio(part, whole)
    return None if share is None else share * 100


def percent_over(value: float | None, reference: float | None) -> float | None:
    """By how many percent of the reference the value exceeds it.

    >>> percent_over(105.0, 100.0)
    5.0
    """
    return None if value is None else percent(difference_of(value, reference), reference)


def difference_of(first: float | None, *others: float | None) -> float | None:
    """The first number minus all the others."""
    rest = sum_of(*others)
    return None if first is None or rest is None else first - rest


def sum_of(*values: float | None) -> float | None:
    """All numbers added; None as soon as one is missing."""
    known = [value for value in values if value is not None]
    return math.fsum(known) if len(known) == len(values) else None


def sum_by_choice(base: float | None, *parts: float | None, choice: Choice, counts: str) -> float | None:
    """`base`, and the `parts` with it when the choice of the profile is `counts`.

    While nobody chose, None as soon as a part is there: 0 counts the same either way, what is not known may not.
    """
    if choice.choice is None:
        return base if all(part == 0 for part in parts) else None
    return sum_of(base, *parts) if choice.choice == counts else base


def chosen_parts(sources: Sequence[Source], *, choice: Choice, counts: str) -> Sequence[Source]:
    """Of the sources of `sum_by_choice` those that its number comes from; all of them while nobody chose."""
    return sources if choice.choice in (None, counts) else sources[:1]


# ---------------------------------------------------------------- inside


def _finely(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """The outlines with chords so fine that they carry the area."""
    shapes = np.array(frame.geometry.to_numpy(), dtype=object)
    for i, curve in arcs.curves_of(frame).items():
        shapes[i] = arcs.to_geometry(curve, sagitta_m=arcs.FINE_SAGITTA_M)
    return shapes


def _added(values: NDArray[np.float64]) -> float | None:
    return None if np.isnan(values).any() else math.fsum(values.tolist())


def _filled(values: NDArray[np.float64], missing: float | None) -> NDArray[np.float64]:
    return values if missing is None else np.where(np.isnan(values), missing, values)


def _rise(points: pd.DataFrame, field: str, kind: str, top: Sequence[str], base: Sequence[str]) -> float | None:
    present = set(points[kind])
    first = next((word for word in top if word in present), None)
    tops, bases = points[points[kind] == first], points[points[kind].isin(list(base))]
    if first is None or bases.empty:
        return None
    height = float(numbers(tops, field).max() - numbers(bases, field).min())
    return None if math.isnan(height) else height
