"""Sampling for acceptance after GB/T 24356-2023: how many units of a batch are drawn."""

from __future__ import annotations

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


def _drawn(batch: int) -> int:
    return min(batch, next(drawn for largest, drawn in SAMPLES if batch <= largest))
