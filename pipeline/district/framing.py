"""Features of the index as canonical frames, with the outlines or points that a check is to see."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.district.entries import LAYERS
from pipeline.district.index import PROVENANCE, Index, LayerIndex
from pipeline.district.package import opened
from pipeline.standard import Standard

WKT_DIGITS = 3


def framed(
    layer: LayerIndex, at: np.ndarray, index: Index, standard: Standard, *, shapes: np.ndarray
) -> gpd.GeoDataFrame:
    """The features as a canonical frame: `feature` names layer, project and the feature there."""
    keys = [index.entries[position].key for position in layer.project[at]]
    own = [
        v if v is not None else h for v, h in zip(layer.values["feature"][at], layer.values["handle"][at], strict=True)
    ]
    data = {
        "feature": [f"{standard.survey}.{layer.name}/{k}/{v}" for k, v in zip(keys, own, strict=True)],
        "file": keys,
        "source_layer": layer.values["source_layer"][at],
        "handle": layer.values["handle"][at],
        "project": keys,
    }
    data |= {name: column[at] for name, column in layer.values.items() if name not in PROVENANCE and name != "project"}
    return gpd.GeoDataFrame(pd.DataFrame(data), geometry=gpd.GeoSeries(list(shapes)))


def outlines(layer: LayerIndex, at: np.ndarray, index: Index) -> np.ndarray:
    """Outlines of the features in the district's CRS, read project by project."""
    shapes = np.empty(len(at), dtype=object)
    for position in np.unique(layer.project[at]):
        entry = index.entries[position]
        own = np.flatnonzero(layer.project[at] == position)
        with opened(entry.folder / LAYERS) as package:
            read = package.geometry(str(layer.table[at[own[0]]]), layer.fid[at[own]].tolist())
        shapes[own] = index.space.moved(read, entry.key)
    return shapes


def middles(boxes: np.ndarray) -> np.ndarray:
    """Middles of boxes as points; None where there is no box."""
    points = np.full(len(boxes), None, dtype=object)
    filled = np.isfinite(boxes).all(axis=1)
    points[filled] = shapely.points((boxes[filled][:, :2] + boxes[filled][:, 2:]) / 2)
    return points


def wkt(place: Any) -> str | None:
    """A place to the millimetre; None for no place."""
    if place is None or place.is_empty:
        return None
    return str(shapely.to_wkt(place, rounding_precision=WKT_DIGITS, trim=True))
