"""Small frames for the tests of checks."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from pipeline.model import CheckResult
from pipeline.sources import Curve


def frame(*shapes: Any, curves: Any = None, **columns: Any) -> gpd.GeoDataFrame:
    """Features with the given geometries (WKT or shapely) and columns; index labels 10, 20 … are not positions."""
    geometry = [shapely.from_wkt(s) if isinstance(s, str) else s for s in shapes]
    data = {name: np.array([*values, None], dtype=object)[:-1] for name, values in columns.items()}
    if curves is not None:
        data["curve"] = curves
    return gpd.GeoDataFrame(data, geometry=geometry, index=range(10, 10 * len(geometry) + 1, 10))


def square(x: float, y: float, side: float = 10.0) -> shapely.Polygon:
    return shapely.box(x, y, x + side, y + side)


def curve(*rings: Any) -> Curve:
    return Curve(tuple(np.array(ring, dtype=float) for ring in rings), closed=True)


def pairs(result: CheckResult) -> set[tuple[Any, Any]]:
    return {(hit.row, hit.other) for hit in result.hits}


def rows(result: CheckResult) -> list[Any]:
    return [hit.row for hit in result.hits]
