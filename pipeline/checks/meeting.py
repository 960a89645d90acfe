"""Where outlines of neighbours meet: a corner on a neighbour's edge is a corner of the neighbour too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from pipeline.checks.coverage import Coverage, coverage_of
from pipeline.checks.outlines import Corners, corners_of
from pipeline.measures.arcs import curves_of
from pipeline.model import CheckResult, Hit

if TYPE_CHECKING:
    import geopandas as gpd


def shared_vertices(frame: gpd.GeoDataFrame, *, snap_m: float) -> CheckResult:
    """A corner that lies on a neighbour's edge, within `snap_m`, is a corner of the neighbour too.

    measured: how far it is from the nearer end of that edge, the corner that it should be.
    """
    corners = corners_of(frame, exact=False)
    if not len(corners.xy):
        return CheckResult(0)
    sides, owner = _edges_that_may_be_met(coverage_of(frame), corners)
    edges = shapely.linestrings(sides)
    vertices = _corners_near(corners, frame, edges, snap_m)
    vertices = vertices[_drawn(corners, frame)[vertices]]
    at, edge = shapely.STRtree(edges).query(shapely.points(corners.xy[vertices]), predicate="dwithin", distance=snap_m)
    vertex = vertices[at]
    to_end = np.hypot(*np.moveaxis(sides[edge] - corners.xy[vertex, None], 2, 0)).min(axis=1)
    lone = (corners.row[vertex] != owner[edge]) & (to_end > snap_m)
    found: dict[tuple[int, int], float] = {}
    for v, neighbour, gap_m in zip(
        vertex[lone].tolist(), owner[edge[lone]].tolist(), to_end[lone].tolist(), strict=True
    ):
        found[v, neighbour] = min(gap_m, found.get((v, neighbour), gap_m))
    return CheckResult(
        corners.features,
        tuple(
            Hit(
                row=frame.index[corners.row[v]],
                other=frame.index[neighbour],
                place=shapely.Point(corners.xy[v]),
                measured=gap_m,
                required=0.0,
                unit="m",
                tolerance=snap_m,
            )
            for (v, neighbour), gap_m in sorted(found.items())
        ),
    )


def _drawn(corners: Corners, frame: gpd.GeoDataFrame) -> np.ndarray:
    """Which corners were drawn: the others are points of a flattened arc."""
    drawn = np.ones(len(corners.xy), dtype=bool)
    for position, curve in curves_of(frame).items():
        places = {(x, y) for ring in curve.rings for x, y in ring[:, :2].tolist()}
        own = np.flatnonzero(corners.row == position)
        drawn[own] = [(x, y) in places for x, y in corners.xy[own].tolist()]
    return drawn


def _edges_that_may_be_met(coverage: Coverage, corners: Corners) -> tuple[np.ndarray, np.ndarray]:
    """Edges (n, 2, 2) that a foreign corner may lie on, and their rows in the frame.

    On both sides of an edge that has cancelled lies one polygon: a third one there would overlap. So in a neat layer
    these are the edges left over, and all those of polygons that overlap, are repaired or have no area.
    """
    start, end = corners.edges
    sides = np.stack([corners.xy[start], corners.xy[end]], axis=1)
    if not coverage.neat:
        return sides, corners.row[start]
    at = coverage.polygons.at
    orderly = np.zeros(len(coverage.polygons.frame), dtype=bool)
    orderly[at] = True
    orderly[at[coverage.polygons.repaired]] = False
    orderly[at[np.concatenate(coverage.faces.overlapping)]] = False
    left, row = coverage.left, at[coverage.left.row]
    all_of, some_of = ~orderly[corners.row[start]], orderly[row]
    own = np.stack([left.start, left.end], axis=1)[some_of]
    return np.concatenate([sides[all_of], own]), np.concatenate([corners.row[start][all_of], row[some_of]])


def _corners_near(corners: Corners, frame: gpd.GeoDataFrame, edges: np.ndarray, reach_m: float) -> np.ndarray:
    """Positions of the corners of features near the edges: all, unless there are few edges."""
    if len(edges) > len(frame):
        return np.arange(len(corners.xy))
    near = shapely.STRtree(frame.geometry.array).query(edges, predicate="dwithin", distance=reach_m)[1]
    return np.flatnonzero(np.isin(corners.row, near))
