"""How polygons lie to each other: apart, without gaps, inside, covering. Areas in m², on the plane coordinates.

Pairs come from boxes in an STRtree, then prepared `relate`; equal and contained polygons are found too. Features
without an area are not examined; invalid ones take part as GEOS repairs them in memory (validity has its own rule).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.checks.attributes import blank
from pipeline.checks.coverage import INTERIORS_MEET, coverage_of
from pipeline.checks.gaps import each_once, gap_pieces, near_pairs
from pipeline.checks.outlines import POLYGONAL, Areal, areal
from pipeline.checks.widths import has_arcs, wide_part
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import exceeds

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry


def no_overlap(frame: gpd.GeoDataFrame, *, tolerance_m2: float) -> CheckResult:
    """No two polygons share more than `tolerance_m2`."""
    coverage = coverage_of(frame)
    polygons = coverage.polygons
    if coverage.neat:
        return _shared(polygons, polygons, coverage.faces.overlapping, tolerance_m2)
    return _overlaps(polygons, polygons, tolerance_m2, lambda i, j: i < j)


def no_overlap_within(frame: gpd.GeoDataFrame, *, key: str, tolerance_m2: float) -> CheckResult:
    """No two polygons with the same `key` share more than `tolerance_m2`; those without a key are left out."""
    polygons = areal(frame[frame[key].notna()])
    keys = polygons.values(key)
    return _overlaps(polygons, polygons, tolerance_m2, lambda i, j: (i < j) & (keys[i] == keys[j]))


def not_over(
    frame: gpd.GeoDataFrame,
    *,
    other: gpd.GeoDataFrame,
    tolerance_m2: float,
    key: str | None = None,
    other_key: str | None = None,
) -> CheckResult:
    """No polygon shares more than `tolerance_m2` with one of the other layer (with `key`: of the same key)."""
    polygons, others = areal(frame), areal(other)
    if not len(others.shapes):
        return CheckResult(0)
    if key is None:
        return _overlaps(polygons, others, tolerance_m2, lambda i, _: np.ones(len(i), dtype=bool))
    keys, other_keys = polygons.values(key), others.values(other_key or key)
    return _overlaps(polygons, others, tolerance_m2, lambda i, j: keys[i] == other_keys[j])


def no_gaps(frame: gpd.GeoDataFrame, *, width_m: float, tolerance_m2: float) -> CheckResult:
    """Between two neighbours no gap is left that is narrower than `width_m` and larger than `tolerance_m2`."""
    coverage = coverage_of(frame)
    polygons = coverage.polygons
    pairs = near_pairs(coverage, width_m)
    pieces, pair = gap_pieces(polygons.shapes, pairs, width_m)
    wide = np.array(
        [
            _beyond(piece, tolerance_m2, (polygons, pairs.i[k]), (polygons, pairs.j[k])) is not None
            for piece, k in zip(pieces, pair, strict=True)
        ],
        dtype=bool,
    )
    pieces, pair = pieces[wide], pair[wide]
    return CheckResult(
        len(polygons.shapes),
        tuple(
            _area_hit(polygons.label(pairs.i[pair[k]]), polygons.label(pairs.j[pair[k]]), pieces[k], tolerance_m2)
            for k in each_once(pieces, tolerance_m2 / 2)
        ),
    )


def inside(
    frame: gpd.GeoDataFrame,
    *,
    other: gpd.GeoDataFrame,
    tolerance_m2: float,
    key: str | None = None,
    other_key: str | None = None,
    unless: str | None = None,
) -> CheckResult:
    """Every polygon lies in the other layer (with `key`: in its polygons of the same key) but for `tolerance_m2`.

    With `key`, features whose key the other layer does not know are not examined; nor are those that fill `unless`.
    """
    polygons, others = areal(frame if unless is None else frame[blank(frame[unless])]), areal(other)
    if not len(others.shapes):
        return CheckResult(0)
    hits: list[Hit] = []
    examined = 0
    for i, near in enumerate(_containers(polygons, others, key, other_key)):
        if key is not None and not len(near):
            continue
        examined += 1
        outside = _areal_part(shapely.difference(polygons.shapes[i], shapely.union_all(others.shapes[near])))
        place = _beyond(outside, tolerance_m2, (polygons, i), *((others, j) for j in near))
        if place is not None:
            holder = _largest_share(polygons.shapes[i], others, near)
            hits.append(_area_hit(polygons.label(i), holder, place, tolerance_m2))
    return CheckResult(examined, tuple(hits))


def contains_all(frame: gpd.GeoDataFrame, *, other: gpd.GeoDataFrame, tolerance_m2: float) -> CheckResult:
    """Every polygon of the other layer lies in the polygons of this one but for `tolerance_m2`."""
    turned = inside(other, other=frame, tolerance_m2=tolerance_m2)
    return CheckResult(turned.examined, tuple(_area_hit(h.other, h.row, h.place, tolerance_m2) for h in turned.hits))


def points_inside(
    frame: gpd.GeoDataFrame,
    *,
    other: gpd.GeoDataFrame,
    tolerance_m: float,
    key: str | None = None,
    other_key: str | None = None,
) -> CheckResult:
    """Every point or line lies in the other layer (with `key`: in its polygons of the same key) but for `tolerance_m`."""
    geoms = np.asarray(frame.geometry.array, dtype=object)
    others = areal(other)
    hits: list[Hit] = []
    examined = 0
    for i in np.flatnonzero(~(shapely.is_missing(geoms) | shapely.is_empty(geoms))):
        near = others.shapes if key is None else others.shapes[others.of(other_key or key, frame[key].iloc[i])]
        if not len(near):
            continue
        examined += 1
        gap_m = float(shapely.distance(geoms[i], near).min())
        if exceeds(gap_m, tolerance_m):
            hits.append(
                Hit(row=frame.index[i], place=geoms[i], measured=gap_m, required=0.0, unit="m", tolerance=tolerance_m)
            )
    return CheckResult(examined, tuple(hits))


def covered_by_parts(
    frame: gpd.GeoDataFrame, *, other: gpd.GeoDataFrame, key: str, tolerance_m2: float, undivided: bool = False
) -> CheckResult:
    """The parts (features of the other layers with the same `key`) leave no more than `tolerance_m2` of a polygon bare.

    undivided: polygons without any part are allowed, and not examined.
    """
    if undivided:
        frame = frame[frame[key].isin(other[key])]
    polygons, others = areal(frame), areal(other)
    if not len(others.shapes):
        return CheckResult(0)
    hits = []
    for i, name in enumerate(polygons.values(key)):
        parts = others.of(key, name)
        bare = _areal_part(shapely.difference(polygons.shapes[i], shapely.union_all(others.shapes[parts])))
        place = _beyond(bare, tolerance_m2, (polygons, i), *((others, j) for j in parts))
        if place is not None:
            hits.append(_area_hit(polygons.label(i), None, place, tolerance_m2))
    return CheckResult(len(polygons.shapes), tuple(hits))


# ---------------------------------------------------------------- inside


def _overlaps(
    polygons: Areal, others: Areal, tolerance_m2: float, wanted: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> CheckResult:
    """Pairs (i of polygons, j of others) that `wanted` lets through and that share an area."""
    i, j = shapely.STRtree(others.shapes).query(polygons.shapes)
    keep = wanted(i, j)
    i, j = i[keep], j[keep]
    shapely.prepare(polygons.shapes)
    meet = shapely.relate_pattern(polygons.shapes[i], others.shapes[j], INTERIORS_MEET)
    return _shared(polygons, others, (i[meet], j[meet]), tolerance_m2)


def _shared(polygons: Areal, others: Areal, pairs: tuple[np.ndarray, np.ndarray], tolerance_m2: float) -> CheckResult:
    """What the pairs share beyond the tolerance, in the order of the polygons."""
    i, j = pairs
    shared = shapely.intersection(polygons.shapes[i], others.shapes[j])
    areas = shapely.area(shared)
    hits = []
    for k in np.lexsort((j, i)):
        if not exceeds(areas[k], tolerance_m2):
            continue
        place = _beyond(_areal_part(shared[k]), tolerance_m2, (polygons, i[k]), (others, j[k]))
        if place is not None:
            hits.append(_area_hit(polygons.label(i[k]), others.label(j[k]), place, tolerance_m2))
    return CheckResult(len(polygons.shapes), tuple(hits))


def _beyond(region: BaseGeometry, tolerance_m2: float, *outlines: tuple[Areal, int]) -> BaseGeometry | None:
    """The region if it is larger than the tolerance, where outlines have arcs without what only their chords leave."""
    if exceeds(region.area, tolerance_m2) and any(has_arcs(of.frame, of.label(i)) for of, i in outlines):
        region = wide_part(region)
    return region if exceeds(region.area, tolerance_m2) else None


def _area_hit(row: Any, other: Any, place: BaseGeometry | None, tolerance_m2: float) -> Hit:
    """A region that should not be there: its area is what was measured."""
    area_m2 = 0.0 if place is None else float(place.area)
    return Hit(row=row, other=other, place=place, measured=area_m2, required=0.0, unit="m²", tolerance=tolerance_m2)


def _containers(polygons: Areal, others: Areal, key: str | None, other_key: str | None) -> Sequence[np.ndarray]:
    """For each polygon the others it may lie in."""
    if key is not None:
        return [others.of(other_key or key, value) for value in polygons.values(key)]
    i, j = shapely.STRtree(others.shapes).query(polygons.shapes)
    ordered = np.argsort(i, kind="stable")
    ends = np.searchsorted(i[ordered], np.arange(1, len(polygons.shapes) + 1))
    return np.split(j[ordered], ends)[:-1]


def _largest_share(polygon: BaseGeometry, others: Areal, near: np.ndarray) -> Any:
    """Label of the other feature that holds most of the polygon."""
    if not len(near):
        return None
    return others.label(near[int(np.argmax(shapely.area(shapely.intersection(others.shapes[near], polygon))))])


def _areal_part(geometry: BaseGeometry) -> BaseGeometry:
    """The polygons of a geometry, without the points and lines along which things only touch."""
    if geometry.geom_type in {"Polygon", "MultiPolygon"}:
        return geometry
    parts = shapely.get_parts(geometry)
    return shapely.union_all(parts[np.isin(shapely.get_type_id(parts), POLYGONAL)])
