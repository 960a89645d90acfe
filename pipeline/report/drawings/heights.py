"""A building's heights as a scheme: levels to scale, storeys and overall heights as dimension chains, a table of levels.

Heights are true (the vertical is to scale, in DXF the north coordinate is the level); widths are symbolic.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.report.drawings.ink import Ink, Path, Text, area, line, text_width
from pipeline.report.drawings.layout import Box, View, fitted_view
from pipeline.report.drawings.levels import Level, level_table, levels_of, span_of, storey_chain
from pipeline.rounding import printed

if TYPE_CHECKING:
    from pipeline.report.drawings.layout import Layout
    from pipeline.report.drawings.sheets import Sheet
    from pipeline.report.drawings.style import Styles

FACADE, DIMENSIONS, LEVELS = "立面示意", "高度标注", "标高"
NOTES_MM = 9.0  # room for the notes below the drawing
HALF_MM = 13.0  # half the width of the scheme
NARROW = 0.45  # the part above the roof, against the width below
CHAIN_MM, FIRST_MM = 7.5, 6.0  # between two dimension lines; from the wall to the first
TABLE_MM = 60.0
HEAD_MM, FOOT_MM = 15.0, 9.0  # above the highest and below the lowest level
TEXT_MM = 2.0
MEASURED, PERMITTED, PALE = "#0b57a4", "#7a4a00", "#8c8c8c"


def heights_view(sheet: Sheet, window: Box, styles: Styles) -> View:
    """Level to paper: the largest round scale at which all levels fit; the scheme stands left of the table."""
    levels = [v for level in levels_of(sheet) for v in (level.measured, level.permitted) if v is not None]
    low, high = min(levels), max(levels)
    room = Box(window.x0, window.y0 + HEAD_MM, window.x1, window.y1 - FOOT_MM)
    view = fitted_view((-0.01, low, 0.01, max(high, low + 1.0)), room, room, styles)
    return View(view.scale, view.centre, ((window.x0 + window.x1 - TABLE_MM) / 2, view.at[1]))


def heights_ink(sheet: Sheet, layout: Layout, view: View) -> list[Ink]:
    """The scheme, measured chains at its left, permitted ones at its right, and the table of levels."""
    levels, window = levels_of(sheet), layout.window
    table = Box(window.x1 - TABLE_MM, window.y0 + 3, window.x1 - 2, window.y1 - 3)
    reach = max(len(_chains(sheet, levels, "measured")), len(_chains(sheet, levels, "permitted")))
    right = view.at[0] + HALF_MM + FIRST_MM + CHAIN_MM * (reach - 1) + 3
    ink = [*_facade(sheet, levels, view, right)]
    for side, name, colour, words in ((-1, "measured", MEASURED, "实测/m"), (1, "permitted", PERMITTED, "许可/m")):
        chains = _chains(sheet, levels, name)
        for number, chain in enumerate(chains):
            x = view.at[0] + side * (HALF_MM + FIRST_MM + CHAIN_MM * number)
            ink += [piece for low, high, label in chain for piece in _dimension(x, low, high, label, view, colour)]
        if chains:
            middle = view.at[0] + side * (HALF_MM + FIRST_MM + CHAIN_MM * (len(chains) - 1) / 2)
            ink.append(Text(middle, window.y0 + 5, words, 2.4, DIMENSIONS, colour=colour))
    marks = [(float(view.paper([(0.0, level.value)])[0, 1]), right) for level in levels]
    return [*ink, *level_table(levels, marks, table)]


Chain = list[tuple[float, float, str]]


def _chains(sheet: Sheet, levels: Sequence[Level], name: str) -> list[Chain]:
    """Storey heights first, then the overall heights, shortest first; what was not given has no chain."""
    spec = sheet.spec.heights
    if spec is None:
        return []
    storeys: Chain = [(low, high, "") for low, high in itertools.pairwise(storey_chain(levels, spec, name))]
    spans = [(span_of(levels, span, name), span.label) for span in spec.spans]
    overall = sorted(
        ([(ends[0], ends[1], label)] for ends, label in spans if ends is not None), key=lambda c: c[0][1] - c[0][0]
    )
    return [chain for chain in (storeys, *overall) if chain]


def _dimension(x: float, low: float, high: float, label: str, view: View, colour: str) -> Iterator[Ink]:
    """One vertical dimension with ticks; its number beside it where there is room (the table has every level)."""
    (_, y0), (_, y1) = view.paper([(0.0, low), (0.0, high)]).tolist()
    yield line([(x, y0), (x, y1)], DIMENSIONS, width_mm=0.15, stroke=colour)
    for y in (y0, y1):
        yield line([(x - 0.8, y + 0.8), (x + 0.8, y - 0.8)], DIMENSIONS, width_mm=0.35, stroke=colour)
    words = f"{label} {printed(high - low, 2)}".strip()
    if y0 - y1 >= text_width(words, TEXT_MM) * 0.95:
        yield Text(x - 1.7, (y0 + y1) / 2, words, TEXT_MM, DIMENSIONS, angle=90.0, colour=colour)


def _facade(sheet: Sheet, levels: Sequence[Level], view: View, right: float) -> Iterator[Ink]:
    """Walls, floors, roof, ground line, and the extension lines of all levels."""
    spec = sheet.spec.heights
    if spec is None:
        return
    half = HALF_MM * view.scale / 1000.0
    by_kind: dict[str, list[float]] = {}
    for level in levels:
        by_kind.setdefault(level.kind, []).append(level.value)
    roofs = [(kind, max(by_kind[kind])) for kind in spec.roof if kind in by_kind]
    ground = min(by_kind.get(spec.ground, by_kind.get(spec.zero, [levels[-1].value])))
    walls = [top for kind, top in roofs if kind != spec.roof[-1]] or [top for _, top in roofs] or [levels[0].value]
    bottom = min([ground, *by_kind.get(spec.zero, [])])
    yield _box(-half, bottom, half, max(walls), "#f3f3f0", 0.45)
    if roofs and roofs[-1][1] > max(walls):
        yield _box(-half * NARROW, max(walls), half * NARROW, roofs[-1][1], "#f3f3f0", 0.35)
    cellar = [level.value for level in levels if level.kind == spec.storey and level.value < bottom]
    if cellar:
        yield _box(-half, min(cellar), half, bottom, None, 0.25, dash=(2.0, 1.0))
    for level in levels:
        narrow = roofs and level.kind == spec.roof[-1] and level.value > max(walls)
        width = half * (NARROW if narrow else 1.0)
        heavy = level.kind in spec.roof or level.kind == spec.zero
        ring = np.array([(-width, level.value, 0.0), (width, level.value, 0.0)])
        yield Path((ring,), False, LEVELS, width_mm=0.3 if heavy else 0.13, world=True, feature=level.feature)
        y = float(view.paper([(0.0, level.value)])[0, 1])
        start = view.at[0] + HALF_MM * (NARROW if narrow else 1.0)
        yield line([(start, y), (right, y)], LEVELS, width_mm=0.08, stroke=PALE)
    yield from _extensions(sheet, levels, view)
    yield from _ground(float(view.paper([(0.0, ground)])[0, 1]), view)


def _extensions(sheet: Sheet, levels: Sequence[Level], view: View) -> Iterator[Ink]:
    """Thin lines from the wall to the measured chains."""
    chains = _chains(sheet, levels, "measured")
    for number, chain in enumerate(chains):
        end = view.at[0] - HALF_MM - FIRST_MM - CHAIN_MM * number - 1
        for value in {value for low, high, _ in chain for value in (low, high)}:
            y = float(view.paper([(0.0, value)])[0, 1])
            yield line([(end, y), (view.at[0] - HALF_MM, y)], DIMENSIONS, width_mm=0.08, stroke=PALE)


def _ground(y: float, view: View) -> Iterator[Ink]:
    """The ground line with the hatching of soil on both sides."""
    for side in (-1, 1):
        x0, x1 = sorted((view.at[0] + side * HALF_MM, view.at[0] + side * (HALF_MM + FIRST_MM - 1.2)))
        yield line([(x0, y), (x1, y)], FACADE, width_mm=0.5)
        yield from (
            line([(x0 + step, y), (x0 + step - 1.2, y + 1.6)], FACADE, width_mm=0.13)
            for step in np.arange(1.2, x1 - x0 + 0.01, 1.2).tolist()
        )
    yield area(
        [(view.at[0] - HALF_MM - 2.2, y - 2.2), (view.at[0] - HALF_MM - 0.6, y - 2.2), (view.at[0] - HALF_MM - 1.4, y)],
        FACADE,
        fill=None,
        width_mm=0.15,
    )


def _box(
    x0: float, y0: float, x1: float, y1: float, fill: str | None, width_mm: float, dash: tuple[float, ...] = ()
) -> Path:
    ring = np.array([(x0, y0, 0.0), (x1, y0, 0.0), (x1, y1, 0.0), (x0, y1, 0.0)])
    return Path((ring,), True, FACADE, width_mm=width_mm, fill=fill, dash=dash, world=True)
