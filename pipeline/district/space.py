"""One CRS for the whole district: that of most projects; the others are moved into it exactly, or said to be apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import shapely

from pipeline import crs as projections
from pipeline.errors import InputError

SIDE_PARTS = 4  # a box is moved with as many points a side; what bulges between them is covered by the margin
MARGIN_SHARE, MARGIN_M = 1e-4, 0.001
UNSTATED = "成果没有写明坐标系"
LOCAL = "成果采用的本地坐标系与国家坐标系的关系未知"


@dataclass(frozen=True, slots=True)
class Space:
    """crs: the district's, as a definition; None when no project states one that is known.

    own: definition of each project's CRS. apart: project → why it cannot be joined, Chinese.
    """

    crs: str | None
    own: Mapping[str, str]
    apart: Mapping[str, str]

    @property
    def name(self) -> str:
        return _name(self.crs) if self.crs is not None else ""

    def own_name(self, project: str) -> str:
        return _name(self.own[project])

    def joined(self, project: str) -> bool:
        return project in self.own and project not in self.apart

    def same(self, project: str) -> bool:
        """Whether the project's coordinates are the district's as they are."""
        return self.crs is not None and _same(self.own[project], self.crs)

    def moved(self, shapes: np.ndarray, project: str) -> np.ndarray:
        """Outlines of one project in the district's CRS.

        Errors: InputError when they cannot be moved.
        """
        if self.same(project) or not len(shapes):
            return shapes
        if self.crs is None:
            raise InputError(self.apart.get(project, UNSTATED))
        frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(list(shapes)))
        return np.asarray(projections.transform(frame, self.own[project], self.crs).geometry.array, dtype=object)

    def moved_boxes(self, boxes: np.ndarray, project: str) -> np.ndarray:
        """Boxes (n, 4) that hold the moved features for sure."""
        if self.same(project) or not len(boxes):
            return boxes
        filled = np.isfinite(boxes).all(axis=1)
        sides = shapely.box(*boxes[filled].T)
        dense = shapely.segmentize(sides, np.maximum(np.ptp(boxes[filled][:, ::2], axis=1), 1e-3) / SIDE_PARTS)
        found = shapely.bounds(self.moved(dense, project))
        margin = MARGIN_M + MARGIN_SHARE * (found[:, 2:] - found[:, :2]).max(axis=1, initial=0.0)
        moved = np.full_like(boxes, np.nan)
        moved[filled] = found + margin[:, None] * np.array([-1.0, -1.0, 1.0, 1.0])
        return moved


def space_of(stated: Mapping[str, str | None]) -> Space:
    """The CRS that most projects use (ties: the first by name), and which projects cannot be brought into it.

    stated: project → what its result says, None where it says nothing.
    """
    own = {project: text for project, text in sorted(stated.items()) if text is not None and _name(text)}
    apart = {project: UNSTATED if stated[project] is None else LOCAL for project in sorted(stated.keys() - own.keys())}
    if not own:
        return Space(None, {}, apart)
    counted = Counter(_name(text) for text in own.values())
    name = min(counted, key=lambda n: (-counted[n], n))
    target = next(text for text in own.values() if _name(text) == name)
    apart |= {project: reason for project, text in own.items() if (reason := _hindrance(text, target))}
    return Space(target, own, apart)


def centre(boxes: Iterable[np.ndarray]) -> np.ndarray | None:
    """Middle of all boxes (n, 4) together; None when there is none."""
    parts = [part for part in boxes if len(part)]
    if not parts:
        return None
    together = np.concatenate(parts)
    filled = together[np.isfinite(together).all(axis=1)]
    if not len(filled):
        return None
    return np.asarray((filled[:, :2].min(axis=0) + filled[:, 2:].max(axis=0)) / 2)


# ---------------------------------------------------------------- inside


@lru_cache(maxsize=1024)
def _name(text: str) -> str:
    """What a stated CRS is called; "" for one whose place on the earth is not known."""
    try:
        return projections.describe(projections.parse(text))
    except InputError:
        return ""


@lru_cache(maxsize=1024)
def _same(text: str, other: str) -> bool:
    return text == other or projections.same(text, other)


@lru_cache(maxsize=1024)
def _hindrance(text: str, target: str) -> str:
    """Why coordinates of one cannot be moved to the other; empty when they can."""
    try:
        projections.transform(gpd.GeoDataFrame(geometry=[]), text, target)
    except InputError as err:
        return str(err)
    return ""
