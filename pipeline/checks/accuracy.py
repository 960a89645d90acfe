"""Check measurements against accuracy classes: point shifts, spacings of neighbouring points, mean errors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from pipeline.checks.values import Row, keys, numbers
from pipeline.measures.classes import classes_of, lacking, limits_of
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import Choice, Number, PerKey, exceeds

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def within_class(
    frame: GeoDataFrame, *, field: str, class_field: str, default_class: Choice | str, limits: PerKey, unit: str = "m"
) -> CheckResult:
    """No difference in `field` is larger than the limit of its row's class; rows without a difference are not examined.

    A row that states no class has `default_class`; a class without a limit leaves the rule undetermined.
    Slot: accuracy_class.
    """
    given = numbers(frame, field)
    classes = _classes(frame, class_field, default_class)
    allowed = {row: limits.values.get(classes[row]) for row in given}
    return CheckResult(
        sum(limit is not None for limit in allowed.values()),
        tuple(
            Hit(
                row=row,
                field=field,
                measured=abs(given[row]),
                required=0.0,
                unit=unit,
                tolerance=limit,
                slots={"accuracy_class": classes[row]},
            )
            for row, limit in allowed.items()
            if limit is not None and exceeds(abs(given[row]), limit)
        ),
        _lacking(limits, {classes[row] for row in given}),
    )


def within_class_by_size(
    frame: GeoDataFrame,
    *,
    field: str,
    size: str,
    default_class: Choice,
    limits: Mapping[str, Number],
    class_field: str | None = None,
    unit: str = "m",
) -> CheckResult:
    """No difference in `field` is larger than what the formula of its row's class allows for the figure in `size`.

    A row that states no class has `default_class`; a class without a formula leaves the rule undetermined. Rows without
    a difference or a size are not examined. Slot: accuracy_class.
    """
    given, sizes = numbers(frame, field), numbers(frame, size)
    frame = frame.loc[[row for row in given if row in sizes]]
    named = classes_of(frame, class_field, default_class)
    of = np.array([sizes[row] for row in frame.index], dtype=float)
    allowed = dict(zip(frame.index, limits_of(of, named, limits), strict=True))
    hits = [
        Hit(
            row=row,
            field=field,
            measured=given[row],
            required=0.0,
            unit=unit,
            tolerance=float(allowed[row]),
            slots={"accuracy_class": name},
        )
        for row, name in zip(frame.index, named, strict=True)
        if exceeds(abs(given[row]), allowed[row])
    ]
    examined = sum(not math.isnan(limit) for limit in allowed.values())
    return CheckResult(examined, tuple(hits), lacking(named, limits))


def spacing_within_class(
    frame: GeoDataFrame,
    *,
    field: str,
    length: str,
    class_field: str,
    default_class: Choice | str,
    mean_errors: PerKey,
    limits: PerKey,
    short_m: float,
    per_m: float,
) -> CheckResult:
    """The measured spacing of two neighbouring points differs from the computed one by no more than their class allows.

    Up to `short_m`: ΔD = m + `per_m`·m·D, m = mean error of the class, D = computed spacing, never more than the limit of
    the class; beyond: that limit. Source: cadastral survey practice (TD/T 1001-2012).
    field, length: columns of the difference and of D, m; class_field: column of the class, `default_class` where empty;
    mean_errors, limits: m by class; lacking, the rule is undetermined. Slots: accuracy_class, distance_m.
    """
    gaps, lengths = numbers(frame, field), numbers(frame, length)
    classes = _classes(frame, class_field, default_class)
    limits_m = _spacing_limits(lengths, classes, mean_errors, limits, short_m=short_m, per_m=per_m)
    judged = [row for row in gaps if row in limits_m]
    hits = tuple(
        Hit(
            row=row,
            field=field,
            measured=abs(gaps[row]),
            required=0.0,
            unit="m",
            tolerance=limits_m[row],
            slots={"accuracy_class": classes[row], "distance_m": lengths[row]},
        )
        for row in judged
        if exceeds(abs(gaps[row]), limits_m[row])
    )
    named = {classes[row] for row in gaps}
    return CheckResult(
        len(judged), hits, tuple(dict.fromkeys((*_lacking(mean_errors, named), *_lacking(limits, named))))
    )


def mean_within_class(
    frame: GeoDataFrame, *, field: str, class_field: str, default_class: Choice | str, mean_errors: PerKey
) -> CheckResult:
    """The mean error of all check measurements of a class keeps the mean error of that class: m = √(Σ Δ² / n).

    The check is taken as the more accurate measurement. Slots: accuracy_class, count.
    """
    given, groups = numbers(frame, field), dict[str, dict[Row, float]]()
    classes = _classes(frame, class_field, default_class)
    for row, value in given.items():
        groups.setdefault(classes[row], {})[row] = value
    hits = []
    for name, values in groups.items():
        allowed = mean_errors.values.get(name)
        found = math.sqrt(math.fsum(value * value for value in values.values()) / len(values))
        if allowed is not None and exceeds(found, allowed):
            worst = max(values, key=lambda row: (abs(values[row]), str(row)))
            hits.append(
                Hit(
                    row=worst,
                    field=field,
                    measured=found,
                    required=allowed,
                    unit="m",
                    slots={"accuracy_class": name, "count": len(values)},
                )
            )
    known = sum(len(values) for name, values in groups.items() if mean_errors.values.get(name) is not None)
    return CheckResult(known, tuple(hits), _lacking(mean_errors, set(groups)))


# ---------------------------------------------------------------- inside


def _classes(frame: GeoDataFrame, field: str, default: Choice | str) -> Mapping[Row, str]:
    usual = default.choice if isinstance(default, Choice) else default
    return {**dict.fromkeys(frame.index, usual or ""), **keys(frame, field)}


def _spacing_limits(
    lengths: Mapping[Row, float],
    classes: Mapping[Row, str],
    mean_errors: PerKey,
    limits: PerKey,
    *,
    short_m: float,
    per_m: float,
) -> dict[Row, float]:
    """What a spacing of each length, m, may differ by in its class, m; rows whose class lacks a figure are left out."""
    found: dict[Row, float] = {}
    for row, length_m in lengths.items():
        mean_m, limit_m = mean_errors.values.get(classes[row]), limits.values.get(classes[row])
        if mean_m is not None and limit_m is not None:
            found[row] = min(limit_m, mean_m + per_m * mean_m * length_m) if length_m <= short_m else limit_m
    return found


def _lacking(numbers_by_class: PerKey, classes: set[str]) -> tuple[str, ...]:
    return tuple(
        f"参数“{numbers_by_class.label}”没有给出“{name}”级的数值：请在参数集或 project.yaml 的 overrides 中给出"
        for name in sorted(classes)
        if numbers_by_class.values.get(name) is None
    )
