"""Lines that close into rings: LINE, ARC and open polylines end to end, joined where their ends are one point.

Ends within `CLOSE_M` are one point. A chain that comes back to its start is a ring, its arcs exact; one that does not is
said with both ends, and where more than two lines meet nobody guesses which of them bound the area.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from pipeline.measures import arcs
from pipeline.sources import Curve

Floats = np.ndarray[Any, np.dtype[np.float64]]

CLOSE_M = 0.001  # ends this near are one point: the precision of printed coordinates
LINE, MULTILINE = 1, 5  # shapely type ids
SHOWN = 5  # handles of a chain that are named
NOISE_M = 1e-6  # ends of arcs come from sines and cosines: nearer ones are not a gap of the drawing


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be said of a chain; row: position of its first line."""

    kind: str
    row: int
    place: shapely.Geometry
    slots: Mapping[str, Any]


@dataclass(slots=True)
class Closed:
    """The rows of a polygon layer with chains as rings."""

    rows: gpd.GeoDataFrame
    told: list[Told] = field(default_factory=list)


@dataclass(slots=True)
class _Chain:
    """Lines end to end: (position among the lines, whether turned round). nodes: those at its two ends."""

    links: list[tuple[int, bool]]
    nodes: tuple[int, int]


def closed(rows: gpd.GeoDataFrame) -> Closed:
    """Rows where chains of open lines of one layer and code became rings; the row of a chain's first line stays.

    Lines that bound no ring stay as they are and are told of. Columns used: layer, code, handle, curve, geometry.
    """
    result = Closed(rows, _in_parts(rows))
    lines = _open_lines(rows)
    if not len(lines):
        return result
    shapes, curves, handles = list(rows["geometry"]), list(rows["curve"]), rows["handle"].to_numpy()
    dropped: list[int] = []
    kinds = list(zip(rows["layer"].iloc[lines], rows["code"].iloc[lines].fillna(""), strict=True))
    for kind in dict.fromkeys(kinds):
        members = np.array([i for i, own in zip(lines.tolist(), kinds, strict=True) if own == kind])
        vertices = [_vertices(shapes[i], curves[i]) for i in members]
        for chain, told in _chains(vertices, members, handles):
            result.told += told
            if chain is not None:
                first, *others = sorted(int(members[i]) for i, _ in chain.links)
                shapes[first], curves[first] = _polygon(_ring(chain, vertices))
                dropped += others
    joined = rows.assign(curve=_objects(curves), geometry=gpd.GeoSeries(shapes, index=rows.index, crs=rows.crs))
    result.rows = joined.drop(index=rows.index[dropped])
    return result


