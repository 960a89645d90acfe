"""Decimal numbers in many lines at once, each exactly as Python's float() gives it.

The digits of a line are an integer m, those behind the point k in number: m / 10^k is correctly rounded when m ≤ 2^53
and k ≤ 22, since both are exact. Lines of another form (exponents, blanks, more digits) go to float() one by one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.readers.dxf_fast.tokens import MASKS, Ints, Tokens, Words

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

EXACT = np.uint64(2**53)
LONGEST = 19  # characters without the sign: three words whose integer fits 64 bits
POWERS = np.array([10**k for k in range(20)], dtype=np.uint64)
_POWERS_FLOAT = POWERS.astype(np.float64)
_HIGH, _LOW7 = (np.uint64(0x0101010101010101 * byte) for byte in (0x80, 0x7F))
_POINTS, _ZEROS = np.uint64(0x2E2E2E2E2E2E2E2E), np.uint64(0x3030303030303030)
_OVER_NINE = np.uint64(0x7676767676767676)
_SEVEN, _EIGHT, _SIXTEEN, _THIRTY_TWO = (np.uint64(n) for n in (7, 8, 16, 32))
_PAIRS, _TEN = np.uint64(0x000000FF000000FF), np.uint64(10)
_UPPER, _LOWER = np.uint64(0x000F424000000064), np.uint64(0x0000271000000001)
MINUS, BYTE = 45, np.uint64(0xFF)


def floats(tokens: Tokens, indices: Ints) -> tuple[Floats, Flags]:
    """The numbers in the value lines of these pairs, and which of them are no numbers."""
    ends, begins = tokens.ends[indices], tokens.begins[indices]
    negative = tokens.bytes[begins] == MINUS
    lengths = ends - begins - negative
    digits = np.zeros(len(indices), dtype=np.uint64)
    points = np.zeros(len(indices), dtype=np.int64)
    behind = np.zeros(len(indices), dtype=np.int64)
    fine = (lengths >= 1) & (lengths <= LONGEST)
    longest = min(LONGEST, int(lengths.max(initial=0)))
    for place in range(-(-longest // 8)):
        word = tokens.word(ends, lengths, place)
        number, good, point = _eight_digits(word, np.clip(lengths - 8 * place, 0, 8))
        digits += number * POWERS[8 * place]
        fine &= good
        has = point >= 0
        points += has
        behind = np.where(has, 8 * place + 7 - point, behind)
    fine &= (points <= 1) & (lengths > points)
    behind = np.where(fine, behind, 0)
    integer = np.where(points == 1, _without_point(digits, behind), digits)
    fine &= integer <= EXACT
    values = integer.astype(np.float64) / _POWERS_FLOAT[behind]
    values = np.where(negative, -values, values)
    return _others(tokens, indices, values, ~fine)


def _without_point(digits: Words, behind: Ints) -> Words:
    """The digits before and behind the point as one integer; `digits` has a zero in the place of the point."""
    whole = digits // POWERS[behind + 1]
    return np.asarray(whole * POWERS[behind] + (digits - whole * POWERS[behind + 1]))


def _eight_digits(word: Words, inside: Ints) -> tuple[Words, Flags, Ints]:
    """The number that the last `inside` characters of a word are, whether they are one, where its point is (or -1)."""
    other = word ^ _POINTS
    at_point = ~(((other & _LOW7) + _LOW7) | other | _LOW7)  # 0x80 in each byte that is a point
    count = np.bitwise_count(at_point)
    point = np.where(count > 0, (np.bitwise_count(at_point - np.uint64(1)) >> 3).astype(np.int64), -1)
    blank = (at_point >> _SEVEN) * BYTE
    number = (word ^ (_ZEROS & MASKS[inside])) & ~blank
    good = (((number | (number + _OVER_NINE)) & _HIGH) == 0) & (count <= 1)
    number = number * _TEN + (number >> _EIGHT)
    low = (number & _PAIRS) * _UPPER + ((number >> _SIXTEEN) & _PAIRS) * _LOWER
    return low >> _THIRTY_TWO, good, point


def _others(tokens: Tokens, indices: Ints, values: Floats, rest: Flags) -> tuple[Floats, Flags]:
    """Lines of unusual form through float(), as the reference does."""
    wrong = np.zeros(len(indices), dtype=bool)
    for position in np.flatnonzero(rest).tolist():
        line = tokens.value(int(indices[position]))
        try:
            values[position] = float(line) if line.isascii() else float("x")
        except ValueError:
            wrong[position] = True
    return values, wrong


def integers(tokens: Tokens, indices: Ints) -> tuple[Ints, Flags]:
    """The integers in these value lines, read as the reference does (3.0 is 3), and which are none."""
    which, lines = tokens.distinct(indices)
    numbers = [_integer(line) for line in lines]
    found = np.array([0 if n is None else n for n in numbers], dtype=np.int64)
    wrong = np.array([n is None for n in numbers], dtype=bool)
    return (found[which], wrong[which]) if lines else (np.empty(0, dtype=np.int64), np.empty(0, dtype=bool))


def _integer(line: bytes) -> int | None:
    try:
        number = int(line)
    except ValueError:
        try:
            number = int(float(line))
        except (ValueError, OverflowError):
            return None
    return number if line.isascii() and abs(number) < 2**62 else None
