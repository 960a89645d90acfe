"""Placing labels: at the feature, else by a leader, else a number that the panel explains."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from pipeline.report.drawings.ink import LINE_SPACING, Ink, Text, circle, line, text_width
from pipeline.report.drawings.ink import Path as InkPath
from pipeline.report.drawings.spots import (
    SHRINK,
    SMALLEST_MM,
    Label,
    Spot,
    boxes_of,
    largest,
    middle_of,
    size_of,
    spots_of,
)

if TYPE_CHECKING:
    from pipeline.report.drawings.board import Board
    from pipeline.report.drawings.ink import Point
    from pipeline.report.drawings.layout import Box

LEADER_MM = (4.5, 7.0, 10.0, 14.0, 19.0)
ENOUGH = 25  # failed leaders in a row after which a map counts as full


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


def visible(labels: Iterable[Label], window: Box) -> list[Label]:
    """Labels of what the map window shows. An area cut off by it is labelled in what is left of it, or not at all."""
    frame = shapely.box(*window)
    kept = []
    for label in labels:
        if label.shape is None or label.place != "inside":
            if window.x0 <= label.at[0] <= window.x1 and window.y0 <= label.at[1] <= window.y1:
                kept.append(label)
        elif frame.contains(label.shape):
            kept.append(label)
        elif (left := largest(frame.intersection(shapely.make_valid(label.shape)))) is not None:
            kept.append(replace(label, shape=left, at=middle_of(left), optional=True))
    return kept


def _place(label: Label, board: Board, outside: shapely.Geometry, done: Placed) -> None:
    tried: list[Spot] = []
    for spot in spots_of(label, outside):
        if board.free(boxes_of(spot), soft=True):
            _write(spot, label, board, done)
            return
        tried.append(spot)
    for spot in tried:
        if board.free(boxes_of(spot), soft=False):
            _write(spot, label, board, done)
            return
    if label.optional:
        return
    if not _by_leader(label, board, done):
        _by_number(label, board, done)


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
    width, height = size_of(label.lines, size)
    boxes = boxes_of(Spot(0.0, 0.0, 0.0, size, label.lines))
    for reach in LEADER_MM:
        for step in range(12):
            turn = math.tau * step / 12
            x = label.at[0] + math.cos(turn) * (reach + width / 2)
            y = label.at[1] - math.sin(turn) * (reach + height / 2)
            foot = (x - width / 2 if x > label.at[0] else x + width / 2, y)
            if board.free(boxes + np.array([x, y, x, y]), soft=soft) and board.clear_line(
                np.array([_start(label, foot), foot])
            ):
                yield Spot(x, y, 0.0, size, label.lines), foot


def _start(label: Label, foot: Point) -> Point:
    """Where a leader leaves the sign."""
    length = max(math.dist(label.at, foot), 1e-6)
    share = min(1.0, (label.room_mm + 0.4) / length)
    return label.at[0] + (foot[0] - label.at[0]) * share, label.at[1] + (foot[1] - label.at[1]) * share


def _by_number(label: Label, board: Board, done: Placed) -> None:
    number = f"注{len(done.numbered) + 1}"
    width = text_width(number, SMALLEST_MM)
    for dx, dy in (
        (0, 0),
        (width, 0),
        (-width, 0),
        (0, -2),
        (0, 2),
        (width, -2),
        (-width, 2),
        (width, 2),
        (-width, -2),
    ):
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
        done.ink.append(
            Text(
                spot.x + off * math.sin(turn),
                spot.y + off * math.cos(turn),
                words,
                spot.size_mm,
                label.layer,
                angle=spot.angle,
                colour=label.colour,
                halo=True,
            )
        )
    if label.fraction and len(spot.lines) == 2:  # numerator and denominator
        half = max(text_width(words, spot.size_mm) for words in spot.lines) / 2
        done.ink.append(line([(spot.x - half, spot.y), (spot.x + half, spot.y)], label.layer, width_mm=0.15))


def _dot(label: Label) -> list[Ink]:
    if label.place != "inside":
        return []
    ring = circle(*label.at, 0.3)
    return [InkPath((ring,), closed=True, layer=label.layer, stroke=None, fill=label.colour)]
