"""Faults of the files themselves: what cannot be read, or is read by nobody."""

from __future__ import annotations

from generator.faults.planting import Fault, Finds, Scene, change, draw, hint
from generator.shape import line
from generator.write_project import PermitRow


def _unknown_permit_row(scene: Scene) -> None:
    scene.sample.permit.append(PermitRow("装配率", "%", "30.00"))  # row 39 of the sheet


FAULTS = [
    Fault(
        "I01",
        "绿地 G05 所在图层的名称写成“绿化_单块”，整块未读入",
        (hint("green.patch G05", layer="绿化_单块"),),
        (Finds("PRJ-I18", None, severity="warning"),),
    ),
    Fault(
        "I02",
        "功能区 RF-1-5（口部外通道）首尾相距 0.30 m，未闭合",
        (draw("civil_defence.zone RF-1-5", line((14, 40), (12, 40), (12, 44), (14, 44), (14, 40.3))),),
        (Finds("PRJ-I11", "civil_defence.zone RF-1-5", 0.30, 0.001, bare=True),),
    ),
    Fault(
        "I03",
        "2号楼高度点 H2-12 的许可标高中混入字母",
        (change("planning.height_point H2-12", permitted_level_m="27Z.20"),),
        (Finds("PRJ-I16", "planning.height_point H2-12", bare=True),),
    ),
    Fault(
        "I04",
        "许可指标表中有标准不认识的“装配率”",
        (_unknown_permit_row,),
        (Finds("PRJ-I24", row=39, severity="warning"),),
    ),
]
