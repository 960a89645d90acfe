"""What must hold of the values of one layer, row by row: filled, in range, in a list, well-formed, unique."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.checks.once import once_a_frame
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import exceeds

if TYPE_CHECKING:
    import geopandas as gpd


def present(frame: gpd.GeoDataFrame) -> CheckResult:
    """The layer is not empty."""
    return CheckResult(max(len(frame), 1), () if len(frame) else (Hit(measured=0, required=1),))


def required(frame: gpd.GeoDataFrame, *, fields: Sequence[str]) -> CheckResult:
    """Every one of `fields` is filled in every feature."""
    hits = [Hit(row=row, field=field) for field in fields for row in frame.index[unfilled(frame, field=field)]]
    return CheckResult(len(frame), tuple(hits))


def unique(frame: gpd.GeoDataFrame, *, fields: Sequence[str]) -> CheckResult:
    """No two features agree in all of `fields`; features with an empty one are left out."""
    given = ~np.logical_or.reduce([unfilled(frame, field=field) for field in fields])
    if _all_differ(frame, fields, given):
        return CheckResult(int(given.sum()))
    known = frame[given]
    by = fields[0] if len(fields) == 1 else list(fields)
    return CheckResult(
        len(known),
        tuple(
            Hit(
                row=later, other=rows[0], field=fields[-1], measured="、".join(map(str, frame.loc[later, list(fields)]))
            )
            for rows in known.groupby(by, sort=False).groups.values()
            for later in rows[1:]
        ),
    )


def _all_differ(frame: gpd.GeoDataFrame, fields: Sequence[str], given: np.ndarray) -> bool:
    """Whether no two of the given rows agree, told without making groups of them."""
    rows = list(zip(*(frame[field].array[given] for field in fields), strict=True))
    return len(set(rows)) == len(rows)


def matches(frame: gpd.GeoDataFrame, *, field: str, pattern: str) -> CheckResult:
    """Every filled value of `field` matches the regular expression `pattern` from end to end."""
    wanted = re.compile(pattern)
    values = filled(frame, field)
    return CheckResult(
        len(values),
        tuple(
            Hit(row=row, field=field, measured=str(value), required=pattern)
            for row, value in values.items()
            if not wanted.fullmatch(str(value))
        ),
    )


def in_codes(frame: gpd.GeoDataFrame, *, field: str, codes: Mapping[str, str]) -> CheckResult:
    """Every filled value of `field` is a code of the list `codes`."""
    values = filled(frame, field)
    return CheckResult(
        len(values),
        tuple(
            Hit(row=row, field=field, measured=str(value)) for row, value in values.items() if str(value) not in codes
        ),
    )


def numeric_range(
    frame: gpd.GeoDataFrame, *, field: str, at_least: float | None = None, at_most: float | None = None, unit: str = ""
) -> CheckResult:
    """Every number in `field` lies between `at_least` and `at_most`, as far as they are given."""
    values = pd.to_numeric(filled(frame, field)).astype(float)
    return CheckResult(
        len(values),
        tuple(
            Hit(row=row, field=field, measured=value, required=limit, unit=unit or None)
            for row, value in values.items()
            for limit, side in ((at_least, -1), (at_most, 1))
            if limit is not None and exceeds(side * value, side * limit)
        ),
    )


def consecutive(
    frame: gpd.GeoDataFrame, *, field: str, group: str, skip: Sequence[int] = (), start: int | None = None
) -> CheckResult:
    """Within each `group` the whole numbers in `field` run on by one, leaving out `skip`, from `start` where given.

    Slots: group, missing (the numbers left out). The finding hangs on the number after the first gap.
    """
    known = frame[~unfilled(frame, field=field) & ~unfilled(frame, field=group)]
    hits: list[Hit] = []
    for name, rows in known.groupby(group, sort=True):
        first_row = {int(number): row for row, number in reversed(list(rows[field].items()))}
        low = min(first_row) if start is None else min(start, *first_row)
        lacking = [n for n in range(low, max(first_row)) if n not in first_row and n not in skip]
        if lacking:
            following = min(n for n in first_row if n > lacking[0])
            hits.append(
                Hit(
                    row=first_row[following],
                    field=field,
                    measured=following,
                    required=lacking[0],
                    slots={"group": name, "missing": "、".join(map(str, lacking))},
                )
            )
    return CheckResult(len(known), tuple(hits))


def factor_agrees(
    frame: gpd.GeoDataFrame,
    *,
    base: str,
    factor: str,
    share: str,
    tolerance: float,
    factor_tolerance: float,
    unit: str = "m²",
) -> CheckResult:
    """`share` = `base` × `factor` within `tolerance`, the factor itself being printed to `factor_tolerance`.

    Slots: base, factor (both as stated), wanted_factor (share by base; nothing where the base is 0).
    """
    given = frame[~np.logical_or.reduce([unfilled(frame, field=field) for field in (base, factor, share)])]
    rows = zip(
        given.index, given[base].astype(float), given[factor].astype(float), given[share].astype(float), strict=True
    )
    return CheckResult(
        len(given),
        tuple(
            Hit(
                row=row,
                field=factor,
                measured=said,
                required=of * times,
                unit=unit,
                tolerance=tolerance,
                slots={"factor": times, "base": of, "wanted_factor": said / of if of else None},
            )
            for row, of, times, said in rows
            if exceeds(abs(of * times - said), tolerance + abs(of) * factor_tolerance)
        ),
    )


def zero_below(frame: gpd.GeoDataFrame, *, field: str, by: str, below: float, unit: str = "m²") -> CheckResult:
    """Where `by` is less than `below`, `field` is 0."""
    given = frame[~unfilled(frame, field=by) & ~unfilled(frame, field=field)]
    return CheckResult(
        len(given),
        tuple(
            Hit(row=row, field=field, measured=float(value), required=0.0, unit=unit, tolerance=below)
            for row, size, value in zip(given.index, given[by], given[field], strict=True)
            if exceeds(below, float(size)) and exceeds(abs(float(value)), 0.0)
        ),
    )


# ---------------------------------------------------------------- inside


def blank(values: pd.Series) -> np.ndarray:
    """Where nothing is filled in: missing, or only blanks (also full-width ones)."""
    empty = np.asarray(pd.isna(values.array), dtype=bool)
    if pd.api.types.is_numeric_dtype(values.dtype):
        return empty
    spaces = np.array([isinstance(v, str) and not v.strip() for v in values], dtype=bool)
    found: np.ndarray = empty | spaces
    return found


@once_a_frame
def unfilled(frame: gpd.GeoDataFrame, *, field: str) -> np.ndarray:
    """Where a field has nothing filled in. Not to be written into: it is shared."""
    return blank(frame[field])


def filled(frame: gpd.GeoDataFrame, field: str) -> pd.Series:
    """The values of a field where something is filled in, by index label. Not to be written into: it is shared."""
    return _filled(frame, field=field)


@once_a_frame
def _filled(frame: gpd.GeoDataFrame, *, field: str) -> pd.Series:
    column: pd.Series = frame[field]
    empty = unfilled(frame, field=field)
    return column[~empty] if empty.any() else column
