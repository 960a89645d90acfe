"""Placing labels: at the feature, else by a leader, else a number that the panel explains."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from pipeline.report.drawings.ink import LINE_SPACING, Ink, Text, circle, line, text_boxes, text_width
from pipeline.report.drawings.ink import Path as InkPath

if TYPE_CHECKING:
    from pipeline.report.drawings.board import Board
    from pipeline.report.drawings.ink import Floats, Point

SHRINK = (1.0, 0.86, 0.74)
SMALLEST_MM = 1.5
LEADER_MM = (4.5, 7.0, 10.0, 14.0, 19.0)
ENOUGH = 25  # failed leaders in a row after which a map counts as full


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


class Spot(NamedTuple):
    """One possible place: centre on paper, turn, letters."""

    x: float
    y: float
    angle: float
    size_mm: float
    lines: tuple[str, ...]


@dataclass(slots=True)
class Placed:
    """The result: ink, what the numbers mean, how many labels found no place."""

    ink: list[Ink]
    numbered: list[tuple[str, str]]
    dropped: int = 0
    crowded: int = 0  # labels in a row for which no leader was found


def place(labels: list[Label], board: Board, outside: shapely.Geometry) -> Placed:
    """Every label at its best free place, in order of rank. outside: what "outside" labels must keep out of."""
    done = Placed([], [])
    shapely.prepare(outside)
    for label in sorted(labels, key=lambda item: item.rank):
        _place(label, board, outside, done)
    return done


def _place(label: Label, board: Board, outside: shapely.Geometry, done: Placed) -> None:
    spots = list(_spots(label, outside))
    for soft in (True, False):
        for spot in spots:
            if board.free(boxes_of(spot), soft=soft):
                _write(spot, label, board, done)
                return
    if not _by_leader(label, board, done):
        _by_number(label, board, done)


def _spots(label: Label, outside: shapely.Geometry) -> Iterator[Spot]:
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
    centres = np.array(_centres(shape))
    for lines in dict.fromkeys((label.lines, label.lines[:1])):
        for factor in SHRINK:
            size = max(SMALLEST_MM, label.size_mm * factor)
            boxes = boxes_of(Spot(0.0, 0.0, 0.0, size, lines))[None, :, :] + np.tile(centres, 2)[:, None, :]
            fits = shapely.contains(shape, shapely.box(*np.moveaxis(boxes, 2, 0))).all(axis=1)
            yield from (Spot(x, y, 0.0, size, lines) for x, y in centres[fits].tolist())


def _centres(shape: shapely.Geometry) -> list[Point]:
    """Where a label in an area looks well: the middle of the widest place, then a lattice near to far from it."""
    best = middle_of(shape)
    x0, y0, x1, y1 = shape.bounds
    lattice = [(x0 + (x1 - x0) * i / 10, y0 + (y1 - y0) * j / 10) for i in range(1, 10) for j in range(1, 10)]
    lattice.sort(key=lambda p: (round(math.dist(p, best), 3), p))
    return [best, *lattice]


def middle_of(shape: shapely.Geometry) -> Point:
    """The centroid when it lies well inside, else the middle of the widest place."""
    widest = shapely.maximum_inscribed_circle(shape, tolerance=0.2)
    radius, centroid = shapely.length(widest), shape.centroid
    inside = shape.contains(centroid) and shape.boundary.distance(centroid) > 0.8 * radius
    x, y = centroid.coords[0] if inside else widest.coords[0]
    return float(x), float(y)


def _near(label: Label) -> Iterator[Spot]:
    width, height = _size(label.lines, label.size_mm)
    dx, dy = label.room_mm + width / 2 + 0.4, label.room_mm + height / 2 + 0.2
    for sx, sy in ((1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1)):
        yield Spot(label.at[0] + sx * dx, label.at[1] + sy * dy, 0.0, label.size_mm, label.lines)


def _outside(label: Label, outside: shapely.Geometry) -> Iterator[Spot]:
    """Around the point, farthest from the area first, and never touching it."""
    width, height = _size(label.lines, label.size_mm)
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
    _, height = _size(label.lines, label.size_mm)
    probe = shapely.Point(label.at[0] + across[0] * 0.3, label.at[1] + across[1] * 0.3)
    sides = (-1, 1) if label.shape is not None and label.shape.contains(probe) else (1, -1)
    spread = len(label.lines) > 1  # one line above the course, one below
    for shift in (s for s in (0.0, 6.0, -6.0, 12.0, -12.0) if 2 * abs(s) <= label.span_mm):
        for side in (0,) if spread else sides:
            off = side * (height / 2 + (0.5 if abs(label.angle) > 1 else 0.3))
            yield Spot(label.at[0] + along[0] * shift + across[0] * off, label.at[1] + along[1] * shift + across[1] * off,
                       label.angle, label.size_mm, label.lines)


def _by_leader(label: Label, board: Board, done: Placed) -> bool:
    """At the end of a thin line: where no line is crossed, else where no text is covered."""
    if done.crowded >= ENOUGH:
        return False
    found = next(_leaders(label, board, soft=True), None) or next(_leaders(label, board, soft=False), None)
    if found is None:
        done.crowded += 1
        return False
    done.crowded = 0
    spot, foot = found
    _write(spot, label, board, done)
    done.ink.append(line([label.at, foot], label.layer, width_mm=0.12, stroke=label.colour))
    done.ink += _dot(label)
    board.cross(np.array([label.at, foot]))
    return True


def _leaders(label: Label, board: Board, *, soft: bool) -> Iterator[tuple[Spot, Point]]:
    """Free places around a point with the foot of the leader, near ones first."""
    size = max(SMALLEST_MM, label.size_mm * SHRINK[1])
    width, height = _size(label.lines, size)
    boxes = boxes_of(Spot(0.0, 0.0, 0.0, size, label.lines))
    for reach in LEADER_MM:
        for step in range(12):
            turn = math.tau * step / 12
            x = label.at[0] + math.cos(turn) * (reach + width / 2)
            y = label.at[1] - math.sin(turn) * (reach + height / 2)
            foot = (x - width / 2 if x > label.at[0] else x + width / 2, y)
            if board.free(boxes + np.array([x, y, x, y]), soft=soft) and board.clear_line(np.array([_start(label, foot), foot])):
                yield Spot(x, y, 0.0, size, label.lines), foot


def _start(label: Label, foot: Point) -> Point:
    """Where a leader leaves the sign."""
    length = max(math.dist(label.at, foot), 1e-6)
    share = min(1.0, (label.room_mm + 0.4) / length)
    return label.at[0] + (foot[0] - label.at[0]) * share, label.at[1] + (foot[1] - label.at[1]) * share


def _by_number(label: Label, board: Board, done: Placed) -> None:
    number = f"注{len(done.numbered) + 1}"
    width = text_width(number, SMALLEST_MM)
    for dx, dy in ((0, 0), (width, 0), (-width, 0), (0, -2), (0, 2), (width, -2), (-width, 2), (width, 2), (-width, -2)):
        spot = Spot(label.at[0] + dx, label.at[1] + dy, 0.0, SMALLEST_MM, (number,))
        if board.free(boxes_of(spot), soft=False):
            _write(spot, label, board, done)
            done.numbered.append((number, "，".join(label.lines)))
            return
    done.dropped += 1


def _write(spot: Spot, label: Label, board: Board, done: Placed) -> None:
    boxes = boxes_of(spot)
    board.take(boxes)
    step = spot.size_mm * LINE_SPACING
    turn = math.radians(spot.angle)
    for row, words in enumerate(spot.lines):
        off = (row - (len(spot.lines) - 1) / 2) * step
        done.ink.append(Text(spot.x + off * math.sin(turn), spot.y + off * math.cos(turn), words, spot.size_mm,
                             label.layer, angle=spot.angle, colour=label.colour, halo=True))
    if label.fraction and len(spot.lines) == 2:  # numerator and denominator
        half = max(text_width(words, spot.size_mm) for words in spot.lines) / 2
        done.ink.append(line([(spot.x - half, spot.y), (spot.x + half, spot.y)], label.layer, width_mm=0.15))


def boxes_of(spot: Spot) -> Floats:
    """What a label at this place covers."""
    step = spot.size_mm * LINE_SPACING
    turn = math.radians(spot.angle)
    boxes = []
    for row, words in enumerate(spot.lines):
        off = (row - (len(spot.lines) - 1) / 2) * step
        boxes.append(text_boxes(spot.x + off * math.sin(turn), spot.y + off * math.cos(turn),
                                text_width(words, spot.size_mm), step, spot.angle))
    return np.vstack(boxes)


def _size(lines: tuple[str, ...], size_mm: float) -> tuple[float, float]:
    return max(text_width(words, size_mm) for words in lines), len(lines) * size_mm * LINE_SPACING


def _dot(label: Label) -> list[Ink]:
    if label.place != "inside":
        return []
    ring = circle(*label.at, 0.3)
    return [InkPath((ring,), closed=True, layer=label.layer, stroke=None, fill=label.colour)]
