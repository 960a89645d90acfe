"""One physical corner lies at one place in two layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from pipeline.checks.outlines import corners_of, turning
from pipeline.checks.values import Key, keys
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import exceeds

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

POINT = 0  # shapely type id
CORNER_DEG = 10.0  # a smaller turn is a point of a flattened arc, not a corner


def same_corner(
    frame: GeoDataFrame,
    *,
    other: GeoDataFrame,
    over_m: float,
    up_to_m: float | None = None,
    key: Key | None = None,
    other_key: Key | None = None,
) -> CheckResult:
    """One physical corner lies at one place: a vertex here and its nearest vertex there are at most `over_m` apart.

    up_to_m: larger gaps are another corner, or belong to another rule; absent = every vertex has its partner.
    """
    own, theirs = _vertices(frame), _vertices(other)
    groups = _grouped(other, other_key or key, theirs[1])
    hits, examined = [], 0
    for name, mine in _grouped(frame, key, own[1]).items():
        yours = groups.get(name)
        if yours is None:
            continue
        near = shapely.STRtree(theirs[0][yours]).query_nearest(own[0][mine], max_distance=up_to_m, all_matches=False)
        for a, b in zip(mine[near[0]], yours[near[1]], strict=True):
            gap = float(shapely.distance(own[0][a], theirs[0][b]))
            examined += 1
            if exceeds(gap, over_m):
                hits.append(
                    Hit(
                        row=own[1][a],
                        other=theirs[1][b],
                        place=own[0][a],
                        measured=gap,
                        required=0.0,
                        unit="m",
                        tolerance=over_m,
                    )
                )
    return CheckResult(examined, tuple(hits))


def _vertices(frame: GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    """True corners of the features (arcs by their ends), or points as they are; and the index label of each."""
    labels, shapes = frame.index.to_numpy(), frame.geometry.to_numpy()
    if (shapely.get_type_id(shapes) == POINT).any():
        xy, owner = shapely.get_coordinates(shapes, return_index=True)
        return shapely.points(xy), labels[owner]
    corners = corners_of(frame)
    kept = turning(corners, at_least_deg=CORNER_DEG)
    return shapely.points(corners.xy[kept]), labels[corners.row[kept]]


def _grouped(frame: GeoDataFrame, key: Key | None, owners: np.ndarray) -> dict[str, np.ndarray]:
    """Positions of vertices by the key of their feature; without a key, all together."""
    names = dict.fromkeys(frame.index, "") if key is None else keys(frame, key)
    groups: dict[str, list[int]] = {}
    for position, owner in enumerate(owners):
        if owner in names:
            groups.setdefault(names[owner], []).append(position)
    return {name: np.asarray(positions) for name, positions in groups.items()}
