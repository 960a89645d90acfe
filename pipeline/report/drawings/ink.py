"""What a drawing is made of before it becomes SVG or DXF: paths and texts, nothing else."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

from pipeline.sources import Curve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]

LINE_SPACING = 1.28  # of the text size
_NARROW = {" ": 0.25, ".": 0.29, ",": 0.29, ":": 0.29, "'": 0.25, "|": 0.27, "-": 0.36, "/": 0.41, "(": 0.36, ")": 0.36}


@dataclass(frozen=True, slots=True)
class Path:
    """One line or area. rings: float arrays (n, 3) of x, y and the bulge to the next vertex.

    world: coordinates are east, north in metres of the project CRS; otherwise millimetres on paper, y downwards.
    clip: shown only inside the map window. feature: the feature it stands for (kept in DXF).
    """

    rings: tuple[Floats, ...]
    closed: bool
    layer: str
    stroke: str | None = "#000000"
    width_mm: float = 0.18
    fill: str | None = None
    opacity: float = 1.0
    dash: tuple[float, ...] = ()
    world: bool = False
    clip: bool = False
    feature: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; x, y on paper in mm: y is the middle of the letters. angle: degrees, counter-clockwise."""

    x: float
    y: float
    text: str
    size_mm: float
    layer: str
    anchor: Anchor = "middle"
    angle: float = 0.0
    colour: str = "#000000"
    halo: bool = False


Ink = Path | Text


def line(points: list[Point], layer: str, *, width_mm: float = 0.18, stroke: str = "#000000") -> Path:
    """An open line on paper."""
    return Path((_ring(points),), closed=False, layer=layer, stroke=stroke, width_mm=width_mm)


def area(
    points: list[Point], layer: str, *, fill: str | None, stroke: str | None = "#000000", width_mm: float = 0.18
) -> Path:
    """A closed outline on paper."""
    return Path((_ring(points),), closed=True, layer=layer, stroke=stroke, fill=fill, width_mm=width_mm)


def rectangle(
    x0: float, y0: float, x1: float, y1: float, layer: str, *, width_mm: float = 0.18, fill: str | None = None
) -> Path:
    """An upright rectangle on paper."""
    return area([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], layer, fill=fill, width_mm=width_mm)


def circle(x: float, y: float, radius: float) -> Floats:
    """The ring of a full circle: two half-circle bulges."""
    return np.array([(x - radius, y, 1.0), (x + radius, y, 1.0)])


def outlines(geometry: shapely.Geometry, curve: Curve | None) -> list[tuple[tuple[Floats, ...], bool]]:
    """Rings with bulges and whether they are closed, of a feature; true arcs where the curve is known."""
    if curve is not None:
        return [(tuple(np.asarray(ring, dtype=float) for ring in curve.rings), curve.closed)]
    return [_part(part) for part in shapely.get_parts(geometry)]


def text_width(text: str, size_mm: float) -> float:
    """Width of a line of text in mm, rather too wide than too narrow."""
    return size_mm * _ems(text)


def fitting(text: str, size_mm: float, room_mm: float) -> float:
    """The size at which a line of text fits `room_mm`, at most `size_mm`."""
    width = text_width(text, size_mm)
    return size_mm if width <= room_mm else size_mm * room_mm / width


def wrapped(text: str, size_mm: float, room_mm: float) -> list[str]:
    """Text broken into lines no wider than `room_mm`; a line never begins with a closing mark."""
    lines, current = [], ""
    for char in text:
        if text_width(current + char, size_mm) > room_mm and char not in "，。；、）”":
            lines.append(current)
            current = ""
        current += char
    return [*lines, current] if current else lines


def text_boxes(x: float, y: float, width: float, height: float, angle: float) -> Floats:
    """Upright boxes (n, 4: x0, y0, x1, y1) that cover a line of text centred on x, y and turned by `angle`."""
    if abs(angle) < 1:
        return np.array([[x - width / 2, y - height / 2, x + width / 2, y + height / 2]])
    count = max(1, math.ceil(width / height))
    along = (np.arange(count) + 0.5) / count * width - width / 2
    turn = math.radians(angle)
    cx, cy = x + along * math.cos(turn), y - along * math.sin(turn)
    half = height * 0.6
    return np.stack([cx - half, cy - half, cx + half, cy + half], axis=1)


@lru_cache(maxsize=4096)
def _ems(text: str) -> float:
    return sum(_advance(char) for char in text)


@lru_cache(maxsize=4096)
def _advance(char: str) -> float:
    if char in _NARROW:
        return _NARROW[char]
    if unicodedata.east_asian_width(char) in "WFA":
        return 1.0
    return 0.66 if char.isupper() else 0.56


def _ring(points: list[Point]) -> Floats:
    return np.array([(x, y, 0.0) for x, y in points])


def _part(part: shapely.Geometry) -> tuple[tuple[Floats, ...], bool]:
    if part.geom_type == "Polygon":
        return tuple(_flat(shapely.get_coordinates(ring)[:-1]) for ring in shapely.get_rings(part)), True
    return (_flat(shapely.get_coordinates(part)),), False


def _flat(xy: Floats) -> Floats:
    return np.column_stack([xy, np.zeros(len(xy))])
