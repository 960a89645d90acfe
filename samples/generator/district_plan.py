"""A district on a street grid: which lot each project stands on, what it is commissioned for, what goes wrong in it.

A block is two rows of four lots that share their boundaries; streets run between blocks. Coordinates are metres in
EPSG:4545 (CGCS2000, CM 108° E, belt 36), every dimension a multiple of 0.1 m. A project of belt 35 (EPSG:4544) has a
frame of its own, turned by the convergence of both belts, so it keeps a strip of its lot free.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

from pyproj import Transformer

from generator.district_words import COUNTY, DISTRICT, FIRMS, SUBDISTRICTS, Firm, person, project_name, street

BELT_36, BELT_35 = 4545, 4544
ORIGIN_EAST_M, ORIGIN_NORTH_M = 359_800.0, 3_276_400.0
COLUMNS, ROWS = 4, 2  # lots of a block
STREET_M = 18.0
BLOCK_EAST_M, BLOCK_NORTH_M = 240.0, 130.0  # from one block to the next
MARGIN_35_M = 3.0  # what a project of belt 35 keeps free: 1.5° over half of 60 m is 0.8 m
ALL = ("planning", "green", "civil_defence", "cadastral", "property")
COMMISSIONS = (ALL, ("planning", "green", "cadastral", "property"), ("planning", "cadastral", "property"),
               ("cadastral", "property"), ("planning", "cadastral"), ("cadastral",))  # fmt: skip
SHARES = (8, 20, 22, 30, 8, 12)

_to_35 = Transformer.from_crs(BELT_36, BELT_35, always_xy=True)


@dataclass(frozen=True)
class Lot:
    """An upright rectangle in EPSG:4545 and what bounds it."""

    west: float
    south: float
    width_m: float
    depth_m: float
    sides: dict[str, str]  # 东 南 西 北 → street or neighbour
    address: str


@dataclass
class Plan:
    """One project before it is written. Local metres from the south-west corner of its land.

    faults: words of `district_faults`; widened_m: how far the drawn land reaches beyond its lot to the east.
    """

    number: int
    lot: Lot
    name: str
    client: str
    firm: Firm
    people: tuple[str, str, str]
    surveys: tuple[str, ...]
    floors: int
    use: tuple[str, str, str]
    date: str
    parcel_code: str
    epsg: int = BELT_36
    widened_m: float = 0.0
    broken: str = ""
    faults: list[str] = field(default_factory=list)

    @property
    def code(self) -> str:
        return f"CQJB-2026-{self.number:04d}"

    @property
    def folder(self) -> str:
        return f"{self.code}_{self.name}"

    @property
    def size(self) -> tuple[float, float]:
        """Width and depth of the land."""
        free = 2 * MARGIN_35_M if self.epsg == BELT_35 else 0.0
        return round(self.lot.width_m - free + self.widened_m, 1), round(self.lot.depth_m - free, 1)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """East and north in the project's own CRS."""
        if self.epsg == BELT_36:
            return round(self.lot.west + x, 3), round(self.lot.south + y, 3)
        width, depth = self.size
        east, north = _to_35.transform(self.lot.west + self.lot.width_m / 2, self.lot.south + self.lot.depth_m / 2)
        return round(math.floor(east * 10) / 10 - width / 2 + x, 3), round(
            math.floor(north * 10) / 10 - depth / 2 + y, 3
        )


def plans(count: int, dice: random.Random) -> list[Plan]:
    """`count` clean projects on neighbouring lots, block by block."""
    side = max(1, math.ceil(math.sqrt(count / (COLUMNS * ROWS))))
    found: list[Plan] = []
    for block in range(math.ceil(count / (COLUMNS * ROWS))):
        lots = _block(block % side, block // side, dice)
        found += [_plan(len(found) + i, lot, dice) for i, lot in enumerate(lots[: count - len(found)], 1)]
    return found


def _block(column: int, row: int, dice: random.Random) -> list[Lot]:
    """Lots of one block from the south-west, eastwards, then the northern row."""
    widths = [dice.randrange(400, 541) / 10 for _ in range(COLUMNS)]
    depths = [dice.randrange(420, 541) / 10 for _ in range(ROWS)]
    west, south = ORIGIN_EAST_M + column * BLOCK_EAST_M, ORIGIN_NORTH_M + row * BLOCK_NORTH_M
    around = {"西": street(column, row, along=False), "东": street(column + 1, row, along=False)}
    around |= {"南": street(column, row, along=True), "北": street(column, row + 1, along=True)}
    lots = []
    for j, depth in enumerate(depths):
        for i, width in enumerate(widths):
            own = around["南" if j == 0 else "北"]
            number = 2 * (column * COLUMNS + i) + 1 + j
            sides = {
                "东": around["东"] if i == COLUMNS - 1 else "相邻宗地",
                "西": around["西"] if i == 0 else "相邻宗地",
                "南": around["南"] if j == 0 else "相邻宗地",
                "北": around["北"] if j == ROWS - 1 else "相邻宗地",
            }
            lots.append(
                Lot(
                    round(west + sum(widths[:i]), 1),
                    round(south + sum(depths[:j]), 1),
                    width,
                    depth,
                    sides,
                    f"重庆市江北区{own}{number}号",
                )
            )
    return lots


def _plan(number: int, lot: Lot, dice: random.Random) -> Plan:
    name, client, use = project_name(dice)
    surveys = dice.choices(COMMISSIONS, SHARES)[0]
    return Plan(
        number,
        lot,
        name,
        client,
        dice.choice(FIRMS),
        (person(dice), person(dice), person(dice)),
        surveys,
        dice.choice((1, 2, 2, 3, 4)),
        use,
        f"2026-{dice.randint(3, 9):02d}-{dice.randint(1, 28):02d}",
        f"{COUNTY}{DISTRICT}{dice.choice(SUBDISTRICTS)}GB{number:05d}",
    )
