"""Rows of a permit table → permit figures by name and building."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.binding import references
from pipeline.measures.names import building_key, buildings_named
from pipeline.permits.amounts import AmountError, amount, factor, half_width, unit_in_brackets
from pipeline.sources import Note
from pipeline.standard import Standard

LABEL = ("指标", "指标名称", "项目", "名称")
VALUE = ("许可值", "批准值", "规划值", "数值", "审批值")
BUILDING = ("幢号", "栋号", "楼号", "建筑物")
UNIT = ("单位",)
WHOLE = ("", "全部", "整个项目", "项目")
SIGNED = "m"  # heights above the datum may lie below it; all other figures are counts, sizes or shares
Figures = dict[str, dict[str | None, float]]
Key = tuple[str, str | None]


@dataclass(slots=True)
class _Reading:
    """What was taken from the table so far. first: where and in which words a figure stands; against: what contradicts it."""

    file: str
    figures: Figures = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    first: dict[Key, tuple[str, str]] = field(default_factory=dict)
    against: set[Key] = field(default_factory=set)
    unmeasured: dict[str, list[str]] = field(default_factory=dict)  # by whom → which figures

    def refuse(self, handle: str, label: Any, value: Any, why: str) -> None:
        """A row that is not used; a row of several buildings is told once."""
        note = refused(self.file, handle, label, value, why)
        if note not in self.notes[-1:]:
            self.notes.append(note)


def figures(
    rows: Iterable[Mapping[str, Any]], standards: Iterable[Standard], file: str, *, others: Iterable[Standard] = ()
) -> tuple[Figures, list[Note]]:
    """Figures {name: {building key or None: value}} in the units of the standards, and notes on rows not used.

    rows: one mapping per table row, keyed by the header words of the table. A figure that two standards name is one.
    standards: of the commissioned surveys; others: the rest, whose figures are told but not compared.
    """
    commissioned, others = list(standards), list(others)
    own, foreign = labels(commissioned), labels(others)
    reading = _Reading(file)
    for number, row in enumerate(rows, start=1):
        label, value, handle = cell(row, LABEL), cell(row, VALUE), str(row.get("_row", number))
        if label is None and value is None:
            continue
        known = own.get(plain(label)) or foreign.get(plain(label))
        if known is None:
            reading.refuse(handle, label, value, "标准中没有这个指标")
            continue
        try:
            size = _size(row, label, value, known[1])
        except AmountError as err:
            reading.refuse(handle, label, value, str(err))
            continue
        if not any(known[0] in _used(standard) for standard in commissioned):
            by = "、".join(standard.label for standard in others if known[0] in _used(standard))
            reading.unmeasured.setdefault(by, []).append(f"第 {handle} 行“{label}”＝“{value}”")
        if plain(label) in own:
            for key in buildings_of(row):
                _enter(reading, (known[0], key), size, (handle, f"“{label}”＝“{value}”"), label=label, value=value)
    return reading.figures, [*reading.notes, *_untold(reading)]


def refused(file: str, handle: str, label: Any, value: Any, why: str) -> Note:
    """A row of the table that is not used, and why."""
    said = {"label": label or "（空）", "value": "（空）" if value is None else str(value), "why": why}
    return Note("permit_unknown_row", file, handle=handle, slots=said)


def buildings_of(row: Mapping[str, Any]) -> dict[str | None, str]:
    """The keys of the buildings a row is for (None: the whole project), with their names as written.

    A list is each of its buildings, and also the building that a survey may call by these very words.
    """
    written = str(cell(row, BUILDING) or "")
    if written in WHOLE:
        return {None: ""}
    return {building_key(name): name for name in (*buildings_named(written), written)}


def has_columns(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether some row has a label and a value under words that are known."""
    return any(cell(row, LABEL) is not None and cell(row, VALUE) is not None for row in rows)


def _enter(reading: _Reading, at: Key, size: float, said: tuple[str, str], *, label: Any, value: Any) -> None:
    """One figure more; where two rows contradict each other, neither holds."""
    name, building = at
    known = reading.figures.get(name, {}).get(building)
    if at not in reading.first:
        reading.first[at] = said
        reading.figures.setdefault(name, {})[building] = size
    elif at in reading.against or known != size:
        row, words = reading.first[at]
        reading.refuse(said[0], label, value, f"与第 {row} 行{words}不同，两行都不采用；请只保留一行")
        reading.against.add(at)
        reading.figures.get(name, {}).pop(building, None)
        if not reading.figures.get(name):
            reading.figures.pop(name, None)


def _size(row: Mapping[str, Any], label: Any, value: Any, unit: str) -> float:
    """The figure in the unit of the standard. Errors: AmountError."""
    read = amount(value)
    headings = [key for key in row if plain(key).startswith(VALUE)]
    written = [str(cell(row, UNIT) or ""), read.unit, *unit_in_brackets([label, *headings])]
    size = read.value * factor(written, unit)
    if size < 0 and unit != SIGNED:
        raise AmountError("指标不能为负数；请核对数值")
    return size


def _untold(reading: _Reading) -> list[Note]:
    """Figures that no commissioned survey measures, one note for those that the same surveys would."""
    return [
        Note("permit_not_measured", reading.file, slots={
            "figures": "、".join(told), "by": f"由未委托的{by}核实" if by else "没有测绘事项核实", "count": len(told),
        })
        for by, told in reading.unmeasured.items()
    ]  # fmt: skip


def _used(standard: Standard) -> set[str]:
    """Figures that a survey compares something with: a measure of it, or a rule that asks for them."""
    asked = [*(spec.params for spec in standard.measures.values()), *(rule.params for rule in standard.rules)]
    named = {key for params in asked for kind, key in references(params) if kind == "permit"}
    return named | {spec.permit for spec in standard.measures.values() if spec.permit}


def labels(standards: Iterable[Standard]) -> dict[str, tuple[str, str]]:
    """Words for a figure, plain, → its name and unit."""
    return {
        plain(word): (name, figure.unit)
        for standard in standards
        for name, figure in standard.permit.items()
        for word in (figure.label, *figure.aliases)
    }


def cell(row: Mapping[str, Any], words: tuple[str, ...]) -> Any:
    """What stands in the first filled column whose heading begins with one of the words."""
    for word in words:
        for key, value in row.items():
            if plain(key).startswith(word) and value not in (None, ""):
                return value
    return None


def plain(word: Any) -> str:
    """A word as it is compared: half-width, without blanks and brackets."""
    return half_width(word).split("(")[0].strip("：:")
