"""Which source features a layer takes, and which ones a mapping accounts for at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.mapping.fields import fitting
from pipeline.mapping.rows import Columns

if TYPE_CHECKING:
    import geopandas as gpd

    from pipeline.standard import Delivery, FieldSource, LayerMapping, Select


class Selecting:
    """The features of one source, to be selected from; every pattern is looked up once."""

    def __init__(self, features: gpd.GeoDataFrame) -> None:
        self.features = features
        self.columns = Columns(features)
        self.parts = parts(self.columns)
        self._fitting: dict[tuple[str, tuple[str, ...]], np.ndarray] = {}

    def fitting(self, column: str, patterns: Sequence[str]) -> np.ndarray:
        """Which rows fit one of the patterns in this column."""
        key = (column, tuple(patterns))
        if key not in self._fitting:
            self._fitting[key] = fitting(*self.columns.distinct(column), patterns)
        return self._fitting[key]

    def selected(self, select: Select) -> np.ndarray:
        """Which rows fulfil every key of `select`; parts of other features only if it asks for them."""
        mask: np.ndarray = ~self.parts | select.in_blocks
        for column, patterns in _patterns(select):
            mask &= self.fitting(column, patterns)
        if select.closed is not None:
            mask &= self.columns["closed"].astype(bool) == select.closed
        if select.text is not None:
            words = self.features["text"].fillna("").astype(str)
            mask &= words.str.contains(select.text, regex=True).to_numpy(dtype=bool)
        return mask

    def claimed(self, mapping: Delivery) -> np.ndarray:
        """Rows that some layer of the mapping takes, that serve as labels, or that are known decoration."""
        mask = np.zeros(len(self.features), dtype=bool)
        for how in mapping.layers.values():
            mask |= self.selected(how.select)
            for where in _sources(how):
                if where.text_layers:
                    mask |= self.fitting("entity", ("TEXT", "MTEXT")) & self.fitting("layer", where.text_layers)
        for column, patterns in _patterns(mapping.ignore) if mapping.ignore is not None else ():
            mask |= self.fitting(column, patterns)  # decoration: any of the keys is enough
        return mask


def selected(select: Select, features: gpd.GeoDataFrame) -> np.ndarray:
    """Which rows fulfil every key of `select`."""
    return Selecting(features).selected(select)


def parts(columns: Columns) -> np.ndarray:
    """Rows that are parts of other features: pieces inside blocks, points of a plot."""
    if "inside" not in columns.frame:
        return np.zeros(len(columns.frame), dtype=bool)
    return np.asarray(pd.notna(columns["inside"]), dtype=bool)


def claimed(mapping: Delivery, features: gpd.GeoDataFrame) -> np.ndarray:
    """Rows that the mapping accounts for."""
    return Selecting(features).claimed(mapping)


def _sources(how: LayerMapping) -> Iterator[FieldSource]:
    """Every source of every field, those of last resort too."""
    for first in how.fields.values():
        where: FieldSource | None = first
        while where is not None:
            yield where
            where = where.otherwise


def _patterns(select: Select) -> Iterator[tuple[str, Sequence[str]]]:
    """The source columns that `select` speaks of, with the patterns for each."""
    for column in ("layer", "code", "entity", "block"):
        if patterns := getattr(select, column):
            yield column, patterns
