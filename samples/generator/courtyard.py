"""3号楼: six storeys around a courtyard, with a façade bent outwards and an open passage on the ground floor."""

from __future__ import annotations

import math
from decimal import Decimal

from generator.model import Building, Common, Floor, Unit, building_code, floor_id, zone_name
from generator.shape import Shape, Vertex, corners, poly, rect

NUMBER = 3
HEIGHTS = (Decimal("4.20"),) + (Decimal("3.60"),) * 5
BULGE = 0.25  # chord 28 m, rise 3.5 m
FRONT: tuple[Vertex, Vertex] = ((118, 46, -BULGE), (90, 46, 0))
COURT = corners(100, 56, 108, 66)
CENTRE_X, CENTRE_Y, RADIUS = 104.0, 72.25, 29.75
PASSAGE = rect(108, 59, 118, 63)


def _inner_front() -> tuple[Vertex, Vertex]:
    """The wall centre line of the bent façade: same centre, radius 0.1 m shorter, ending at the side walls."""
    radius, half = RADIUS - 0.1, 13.9
    y = CENTRE_Y - math.sqrt(radius**2 - half**2)
    return (117.9, y, -math.tan(math.asin(half / radius) / 2)), (90.1, y, 0)


FOOTPRINT = poly((90, 76), (118, 76), *FRONT, holes=[COURT])
GROUND_OUTLINE = poly(
    (90, 76), (118, 76), (118, 63), (108, 63), (108, 66), (100, 66), (100, 56), (108, 56), (108, 59), (118, 59), *FRONT
)
GROUND_CENTRE = poly(
    (90.1, 75.9),
    (117.9, 75.9),
    (117.9, 63.1),
    (108.1, 63.1),
    (108.1, 66.1),
    (99.9, 66.1),
    (99.9, 55.9),
    (108.1, 55.9),
    (108.1, 58.9),
    (117.9, 58.9),
    *_inner_front(),
)
UPPER_CENTRE = poly((90.1, 75.9), (117.9, 75.9), *_inner_front())
COURT_WALL = poly(*corners(99.9, 55.9, 108.1, 66.1), holes=[COURT])
CORE = rect(100, 68.1, 108, 75.9)
CORRIDOR = rect(98, 66.1, 110, 68.1)
NORTH_WEST = ((90.1, 75.9), (100, 75.9), (100, 68.1), (98, 68.1), (98, 66.1), (99.9, 66.1), (99.9, 55.9), (108.1, 55.9))


def courtyard_building() -> Building:
    """Floors 1 … 6, no basement."""
    return Building(NUMBER, FOOTPRINT, [_ground(), *(_upper(f) for f in range(2, 7))], "60", Decimal("23.85"))


def _ground() -> Floor:
    zone = zone_name(NUMBER, "商业")
    west = poly(*NORTH_WEST, (108.1, 58.9), (117.9, 58.9), *_inner_front())
    east = poly(
        (108, 75.9), (117.9, 75.9), (117.9, 63.1), (108.1, 63.1), (108.1, 66.1), (110, 66.1), (110, 68.1), (108, 68.1)
    )
    units = [Unit("商业1-1", "31", zone, west), Unit("商业1-2", "31", zone, east)]
    wall = poly(*GROUND_OUTLINE.rings[0], holes=[list(reversed_arc(GROUND_CENTRE))])
    commons = [
        Common("外墙（半墙）", "整幢", building_code(NUMBER), wall),
        Common("门厅及核心筒", "整幢", building_code(NUMBER), CORE),
        Common("公共走廊", "层内", floor_id(NUMBER, 1), CORRIDOR),
    ]
    return Floor(1, HEIGHTS[0], GROUND_OUTLINE, units, commons)


def _upper(floor: int) -> Floor:
    zone = zone_name(NUMBER, "办公")
    west = poly(*NORTH_WEST, (117.9, 55.9), *_inner_front())
    east = poly(
        (108, 75.9), (117.9, 75.9), (117.9, 55.9), (108.1, 55.9), (108.1, 66.1), (110, 66.1), (110, 68.1), (108, 68.1)
    )
    units = [Unit(f"{floor}-1", "60", zone, west), Unit(f"{floor}-2", "60", zone, east)]
    outer = poly((90, 76), (118, 76), *FRONT, holes=[list(reversed_arc(UPPER_CENTRE))])
    commons = [
        Common("外墙（半墙）", "整幢", building_code(NUMBER), outer),
        Common("内院外墙（半墙）", "整幢", building_code(NUMBER), COURT_WALL),
        Common("核心筒", "功能区", zone, CORE),
        Common("公共走廊", "层内", floor_id(NUMBER, floor), CORRIDOR),
    ]
    return Floor(floor, HEIGHTS[floor - 1], FOOTPRINT, units, commons)


def reversed_arc(shape: Shape) -> list[Vertex]:
    """The shell the other way round: the bulge moves to the edge's other end and changes its sign."""
    ring = shape.rings[0]
    n = len(ring)
    return [(*ring[-i - 1][:2], -ring[(-i - 2) % n][2] or 0.0) for i in range(n)]
