"""Exact areas and lengths of outlines with circular arcs, and their chords with a stated sagitta.

A bulge b belongs to the edge from its vertex to the next: b = tan(θ/4), θ the included angle, positive to the left.
Segment area = r²/2·(θ − sin θ), r = c(1 + b²)/(4|b|), c the chord.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.sources import Curve

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SAGITTA_M = 0.001  # chords leave the arc by a millimetre at most, the precision of printed coordinates
FINE_SAGITTA_M = 1e-6  # where no Curve can stand beside a geometry, its chords carry the area
SMALL_BULGE = 1e-9  # below this an arc is a straight edge to 1e-9 of its chord
MAX_STEPS = 4096  # of one arc


def area(outline: Curve | shapely.Geometry | None) -> float:
    """Area inside the outline, m²: shell minus holes, arcs exact; 0 for an open curve, NaN for None."""
    if outline is None:
        return math.nan
    if isinstance(outline, Curve):
        if not outline.closed or not outline.rings:
            return 0.0
        shell, *holes = (abs(ring_area(ring)) for ring in outline.rings)
        return shell - math.fsum(holes)
    return float(areas(np.array([outline], dtype=object))[0])


def length(outline: Curve | shapely.Geometry | None) -> float:
    """Length of the curve, of all rings when closed, m; NaN for None."""
    if outline is None:
        return math.nan
    if isinstance(outline, Curve):
        return math.fsum(float(edge_lengths(ring, closed=outline.closed).sum()) for ring in outline.rings)
    return float(lengths(np.array([outline], dtype=object))[0])


def ring_area(ring: Floats) -> float:
    """Signed area of a closed ring (n, 2 or 3: x, y, bulge), counter-clockwise positive, m².

    >>> round(ring_area(np.array([[0.0, 0, 1], [2, 0, 1]])), 6)  # two half circles
    3.141593
    """
    if len(ring) < 2:  # two vertices with arcs make a circle
        return 0.0
    edges, local = _edges(ring, closed=True)
    following = np.roll(local, -1, axis=0)
    shoelace = float(np.sum(local[:, 0] * following[:, 1] - following[:, 0] * local[:, 1])) / 2
    return shoelace + float(np.sum(_segment_areas(np.hypot(edges[:, 0], edges[:, 1]), _bulges(ring))))


def edge_lengths(ring: Floats, *, closed: bool) -> Floats:
    """Length of each edge, arcs exact, m; the edge of the last vertex back to the first only when closed."""
    edges, _ = _edges(ring, closed=closed)
    chord = np.hypot(edges[:, 0], edges[:, 1])
    bulge = np.abs(_bulges(ring)[: len(chord)])
    bent = bulge > SMALL_BULGE
    safe = np.where(bent, bulge, 1.0)
    return np.asarray(np.where(bent, chord * (1 + safe**2) / safe * np.arctan(safe), chord), dtype=float)


def flatten(ring: Floats, *, closed: bool = True, sagitta_m: float = SAGITTA_M) -> Floats:
    """Vertices (m, 2) of the ring with each arc as chords no farther than `sagitta_m` from it.

    ring: (n, 2 or 3) x, y, bulge. A closed ring does not repeat its first vertex, neither does the result.
    """
    points = np.asarray(ring, dtype=float)[:, :2]
    bulges = _bulges(ring)
    last = len(points) if closed else len(points) - 1
    pieces = [_arc_points(points[i], points[(i + 1) % len(points)], float(bulges[i]), sagitta_m) for i in range(last)]
    return np.vstack(pieces if closed else [*pieces, points[-1:]]) if len(points) else points


def to_geometry(curve: Curve, *, sagitta_m: float = SAGITTA_M) -> shapely.Geometry:
    """The curve with chords for arcs: a polygon with its holes, or a line (several: a multi-line)."""
    rings = [flatten(ring, closed=curve.closed, sagitta_m=sagitta_m) for ring in curve.rings]
    if curve.closed:
        return shapely.Polygon(rings[0], rings[1:])
    return shapely.LineString(rings[0]) if len(rings) == 1 else shapely.MultiLineString(rings)


def edges(curve: Curve, *, sagitta_m: float = SAGITTA_M) -> list[shapely.LineString]:
    """Every edge of the curve as a line of its own, an arc with all its chords."""
    found = []
    for ring in curve.rings:
        points, bulges = np.asarray(ring, dtype=float)[:, :2], _bulges(ring)
        for i in range(len(points) if curve.closed else len(points) - 1):
            end = points[(i + 1) % len(points)]
            chords = _arc_points(points[i], end, float(bulges[i]), sagitta_m)
            found.append(shapely.LineString(np.vstack([chords, end])))
    return found


def areas(geometries: Any) -> Floats:
    """Areas of many geometries without arcs, m², vectorised; NaN where there is none.

    Each ring is taken from its own first vertex and the representation noise of the coordinates is removed, so that
    decimal coordinates far from the origin give the area of the decimals.
    """
    geometries = np.asarray(geometries, dtype=object)
    parts, owner = shapely.get_parts(geometries, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    found = np.zeros(len(geometries))
    if len(rings):
        xy, ring_of = shapely.get_coordinates(rings, return_index=True)
        first = np.flatnonzero(np.r_[True, ring_of[1:] != ring_of[:-1]])
        local = _denoised(xy - xy[first][ring_of], xy)
        cross = np.zeros(len(local))
        cross[:-1] = local[:-1, 0] * local[1:, 1] - local[1:, 0] * local[:-1, 1]
        size = np.abs(np.add.reduceat(cross, first)) / 2  # the first vertex is the local origin: seams add nothing
        is_shell = np.r_[True, part[1:] != part[:-1]]
        np.add.at(found, owner[part], np.where(is_shell, size, -size))
    found[shapely.is_missing(geometries)] = np.nan
    return found


def lengths(geometries: Any) -> Floats:
    """Lengths of many geometries without arcs (all rings of a polygon), m, vectorised; NaN where there is none."""
    return np.asarray(shapely.length(np.asarray(geometries, dtype=object)), dtype=float)


def curves_of(frame: gpd.GeoDataFrame) -> dict[int, Curve]:
    """The exact outlines of the features that have arcs, by position in the frame."""
    if "curve" not in frame.columns:
        return {}
    column = frame["curve"].to_numpy(dtype=object)
    given = np.flatnonzero(column != None).tolist()  # noqa: E711 — each by itself
    return {i: column[i] for i in given if isinstance(column[i], Curve)}


# ---------------------------------------------------------------- inside


def _bulges(ring: Floats) -> Floats:
    return np.asarray(ring[:, 2] if ring.shape[1] > 2 else np.zeros(len(ring)), dtype=float)


def _edges(ring: Floats, *, closed: bool) -> tuple[Floats, Floats]:
    """Vectors to the next vertex, and the vertices seen from the first."""
    xy = np.asarray(ring, dtype=float)[:, :2]
    local = _denoised(xy - xy[:1], xy)
    edges = np.diff(np.vstack([local, local[:1]]) if closed else local, axis=0)
    return edges, local


def _denoised(local: Floats, xy: Floats) -> Floats:
    """Differences of decimal coordinates without the binary noise of coordinates as large as `xy`."""
    largest = float(np.max(np.abs(xy), initial=1.0))
    if not math.isfinite(largest):
        return local
    return np.asarray(np.round(local, math.floor(-math.log10(2 * np.spacing(largest)))), dtype=float)


def _segment_areas(chord: Floats, bulge: Floats) -> Floats:
    """Signed area between arc and chord; r²(θ − sin θ)/2 without its cancellation at flat arcs."""
    size = np.abs(bulge)
    theta = 4 * np.arctan(size)
    flat = size < 1e-3  # below, two terms of the series in b are exact to 1e-12 of it
    safe = np.where(flat, 1.0, size)
    exact = (chord * (1 + safe**2) / (4 * safe)) ** 2 / 2 * (theta - np.sin(theta))
    series = chord**2 * size / 3 * (1 + size**2 / 5)
    return np.asarray(np.sign(bulge) * np.where(flat, series, exact), dtype=float)


def _arc_points(start: Floats, end: Floats, bulge: float, sagitta_m: float) -> Floats:
    """Points of one edge from `start` up to, not including, `end`."""
    chord = end - start
    size = float(np.hypot(*chord))
    if abs(bulge) <= SMALL_BULGE or size == 0:
        return start[None, :]
    theta, radius = 4 * math.atan(bulge), size * (1 + bulge**2) / (4 * abs(bulge))
    widest = 2 * math.acos(max(-1.0, 1 - sagitta_m / radius)) if sagitta_m < radius else math.pi / 2
    steps = min(MAX_STEPS, max(2 if abs(theta) > math.pi else 1, math.ceil(abs(theta) / widest)))
    offset = (1 - bulge**2) / (4 * bulge)
    centre = (start + end) / 2 + offset * np.array([-chord[1], chord[0]])
    turn = theta / steps * np.arange(steps)
    ray = start - centre
    cos, sin = np.cos(turn), np.sin(turn)
    points = centre + np.column_stack([ray[0] * cos - ray[1] * sin, ray[0] * sin + ray[1] * cos])
    points[0] = start
    return np.asarray(points, dtype=float)


def turned_round(line: np.ndarray) -> np.ndarray:
    """The same line from its other end: bulges move to the other vertex and change sign."""
    turned = line[::-1].copy()
    turned[:-1, 2], turned[-1, 2] = -line[:-1, 2][::-1], 0.0
    return turned


def clockwise(ring: Floats) -> Floats:
    """A closed ring (n, 3: x, y, bulge) with its vertices clockwise: bulges move to the other vertex and change sign.

    >>> clockwise(np.array([[0.0, 0, 0.5], [2, 0, 0], [1, 1, 0]])).tolist()
    [[1.0, 1.0, 0.0], [2.0, 0.0, -0.5], [0.0, 0.0, 0.0]]
    """
    if ring_area(ring) <= 0:
        return ring
    turned = ring[::-1].copy()
    turned[:, 2] = 0.0 - np.roll(turned[:, 2], -1)
    return turned
