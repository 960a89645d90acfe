"""Measured sides: each lies along a drawn one, and differs from it by no more than its accuracy class allows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import shapely

from pipeline.checks.values import Key, Row, keys, numbers, rows_by_key
from pipeline.measures import classes
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import Choice, Number, exceeds

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

STEP_M = 0.25  # how closely the points stand at which a line is held against the outlines


def along_outlines(frame: GeoDataFrame, *, other: GeoDataFrame, key: Key, reach_m: float) -> CheckResult:
    """Every line runs along outlines of the features that have its `key`: no point of it lies off by more than `reach_m`.

    Lines without a figure or without a partner are not examined. measured: the largest gap, m, to
    half of STEP_M; place: the point there.
    """
    groups, hits, examined = rows_by_key(other, key), [], 0
    for row, name in keys(frame, key).items():
        line, rows = frame.geometry[row], groups.get(name)
        if not rows or not _is_line(line):
            continue
        examined += 1
        points, gaps = _gaps(line, other.geometry[rows].to_numpy())
        worst = int(gaps.min(axis=1).argmax())
        gap_m = float(gaps.min(axis=1)[worst])
        if exceeds(gap_m, reach_m):
            nearest = rows[int(gaps[worst].argmin())]
            hits.append(
                Hit(
                    row=row,
                    other=nearest,
                    place=points[worst],
                    measured=gap_m,
                    required=0.0,
                    unit="m",
                    tolerance=reach_m,
                )
            )
    return CheckResult(examined, tuple(hits))


def side_within_class(
    frame: GeoDataFrame,
    *,
    other: GeoDataFrame,
    key: Key,
    owner: str,
    checked: str,
    given: str,
    class_field: str,
    default_class: Choice,
    limits: Mapping[str, Number],
    reach_m: float,
) -> CheckResult:
    """A side measured again differs from the one given by no more than the limit of its class for that length.

    The finding names the feature whose side it is: the one that has its `owner`, else the first of its `key` along
    whose outline it runs within `reach_m`. measured: the length `checked`; required: the length `given`; slots:
    difference, accuracy_class.
    """
    found, wanted = numbers(frame, checked), numbers(frame, given)
    frame = frame.loc[[row for row in found if row in wanted]]
    named = classes.classes_of(frame, class_field, default_class)
    sizes = np.array([wanted[row] for row in frame.index], dtype=float)
    allowed = dict(zip(frame.index, classes.limits_of(sizes, named, limits), strict=True))
    hits = [
        Hit(
            row=row,
            other=_partner(frame.loc[[row]], other, key=key, owner=owner, reach_m=reach_m),
            measured=found[row],
            required=wanted[row],
            unit="m",
            tolerance=float(allowed[row]),
            field=checked,
            slots={"difference": found[row] - wanted[row], "accuracy_class": name},
        )
        for row, name in zip(frame.index, named, strict=True)
        if exceeds(abs(found[row] - wanted[row]), allowed[row])
    ]
    examined = sum(not math.isnan(limit_m) for limit_m in allowed.values())
    return CheckResult(examined, tuple(hits), classes.lacking(named, limits))


def sides_mean_within_class(
    frame: GeoDataFrame,
    *,
    field: str,
    size: str,
    class_field: str,
    default_class: Choice,
    limits: Mapping[str, Number],
    per_mean: float,
    check: Choice,
) -> CheckResult:
    """The mean error of all sides measured again keeps what their class permits for their lengths.

    m = √(Σ d² / n), d the difference in `field`; with `check` 同精度 √(Σ d² / 2n). Permitted: √(Σ m0² / n), m0 the limit
    of each side divided by `per_mean`. One finding per class, at its largest difference. Slots: accuracy_class, count.
    """
    gaps, lengths = numbers(frame, field), numbers(frame, size)
    frame = frame.loc[[row for row in gaps if row in lengths]]
    named = classes.classes_of(frame, class_field, default_class)
    sizes = np.array([lengths[row] for row in frame.index], dtype=float)
    permitted = dict(zip(frame.index, classes.limits_of(sizes, named, limits) / per_mean, strict=True))
    hits, examined = [], 0
    for name in dict.fromkeys(name for name in named if name in limits):
        rows = [row for row, own in zip(frame.index, named, strict=True) if own == name]
        examined += len(rows)
        mean_m = classes.root_mean_square([gaps[row] for row in rows], check) or 0.0
        most_m = classes.root_mean_square([permitted[row] for row in rows]) or 0.0
        if exceeds(mean_m, most_m):
            worst = max(rows, key=lambda row: (abs(gaps[row]), str(row)))
            slots = {"accuracy_class": name, "count": len(rows)}
            hits.append(Hit(row=worst, measured=mean_m, required=most_m, unit="m", field=field, slots=slots))
    return CheckResult(examined, tuple(hits), classes.lacking(named, limits))


# ---------------------------------------------------------------- inside


def _partner(one: GeoDataFrame, other: GeoDataFrame, *, key: Key, owner: str, reach_m: float) -> Row | None:
    """The feature whose side this is: its owner, else the first of its key along whose outline it runs."""
    owners = rows_by_key(other, owner) if owner in other.columns else {}
    for name in keys(one, owner).values():
        if name in owners:
            return owners[name][0]
    (line,), groups = one.geometry, rows_by_key(other, key)
    rows = [row for name in keys(one, key).values() for row in groups.get(name, [])]
    if not rows or not _is_line(line):
        return None
    off_m = _gaps(line, other.geometry[rows].to_numpy())[1].max(axis=0)
    return next((row for row, gap_m in zip(rows, off_m, strict=True) if not exceeds(gap_m, reach_m)), None)


def _gaps(line: shapely.LineString, outlines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points along the line, and the distance of each (rows) from each outline (columns), m."""
    points = shapely.points(shapely.get_coordinates(shapely.segmentize(line, STEP_M)))
    return points, np.asarray(shapely.distance(points[:, None], shapely.boundary(outlines)[None, :]), dtype=float)


def _is_line(shape: shapely.Geometry | None) -> bool:
    return shape is not None and shape.geom_type == "LineString" and not shape.is_empty
