"""Printed numbers: round half up, once, at the end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

#: what binary floating point may add to a decimal number; removed before the one rounding
NOISE = Decimal("1e-9")
NOTHING = "—"
ALIKE = 1e-6  # figures that differ by less are one figure
FINEST = 9  # decimals, which NOISE leaves
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


def printed_beside(figures: Sequence[tuple[Number | None, int]]) -> list[str]:
    """Figures of one sentence or line, each with its decimals, that a reader will compare by size.

    Where two that differ would read as equal, or the wrong way round, or one that is not zero as zero, all get as many
    more decimals as that takes; those that are exact stay as they are. Signs make no difference.

    >>> printed_beside([(0.1004, 3), (0.10, 2)]), printed_beside([(0.15, 3), (0.10, 2)])
    (['0.1004', '0.10'], ['0.150', '0.10'])
    """
    more = next((n for n in range(FINEST) if not _misread(figures, n)), FINEST)
    return [_shortened(printed(value, min(places + more, max(places, FINEST))), places) for value, places in figures]


def _misread(figures: Sequence[tuple[Number | None, int]], more: int) -> bool:
    """Whether the figures with `more` decimals stand in another order than they have."""
    known = [(float(value), places) for value, places in figures if value is not None and math.isfinite(value)]
    pairs = [(abs(value), abs(half_up(value, min(places + more, max(places, FINEST))))) for value, places in known]
    pairs.append((0.0, Decimal(0)))
    return any(
        size - other > ALIKE and shown <= beside
        for i, (size, shown) in enumerate(pairs)
        for j, (other, beside) in enumerate(pairs)
        if i != j
    )


def _shortened(text: str, places: int) -> str:
    """Without the zeros at the end that stand beyond `places` decimals."""
    whole, _, decimals = text.partition(".")
    kept = decimals[:places] + decimals[places:].rstrip("0")
    return f"{whole}.{kept}" if kept else whole


def _fraction_half_up(value: Fraction, decimals: int) -> Decimal:
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-whole if value < 0 else whole).scaleb(-decimals, context=_WIDE)
