"""Where inputs lie: what a file declares, what the project says of it and its numbers must agree before it is moved.

Nothing is moved that nobody declared, and nothing that does not lie where it is declared: such an input is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from pipeline.crs.definition import BELTS, describe, is_projected, of_file, parse, same
from pipeline.crs.extents import Extent, belt_prefix
from pipeline.crs.moving import transform
from pipeline.crs.relation import Relation
from pipeline.crs.site import extent_problem, site
from pipeline.errors import InputError
from pipeline.sources import Note, Source

SITE_KM = 20.0  # one project is smaller than this; the same place read in the neighbouring belt is 290 km away (30° N)
REACH_DEG = 4.5  # belts whose meridian is nearer than this are tried as the one that was meant
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where one input lies: `given` in its CRS `crs` as in the file, `extent` in the project CRS."""

    file: str
    survey: str | None
    crs: CRS
    given: Extent
    extent: Extent


@dataclass(frozen=True, slots=True)
class Placed:
    """One input in the project CRS; features None: refused, and why."""

    features: gpd.GeoDataFrame | None
    notes: tuple[Note, ...]
    place: Place | None = None
    refused: str | None = None


def placed(source: Source, *, target: CRS, declared: CRS | None = None, relation: Relation | None = None) -> Placed:
    """The features of one input in the project CRS `target`.

    declared: what project.yaml says of this input; without it the file's own declaration may only repeat the target.
    relation: the project's own parameters, used for inputs declared in the CRS they start from.
    """
    entry, notes = source.entry, []
    own, unreadable = _own(entry.crs)
    if own is not None and declared is not None and not same(own, declared):
        notes.append(_note(source, "crs_conflict", declared=describe(declared), own=describe(own)))
    undeclared = unreadable if declared is None else None
    if own is not None and declared is None and not same(own, target):
        undeclared = f"文件声明 {describe(own)}，与项目坐标系不同，而 project.yaml 没有写明本项成果的 crs"
    if undeclared:
        return _refused(source, notes, undeclared)
    current = declared or own or target
    problem = extent_problem(entry.extent, current) if entry.extent else None
    if problem:
        notes.append(_note(source, "outside_zone", detail=problem))
    scattered = _scattered(source) if is_projected(current) else None
    notes += [scattered] if scattered else []
    if same(current, target):
        return Placed(source.features, tuple(notes), _place(source, current, source.features))
    if problem or scattered:
        return _refused(source, notes, problem or "要素散布在相距很远的几处，疑混用投影带或坐标系")
    try:
        moved = transform(source.features, current, target, relation=relation)
    except InputError as err:
        return _refused(source, notes, str(err))
    place = _place(source, current, moved)
    after = extent_problem(place.extent, target) if place else None
    notes += [_note(source, "outside_zone", detail=f"由 {describe(current)} 转换之后，{after}")] if after else []
    return Placed(moved, tuple(notes), place)


def apart(places: Iterable[Place], target: CRS) -> tuple[list[Place], list[Note]]:
    """Inputs of one project that lie together, and a note for each that lies elsewhere.

    Together: within `SITE_KM` of the input that most surveys are near (ties: the first). The note names the belt in
    which the numbers would lie with the others, if there is one.
    """
    known = list(places)
    if not known:
        return [], []
    centres = np.array([_centre(place.extent) for place in known])
    gaps_km = np.hypot(*(centres[:, None, :] - centres[None, :, :]).transpose(2, 0, 1)) / 1000
    supports = [len({known[j].survey for j in np.flatnonzero(gaps <= SITE_KM)}) for gaps in gaps_km]
    first = supports.index(max(supports))
    near = [place for place, gap in zip(known, gaps_km[first], strict=True) if gap <= SITE_KM]
    notes = [
        Note("inputs_apart", place.file, place.survey, place=shapely.Point(*centres[position]), slots={
            "measured": float(gaps_km[first][position]), "required": SITE_KM, "unit": "km", "other_file": known[first].file,
            "detail": _belt_meant(place, centres[first], target),
        })
        for position, place in enumerate(known) if gaps_km[first][position] > SITE_KM
    ]  # fmt: skip
    return near, notes


