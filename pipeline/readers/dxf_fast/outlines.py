"""Many polylines at once: which close, which vertices make their rings, which are for the reference alone.

The laws are those of `dxf_geometry.outline`: closed by flag or by an end within 1 mm of the start. Whatever the
reference would remark on (open by a little, no length, no area, coordinates out of range) is left to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from pipeline.readers.dxf_fast.numbers import Flags, Floats
from pipeline.readers.dxf_fast.tokens import Ints
from pipeline.readers.dxf_geometry import HUGE_M, OPEN_M
from pipeline.rings import CLOSE_M

Objects = np.ndarray[Any, np.dtype[np.object_]]


@dataclass(slots=True)
class Rings:
    """Polylines as rows of one array. vertices: (n, 3) x, y, bulge; owner: polyline of each vertex, ascending.

    counts: vertices of each; closed, bent: whether it is a ring, whether it has arcs; fine: not for the reference.
    Rings do not repeat their first vertex.
    """

    vertices: Floats
    owner: Ints
    counts: Ints
    closed: Flags
    bent: Flags
    fine: Flags

    def kept(self, which: Flags) -> Rings:
        """Some of the polylines."""
        number = np.cumsum(which) - 1
        mine = which[self.owner]
        return Rings(
            self.vertices[mine], number[self.owner[mine]], self.counts[which], self.closed[which], self.bent[which],
            self.fine[which],
        )  # fmt: skip


def rings(vertices: Floats, owner: Ints, count: int, flagged: Flags, *, always: bool = False) -> Rings:
    """What `count` polylines are. always: outlines of areas, closed whatever their flags say."""
    counts = np.bincount(owner, minlength=count)
    stops = np.cumsum(counts)
    some = counts > 0
    first, last = np.where(some, stops - counts, 0), np.where(some, stops - 1, 0)
    fine = some & ~_any(owner, ~(np.abs(vertices) <= HUGE_M).all(axis=1), count)
    if not len(vertices):
        nothing = np.zeros(count, dtype=bool)
        return Rings(vertices, owner, counts, flagged, nothing, nothing)
    with np.errstate(invalid="ignore", over="ignore"):
        gap_m = np.hypot(*(vertices[last, :2] - vertices[first, :2]).T)
    inner_bulge = vertices[:, 2] != 0
    inner_bulge[last[some]] = False
    enough = counts > np.where(_any(owner, inner_bulge, count), 2, 3)
    if always:
        repeats = (gap_m <= CLOSE_M) & (counts > 1)
        closed = np.ones(count, dtype=bool)
    else:
        repeats = (gap_m <= CLOSE_M) & (counts > 1) & (flagged | enough)
        closed = flagged | repeats
        fine &= ~(repeats & (gap_m > 0))  # the reference remarks on the gap
        fine &= closed | ~enough | (gap_m > OPEN_M)
    dropped = np.zeros(len(vertices), dtype=bool)
    dropped[last[repeats & some]] = True
    vertices, owner, counts = vertices[~dropped], owner[~dropped], counts - repeats
    bent = _any(owner, vertices[:, 2] != 0, count)
    fine &= np.where(closed, (counts >= 3) | ((counts == 2) & bent), counts >= 2)
    fine &= _extends(vertices, owner, counts)
    return Rings(vertices, owner, counts, closed, bent, fine)


def _any(owner: Ints, flags: Any, count: int) -> Flags:
    found = np.zeros(count, dtype=bool)
    found[owner[flags]] = True
    return found


def _extends(vertices: Floats, owner: Ints, counts: Ints) -> Flags:
    """Polylines whose vertices are not all on one line (closed ones without arcs have an area; all have a length)."""
    first = vertices[(np.cumsum(counts) - counts)[owner], :2]
    away = (vertices[:, :2] != first).any(axis=1)
    return _any(owner, away, len(counts))


def shapes(points: Floats, owner: Ints, *, closed: bool) -> Objects:
    """Polygons or lines through points, (n, 2 or 3), each of the outline `owner`."""
    if closed:
        return np.asarray(shapely.polygons(shapely.linearrings(points, indices=owner)))
    return np.asarray(shapely.linestrings(points, indices=owner))
