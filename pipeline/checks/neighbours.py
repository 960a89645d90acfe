"""How features of different owners (projects, say) lie to each other, and values that only one owner may use.

Metres and m² on the plane. A width is the diameter of the largest circle that fits: a strip of 0.8 m is 0.8 m wide
however long it is, and a hairline beside a real overlap hides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.checks.attributes import blank
from pipeline.checks.coverage import coverage_of
from pipeline.checks.gaps import each_once, gap_pieces, near_pairs
from pipeline.checks.once import once_a_frame
from pipeline.checks.outlines import POLYGONAL, Areal, areal
from pipeline.checks.widths import widths_of
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import exceeds

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

INTERIORS_MEET = "2********"  # DE-9IM: the interiors share an area
SAME_SHARE = 0.5  # of a gap: one that covers as much of an earlier one is the same gap


def no_overlap_between(
    frame: gpd.GeoDataFrame, *, owner: str, over_m: float, up_to_m: float | None = None
) -> CheckResult:
    """Polygons of different `owner` share nothing wider than `over_m` (and, with `up_to_m`, no wider than that).

    Slots: area_m2, share_pct (of the smaller polygon), other_owner.
    """
    polygons = areal(frame)
    owners = polygons.values(owner)
    hits = []
    for i, j, parts, width_m in _overlaps(frame, owner=owner):
        if exceeds(width_m, over_m) and (up_to_m is None or not exceeds(width_m, up_to_m)):
            slots = {"share_pct": 100 * parts.area / min(polygons.shapes[i].area, polygons.shapes[j].area)}
            hits.append(_hit(polygons, (i, j), owners, parts, width_m, over_m, slots))
    return CheckResult(len(polygons.shapes), tuple(hits))


@once_a_frame
def _overlaps(frame: gpd.GeoDataFrame, *, owner: str) -> list[tuple[int, int, BaseGeometry, float]]:
    """Pairs of polygons of different owners that share an area, in order: that area and its width."""
    polygons = areal(frame)
    owners = polygons.values(owner)
    i, j = shapely.STRtree(polygons.shapes).query(polygons.shapes)
    keep = (i < j) & (owners[i] != owners[j])
    i, j = i[keep], j[keep]
    shapely.prepare(polygons.shapes)
    meet = shapely.relate_pattern(polygons.shapes[i], polygons.shapes[j], INTERIORS_MEET)
    i, j = i[meet], j[meet]
    shared = shapely.intersection(polygons.shapes[i], polygons.shapes[j])
    order = np.lexsort((j, i))
    parts = [_areal_parts(shared[k]) for k in order]
    return list(zip(i[order].tolist(), j[order].tolist(), parts, widths_of(parts).tolist(), strict=True))


def no_gaps_between(frame: gpd.GeoDataFrame, *, owner: str, over_m: float, up_to_m: float) -> CheckResult:
    """Between neighbours of different `owner` no gap is left that is wider than `over_m` and no wider than `up_to_m`.

    Slots: area_m2, other_owner.
    """
    coverage = coverage_of(frame)
    polygons = coverage.polygons
    owners = polygons.values(owner)
    pairs = near_pairs(coverage, up_to_m)
    pairs = pairs.taken(owners[pairs.i] != owners[pairs.j])
    pieces, pair = gap_pieces(polygons.shapes, pairs, up_to_m)
    widths_m = widths_of(pieces)
    wide = np.array([exceeds(width_m, over_m) for width_m in widths_m], dtype=bool)
    pieces, pair, widths_m = pieces[wide], pair[wide], widths_m[wide]
    hits = [
        _hit(polygons, (pairs.i[pair[k]], pairs.j[pair[k]]), owners, pieces[k], float(widths_m[k]), over_m, {})
        for k in each_once(pieces, SAME_SHARE * shapely.area(pieces))
    ]
    return CheckResult(len(polygons.shapes), tuple(hits))


def unique_between(frame: gpd.GeoDataFrame, *, owner: str, field: str) -> CheckResult:
    """No value of `field` is used by two owners; features without one are left out.

    One hit for each further owner: its first feature against the first feature of the first owner.
    Slot: other_owner, the first.
    """
    known = frame[~blank(frame[field])]
    hits = []
    for value, rows in known.groupby(field, sort=True).groups.items():
        firsts = known.loc[rows].drop_duplicates(owner)
        for later in firsts.index[1:]:
            slots = {"other_owner": firsts[owner].iloc[0]}
            hits.append(Hit(row=later, other=firsts.index[0], field=field, measured=str(value), slots=slots))
    return CheckResult(len(known), tuple(hits))


# ---------------------------------------------------------------- inside


def _hit(
    polygons: Areal,
    pair: tuple[int, int],
    owners: np.ndarray,
    place: BaseGeometry,
    width_m: float,
    over_m: float,
    slots: dict[str, Any],
) -> Hit:
    i, j = pair
    more = {"area_m2": float(place.area), "other_owner": owners[j], **slots}
    return Hit(
        row=polygons.label(i),
        other=polygons.label(j),
        place=place,
        measured=width_m,
        required=0.0,
        unit="m",
        tolerance=over_m,
        slots=more,
    )


def _areal_parts(geometry: BaseGeometry) -> BaseGeometry:
    """The polygons of a geometry, without the points and lines along which things only touch."""
    parts = shapely.get_parts(geometry)
    areas = parts[np.isin(shapely.get_type_id(parts), POLYGONAL)]
    return areas[0] if len(areas) == 1 else shapely.union_all(areas)
