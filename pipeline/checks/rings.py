"""The rings of all polygons of a frame as arrays: what corners, edges and coverages are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from pipeline.checks.once import once_a_frame

if TYPE_CHECKING:
    import geopandas as gpd

POLYGON, FIRST_OF_PARTS = 3, 4  # shapely type ids


@dataclass(frozen=True, slots=True)
class Rings:
    """Rings one after the other, metres, x east, y north; a ring repeats its first point at its end.

    xy: (n, 2) points. Per ring: first: position of its first point; sizes: how many points; row: position of the feature;
    shell: whether it is the outer one of its polygon.
    """

    xy: np.ndarray
    first: np.ndarray
    sizes: np.ndarray
    row: np.ndarray
    shell: np.ndarray

    @property
    def of_points(self) -> np.ndarray:
        """The number of the ring of each point."""
        return np.repeat(np.arange(len(self.first)), self.sizes)


@once_a_frame
def rings_of_frame(frame: gpd.GeoDataFrame) -> Rings:
    """The rings of the polygons of a frame; other features have none."""
    return rings_of(np.asarray(frame.geometry.array, dtype=object))


def rings_of(geoms: np.ndarray) -> Rings:
    """The rings of the polygons among the geometries, without making an object of each."""
    singles, owner = singles_of(geoms)
    polygonal = shapely.get_type_id(singles) == POLYGON
    if not polygonal.all():
        singles, owner = singles[polygonal], owner[polygonal]
    holes = shapely.get_num_interior_rings(singles)
    xy, of = shapely.get_coordinates(singles, return_index=True)
    sizes = np.repeat(np.bincount(of, minlength=len(singles)), 1 + holes)
    pierced = holes > 0
    if pierced.any():
        sizes[np.repeat(pierced, 1 + holes)] = shapely.get_num_points(shapely.get_rings(singles[pierced]))
    shell = np.zeros(len(sizes), dtype=bool)
    shell[np.cumsum(1 + holes) - 1 - holes] = True
    row = np.repeat(owner, 1 + holes)
    there = sizes > 0
    if not there.all():
        sizes, row, shell = sizes[there], row[there], shell[there]
    return Rings(xy, np.cumsum(sizes) - sizes, sizes, row.astype(int), shell)


def singles_of(geoms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Geometries of one part each, and the position of the geometry that each is from; parts are not copied in vain."""
    types = shapely.get_type_id(geoms)
    if (types >= FIRST_OF_PARTS).any():
        parts, owner = shapely.get_parts(geoms, return_index=True)
        return parts, owner.astype(int)
    there = np.flatnonzero(types >= 0)
    return geoms[there], there
