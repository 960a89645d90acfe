"""Faults planted in the attributes of the cadastral survey and in its outlines, one rule each."""

from __future__ import annotations

from generator.faults.cadastral import NEXT, OUR
from generator.faults.kinds import blank, twice, word, wrong
from generator.faults.planting import Change, Fault, Finds, Scene
from generator.frame import to_map
from generator.model import PARCEL

PARCELS, POINT, LINE = (f"cadastral.{name}" for name in ("parcel", "boundary_point", "boundary_line"))
SECOND, THIRD = f"{PARCELS} 00118", f"{PARCELS} 00119"


def checked(ref: str, north_m: float, east_m: float) -> Change:
    """Coordinates of a later check, so far from the point."""

    def planted(scene: Scene) -> None:
        east, north = to_map(*scene(ref).shape.xy)
        values = {"checked_north_m": f"{north + north_m:.3f}", "checked_east_m": f"{east + east_m:.3f}"}
        scene(ref).fields.update(values)

    return planted


FAULTS = [
    blank("CAD-A05", OUR, "北至", "north_side"),
    blank("CAD-A45", SECOND, "权利人", "right_holder"),
    blank("CAD-A06", f"{POINT} 00117/J3", "界标类型", "marker"),
    blank("CAD-A07", f"{LINE} 00117/J5-J6", "界址线位置", "line_position"),
    word("CAD-A15", SECOND, "地类", "land_use", "0799"),
    word("CAD-A16", SECOND, "权利类型", "right_type", "77"),
    word("CAD-A17", SECOND, "权利性质", "right_nature", "999"),
    word("CAD-A19", f"{POINT} 00117/J8", "界址点类型", "point_type", "9"),
    word("CAD-A20", f"{LINE} 00117/J6-J7", "界址线类别", "line_class", "77"),
    word("CAD-A21", f"{LINE} 00117/J6-J7", "界址线位置", "line_position", "7"),
    word("CAD-A22", f"{LINE} 00117/J6-J7", "界线性质", "line_nature", "1"),
    word("CAD-A33", f"{POINT} 00117/J9", "精度等级", "accuracy_class", "四"),
    word("CAD-A34", f"{LINE} 00117/J6-J7", "精度等级", "accuracy_class", "四"),
    wrong(
        "CAD-A35", SECOND, "宗地特征码", "parcel_feature", "XX", severity="warning",
        sets_off=[Finds("CAD-A43", SECOND, "XX", "GB")],
    ),
    wrong(
        "CAD-A28", f"{POINT} 00118/J2", "界址点号", "point_no", "2", required="J[1-9][0-9]*", severity="warning",
    ),
    twice("CAD-A26", f"{POINT} 00118/J4", f"{POINT} 00118/J3", "界址点号", "point_no", "J3", measured=f"{NEXT}、J3"),
    wrong("CAD-A32", OUR, "项目编号", "project_code", "CQJB-2026-0171", required="CQJB-2026-0117"),
    wrong(
        "CAD-A24", f"{POINT} 00119/J4", "宗地代码", "parcel_code", PARCEL[:-5] + "00999",
        sets_off=[Finds("CAD-T05", THIRD, 0, 1), Finds("CAD-A27", f"{POINT} 00119/J4", 4, 1)],
    ),
    wrong(
        "CAD-A25", f"{LINE} 00119/J4-J1", "宗地代码", "parcel_code", PARCEL[:-5] + "00999",
        sets_off=[Finds("CAD-T06", THIRD, 0, 1)],
    ),
    wrong("CAD-M03", f"{LINE} 00117/J5-J6", "检测边长", "checked_length_m", "20.30", measured=0.3, required=0.0),
    Fault(
        "CAD-M02",
        "界址点 J4 的检测坐标偏北 0.12 m、偏东 0.09 m，点位误差 0.15 m",
        (checked(f"{POINT} 00117/J4", 0.12, 0.09),),
        (
            Finds("CAD-M02", f"{POINT} 00117/J4", 0.15, 0),
            Finds("CAD-M04", f"{POINT} 00117/J4", 0.15, 0.05),
        ),
    ),
]  # fmt: skip
