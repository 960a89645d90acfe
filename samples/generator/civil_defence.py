"""What the civil-defence survey delivers: works, units, zones that tile them, passages, entrances, parking."""

from __future__ import annotations

from generator.parking import MIRROR_X, spaces
from generator.shape import Record, Shape, Survey, point, poly, rect

LEVEL = -2
WORKS = poly(
    (14, 74),
    (82, 74),
    (82, 59),
    (84, 59),
    (84, 55),
    (82, 55),
    (82, 38),
    (14, 38),
    (14, 40),
    (12, 40),
    (12, 44),
    (14, 44),
    (14, 45),
    (10, 45),
    (10, 47),
    (14, 47),
)

#: unit: figure, mirrored?, lower and upper edges of mouth, rooms, mouth; outer passage or None; attributes
UNITS = (
    ("RF-1", False, 38, (48, 64), 74, rect(12, 40, 14, 44), ("二等人员掩蔽", "丙", 18)),
    ("RF-2", True, 54, (60, 68), 74, rect(82, 55, 84, 59), ("二等人员掩蔽", "丙", 18)),
    ("RF-3", True, 38, (43, 49), 54, None, ("物资库", "丁", 0)),
)
GRADE = "核6常6"
#: the passage from a unit to the works next door: number, unit, where it leads, figure
CONNECTING = ("RF-1-6", "RF-1", "滨江小学地下人防工程", rect(10, 45, 14, 47))


def civil_defence() -> Survey:
    """All canonical layers of the civil-defence survey."""
    survey: Survey = {
        "works": [Record({"works_no": "RF-2026-017", "level": LEVEL}, WORKS)],
        "unit": [],
        "zone": [],
        "entrance": [],
        "parking": [Record({"space_no": s.number, "unit_no": s.unit}, point(s.x, s.y)) for s in spaces() if s.unit],
    }
    for number, mirrored, low, (first, second), high, passage, (use, chemical, over) in UNITS:
        survey["unit"].append(
            Record(
                {
                    "unit_no": number,
                    "wartime_use": use,
                    "peacetime_use": "汽车库",
                    "grade": GRADE,
                    "chemical_grade": chemical,
                    "level": LEVEL,
                    "net_height_m": "3.15" if over else "3.05",
                    "storeys_over": over,
                    "approved_use": use,
                    "approved_grade": GRADE,
                },
                _placed(rect(14, low, 48, high), mirrored=mirrored),
            )
        )
        plans = [
            ("掩蔽区", rect(18, low, 48, high), mirrored),
            ("口部", rect(14, low, 18, first), mirrored),
            ("辅助房间", rect(14, first, 18, second), mirrored),
            ("口部", rect(14, second, 18, high), mirrored),
        ]
        if passage:
            plans.append(("口部外通道", passage, False))
        for i, (kind, shape, flips) in enumerate(plans, 1):
            fields = {"zone_no": f"{number}-{i}", "unit_no": number, "kind": kind}
            survey["zone"].append(Record(fields, _placed(shape, mirrored=flips)))
        doors = [("主要出入口", (low + first) / 2), ("次要出入口", (second + high) / 2)]
        for i, (kind, y) in enumerate(doors, 1):
            fields = {"entrance_no": f"{number}-E{i}", "unit_no": number, "kind": kind}
            survey["entrance"].append(Record(fields, _placed(point(15, y), mirrored=mirrored)))
    survey["zone"].append(connecting(*CONNECTING))
    return survey


def connecting(number: str, unit: str, leads_to: str, shape: Shape) -> Record:
    """A passage between works or units, outside every unit."""
    fields = {"zone_no": number, "unit_no": unit, "kind": "互联互通", "level": LEVEL, "connects_to": leads_to}
    return Record(fields, shape)


def _placed(shape: Shape, *, mirrored: bool) -> Shape:
    return shape.mapped(lambda x, y: (MIRROR_X - x, y), flips=True) if mirrored else shape
