"""Arcs of many outlines at once: vertices of circles and arcs, chords of edges with bulges, exact curves.

The numbers are those of `dxf_geometry.arc` and `measures.arcs.flatten` to the last bit: the same operations in the same
order, and the functions whose array and scalar versions may differ (atan, acos, tan) one by one.
"""

from __future__ import annotations

import math

import numpy as np

from pipeline.measures.arcs import MAX_STEPS, SAGITTA_M, SMALL_BULGE
from pipeline.readers.dxf_fast.numbers import Floats
from pipeline.readers.dxf_fast.outlines import Objects, Rings, shapes
from pipeline.readers.dxf_fast.tokens import Ints
from pipeline.sources import Curve


def geometries(found: Rings) -> tuple[Objects, Objects]:
    """Geometry and curve (None where there are no arcs) of each outline."""
    geometry, curves = np.empty(len(found.counts), dtype=object), np.empty(len(found.counts), dtype=object)
    for bent in (False, True):
        for closed in (False, True):
            which = (found.bent == bent) & (found.closed == closed)
            if not which.any():
                continue
            some = found.kept(which)
            points, owner = _flattened(some, closed=closed) if bent else (some.vertices[:, :2], some.owner)
            geometry[which] = shapes(points, owner, closed=closed)
            if bent:
                curves[which] = _curves(some)
    return geometry, curves


def _curves(found: Rings) -> Objects:
    stops = np.cumsum(found.counts)
    vertices = np.ascontiguousarray(found.vertices[:, :3])
    places = zip((stops - found.counts).tolist(), stops.tolist(), found.closed.tolist(), strict=True)
    curves = np.empty(len(stops), dtype=object)
    curves[:] = [Curve((vertices[begin:end],), closed) for begin, end, closed in places]
    return curves


def _flattened(found: Rings, *, closed: bool) -> tuple[Floats, Ints]:
    """Points with chords for arcs, and the outline of each; all outlines closed or all open."""
    xy, bulge = np.ascontiguousarray(found.vertices[:, :2]), found.vertices[:, 2]
    last = np.cumsum(found.counts) - 1
    following = np.arange(1, len(xy) + 1)
    following[last] = last + 1 - found.counts
    chord = xy[following] - xy
    size = np.hypot(chord[:, 0], chord[:, 1])
    curved = (np.abs(bulge) > SMALL_BULGE) & (size != 0)
    if not closed:
        curved[last] = False
    bent = np.flatnonzero(curved)
    steps, turn, offset = _steps(bulge[bent], size[bent])
    counts = np.ones(len(xy), dtype=np.int64)
    counts[bent] = steps
    begins = np.cumsum(counts) - counts
    points = np.empty((int(counts.sum()), 2))
    points[begins] = xy
    normal = np.column_stack([-chord[bent, 1], chord[bent, 0]])
    centre = (xy[bent] + xy[following[bent]]) / 2 + offset[:, None] * normal
    ray = xy[bent] - centre
    inner = steps - 1
    number = np.repeat(np.arange(len(bent)), inner)
    step = np.arange(1, len(number) + 1) - np.repeat(np.cumsum(inner) - inner, inner)
    angle = turn[number] * step
    cos, sin = np.cos(angle), np.sin(angle)
    x, y = ray[number, 0], ray[number, 1]
    place = begins[bent][number] + step
    points[place, 0] = centre[number, 0] + (x * cos - y * sin)
    points[place, 1] = centre[number, 1] + (x * sin + y * cos)
    return points, np.repeat(found.owner, counts)


def _steps(bulges: Floats, sizes: Floats) -> tuple[Ints, Floats, Floats]:
    """Of each arc: number of chords, angle of one, how far its centre is from its chord in chords."""
    numbers = bulges.tolist()
    square = np.array([number**2 for number in numbers], dtype=float)
    theta = 4 * np.array([math.atan(number) for number in numbers], dtype=float)
    radius = sizes * (1 + square) / (4 * np.abs(bulges))
    share = np.maximum(-1.0, 1 - SAGITTA_M / radius)
    half = np.array([math.acos(number) for number in share.tolist()], dtype=float)
    widest = np.where(radius > SAGITTA_M, 2 * half, math.pi / 2)
    least = np.where(np.abs(theta) > math.pi, 2, 1)
    steps = np.minimum(MAX_STEPS, np.maximum(least, np.ceil(np.abs(theta) / widest))).astype(np.int64)
    return steps, theta / steps, (1 - square) / (4 * bulges)


def rounds(centre: Floats, radius: Floats, start_deg: Floats, sweep_deg: Floats) -> Rings:
    """Circles and arcs turning left as outlines; a full turn is two half circles."""
    pieces = np.where(sweep_deg > 180, 2, 1)
    full = sweep_deg >= 360
    counts = np.where(full, pieces, pieces + 1)
    owner = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    part = sweep_deg / pieces
    angles = np.radians(start_deg[owner] + part[owner] * place)
    bulges = np.array([math.tan(math.radians(angle) / 4) for angle in part.tolist()], dtype=float)[owner]
    bulges[(np.cumsum(counts) - 1)[~full]] = 0.0
    x = centre[owner, 0] + radius[owner] * np.cos(angles)
    y = centre[owner, 1] + radius[owner] * np.sin(angles)
    truth = np.ones(len(counts), dtype=bool)
    return Rings(np.column_stack([x, y, bulges]), owner, counts, full, truth, truth)
