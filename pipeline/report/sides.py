"""What stands between two rows of a coordinate table: the sides of the ring whose vertices the rows are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline.measures.sides import sides_to_next
from pipeline.sources import Curve

if TYPE_CHECKING:
    import geopandas as gpd


def side_lengths(points: gpd.GeoDataFrame, outlines: Sequence[tuple[Any, Curve | None]]) -> list[float | None]:
    """For each row the length, m, of the side to the next listed vertex (`measures.sides`); None where there is none.

    Args: points: one row per vertex, geometry in the same CRS as `outlines` (polygon, exact curve or None).
    """
    places = [None if point is None or point.is_empty else (point.x, point.y) for point in points.geometry]
    return sides_to_next(places, outlines)
