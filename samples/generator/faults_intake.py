"""Faults of the files themselves: what cannot be read, or is read by nobody."""

from __future__ import annotations

from generator.faults import Fault, Finds, Scene, change, draw, hint
from generator.shape import line
from generator.write_project import PermitRow


def _unknown_permit_row(scene: Scene) -> None:
    scene.sample.permit.append(PermitRow("装配率", "%", "30.00"))


FAULTS = [
    Fault("I01", "绿地 G05 所在图层的名称写成“绿化_单块”，整块未读入", (hint("green.patch G05", layer="绿化_单块"),), (
        Finds("PRJ-I18", None, severity="warning"),
    )),
    Fault("I02", "休憩场所 X2 首尾相距 0.30 m，未闭合", (
        draw("green.rest_place X2", line((12, 16), (14, 16), (14, 8), (12, 8), (12, 15.7))),), (
        Finds("PRJ-I11", "green.rest_place X2", 0.30, bare=True),
    )),
    Fault("I03", "2号楼高度点 H2-12 的许可标高中混入字母", (change("planning.height_point H2-12", permitted_level_m="27Z.20"),), (
        Finds("PRJ-I16", "planning.height_point H2-12", bare=True),
    )),
    Fault("I04", "许可指标表中有标准不认识的“装配率”", (_unknown_permit_row,), (
        Finds("PRJ-I24", None, severity="warning"),
    )),
]
