"""Inspection of drawn units after GB/T 24356-2023: how many to draw, their accuracy score, the grade of the batch."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

# GB/T 24356-2023, table 1: largest batch of the row, units to draw
SAMPLES = (
    (20, 3),
    (40, 5),
    (60, 7),
    (80, 9),
    (100, 10),
    (120, 11),
    (140, 12),
    (160, 13),
    (180, 14),
    (200, 15),
    (232, 17),
    (282, 20),
    (362, 24),
    (487, 30),
    (686, 40),
    (1000, 56),
)
LARGEST_BATCH = 1000  # GB/T 24356-2023: more are split into batches
OVERVIEW_B = 4  # GB/T 24356-2023: as many B faults fail the overview check
FAILED = "不合格"
GRADES = ("优", "良", "合格", FAILED)
# GB/T 24356-2023, final inspection: grade, least share of 优 and 良 together, least share of 优
SHARES = (("优", Fraction(9, 10), Fraction(5, 10)), ("良", Fraction(8, 10), Fraction(3, 10)))
GOOD_SHARE = Fraction(3, 10)  # GB/T 24356-2023: up to 0.3 m0 the accuracy score is full


def sample_size(batch: int) -> int:
    """Units to draw from `batch`: by the table, all when the table asks for more; over 1000 the sum of its parts.

    >>> [sample_size(n) for n in (2, 20, 21, 1000, 1001)]
    [2, 3, 5, 56, 80]
    """
    return sum(_drawn(part) for part in batches(batch))


def batches(units: int) -> tuple[int, ...]:
    """`units` as the fewest batches of at most 1000, as even as they come, larger first.

    >>> batches(2500)
    (834, 833, 833)
    """
    if units < 0:
        msg = f"a batch has no {units} units"
        raise ValueError(msg)
    parts = -(-units // LARGEST_BATCH)
    size, rest = divmod(units, parts) if parts else (0, 0)
    return tuple(size + (n < rest) for n in range(parts))


def overview_passes(n_a: int, n_b: int) -> bool:
    """The overview check (概查) passes with no A fault and fewer than four B faults."""
    return n_a == 0 and n_b < OVERVIEW_B


def batch_grade(grades: Sequence[str | None]) -> str | None:
    """The grade of a batch in final inspection from the grades of its units; None when a unit has none.

    Args: grades: 优 | 良 | 合格 | 不合格 per unit. Errors: ValueError for another word.
    """
    unknown = {grade for grade in grades if grade is not None and grade not in GRADES}
    if unknown:
        msg = f"no grades: {', '.join(sorted(unknown))}"
        raise ValueError(msg)
    if FAILED in grades:
        return FAILED
    if not grades or None in grades:
        return None
    best = Fraction(grades.count("优"), len(grades))
    good = best + Fraction(grades.count("良"), len(grades))
    return next((word for word, both, alone in SHARES if good >= both and best >= alone), "合格")


def accuracy_score(m: float, m0: float) -> float | None:
    """100 up to 0.3·m0, then 60 + 40·(m0 − m)/(0.7·m0) down to 60 at m0; beyond m0 None: a fault of class A.

    Args: m: root mean square error found; m0: the permitted one, same unit, > 0. Source: GB/T 24356-2023.
    """
    if m0 <= 0 or m < 0:
        msg = f"m ≥ 0 and m0 > 0 are wanted, not {m} and {m0}"
        raise ValueError(msg)
    error, limit = Fraction(str(m)), Fraction(str(m0))
    if error > limit:
        return None
    if error <= GOOD_SHARE * limit:
        return 100.0
    return float(60 + 40 * (limit - error) / ((1 - GOOD_SHARE) * limit))


def _drawn(batch: int) -> int:
    return min(batch, next(drawn for largest, drawn in SAMPLES if batch <= largest))
