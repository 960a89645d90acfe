"""Canonical frames: typed columns of a layer as its standard declares them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
from geopandas.array import from_shapely

if TYPE_CHECKING:
    from pipeline.standard import FieldSpec, LayerSpec

TEXT_LIKE = ("text", "date")
WORDS, NUMBERS = {str, type(None)}, {int, float, type(None)}  # types of values that need no turning into words
LARGEST = 2.0**63  # integers are kept in 64 bits
BASE = ("feature", "file", "source_layer", "handle")


def build(
    layer: LayerSpec, columns: Mapping[str, Sequence[Any]], geometry: Sequence[Any], crs: Any
) -> gpd.GeoDataFrame:
    """A frame with provenance, every declared field (absent ones empty) and geometry; RangeIndex."""
    return built(layer, columns, geometry, crs)[0]


def built(
    layer: LayerSpec, columns: Mapping[str, Sequence[Any]], geometry: Sequence[Any], crs: Any
) -> tuple[gpd.GeoDataFrame, dict[str, list[int]]]:
    """As `build`, with the positions of the values of each given field that could not be read (left empty)."""
    count = len(geometry)
    data: dict[str, Any] = {name: _object(columns.get(name), count) for name in BASE}
    unread: dict[str, list[int]] = {}
    for name, spec in layer.fields.items():
        if name in columns:
            data[name], unread[name] = typed(columns[name], spec)
        else:
            data[name] = _absent(spec.type, count)
    data["curve"] = _object(columns.get("curve"), count)
    data["geometry"] = from_shapely(_values(geometry), crs=crs)
    return gpd.GeoDataFrame(pd.DataFrame(data, copy=False), geometry="geometry", crs=crs), unread


def typed(values: Sequence[Any], spec: FieldSpec) -> tuple[pd.Series, list[int]]:
    """Values in the type of the field, and the positions whose value could not be read so (left empty)."""
    kinds = set(map(type, values))
    if spec.type in TEXT_LIKE:
        texts = [v and (v.strip() or None) for v in values] if kinds <= WORDS else [_text(v) for v in values]
        return pd.Series(_values([text or None for text in texts]), dtype=object, copy=False), []
    if spec.type == "number" and kinds <= NUMBERS:
        return pd.Series(np.array([np.nan if v is None else v for v in values], dtype=float) + 0.0), []
    texts = [_text(v) for v in values]
    numbers = pd.to_numeric(pd.Series(_values(texts), dtype=object), errors="coerce").astype(float)
    given = np.array([text is not None for text in texts], dtype=bool)
    bad = given & numbers.isna().to_numpy()
    if spec.type == "integer":
        plain = numbers.to_numpy()
        unfit = given & ~bad & ((np.mod(plain, 1) != 0) | (np.abs(plain) >= LARGEST))
        bad |= unfit
        return numbers.mask(unfit).astype("Int64"), list(np.flatnonzero(bad))
    return numbers, list(np.flatnonzero(bad))


def _absent(kind: str, count: int) -> pd.Series:
    """An empty column in the type of a field."""
    if kind in TEXT_LIKE:
        return _object(None, count)
    if kind == "number":
        return pd.Series(np.full(count, np.nan))
    return pd.Series(pd.array([pd.NA] * count, dtype="Int64"))


def _object(values: Sequence[Any] | None, count: int) -> pd.Series:
    """Values as they are: pandas would turn lists and curves into something else. None: nothing in any row."""
    return pd.Series(np.full(count, None) if values is None else _values(values), dtype=object, copy=False)


def _values(values: Sequence[Any]) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = values if isinstance(values, np.ndarray | list) else list(values)
    return column


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value.strip() or None
    if value is None or (isinstance(value, float) and np.isnan(value)) or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    return text or None
