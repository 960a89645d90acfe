"""Who carries how much of the common parts, in exact fractions (the Annex B manner of GB/T 17986.1).

层内, 层间 and 功能区 parts fall on the units they serve by inner area. A 功能区间 part falls first on its zones by zone area
(inner areas plus the parts that belong to the zone alone), a 整幢 part on all zones by zone area including what the zone
took of 功能区间 parts; inside a zone again by inner area. Cents are closed per building by largest remainder, ties to the
larger and then the earlier unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from generator.model import Building, Common, Unit, floor_id
from generator.shape import half_up

CENT = Fraction(1, 100)


def apportion(building: Building) -> None:
    """Set `share_m2` and `share_factor` of every unit of the building."""
    units = building.units
    shares = [Fraction(0)] * len(units)
    inner = [Fraction(u.inner_m2) for u in units]
    zones: dict[str, list[int]] = {}
    floors: dict[str, list[int]] = {}
    for i, (floor, unit) in enumerate((f, u) for f in building.floors for u in f.units):
        zones.setdefault(unit.zone, []).append(i)
        floors.setdefault(floor_id(building.number, floor.number), []).append(i)
    commons = [c for f in building.floors for c in f.commons]
    zone_area = {name: sum((inner[i] for i in members), Fraction(0)) for name, members in zones.items()}
    for common in _at(commons, "层内", "层间", "功能区"):
        members = [i for name in common.serves.split(";") for i in (zones.get(name) or floors[name])]
        zone_area[units[members[0]].zone] += Fraction(common.area_m2)
        _spread(shares, members, inner, Fraction(common.area_m2))
    between = [(c, _by_zone(c.serves.split(";"), zone_area, Fraction(c.area_m2))) for c in _at(commons, "功能区间")]
    for _, parts in between:
        for name, part in parts.items():
            _spread(shares, zones[name], inner, part)
            zone_area[name] += part
    whole = sum((Fraction(c.area_m2) for c in _at(commons, "整幢")), Fraction(0))
    for name, part in _by_zone(list(zones), zone_area, whole).items():
        _spread(shares, zones[name], inner, part)
    _close(units, shares, inner)


def shared_total_m2(building: Building) -> Decimal:
    """Everything that is apportioned in the building."""
    commons = (c for f in building.floors for c in f.commons)
    return sum((c.area_m2 for c in commons if c.level != "不分摊"), Decimal(0))


def _at(commons: Iterable[Common], *levels: str) -> list[Common]:
    return [c for c in commons if c.level in levels]


def _spread(shares: list[Fraction], members: list[int], inner: list[Fraction], area: Fraction) -> None:
    base = sum((inner[i] for i in members), Fraction(0))
    for i in members:
        shares[i] += area * inner[i] / base


def _by_zone(names: list[str], zone_area: dict[str, Fraction], area: Fraction) -> dict[str, Fraction]:
    base = sum((zone_area[name] for name in names), Fraction(0))
    return {name: area * zone_area[name] / base for name in names}


def _close(units: list[Unit], shares: list[Fraction], inner: list[Fraction]) -> None:
    cents = [int(share / CENT) for share in shares]
    missing = int(sum(shares, Fraction(0)) / CENT) - sum(cents)
    order = sorted(range(len(units)), key=lambda i: (-(shares[i] / CENT - cents[i]), -inner[i], i))
    for i in order[:missing]:
        cents[i] += 1
    for unit, share, cent, area in zip(units, shares, cents, inner, strict=True):
        unit.share_m2 = Decimal(cent) / 100
        factor = share / area
        unit.share_factor = half_up(Decimal(factor.numerator) / Decimal(factor.denominator), 6)
