"""Numbering of boundary points: from the north-west corner, clockwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.measures.arcs import ring_area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TIE_M = 0.001  # corners this near in northing are level: the smaller easting comes first


def nw_clockwise_order(ring: NDArray[np.float64] | Sequence[Sequence[float]]) -> list[int]:
    """Indices of the vertices of a ring, starting at its north-west corner, clockwise.

    ring: (n, 2 or 3) x east, y north, bulge; metres; a repeated last vertex is left out. The north-west corner is the
    vertex farthest towards north-west (greatest north − east); within 1 mm the smaller easting comes first, then the
    greater northing.

    >>> nw_clockwise_order([[0, 0], [9, 0], [9, 5], [0, 5]])  # counter-clockwise from the south-west
    [3, 2, 1, 0]
    """
    vertices: NDArray[Any] = np.asarray(ring, dtype=float)
    if len(vertices) > 1 and np.array_equal(vertices[0, :2], vertices[-1, :2]):
        vertices = vertices[:-1]
    if len(vertices) == 0:
        return []
    east, north = vertices[:, 0] - vertices[0, 0], vertices[:, 1] - vertices[0, 1]
    towards = north - east
    tied = np.flatnonzero(towards >= towards.max() - TIE_M)
    start = min(tied.tolist(), key=lambda i: (east[i], -north[i]))
    step = -1 if ring_area(vertices) > 0 else 1
    return [(start + step * i) % len(vertices) for i in range(len(vertices))]
