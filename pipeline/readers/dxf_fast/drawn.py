"""The drawn kinds of one slice: LWPOLYLINE, POLYLINE, LINE, ARC, CIRCLE as columns.

Each function takes the groups that are still to be read fast, hands those with anything remarkable to ezdxf, and
returns the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from pipeline.readers.dxf_fast import curves, outlines
from pipeline.readers.dxf_fast.numbers import Flags, Floats
from pipeline.readers.dxf_fast.outlines import Objects
from pipeline.readers.dxf_fast.records import Records
from pipeline.readers.dxf_fast.tables import Kind, Role
from pipeline.readers.dxf_fast.tokens import Ints
from pipeline.readers.dxf_geometry import HUGE_M

CLOSED, SPATIAL, MESHES, FRAME = 1, 8, 16 | 64, 16


@dataclass(slots=True)
class Drawn:
    """Rows of one slice. records: the main record of each; counted: a closed polyline, as the ledger counts them."""

    records: Ints
    geometry: Objects
    curves: Objects
    closed: Flags
    counted: Flags


def alive(records: Records, *kinds: Kind) -> Ints:
    """Records of these kinds whose groups are still read fast."""
    return np.flatnonzero(records.is_kind(*kinds) & ~records.slow[records.group])


def drawn(records: Records, chosen: Ints, geometry: Objects, fine: Flags, *, bent: Objects | None = None) -> Drawn:
    """Rows for the chosen records that are fine; the others are handed over."""
    records.drop(chosen[~fine])
    count = int(fine.sum())
    no, none = np.zeros(count, dtype=bool), np.full(count, None, dtype=object)
    return Drawn(chosen[fine], geometry[fine], none if bent is None else bent[fine], no, no)


def xyz(records: Records, roles: tuple[Role, Role, Role]) -> Floats:
    """A point of each record; x is NaN where there is none, z is 0 where only that is missing."""
    return np.column_stack([records.single(roles[0]), records.single(roles[1]), records.single(roles[2], default=0.0)])


def usable(numbers: Floats) -> Flags:
    """Which rows have nothing but finite numbers of the size of coordinates."""
    return np.asarray((np.abs(numbers) <= HUGE_M).all(axis=1))


def local(records: Records, chosen: Ints) -> Ints:
    """The position among the chosen records of each record, -1 for others."""
    position = np.full(len(records.kind), -1, dtype=np.int64)
    position[chosen] = np.arange(len(chosen))
    return position


def bulged(records: Records, tags: Ints, wanted: Flags) -> Floats:
    """x, y, bulge of vertices whose first coordinates are these tags; bulges follow the vertex they belong to.

    wanted: records whose bulges are asked for. Bulges before any vertex, or two at one, hand the entity over.
    """
    vertices = np.column_stack([records.real[tags], records.real[np.minimum(tags + 1, len(records.real) - 1)]])
    vertices = np.column_stack([vertices, np.zeros(len(tags))])
    bulges = records.at(Role.BULGE)
    bulges = bulges[wanted[records.owner[bulges]]]
    if not len(bulges):
        return vertices
    vertex = np.searchsorted(tags, bulges) - 1
    odd = (vertex < 0) | (records.owner[tags[np.maximum(vertex, 0)]] != records.owner[bulges])
    odd[1:] |= vertex[1:] == vertex[:-1]
    records.drop(records.owner[bulges[odd]])
    vertices[vertex[~odd], 2] = records.real[bulges[~odd]]
    return vertices


def light_polylines(records: Records) -> Drawn:
    """LWPOLYLINE."""
    chosen = alive(records, Kind.LWPOLYLINE)
    position = local(records, chosen)
    tags = records.at(Role.X)
    tags = tags[position[records.owner[tags]] >= 0]
    vertices = bulged(records, tags, position >= 0)
    flagged = (records.single(Role.FLAGS, default=0)[chosen].astype(np.int64) & CLOSED) != 0
    found = outlines.rings(vertices, position[records.owner[tags]], len(chosen), flagged)
    has = np.bincount(position[records.owner[tags]], minlength=len(chosen))
    found.fine &= _stated(records, position, has) & ~records.slow[records.group[chosen]]
    return _outlined(records, chosen, found)


def _stated(records: Records, position: Ints, has: Ints) -> Flags:
    """Polylines whose stated number of vertices, if there is one, is that of their vertices, written plainly."""
    fine = np.ones(len(has), dtype=bool)
    tags = records.at(Role.COUNT)
    tags = tags[position[records.owner[tags]] >= 0]
    if len(tags):
        which, lines = records.tokens.distinct(tags)
        plain = np.array([line.strip() == b"%d" % int(line) if line.strip().isdigit() else False for line in lines])
        mine = position[records.owner[tags]]
        fine[mine] = plain[which] & (records.whole[tags] == has[mine])
    return fine


def _outlined(records: Records, chosen: Ints, found: outlines.Rings) -> Drawn:
    records.drop(chosen[~found.fine])
    kept = found.kept(found.fine)
    geometry, bent = curves.geometries(kept)
    return Drawn(chosen[found.fine], geometry, bent, kept.closed, kept.closed)


def old_polylines(records: Records) -> Drawn:
    """POLYLINE with its VERTEX records: plane ones with bulges, spatial ones with heights; meshes are not read here."""
    flags = records.single(Role.FLAGS, default=0).astype(np.int64)
    records.drop(np.flatnonzero(records.is_kind(Kind.POLYLINE) & ((flags & MESHES) != 0)))
    records.drop(np.flatnonzero(records.is_kind(Kind.VERTEX) & ((flags & FRAME) != 0)))
    points = xyz(records, (Role.X, Role.Y, Role.Z))
    vertex = alive(records, Kind.VERTEX)
    records.drop(vertex[np.isnan(points[vertex]).any(axis=1)])
    chosen, vertex = alive(records, Kind.POLYLINE), alive(records, Kind.VERTEX)
    owner = local(records, chosen)[records.first[records.group[vertex]]]
    flagged, spatial = (flags[chosen] & CLOSED) != 0, (flags[chosen] & SPATIAL) != 0
    bulge = np.where(spatial[owner], 0.0, records.single(Role.BULGE, default=0.0)[vertex])
    height = np.where(spatial[owner], points[vertex, 2], 0.0)
    vertices = np.column_stack([points[vertex, :2], bulge, height])
    found = outlines.rings(vertices, owner, len(chosen), flagged)
    result = _outlined(records, chosen, found)
    kept, spatial = found.kept(found.fine), spatial[found.fine]
    result.counted = np.where(spatial, flagged[found.fine], kept.closed)
    high = np.zeros(len(kept.counts), dtype=bool)
    high[owner_of_heights(vertices, owner, found.fine)] = True
    for closed in (False, True):
        which = high & (kept.closed == closed)
        if which.any():
            some = kept.kept(which)
            result.geometry[which] = outlines.shapes(some.vertices[:, [0, 1, 3]], some.owner, closed=closed)
    return result


def owner_of_heights(vertices: Floats, owner: Ints, fine: Flags) -> Ints:
    """Positions, among the fine ones, of the polylines that have any height, the repeated end included."""
    number = np.cumsum(fine) - 1
    owner = owner[(vertices[:, 3] != 0) & fine[owner]]
    return np.asarray(number[owner])


def straights(records: Records) -> Drawn:
    """LINE: spatial where it has any height."""
    chosen = alive(records, Kind.LINE)
    start = xyz(records, (Role.X, Role.Y, Role.Z))[chosen]
    end = xyz(records, (Role.X1, Role.Y1, Role.Z1))[chosen]
    fine = usable(start) & usable(end) & (start != end).any(axis=1)
    ends = np.stack([start, end], axis=1)
    high = (ends[:, :, 2] != 0).any(axis=1)
    geometry = np.empty(len(chosen), dtype=object)
    for spatial in (False, True):
        which = fine & (high == spatial)
        geometry[which] = shapely.linestrings(ends[which] if spatial else ends[which][:, :, :2])
    return drawn(records, chosen, geometry, fine)


def rounds(records: Records) -> Drawn:
    """CIRCLE and ARC."""
    chosen = alive(records, Kind.CIRCLE, Kind.ARC)
    centre = xyz(records, (Role.X, Role.Y, Role.Z))[chosen]
    radius = records.single(Role.RADIUS)[chosen]
    arc = records.kind[chosen] == Kind.ARC
    start = np.where(arc, records.single(Role.START_ANGLE)[chosen], 0.0)
    end = np.where(arc, records.single(Role.END_ANGLE)[chosen], 360.0)
    fine = usable(np.column_stack([centre, radius, start, end])) & (radius > 0)
    chosen, centre, radius = _handed(records, chosen, fine), centre[fine], radius[fine]
    turns = zip(start[fine].tolist(), end[fine].tolist(), arc[fine].tolist(), strict=True)
    sweep = np.array([((b - a) % 360.0 or 360.0) if is_arc else 360.0 for a, b, is_arc in turns], dtype=float)
    found = curves.rounds(centre, radius, start[fine], sweep)
    geometry, bent = curves.geometries(found)
    result = drawn(records, chosen, geometry, np.ones(len(chosen), dtype=bool), bent=bent)
    result.closed = found.closed
    return result


def _handed(records: Records, chosen: Ints, fine: Flags) -> Ints:
    records.drop(chosen[~fine])
    return chosen[fine]
