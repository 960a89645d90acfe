"""Features of a layer as paths and as labels still to be placed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.measures.arcs import edge_lengths
from pipeline.report.drawings.ink import Ink, Path, circle, outlines
from pipeline.report.drawings.rows import records_of
from pipeline.report.drawings.spots import Label, middle_of, sound
from pipeline.report.drawings.wording import label_lines, pattern_fields
from pipeline.rounding import printed
from pipeline.scalars import missing

if TYPE_CHECKING:
    from pipeline.report.drawings.ink import Floats
    from pipeline.report.drawings.layout import View
    from pipeline.report.drawings.sheets import Part
    from pipeline.report.drawings.style import Style, Styles

SQUARE = ((-1, -1), (1, -1), (1, 1), (-1, 1))
TRIANGLE = ((0, -1), (0.9, 0.7), (-0.9, 0.7))
STEEPEST_DEG = 100.0  # texts turn at most so far: upright lines are read from the right
CHORD_MM = 3.0  # edges shorter than this on paper may be chords of a curve …
CURVE_TURN_DEG = 20.0  # … when the course turns no more than this between them
CROSS = ((-1, 0), (1, 0), (0, 0), (0, -1), (0, 1))


@dataclass(frozen=True, slots=True)
class Drawn:
    """One layer: its ink, its labels, the signs (boxes on paper) that labels must not cover."""

    ink: tuple[Ink, ...]
    labels: tuple[Label, ...]
    signs: tuple[tuple[float, float, float, float], ...]


def draw_part(part: Part, view: View, styles: Styles) -> Drawn:
    """All features of one layer. Ground coordinates stay as they are; only signs and labels are in mm."""
    colours = colours_of(part, styles)
    ink: list[Ink] = []
    labels: list[Label] = []
    signs: list[tuple[float, float, float, float]] = []
    fields = ("geometry", "curve", "feature", part.spec.category or "", *pattern_fields(part.spec.label or ""))
    for row in records_of(part.frame, fields):
        fill = colours.get(str(row[part.spec.category])) if part.spec.category else None
        paths, boxes = _shapes(row, part, view, fill or part.style.fill)
        ink += paths
        signs += boxes
        labels += _labels(row, part, view)
    return Drawn(tuple(ink), tuple(labels), tuple(signs))


def colours_of(part: Part, styles: Styles) -> dict[str, str]:
    """Category value → fill: as the style says, then the spare colours in order of the words."""
    field = part.spec.category
    if field is None:
        return {}
    return fills_by_category(part.frame[field], part.style, styles)


def fills_by_category(values: Iterable[Any], style: Style, styles: Styles) -> dict[str, str]:
    """As `colours_of`, for the values of one column."""
    present = [str(v) for v in dict.fromkeys(values) if not missing(v)]
    known = {name: colour for name, colour in style.colours.items() if name in present}
    spare = sorted(set(present) - set(known))
    return known | {name: styles.other_colours[i % len(styles.other_colours)] for i, name in enumerate(spare)}


def _shapes(
    row: dict[str, Any], part: Part, view: View, fill: str | None
) -> tuple[list[Ink], list[tuple[float, float, float, float]]]:
    style, name = part.style, part.layer.label
    geometry = row["geometry"]
    if part.layer.geometry == "point":
        points = view.paper(shapely.get_coordinates(geometry))
        half = style.size_mm / 2 + 0.2
        boxes = [(x - half, y - half, x + half, y + half) for x, y in points.tolist()]
        return [sign(style, name, x, y, row["feature"]) for x, y in points.tolist()], boxes
    ink: list[Ink] = [
        Path(
            rings,
            closed=closed,
            layer=name,
            stroke=style.stroke,
            width_mm=style.width_mm,
            fill=fill if closed else None,
            opacity=style.opacity,
            dash=style.dash,
            world=True,
            clip=True,
            feature=row["feature"],
        )
        for rings, closed in outlines(geometry, row.get("curve"))
    ]
    if style.ends == "tick":
        ink += _ticks(view.paper(shapely.get_coordinates(geometry)), style, name)
    return ink, []


def sign(style: Style, layer: str, x: float, y: float, feature: str | None = None) -> Path:
    """The sign of a point feature; one without a feature (in the legend) is not cut off at the map window."""
    radius = style.size_mm / 2
    if style.symbol in ("circle", "dot"):
        ring = circle(x, y, radius)
    else:
        shape = {"square": SQUARE, "triangle": TRIANGLE, "cross": CROSS}[style.symbol]
        ring = np.array([(x + dx * radius, y + dy * radius, 0.0) for dx, dy in shape])
    fill = style.stroke if style.symbol == "dot" else style.fill
    return Path(
        (ring,),
        closed=style.symbol != "cross",
        layer=layer,
        stroke=style.stroke,
        width_mm=style.width_mm,
        fill=fill,
        clip=feature is not None,
        feature=feature,
    )


def _ticks(points: Floats, style: Style, layer: str) -> Iterator[Path]:
    """Short oblique strokes at both ends of a dimension line."""
    for x, y in (points[0].tolist(), points[-1].tolist()):
        ring = np.array([(x - 0.9, y + 0.9, 0.0), (x + 0.9, y - 0.9, 0.0)])
        yield Path((ring,), closed=False, layer=layer, stroke=style.stroke, width_mm=style.width_mm * 2, clip=True)


def _labels(row: dict[str, Any], part: Part, view: View) -> Iterator[Label]:
    style, name = part.style, f"{part.layer.label}注记"
    if style.edges and part.layer.geometry == "polygon":
        yield from _edge_labels(row, part, view)
    lines = label_lines(part.spec.label, row, part.layer) if part.spec.label else ()
    if not lines:
        return
    geometry, shape, angle, span = row["geometry"], None, 0.0, 0.0
    if part.layer.geometry == "polygon":
        biggest = max(shapely.get_parts(geometry), key=shapely.area)
        shape = sound(shapely.transform(biggest, view.paper))
        at = middle_of(shape)
    elif part.layer.geometry == "line":
        course = view.paper(shapely.get_coordinates(geometry))
        at, angle = _middle(course)
        span = math.dist(course[0], course[-1])
    else:
        at = tuple(view.paper(shapely.get_coordinates(geometry))[0].tolist())
    room = style.size_mm / 2 if part.layer.geometry == "point" else 0.0
    yield Label(
        lines,
        (at[0], at[1]),
        style.text_mm,
        name,
        style.place,
        style.text_colour,
        shape,
        angle,
        room,
        style.fraction,
        style.rank,
        span,
    )


def _edge_labels(row: dict[str, Any], part: Part, view: View) -> Iterator[Label]:
    """The length of every side, along it; arcs with their true length, also those that were given as many chords."""
    shape = sound(shapely.transform(row["geometry"], view.paper))
    for rings, closed in outlines(row["geometry"], row.get("curve")):
        for ring in rings:
            for course, length in sides_of(ring, closed=closed, chord_m=CHORD_MM * view.scale / 1000.0):
                at, angle = _middle(view.paper(course))
                yield Label(
                    (printed(length, 2),),
                    at,
                    part.style.text_mm * 0.85,
                    f"{part.layer.label}边长",
                    "along",
                    part.style.text_colour,
                    shape,
                    angle,
                    rank=part.style.rank + 1,
                    span_mm=length * 1000.0 / view.scale,
                )


def sides_of(ring: Floats, *, closed: bool, chord_m: float) -> Iterator[tuple[Floats, float]]:
    """Course and length of every side of a ring; neighbouring edges under `chord_m` that hardly turn are one curved side."""
    lengths = edge_lengths(ring, closed=closed).tolist()
    ends = [(ring[n], ring[(n + 1) % len(ring)]) for n in range(len(lengths))]
    runs: list[list[int]] = []
    for number in range(len(lengths)):
        if runs and _one_curve(ends, lengths, runs[-1][-1], number, chord_m):
            runs[-1].append(number)
        else:
            runs.append([number])
    if closed and len(runs) > 1 and _one_curve(ends, lengths, len(lengths) - 1, 0, chord_m):
        runs[0] = runs.pop() + runs[0]
    for run in runs:
        course = [_edge(*ends[run[0]])] if len(run) == 1 else [np.array([p[:2] for p in ends[n]]) for n in run]
        yield np.vstack(course), sum(lengths[n] for n in run)


def _one_curve(ends: list[tuple[Floats, Floats]], lengths: list[float], here: int, there: int, chord_m: float) -> bool:
    """Whether two neighbouring edges are chords of one curve."""
    if max(lengths[here], lengths[there]) > chord_m:
        return False
    a, b = (ends[n][1][:2] - ends[n][0][:2] for n in (here, there))
    turn = math.degrees(math.atan2(a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1]))
    return abs(turn) <= CURVE_TURN_DEG


def _edge(start: Floats, end: Floats) -> Floats:
    """Start, top of the arc (or middle of the chord), end; ground coordinates."""
    chord = end[:2] - start[:2]
    top = (start[:2] + end[:2]) / 2 + np.array([chord[1], -chord[0]]) * (start[2] / 2)
    return np.array([start[:2], top, end[:2]])


def _middle(points: Floats) -> tuple[tuple[float, float], float]:
    """Middle of a line on paper and its direction there, so that text is not upside down."""
    course = shapely.LineString(points)
    at = course.interpolate(0.5, normalized=True)
    dx, dy = (points[-1] - points[0]).tolist()
    angle = math.degrees(math.atan2(-dy, dx))
    if angle > STEEPEST_DEG:
        angle -= 180
    elif angle <= STEEPEST_DEG - 180:
        angle += 180
    return (at.x, at.y), angle
