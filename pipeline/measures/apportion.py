"""Shares of common areas (共有建筑面积分摊): exact inside, closed to the cent, every moved cent on record.

Levels, from the widest: 整幢 → 功能区间 → 功能区 → 层间 → 层内. A common part serves any set of units. Variants:

- exclusive: every part is split by inner area.
- gb_annex_b: parts that reach over functional zones (功能区间, 整幢) are first split between the zones by what each zone
  holds (inner area + all parts of lower levels it bears), then inside a zone by inner area; lower parts by inner area.
- cascade: every part is split by what each unit holds so far (inner area + its shares of all lower levels).

Source: GB/T 17986.1-2000 annex B as it is practised ; the closure is our own proposal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pipeline.measures.closure import MovedCent, close
from pipeline.rounding import half_up

LEVELS = ("整幢", "功能区间", "功能区", "层间", "层内")
ACROSS_ZONES = ("整幢", "功能区间")
K_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Unit:
    """A 户: inner area (套内建筑面积) and where it belongs."""

    id: str
    inner_area_m2: Decimal | Fraction
    zone: str = ""
    floor: str = ""
    building: str = ""


@dataclass(frozen=True, slots=True)
class Common:
    """A common part: area, level and the units it serves (none: not apportioned, whatever its level says)."""

    id: str
    area_m2: Decimal | Fraction
    level: str
    serves: frozenset[str]


@dataclass(frozen=True, slots=True)
class Factor:
    """K = ΣΔS / ΣS of one common part inside one group; zone None: the part is not split between zones first."""

    common: str
    zone: tuple[str, str] | None  # building, zone
    area_m2: Fraction  # what the group bears of the part
    k: Fraction

    @property
    def printed(self) -> Decimal:
        """K as it is printed, 6 decimals."""
        return half_up(self.k, K_DECIMALS)


@dataclass(frozen=True, slots=True)
class Shares:
    """Who bears how much. Keys are ids; `rounded` closes to 0.00 on the common areas, `moved` says how."""

    variant: str
    exact: Mapping[str, Fraction]  # unit → its share, m²
    rounded: Mapping[str, Decimal]  # unit → its printed share, m², 2 decimals
    factor: Mapping[str, Fraction]  # unit → exact share / inner area
    borne: Mapping[str, Mapping[str, Fraction]]  # common → unit → share of that part, m²
    factors: tuple[Factor, ...]
    moved: tuple[MovedCent, ...]

    @property
    def log(self) -> tuple[str, ...]:
        """One line per moved 0.01 m²."""
        return tuple(cent.line for cent in self.moved)

    def printed_factor(self, unit: str) -> Decimal:
        """The unit's K, 6 decimals."""
        return half_up(self.factor[unit], K_DECIMALS)


def apportion(units: Iterable[Unit], commons: Iterable[Common], *, variant: str = "gb_annex_b") -> Shares:
    """Shares of `commons` in `units`; the order of either does not matter.

    Areas are taken as printed (0.01 m²); then Σ rounded shares = Σ apportioned areas exactly, in every group of units
    that common parts tie together. Errors: ValueError for an unknown variant, level or unit, a repeated id, a
    negative area, or a part that serves only units without area.
    """
    listed = sorted(units, key=lambda unit: unit.id)
    known = {unit.id: unit for unit in listed}
    parts = sorted(commons, key=lambda common: common.id)
    if len(known) < len(listed) or len({part.id for part in parts}) < len(parts):
        raise ValueError("an id is used twice")
    _sound(known, parts, variant)
    held = {uid: Fraction(unit.inner_area_m2) for uid, unit in known.items()}
    borne: dict[str, dict[str, Fraction]] = {}
    factors: list[Factor] = []
    for level in reversed(LEVELS):
        at_level = [part for part in parts if part.level == level and part.serves]
        for part in at_level:
            borne[part.id], found = VARIANTS[variant](part, known, held)
            factors += found
        for part in at_level:  # parts of one level do not see each other
            for uid, share in borne[part.id].items():
                held[uid] += share
    exact = {uid: held[uid] - Fraction(unit.inner_area_m2) for uid, unit in known.items()}
    rounded, moved = _closed(exact, known, parts)
    factor = {uid: share / Fraction(known[uid].inner_area_m2 or 1) for uid, share in exact.items()}
    return Shares(variant, exact, rounded, factor, borne, tuple(factors), moved)


