"""Plane figures in local site metres: rings of (x, y, bulge), areas by exact arcs."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from shapely import Polygon

Vertex = tuple[float, float, float]
Ring = list[Vertex]

#: greatest distance between an arc and its chord when a format knows no arcs
SAGITTA_M = 0.00005


@dataclass
class Shape:
    """A point, an open line or a polygon (first ring = shell); rings do not repeat their first vertex."""

    kind: Literal["point", "line", "polygon"]
    rings: list[Ring]

    @property
    def area_m2(self) -> float:
        """Shell minus holes, arc segments included."""
        areas = [abs(_signed_area(ring)) for ring in self.rings]
        return round(areas[0] - sum(areas[1:]), 7)

    @property
    def length_m(self) -> float:
        """Length of an open line of straight pieces."""
        ring = self.rings[0]
        return round(sum(math.dist(a[:2], b[:2]) for a, b in itertools.pairwise(ring)), 7)

    @property
    def xy(self) -> tuple[float, float]:
        """First vertex: the place of a point."""
        return self.rings[0][0][:2]

    def moved(self, dx: float, dy: float) -> Shape:
        """The same figure shifted."""
        return self.mapped(lambda x, y: (x + dx, y + dy))

    def mapped(self, place: Callable[[float, float], tuple[float, float]], *, flips: bool = False) -> Shape:
        """Every vertex through `place`; a mirror flips the arcs."""
        sign = -1.0 if flips else 1.0
        return Shape(self.kind, [[(*_clean(place(x, y)), sign * b if b else 0.0) for x, y, b in r] for r in self.rings])

    def polygon(self, sagitta_m: float = SAGITTA_M) -> Polygon:
        """As a polygon of chords."""
        shell, *holes = [flattened(ring, sagitta_m, closed=True) for ring in self.rings]
        return Polygon(shell, holes)


@dataclass
class Record:
    """One surveyed thing: attributes by the names of the standards, a figure, and hints for the drawing."""

    fields: dict[str, Any]
    shape: Shape
    hints: dict[str, Any] = field(default_factory=dict)


Survey = dict[str, list[Record]]


def point(x: float, y: float) -> Shape:
    """A point."""
    return Shape("point", [[(x, y, 0.0)]])


def line(*xy: tuple[float, float]) -> Shape:
    """A line of straight pieces."""
    return Shape("line", [_ring(xy)])


def poly(*xy: tuple[float, ...], holes: Iterable[Iterable[tuple[float, ...]]] = ()) -> Shape:
    """A polygon; a third number of a vertex is the bulge of the edge that leaves it."""
    return Shape("polygon", [_ring(xy), *(_ring(hole) for hole in holes)])


def rect(x0: float, y0: float, x1: float, y1: float) -> Shape:
    """An upright rectangle, clockwise from the upper left corner."""
    return poly((x0, y1), (x1, y1), (x1, y0), (x0, y0))


def corners(x0: float, y0: float, x1: float, y1: float) -> list[tuple[float, float]]:
    """The ring of a rectangle, for use as a hole."""
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def circle(x: float, y: float, radius: float) -> Shape:
    """A circle drawn as two half arcs."""
    return poly((x - radius, y, 1.0), (x + radius, y, 1.0))


def half_up(value: float | Decimal, places: int = 2) -> Decimal:
    """Rounded half up on the decimal the number stands for."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(round(value, 7)))
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def flattened(ring: Ring, sagitta_m: float, *, closed: bool) -> list[tuple[float, float]]:
    """Vertices with every arc replaced by chords no farther than `sagitta_m` from it."""
    points: list[tuple[float, float]] = []
    for (x, y, bulge), after in zip(ring, ring[1:] + ring[:1], strict=True):
        points.append((x, y))
        if bulge and (closed or after is not ring[0]):
            points += _along(x, y, bulge, after, sagitta_m)
    return points


def _along(x: float, y: float, bulge: float, after: Vertex, sagitta_m: float) -> list[tuple[float, float]]:
    chord = math.dist((x, y), after[:2])
    turn = 4 * math.atan(bulge)
    radius = chord * (1 + bulge**2) / (4 * abs(bulge))
    middle = (x + after[0]) / 2, (y + after[1]) / 2
    apothem = chord * (1 - bulge**2) / (4 * bulge)
    centre = (middle[0] - apothem * (after[1] - y) / chord, middle[1] + apothem * (after[0] - x) / chord)
    pieces = math.ceil(abs(turn) / (2 * math.acos(1 - sagitta_m / radius)))
    start = math.atan2(y - centre[1], x - centre[0])
    angles = (start + turn * i / pieces for i in range(1, pieces))
    return [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles]


def _signed_area(ring: Ring) -> float:
    total = 0.0
    for (x, y, bulge), after in zip(ring, ring[1:] + ring[:1], strict=True):
        total += (x * after[1] - after[0] * y) / 2
        if bulge:
            turn = 4 * math.atan(abs(bulge))
            radius = math.dist((x, y), after[:2]) * (1 + bulge**2) / (4 * abs(bulge))
            total += math.copysign(radius**2 / 2 * (turn - math.sin(turn)), bulge)
    return total


def _ring(vertices: Iterable[tuple[float, ...]]) -> Ring:
    return [(float(v[0]), float(v[1]), float(v[2]) if len(v) > 2 else 0.0) for v in vertices]


def _clean(xy: tuple[float, float]) -> tuple[float, float]:
    return round(xy[0], 9), round(xy[1], 9)
