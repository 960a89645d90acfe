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
KEPT = 10_000  # outlines kept beside those of the piece at work


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


class Outlines:
    """Outlines of some features of a layer in the district's CRS, read project by project.

    Those of the projects used last are kept, at most `KEPT` (or one project), so that pieces that lie side by side do
    not open the same package again. wanted: positions in the layer, ascending, of all that may be asked for.
    """

    def __init__(self, layer: LayerIndex, wanted: np.ndarray, index: Index) -> None:
        self._layer, self._index, self._wanted = layer, index, wanted
        self._starts = np.searchsorted(layer.project[wanted], np.arange(len(index.entries) + 1))
        self._kept: dict[int, np.ndarray] = {}  # project → outlines of its wanted features; the last used stands last
        self._count = 0

    def of(self, at: np.ndarray) -> np.ndarray:
        """Outlines of the features at these positions, ascending; None where there is none."""
        shapes = np.empty(len(at), dtype=object)
        ends = np.flatnonzero(np.diff(self._layer.project[at])) + 1
        for own in np.split(np.arange(len(at)), ends) if len(at) else ():
            project = int(self._layer.project[at[own[0]]])
            start, end = self._starts[project : project + 2]
            shapes[own] = self._project(project)[np.searchsorted(self._wanted[start:end], at[own])]
        return shapes

    def _project(self, project: int) -> np.ndarray:
        read = self._kept.pop(project, None)
        if read is None:
            read = self._read(project)
            self._count += len(read)
        self._kept[project] = read
        while self._count > KEPT and len(self._kept) > 1:
            self._count -= len(self._kept.pop(next(iter(self._kept))))
        return read

    def _read(self, project: int) -> np.ndarray:
        entry, layer = self._index.entries[project], self._layer
        at = self._wanted[self._starts[project] : self._starts[project + 1]]
        with opened(entry.folder / LAYERS) as package:
            shapes = package.geometry(str(layer.table[at[0]]), layer.fid[at].tolist())
        return self._index.space.moved(shapes, entry.key)


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
