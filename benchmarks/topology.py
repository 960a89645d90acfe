"""Overlaps and gaps of a layer of neighbours: left-over edges and faces against pairs by boxes and holes of the union."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import geopandas as gpd
import numpy as np
import shapely

from benchmarks.parcels import parcels
from benchmarks.table import Row, interleaved
from pipeline.checks import coverage

TOLERANCE_M2 = 0.01
Answer = tuple[dict[tuple[int, int], float], list[float]]


def rows(*, quick: bool) -> Iterator[Row]:
    """One row a size; the answers are compared before the times."""
    for count in (1_000,) if quick else (10_000, 100_000):
        ours, theirs = by_faces(fresh(count)), by_pairs_and_union(fresh(count))
        if ours != theirs:
            raise AssertionError(f"{count} parcels: faces and pairs disagree")
        layers = [fresh(count) for _ in range(8)]
        seconds = interleaved(_each(by_faces, layers), _each(by_pairs_and_union, layers), runs=3)
        yield Row(
            "all overlaps and gaps of a layer",
            "STRtree + prepared relate, holes of union_all",
            *seconds,
            10,
            f"{count:,} parcels",
            f"{len(ours[0])} overlaps, {len(ours[1])} gaps, equal",
        )


def fresh(count: int) -> np.ndarray:
    """The parcels without anything prepared."""
    return np.asarray(shapely.from_wkb(shapely.to_wkb(parcels(count))))


def by_faces(polygons: np.ndarray) -> Answer:
    """Pairs with their shared area, and areas of the gaps, by the product's coverage."""
    layer = coverage.coverage_of(gpd.GeoDataFrame(geometry=polygons))
    return _pairs(polygons, *layer.faces.overlapping), _areas(layer.faces.gaps)


def by_pairs_and_union(polygons: np.ndarray) -> Answer:
    """The same by the usual means."""
    shapely.prepare(polygons)
    i, j = shapely.STRtree(polygons).query(polygons)
    i, j = i[i < j], j[i < j]
    meet = shapely.relate_pattern(polygons[i], polygons[j], "2********")
    union = shapely.get_parts(shapely.union_all(polygons))
    rings, part = shapely.get_rings(union, return_index=True)
    inner = np.append(False, part[1:] == part[:-1])
    return _pairs(polygons, i[meet], j[meet]), _areas(shapely.polygons(rings[inner]))


def _each(way: Callable[[np.ndarray], Answer], layers: list[np.ndarray]) -> Callable[[], Answer]:
    """The way on a layer that nothing has seen yet, at each call another."""
    return lambda: way(layers.pop())


def _pairs(polygons: np.ndarray, i: np.ndarray, j: np.ndarray) -> dict[tuple[int, int], float]:
    areas = shapely.area(shapely.intersection(polygons[i], polygons[j]))
    return {
        (int(a), int(b)): round(float(area_m2), 6)
        for a, b, area_m2 in zip(i, j, areas, strict=True)
        if area_m2 > TOLERANCE_M2
    }


def _areas(shapes: np.ndarray) -> list[float]:
    return sorted(round(float(area_m2), 4) for area_m2 in shapely.area(shapes) if area_m2 > TOLERANCE_M2)
