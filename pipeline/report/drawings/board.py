"""Which places of a sheet are taken: a bitmap of the paper, so that labels never cover each other."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pipeline.report.drawings.ink import Floats
    from pipeline.report.drawings.layout import Box

CELL_MM = 0.25


class Board:
    """Two bitmaps over one window: `hard` places may never be covered, `soft` ones only when nothing else is left."""

    def __init__(self, window: Box) -> None:
        self.window = window
        shape = (int(window.height / CELL_MM) + 2, int(window.width / CELL_MM) + 2)
        self.hard = np.zeros(shape, dtype=bool)
        self.soft = np.zeros(shape, dtype=bool)

    def free(self, boxes: Floats, *, soft: bool) -> bool:
        """Whether all boxes lie in the window and on no taken place (`soft`: not on lines either)."""
        w = self.window
        for x0, y0, x1, y1 in boxes.tolist():
            if x0 < w.x0 or y0 < w.y0 or x1 > w.x1 or y1 > w.y1:
                return False
            rows, columns = self._cells(x0, y0, x1, y1)
            if self.hard[rows, columns].any() or (soft and self.soft[rows, columns].any()):
                return False
        return True

    def take(self, boxes: Floats) -> None:
        """Mark the boxes as taken by a text or sign."""
        for box in boxes.tolist():
            self.hard[self._cells(*box)] = True

    def cross(self, points: Floats) -> None:
        """Mark a line through `points` (n, 2), which texts rather avoid."""
        column, row = self._indices(sampled(points, CELL_MM))
        self.soft[row, column] = True

    def clear_line(self, points: Floats) -> bool:
        """Whether a straight line between two points runs over no text or sign."""
        column, row = self._indices(sampled(points, CELL_MM))
        return not self.hard[row, column].any()

    def _indices(self, points: Floats) -> tuple[np.ndarray, np.ndarray]:
        w = self.window
        inside = (points[:, 0] >= w.x0) & (points[:, 0] <= w.x1) & (points[:, 1] >= w.y0) & (points[:, 1] <= w.y1)
        local = (points[inside] - [w.x0, w.y0]) / CELL_MM
        return local[:, 0].astype(int), local[:, 1].astype(int)

    def _cells(self, x0: float, y0: float, x1: float, y1: float) -> tuple[slice, slice]:
        left, top = self.window.x0, self.window.y0
        rows = slice(max(0, int((y0 - top) / CELL_MM)), max(0, int((y1 - top) / CELL_MM)) + 1)
        return rows, slice(max(0, int((x0 - left) / CELL_MM)), max(0, int((x1 - left) / CELL_MM)) + 1)


def sampled(points: Floats, step_mm: float) -> Floats:
    """Points along a broken line, no farther apart than `step_mm`."""
    pieces = [points[:1]]
    for start, end in itertools.pairwise(points):
        count = max(1, int(np.hypot(*(end - start)) / step_mm))
        pieces.append(start + (end - start) * (np.arange(1, count + 1) / count)[:, None])
    return np.vstack(pieces)
