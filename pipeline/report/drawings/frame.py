"""What surrounds the map: title, frame, coordinate grid, north arrow, scale bar, neighbours."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pipeline.report.drawings.ink import Ink, Path, Text, area, fitting, line, rectangle, text_width
from pipeline.report.drawings.panel import FRAME
from pipeline.report.drawings.wording import shown
from pipeline.scalars import missing

if TYPE_CHECKING:
    from pipeline.report.drawings.layout import Box, Layout, View
    from pipeline.report.drawings.sheets import Sheet

GRID = "坐标格网"
GRID_MM = 36.0  # grid crosses are at least this far apart on paper
CROSS_MM = 2.0


def frame_ink(sheet: Sheet, layout: Layout, view: View, project: str, reference: str) -> list[Ink]:
    """Frame, title, header, grid, foot of a map."""
    return [*title_ink(sheet, layout, project), *_grid(layout.window, view), *foot_ink(layout.foot, view, reference)]


def title_ink(sheet: Sheet, layout: Layout, project: str) -> list[Ink]:
    """Frame, title, header."""
    title = layout.title
    middle = (layout.window.x0 + layout.window.x1) / 2
    size = fitting(sheet.title, 5.0, title.width - 10)
    return [
        rectangle(0.3, 0.3, layout.width - 0.3, layout.height - 0.3, FRAME, width_mm=0.15),
        rectangle(*layout.window, FRAME, width_mm=0.5),
        Text(middle, title.y0 + 4.4, sheet.title, size, FRAME),
        Text(middle, title.y0 + 9.2, project, fitting(project, 2.6, title.width - 10), FRAME),
        *_header(sheet, layout.header),
    ]


def north_arrow(window: Box) -> list[Ink]:
    """A filled half-arrow with 北, in the upper right corner of the map."""
    x, y = window.x1 - 8.0, window.y0 + 8.0
    return [
        rectangle(x - 5, y - 6.5, x + 5, y + 10.5, FRAME, width_mm=0.0, fill="#ffffff"),
        Text(x, y - 4, "北", 3.0, FRAME),
        area([(x, y - 2), (x + 2.6, y + 9), (x, y + 6.5)], FRAME, fill="#000000"),
        area([(x, y - 2), (x - 2.6, y + 9), (x, y + 6.5)], FRAME, fill="#ffffff"),
    ]


def north_arrow_box(window: Box) -> tuple[float, float, float, float]:
    """What the north arrow covers."""
    return window.x1 - 13.0, window.y0 + 1.5, window.x1 - 3.0, window.y0 + 18.5


def neighbours(sheet: Sheet, window: Box, view: View) -> list[Text]:
    """The words of the four sides, between the extent and the frame."""
    if not sheet.spec.sides:
        return []
    row = sheet.extent.iloc[0]
    east0, north0, east1, north1 = (float(v) for v in sheet.extent.total_bounds)
    (left, low), (right, high) = view.paper([(east0, north0), (east1, north1)]).tolist()
    cx, cy = view.at
    places = {
        "north": (cx, (window.y0 + high) / 2, 0.0),
        "south": (cx, (window.y1 + low) / 2, 0.0),
        "west": ((window.x0 + left) / 2, cy, 90.0),
        "east": ((window.x1 + right) / 2, cy, 90.0),
    }
    return [
        Text(*places[side][:2], str(row[field]), 3.0, "四至", angle=places[side][2])
        for side, field in sheet.spec.sides.items()
        if not missing(row[field])
    ]


def _header(sheet: Sheet, box: Box) -> list[Ink]:
    """Label and value pairs of the extent feature, two to a line."""
    ink: list[Ink] = []
    for number, (label, value) in enumerate(sheet.header):
        x = box.x0 + (number % 2) * box.width / 2
        y = box.y0 + 2.5 + (number // 2) * 5.0
        words = f"{label}：{value}"
        ink.append(Text(x, y, words, fitting(words, 2.6, box.width / 2 - 2), FRAME, "start"))
    return ink


def _grid(window: Box, view: View) -> list[Ink]:
    """Crosses at round coordinates, with X (north) and Y (east) in metres at the frame."""
    step = grid_step(view.scale)
    (east0, north1), (east1, north0) = view.ground([(window.x0, window.y0), (window.x1, window.y1)]).tolist()
    easts = [step * n for n in range(math.ceil(east0 / step), math.floor(east1 / step) + 1)]
    norths = [step * n for n in range(math.ceil(north0 / step), math.floor(north1 / step) + 1)]
    ink: list[Ink] = []
    for east in easts:
        x = float(view.paper([(east, north0)])[0, 0])
        ink += [line([(x, y), (x, y + 2)], GRID, width_mm=0.15) for y in (window.y0, window.y1 - 2)]
        if window.x0 + 8 < x < window.x1 - 8:
            ink.append(Text(x, window.y1 + 1.7, shown(east), 1.7, GRID))
    for north in norths:
        y = float(view.paper([(east0, north)])[0, 1])
        ink += [line([(x, y), (x + 2, y)], GRID, width_mm=0.15) for x in (window.x0, window.x1 - 2)]
        if window.y0 + 8 < y < window.y1 - 8:
            ink.append(Text(window.x0 - 1.9, y, shown(north), 1.7, GRID, angle=90))
    return [*ink, *(cross for east in easts for north in norths for cross in _cross(view, east, north))]


def grid_step(scale: int) -> float:
    """Distance of grid lines on the ground, m: 1, 2 or 5 times a power of ten."""
    least = GRID_MM * scale / 1000.0
    power = 10.0 ** math.floor(math.log10(least))
    return float(next(m * power for m in (1, 2, 5, 10) if m * power >= least - 1e-9))


def _cross(view: View, east: float, north: float) -> list[Path]:
    x, y = view.paper([(east, north)])[0].tolist()
    return [
        line([(x - CROSS_MM, y), (x + CROSS_MM, y)], GRID, width_mm=0.12, stroke="#007a3d"),
        line([(x, y - CROSS_MM), (x, y + CROSS_MM)], GRID, width_mm=0.12, stroke="#007a3d"),
    ]


def foot_ink(box: Box, view: View, reference: str) -> list[Ink]:
    """Scale in the middle with its bar, reference system at the left."""
    bar, unit = scale_bar(view.scale)
    length = bar * 1000.0 / view.scale
    x0, y = box.x1 - length - 8, box.y0 + 4.2
    ink: list[Ink] = [Text(x0 - 4, y - 1, f"1:{view.scale}", 3.6, FRAME, "end")]
    for n in range(4):
        a, b = x0 + length * n / 4, x0 + length * (n + 1) / 4
        ink.append(rectangle(a, y - 1, b, y, FRAME, width_mm=0.12, fill="#000000" if n % 2 == 0 else "#ffffff"))
    for n in (0, 2, 4):
        words = shown(bar * n / 4) + (f" {unit}" if n == 4 else "")
        ink.append(Text(x0 + length * n / 4, y - 2.4, words, 1.9, FRAME))
    room = x0 - 4 - text_width(f"1:{view.scale}", 3.6) - box.x0 - 4
    lines = reference.split("\n")
    return [
        *ink,
        *(
            Text(box.x0, box.y0 + 1.4 + 3.2 * n, words, fitting(words, 2.2, room), FRAME, "start")
            for n, words in enumerate(lines)
        ),
    ]


def scale_bar(scale: int) -> tuple[float, str]:
    """A round length on the ground that is about 40 mm on paper."""
    most = 45.0 * scale / 1000.0
    power = 10.0 ** math.floor(math.log10(most))
    return float(next(m * power for m in (4, 2, 1) if m * power <= most)), "m"
