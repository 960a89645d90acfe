"""Accuracy classes: the class of each row, and the limit that the formula of its class gives for its size.

A class is stated by the row itself or, for the whole survey, by a choice of the profile; its formula is a number of the
profile (α + βD for lengths, a√S + bS for areas). NaN where a class has no formula or a row no size.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.measures.columns import numbers
from pipeline.scalars import missing
from pipeline.tolerance import Choice, Number, exceeds

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SAME_ACCURACY = "同精度"  # of a check measurement: as good as what it checks, no better


def limit_by_class(
    frame: gpd.GeoDataFrame,
    *,
    size: str,
    default_class: Choice,
    limits: Mapping[str, Number],
    class_field: str | None = None,
    per: float = 1.0,
) -> Floats:
    """The limit of each row's class for the figure in `size`, divided by `per` (limit = `per` × mean error)."""
    classes = classes_of(frame, class_field, default_class)
    return limits_of(numbers(frame, size), classes, limits) / per


def within_limit(frame: gpd.GeoDataFrame, *, field: str, limit: str, words: Sequence[str]) -> pd.Series[Any]:
    """The first of two words where the difference in `field`, up or down, keeps the limit of its row, else the second.

    None where either is missing.
    """
    pairs = zip(numbers(frame, field), numbers(frame, limit), strict=True)
    said = [None if np.isnan(gap + most) else words[int(exceeds(abs(gap), most))] for gap, most in pairs]
    return pd.Series(said, index=frame.index, dtype=object)


def mean_error(frame: gpd.GeoDataFrame, *, field: str, check: Choice | None = None) -> float | None:
    """√(Σ d² / n) over the rows that have a difference d; None when none has.

    check: 同精度 = what was measured again is no better than what it checks, so that each bears half: √(Σ d² / 2n).
    """
    values = numbers(frame, field)
    return root_mean_square(values[~np.isnan(values)].tolist(), check)


def root_mean_square(values: Sequence[float], check: Choice | None = None) -> float | None:
    """√(Σ v² / n), or with `check` 同精度 √(Σ v² / 2n); None of nothing."""
    count = len(values) * (2 if check is not None and check.choice == SAME_ACCURACY else 1)
    return math.sqrt(math.fsum(value * value for value in values) / count) if count else None


def classes_of(frame: pd.DataFrame, field: str | None, default: Choice | str) -> list[str]:
    """The class that each row states, or the one by default."""
    usual = (default.choice if isinstance(default, Choice) else default) or ""
    given = [None] * len(frame) if field is None else list(frame[field])
    return [usual if missing(word) or not str(word).strip() else str(word).strip() for word in given]


def limits_of(sizes: Floats, classes: Sequence[str], limits: Mapping[str, Number]) -> Floats:
    """One limit per row, in the unit of the formulas."""
    found = np.full(len(sizes), np.nan)
    for position, (size, name) in enumerate(zip(sizes, classes, strict=True)):
        limit = limits[name].at(float(size)) if name in limits and not np.isnan(size) else None
        if limit is not None:
            found[position] = limit
    return found


def lacking(classes: Sequence[str], limits: Mapping[str, Number]) -> tuple[str, ...]:
    """Sentences for the classes that no formula was given for."""
    return tuple(
        f"精度等级“{name}”没有限差：请改正精度等级，现有 {'、'.join(limits)}级"
        for name in sorted({name for name in classes if name not in limits})
    )