def going_on(rows: gpd.GeoDataFrame, *, among: Collection[str]) -> frozenset[str]:
    """Handles, of those `among` all, of open lines at both ends of which another open line of their layer goes on."""
    lines = rows.iloc[_open_lines(rows)]
    lines = lines[_near(lines, lines["handle"].isin(among).to_numpy())]
    shapes, layers = lines["geometry"].to_numpy(), lines["layer"].to_numpy()
    ends = np.column_stack([shapely.get_point(shapes, 0), shapely.get_point(shapes, -1)]).ravel()
    here, there = shapely.STRtree(ends).query(ends, predicate="dwithin", distance=CLOSE_M)
    meeting = (here // 2 != there // 2) & (layers[here // 2] == layers[there // 2])
    both = np.isin(np.arange(len(ends)), here[meeting]).reshape(-1, 2).all(axis=1)
    return frozenset(lines["handle"][both]) & frozenset(among)


def _near(lines: gpd.GeoDataFrame, asked: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Which lines reach as far east and as far north as an end of those asked for: only they can meet them."""
    shapes = lines["geometry"].to_numpy()
    ends = np.concatenate([shapely.get_point(shapes[asked], 0), shapely.get_point(shapes[asked], -1)])
    bounds, near = shapely.bounds(shapes), np.ones(len(lines), dtype=bool)
    for axis, wanted in enumerate((np.sort(shapely.get_x(ends)), np.sort(shapely.get_y(ends)))):
        reached = np.searchsorted(wanted, bounds[:, 2 + axis] + 2 * CLOSE_M)
        near &= np.searchsorted(wanted, bounds[:, axis] - 2 * CLOSE_M) < reached
    return near


def _in_parts(rows: gpd.GeoDataFrame) -> list[Told]:
    shapes = rows["geometry"].to_numpy()
    parts = np.flatnonzero(shapely.get_type_id(shapes) == MULTILINE)
    return [Told("degenerate", int(i), shapes[i], {"detail": "由几段线组成，不构成面"}) for i in parts]


def _open_lines(rows: gpd.GeoDataFrame) -> np.ndarray[Any, Any]:
    shapes = rows["geometry"].to_numpy()
    return np.flatnonzero((shapely.get_type_id(shapes) == LINE) & ~shapely.is_closed(shapes))


def _vertices(shape: Any, curve: Any) -> Floats:
    """x, y, bulge of one open line."""
    if isinstance(curve, Curve):
        return np.asarray(curve.rings[0], dtype=float)
    xy = shapely.get_coordinates(shape)
    return np.column_stack([xy, np.zeros(len(xy))])


def _objects(values: Sequence[Any]) -> np.ndarray[Any, Any]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


# ---------------------------------------------------------------- chains


def _chains(
    vertices: Sequence[Floats], members: np.ndarray[Any, Any], handles: np.ndarray[Any, Any]
) -> Iterator[tuple[_Chain | None, list[Told]]]:
    """Every chain: a ring with the gap it closed over, or None with what keeps it open."""
    nodes = _nodes(np.array([end for line in vertices for end in (line[0, :2], line[-1, :2])])).reshape(-1, 2)
    meeting = Counter(nodes.ravel().tolist())
    for chain in _walk(nodes, meeting):
        row = min(int(members[i]) for i, _ in chain.links)
        names = [str(handles[members[i]]) for i, _ in chain.links]
        shown = "、".join(names[:SHOWN]) + ("…" if len(names) > SHOWN else "")
        kind, place, slots = _verdict(chain, vertices, meeting)
        told = [Told(kind, row, place, {"count": len(names), "handles": shown, **slots})] if kind else []
        yield chain if kind in {None, "ring_closed"} else None, told


def _verdict(
    chain: _Chain, vertices: Sequence[Floats], meeting: Mapping[int, int]
) -> tuple[str | None, shapely.Geometry, dict[str, Any]]:
    """What a chain is: kind of note (None: a ring without any gap), its place and numbers."""
    first, last = _outer(chain, vertices)
    if chain.nodes[0] == chain.nodes[1] and meeting[chain.nodes[0]] == 2:
        ring = _ring(chain, vertices)
        if len(ring) < 2 or (len(ring) < 3 and not ring[:, 2].any()):
            return "degenerate", shapely.LineString([first, last]), {"detail": "几段线相互重合，不构成面"}
        gap_m, place = _widest(chain, vertices)
        return "ring_closed" if gap_m > NOISE_M else None, place, _gap(gap_m)
    branching = [end for end, node in zip((first, last), chain.nodes, strict=True) if meeting[node] > 2]
    if branching:
        most = max(meeting[node] for node in chain.nodes)
        return "ring_branches", shapely.Point(branching[0]), {"measured": most, "required": 2}
    ends = f"{last[0]:.3f}, {last[1]:.3f}"
    return "ring_open", shapely.LineString([first, last]), _gap(float(np.hypot(*(last - first)))) | {"other_end": ends}


def _gap(gap_m: float) -> dict[str, Any]:
    return {"gap_m": gap_m, "measured": gap_m, "required": CLOSE_M, "unit": "m"}


def _nodes(ends: Floats) -> np.ndarray[Any, Any]:
    """The number of the point that each end is: ends within `CLOSE_M` of each other are one."""
    points = shapely.points(ends)
    a, b = shapely.STRtree(points).query(points, predicate="dwithin", distance=CLOSE_M)
    parent = list(range(len(ends)))
    for i, j in zip(a.tolist(), b.tolist(), strict=True):
        parent[_root(parent, i)] = _root(parent, j)
    return np.array([_root(parent, i) for i in range(len(ends))])


def _root(parent: list[int], i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


def _walk(nodes: np.ndarray[Any, Any], degree: Mapping[int, int]) -> Iterator[_Chain]:
    """Maximal chains through points where two lines meet; first those that have an end, then those that go round."""
    at: dict[int, list[int]] = {}
    for i, pair in enumerate(nodes.tolist()):
        for node in pair:
            at.setdefault(node, []).append(i)
    used = np.zeros(len(nodes), dtype=bool)
    starts = [(i, side) for i, pair in enumerate(nodes.tolist()) for side in (0, 1) if degree[pair[side]] != 2]
    for i, side in [*starts, *((i, 0) for i in range(len(nodes)))]:
        if used[i]:
            continue
        links, start, node = [(i, side == 1)], int(nodes[i][side]), int(nodes[i][1 - side])
        used[i] = True
        while degree[node] == 2 and node != start:
            following = next((j for j in at[node] if not used[j]), None)
            if following is None:
                break
            turned = int(nodes[following][0]) != node
            links.append((following, turned))
            used[following] = True
            node = int(nodes[following][0 if turned else 1])
        yield _Chain(links, (start, node))


# ---------------------------------------------------------------- rings


def _oriented(chain: _Chain, vertices: Sequence[Floats]) -> list[Floats]:
    return [arcs.turned_round(vertices[i]) if turned else vertices[i] for i, turned in chain.links]


def _outer(chain: _Chain, vertices: Sequence[Floats]) -> tuple[Floats, Floats]:
    pieces = _oriented(chain, vertices)
    return pieces[0][0, :2], pieces[-1][-1, :2]


def _widest(chain: _Chain, vertices: Sequence[Floats]) -> tuple[float, shapely.Geometry]:
    """The largest gap between two neighbours of a ring and where it is."""
    pieces = _oriented(chain, vertices)
    gaps = [(a[-1, :2], b[0, :2]) for a, b in pairwise([*pieces, pieces[0]])]
    widths = [float(np.hypot(*(b - a))) for a, b in gaps]
    widest = int(np.argmax(widths))
    return widths[widest], shapely.Point(gaps[widest][0])


def _ring(chain: _Chain, vertices: Sequence[Floats]) -> Floats:
    """Vertices of a ring, the first one not repeated."""
    return np.vstack([piece[:-1] for piece in _oriented(chain, vertices)])


def _polygon(ring: Floats) -> tuple[shapely.Geometry, Curve | None]:
    """A ring as polygon and, when it has arcs, its curve."""
    if not ring[:, 2].any():
        return shapely.Polygon(ring[:, :2]), None
    curve = Curve((ring,), closed=True)
    return arcs.to_geometry(curve), curve
