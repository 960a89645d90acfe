"""Faults planted in the table of sides measured again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from generator.faults.kinds import blank, twice, word, wrong
from generator.faults.planting import Change, Fault, Finds, Scene, change, hint, move
from generator.model import building_code

SIDE, FLAT, STOREY, PART = (f"property.{name}" for name in ("checked_side", "unit", "floor", "common"))
NOBODY, OWN, OTHER = building_code(9), building_code(1), building_code(2)


def side(number: str) -> str:
    """The record of that checked side."""
    return f"{SIDE} JC-{number}"


def remeasured(ref: str, off_m: str, **fields: Any) -> Change:
    """Measured so much longer than what is stated."""

    def planted(scene: Scene) -> None:
        own = scene(ref).fields
        own.update(fields)
        own["checked_length_m"] = own["stated_length_m"] + Decimal(off_m)

    return planted


def stated(ref: str) -> Any:
    """The length that the record states."""
    return lambda scene: scene(ref).fields["stated_length_m"]


def checked(ref: str) -> Any:
    """The length that was measured again."""
    return lambda scene: scene(ref).fields["checked_length_m"]


FIELDS = [
    blank("PRP-A75", side("0001-05-01"), "检查边长", "checked_length_m"),
    twice("PRP-A76", side("0001-05-03"), side("0001-05-02"), "检查边号", "side_no", "JC-0001-05-02"),
    wrong(
        "PRP-A77", side("0001-05-04"), "自然幢号", "building_code", NOBODY,
        sets_off=[Finds("PRP-A79", side("0001-05-04"), NOBODY, OWN, f"{STOREY} 0001-05")],
    ),
    wrong("PRP-A78", side("0001-05-05"), "层标识", "floor_id", "0001-55"),
    wrong(
        "PRP-A79", side("0001-05-06"), "自然幢号", "building_code", OTHER, required=OWN, other=f"{STOREY} 0001-05"
    ),
    wrong("PRP-A80", side("0001-05-07"), "不动产单元号", "unit_code", OWN + "0888"),
    word("PRP-A81", side("0001-05-08"), "精度等级", "accuracy_class", "四"),
]  # fmt: skip

LENGTHS = [
    Fault(
        "PRP-A82",
        "检查边 JC-0002-05-01 没有图形，也没有填成果边长",
        (hint(side("0002-05-01"), no_figure=True), change(side("0002-05-01"), stated_length_m=None)),
        (Finds("PRP-A82", side("0002-05-01")), Finds("PRJ-I14", measured=1, required=0, file="property/JCB.shp")),
    ),
    Fault(
        "PRP-T10",
        "1幢11层核心筒的检查边向北绘偏 0.30 m，离外墙外侧还有 0.20 m",
        (move(side("0001-11-09"), 0, 0.3),),
        (Finds("PRP-T10", side("0001-11-09"), 0.2, 0, f"{PART} GY-0001-11-01"),),
    ),
    Fault(
        "PRP-T11",
        "1幢11-1 北墙的检查边写成 11-2 的不动产单元号",
        (lambda scene: change(side("0001-11-01"), unit_code=scene(f"{FLAT} 1/11-2").fields["unit_code"])(scene),),
        (Finds("PRP-T11", side("0001-11-01"), 14.1, 0, f"{FLAT} 1/11-2"),),  # 32.2 − 18.1
    ),
    Fault(
        "PRP-S24",
        "检查边 JC-0002-12-01 的成果边长抄错 0.10 m，检查边长与抄错的数相符",
        (
            lambda scene: change(
                side("0002-12-01"),
                stated_length_m=scene(side("0002-12-01")).fields["stated_length_m"] - Decimal("0.10"),
            )(scene),
            remeasured(side("0002-12-01"), "0.01"),
        ),
        (
            Finds(
                "PRP-S24",
                side("0002-12-01"),
                stated(side("0002-12-01")),
                lambda at: at(side("0002-12-01")).shape.length_m,
            ),
        ),
    ),
    Fault(
        "PRP-M03",
        "1幢17-1 的一条边检查比成果长 0.10 m",
        (remeasured(side("0001-17-01"), "0.10"),),
        (
            Finds(
                "PRP-M03", side("0001-17-01"), checked(side("0001-17-01")), stated(side("0001-17-01")), f"{FLAT} 1/17-1"
            ),
        ),
    ),
    Fault(
        "PRP-M04",
        "检查边 JC-0001-17-03 写明按一级，较差在限差内而超过一级的中误差",
        (remeasured(side("0001-17-03"), "0.012", accuracy_class="一"),),
        (
            Finds(
                "PRP-M04",
                side("0001-17-03"),
                0.012,
                lambda at: (0.014 + 0.0004 * float(at(side("0001-17-03")).fields["stated_length_m"])) / 2,
            ),
        ),
    ),
]

FAULTS = [*FIELDS, *LENGTHS]