# ---------------------------------------------------------------- the variants: one common part → shares

Units = Mapping[str, Unit]
Areas = Mapping[str, Fraction]
Split = tuple[dict[str, Fraction], list[Factor]]


def _exclusive(part: Common, units: Units, held: Areas) -> Split:  # noqa: ARG001 — one signature for all variants
    return _one_group(part, _inner(part, units))


def _cascade(part: Common, units: Units, held: Areas) -> Split:  # noqa: ARG001
    return _one_group(part, {uid: held[uid] for uid in sorted(part.serves)})


def _gb_annex_b(part: Common, units: Units, held: Areas) -> Split:
    inner = _inner(part, units)
    if part.level not in ACROSS_ZONES:
        return _one_group(part, inner)
    zones: dict[tuple[str, str], list[str]] = defaultdict(list)
    for uid in inner:
        zones[units[uid].building, units[uid].zone].append(uid)
    whole = sum((held[uid] for uid in inner), Fraction(0))
    shares: dict[str, Fraction] = {}
    factors = []
    for zone, members in sorted(zones.items()):
        area = Fraction(part.area_m2) * sum((held[uid] for uid in members), Fraction(0)) / whole
        base = sum((inner[uid] for uid in members), Fraction(0))
        k = area / base if base else Fraction(0)
        factors.append(Factor(part.id, zone, area, k))
        shares |= {uid: k * inner[uid] for uid in members}
    return shares, factors


VARIANTS: dict[str, Callable[[Common, Units, Areas], Split]] = {
    "gb_annex_b": _gb_annex_b,
    "exclusive": _exclusive,
    "cascade": _cascade,
}


def _inner(part: Common, units: Units) -> dict[str, Fraction]:
    return {uid: Fraction(units[uid].inner_area_m2) for uid in sorted(part.serves)}


def _one_group(part: Common, weights: Areas) -> Split:
    area, base = Fraction(part.area_m2), sum(weights.values(), Fraction(0))
    k = area / base
    return {uid: k * weight for uid, weight in weights.items()}, [Factor(part.id, None, area, k)]


# ---------------------------------------------------------------- inside


def _sound(units: Units, parts: Sequence[Common], variant: str) -> None:
    """Errors: ValueError with the id that is wrong."""
    if variant not in VARIANTS:
        raise ValueError(f"variant: {variant!r}: one of {sorted(VARIANTS)} is wanted")
    if any(unit.inner_area_m2 < 0 for unit in units.values()) or any(part.area_m2 < 0 for part in parts):
        raise ValueError("areas must not be negative")
    for part in parts:
        if part.serves and part.level not in LEVELS:
            raise ValueError(f"{part.id}: level {part.level!r}: one of {LEVELS} is wanted")
        if unknown := sorted(part.serves - units.keys()):
            raise ValueError(f"{part.id} serves unknown units: {unknown}")
        if part.serves and not any(units[uid].inner_area_m2 for uid in part.serves):
            raise ValueError(f"{part.id} serves only units without area")


def _closed(exact: Areas, units: Units, parts: Sequence[Common]) -> tuple[dict[str, Decimal], tuple[MovedCent, ...]]:
    """Shares to the cent, closed in every group of units that parts tie together."""
    rounded: dict[str, Decimal] = {}
    moved: list[MovedCent] = []
    for members in _tied(units, parts):
        printed, cents = close(
            {uid: exact[uid] for uid in members}, sizes={uid: Fraction(units[uid].inner_area_m2) for uid in members}
        )
        rounded |= printed
        moved += cents
    return rounded, tuple(moved)


def _tied(units: Units, parts: Iterable[Common]) -> list[list[str]]:
    """Groups of units connected by serving parts, each sorted, in the order of their first unit."""
    leader = {uid: uid for uid in units}

    def find(uid: str) -> str:
        while leader[uid] != uid:
            leader[uid] = leader[leader[uid]]
            uid = leader[uid]
        return uid

    for part in parts:
        served = sorted(part.serves)
        for uid in served[1:]:
            a, b = sorted((find(served[0]), find(uid)))
            leader[b] = a
    groups: dict[str, list[str]] = defaultdict(list)
    for uid in sorted(units):
        groups[find(uid)].append(uid)
    return [groups[key] for key in sorted(groups)]
