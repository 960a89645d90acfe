"""What the cadastral survey delivers: parcel, boundary points and lines, ground outlines of buildings."""

from __future__ import annotations

from generator import site
from generator.model import PARCEL, Building
from generator.shape import Record, Survey, half_up, line, point


def cadastral(buildings: list[Building]) -> Survey:
    """All canonical layers of the cadastral survey."""
    ring = site.PARCEL_XY
    points = [
        Record(
            {
                "parcel_code": PARCEL,
                "sequence": i,
                "point_no": f"J{i}",
                "marker": "1" if i < 5 else "4",
                "point_type": "1",
            },
            point(*xy),
        )
        for i, xy in enumerate(ring, 1)
    ]
    lines = []
    for i, (start, end) in enumerate(zip(ring, ring[1:] + ring[:1], strict=True), 1):
        shape = line(start, end)
        kind, position = site.PARCEL_EDGES[i - 1]
        lines.append(
            Record(
                {
                    "parcel_code": PARCEL,
                    "line_no": f"J{i}-J{i % len(ring) + 1}",
                    "stated_length_m": str(half_up(shape.length_m)),
                    "line_class": kind,
                    "line_position": position,
                    "line_nature": "600001",
                },
                shape,
            )
        )
    return {
        "parcel": [Record(_parcel_fields(), site.LAND)],
        "boundary_point": points,
        "boundary_line": lines,
        "building": [
            Record({"building": f"{b.number}幢", "structure": "3", "floors_above": b.above}, b.footprint)
            for b in buildings
        ],
    }


def _parcel_fields() -> dict[str, str]:
    return {
        "parcel_code": PARCEL,
        "unit_code": PARCEL + "W00000000",
        "right_holder": site.DEVELOPER,
        "land_use": "0701",
        "located": site.ADDRESS,
        "right_type": "国有建设用地使用权",
        "right_nature": "出让",
        "east_side": site.NEIGHBOURS["东"],
        "south_side": site.NEIGHBOURS["南"],
        "west_side": site.NEIGHBOURS["西"],
        "north_side": site.NEIGHBOURS["北"],
        "stated_area_m2": str(half_up(site.LAND.area_m2)),
        "map_sheet": "3273.00-502.75",
    }
