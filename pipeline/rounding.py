"""Printed numbers: round half up, once, at the end."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

#: what binary floating point may add to a decimal number; removed before the one rounding
NOISE = Decimal("1e-9")
NOTHING = "—"
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)  # every float fits: 1e308 and its decimals

Number = float | int | Decimal | Fraction


def half_up(value: Number, decimals: int) -> Decimal:
    """`value` to `decimals` places, halves away from zero, blind to binary representation noise.

    Decimal and Fraction are taken exactly; a float is first brought to 1e-9, so that 2.675 held as 2.67499999…
    gives 2.68. Errors: ValueError for NaN and infinity.

    >>> half_up(2.675, 2), half_up(0.1 + 0.2, 1), half_up(-0.005, 2)
    (Decimal('2.68'), Decimal('0.3'), Decimal('-0.01'))
    """
    step = Decimal(1).scaleb(-decimals)
    if isinstance(value, Fraction):
        return _fraction_half_up(value, decimals)
    if isinstance(value, float) and not math.isfinite(value):
        msg = f"not a number that can be printed: {value}"
        raise ValueError(msg)
    exact = value if isinstance(value, Decimal) else Decimal(value)
    if isinstance(value, float):
        exact = exact.quantize(NOISE, context=_WIDE)
    rounded = exact.quantize(step, context=_WIDE)
    return rounded or abs(rounded)  # never "-0.00"


def printed(value: Number | None, decimals: int | None) -> str:
    """`value` as the report prints it; "—" for what is not known.

    >>> printed(1234.5, 2), printed(None, 2), printed(-0.001, 2)
    ('1234.50', '—', '0.00')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return NOTHING
    if decimals is None:
        return str(value)
    return f"{half_up(value, decimals):f}"


def _fraction_half_up(value: Fraction, decimals: int) -> Decimal:
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-whole if value < 0 else whole).scaleb(-decimals, context=_WIDE)
