"""Rows of a permit table → permit figures by name and building."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.measures.names import building_key
from pipeline.model import Note
from pipeline.standard import Standard

LABEL = ("指标", "指标名称", "项目", "名称")
VALUE = ("许可值", "批准值", "规划值", "数值", "审批值")
BUILDING = ("幢号", "栋号", "楼号", "建筑物")
UNIT = ("单位",)
TO_BASE = {("亩", "m²"): 10000 / 15, ("公顷", "m²"): 10000.0, ("万m²", "m²"): 10000.0}
SAME_UNITS = {"㎡": "m²", "平方米": "m²", "米": "m", "％": "%", "辆": "个", "—": "", "-": ""}


def figures(
    rows: Iterable[Mapping[str, Any]], standards: Iterable[Standard], file: str
) -> tuple[dict[str, dict[str | None, float]], list[Note]]:
    """Figures {name: {building key or None: value}} in the units of the standards, and notes on rows not understood.

    rows: one mapping per table row, keyed by the header words of the table. A figure that two standards name is one.
    """
    names = _labels(standards)
    found: dict[str, dict[str | None, float]] = {}
    notes: list[Note] = []
    for number, row in enumerate(rows, start=1):
        label, value = _cell(row, LABEL), _cell(row, VALUE)
        if label is None and value is None:
            continue
        known = names.get(_plain(label))
        amount = _number(value)
        if known is None or amount is None:
            handle = str(row.get("_row", number))
            notes.append(
                Note(
                    "permit_unknown_row",
                    file,
                    None,
                    None,
                    handle,
                    None,
                    {"label": label or "（空）", "value": value if value is not None else "（空）"},
                )
            )
            continue
        name, unit = known
        building = _cell(row, BUILDING)
        key = building_key(str(building)) if building not in (None, "", "全部", "整个项目", "项目") else None
        given = SAME_UNITS.get(str(_cell(row, UNIT) or "").strip(), str(_cell(row, UNIT) or "").strip())
        found.setdefault(name, {})[key] = amount * TO_BASE.get((given, unit), 1.0)
    return found, notes


def _labels(standards: Iterable[Standard]) -> dict[str, tuple[str, str]]:
    return {
        _plain(word): (name, figure.unit)
        for standard in standards
        for name, figure in standard.permit.items()
        for word in (figure.label, *figure.aliases)
    }


def _cell(row: Mapping[str, Any], words: tuple[str, ...]) -> Any:
    for word in words:
        for key, value in row.items():
            if _plain(key).startswith(word) and value not in (None, ""):
                return value
    return None


def _plain(word: Any) -> str:
    return "".join(str(word or "").split()).replace("（", "(").split("(")[0].strip("：:")


def _number(value: Any) -> float | None:
    try:
        return float(str(value).replace(",", "").replace("%", "").replace("％", "").strip())
    except ValueError:
        return None
