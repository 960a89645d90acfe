"""Columns as dictionaries by row, what names a thing, and the one comparison of two figures of a row."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.model import CheckResult, Hit
from pipeline.tolerance import Number, exceeds

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Row = Any  # an index label
Key = str | list[str]  # one column, or several that name a thing together


def numbers(frame: GeoDataFrame, field: str) -> dict[Row, float]:
    """The figures of a column by index label; rows without a usable one are left out."""
    column = frame[field]
    if column.dtype != np.float64:
        column = pd.to_numeric(column, errors="coerce").astype(float)
    pairs = zip(frame.index, column.to_numpy().tolist(), strict=True)
    return {row: value for row, value in pairs if not math.isnan(value)}


def keys(frame: GeoDataFrame, key: Key) -> dict[Row, str]:
    """One comparable word per index label out of one or several columns; rows lacking any of them are left out."""
    columns = [key] if isinstance(key, str) else key
    rows = zip(frame.index, *(map(word, frame[column]) for column in columns), strict=True)
    return {row: "/".join(words) for row, *words in rows if all(words)}


def rows_by_key(frame: GeoDataFrame, key: Key) -> dict[str, list[Row]]:
    """Index labels of the features of each key, in order; features without a key are left out."""
    groups: dict[str, list[Row]] = {}
    for row, name in keys(frame, key).items():
        groups.setdefault(name, []).append(row)
    return groups


def pairs_by_key(
    frame: GeoDataFrame, other: GeoDataFrame, key: Key, other_key: Key | None = None
) -> Iterator[tuple[Row, Row]]:
    """Index labels of the features of both layers that bear the same key."""
    theirs = rows_by_key(other, other_key or key)
    for name, rows in rows_by_key(frame, key).items():
        yield from ((a, b) for a in rows for b in theirs.get(name, []))


def word(value: Any) -> str:
    """A value as it is compared: trimmed, whole numbers without decimals, missing = empty."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def plainly(value: Any) -> str:
    """A code as it should have been written: half-width, in capitals, without blanks."""
    return "".join(unicodedata.normalize("NFKC", str(value)).split()).upper()


def whole_if_exact(value: float) -> float | int:
    """A whole figure as int, for sentences and finding lines."""
    return int(value) if value.is_integer() else value


def limit_at(limit: Number | float, size: float) -> float:
    """The limit for something of `size`; a figure that gives none is 0 (the engine stops at missing ones before)."""
    return float(limit) if isinstance(limit, int | float) else float(limit.at(size) or 0.0)


def figures_by_key(frame: GeoDataFrame, key: Key, field: str) -> dict[str, list[float]]:
    """The figures of a column by what their rows name."""
    values, groups = numbers(frame, field), dict[str, list[float]]()
    for row, name in keys(frame, key).items():
        if row in values:
            groups.setdefault(name, []).append(values[row])
    return groups


def compared(
    said: Mapping[Row, float], wanted: Mapping[Row, float], *, tolerance: float, unit: str, field: str
) -> CheckResult:
    """Each figure said equals the one wanted of the same row within `tolerance`; slot difference = said − wanted."""
    judged = [row for row in said if row in wanted]
    hits = [
        Hit(row, measured=said[row], required=wanted[row], unit=unit, tolerance=tolerance, field=field, slots=slots)
        for row in judged
        for slots in [{"difference": said[row] - wanted[row]}]
        if exceeds(abs(said[row] - wanted[row]), tolerance)
    ]
    return CheckResult(len(judged), tuple(hits))
