"""Faults planted in figures of the civil-defence survey: units too many, crossed outlines, blast units."""

from __future__ import annotations

from generator.civil_defence import connecting
from generator.faults.kinds import more
from generator.faults.outlines import bowtie
from generator.faults.planting import Change, Fault, Finds, redraw
from generator.shape import Shape, rect

WORKS, UNIT, ZONE, BLAST = (f"civil_defence.{layer}" for layer in ("works", "unit", "zone", "blast_unit"))
EXTRA, TWIN, CROSSED = f"{UNIT} RF-5", f"{UNIT} RF-5 二", f"{UNIT} RF-7"
RIGHT = {"grade": "核6常6", "approved_grade": "核6常6"}
MEDICAL = f"{UNIT} RF-1"  # 34 × 36 m


def blast(name: str, shape: Shape, number: str | None, unit: str = "RF-1") -> Change:
    """One blast unit."""
    return more(BLAST, name, shape, {"blast_no": number, "unit_no": unit})


def passage(number: str, unit: str, shape: Shape) -> Change:
    """One more passage."""
    return lambda scene: scene.add(ZONE, connecting(number, unit, "RF-1", shape))


def bare_unit(name: str, area_m2: float) -> tuple[Finds, ...]:
    """A unit without zones and entrances, outside the works."""
    ref = f"{UNIT} {name}"
    return (
        Finds("CDF-T02", ref, area_m2, 0, f"{WORKS} RF-2026-017"),
        Finds("CDF-T05", ref, area_m2, 0),
        Finds("CDF-S02", ref, 0, 1),
        Finds("CDF-S03", ref, 0, 2),
    )


FAULTS = [
    Fault(
        "D13",
        "多绘一个防护单元 RF-5：工程轮廓之外，没有功能区和出入口，战时功能、抗力级别不在代码表中，单元数随之不符",
        (
            more(
                UNIT, "RF-5", rect(40, 76, 50, 80),
                {"unit_no": "RF-5", "peacetime_use": "汽车库", "wartime_use": "人员掩蔽所", "approved_use": "人员掩蔽所",
                 "grade": "六级", "approved_grade": "六级"},
                like=f"{UNIT} RF-2",
            ),
        ),
        (
            Finds("CDF-A10", EXTRA, "人员掩蔽所", severity="warning"),
            Finds("CDF-A11", EXTRA, "六级", severity="warning"),
            Finds("CDF-M03", None, 6, 3),
            *bare_unit("RF-5", 40.0),
            Finds("CDF-S01", EXTRA, 0.0, 40.0),
        ),
    ),
    Fault(
        "D14",
        "又一个单元也编为 RF-5，与前一个重叠",
        (more(UNIT, "RF-5 二", rect(48, 78, 56, 82), {"unit_no": "RF-5", **RIGHT}, like=f"{UNIT} RF-3"),),
        (
            Finds("CDF-A15", TWIN, "RF-5", None, EXTRA),
            Finds("CDF-T01", EXTRA, 4.0, 0, TWIN),
            *bare_unit("RF-5 二", 32.0),
            Finds("CDF-S01", TWIN, 0.0, 32.0),
        ),
    ),
    Fault(
        "D15",
        "多绘一个自相交的防护单元 RF-7",
        (more(UNIT, "RF-7", bowtie(60, 80), {"unit_no": "RF-7", **RIGHT}, like=f"{UNIT} RF-3"),),
        (Finds("CDF-G02", CROSSED), *bare_unit("RF-7", 0.5)),
    ),
    Fault(
        "D16",
        "多绘一个自相交的人防工程轮廓",
        (more(WORKS, "环", bowtie(64, 80), {"works_no": "RF-2026-018", "level": -2}),),
        (Finds("CDF-G01", f"{WORKS} 环"),),
    ),
    Fault(
        "D17",
        "多绘一个自相交的功能区 RF-1-9",
        (more(ZONE, "RF-1-9", bowtie(68, 80), {"zone_no": "RF-1-9", "unit_no": "RF-1", "kind": "口部外通道"}),),
        (Finds("CDF-G03", f"{ZONE} RF-1-9"),),
    ),
    Fault(
        "D18",
        "防护单元 RF-2 有相距 0.5 mm 的重复拐点",
        (redraw(f"{UNIT} RF-2", {(48, 54): [(48, 54), (48.0005, 54)]}),),
        (Finds("CDF-G04", f"{UNIT} RF-2", 0.0005, 0.001, severity="warning"),),
    ),
    Fault(
        "D19",
        "功能区 RF-2-1 有相距 0.5 mm 的重复拐点",
        (redraw(f"{ZONE} RF-2-1", {(48, 54): [(48, 54), (48.0005, 54)]}),),
        (Finds("CDF-G05", f"{ZONE} RF-2-1", 0.0005, 0.001, severity="warning"),),
    ),
    Fault(
        "D20",
        "功能区 RF-3-1 向西多绘 0.5 m，越出所属单元",
        (redraw(f"{ZONE} RF-3-1", {(48, 54): [(47.5, 54)], (48, 38): [(47.5, 38)]}),),
        (
            Finds("CDF-T04", f"{ZONE} RF-3-1", 8.0, 0, f"{UNIT} RF-3"),  # 0.5 × 16
            Finds("CDF-S01", f"{UNIT} RF-3", 624.0, 616.0),
        ),
    ),
    Fault(
        "D21",
        "RF-1 划分了抗爆单元，但 K1 未编号且超过上限，与 K2 重叠，K2 编号重复，第三个越出单元，单元没有铺满",
        (
            blast("K1", rect(14, 38, 48, 54), None),
            blast("K2", rect(14, 53, 48, 66), "K2"),
            blast("K3", rect(14, 67, 49, 74), "K2"),
        ),
        (
            Finds("CDF-A24", f"{BLAST} K1"),
            Finds("CDF-S07", f"{BLAST} K1", 544.0, 500.0),  # 34 × 16
            Finds("CDF-T08", f"{BLAST} K1", 34.0, 0, f"{BLAST} K2"),  # 34 × 1
            Finds("CDF-A25", f"{BLAST} K3", "RF-1、K2", None, f"{BLAST} K2"),
            Finds("CDF-T07", f"{BLAST} K3", 7.0, 0, MEDICAL),  # 1 × 7
            Finds("CDF-T09", MEDICAL, 34.0, 0),  # 34 × 1
        ),
    ),
    Fault(
        "D22",
        "抗爆单元 K9 自相交，所属的防护单元 RF-9 不存在",
        (blast("K9", bowtie(72, 80), "K9", "RF-9"),),
        (Finds("CDF-G06", f"{BLAST} K9"), Finds("CDF-A26", f"{BLAST} K9", "RF-9")),
    ),
    Fault(
        "D23",
        "互联互通 RF-3-6 伸进防护单元 RF-1 0.5 m",
        (passage("RF-3-6", "RF-3", rect(10, 56, 14.5, 58)),),
        (Finds("CDF-T10", f"{ZONE} RF-3-6", 1.0, 0, MEDICAL),),  # 0.5 × 2
    ),
    Fault(
        "D24",
        "互联互通 RF-1-6 的一半在 RF-2 名下又绘了一次",
        (passage("RF-2-8", "RF-2", rect(10, 45, 14, 46)),),
        (Finds("CDF-T11", f"{ZONE} RF-1-6", 4.0, 0, f"{ZONE} RF-2-8"),),
    ),
]  # fmt: skip
