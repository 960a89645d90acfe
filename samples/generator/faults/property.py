"""Faults planted in the property survey."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from generator.faults.planting import Change, Fault, Finds, Scene, change, draw
from generator.model import building_code
from generator.shape import rect

UNIT, FLOOR, COMMON = "property.unit", "property.floor", "property.common"


def more(ref: str, amount: str, *fields: str) -> Change:
    """Every named area larger by the amount."""

    def planted(scene: Scene) -> None:
        values = scene(ref).fields
        values.update({field: Decimal(values[field]) + Decimal(amount) for field in fields})

    return planted


def stated(ref: str, *fields: str) -> Callable[[Scene], Decimal]:
    """Σ of what the record states in the fields."""
    return lambda scene: sum((Decimal(scene(ref).fields[field]) for field in fields), Decimal(0))


def share(ref: str) -> Callable[[Scene], Decimal]:
    """Inner area × share factor, as the record states them."""
    return lambda scene: Decimal(scene(ref).fields["inner_area_m2"]) * Decimal(scene(ref).fields["share_factor"])


def floor_sum(layer: str, field: str, floor: str) -> Callable[[Scene], Decimal]:
    """Σ of a field over what lies on the floor."""
    return lambda scene: scene.total(layer, field, floor_id=floor)


def shared_sum(building: int) -> Callable[[Scene], Decimal]:
    """What is to be apportioned in the building."""
    code = building_code(building)
    return lambda at: (
        at.total(COMMON, "stated_area_m2", building_code=code)
        - at.total(COMMON, "stated_area_m2", building_code=code, level="不分摊")
    )


def homes(scene: Scene) -> int:
    """Units that are dwellings."""
    return sum(r.fields["unit_use"] == "11" for r in scene.all(UNIT))


FAULTS = [
    Fault(
        "R01",
        "1幢商业2-1 的不动产单元号写成 2 幢的幢号",
        (change(f"{UNIT} 1/商业2-1", unit_code=building_code(2) + "0099"),),
        (Finds("PRP-A14", f"{UNIT} 1/商业2-1", building_code(2), building_code(1)),),
    ),
    Fault(
        "R02",
        "3幢6-2 的不动产单元号与 6-1 相同",
        (change(f"{UNIT} 3/6-2", unit_code=building_code(3) + "0011"),),
        (Finds("PRP-A19", f"{UNIT} 3/6-2", building_code(3) + "0011", None, f"{UNIT} 3/6-1"),),
    ),
    Fault(
        "R03",
        "3幢商业1-1 的分摊面积多 0.01 m²，建筑面积同加，全幢分摊不闭合",
        (more(f"{UNIT} 3/商业1-1", "0.01", "shared_area_m2", "building_area_m2"),),
        (
            Finds(
                "PRP-S06",
                "property.building 3",
                lambda at: at.total(UNIT, "shared_area_m2", building_code=building_code(3)),
                shared_sum(3),
            ),
        ),
    ),
    Fault(
        "R04",
        "1幢8-1 的户图形向东多绘 0.2 m，压到 8-2",
        (draw(f"{UNIT} 1/8-1", rect(18.1, 66.1, 31.2, 74)),),
        (
            Finds("PRP-T01", f"{UNIT} 1/8-1", 1.58, 0, f"{UNIT} 1/8-2"),  # 0.2 × 7.9
            Finds("PRP-S08", f"{UNIT} 1/8-1", 107.51, 109.09),  # 13.1 × 7.9 + 5.6 of balconies
        ),
    ),
    Fault(
        "R05",
        "1幢的总套数填 73 套，实有 72 户",
        (change("property.building 1", unit_total=73),),
        (
            Finds("PRP-A33", "property.building 1", 73, 72),  # 12 shops and rooms of the podium, 15 × 4 dwellings
        ),
    ),
    Fault(
        "R06",
        "2幢9-3 的套内建筑面积多 1.00 m²，建筑面积同加：与图形、分摊系数、层合计均不符",
        (more(f"{UNIT} 2/9-3", "1.00", "inner_area_m2", "building_area_m2"),),
        (
            Finds(
                "PRP-S03",
                f"{FLOOR} 0002-09",
                floor_sum(UNIT, "inner_area_m2", "0002-09"),
                stated(f"{FLOOR} 0002-09", "inner_area_m2"),
            ),
            Finds("PRP-S07", f"{UNIT} 2/9-3", stated(f"{UNIT} 2/9-3", "shared_area_m2"), share(f"{UNIT} 2/9-3")),
            Finds("PRP-S08", f"{UNIT} 2/9-3", 85.90, 84.90),
        ),
    ),
    Fault(
        "R07",
        "1幢12-4 的建筑面积多 0.10 m²",
        (more(f"{UNIT} 1/12-4", "0.10", "building_area_m2"),),
        (
            Finds(
                "PRP-S01",
                f"{UNIT} 1/12-4",
                stated(f"{UNIT} 1/12-4", "building_area_m2"),
                stated(f"{UNIT} 1/12-4", "inner_area_m2", "shared_area_m2"),
            ),
        ),
    ),
    Fault(
        "R08",
        "1幢负一层地下车库的面积数字颠倒：填 2138.18 m²",
        (change(f"{COMMON} GY-0001-B1-03", stated_area_m2=Decimal("2138.18")),),
        (
            Finds("PRP-S10", f"{COMMON} GY-0001-B1-03", 2138.18, 2183.18),
            Finds("PRP-S04", f"{FLOOR} 0001-B1", 2311.0, 2356.0),
        ),
    ),
    Fault(
        "R09",
        "1幢十层的层建筑面积多 10.00 m²：与组成、图形、幢合计均不符",
        (more(f"{FLOOR} 0001-10", "10.00", "building_area_m2"),),
        (
            Finds("PRP-S02", f"{FLOOR} 0001-10", 493.40, 483.40),
            Finds("PRP-S09", f"{FLOOR} 0001-10", 493.40, 483.40),  # 26 × 18 + 15.4 of balconies
            Finds(
                "PRP-S05",
                "property.building 1",
                lambda at: at.total(FLOOR, "building_area_m2", building_code=building_code(1)),
                stated("property.building 1", "building_area_m2"),
            ),
        ),
    ),
    Fault(
        "R10",
        "2幢负二层地下车库的分摊层级写成“不分”",
        (change(f"{COMMON} GY-0002-B2-03", level="不分"),),
        (Finds("PRP-A40", f"{COMMON} GY-0002-B2-03", "不分"),),
    ),
    Fault(
        "R11",
        "2幢负一层层高 2.10 m 却计房产面积",
        (change(f"{FLOOR} 0002-B1", storey_height_m=Decimal("2.10")),),
        (Finds("PRP-S12", f"{FLOOR} 0002-B1", 2276.0, 0),),
    ),
    Fault(
        "R12",
        "2幢商业1-2 的户图形向南多绘 0.6 m：压半外墙，越出层外",
        (draw(f"{UNIT} 2/商业1-2", rect(48.1, 55.5, 64, 66)),),
        (
            Finds("PRP-T03", f"{UNIT} 2/商业1-2", 1.59, 0, f"{COMMON} GY-0002-01-01"),  # 15.9 × 0.1
            Finds("PRP-T04", f"{UNIT} 2/商业1-2", 7.95, 0, f"{FLOOR} 0002-01"),  # 15.9 × 0.5
            Finds("PRP-S08", f"{UNIT} 2/商业1-2", 157.41, 166.95),  # 15.9 × 10.5
        ),
    ),
    Fault(
        "R13",
        "1幢六层走廊少绘 0.5 m，层内留空",
        (draw(f"{COMMON} GY-0001-06-03", rect(24.1, 74, 37.4, 76.1)),),
        (
            Finds("PRP-T06", f"{FLOOR} 0001-06", 1.05, 0),  # 0.5 × 2.1
            Finds("PRP-S10", f"{COMMON} GY-0001-06-03", 28.98, 27.93),
        ),
    ),
    Fault(
        "R14",
        "1幢九层核心筒多绘 0.5 m，压到走廊",
        (draw(f"{COMMON} GY-0001-09-02", rect(27.1, 75.6, 34.9, 83.9)),),
        (
            Finds("PRP-T02", f"{COMMON} GY-0001-09-02", 3.9, 0, f"{COMMON} GY-0001-09-03"),  # 7.8 × 0.5
            Finds("PRP-S10", f"{COMMON} GY-0001-09-02", 60.84, 64.74),
        ),
    ),
    Fault(
        "R15",
        "1幢14-1 的封闭阳台按一半的系数填写",
        (change("property.balcony YT-0001-14-02", factor=Decimal("0.5")),),
        (
            Finds("PRP-S13", "property.balcony YT-0001-14-02", 0.5, 1.0),
            Finds("PRP-S15", "property.balcony YT-0001-14-02", 2.8, 1.4),
        ),
    ),
    Fault(
        "R16",
        "1幢15-1 的一处阳台写了不存在的户号，户的阳台面积对不上",
        (change("property.balcony YT-0001-15-01", unit_code=building_code(1) + "0999"),),
        (
            Finds("PRP-A45", "property.balcony YT-0001-15-01", building_code(1) + "0999"),
            Finds("PRP-S16", f"{UNIT} 1/15-1", 2.8, 5.6),
        ),
    ),
    Fault(
        "R17",
        "1幢16-1 的住宅用途写成商业服务，住宅套数少一套",
        (change(f"{UNIT} 1/16-1", unit_use="31"),),
        (Finds("PRP-M01", None, homes, 120),),
    ),
]
