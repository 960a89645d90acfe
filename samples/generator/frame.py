"""From local site metres to the project's plane and to EPSG:4545.

The turn is the Pythagorean one (0.96, 0.28), so a local decimetre stays an exact decimal on the map.
"""

from __future__ import annotations

from pyproj import Transformer

from generator.shape import Shape

PROJECT_CRS = "+proj=tmerc +lat_0=0 +lon_0=106.5 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs"
DELIVERY_EPSG = 4545
ORIGIN_EAST_M, ORIGIN_NORTH_M = 502_840.0, 3_272_980.0
COS, SIN = 0.96, 0.28

_to_4545 = Transformer.from_crs(PROJECT_CRS, DELIVERY_EPSG, always_xy=True)


def to_map(x: float, y: float) -> tuple[float, float]:
    """(east, north) in the project CRS of a local point."""
    east = ORIGIN_EAST_M + COS * x + SIN * y
    north = ORIGIN_NORTH_M - SIN * x + COS * y
    return round(east, 6), round(north, 6)


def on_map(shape: Shape) -> Shape:
    """A local figure in the project CRS; bulges do not change under a turn."""
    return shape.mapped(to_map)


def delivered(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Local points in EPSG:4545 (x east, y north)."""
    mapped = [(ORIGIN_EAST_M + COS * x + SIN * y, ORIGIN_NORTH_M - SIN * x + COS * y) for x, y in points]
    east, north = _to_4545.transform([p[0] for p in mapped], [p[1] for p in mapped])
    return list(zip(east, north, strict=True))
