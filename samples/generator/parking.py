"""Where the cars and bicycles stand; the civil-defence drawing shows the same spaces under the same numbers."""

from __future__ import annotations

from dataclasses import dataclass

MIRROR_X = 96.0


@dataclass(frozen=True)
class Space:
    """One parking space; `unit`: the civil-defence unit that holds it."""

    number: str
    kind: str
    level: int
    x: float
    y: float
    unit: str | None = None


def spaces() -> list[Space]:
    """Every space: 24 above ground, 96 on each basement level, 44 for bicycles."""
    return [*_ground(), *_upper_level(), *_lower_level(), *_bicycles()]


def _ground() -> list[Space]:
    east = [(91.25 + 2.5 * i, 29.5) for i in range(12)]
    south = [(41.25 + 2.5 * i, 22.5) for i in range(12)]
    return [Space(f"A{n:03d}", "机动车", 1, x, y) for n, (x, y) in enumerate(east + south, 1)]


def _upper_level() -> list[Space]:
    rows = [(14 + 3.0 * i, y) for y in (37.0, 48.0, 59.0, 70.0) for i in range(24)]
    return [Space(f"B{n:03d}", "机动车", -1, x, y) for n, (x, y) in enumerate(rows, 1)]


def _lower_level() -> list[Space]:
    shelter = [("RF-1", 20 + 3.5 * i, y) for y in (44.0, 56.0, 68.0) for i in range(8)]
    shelter += [("RF-2", MIRROR_X - 20 - 3.0 * i, y) for y in (59.5, 69.5) for i in range(9)]
    shelter += [("RF-3", MIRROR_X - 20 - 4.0 * i, y) for y in (42.0, 50.0) for i in range(7)]
    found = [Space(f"C{n:03d}", "机动车", -2, x, y, unit) for n, (unit, x, y) in enumerate(shelter, 1)]
    rest = [(12 + 3.0 * i, 36.0) for i in range(25)]
    rest += [(x, 80.0) for x in (21.0, 24.0, 38.0, 41.0, 44.0, 47.0, 50.0, 53.0, 56.0, 72.0, 75.0)]
    rest += [(x, 86.0) for x in (40.0, 44.0, 51.0, 55.0)]
    return found + [Space(f"C{n:03d}", "机动车", -2, x, y) for n, (x, y) in enumerate(rest, len(found) + 1)]


def _bicycles() -> list[Space]:
    return [Space(f"F{n:03d}", "非机动车", 1, 88.0, round(46 + 0.6 * (n - 1), 1)) for n in range(1, 45)]
