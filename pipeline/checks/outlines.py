"""Corner points of outlines as arrays: what vertex and edge checks stand on. Arcs keep only their true ends."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.checks.once import once_a_frame
from pipeline.checks.rings import rings_of_frame, singles_of
from pipeline.measures import arcs
from pipeline.sources import Curve

if TYPE_CHECKING:
    import geopandas as gpd

POLYGONAL = (3, 6)  # shapely type ids: Polygon, MultiPolygon
LINEAR = (1, 2)  # LineString, LinearRing
MANY = 20_000  # outlines from which on a second thread pays


@dataclass(frozen=True, slots=True)
class Corners:
    """Corners of every ring (or open line) of a frame, ragged; metres, x east, y north.

    xy: (n, 2). row: (n,) position of the feature in the frame. ring: (n,) running number of the ring over the frame.
    after: (n,) position of the next corner of the same ring, −1 at the end of an open line. The closing repeat of a
    ring is not a corner; inner points of flattened arcs are none either (they come from `curve`).
    """

    xy: np.ndarray
    row: np.ndarray
    ring: np.ndarray
    after: np.ndarray

    @property
    def edges(self) -> tuple[np.ndarray, np.ndarray]:
        """Positions of the two ends of every edge."""
        start = np.flatnonzero(self.after >= 0)
        return start, self.after[start]

    @property
    def features(self) -> int:
        """How many features have corners."""
        return int(np.count_nonzero(np.bincount(self.row)))


def turning(corners: Corners, *, at_least_deg: float) -> np.ndarray:
    """Positions of the corners at which the outline turns by `at_least_deg` or more; ends of open lines are kept.

    The points of a flattened arc turn less: with a sagitta of 1 mm, 10° is reached only by radii under 0.3 m.
    """
    before = np.full(len(corners.xy), -1)
    start, end = corners.edges
    before[end] = start
    inner = np.flatnonzero((before >= 0) & (corners.after >= 0))
    into = corners.xy[inner] - corners.xy[before[inner]]
    out = corners.xy[corners.after[inner]] - corners.xy[inner]
    turn = np.arctan2(into[:, 0] * out[:, 1] - into[:, 1] * out[:, 0], (into * out).sum(axis=1))
    kept = np.ones(len(corners.xy), dtype=bool)
    kept[inner] = np.abs(np.degrees(turn)) >= at_least_deg
    return np.flatnonzero(kept)


@once_a_frame
def corners_of(frame: gpd.GeoDataFrame, *, exact: bool = True) -> Corners:
    """The corners of all features. exact: arcs by their `curve`; else every point of the flattened geometry."""
    curves = arcs.curves_of(frame) if exact else {}
    if exact and not curves:
        return corners_of(frame, exact=False)
    parts = [*_of_geometries(frame, but=curves), *(_of_curve(row, curve) for row, curve in curves.items())]
    xy = np.concatenate([p[0] for p in parts])
    row = np.concatenate([p[1] for p in parts])
    ring = np.concatenate([p[2] for p in parts])
    closed = np.concatenate([p[3] for p in parts])
    if (np.diff(row) < 0).any():  # curves, or lines among polygons
        order = np.lexsort((np.arange(len(row)), ring, row))
        xy, row, ring, closed = xy[order], row[order], ring[order], closed[order]
    return _linked(xy, row, ring, closed)


@dataclass(frozen=True, slots=True)
class Areal:
    """The features of a frame that have an area.

    at: positions in the frame. shapes: valid polygons, same order. repaired: which of them are not as drawn.
    """

    frame: gpd.GeoDataFrame
    at: np.ndarray
    shapes: np.ndarray
    repaired: np.ndarray

    def label(self, i: int) -> Any:
        """Index label of the i-th polygon."""
        return self.frame.index[self.at[i]]

    def values(self, field: str) -> np.ndarray:
        """The field of every polygon."""
        return np.asarray(self.frame[field].to_numpy()[self.at])

    def of(self, field: str, value: Any) -> np.ndarray:
        """Which polygons have `value` in `field`."""
        return np.flatnonzero(self.values(field) == value)


@once_a_frame
def validity(frame: gpd.GeoDataFrame) -> np.ndarray:
    """Which features are valid; what has no geometry is not.

    A large layer is looked at by two threads: GEOS works without the interpreter's lock.
    """
    shapes = np.asarray(frame.geometry.array, dtype=object)
    if len(shapes) < MANY:
        return np.asarray(shapely.is_valid(shapes))
    with ThreadPoolExecutor(2) as threads:
        return np.concatenate(list(threads.map(shapely.is_valid, np.array_split(shapes, 2))))


def areal(frame: gpd.GeoDataFrame) -> Areal:
    """The features that have an area.

    An invalid outline takes part as GEOS repairs it, in memory only; validity has its own rules.
    """
    geoms = np.asarray(frame.geometry.array, dtype=object)
    usable = np.isin(shapely.get_type_id(geoms), POLYGONAL) & ~shapely.is_empty(geoms)
    at = np.flatnonzero(usable)
    polygons = geoms[at]
    broken = ~validity(frame)[at]
    polygons[broken] = shapely.make_valid(polygons[broken])
    return Areal(frame, at, polygons, np.flatnonzero(broken))


# ---------------------------------------------------------------- inside

Part = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # xy, row, ring, closed


def _of_geometries(frame: gpd.GeoDataFrame, *, but: Mapping[int, Curve]) -> list[Part]:
    """Corners of rings and of lines, without those of some features."""
    rings = rings_of_frame(frame)
    ring = rings.of_points
    kept = np.ones(len(rings.xy), dtype=bool)
    kept[rings.first + rings.sizes - 1] = False
    row = rings.row[ring]
    parts = [(rings.xy[kept], row[kept], ring[kept], np.ones(int(kept.sum()), dtype=bool))]
    parts += _of_lines(np.asarray(frame.geometry.array, dtype=object), len(rings.first))
    if not but:
        return parts
    others = [~np.isin(part[1], list(but)) for part in parts]
    return [tuple(values[these] for values in part) for part, these in zip(parts, others, strict=True)]  # type: ignore[misc]


def _of_lines(geoms: np.ndarray, numbered: int) -> list[Part]:
    """Corners of lines, closed ones as rings; their numbers begin at `numbered`."""
    singles, owner = singles_of(geoms)
    linear = np.isin(shapely.get_type_id(singles), LINEAR)
    if not linear.any():
        return []
    lines = singles[linear]
    xy, line = shapely.get_coordinates(lines, return_index=True)
    closed = shapely.is_closed(lines)[line]
    kept = ~(closed & np.append(line[1:] != line[:-1], True)) if len(line) else closed
    return [(xy[kept], owner[linear][line][kept], line[kept] + numbered, closed[kept])]


def _of_curve(row: int, curve: Curve) -> Part:
    sizes = [len(ring) for ring in curve.rings]
    ring = np.repeat(np.arange(len(sizes)), sizes)
    xy = np.concatenate([np.asarray(r, dtype=float)[:, :2] for r in curve.rings])
    return xy, np.full(len(xy), row), ring, np.full(len(xy), curve.closed)


def _linked(xy: np.ndarray, row: np.ndarray, ring: np.ndarray, closed: np.ndarray) -> Corners:
    """Rings renumbered over the frame, and the next corner of each."""
    count = len(row)
    if count == 0:
        return Corners(xy.reshape(0, 2), row.astype(int), row.astype(int), row.astype(int))
    opens = np.append(True, (row[1:] != row[:-1]) | (ring[1:] != ring[:-1]))
    number = np.cumsum(opens) - 1
    first = np.flatnonzero(opens)
    after = np.arange(1, count + 1)
    ends = np.append(first[1:], count) - 1
    after[ends] = np.where(closed[ends], first, -1)
    return Corners(xy, row.astype(int), number, after)
