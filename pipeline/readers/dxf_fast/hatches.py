"""HATCH of one slice: boundary paths that are polylines, or straight edges that meet exactly; others go to ezdxf."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.readers.dxf_entities import BROKEN
from pipeline.readers.dxf_fast import curves, outlines
from pipeline.readers.dxf_fast.drawn import Drawn, alive, bulged, local
from pipeline.readers.dxf_fast.numbers import Flags
from pipeline.readers.dxf_fast.outlines import Rings
from pipeline.readers.dxf_fast.records import Records
from pipeline.readers.dxf_fast.tables import PATH_CODES, WIDTH, Kind, Role
from pipeline.readers.dxf_fast.tokens import Ints
from pipeline.readers.dxf_geometry import Plane
from pipeline.readers.dxf_hatch import assembled

POLYLINE_PATH, TEXT_BOX, LINE_EDGE = 2, 8, 1


@dataclass(slots=True)
class _Paths:
    """Boundary paths: first tag of each, the tag behind it, whether it consists of edges; owner: its hatch."""

    begin: Ints
    end: Ints
    edged: Flags
    owner: Ints

    def of(self, tags: Ints) -> Ints:
        """The path that each tag stands in, -1 where it stands in none."""
        path = np.searchsorted(self.begin, tags) - 1
        inside = (path >= 0) & (tags < self.end[np.maximum(path, 0)])
        return np.where(inside, path, -1)


def hatches(records: Records) -> Drawn:
    """HATCH."""
    chosen = _plain(records, alive(records, Kind.HATCH))
    position = local(records, chosen)
    paths = _paths(records, chosen, position)
    tags, found = _rings(records, position, paths)
    fine = found.fine & (~paths.edged | _meeting(records, tags, paths, found))
    records.drop(chosen[paths.owner[~fine]])
    number = np.bincount(paths.owner, minlength=len(chosen))
    geometry, bent = np.empty(len(chosen), dtype=object), np.empty(len(chosen), dtype=object)
    single = fine & (number[paths.owner] == 1)
    geometry[paths.owner[single]], bent[paths.owner[single]] = curves.geometries(found.kept(single))
    for hatch in np.flatnonzero((number > 1) & ~records.slow[records.group[chosen]]).tolist():
        try:
            shape = assembled(
                _of(found, paths.owner == hatch), style=_style(records, int(chosen[hatch])), plane=Plane()
            )
        except BROKEN:
            records.drop(chosen[[hatch]])
        else:
            geometry[hatch], bent[hatch] = shape.geometry, shape.curve
    kept = ~records.slow[records.group[chosen]]
    count = int(kept.sum())
    return Drawn(chosen[kept], geometry[kept], bent[kept], np.ones(count, dtype=bool), np.zeros(count, dtype=bool))


def _plain(records: Records, chosen: Ints) -> Ints:
    """Hatches whose paths follow each other, from their number up to the style, with nothing else in between."""
    begin, end = records.tag(Role.PATHS)[chosen], records.tag(Role.STYLE)[chosen]
    fine = (begin >= 0) & (end > begin + 1)
    codes = np.minimum(records.tokens.codes[: len(records.role)], WIDTH - 1)
    other = np.r_[0, np.cumsum(~PATH_CODES[codes])]
    fine &= other[np.maximum(end, 0)] == other[np.maximum(begin, 0) + 1]
    fine &= records.role[np.minimum(begin + 1, len(records.role) - 1)] == Role.PATH
    for role in (Role.PATH, Role.BULGE, Role.EDGE, Role.EDGE_X):
        position = local(records, chosen)
        tags = records.at(role)
        tags = tags[position[records.owner[tags]] >= 0]
        mine = position[records.owner[tags]]
        fine[mine[(tags < begin[mine]) | (tags > end[mine])]] = False
    records.drop(chosen[~fine])
    return chosen[fine]


def _paths(records: Records, chosen: Ints, position: Ints) -> _Paths:
    begin = records.at(Role.PATH)
    begin = begin[position[records.owner[begin]] >= 0]
    owner = position[records.owner[begin]]
    end = np.r_[begin[1:], -1][: len(begin)]
    last = np.r_[owner[1:] != owner[:-1], True][: len(owner)]
    end[last] = records.tag(Role.STYLE)[chosen][owner[last]]
    kinds = records.whole[begin]
    records.drop(chosen[owner[(kinds & TEXT_BOX) != 0]])
    return _Paths(begin, end, (kinds & POLYLINE_PATH) == 0, owner)


def _rings(records: Records, position: Ints, paths: _Paths) -> tuple[Ints, Rings]:
    """Vertices of all paths, and the rings they make."""
    tags = records.at(Role.X)
    tags = tags[position[records.owner[tags]] >= 0]
    path = paths.of(tags)
    tags, path = tags[path >= 0], path[path >= 0]
    vertices = bulged(records, tags, position >= 0)
    found = outlines.rings(vertices, path, len(paths.begin), np.ones(len(paths.begin), dtype=bool), always=True)
    found.fine &= found.counts >= 2
    found.fine &= ~_any(paths, records.at(Role.BULGE), paths.edged)
    found.fine &= ~_any(paths, records.at(Role.EDGE_X), ~paths.edged)
    return tags, found


def _any(paths: _Paths, tags: Ints, among: Flags) -> Flags:
    """Which of the paths `among` all have any of these tags."""
    path = paths.of(tags) if len(paths.begin) else tags[:0]
    has = np.zeros(len(paths.begin), dtype=bool)
    has[path[path >= 0]] = True
    return has & among


def _meeting(records: Records, tags: Ints, paths: _Paths, found: Rings) -> Flags:
    """Paths of straight edges, each beginning where the one before it ends, the first where the last ends."""
    path = paths.of(tags)
    count = np.bincount(path, minlength=len(paths.begin))
    fine = (count == found.counts) & (count >= 3)  # none was dropped as a repeated end
    edges = records.at(Role.EDGE)
    whole = records.whole[edges] == LINE_EDGE
    for places, wanted in ((edges[whole], count), (edges, count), (records.at(Role.EDGE_X), count)):
        here = paths.of(places) if len(paths.begin) else places[:0]
        fine &= np.bincount(here[here >= 0], minlength=len(paths.begin)) == wanted
    size = len(records.role) - 1
    plain = (records.role[tags - 1] == Role.EDGE) & (records.role[np.minimum(tags + 2, size)] == Role.EDGE_X)
    ends = np.column_stack([records.real[np.minimum(tags + 2, size)], records.real[np.minimum(tags + 3, size)]])
    starts = np.column_stack([records.real[tags], records.real[np.minimum(tags + 1, size)]])
    last = np.cumsum(count) - 1
    following = np.arange(1, len(tags) + 1)
    following[last[count > 0]] = (last + 1 - count)[count > 0]
    plain &= (ends == starts[following]).all(axis=1)
    fine[path[~plain]] = False
    return np.asarray(fine)


def _of(found: Rings, which: Flags) -> list[np.ndarray]:
    """The rings of one hatch."""
    some = found.kept(which)
    return np.split(some.vertices, np.cumsum(some.counts)[:-1])


def _style(records: Records, record: int) -> int:
    return int(records.whole[records.tag(Role.STYLE)[record]])
