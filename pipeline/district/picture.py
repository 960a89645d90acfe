"""The map of a district as SVG: projects coloured by verdict, what lies between them marked and numbered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import shapely

from pipeline.district.between import Between
from pipeline.report.fonts import SVG_FAMILY
from pipeline.report.model import Figure

WIDTH_MM, HIGHEST_MM, FOOT_MM, EDGE_MM = 170.0, 190.0, 14.0, 4.0
COLOURS = {"passed": "#b9dfb0", "failed": "#f0a09a", "undetermined": "#f5d48a"}
LINE, MARK, GREY = "#3a3f45", "#c00000", "#5f6368"
SMALLEST_MM = 1.4  # a project smaller than this on paper is drawn as a dot
FINEST_MM = 0.05
LABELS = 150  # with more projects only those with a mark are labelled
BARS_M = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
BAR_MM = 40.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where the district lies on the paper: metres per millimetre, its west and north, height of the map."""

    west: float
    north: float
    m_per_mm: float
    height_mm: float

    def paper(self, xy: np.ndarray) -> np.ndarray:
        """Points (n, 2) in millimetres, y downwards."""
        return np.column_stack([(xy[:, 0] - self.west), (self.north - xy[:, 1])]) / self.m_per_mm + EDGE_MM


@dataclass(frozen=True, slots=True)
class Plot:
    """One project on the map."""

    number: int
    name: str
    outcome: str
    shape: Any


def figure(plots: Sequence[Plot], marks: Sequence[Between], words: Mapping[str, str], caption: str) -> Figure | None:
    """The map; None when no project has a place. words: outcome → Chinese, "places" → what a mark is."""
    drawn = [plot for plot in plots if plot.shape is not None and not plot.shape.is_empty]
    if not drawn:
        return None
    sheet = _sheet(drawn)
    numbered = _first_of_each_pair(marks)
    busy = {key for _, mark in numbered for key in (mark.project, mark.other_project)}
    body = [_plot(plot, sheet) for plot in drawn]
    body += [_region(mark, sheet) for _, mark in numbered]
    body += [_links(mark, sheet) for _, mark in numbered]
    shown = drawn if len(drawn) <= LABELS else [plot for plot in drawn if plot.name in busy]
    body += [_label(plot, sheet) for plot in shown]
    body += _marks(numbered, sheet)
    body += _foot(sheet, words, {plot.outcome for plot in drawn}, marked=bool(numbered))
    height = sheet.height_mm + FOOT_MM
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(WIDTH_MM)}mm" height="{_n(height)}mm" '
        f'viewBox="0 0 {_n(WIDTH_MM)} {_n(height)}" font-family="{escape(SVG_FAMILY, {chr(34): "&quot;"})}" '
        f'stroke-linejoin="round">\n<rect width="{_n(WIDTH_MM)}" height="{_n(height)}" fill="#ffffff"/>\n'
        + "\n".join(part for part in body if part)
        + "\n</svg>\n"
    )
    return Figure("district_map", caption, svg, WIDTH_MM, height)


# ---------------------------------------------------------------- inside


def _first_of_each_pair(marks: Sequence[Between]) -> list[tuple[int, Between]]:
    """Findings between two projects with their numbers; of those of one pair and one kind of place only the first."""
    found: dict[tuple[str, str, bool], tuple[int, Between]] = {}
    for number, mark in enumerate(marks, start=1):
        if mark.other_project:
            first, second = sorted((mark.project, mark.other_project))
            found.setdefault((first, second, mark.finding.unit is None), (number, mark))
    return list(found.values())


def _sheet(plots: Iterable[Plot]) -> Sheet:
    bounds = shapely.bounds(np.array([plot.shape for plot in plots], dtype=object))
    (west, south), (east, north) = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    wide = WIDTH_MM - 2 * EDGE_MM
    m_per_mm = max((east - west) / wide, (north - south) / (HIGHEST_MM - 2 * EDGE_MM), 0.01)
    spare = (wide * m_per_mm - (east - west)) / 2
    return Sheet(west - spare, north, m_per_mm, (north - south) / m_per_mm + 2 * EDGE_MM)


def _plot(plot: Plot, sheet: Sheet) -> str:
    """The outline with its name as a tip; a dot where the outline would be too small to see."""
    fill = COLOURS.get(plot.outcome, "#dddddd")
    tip = f"<title>{escape(f'{plot.number} {plot.name}')}</title>"
    if max(np.ptp(np.reshape(plot.shape.bounds, (2, 2)), axis=0)) / sheet.m_per_mm < SMALLEST_MM:
        x, y = _middle(plot.shape, sheet)
        return (
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(SMALLEST_MM / 2)}" fill="{fill}" stroke="{LINE}" '
            f'stroke-width="0.12">{tip}</circle>'
        )
    shape = shapely.simplify(plot.shape, FINEST_MM * sheet.m_per_mm)
    rings = [ring for part in shapely.get_parts(shape) if part.geom_type == "Polygon" for ring in _rings(part)]
    course = "".join(_course(sheet.paper(shapely.get_coordinates(ring))) for ring in rings)
    return f'<path d="{course}" fill="{fill}" fill-rule="evenodd" stroke="{LINE}" stroke-width="0.18">{tip}</path>'


def _rings(polygon: Any) -> list[Any]:
    return [polygon.exterior, *polygon.interiors]


def _course(xy: np.ndarray) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in xy[:-1]) + "Z"


