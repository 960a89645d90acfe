"""The outlines of a file by layer: how many, their area, which are invalid, drawn twice, overlapping, labelled.

Counted by the same checks that a project's rules use, before any mapping gives the layers a meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.checks import geometry, holding, topology
from pipeline.measures import arcs

if TYPE_CHECKING:
    import geopandas as gpd

POLYGONAL = (3, 6)  # shapely type ids: Polygon, MultiPolygon
TEXTS = ("TEXT", "MTEXT")
PAIRS = 2_000_000  # neighbours looked at for overlaps; a map has some ten per outline, only a made-up file has more
STEP = 2_000  # outlines whose neighbours are counted at once


def outlines(features: gpd.GeoDataFrame, *, overlap_m2: float) -> dict[str, dict[str, Any]]:
    """What is known of the outlines of each layer that has any.

    Keys: count, area_m2 (exact arcs), invalid, duplicates (figures that repeat an earlier one), overlaps (pairs that
    share more than `overlap_m2`; null where there are too many neighbours to look at), labels {text layer: outlines
    that hold none, one, several of its texts by their insertion point}.
    """
    shapes = features["geometry"].to_numpy()
    areal = features[np.isin(shapely.get_type_id(shapes), POLYGONAL) & ~shapely.is_empty(shapes)]
    texts = features[features["entity"].isin(TEXTS)]
    by_layer = {str(layer): rows["geometry"].to_numpy() for layer, rows in texts.groupby("layer", sort=True)}
    return {str(layer): _of_layer(rows, by_layer, overlap_m2) for layer, rows in areal.groupby("layer", sort=True)}


def _of_layer(rows: gpd.GeoDataFrame, texts: dict[str, np.ndarray], overlap_m2: float) -> dict[str, Any]:
    shapes = rows["geometry"].to_numpy()
    exact = [shape if curve is None else curve for shape, curve in zip(shapes, rows["curve"], strict=True)]
    found = {layer: holding.held(shapes, points) for layer, points in texts.items()}
    return {
        "count": len(rows),
        "area_m2": float(np.sum([arcs.area(outline) for outline in exact])),
        "invalid": int((~shapely.is_valid(shapes)).sum()),
        "duplicates": len(geometry.duplicates(shapes)),
        "overlaps": _overlaps(rows, shapes, overlap_m2),
        "labels": {layer: _told(counts) for layer, counts in found.items() if counts.any()},
    }


def _told(counts: np.ndarray) -> dict[str, int]:
    return {"none": int((counts == 0).sum()), "one": int((counts == 1).sum()), "several": int((counts > 1).sum())}


def _overlaps(rows: gpd.GeoDataFrame, shapes: np.ndarray, overlap_m2: float) -> int | None:
    tree, pairs = shapely.STRtree(shapes), 0
    for start in range(0, len(shapes), STEP):
        pairs += tree.query(shapes[start : start + STEP]).shape[1]
        if pairs > PAIRS:
            return None
    count = len(topology.no_overlap(rows, tolerance_m2=overlap_m2).hits)
    shapely.destroy_prepared(shapes)  # what speeds the pairs up takes as much as the outlines
    return count
