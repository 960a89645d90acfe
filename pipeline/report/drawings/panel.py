"""The panel of a sheet: legend and title block."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.report.drawings.features import colours_of, sign
from pipeline.report.drawings.ink import Ink, Path, Text, fitting, line, rectangle

if TYPE_CHECKING:
    from pipeline.report.drawings.layout import Box
    from pipeline.report.drawings.sheets import Part, Sheet
    from pipeline.report.drawings.style import Styles

LEGEND, FRAME = "图例", "图框"
ROW_MM = 4.6
BLOCK_LABEL_MM = 17.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the legend."""

    label: str
    part: Part
    fill: str | None


def entries_of(sheet: Sheet, styles: Styles) -> list[Entry]:
    """Legend lines of the layers that are on the sheet, one per category present."""
    entries = []
    for part in sheet.parts:
        if not part.style.legend or not len(part.frame):
            continue
        if part.spec.category:
            entries += [Entry(name, part, fill) for name, fill in colours_of(part, styles).items()]
        else:
            entries.append(Entry(part.spec.name or part.layer.label, part, part.style.fill))
    return entries


def legend_ink(entries: list[Entry], box: Box) -> list[Ink]:
    """The legend: a sample and a word per line."""
    ink: list[Ink] = [Text((box.x0 + box.x1) / 2, box.y0 + 3, "图  例", 3.2, LEGEND)]
    for row, entry in enumerate(entries):
        y = box.y0 + 8.5 + row * ROW_MM
        ink += [*_sample(entry, box.x0 + 4, y), Text(box.x0 + 17, y, entry.label, 2.4, LEGEND, "start")]
    return ink


def _sample(entry: Entry, x: float, y: float) -> list[Ink]:
    style = entry.part.style
    if entry.part.layer.geometry == "point":
        return [sign(style, LEGEND, x + 5, y)]
    if entry.part.layer.geometry == "polygon" and entry.fill:
        ring = rectangle(x, y - 1.5, x + 10, y + 1.5, LEGEND).rings
        return [
            Path(
                ring,
                closed=True,
                layer=LEGEND,
                stroke=style.stroke,
                width_mm=style.width_mm,
                fill=entry.fill,
                dash=style.dash,
            )
        ]
    ring = line([(x, y), (x + 10, y)], LEGEND).rings
    return [Path(ring, closed=False, layer=LEGEND, stroke=style.stroke, width_mm=style.width_mm, dash=style.dash)]


def block_ink(rows: list[tuple[str, str]], box: Box, pairs: int) -> list[Ink]:
    """The title block: ruled, `pairs` of label and value beside each other."""
    lines = math.ceil(len(rows) / pairs)
    step, wide = box.height / lines, box.width / pairs
    ink: list[Ink] = [rectangle(*box, FRAME, width_mm=0.35)]
    rules = [box.y0 + step * number for number in range(1, lines)]
    ink += [line([(box.x0, y), (box.x1, y)], FRAME, width_mm=0.15) for y in rules]
    for column in range(pairs):
        left = box.x0 + wide * column
        ink += [line([(x, box.y0), (x, box.y1)], FRAME, width_mm=0.15) for x in (left, left + BLOCK_LABEL_MM)]
        for number, (label, value) in enumerate(rows[column * lines : (column + 1) * lines]):
            y, room = box.y0 + step * (number + 0.5), wide - BLOCK_LABEL_MM - 2
            ink += [
                Text(left + BLOCK_LABEL_MM / 2, y, label, fitting(label, 2.3, BLOCK_LABEL_MM - 1), FRAME),
                Text(left + BLOCK_LABEL_MM + 1.2, y, value, fitting(value, 2.3, room), FRAME, "start"),
            ]
    return ink
