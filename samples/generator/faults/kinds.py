"""Faults of a common kind, one line each: a wrong word, an empty field, a number given twice, one thing more.

Such a fault sets off one rule and bears its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generator.faults.planting import Change, Fault, Finds, Scene, Severity, Value, change, permit
from generator.shape import Record, Shape

#: what a layer is called in the notes
LABELS = {
    "planning.red_line": "用地红线",
    "planning.footprint": "建筑基底",
    "planning.basement": "地下室",
    "planning.corner": "角点",
    "planning.height_point": "高度点",
    "planning.zone": "功能区",
    "planning.setback": "退让间距线",
    "planning.parking": "车位",
    "green.site": "绿地用地范围",
    "green.patch": "绿地",
    "green.rest_place": "休憩场所",
    "civil_defence.works": "人防工程",
    "civil_defence.unit": "防护单元",
    "civil_defence.blast_unit": "抗爆单元",
    "civil_defence.zone": "人防功能区",
    "civil_defence.entrance": "出入口",
    "civil_defence.parking": "人防车位",
    "cadastral.parcel": "宗地",
    "cadastral.boundary_point": "界址点",
    "cadastral.boundary_line": "界址线",
    "cadastral.building": "幢占地",
    "property.building": "自然幢",
    "property.logical_building": "逻辑幢",
    "property.floor": "层",
    "property.unit": "户",
    "property.common": "共有部位",
    "property.balcony": "阳台",
    "property.checked_side": "检查边",
}
SAME: Any = object()


def told(ref: str) -> str:
    """A record as a surveyor would call it."""
    layer, _, name = ref.partition(" ")
    return f"{LABELS[layer]} {name}".strip()


def wrong(
    rule: str,
    ref: str,
    label: str,
    field: str,
    value: Any,
    *,
    measured: Value = SAME,
    required: Value = None,
    other: str | None = None,
    severity: Severity = "error",
    sets_off: Sequence[Finds] = (),
) -> Fault:
    """A value that cannot stand; it is what the finding has measured, unless another is given."""
    finds = Finds(rule, ref, value if measured is SAME else measured, required, other, severity)
    note = f"{told(ref)} 的{label}写成“{value}”"
    return Fault(rule, note, (change(ref, **{field: value}),), (finds, *sets_off))


def word(rule: str, ref: str, label: str, field: str, value: Any) -> Fault:
    """A word that its list does not hold: a warning."""
    return wrong(rule, ref, label, field, value, severity="warning")


def blank(rule: str, ref: str, label: str, field: str, *sets_off: Finds) -> Fault:
    """A required field left empty."""
    return Fault(rule, f"{told(ref)} 的{label}未填", (change(ref, **{field: None}),), (Finds(rule, ref), *sets_off))


def twice(rule: str, ref: str, of: str, label: str, field: str, value: Any, *, measured: Value = SAME) -> Fault:
    """A number that another record of the layer bears already."""
    note = f"{told(ref)} 的{label}与 {of.partition(' ')[2]} 相同"
    finds = Finds(rule, ref, value if measured is SAME else measured, None, of)
    return Fault(rule, note, (change(ref, **{field: value}),), (finds,))


def more(
    layer: str, name: str, shape: Shape, fields: dict[str, Any], *, like: str | None = None, **hints: Any
) -> Change:
    """One record more, with the fields of another where `like` names one."""

    def planted(scene: Scene) -> None:
        own = dict(scene(like).fields) if like else {}
        scene.add(layer, Record({**own, **fields}, shape, hints), name)

    return planted


def permitted(
    rule: str, label: str, value: str, measured: Value, *, building: str | None = None, severity: Severity = "error"
) -> Fault:
    """A permitted figure that what was measured does not keep."""
    whose = f"{building}的" if building else ""
    finds = Finds(rule, None, measured, float(value), severity=severity, business=building[0] if building else None)
    return Fault(rule, f"许可表中{whose}{label}为 {value}，实测不符", (permit(label, value, building),), (finds,))
