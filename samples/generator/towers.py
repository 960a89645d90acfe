"""1 and 2: an 18-storey tower on its half of the podium and of the basement; 2 mirrors 1 with its own details.

Every plan is written in the frame of building 1 and mirrored at the joint x = 48 for building 2.
"""

from __future__ import annotations

from decimal import Decimal

from generator.model import Balcony, Building, Common, Floor, Unit, building_code, floor_id, zone_name
from generator.shape import Shape, poly, rect

PODIUM_HEIGHTS = (Decimal("5.40"), Decimal("4.80"), Decimal("4.50"))
HOME_HEIGHT, GARAGE_HEIGHT = Decimal("3.00"), Decimal("3.90")
CORE = rect(27.1, 76.1, 34.9, 83.9)
HALL = rect(27.1, 76.1, 34.9, 85.9)
GARAGE_CORE = rect(27.1, 76.1, 34.9, 88.0)
TOWER = rect(18, 66, 44, 84)
JOINT_X = 48.0


class Plan:
    """Floors of one tower building: collects units and common parts under its number."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.notch = {1: 4.0, 2: 5.0}[number]

    def place(self, shape: Shape) -> Shape:
        """The figure where this building stands."""
        return shape if self.number == 1 else shape.mapped(lambda x, y: (2 * JOINT_X - x, y), flips=True)

    def unit(self, room: str, use: str, zone: str, shape: Shape, *balconies: tuple[Shape, bool]) -> Unit:
        made = [Balcony(self.place(b), glazed) for b, glazed in balconies]
        return Unit(room, use, zone_name(self.number, zone), self.place(shape), made)

    def common(self, name: str, level: str, shape: Shape, *serves: str | int) -> Common:
        """`serves`: zone kinds (text) or floors (numbers); nothing = the building, or nobody for 不分摊."""
        whole = "" if level == "不分摊" else building_code(self.number)
        names = [floor_id(self.number, s) if isinstance(s, int) else zone_name(self.number, s) for s in serves]
        return Common(name, level, ";".join(names) or whole or "不分摊", self.place(shape))

    def podium_outline(self, inset: float = 0.0) -> Shape:
        n, i = self.notch, inset
        return poly(
            (16 + i, 86 - i),
            (48 - i, 86 - i),
            (48 - i, 56 + i),
            (16 + n + i, 56 + i),
            (16 + n + i, 60 + i),
            (16 + i, 60 + i),
        )

    def wall(self, outer: Shape, inner: Shape) -> Common:
        ring = poly(*outer.rings[0], holes=[list(reversed(inner.rings[0]))])
        return self.common("外墙（半墙）", "整幢", ring)

    def podium(self, floor: int) -> Floor:
        social = self.number == 1 and floor == 3
        zone = "配套" if social else "商业"
        units = self._social() if social else self._shops(floor)
        commons = [
            self.wall(self.podium_outline(), self.podium_outline(0.1)),
            self.common("住宅门厅及核心筒", "功能区", HALL, "住宅"),
            self.common("公共通廊", "层内", rect(16.1, 66.0, 47.9, 68.4), floor),
            self.common("货梯及疏散楼梯", *self._cargo()),
            self.common("卫生间", "功能区", rect(43.9, 81.9, 47.9, 85.9), zone),
        ]
        if floor == 1:
            commons.append(self.common("消防控制室及变配电间", "整幢", rect(27.1, 68.4, 34.9, 76.1)))
        if floor < 3:
            commons.append(self.common("自动扶梯", "层间", rect(34.9, 68.4, 38.9, 76.1), 1, 2))
        return Floor(floor, PODIUM_HEIGHTS[floor - 1], self.place(self.podium_outline()), units, commons)

    def _cargo(self) -> tuple[str, Shape, str] | tuple[str, Shape, str, str]:
        shape = rect(16.1, 77.0, 20.1, 85.9)
        return ("功能区间", shape, "商业", "配套") if self.number == 1 else ("功能区", shape, "商业")

    def _west_shop(self) -> Shape:
        return poly((16.1, 68.4), (16.1, 77.0), (20.1, 77.0), (20.1, 85.9), (27.1, 85.9), (27.1, 68.4))

    def _shops(self, floor: int) -> list[Unit]:
        n = self.notch
        lift = [(38.9, 68.4), (38.9, 76.1), (34.9, 76.1)] if floor < 3 else [(34.9, 68.4)]
        plans = [
            poly((16.1, 66.0), (32.0, 66.0), (32.0, 56.1), (16.1 + n, 56.1), (16.1 + n, 60.1), (16.1, 60.1)),
            rect(32.0, 56.1, 47.9, 66.0),
            self._west_shop(),
            poly((34.9, 85.9), (43.9, 85.9), (43.9, 81.9), (47.9, 81.9), (47.9, 68.4), *lift),
        ]
        if floor > 1:
            plans.append(rect(27.1, 68.4, 34.9, 76.1))
        return [self.unit(f"商业{floor}-{i}", "31", "商业", shape) for i, shape in enumerate(plans, 1)]

    def _social(self) -> list[Unit]:
        n = self.notch
        south = poly((16.1, 66.0), (47.9, 66.0), (47.9, 56.1), (16.1 + n, 56.1), (16.1 + n, 60.1), (16.1, 60.1))
        east = poly(
            (34.9, 85.9),
            (43.9, 85.9),
            (43.9, 81.9),
            (47.9, 81.9),
            (47.9, 68.4),
            (27.1, 68.4),
            (27.1, 76.1),
            (34.9, 76.1),
        )
        return [
            self.unit("配套3-1", "22", "配套", south),
            self.unit("配套3-2", "84", "配套", self._west_shop()),
            self.unit("配套3-3", "22", "配套", east),
        ]

    def home(self, floor: int) -> Floor:
        """Four dwellings around a core; above the tenth floor the party wall stands 1.2 m farther."""
        party = 31.0 if floor <= 10 else 32.2
        west = poly((18.1, 83.9), (27.1, 83.9), (27.1, 76.1), (24.1, 76.1), (24.1, 74.0), (18.1, 74.0))
        east = poly((34.9, 83.9), (43.9, 83.9), (43.9, 74.0), (37.9, 74.0), (37.9, 76.1), (34.9, 76.1))
        glazed = [rect(18.0, 64.6, 20.0, 66.0), rect(42.0, 64.6, 44.0, 66.0)]
        units = [
            self.unit(
                f"{floor}-1",
                "11",
                "住宅",
                rect(18.1, 66.1, party, 74.0),
                (rect(22.0, 64.6, 26.0, 66.0), False),
                (glazed[0], True),
            ),
            self.unit(
                f"{floor}-2",
                "11",
                "住宅",
                rect(party, 66.1, 43.9, 74.0),
                (rect(36.0, 64.6, 40.0, 66.0), False),
                (glazed[1], True),
            ),
            self.unit(f"{floor}-3", "11", "住宅", west, (rect(16.6, 80.0, 18.0, 83.0), False)),
            self.unit(f"{floor}-4", "11", "住宅", east, (rect(44.0, 80.0, 45.4, 83.0), False)),
        ]
        commons = [
            self.wall(TOWER, rect(18.1, 66.1, 43.9, 83.9)),
            self.common("核心筒", "功能区", CORE, "住宅"),
            self.common("住宅走廊", "层内", rect(24.1, 74.0, 37.9, 76.1), floor),
        ]
        return Floor(floor, HOME_HEIGHT, self.place(TOWER), units, commons)

    def garage(self, floor: int) -> Floor:
        upper = floor == -1
        outline = self.upper_outline() if upper else rect(10, 34, 48, 88)
        plant = rect(10, 80, 20, 88) if upper else rect(10, 78, 18, 88)
        commons = [
            self.common("住宅核心筒及候梯厅", "功能区", GARAGE_CORE, "住宅"),
            self.common("风机房" if upper else "消防水泵房及水池", "整幢", plant),
            self.common("地下车库", "不分摊", self.upper_garage() if upper else LOWER_GARAGE),
        ]
        if not upper:
            shelters = {1: [("第一防护单元", 38, 74)], 2: [("第二防护单元", 54, 74), ("第三防护单元", 38, 54)]}
            commons += [
                self.common(f"人防工程（{name}）", "不分摊", rect(14, y0, 48, y1))
                for name, y0, y1 in shelters[self.number]
            ]
        return Floor(floor, GARAGE_HEIGHT, self.place(outline), [], commons)

    def upper_outline(self) -> Shape:
        """Level −1: under 2 the low space beneath the ramp is not counted in property."""
        if self.number == 1:
            return rect(10, 26, 48, 88)
        return poly((10, 88), (48, 88), (48, 26), (20, 26), (20, 34), (10, 34))

    def upper_garage(self) -> Shape:
        low = [(10, 26)] if self.number == 1 else [(20, 26), (20, 34), (10, 34)]
        return poly(
            (10, 80), (20, 80), (20, 88), (27.1, 88), (27.1, 76.1), (34.9, 76.1), (34.9, 88), (48, 88), (48, 26), *low
        )


LOWER_GARAGE = poly(
    (10, 78),
    (18, 78),
    (18, 88),
    (27.1, 88),
    (27.1, 76.1),
    (34.9, 76.1),
    (34.9, 88),
    (48, 88),
    (48, 74),
    (14, 74),
    (14, 38),
    (48, 38),
    (48, 34),
    (10, 34),
)


def tower(number: int) -> Building:
    """Building 1 or 2 with floors −2, −1, 1 … 18."""
    plan = Plan(number)
    floors = [plan.garage(-2), plan.garage(-1)]
    floors += [plan.podium(f) for f in (1, 2, 3)] + [plan.home(f) for f in range(4, 19)]
    return Building(number, plan.place(plan.podium_outline()), floors, "11", Decimal("61.35"))
