"""Row-wise measures: a frame in, one value per row out. Exact floats; NaN where a needed number is missing.

Frames: canonical, metres, plane coordinates x east, y north; column `curve` holds exact arcs where there are any.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from pipeline.measures import arcs, heights, names
from pipeline.rounding import half_up
from pipeline.tolerance import Bins, Choice, PerKey

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Words = Mapping[str, Collection[Any]]  # field → the values meant
_NOISE_DECIMALS = 9  # a value computed as 0.59999999999 stands at 0.6 when a bin begins there


def polygon_area(frame: gpd.GeoDataFrame) -> Floats:
    """Plane area inside the outline, m²: arcs exact, holes subtracted."""
    return _by_outline(frame, arcs.areas, arcs.area)


def perimeter(frame: gpd.GeoDataFrame) -> Floats:
    """Length of all rings, m, arcs exact."""
    return _by_outline(frame, arcs.lengths, arcs.length)


def line_length(frame: gpd.GeoDataFrame) -> Floats:
    """Plane length of the line, m, arcs exact."""
    return _by_outline(frame, arcs.lengths, arcs.length)


def northing(frame: gpd.GeoDataFrame) -> Floats:
    """North coordinate of the point, m (the X of survey tables)."""
    return np.asarray(shapely.get_y(frame.geometry.to_numpy()), dtype=float)


def easting(frame: gpd.GeoDataFrame) -> Floats:
    """East coordinate of the point, m (the Y of survey tables)."""
    return np.asarray(shapely.get_x(frame.geometry.to_numpy()), dtype=float)


def shift_from(frame: gpd.GeoDataFrame, *, north: str, east: str) -> Floats:
    """Plane distance of the point from the coordinates in the fields `north` and `east`, m."""
    return np.hypot(northing(frame) - numbers(frame, north), easting(frame) - numbers(frame, east))


def difference(frame: gpd.GeoDataFrame, *, of: str, minus: str) -> Floats:
    """`of` − `minus`."""
    return numbers(frame, of) - numbers(frame, minus)


def product(frame: gpd.GeoDataFrame, *, of: Sequence[str]) -> Floats:
    """The fields multiplied; NaN as soon as one is missing."""
    return np.prod([numbers(frame, field) for field in of], axis=0) if of else np.ones(len(frame))


def sum_of_fields(frame: gpd.GeoDataFrame, *, of: Sequence[str], missing: float | None = None) -> Floats:
    """The fields added; `missing` stands for a field without a value (none given: NaN)."""
    columns = [numbers(frame, field) for field in of]
    if missing is not None:
        columns = [np.where(np.isnan(column), missing, column) for column in columns]
    return np.sum(columns, axis=0) if columns else np.zeros(len(frame))


def first_given(frame: gpd.GeoDataFrame, *, of: Sequence[str]) -> Floats:
    """The first of the fields that has a value; NaN where none has."""
    found = np.full(len(frame), np.nan)
    for field in of:
        found = np.where(np.isnan(found), numbers(frame, field), found)
    return found


def rounded(frame: gpd.GeoDataFrame, *, field: str, decimals: int) -> Floats:
    """The field rounded half up to `decimals`, for sums that are made of printed numbers."""
    return each(numbers(frame, field), lambda value: float(half_up(value, decimals)))


def whole_parts(frame: gpd.GeoDataFrame, *, of: str, per: str) -> Floats:
    """How many whole `per` go into `of`: places on an area at so many m² each."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.round(numbers(frame, of) / numbers(frame, per), _NOISE_DECIMALS)
    return np.where(np.isfinite(ratio), np.floor(ratio), np.nan)


def building_key(frame: gpd.GeoDataFrame, *, field: str) -> pd.Series[Any]:
    """The building's name as every survey would spell it; None where there is none."""
    return _words(frame, field, names.building_key)


def side_of_ground(frame: gpd.GeoDataFrame, *, field: str) -> pd.Series[Any]:
    """地下 for a floor below 0, else 地上; None where the floor is not given."""
    floors = numbers(frame, field)
    sides = [None if np.isnan(floor) else "地下" if floor < 0 else "地上" for floor in floors]
    return pd.Series(sides, index=frame.index, dtype=object)


def factor_by_bins(
    frame: gpd.GeoDataFrame, *, field: str, bins: Bins, only: Words | None = None, otherwise: float = 1.0
) -> Floats:
    """The factor of the bin that holds the field: lower ≤ value < upper.

    only: rows whose fields have one of these values need the factor, the others get `otherwise`. NaN where the field
    is empty, lies in no bin, or nobody gave the bins.
    """
    values = np.round(numbers(frame, field), _NOISE_DECIMALS)
    found = np.full(len(frame), np.nan)
    for lower, upper, factor in bins.bins or ():
        found[(values >= lower) & (values < (np.inf if upper is None else upper)) & np.isnan(found)] = factor
    return np.where(_needed(frame, only), found, otherwise)


def factor_by_key(
    frame: gpd.GeoDataFrame, *, field: str, factors: PerKey, only: Words | None = None, otherwise: float = 1.0
) -> Floats:
    """The factor of the word in the field; NaN where nobody gave one. only, otherwise: as in `factor_by_bins`."""
    known = {key: np.nan if value is None else value for key, value in factors.values.items()}
    words = frame[field].to_list()
    found = np.array([known.get(word, np.nan) if isinstance(word, str) else np.nan for word in words], dtype=float)
    return np.where(_needed(frame, only), found, otherwise)


def height_factor(
    frame: gpd.GeoDataFrame, *, field: str, rule: Choice, only: Words | None = None, otherwise: float = 1.0
) -> Floats:
    """How much of a closed storey counts at its height (field, m) under the named rule set: 0, ½ or 1.

    NaN where nobody chose the rule set. only, otherwise: as in `factor_by_bins`.
    """
    name = rule.choice if isinstance(rule, Choice) else rule
    if name is None:
        return np.where(_needed(frame, only), np.nan, otherwise)
    found = each(numbers(frame, field), lambda height: heights.storey_factor(height, rule=name))
    return np.where(_needed(frame, only), found, otherwise)


# ---------------------------------------------------------------- shared with totals


def numbers(frame: pd.DataFrame, field: str) -> Floats:
    """A column as float64; empty → NaN."""
    column = frame[field]
    if column.dtype == np.float64:
        return np.array(column, dtype=float)
    values = pd.to_numeric(column, errors="coerce").astype("Float64")
    return np.asarray(values.to_numpy(dtype=float, na_value=np.nan))


def each(values: Floats, function: Callable[[float], float]) -> Floats:
    """`function` of every value that is there."""
    return np.array([np.nan if np.isnan(value) else function(float(value)) for value in values], dtype=float)


def _by_outline(frame: gpd.GeoDataFrame, many: Callable[[Any], Floats], one: Callable[[Any], float]) -> Floats:
    values = many(frame.geometry.to_numpy())
    for position, curve in arcs.curves_of(frame).items():
        values[position] = one(curve)
    return values


def _needed(frame: pd.DataFrame, only: Words | None) -> NDArray[np.bool_]:
    mask = np.ones(len(frame), dtype=bool)
    for field, words in (only or {}).items():
        mask &= frame[field].isin(list(words)).to_numpy(dtype=bool)
    return mask


def _words(frame: pd.DataFrame, field: str, function: Callable[[str], str]) -> pd.Series[Any]:
    values = [function(str(word)) if word is not None and not pd.isna(word) else None for word in frame[field]]
    return pd.Series(values, index=frame.index, dtype=object)
