"""Columns of numbers of fixed width, each number exactly as strtod gives it.

Of the usual form (to the right, the point always in the same place) the digits are an integer m, k of them behind the
point: m / 10^k is correctly rounded, since both are exact up to 2^53 and 10^22. Any other form goes to numpy's parser.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.readers.shp_fast.refuse import HandOverError

Array = np.ndarray[Any, Any]
Cells = np.ndarray[Any, np.dtype[np.uint8]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

BLANK, MINUS, POINT, ZERO, NINE, STAR = b" -.09*"
EXACT_DIGITS = 15  # any integer of so many digits is a double
#: the fewest characters from which whole numbers are 64 bits, or doubles, as GDAL has it
LONG_FROM, DOUBLE_FROM = 10, 19
_ODD = np.ones(256, dtype=bool)
_ODD[list(b"0123456789+-.eE ")] = False


def columns(cells: Sequence[Cells], decimals: int) -> list[Array]:
    """The numbers of several fields of the same form, each (rows, width) bytes: integers or doubles as declared.

    A column of integers with an empty row is one of doubles, NaN where there is none.
    Errors: HandOverError where a row is neither a number nor empty.
    """
    block = np.concatenate(cells)
    starred = block[:, 0] == STAR
    if starred.any() and (block[starred] == STAR).all():
        block[starred] = BLANK  # how GDAL writes a number that is not there
    whole = not decimals and block.shape[1] < DOUBLE_FROM
    values, given = _usual(block, decimals) or _parsed(block, np.int64 if whole else np.float64)
    values, given = values.reshape(len(cells), -1), given.reshape(len(cells), -1)
    kind = (np.int32 if block.shape[1] < LONG_FROM else np.int64) if whole else np.float64
    return [
        own.astype(kind, copy=False) if has.all() else np.where(has, own, np.nan)
        for own, has in zip(values, given, strict=True)
    ]


def _usual(cells: Cells, decimals: int) -> tuple[Array, Flags] | None:
    """The numbers as doubles, and which rows have one; None when some are of another form."""
    characters = np.ascontiguousarray(cells.T)
    place = len(characters) - 1 - decimals
    if place < 0 or decimals > EXACT_DIGITS:
        return None
    points = characters[place]
    if decimals:
        characters = np.concatenate([characters[:place], characters[place + 1 :]])
    digits = characters - np.uint8(ZERO)
    number = digits <= NINE - ZERO
    given, minus = number[-1], characters == MINUS
    signed = minus.any()
    broken = number[:-1] & ~number[1:]  # a digit, and then none
    if signed:
        broken |= minus[:-1] & ~number[1:]
    if broken.any() or minus[-1].any() or not (number | minus | (characters == BLANK)).all():
        return None
    if number[:-EXACT_DIGITS].any() or (decimals and (points != np.where(given, POINT, BLANK)).any()):
        return None
    values = _joined(np.where(number[-EXACT_DIGITS:], digits[-EXACT_DIGITS:], np.uint8(0))) / 10.0**decimals
    return (np.where(minus.any(axis=0), -values, values) if signed else values), given


def _joined(digits: Cells) -> Array:
    """The number that each column of at most 16 digits is: by twos, fours and eights."""
    whole = np.zeros((16, digits.shape[1]), dtype=np.uint8)
    whole[16 - len(digits) :] = digits
    twos = whole[0::2] * np.uint8(10) + whole[1::2]
    fours = twos[0::2] * np.uint16(100) + twos[1::2]
    eights = fours[0::2] * np.uint32(10_000) + fours[1::2]
    return np.asarray(eights[0] * 1e8 + eights[1])


def _parsed(cells: Cells, kind: type[np.generic]) -> tuple[Array, Flags]:
    """Numbers of any form, and which rows have one."""
    given = (cells != BLANK).any(axis=1)
    values = np.zeros(len(cells), dtype=kind)
    words = np.ascontiguousarray(cells[given]).view(f"S{cells.shape[1]}").ravel()
    try:
        if _ODD[cells].any():
            raise ValueError  # noqa: TRY301 — letters, or a filling of another kind
        values[given] = words.astype(kind)
    except (ValueError, OverflowError) as err:
        raise HandOverError("有数值字段的值不是数") from err
    if not np.isfinite(values).all():
        raise HandOverError("有数值字段的值过大")
    return values, given
