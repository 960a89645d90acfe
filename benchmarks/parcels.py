"""Irregular parcels that share exact vertices, with planted faults: what topology is measured on. From a fixed seed."""

from __future__ import annotations

import numpy as np
import shapely

SIZE_M = 30.0
FAULT_SHARE = 0.001


def parcels(count: int, *, seed: int = 1, faults: bool = True) -> np.ndarray:
    """About `count` eight-cornered polygons, neighbours sharing every corner; of every fault 0.1 % of the cells."""
    side = max(2, round(count**0.5))
    random = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(np.arange(2 * side + 1), np.arange(2 * side + 1), indexing="ij"), axis=-1)
    points = grid * (SIZE_M / 2) + random.uniform(-3.0, 3.0, grid.shape) + (500_000.0, 3_270_000.0)
    points = np.round(points, 4)
    around = np.array([(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1)])
    cells = [points[2 * i + around[:, 0], 2 * j + around[:, 1]] for i in range(side) for j in range(side)]
    if faults:
        _plant(cells, side, random)
    return np.asarray(shapely.polygons([shapely.linearrings(cell) for cell in cells]), dtype=object)


def _plant(cells: list[np.ndarray], side: int, random: np.random.Generator) -> None:
    """Overlaps of 1.5 m, gaps of 1.5 m, slivers of 2 mm, corners left out, corners drawn twice."""
    each = max(1, round(len(cells) * FAULT_SHARE))
    inner = [i * side + j for i in range(1, side - 1) for j in range(1, side - 1)] or [0]
    for number in random.choice(inner, size=each):
        cells[number] = _pushed(cells[number], 1.5)
    for number in random.choice(inner, size=each):
        cells[number] = _pushed(cells[number], -1.5)
    for number in random.choice(inner, size=each):
        cells[number] = _pushed(cells[number], -0.002)
    for number in random.choice(inner, size=each):
        cells[number] = np.delete(cells[number], 3, axis=0)
    for number in random.choice(inner, size=each):
        cells[number] = np.insert(cells[number], 5, cells[number][5], axis=0)


def _pushed(cell: np.ndarray, by_m: float) -> np.ndarray:
    """The second corner moved outwards (or, negative, inwards)."""
    away = cell[1] - cell.mean(axis=0)
    moved = cell.copy()
    moved[1] = cell[1] + away / np.hypot(*away) * by_m
    return moved
