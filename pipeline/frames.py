"""Canonical frames: typed columns of a layer as its standard declares them; frames from columns as they are.

Columns are handed to pandas under numbers and named afterwards, by plain Python names: as text it would keep the names
in Arrow strings, and a frame of forty columns took it four times as long to make and to take a column from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
from geopandas.array import from_shapely

if TYPE_CHECKING:
    from pipeline.standard import FieldSpec, LayerSpec

Array = np.ndarray[Any, Any]
Column = Array | pd.api.extensions.ExtensionArray

TEXT_LIKE = ("text", "date")
WORDS, NUMBERS = {str, type(None)}, {int, float, type(None)}  # types of values that need no turning into words
LARGEST = 2.0**63  # integers are kept in 64 bits
TOO_LARGE = 1e15  # no figure of a survey; doubles of this size have no hundredths left, and their squares no place
NO_INTEGER = 1  # what pandas keeps where there is none
QUICK = hasattr(pd.DataFrame, "_from_arrays")  # what pandas itself uses; not promised to stay
#: names of the geometry types by their shapely type id
GEOMETRY_TYPES = (
    "Point",
    "LineString",
    "LinearRing",
    "Polygon",
    "MultiPoint",
    "MultiLineString",
    "MultiPolygon",
    "GeometryCollection",
)
NO_SHAPE, TABLE_ROW = "无图形", "表格行"  # what stands for such a name: a geometry is missing; its table has none
BASE = ("feature", "file", "source_layer", "handle")


def table(columns: Mapping[str, Column], *, count: int) -> pd.DataFrame:
    """A frame of `count` rows with these columns just as they are; RangeIndex."""
    made: pd.DataFrame = _made(pd.DataFrame, columns, count)
    return made


def features(columns: Mapping[str, Column], geometry: Any, *, count: int, crs: Any = None) -> gpd.GeoDataFrame:
    """As `table`, with the geometry (shapes or None) in the last column."""
    whole = {**columns, "geometry": from_shapely(_values(geometry), crs=crs)}
    return _made(gpd.GeoDataFrame, whole, count).__finalize__(_template())


def _made(kind: Any, columns: Mapping[str, Column], count: int) -> Any:
    """The frame, from its arrays where pandas offers that; else column by column, which takes three times as long."""
    names, index = pd.Index(list(columns), dtype=object), pd.RangeIndex(count)
    if QUICK and all(len(values) == count for values in columns.values()):
        arrays = list(columns.values())
        make = kind._from_arrays  # noqa: SLF001 — the only way without a Series for each column
        return make(arrays, columns=names, index=index, verify_integrity=False)
    frame = kind(
        {
            number: pd.Series(values, index=index, dtype=object, copy=False) if values.dtype == object else values
            for number, values in enumerate(columns.values())
        },
        index=index,
        copy=False,
    )
    frame.columns = names
    return frame


@cache
def _template() -> gpd.GeoDataFrame:
    """What a frame with geometry knows of itself besides its columns."""
    plain = table({"geometry": from_shapely(np.empty(0, dtype=object))}, count=0)
    return gpd.GeoDataFrame(plain, geometry="geometry", copy=False)


def build(
    layer: LayerSpec, columns: Mapping[str, Sequence[Any]], geometry: Sequence[Any], crs: Any
) -> gpd.GeoDataFrame:
    """A frame with provenance, every declared field (absent ones empty) and geometry; RangeIndex."""
    return built(layer, columns, geometry, crs)[0]


def built(
    layer: LayerSpec, columns: Mapping[str, Sequence[Any] | Array], geometry: Sequence[Any], crs: Any
) -> tuple[gpd.GeoDataFrame, dict[str, list[int]]]:
    """As `build`, with the positions of the values of each given field that could not be read (left empty).

    columns: an array of texts has none that is empty or has white space around it.
    """
    count = len(geometry)
    data: dict[str, Column] = {name: _object(columns.get(name), count) for name in BASE}
    unread: dict[str, list[int]] = {}
    for name, spec in layer.fields.items():
        if name in columns:
            data[name], unread[name] = typed(columns[name], spec)
        else:
            data[name] = _absent(spec.type, count)
    data["curve"] = _object(columns.get("curve"), count)
    return features(data, geometry, count=count, crs=crs), unread


def typed(values: Sequence[Any] | Array, spec: FieldSpec) -> tuple[Column, list[int]]:
    """Values in the type of the field, and the positions whose value could not be read so (left empty).

    An array of texts has none that is empty or has white space around it.
    """
    if isinstance(values, np.ndarray):
        if values.dtype == object and spec.type in TEXT_LIKE:
            return values, []
        if values.dtype.kind in "if" and spec.type not in TEXT_LIKE:
            return _of_numbers(values, integer=spec.type == "integer")
        values = values.tolist()
    kinds = set(map(type, values))
    if spec.type in TEXT_LIKE:
        texts = [v and (v.strip() or None) for v in values] if kinds <= WORDS else [word(v) for v in values]
        return _values([text or None for text in texts]), []
    if spec.type == "number" and kinds <= NUMBERS:
        return _figures(np.array([np.nan if v is None else v for v in values], dtype=float))
    texts = [word(v) for v in values]
    numbers = pd.to_numeric(pd.Series(_values(texts), dtype=object), errors="coerce").to_numpy(dtype=float)
    given = np.array([text is not None for text in texts], dtype=bool)
    bad = given & np.isnan(numbers)
    if spec.type == "integer":
        whole, unfit = _integers(numbers)
        return whole, list(np.flatnonzero(bad | (given & unfit)))
    figures, unfit_too = _figures(numbers)
    return figures, sorted({*np.flatnonzero(bad).tolist(), *unfit_too})


def _figures(numbers: Array) -> tuple[Array, list[int]]:
    """Doubles without those that are no figures (infinite, beyond all sense), and where these stood."""
    with np.errstate(invalid="ignore"):
        unfit = np.abs(numbers) >= TOO_LARGE
    return np.where(unfit, np.nan, numbers) + 0.0, np.flatnonzero(unfit).tolist()


def _of_numbers(values: Array, *, integer: bool) -> tuple[Column, list[int]]:
    """As `typed`, for numbers that are numbers already."""
    if not integer:
        return _figures(values.astype(float))
    whole, unfit = _integers(values.astype(float)) if values.dtype.kind == "f" else (_exactly(values), np.empty(0))
    return whole, list(np.flatnonzero(unfit))


def _exactly(values: Array) -> Column:
    return pd.arrays.IntegerArray(values.astype(np.int64), np.zeros(len(values), dtype=bool))


def _integers(numbers: Array) -> tuple[Column, Array]:
    """Doubles as integers where they are any, and which given ones are none or too large."""
    missing = np.isnan(numbers)
    plain = np.where(missing, 0.0, numbers)
    unfit = ~missing & ((np.mod(plain, 1) != 0) | (np.abs(plain) >= LARGEST))
    empty = missing | unfit
    return pd.arrays.IntegerArray(np.where(empty, NO_INTEGER, plain).astype(np.int64), empty), unfit


def _absent(kind: str, count: int) -> Column:
    """An empty column in the type of a field."""
    if kind in TEXT_LIKE:
        return _object(None, count)
    if kind == "number":
        return np.full(count, np.nan)
    return pd.arrays.IntegerArray(np.full(count, NO_INTEGER), np.ones(count, dtype=bool))


def _object(values: Sequence[Any] | Array | None, count: int) -> Array:
    """Values as they are: pandas would turn lists and curves into something else. None: nothing in any row."""
    return np.full(count, None) if values is None else _values(values)


def _values(values: Sequence[Any] | Array) -> Array:
    if isinstance(values, np.ndarray) and values.dtype == object:
        return values
    column = np.empty(len(values), dtype=object)
    column[:] = values if isinstance(values, np.ndarray | list) else list(values)
    return column


def word(value: Any) -> str | None:
    """A value as a text without white space around it: whole numbers without decimals, None for what is missing."""
    if isinstance(value, str):
        return value.strip() or None
    if value is None or (isinstance(value, float) and np.isnan(value)) or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    return text or None
