"""Which features of different projects may touch: pairs by boxes, cut into pieces small enough to load."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from pipeline.district.index import LayerIndex

SLICE = 50_000  # boxes asked at a time: the tree's answer for a million boxes at once would not fit
PAIRS = 4_000  # of one piece: some ten thousand outlines at most
TILES_A_SIDE = 64


def pieces(layer: LayerIndex, *, reach_m: float) -> Iterator[np.ndarray]:
    """Positions of the features of each piece: both of every pair that lies in it, and whatever lies between them.

    A pair is two features of different projects whose boxes come within `reach_m`. Every pair is whole in some piece.
    """
    at = layer.placed
    if not len(at):
        return
    boxes = layer.boxes[at] + np.array([-1.0, -1.0, 1.0, 1.0]) * reach_m / 2
    tree = shapely.STRtree(shapely.box(*boxes.T))
    i, j = _pairs(tree, layer.project[at])
    zones = np.column_stack([np.maximum(boxes[i, :2], boxes[j, :2]), np.minimum(boxes[i, 2:], boxes[j, 2:])])
    order = _by_place(zones)
    for start in range(0, len(order), PAIRS):
        part = order[start : start + PAIRS]
        between = tree.query(shapely.box(*zones[part].T))[1]
        yield at[np.unique(np.concatenate([i[part], j[part], between]))]


def _pairs(tree: shapely.STRtree, project: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    first, second = [], []
    boxes = tree.geometries
    for start in range(0, len(boxes), SLICE):
        i, j = tree.query(boxes[start : start + SLICE])
        i = i + start
        keep = (i < j) & (project[i] != project[j])
        first.append(i[keep])
        second.append(j[keep])
    return np.concatenate(first), np.concatenate(second)


def _by_place(zones: np.ndarray) -> np.ndarray:
    """An order in which neighbouring pairs stand together: tile rows, back and forth."""
    if not len(zones):
        return np.zeros(0, dtype=np.int64)
    middle = (zones[:, :2] + zones[:, 2:]) / 2
    low, high = middle.min(axis=0), middle.max(axis=0)
    side = max(float((high - low).max()) / TILES_A_SIDE, 1.0)
    column, row = np.floor((middle - low) / side).astype(np.int64).T
    return np.lexsort((np.arange(len(zones)), np.where(row % 2, -column, column), row))
