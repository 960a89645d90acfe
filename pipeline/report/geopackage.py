"""Layers into a GeoPackage as GDAL writes them, their columns handed over as arrays.

`pyogrio.write_dataframe` does the same by way of several frames, which costs a layer of some ten features more than the
writing: columns, masks, type of geometry and CRS given here are those that it would give.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import pyogrio.raw
import shapely

from pipeline import crs as projections
from pipeline.frames import GEOMETRY_TYPES

DRIVER = "GPKG"
MIXED = "Unknown"  # type of a layer that may hold any geometry
#: a layer is not waited for until it is on the disk: the file is put in place when it is whole, or not at all
UNSYNCED = {"OGR_SQLITE_SYNCHRONOUS": "OFF"}
MULTI = "Multi"
MASKED: tuple[type[Any], ...] = (pd.arrays.IntegerArray, pd.arrays.FloatingArray, pd.arrays.BooleanArray)
PAIRS = {(name, MULTI + name) for name in ("Point", "LineString", "Polygon")}


@contextlib.contextmanager
def dated(day: str) -> Iterator[None]:
    """Inside, files carry this day (ISO) as their time stamp instead of the clock's."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day}T00:00:00Z", **UNSYNCED})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(("OGR_CURRENT_DATE", *UNSYNCED)))


def write_layer(
    path: Path,
    layer: str,
    columns: Mapping[str, Any],
    shapes: np.ndarray,
    crs: Any,
    *,
    append: bool,
    mixed: bool = False,
) -> None:
    """One layer into the file at `path`, which is made anew unless `append`.

    columns: the attributes by name, as arrays of pandas (text and numbers, nothing else); shapes: one geometry or None a row, in `crs` (None:
    not known). mixed: the layer may hold any geometry, and they stay as they are; else a layer of one type is said to be
    of that type, and single ones beside multiple ones of the same become multiple.
    Errors: pyogrio's when it cannot be written.
    """
    kinds = () if mixed else _kinds(shapes)
    arrays = [_column(values) for values in columns.values()]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided", UserWarning)  # none is known: so the file says
        pyogrio.raw.write(
            path,
            geometry=shapely.to_wkb(shapes),
            field_data=[values for values, _ in arrays],
            field_mask=[mask for _, mask in arrays],
            fields=list(columns),
            layer=layer,
            driver=DRIVER,
            geometry_type=_type(shapes, kinds),
            promote_to_multi=kinds in PAIRS or (len(kinds) == 1 and kinds[0].startswith(MULTI)),
            crs=None if crs is None else _named(projections.storable(crs)),
            append=append,
        )


def _column(values: Any) -> tuple[np.ndarray, np.ndarray | None]:
    """Values as an array, and where there are none if the array cannot say so itself."""
    if isinstance(values, MASKED):
        return values.to_numpy(dtype=values.dtype.numpy_dtype, na_value=0), np.asarray(values.isna())
    if isinstance(values, pd.arrays.NumpyExtensionArray):
        return np.asarray(values), None
    return np.asarray(values), np.asarray(values.isna())


def _kinds(shapes: np.ndarray) -> tuple[str, ...]:
    """The types of geometry that occur."""
    return tuple(GEOMETRY_TYPES[n] for n in np.unique(shapely.get_type_id(shapes[~shapely.is_missing(shapes)])))


def _type(shapes: np.ndarray, kinds: tuple[str, ...]) -> str:
    """The type of the layer: with Z when any has heights."""
    if len(kinds) != 1:
        return MIXED
    high = bool((shapely.has_z(shapes) & ~shapely.is_empty(shapes)).any())
    return f"{kinds[0]} Z" if high else kinds[0]


@lru_cache(maxsize=64)
def _named(crs: Any) -> str:
    """The CRS as GDAL is told it: by its EPSG number, else as WKT."""
    number = crs.to_epsg()
    return f"EPSG:{number}" if number else str(crs.to_wkt("WKT1_GDAL"))
