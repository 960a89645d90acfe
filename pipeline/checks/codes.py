"""How codes are written and built: half-width, the right head, the segments of a real-estate unit code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.checks.attributes import blank, filled
from pipeline.checks.values import plainly
from pipeline.model import CheckResult, Hit

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


def half_width(frame: gpd.GeoDataFrame, *, fields: Sequence[str]) -> CheckResult:
    """Codes in `fields` hold half-width digits and capital letters only: nothing full-width, small or blank."""
    plain = re.compile(r"[0-9A-Z]*")
    columns = [(field, filled(frame, field)) for field in fields]
    hits = [
        Hit(row=row, field=field, measured=str(value), required=plainly(value))
        for field, values in columns
        for row, value in values.items()
        if not plain.fullmatch(str(value))
    ]
    return CheckResult(sum(len(values) for _, values in columns), tuple(hits))


def starts_with(frame: gpd.GeoDataFrame, *, field: str, prefix: str, length: int) -> CheckResult:
    """The first `length` characters of `field` are the value of the field `prefix`."""
    both = frame[~blank(frame[field]) & ~blank(frame[prefix])]
    pairs = [
        (row, str(code)[:length], str(head))
        for row, code, head in zip(both.index, both[field], both[prefix], strict=True)
    ]
    return CheckResult(
        len(both),
        tuple(
            Hit(row=row, field=field, measured=head, required=wanted) for row, head, wanted in pairs if head != wanted
        ),
    )


def code_structure(frame: gpd.GeoDataFrame, *, field: str, structure: str) -> CheckResult:
    """Codes in `field` have the segments of a real-estate `structure` (parcel 19, building 24, unit 28 characters).

    Full-width, small and blank characters are read as what they mean: `half_width` speaks of them. The slot `segment`
    names the first wrong segment, `found` what stands there. Source: GB/T 37346-2019.
    """
    values = filled(frame, field)
    faults = [(row, str(value), _code_fault(plainly(value), structure)) for row, value in values.items()]
    return CheckResult(
        len(values),
        tuple(
            Hit(
                row=row,
                field=field,
                measured=code,
                required=STRUCTURES[structure],
                slots={"segment": fault[0], "found": fault[1]},
            )
            for row, code, fault in faults
            if fault
        ),
    )


# ---------------------------------------------------------------- inside


def _code_fault(code: str, structure: str) -> tuple[str, str] | None:
    """(segment, what stands there) of the first fault of a plain code."""
    if len(code) != STRUCTURES[structure]:
        return "总长度", f"{len(code)} 位"
    place = 0
    for name, length, pattern in SEGMENTS:
        part = code[place : place + length]
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
