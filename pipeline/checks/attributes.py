"""What must hold of the values of one layer, row by row: filled, in range, in a list, well-formed, unique."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.model import CheckResult, Hit
from pipeline.tolerance import exceeds

if TYPE_CHECKING:
    import geopandas as gpd

#: segments of a real-estate unit code (GB/T 37346-2019): name, length, pattern
SEGMENTS = (
    ("县级行政区划", 6, re.compile(r"[0-9]{6}")),
    ("地籍区", 3, re.compile(r"[0-9]{3}")),
    ("地籍子区", 3, re.compile(r"[0-9]{3}")),
    ("宗地特征码", 2, re.compile(r"[GJZ][ABCDEFGHLNSWXY]")),
    ("宗地顺序号", 5, re.compile(r"(?!00000)[0-9]{5}")),
    ("定着物特征码", 1, re.compile(r"[FLQW]")),
    ("定着物单元号", 8, re.compile(r"[0-9]{8}")),
)
STRUCTURES = {"parcel": 19, "building": 24, "unit": 28}
#: who may own the land under a kind of right (second letter of the parcel's feature code)
OWNERS = {"A": "J", "C": "J", "B": "GJ", "S": "GJ", "X": "GJ", "D": "GJ", "E": "GJ", "F": "GJ", "H": "G", "G": "G"}


def present(frame: gpd.GeoDataFrame) -> CheckResult:
    """The layer is not empty."""
    return CheckResult(max(len(frame), 1), () if len(frame) else (Hit(measured=0, required=1),))


def required(frame: gpd.GeoDataFrame, *, fields: Sequence[str]) -> CheckResult:
    """Every one of `fields` is filled in every feature."""
    hits = [Hit(row=row, field=field) for field in fields for row in frame.index[_blank(frame[field])]]
    return CheckResult(len(frame), tuple(hits))


def unique(frame: gpd.GeoDataFrame, *, fields: Sequence[str]) -> CheckResult:
    """No two features agree in all of `fields`; features with an empty one are left out."""
    filled = frame[~np.logical_or.reduce([_blank(frame[field]) for field in fields])]
    hits = [
        Hit(row=later, other=rows[0], field=fields[-1], measured="、".join(map(str, frame.loc[later, list(fields)])))
        for rows in filled.groupby(list(fields), sort=False).groups.values() for later in rows[1:]
    ]
    return CheckResult(len(filled), tuple(hits))


def matches(frame: gpd.GeoDataFrame, *, field: str, pattern: str) -> CheckResult:
    """Every filled value of `field` matches the regular expression `pattern` from end to end."""
    wanted = re.compile(pattern)
    values = _filled(frame, field)
    return CheckResult(len(values), tuple(
        Hit(row=row, field=field, measured=str(value), required=pattern)
        for row, value in values.items() if not wanted.fullmatch(str(value))
    ))


def in_codes(frame: gpd.GeoDataFrame, *, field: str, codes: Mapping[str, str]) -> CheckResult:
    """Every filled value of `field` is a code of the list `codes`."""
    values = _filled(frame, field)
    return CheckResult(len(values), tuple(
        Hit(row=row, field=field, measured=str(value)) for row, value in values.items() if str(value) not in codes
    ))


def numeric_range(
    frame: gpd.GeoDataFrame, *, field: str, at_least: float | None = None, at_most: float | None = None, unit: str = "",
) -> CheckResult:
    """Every number in `field` lies between `at_least` and `at_most`, as far as they are given."""
    values = pd.to_numeric(_filled(frame, field)).astype(float)
    return CheckResult(len(values), tuple(
        Hit(row=row, field=field, measured=value, required=limit, unit=unit or None)
        for row, value in values.items() for limit in (at_least, at_most)
        if limit is not None and (exceeds(limit, value) if limit is at_least else exceeds(value, limit))
    ))


def half_width(frame: gpd.GeoDataFrame, *, fields: Sequence[str]) -> CheckResult:
    """Codes in `fields` hold half-width digits and capital letters only: nothing full-width, small or blank."""
    plain = re.compile(r"[0-9A-Z]*")
    filled = [(field, _filled(frame, field)) for field in fields]
    hits = [
        Hit(row=row, field=field, measured=str(value), required=_plain(value))
        for field, values in filled for row, value in values.items() if not plain.fullmatch(str(value))
    ]
    return CheckResult(sum(len(values) for _, values in filled), tuple(hits))


def starts_with(frame: gpd.GeoDataFrame, *, field: str, prefix: str, length: int) -> CheckResult:
    """The first `length` characters of `field` are the value of the field `prefix`."""
    both = frame[~_blank(frame[field]) & ~_blank(frame[prefix])]
    pairs = [(row, str(code)[:length], str(head)) for row, code, head in zip(both.index, both[field], both[prefix], strict=True)]
    return CheckResult(len(both), tuple(
        Hit(row=row, field=field, measured=head, required=wanted) for row, head, wanted in pairs if head != wanted
    ))


def code_structure(frame: gpd.GeoDataFrame, *, field: str, structure: str) -> CheckResult:
    """Codes in `field` have the segments of a real-estate `structure` (parcel 19, building 24, unit 28 characters).

    Full-width, small and blank characters are read as what they mean: `half_width` speaks of them. The slot `segment`
    names the first wrong segment, `found` what stands there. Source: GB/T 37346-2019.
    """
    values = _filled(frame, field)
    faults = [(row, str(value), _code_fault(_plain(value), structure)) for row, value in values.items()]
    return CheckResult(len(values), tuple(
        Hit(row=row, field=field, measured=code, required=STRUCTURES[structure], slots={"segment": fault[0], "found": fault[1]})
        for row, code, fault in faults if fault
    ))


def consecutive(
    frame: gpd.GeoDataFrame, *, field: str, group: str, skip: Sequence[int] = (), start: int | None = None,
) -> CheckResult:
    """Within each `group` the whole numbers in `field` run on by one, leaving out `skip`, from `start` where given."""
    filled = frame[~_blank(frame[field]) & ~_blank(frame[group])]
    hits: list[Hit] = []
    for name, rows in filled.groupby(group, sort=True):
        first_row = {int(number): row for row, number in reversed(list(rows[field].items()))}
        low = min(first_row) if start is None else min(start, *first_row)
        lacking = [n for n in range(low, max(first_row)) if n not in first_row and n not in skip]
        if lacking:
            following = min(n for n in first_row if n > lacking[0])
            hits.append(Hit(row=first_row[following], field=field, measured=following, required=lacking[0],
                            slots={"group": name, "missing": "、".join(map(str, lacking))}))
    return CheckResult(len(filled), tuple(hits))


def refers_to(frame: gpd.GeoDataFrame, *, other: gpd.GeoDataFrame, field: str, other_field: str) -> CheckResult:
    """Every filled value of `field` exists as `other_field` in the other layer."""
    values = _filled(frame, field)
    known = set(_filled(other, other_field).astype(str))
    return CheckResult(len(values), tuple(
        Hit(row=row, field=field, measured=str(value)) for row, value in values.items() if str(value) not in known
    ))


def has_at_least(
    frame: gpd.GeoDataFrame, *, other: gpd.GeoDataFrame, field: str, other_field: str, at_least: float, unit: str = "",
) -> CheckResult:
    """At least `at_least` features of the other layer name each feature: their `other_field` is its `field`."""
    return CheckResult(int((~_blank(frame[field])).sum()), tuple(
        Hit(row=row, measured=count, required=int(at_least), unit=unit or None)
        for row, count in _counts(frame, other, field, other_field) if count < at_least
    ))


def count_equals(
    frame: gpd.GeoDataFrame, *, other: gpd.GeoDataFrame, field: str, other_field: str, stated: str, unit: str = "",
) -> CheckResult:
    """As many features of the other layer name each feature (`other_field` is its `field`) as it states in `stated`."""
    if other.empty:
        return CheckResult(0)
    told = frame[~_blank(frame[stated])]
    return CheckResult(int((~_blank(told[field])).sum()), tuple(
        Hit(row=row, field=stated, measured=int(told[stated][row]), required=count, unit=unit or None)
        for row, count in _counts(told, other, field, other_field) if count != told[stated][row]
    ))


def sums_agree(
    frame: gpd.GeoDataFrame, *, other: gpd.GeoDataFrame, key: str, field: str, other_field: str, tolerance: float, unit: str = "m²",
) -> CheckResult:
    """For every `key` of this layer, Σ `field` here = Σ `other_field` of the other layer with that key."""
    own, theirs = (f.groupby(key)[name].sum() for f, name in ((frame, field), (other, other_field)))
    first = {name: rows[0] for name, rows in frame.groupby(key).groups.items()}
    pairs = [(name, float(total), float(theirs.get(name, 0.0))) for name, total in own.items()]
    return CheckResult(len(pairs), tuple(
        Hit(row=first[name], field=field, measured=total, required=wanted, unit=unit, tolerance=tolerance,
            slots={"group": name, "difference": total - wanted})
        for name, total, wanted in pairs if exceeds(abs(total - wanted), tolerance)
    ))


def factor_agrees(
    frame: gpd.GeoDataFrame, *, base: str, factor: str, share: str, tolerance: float, factor_tolerance: float, unit: str = "m²",
) -> CheckResult:
    """`share` = `base` × `factor` within `tolerance`, the factor itself being printed to `factor_tolerance`."""
    given = frame[~_blank(frame[base]) & ~_blank(frame[factor]) & ~_blank(frame[share])]
    rows = zip(given.index, given[base].astype(float), given[factor].astype(float), given[share].astype(float), strict=True)
    return CheckResult(len(given), tuple(
        Hit(row=row, field=factor, measured=said, required=of * times, unit=unit, tolerance=tolerance,
            slots={"factor": times, "base": of, "wanted_factor": said / of if of else None})
        for row, of, times, said in rows if exceeds(abs(of * times - said), tolerance + abs(of) * factor_tolerance)
    ))


def zero_below(frame: gpd.GeoDataFrame, *, field: str, by: str, below: float, unit: str = "m²") -> CheckResult:
    """Where `by` is less than `below`, `field` is 0."""
    given = frame[~_blank(frame[by]) & ~_blank(frame[field])]
    return CheckResult(len(given), tuple(
        Hit(row=row, field=field, measured=float(value), required=0.0, unit=unit, tolerance=below)
        for row, size, value in zip(given.index, given[by], given[field], strict=True)
        if exceeds(below, float(size)) and exceeds(abs(float(value)), 0.0)
    ))


# ---------------------------------------------------------------- inside


def _counts(frame: gpd.GeoDataFrame, other: gpd.GeoDataFrame, field: str, other_field: str) -> Iterator[tuple[Any, int]]:
    """Per row with a filled `field`: how many features of the other layer have it as `other_field`."""
    counts = _filled(other, other_field).astype(str).value_counts()
    for row, value in _filled(frame, field).items():
        yield row, int(counts.get(str(value), 0))


def _blank(values: pd.Series) -> np.ndarray:
    """Where nothing is filled in: missing, or only blanks (also full-width ones)."""
    empty = values.isna().to_numpy()
    if values.dtype == object:
        empty = empty | np.array([isinstance(v, str) and not v.strip() for v in values], dtype=bool)
    return np.asarray(empty, dtype=bool)


def _filled(frame: gpd.GeoDataFrame, field: str) -> pd.Series:
    column: pd.Series = frame[field]
    return column[~_blank(column)]


def _plain(value: Any) -> str:
    """A code as it should have been written."""
    return "".join(unicodedata.normalize("NFKC", str(value)).split()).upper()


def _code_fault(code: str, structure: str) -> tuple[str, str] | None:
    """(segment, what stands there) of the first fault of a plain code."""
    if len(code) != STRUCTURES[structure]:
        return "总长度", f"{len(code)} 位"
    place = 0
    for name, length, pattern in SEGMENTS:
        part = code[place:place + length]
        if part and not (pattern.fullmatch(part) or (len(part) < length and part.isdigit())):
            return name, part
        place += length
    owner, right, fixture, number = code[12], code[13], code[19:20], code[20:]
    if owner not in OWNERS.get(right, owner):
        return "宗地特征码", owner + right
    if structure == "building" and fixture != "F":
        return "定着物特征码", fixture
    if fixture == "W" and number.strip("0"):
        return "定着物单元号", number
    return None
