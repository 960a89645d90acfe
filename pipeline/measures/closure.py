"""Rounding that closes: printed parts add up to the printed whole, by largest remainder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from pipeline.rounding import half_up


@dataclass(frozen=True, slots=True)
class MovedCent:
    """One step of the last decimal that a part got or gave against its own rounding."""

    id: str
    exact: Fraction
    alone: Decimal  # rounded half up by itself
    closed: Decimal  # as printed

    @property
    def line(self) -> str:
        """The log line, Chinese."""
        digits = -int(self.closed.as_tuple().exponent) + 4
        return (
            f"{self.id}：计算值 {half_up(self.exact, digits)}，四舍五入 {self.alone}，"
            f"尾差配赋 {self.closed - self.alone:+}，取 {self.closed}"
        )


def close(
    parts: Mapping[str, Fraction], *, sizes: Mapping[str, Fraction] | None = None, decimals: int = 2
) -> tuple[dict[str, Decimal], tuple[MovedCent, ...]]:
    """Parts rounded to `decimals` so that they add up to their sum rounded half up; no part moves a whole step.

    The largest remainders are rounded up; ties go to the larger of `sizes`, then to the smaller id.

    >>> close({"A": Fraction(1, 3), "B": Fraction(1, 3), "C": Fraction(1, 3)})[0]
    {'A': Decimal('0.34'), 'B': Decimal('0.33'), 'C': Decimal('0.33')}
    """
    scale = 10**decimals
    floors = {key: floor(part * scale) for key, part in parts.items()}
    whole = int(half_up(sum(parts.values(), Fraction(0)), decimals).scaleb(decimals))
    size = sizes or {}
    order = sorted(parts, key=lambda key: (floors[key] - parts[key] * scale, -size.get(key, Fraction(0)), key))
    up = set(order[: whole - sum(floors.values())])
    closed = {key: Decimal(floors[key] + (key in up)).scaleb(-decimals) for key in sorted(parts)}
    moved = tuple(
        MovedCent(key, parts[key], alone, value)
        for key, value in closed.items()
        if value != (alone := half_up(parts[key], decimals))
    )
    return closed, moved