def together(places: Sequence[Place]) -> Extent | None:
    """The extent of all places in the project CRS; None when there is none."""
    if not places:
        return None
    west, south, east, north = zip(*(place.extent for place in places), strict=True)
    return min(west), min(south), max(east), max(north)


# ---------------------------------------------------------------- one input


def _own(definition: str | None) -> tuple[CRS | None, str | None]:
    """What the file declares, and why that cannot be read."""
    if not definition:
        return None, None
    try:
        return of_file(definition), None
    except InputError as err:
        return None, f"文件自带的{err}；或在 project.yaml 中写明本项成果的 crs"


def _scattered(source: Source) -> Note | None:
    """Features of one input further apart than any site: mixed belts, or stray ones near the origin."""
    if source.entry.extent is None or _size_km(source.entry.extent) <= SITE_KM:
        return None
    bounds = shapely.bounds(source.features.geometry.to_numpy())
    centres = (bounds[:, :2] + bounds[:, 2:]) / 2
    filled = np.isfinite(centres).all(axis=1)
    main = np.median(centres[filled], axis=0) if filled.any() else np.zeros(2)
    gaps_km = np.where(filled, np.hypot(*(centres - main).T), 0.0) / 1000
    far = np.flatnonzero(gaps_km > SITE_KM)
    if not len(far):
        return None
    worst = source.features.iloc[far[np.argmax(gaps_km[far])]]
    handles = "、".join(map(str, source.features["handle"].iloc[far[:SHOWN]]))
    slots = {"measured": float(gaps_km.max()), "required": SITE_KM, "unit": "km", "count": len(far), "handles": handles}
    entry = source.entry
    return Note("scattered", entry.path, entry.survey, worst["layer"], worst["handle"], worst["geometry"], slots)


def _place(source: Source, current: CRS, features: gpd.GeoDataFrame) -> Place | None:
    boxes, given = shapely.bounds(features["geometry"].to_numpy()), source.entry.extent
    bounds = [*np.fmin.reduce(boxes[:, :2]).tolist(), *np.fmax.reduce(boxes[:, 2:]).tolist()]
    if given is None or not np.isfinite(bounds).all():
        return None
    return Place(source.entry.path, source.entry.survey, current, given, (bounds[0], bounds[1], bounds[2], bounds[3]))


def _refused(source: Source, notes: Sequence[Note], detail: str) -> Placed:
    note = _note(source, "crs_refused", detail=detail)
    return Placed(None, (*notes, note), refused=f"输入文件 {source.entry.path} 的坐标未能转换到项目坐标系")


def _note(source: Source, kind: str, **slots: Any) -> Note:
    return Note(kind, source.entry.path, source.entry.survey, slots=slots)


# ---------------------------------------------------------------- several inputs


def _belt_meant(place: Place, there: np.ndarray, target: CRS) -> str:
    """The neighbouring belt in which the numbers of an input lie beside the others, as advice."""
    east, north = _centre(place.given)
    prefixed = belt_prefix(east) is not None
    lon = site(target, (there[0], there[1], there[0], there[1]))["lon_deg"]
    for belt in (belt for belt in BELTS if abs(belt.meridian_deg - lon) <= REACH_DEG):
        if belt.prefixed == prefixed and not same(parse(f"EPSG:{belt.epsg}"), place.crs):
            point = gpd.GeoDataFrame(geometry=[shapely.Point(east, north)])
            try:
                moved = transform(point, f"EPSG:{belt.epsg}", target).geometry[0]
            except InputError:
                continue
            if np.hypot(moved.x - there[0], moved.y - there[1]) <= SITE_KM * 1000:
                return f"按 EPSG:{belt.epsg}（{belt.meridian_deg:g}°E）解释时才与之相邻，疑混用投影带"
    return "请核对两者的坐标系、带号和轴序"


def _centre(extent: Extent) -> tuple[float, float]:
    return (extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2


def _size_km(extent: Extent) -> float:
    return max(extent[2] - extent[0], extent[3] - extent[1]) / 1000
