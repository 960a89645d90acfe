"""Moving frames from one CRS to another: exact, with arcs and heights kept, never over an unknown datum change."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.transformer import TransformerGroup

from pipeline.crs.definition import describe, parse, same, same_datum
from pipeline.crs.relation import Relation, Step
from pipeline.crs.relation import steps as stated_steps
from pipeline.errors import InputError
from pipeline.sources import Curve


def transform(
    frame: gpd.GeoDataFrame, source: str | CRS, target: str | CRS, *, relation: Relation | None = None
) -> gpd.GeoDataFrame:
    """The frame in `target`: geometry and exact curves moved, Z and bulges kept (conformal, so arcs stay arcs).

    Args: frame: coordinates in `source`, x east, y north; column `curve` (model.Curve or None) moves along if there;
        relation: parameters to the target that the project states; used when `source` is the CRS they start from.
    Errors: InputError when the datums differ without known parameters or coordinates cannot be moved.
    """
    moved = frame.copy()
    if not same(source, target):
        move = _Move(parse(source), parse(target), relation)
        geometry = shapely.transform(frame.geometry.to_numpy(), move, include_z=None)
        moved = moved.set_geometry(gpd.GeoSeries(geometry, index=frame.index))
        if "curve" in frame.columns:
            moved["curve"] = _moved_curves(frame["curve"].to_list(), move)
    return moved.set_crs(parse(target), allow_override=True)


def moved_fields(
    frame: gpd.GeoDataFrame,
    pairs: Sequence[tuple[str, str]],
    source: str | CRS,
    target: str | CRS,
    *,
    relation: Relation | None = None,
) -> gpd.GeoDataFrame:
    """The frame with the coordinates that stand in its fields moved as `transform` moves its geometry.

    pairs: (north, east) fields, metres in `source`; rows that lack one stay as they are, and so does a point that
    cannot lie in `source`: it is far from everything in either system.
    Errors: InputError when the datums differ without known parameters.
    """
    if not pairs or same(source, target):
        return frame
    move, moved = _Move(parse(source), parse(target), relation), frame.copy()
    for north, east in pairs:
        points = moved[[east, north]].to_numpy(dtype=float, copy=True)
        given = np.isfinite(points).all(axis=1)
        there = move.anywhere(points[given])
        points[given] = np.where(np.isfinite(there).all(axis=1)[:, None], there, points[given])
        moved[east], moved[north] = points.T
    return moved


class _Move:
    """Moves (n, 2) or (n, 3) coordinates; a third column (Z or bulge) stays as it is."""

    def __init__(self, source: CRS, target: CRS, relation: Relation | None) -> None:
        self.source, self.target = source, target
        stated = relation is not None and same(source, relation.definition)
        self.steps = stated_steps(relation, target) if stated and relation else _steps(source, target)

    def anywhere(self, points: np.ndarray) -> np.ndarray:
        """The points moved; not finite where one cannot lie in `source`."""
        moved = np.array(points, dtype=float)
        for step in self.steps:
            moved[:, 0], moved[:, 1] = step(moved[:, 0], moved[:, 1])
        return moved

    def __call__(self, points: np.ndarray) -> np.ndarray:
        moved = self.anywhere(points)
        if not np.isfinite(moved[:, :2]).all():
            raise InputError(f"有坐标无法从 {describe(self.source)} 转换到 {describe(self.target)}：超出投影可用范围")
        return moved


@lru_cache(maxsize=64)
def _steps(source: CRS, target: CRS) -> tuple[Step, ...]:
    """One transformer, or two through WGS 84 when a side brings its own datum parameters (+towgs84)."""
    hubs = [CRS.from_epsg(4326)] if source.is_bound or target.is_bound else []
    legs = list(pairwise([source, *hubs, target]))
    for one, two in legs:
        _known_datum_change(one, two)
    return tuple(Transformer.from_crs(one, two, always_xy=True).transform for one, two in legs)


def _known_datum_change(source: CRS, target: CRS) -> None:
    if same_datum(source, target, lenient=True):
        return
    group = TransformerGroup(source, target, always_xy=True)
    if not group.transformers or "Ballpark" in group.transformers[0].description:
        raise InputError(
            f"不能从 {describe(source)} 转换到 {describe(target)}：两者大地基准不同而转换参数未知；"
            "请在坐标系定义中给出七参数（PROJ 的 +towgs84=…），或改交项目坐标系的成果"
        )


def _moved_curves(curves: Sequence[Curve | None], move: _Move) -> list[Curve | None]:
    rings = [ring for curve in curves if curve for ring in curve.rings]
    if not rings:
        return list(curves)
    ends = list(accumulate(len(ring) for ring in rings))
    parts = iter(np.split(move(np.vstack(rings)), ends[:-1]))
    return [curve and Curve(tuple(next(parts) for _ in curve.rings), curve.closed) for curve in curves]
