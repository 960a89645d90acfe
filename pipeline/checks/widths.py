"""How wide a region is, and what of it is wider than two outlines along one arc may leave between their chords."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.measures.arcs import SAGITTA_M
from pipeline.sources import Curve

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

FINEST_M = 0.0001  # widths are known to a tenth of a millimetre
CHORDS_M = 2 * SAGITTA_M  # outlines that divide one arc at different points part by no more


def widths_of(geometries: Sequence[BaseGeometry] | np.ndarray) -> np.ndarray:
    """Diameter of the largest circle inside each, to a tenth of a millimetre; 0 for what has no area."""
    parts, of = shapely.get_parts(np.asarray(geometries, dtype=object), return_index=True)
    filled = shapely.area(parts) > 0
    widths_m = np.zeros(len(geometries))
    np.maximum.at(widths_m, of[filled], _widths(parts[filled]))
    return widths_m


def wide_part(region: BaseGeometry) -> BaseGeometry:
    """What of a region is wider than `CHORDS_M`: the rest is no finding where an outline has arcs."""
    parts = shapely.get_parts(region)
    return shapely.union_all(parts[widths_of(parts) > CHORDS_M])


def has_arcs(frame: gpd.GeoDataFrame, row: Any) -> bool:
    """Whether the outline of the feature with this label has arcs, so that its polygon is one of chords."""
    return "curve" in frame.columns and isinstance(frame.at[row, "curve"], Curve)


# ---------------------------------------------------------------- inside


def _widths(polygons: np.ndarray) -> np.ndarray:
    """By halving: what is left when half a width is taken off all round. No radius exceeds twice area by perimeter.

    (`shapely.maximum_inscribed_circle` takes a hundred times as long on a strip, whose middle is a whole line.)
    """
    low, high = np.zeros(len(polygons)), 4 * shapely.area(polygons) / shapely.length(polygons)
    while (rough := np.flatnonzero(high - low > FINEST_M)).size:
        middle = (low[rough] + high[rough]) / 2
        gone = shapely.is_empty(shapely.buffer(polygons[rough], -middle / 2, quad_segs=16))
        high[rough[gone]], low[rough[~gone]] = middle[gone], middle[~gone]
    return np.asarray((low + high) / 2)
