"""What polygons hold of another layer, counted: labels, numbers, symbols by the point they stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from pipeline.checks.outlines import POLYGONAL
from pipeline.model import CheckResult, Hit

if TYPE_CHECKING:
    import geopandas as gpd


def holds_points(
    frame: gpd.GeoDataFrame, *, other: gpd.GeoDataFrame, at_least: float | None = None, at_most: float | None = None
) -> CheckResult:
    """Every polygon holds at least `at_least` and at most `at_most` features of the other layer, by the points they stand on.

    A point on the edge is held; one in two polygons counts for both.
    """
    geoms = np.asarray(frame.geometry.array, dtype=object)
    at = np.flatnonzero(np.isin(shapely.get_type_id(geoms), POLYGONAL))
    counts = held(geoms[at], np.asarray(other.geometry.array, dtype=object))
    hits = [
        Hit(row=frame.index[i], measured=int(count), required=int(limit))
        for i, count in zip(at, counts, strict=True)
        for limit, side in ((at_least, -1), (at_most, 1))
        if limit is not None and side * count > side * limit
    ]
    return CheckResult(len(at), tuple(hits))


def held(polygons: np.ndarray, features: np.ndarray) -> np.ndarray:
    """How many of the features stand in each polygon or on its edge; a feature stands on its centroid."""
    present = features[~(shapely.is_missing(features) | shapely.is_empty(features))]
    if not len(present) or not len(polygons):
        return np.zeros(len(polygons), dtype=int)
    polygon = shapely.STRtree(polygons).query(shapely.centroid(present), predicate="intersects")[1]
    return np.bincount(polygon, minlength=len(polygons))