def _label(plot: Plot, sheet: Sheet) -> str:
    x, y = _middle(plot.shape, sheet)
    side_mm = min(np.ptp(np.reshape(plot.shape.bounds, (2, 2)), axis=0)) / sheet.m_per_mm
    size = min(4.0, max(1.6, side_mm * 0.4))
    up = y - 0.5 * size  # clear of the lines that end in the middle
    return (
        f'<text x="{_n(x)}" y="{_n(up)}" font-size="{_n(size)}" text-anchor="middle" fill="#1d2126">'
        f"{plot.number}</text>"
    )


def _region(mark: Between, sheet: Sheet) -> str:
    """The region itself, where it has an area."""
    place = shapely.from_wkt(mark.finding.place) if mark.finding.place else None
    if place is None or place.area == 0:
        return ""
    rings = [ring for part in shapely.get_parts(place) if part.geom_type == "Polygon" for ring in _rings(part)]
    course = "".join(_course(sheet.paper(shapely.get_coordinates(ring))) for ring in rings)
    return f'<path d="{course}" fill="{MARK}" fill-rule="evenodd" stroke="{MARK}" stroke-width="0.2"/>'


def _links(mark: Between, sheet: Sheet) -> str:
    """A dashed line between both places."""
    ends = [shapely.from_wkt(text) for text in (mark.own_place, mark.other_place) if text]
    if len(ends) < 2:
        return ""
    (x0, y0), (x1, y1) = sheet.paper(np.array([[p.x, p.y] for p in ends]))
    return (
        f'<path d="M{_n(x0)} {_n(y0)}L{_n(x1)} {_n(y1)}" fill="none" stroke="{MARK}" stroke-width="0.3" '
        f'stroke-dasharray="1.2 0.8"/>'
    )


def _marks(numbered: Sequence[tuple[int, Between]], sheet: Sheet) -> list[str]:
    """Circled numbers at the places; those of one place stand beside each other."""
    taken: list[tuple[float, float]] = []
    made = []
    for number, mark in numbered:
        place = shapely.from_wkt(mark.finding.place) if mark.finding.place else None
        if place is None:
            continue
        x, y = _middle(place if place.geom_type != "MultiPoint" else place.convex_hull.centroid, sheet)
        while any(abs(x - tx) < 4.4 and abs(y - ty) < 4.4 for tx, ty in taken):
            x += 4.5
        taken.append((x, y))
        made.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="2.1" fill="#ffffff" stroke="{MARK}" stroke-width="0.35"/>'
            f'<text x="{_n(x)}" y="{_n(y + 0.85)}" font-size="2.4" text-anchor="middle" fill="{MARK}">{number}</text>'
        )
    return made


def _foot(sheet: Sheet, words: Mapping[str, str], outcomes: set[str], *, marked: bool) -> list[str]:
    """Legend, scale bar and north."""
    y, x = sheet.height_mm + 6.0, EDGE_MM
    made = [f'<path d="M0 {_n(sheet.height_mm)}H{_n(WIDTH_MM)}" stroke="{GREY}" stroke-width="0.2"/>']
    for outcome in (word for word in COLOURS if word in outcomes):
        made.append(
            f'<rect x="{_n(x)}" y="{_n(y - 2.6)}" width="5" height="3.2" fill="{COLOURS[outcome]}" stroke="{LINE}" stroke-width="0.18"/>'
            f'<text x="{_n(x + 6.2)}" y="{_n(y)}" font-size="3">{escape(words[outcome])}</text>'
        )
        x += 9.5 + 3 * len(words[outcome])
    if marked:
        made.append(
            f'<circle cx="{_n(x + 2)}" cy="{_n(y - 1)}" r="2" fill="#ffffff" stroke="{MARK}" stroke-width="0.35"/>'
            f'<text x="{_n(x + 5.5)}" y="{_n(y)}" font-size="3">{escape(words["places"])}</text>'
        )
    return [*made, *_bar(sheet, y), *_north(y)]


def _bar(sheet: Sheet, y: float) -> list[str]:
    length_m = max((bar for bar in BARS_M if bar / sheet.m_per_mm <= BAR_MM), default=BARS_M[0])
    length = length_m / sheet.m_per_mm
    x = WIDTH_MM - EDGE_MM - 12 - length
    words = f"{length_m // 1000} km" if length_m >= 1000 else f"{length_m} m"
    return [
        f'<path d="M{_n(x)} {_n(y - 1.6)}V{_n(y)}H{_n(x + length)}V{_n(y - 1.6)}" fill="none" stroke="{LINE}" stroke-width="0.3"/>',
        f'<text x="{_n(x + length / 2)}" y="{_n(y + 3.6)}" font-size="2.8" text-anchor="middle">{words}</text>',
    ]


def _north(y: float) -> list[str]:
    x = WIDTH_MM - EDGE_MM - 4
    return [
        f'<path d="M{_n(x)} {_n(y - 3)}L{_n(x + 1.6)} {_n(y + 2.6)}L{_n(x)} {_n(y + 1.2)}L{_n(x - 1.6)} {_n(y + 2.6)}Z" fill="{LINE}"/>',
        f'<text x="{_n(x)}" y="{_n(y + 6)}" font-size="2.8" text-anchor="middle">北</text>',
    ]


def _middle(shape: Any, sheet: Sheet) -> tuple[float, float]:
    point = shapely.point_on_surface(shape)
    x, y = sheet.paper(np.array([[point.x, point.y]]))[0]
    return float(x), float(y)


def _n(value: float) -> str:
    text = f"{float(value):.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
