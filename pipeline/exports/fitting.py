"""Whether values fit the fields of a DBF table, and what is written of them. Nothing is cut: what does not fit is said.

DBF holds texts as bytes of a code page and numbers as digits, each in the width of its field (sign and decimal point
count). A number below one whose leading zero has no room is written without it (".25"), which every reader understands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.rounding import half_up
from pipeline.scalars import missing

if TYPE_CHECKING:
    from pipeline.standard import FieldSpec

TEXT_WIDTH = 254  # bytes of a text field, limit of the format; for fields without a width of their own
NUMBER_WIDTH = 19  # digits of a number field without a width of its own
SAME = Decimal("0.0000001")  # a value and its rounding closer than this are one: float noise near 10⁷ m
KINDS = ("点", "线", "环", "面", "多点", "多线", "多面", "图形集合")  # by shapely type id
HELD = {"point": (0,), "line": (1, 5), "polygon": (3, 6), "none": ()}  # a table of points has one in each record
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that a field cannot hold as it is. position: row. detail: why, Chinese."""

    position: int
    value: Any
    detail: str


@dataclass(frozen=True, slots=True)
class Stored:
    """One column as it is written, and what did not fit: left empty, or rounded where only decimals are too many."""

    values: list[Any]
    misfits: tuple[Misfit, ...]


def fits(shapes: Any, kind: str) -> Any:
    """Which geometries may stand in a table of this kind (polygon, line, point, none)."""
    return np.isin(shapely.get_type_id(shapes), HELD[kind]) & ~shapely.is_empty(shapes)


def unfit(shapes: Any, kind: str) -> list[Misfit]:
    """The geometries that are there and may not stand in a table of this kind; one without geometry asks for none."""
    left_out = ~fits(shapes, kind) & ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    found = np.flatnonzero(left_out) if kind != "none" else ()
    own = KINDS[HELD[kind][0]] if kind != "none" else ""
    detail = f"该表的一条记录只能是{'一个' if kind == 'point' else ''}{own}，图形留空"
    return [Misfit(int(i), KINDS[shapely.get_type_id(shapes[i])], detail) for i in found]


def width_of(spec: FieldSpec) -> int:
    """Width of the field in its table."""
    return spec.width or (TEXT_WIDTH if spec.type == "text" else 8 if spec.type == "date" else NUMBER_WIDTH)


def stored(values: Sequence[Any], spec: FieldSpec, *, encoding: str, exact: bool = True) -> Stored:
    """A column as the table holds it: str, int, float or None.

    exact: a number with more decimals than the field is a misfit (it is written rounded half up); False for computed
    values, which are rounded when printed anyway.
    """
    kept: list[Any] = []
    misfits: list[Misfit] = []
    seen: dict[Any, tuple[Any, str | None]] = {}
    for position, value in enumerate(values):
        if missing(value):
            kept.append(None)
            continue
        if value not in seen:
            seen[value] = _one(value, spec, encoding, exact=exact)
        written, fault = seen[value]
        kept.append(written)
        if fault:
            misfits.append(Misfit(position, value, fault))
    return Stored(kept, tuple(misfits))


def _one(value: Any, spec: FieldSpec, encoding: str, *, exact: bool) -> tuple[Any, str | None]:
    match spec.type:
        case "text":
            return _text(str(value), width_of(spec), encoding)
        case "integer":
            return _integer(int(value), width_of(spec))
        case "number":
            return _number(float(value), width_of(spec), spec.decimals or 0, exact=exact)
        case _:
            return (str(value), None) if _DATE.fullmatch(str(value)) else (None, "不是日期")


def _text(text: str, width: int, encoding: str) -> tuple[str | None, str | None]:
    if _CONTROL.search(text):
        return None, "含有换行等控制字符"
    try:
        size = len(text.encode(encoding))
    except UnicodeEncodeError as err:
        return None, f"“{text[err.start : err.end]}”不在 {encoding} 字符集中"
    return (text, None) if size <= width else (None, f"有 {size} 字节，规定宽度 {width}")


def _integer(number: int, width: int) -> tuple[int | None, str | None]:
    size = len(str(number))
    return (number, None) if size <= width else (None, f"有 {size} 位，规定宽度 {width}")


def _number(number: float, width: int, decimals: int, *, exact: bool) -> tuple[float | None, str | None]:
    rounded = half_up(number, decimals)
    if digits(rounded, width) is None:
        return None, f"有 {len(f'{rounded:f}')} 位（含小数点），规定宽度 {width}、小数 {decimals} 位"
    if exact and abs(half_up(number, 9) - rounded) > SAME:
        return float(rounded), f"小数位数超过规定的 {decimals} 位，按四舍五入写入"
    return float(rounded), None


def digits(number: Decimal, width: int) -> str | None:
    """The digits of a number in a field of `width`; None when they do not fit.

    >>> digits(Decimal("12.50"), 5), digits(Decimal("0.25"), 3), digits(Decimal("1.25"), 3)
    ('12.50', '.25', None)
    """
    text = f"{number:f}"
    if len(text) > width and text.lstrip("-").startswith("0."):
        text = text.replace("0.", ".", 1)
    return text if len(text) <= width else None
