"""Where a label may stand: the candidate places of every kind of label, best first."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from pipeline.report.drawings.ink import LINE_SPACING, text_boxes, text_width

if TYPE_CHECKING:
    from pipeline.report.drawings.ink import Floats, Point

SHRINK = (1.0, 0.86, 0.74)
SMALLEST_MM = 1.5


@dataclass(frozen=True, slots=True)
class Label:
    """What is to be written at a feature. at: its point on paper; shape: the area it should stay in, on paper."""

    lines: tuple[str, ...]
    at: Point
    size_mm: float
    layer: str
    place: str  # inside | near | outside | along
    colour: str = "#000000"
    shape: shapely.Geometry | None = None
    angle: float = 0.0
    room_mm: float = 0.0  # free radius around `at` (of a sign)
    fraction: bool = False
    rank: int = 5
    span_mm: float = 0.0  # length of the line it belongs to
    optional: bool = False  # of an area mostly outside the map: left away where it does not fit


class Spot(NamedTuple):
    """One possible place: centre on paper, turn, letters."""

    x: float
    y: float
    angle: float
    size_mm: float
    lines: tuple[str, ...]


def spots_of(label: Label, outside: shapely.Geometry) -> Iterator[Spot]:
    """Places to try in order. outside: what "outside" labels must keep out of."""
    if label.place == "inside" and label.shape is not None:
        yield from _inside(label, label.shape)
    elif label.place == "along":
        yield from _along(label)
    elif label.place == "outside":
        yield from _outside(label, outside)
    else:
        yield from _near(label)


def _inside(label: Label, shape: shapely.Geometry) -> Iterator[Spot]:
    shapely.prepare(shape)
    centres = np.array(_centres(shape, label.at))
    for lines in dict.fromkeys((label.lines, label.lines[:1])):
        for factor in SHRINK:
            size = max(SMALLEST_MM, label.size_mm * factor)
            boxes = boxes_of(Spot(0.0, 0.0, 0.0, size, lines))[None, :, :] + np.tile(centres, 2)[:, None, :]
            fits = shapely.contains(shape, shapely.box(*np.moveaxis(boxes, 2, 0))).all(axis=1)
            yield from (Spot(x, y, 0.0, size, lines) for x, y in centres[fits].tolist())


def _centres(shape: shapely.Geometry, best: Point) -> list[Point]:
    """Where a label in an area looks well: the middle of the widest place, then a lattice near to far from it."""
    x0, y0, x1, y1 = shape.bounds
    lattice = [(x0 + (x1 - x0) * i / 10, y0 + (y1 - y0) * j / 10) for i in range(1, 10) for j in range(1, 10)]
    lattice.sort(key=lambda p: (round(math.dist(p, best), 3), p))
    return [best, *lattice]


def largest(shape: shapely.Geometry) -> shapely.Geometry | None:
    """The largest area of a geometry, None without one."""
    areas = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 0]
    return max(areas, key=shapely.area, default=None)


def sound(shape: shapely.Geometry) -> shapely.Geometry:
    """An area that labels can be placed in: of a faulty one the largest sound part; the drawing shows it as it is."""
    return shape if shape.is_valid else largest(shapely.make_valid(shape)) or shape.envelope


def middle_of(shape: shapely.Geometry) -> Point:
    """The centroid when it lies well inside, else the middle of the widest place; of a line, its midpoint."""
    if shapely.get_dimensions(shape) < 2:
        middle = shapely.line_interpolate_point(shape, 0.5, normalized=True) if shape.length else shape.centroid
        return float(middle.x), float(middle.y)
    widest = shapely.maximum_inscribed_circle(shape, tolerance=0.2)
    radius, centroid = shapely.length(widest), shape.centroid
    inside = shape.contains(centroid) and shape.boundary.distance(centroid) > 0.8 * radius
    x, y = centroid.coords[0] if inside else widest.coords[0]
    return float(x), float(y)


def _near(label: Label) -> Iterator[Spot]:
    width, height = size_of(label.lines, label.size_mm)
    dx, dy = label.room_mm + width / 2 + 0.4, label.room_mm + height / 2 + 0.2
    for sx, sy in ((1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1)):
        yield Spot(label.at[0] + sx * dx, label.at[1] + sy * dy, 0.0, label.size_mm, label.lines)


def _outside(label: Label, outside: shapely.Geometry) -> Iterator[Spot]:
    """Around the point, farthest from the area first, and never touching it."""
    width, height = size_of(label.lines, label.size_mm)
    for gap in (0.6, 1.8, 3.2):
        ring = []
        for step in range(24):
            turn = math.tau * step / 24
            x = label.at[0] + math.cos(turn) * (label.room_mm + gap + width / 2)
            y = label.at[1] + math.sin(turn) * (label.room_mm + gap + height / 2)
            spot = Spot(x, y, 0.0, label.size_mm, label.lines)
            cover = shapely.box(*boxes_of(spot)[0])
            if not outside.intersects(cover):
                ring.append((-round(outside.distance(shapely.Point(x, y)), 3), step, spot))
        yield from (spot for _, _, spot in sorted(ring))


def _along(label: Label) -> Iterator[Spot]:
    """Beside the line on both sides, outside its area first, moved a little to both ends."""
    turn = math.radians(label.angle)
    along, across = (math.cos(turn), -math.sin(turn)), (-math.sin(turn), -math.cos(turn))
    _, height = size_of(label.lines, label.size_mm)
    probe = shapely.Point(label.at[0] + across[0] * 0.3, label.at[1] + across[1] * 0.3)
    sides = (-1, 1) if label.shape is not None and label.shape.contains(probe) else (1, -1)
    spread = len(label.lines) > 1  # one line above the course, one below
    for shift in (s for s in (0.0, 6.0, -6.0, 12.0, -12.0) if 2 * abs(s) <= label.span_mm):
        for side in (0,) if spread else sides:
            off = side * (height / 2 + (0.5 if abs(label.angle) > 1 else 0.3))
            yield Spot(
                label.at[0] + along[0] * shift + across[0] * off,
                label.at[1] + along[1] * shift + across[1] * off,
                label.angle,
                label.size_mm,
                label.lines,
            )


def boxes_of(spot: Spot) -> Floats:
    """What a label at this place covers."""
    step = spot.size_mm * LINE_SPACING
    turn = math.radians(spot.angle)
    boxes = []
    for row, words in enumerate(spot.lines):
        off = (row - (len(spot.lines) - 1) / 2) * step
        boxes.append(
            text_boxes(
                spot.x + off * math.sin(turn),
                spot.y + off * math.cos(turn),
                text_width(words, spot.size_mm),
                step,
                spot.angle,
            )
        )
    return np.vstack(boxes)


def size_of(lines: tuple[str, ...], size_mm: float) -> tuple[float, float]:
    """Width and height of upright lines of text."""
    return max(text_width(words, size_mm) for words in lines), len(lines) * size_mm * LINE_SPACING
