"""Where things stand on a sheet: map window, panel, and the transform between ground and paper."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from pipeline.report.drawings.ink import Floats
    from pipeline.report.drawings.sheets import Sheet
    from pipeline.report.drawings.style import Styles

#: what the text area of a page holds together with a caption: width, height of the upright sheet in mm
PAPER_MM = {"A4": (170.0, 236.0), "A3": (250.0, 380.0)}
BLOCK_PAIRS = 3  # label/value pairs beside each other in the title block of an upright sheet
LABEL_ROOM_MM = 7.0  # kept free around the extent, for labels outside it
INSET_MM = 40.0  # height of a key plan with its title
SIDES_ROOM_MM = 12.0  # the same where neighbours are named


class Box(NamedTuple):
    """An upright rectangle on paper, mm, y downwards."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    def inset(self, by: float) -> Box:
        """The rectangle `by` mm smaller on each side."""
        return Box(self.x0 + by, self.y0 + by, self.x1 - by, self.y1 - by)


@dataclass(frozen=True, slots=True)
class View:
    """Ground to paper at 1:scale, north up. centre: east, north in the middle of `at` (mm)."""

    scale: int
    centre: tuple[float, float]
    at: tuple[float, float]

    def paper(self, ground: Any) -> Floats:
        """(n, 2) east, north in m → x, y in mm."""
        local = (np.asarray(ground, dtype=float)[:, :2] - self.centre) * (1000.0 / self.scale)
        return np.asarray(local * [1.0, -1.0] + self.at, dtype=float)

    def ground(self, paper: Any) -> Floats:
        """(n, 2) x, y in mm → east, north in m."""
        local = (np.asarray(paper, dtype=float)[:, :2] - self.at) * [1.0, -1.0]
        return np.asarray(local * (self.scale / 1000.0) + self.centre, dtype=float)


@dataclass(frozen=True, slots=True)
class Layout:
    """The boxes of one sheet in mm. window: map; legend, lists, block: parts of the panel beside or below it."""

    width: float
    height: float
    title: Box
    header: Box
    window: Box
    foot: Box
    legend: Box
    lists: Box
    block: Box
    pairs: int  # of label and value beside each other in the title block


def layout_of(sheet: Sheet, *, legend_rows: int, block_rows: int) -> Layout:
    """The layout of a sheet: panel at the right of a lying sheet, below the map of an upright one.

    legend_rows: lines of the legend; block_rows: label/value pairs of the title block. An inset stands below the legend.
    """
    short, long = PAPER_MM[sheet.spec.paper]
    lying = sheet.spec.landscape if sheet.spec.landscape is not None else sheet.spec.paper == "A3"
    head = 5.0 * math.ceil(len(sheet.spec.header) / 2) if sheet.spec.header else 0.0
    legend = 8.0 + 4.6 * legend_rows + (INSET_MM if sheet.inset else 0.0)
    if lying:
        return _lying(long, short, head, legend, 5.0 * block_rows)
    longest = sum(len(listing.frame) + 2 for listing in sheet.lists)
    rows = math.ceil(longest / 2) + 1  # upright sheets have room for two columns of a list beside the legend
    return _upright(
        short,
        long,
        head,
        max(legend, min(75.0, 9 + 3.8 * rows) if longest else 0.0, 20.0),
        5.0 * math.ceil(block_rows / BLOCK_PAIRS),
    )


def plain_layout(sheet: Sheet, *, notes_mm: float, block_rows: int) -> Layout:
    """An upright sheet without legend and lists: the window takes all but the notes and the title block."""
    short, long = PAPER_MM[sheet.spec.paper]
    head = 5.0 * math.ceil(len(sheet.header) / 2)
    return _upright(short, long, head, notes_mm, 5.0 * math.ceil(block_rows / BLOCK_PAIRS))


def view_of(sheet: Sheet, window: Box, styles: Styles) -> View:
    """The largest round scale at which the extent and room for its labels fit the window.

    A drawing with `scale_step` takes the next multiple of it; others the series of `styles.yaml`.
    """
    room = window.inset(SIDES_ROOM_MM if sheet.spec.sides else LABEL_ROOM_MM)
    boxes = [sheet.extent.total_bounds, *(p.frame.total_bounds for p in sheet.parts if p.spec.fit and len(p.frame))]
    bounds = (*np.min(boxes, axis=0)[:2], *np.max(boxes, axis=0)[2:])
    return fitted_view(bounds, room, window, styles, step=sheet.spec.scale_step)


def fitted_view(bounds: Any, room: Box, window: Box, styles: Styles, *, step: int | None = None) -> View:
    """The view in the middle of `window` at the largest round scale at which `bounds` (ground, m) fit `room`."""
    east0, north0, east1, north1 = (float(v) for v in bounds)
    least = max((east1 - east0) / room.width, (north1 - north0) / room.height) * 1000.0
    if step:
        scale = step * max(1, math.ceil(least / step - 1e-9))
    else:
        fitting = [s for s in styles.scales if s >= least]
        scale = fitting[0] if fitting else 10_000 * math.ceil(least / 10_000)
    middle = ((window.x0 + window.x1) / 2, (window.y0 + window.y1) / 2)
    return View(scale, ((east0 + east1) / 2, (north0 + north1) / 2), middle)


def _lying(width: float, height: float, head: float, legend: float, block: float) -> Layout:
    panel, top, foot, edge = 74.0, 14.0, 13.0, 6.0
    right = width - edge - panel
    window = Box(edge, top + head + edge - 4, right - 3, height - foot - 2)
    low = height - 2.0
    return Layout(
        width,
        height,
        title=Box(edge, 0, right, top),
        header=Box(edge, top, right - 3, top + head),
        window=window,
        foot=Box(edge, height - foot + 3, right - 3, height - 1),
        legend=Box(right + 2, 4, width - 2, 4 + legend),
        lists=Box(right + 2, 6 + legend, width - 2, low - block - 3),
        block=Box(right + 2, low - block, width - 2, low),
        pairs=1,
    )


def _upright(width: float, height: float, head: float, panel: float, block: float) -> Layout:
    top, foot, edge = 12.0, 12.0, 6.0
    low = height - 2.0
    bottom = low - block - panel - 2
    split = width - 58.0
    return Layout(
        width,
        height,
        title=Box(2, 0, width - 2, top),
        header=Box(edge, top, width - edge, top + head),
        window=Box(edge, top + head + 3, width - edge, bottom - foot),
        foot=Box(edge, bottom - foot + 4.5, width - edge, bottom - 1),
        legend=Box(split + 2, bottom, width - 2, bottom + panel),
        lists=Box(2, bottom, split - 2, bottom + panel),
        block=Box(2, low - block, width - 2, low),
        pairs=BLOCK_PAIRS,
    )
