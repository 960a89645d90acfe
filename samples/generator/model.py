"""The building model: buildings of floors, floors of units, common parts and balconies."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from generator.shape import Shape, half_up

PARCEL = "500105002006GB00117"


@dataclass
class Balcony:
    """A balcony outside the floor outline. The property survey counts an open one by half, a glazed one whole."""

    shape: Shape
    glazed: bool

    @property
    def factor(self) -> Decimal:
        return Decimal(1) if self.glazed else Decimal("0.5")

    @property
    def counted_m2(self) -> Decimal:
        return half_up(half_up(self.shape.area_m2) * self.factor)


@dataclass
class Unit:
    """One 户: what its owner holds alone."""

    room: str
    use: str  # code of list FWYT
    zone: str  # functional zone
    shape: Shape
    balconies: list[Balcony] = field(default_factory=list)
    number: int = 0  # within the building, set when the building is complete
    share_m2: Decimal = Decimal(0)
    share_factor: Decimal = Decimal(0)

    @property
    def balcony_m2(self) -> Decimal:
        return sum((b.counted_m2 for b in self.balconies), Decimal(0))

    @property
    def inner_m2(self) -> Decimal:
        return half_up(self.shape.area_m2) + self.balcony_m2


@dataclass
class Common:
    """A common part and whom it serves: building code, zone names or floor ids, `;` between; 不分摊 serves nobody."""

    name: str
    level: str  # code of list share_level
    serves: str
    shape: Shape

    @property
    def area_m2(self) -> Decimal:
        return half_up(self.shape.area_m2)


@dataclass
class Floor:
    """One storey; `outline` is what the property survey counts, without balconies."""

    number: int
    height_m: Decimal
    outline: Shape
    units: list[Unit]
    commons: list[Common]

    @property
    def area_m2(self) -> Decimal:
        return half_up(self.outline.area_m2) + sum((u.balcony_m2 for u in self.units), Decimal(0))


@dataclass
class Building:
    """One 幢, numbered from 1."""

    number: int
    footprint: Shape
    floors: list[Floor]
    use: str  # planned use, code of list FWYT
    height_m: Decimal

    @property
    def code(self) -> str:
        return f"{PARCEL}F{self.number:04d}"

    @property
    def above(self) -> int:
        return sum(f.number > 0 for f in self.floors)

    @property
    def below(self) -> int:
        return sum(f.number < 0 for f in self.floors)

    @property
    def units(self) -> list[Unit]:
        return [u for f in self.floors for u in f.units]

    @property
    def area_m2(self) -> Decimal:
        return sum((f.area_m2 for f in self.floors), Decimal(0))


def floor_id(building: int, floor: int) -> str:
    """0001-18, 0001-B2."""
    return f"{building:04d}-{floor:02d}" if floor > 0 else f"{building:04d}-B{-floor}"


def zone_name(building: int, kind: str) -> str:
    """1-住宅: the functional zone as 户 and 共有部位 write it."""
    return f"{building}-{kind}"


def building_code(building: int) -> str:
    """24 places: parcel, F, building."""
    return f"{PARCEL}F{building:04d}"
