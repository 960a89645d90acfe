"""Faults planted in figures of the planning survey: outlines too many, crossed, over their bounds."""

from __future__ import annotations

import math

from generator.faults.kinds import more
from generator.faults.outlines import bowtie
from generator.faults.planting import Fault, Finds, change, redraw
from generator.shape import line, rect

FOOTPRINT, BASEMENT, SETBACK = "planning.footprint", "planning.basement", "planning.setback"
HUT, TWIN, CROSSED = f"{FOOTPRINT} 门卫房", f"{FOOTPRINT} 门卫房二", f"{FOOTPRINT} 岗亭"
RULES_OF_NONE = ("PLA-A33", "PLA-A34", "PLA-A35", "PLA-A36", "PLA-A40", "PLA-A44")


def hut(name: str) -> tuple[Finds, ...]:
    """A footprint of which nothing else is surveyed."""
    least = {"PLA-A33": 3}
    return tuple(Finds(rule, f"{FOOTPRINT} {name}", 0, least.get(rule, 1)) for rule in RULES_OF_NONE)


FAULTS = [
    Fault(
        "P21",
        "门卫房“4号楼”越出用地红线和退让线 1 m，层数未填，除基底外没有任何成果，房产、地籍也没有这一幢",
        (
            more(
                FOOTPRINT,
                "门卫房",
                rect(126, 82, 129, 85),
                {"building": "4号楼", "floors_above": None, "floors_below": 0},
            ),
        ),
        (
            Finds("PLA-A07", HUT),
            Finds("PLA-T02", HUT, 3.0, 0, "planning.red_line"),
            Finds("PLA-T10", HUT, 129 - 117.7, 0),
            Finds("CAD-X02", "cadastral.parcel 00117", 3.0, 0, HUT),
            Finds("CAD-X04", None, 0, 2, HUT),
            Finds("PRP-X01", None, 0, 2, HUT),
            *hut("门卫房"),
        ),
    ),
    Fault(
        "P22",
        "另一处基底也写作“4号楼”，与门卫房重叠",
        (
            more(
                FOOTPRINT,
                "门卫房二",
                rect(125, 84, 127, 87),
                {"building": "4号楼", "floors_above": 1, "floors_below": 0},
            ),
        ),
        (
            Finds("PLA-A18", TWIN, "4", None, HUT),
            Finds("PLA-T01", HUT, 1.0, 0, TWIN),
            Finds("PLA-T10", TWIN, math.hypot(127 - 117.7, 0.5), 0),
            *hut("门卫房二"),
        ),
    ),
    Fault(
        "P23",
        "岗亭“6号楼”的基底自相交",
        (more(FOOTPRINT, "岗亭", bowtie(74, 20), {"building": "6号楼", "floors_above": 1, "floors_below": 0}),),
        (
            Finds("PLA-G02", CROSSED),
            Finds("CAD-X04", None, 0, 1, CROSSED),
            Finds("PRP-X01", None, 0, 1, CROSSED),
            *hut("岗亭"),
        ),
    ),
    Fault(
        "P24",
        "一处地下室轮廓没有层号，越出用地红线",
        (more(BASEMENT, "风井", rect(127, 82, 130, 84), {"level": None}),),
        (Finds("PLA-A38", f"{BASEMENT} 风井"), Finds("PLA-T03", f"{BASEMENT} 风井", 4.0, 0, "planning.red_line")),
    ),
    Fault(
        "P25",
        "一处地下室轮廓自相交",
        (more(BASEMENT, "集水井", bowtie(70, 30), {"level": -1}),),
        (Finds("PLA-G03", f"{BASEMENT} 集水井"),),
    ),
    Fault(
        "P26",
        "用地红线多绘一个自相交的环",
        (more("planning.red_line", "环", bowtie(50, 50), {}),),
        (Finds("PLA-G01", "planning.red_line 环"),),
    ),
    Fault(
        "P27",
        "用地红线有相距 0.5 mm 的重复拐点",
        (redraw("planning.red_line", {(84, 96): [(84, 96), (84, 95.9995)]}),),
        (Finds("PLA-G05", "planning.red_line", 0.0005, 0.001, severity="warning"),),
    ),
    Fault(
        "P28",
        "1号楼基底有相距 0.5 mm 的重复拐点",
        (redraw(f"{FOOTPRINT} 1号楼", {(16, 86): [(16, 86), (16.0005, 86)]}),),
        (Finds("PLA-G06", f"{FOOTPRINT} 1号楼", 0.0005, 0.001, severity="warning"),),
    ),
    Fault(
        "P29",
        "代征地的轮廓自相交",
        (more("planning.levied_land", "一", bowtie(100, 98), {}),),
        (Finds("PLA-G08", "planning.levied_land 一"),),
    ),
    Fault(
        "P30",
        "绿地用地范围多算的东北角是代征地",
        (more("planning.levied_land", "二", rect(84, 92, 128, 96), {}),),
        (Finds("GRN-X09", "green.site", 176.0, 0, "planning.levied_land 二"),),  # 44 × 4
    ),
    Fault(
        "P31",
        "退让线 T7 的一端离 1号楼外墙 0.5 m",
        (
            more(
                SETBACK,
                "T7",
                line((25, 86.5), (25, 96)),
                {"line_no": "T7", "permitted_m": "9.00"},
                like=f"{SETBACK} T1",
            ),
        ),
        (Finds("PLA-T07", f"{SETBACK} T7", 0.5, 0),),
    ),
    Fault(
        "P32",
        "退让线 T8 的一端离用地红线 0.5 m",
        (
            more(
                SETBACK,
                "T8",
                line((27, 86), (27, 95.5)),
                {"line_no": "T8", "permitted_m": "9.00"},
                like=f"{SETBACK} T1",
            ),
        ),
        (Finds("PLA-T08", f"{SETBACK} T8", 0.5, 0),),
    ),
    Fault(
        "P33",
        "1号楼的基底填地上 17 层，功能区、地籍、房产都是 18 层",
        (change(f"{FOOTPRINT} 1号楼", floors_above=17),),
        (
            Finds("PLA-S02", f"{FOOTPRINT} 1号楼", 17, 18),
            Finds("CAD-X06", "cadastral.building 1幢", 18, 17, f"{FOOTPRINT} 1号楼"),
            Finds("PRP-X05", "property.building 1", 18, 17, f"{FOOTPRINT} 1号楼"),
        ),
    ),
    Fault(
        "P34",
        "间距线 J2 斜量 3号楼与门卫房的间距，也短于许可间距",
        (
            more(
                SETBACK,
                "J2",
                line((118, 75), (126, 83)),
                {"line_no": "J2", "building": "3号楼", "side": "东", "kind": "间距", "permitted_m": "12.00"},
            ),
        ),
        (Finds("PLA-M19", f"{SETBACK} J2", 8 * 2**0.5, 12.0), Finds("PLA-T11", f"{SETBACK} J2", 8 * 2**0.5, 10.0)),
    ),
    Fault(
        "P35",
        "1号楼与 3号楼的间距只量了 J3，起于 1号楼的西南缺口，不是最近处",
        (
            more(
                SETBACK,
                "J3",
                line((20, 60), (90, 60)),
                {"line_no": "J3", "building": "1号楼", "side": "东", "kind": "间距", "permitted_m": "42.00"},
            ),
        ),
        (Finds("PLA-T12", f"{SETBACK} J3", 70.0, 42.0),),
    ),
]
