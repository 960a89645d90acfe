"""A small key plan below the legend: where on its floor or site the object of the sheet lies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.measures.arcs import flatten
from pipeline.report.drawings.features import draw_part
from pipeline.report.drawings.ink import Ink, Path, Text, rectangle
from pipeline.report.drawings.layout import INSET_MM, Box, View, fitted_view

if TYPE_CHECKING:
    from pipeline.report.drawings.sheets import KeyPlan
    from pipeline.report.drawings.style import Styles

INSET = "位置示意"
TITLE_MM, EDGE_MM = 5.0, 1.5


def inset_ink(inset: KeyPlan, legend: Box, styles: Styles) -> list[Ink]:
    """The key plan at the foot of the legend's box, with title and frame; lines only, on paper, not at map scale."""
    box = Box(legend.x0 + 2, legend.y1 - INSET_MM + TITLE_MM, legend.x1 - 2, legend.y1)
    view = fitted_view(inset.extent.total_bounds, box.inset(EDGE_MM), box, styles)
    ink: list[Ink] = [
        Text((box.x0 + box.x1) / 2, box.y0 - 2.4, inset.title, 2.6, INSET),
        rectangle(*box, INSET, width_mm=0.15),
    ]
    for part in inset.parts:
        paths = draw_part(replace(part, spec=part.spec.model_copy(update={"label": None})), view, styles).ink
        ink += [_on_paper(path, view) for path in paths if isinstance(path, Path)]
    return ink


def _on_paper(path: Path, view: View) -> Path:
    """A path of the ground as one on paper, thin; it stands for no feature (that is drawn in the map)."""
    width = min(path.width_mm, 0.25)
    if not path.world:
        return replace(path, layer=INSET, width_mm=width, clip=False, feature=None)
    flat = [view.paper(flatten(ring, closed=path.closed, sagitta_m=0.05)) for ring in path.rings]
    rings = tuple(np.column_stack([xy, np.zeros(len(xy))]) for xy in flat)
    return replace(path, rings=rings, layer=INSET, width_mm=width, world=False, clip=False, feature=None)
