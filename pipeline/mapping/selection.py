"""Which source features a layer takes, and which ones a mapping accounts for at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.mapping.fields import matches

if TYPE_CHECKING:
    import geopandas as gpd

    from pipeline.standard import Delivery, FieldSource, LayerMapping, Select


def selected(select: Select, features: gpd.GeoDataFrame) -> np.ndarray:
    """Which rows fulfil every key of `select`; parts of other features only if it asks for them."""
    mask = ~parts(features) | select.in_blocks
    for column, patterns in _patterns(select):
        mask &= matches(features[column], patterns)
    if select.closed is not None:
        mask &= features["closed"].to_numpy(dtype=bool) == select.closed
    if select.text is not None:
        mask &= features["text"].fillna("").astype(str).str.contains(select.text, regex=True).to_numpy(dtype=bool)
    return mask


def parts(features: gpd.GeoDataFrame) -> np.ndarray:
    """Rows that are parts of other features: pieces inside blocks, points of a plot."""
    if "inside" not in features:
        return np.zeros(len(features), dtype=bool)
    return np.asarray(features["inside"].notna(), dtype=bool)


def claimed(mapping: Delivery, features: gpd.GeoDataFrame) -> np.ndarray:
    """Rows that some layer of the mapping takes, that serve as text inside, or that are known decoration."""
    mask = np.zeros(len(features), dtype=bool)
    texts = features["entity"].isin(["TEXT", "MTEXT"]).to_numpy()
    for how in mapping.layers.values():
        mask |= selected(how.select, features)
        for where in _sources(how):
            if where.text_inside:
                mask |= texts & matches(features["layer"], where.text_inside)
    if mapping.ignore is not None:
        mask |= _any_of(mapping.ignore, features)
    return mask


def _sources(how: LayerMapping) -> Iterator[FieldSource]:
    """Every source of every field, those of last resort too."""
    for first in how.fields.values():
        where: FieldSource | None = first
        while where is not None:
            yield where
            where = where.otherwise


def _any_of(ignore: Select, features: gpd.GeoDataFrame) -> np.ndarray:
    """Decoration: any of the keys is enough."""
    mask = np.zeros(len(features), dtype=bool)
    for column, patterns in _patterns(ignore):
        mask |= matches(features[column], patterns)
    return mask


def _patterns(select: Select) -> Iterator[tuple[str, Sequence[str]]]:
    """The source columns that `select` speaks of, with the patterns for each."""
    for column in ("layer", "code", "entity", "block"):
        if patterns := getattr(select, column):
            yield column, patterns
