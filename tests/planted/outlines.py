"""Outlines made wrong: each function gives a changed copy of a geometry, or what makes one.

East and north are along the walls of the sample, which stand aslant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely

EAST, NORTH = np.array([0.96, -0.28]), np.array([0.28, 0.96])


def moved(east_m: float, north_m: float) -> Callable[[Any], Any]:
    """Along the walls of the sample."""
    step = east_m * EAST + north_m * NORTH
    return lambda geometry: shapely.transform(geometry, lambda points: points + step)


def crossed(geometry: Any) -> Any:
    """Two corners exchanged: the ring crosses itself."""
    return _ring(geometry, lambda points: [points[1], points[0], *points[2:]])


def repeated(geometry: Any) -> Any:
    """The second corner once more, half a millimetre on."""
    return _ring(geometry, lambda points: [*points[:2], points[1] + 0.0005 * _unit(points[2] - points[1]), *points[2:]])


def stepped(geometry: Any) -> Any:
    """An edge of 3 cm after the second corner."""
    return _ring(geometry, lambda points: [*points[:2], points[1] + 0.03 * _unit(points[2] - points[1]), *points[2:]])


def spiked(geometry: Any) -> Any:
    """A thin needle of 1.5 m outward from the middle of the first side."""
    return _ring(geometry, _with_needle)


def parted(geometry: Any) -> Any:
    """The same feature with a second part of 1 m² far off."""
    west, south = geometry.bounds[:2]
    return shapely.MultiPolygon([geometry, shapely.box(west - 50, south, west - 49, south + 1)])


def grown(by_m: float) -> Callable[[Any], Any]:
    return lambda geometry: geometry.buffer(by_m, join_style="mitre")


def corner_moved(which: int, east_m: float, north_m: float) -> Callable[[Any], Any]:
    """One vertex of a ring or line elsewhere."""

    def apply(geometry: Any) -> Any:
        points = list(shapely.get_coordinates(geometry))
        points = points[:-1] if geometry.geom_type == "Polygon" else points
        points[which] = points[which] + east_m * EAST + north_m * NORTH
        return shapely.Polygon(points) if geometry.geom_type == "Polygon" else shapely.LineString(points)

    return apply


def room(east_m: float, north_m: float, width_m: float, depth_m: float) -> Callable[[Any], Any]:
    """A rectangle along the walls; its corner lies so far from the first corner of the feature."""

    def apply(geometry: Any) -> Any:
        corner = shapely.get_coordinates(geometry)[0] + east_m * EAST + north_m * NORTH
        along, across = width_m * EAST, depth_m * NORTH
        return shapely.Polygon([corner, corner + along, corner + along + across, corner + across])

    return apply


def with_wing(east_m: float, north_m: float, width_m: float, depth_m: float) -> Callable[[Any], Any]:
    """The feature and a rectangle beside it, as one."""
    wing = room(east_m, north_m, width_m, depth_m)
    return lambda geometry: shapely.union(geometry, wing(geometry))


def looped(line: Any) -> Any:
    """A line that goes out of its way and crosses itself."""
    start, end = shapely.get_coordinates(line)[[0, -1]]
    return shapely.LineString([start, end, end + 5 * NORTH, (start + end) / 2 - 5 * NORTH])


def _ring(geometry: Any, change: Callable[[list[Any]], list[Any]]) -> Any:
    return shapely.Polygon(change(list(shapely.get_coordinates(geometry.exterior))[:-1]), geometry.interiors)


def _with_needle(points: list[Any]) -> list[Any]:
    along = _unit(points[1] - points[0])
    middle, out = (points[0] + points[1]) / 2, np.array([-along[1], along[0]])
    return [points[0], middle - 0.02 * along, middle + 1.5 * out, middle + 0.02 * along, *points[1:]]


def _unit(vector: Any) -> Any:
    return vector / np.hypot(*vector)
