"""Canonical frames: typed columns of a layer as its standard declares them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pipeline.standard import FieldSpec, LayerSpec

TEXT_LIKE = ("text", "date")
BASE = ("feature", "file", "source_layer", "handle")


def build(
    layer: LayerSpec, columns: Mapping[str, Sequence[Any]], geometry: Sequence[Any], crs: Any
) -> gpd.GeoDataFrame:
    """A frame with provenance, every declared field (absent ones empty) and geometry; RangeIndex."""
    count = len(geometry)
    data: dict[str, Any] = {name: _object(columns.get(name, [None] * count)) for name in BASE}
    for name, spec in layer.fields.items():
        data[name] = typed(columns.get(name, [None] * count), spec)[0]
    data["curve"] = _object(columns.get("curve", [None] * count))
    return gpd.GeoDataFrame(data, geometry=gpd.GeoSeries(list(geometry), crs=crs), crs=crs)


def typed(values: Sequence[Any], spec: FieldSpec) -> tuple[pd.Series, list[int]]:
    """Values in the type of the field, and the positions whose value could not be read so (left empty)."""
    if spec.type in TEXT_LIKE:
        return pd.Series([_text(v) for v in values], dtype=object), []
    numbers = pd.to_numeric(pd.Series([_text(v) for v in values], dtype=object), errors="coerce").astype(float)
    given = np.array([_text(v) is not None for v in values], dtype=bool)
    bad = given & numbers.isna().to_numpy()
    if spec.type == "integer":
        fraction = given & ~bad & (np.mod(numbers.to_numpy(), 1) != 0)
        bad |= fraction
        return numbers.mask(fraction).astype("Int64"), list(np.flatnonzero(bad))
    return numbers, list(np.flatnonzero(bad))


def _object(values: Sequence[Any]) -> pd.Series:
    """Values as they are: pandas would turn lists and curves into something else."""
    column = np.empty(len(values), dtype=object)
    for position, value in enumerate(values):
        column[position] = value
    return pd.Series(column, dtype=object)


def _text(value: Any) -> str | None:
    if value is None or (isinstance(value, float) and np.isnan(value)) or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    return text or None
