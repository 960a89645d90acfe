"""A figure of a building is compared with that building or told: a slip in a building's name lifts no limit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.model import Indicator, Measured
from pipeline.permits import LABEL, VALUE, Figures, buildings_of, cell, labels, plain, refused
from pipeline.sources import Note
from pipeline.standard import Standard

WHOLE_ONLY = "这项指标按整个项目核实，没有分幢的实测值；请给出整个项目的数值，幢号留空"


def uncompared(
    rows: Sequence[Mapping[str, Any]],
    figures: Figures,
    standards: Iterable[Standard],
    measured: Iterable[Measured],
    indicators: Iterable[Indicator],
    *,
    file: str,
) -> list[Note]:
    """Rows whose figure stands, is measured by one of `standards`, and was compared with no such building.

    rows, file: of the permit table; figures: what was taken from it. standards: of the surveys that could be measured.
    """
    standards = list(standards)
    words, permits = labels(standards), _permits(standards)
    compared = {(permits.get((i.survey, i.name)), i.building) for i in indicators if i.permitted is not None}
    there: dict[str, set[str]] = {name: set() for name in permits.values()}
    for item in measured:
        if item.building is not None and (item.survey, item.name) in permits:
            there[permits[item.survey, item.name]].add(item.building)
    found = []
    for number, row in enumerate(rows, start=1):
        label = cell(row, LABEL)
        name = words.get(plain(label), ("", ""))[0]
        if name in there:
            used = {building for figure, building in compared if figure == name}
            lost = _lost(buildings_of(row), figures.get(name, {}).keys() - used, used)
            why = _why(lost, there[name], by_building=_by_building(name, standards))
            found += [refused(file, str(row.get("_row", number)), label, cell(row, VALUE), why)] if lost else []
    return found


def _permits(standards: Iterable[Standard]) -> dict[tuple[str, str], str]:
    """Survey and measure → the figure it is compared with."""
    return {(s.survey, key): spec.permit for s in standards for key, spec in s.measures.items() if spec.permit}


def _by_building(name: str, standards: Iterable[Standard]) -> bool:
    return any(spec.by for s in standards for spec in s.measures.values() if spec.permit == name)


def _lost(named: Mapping[str | None, str], unused: set[str | None], used: set[str | None]) -> list[str]:
    """The buildings of a row, as written, that nothing was compared with; of a list that is itself a name, none."""
    *parts, last = named.items()
    if parts and last[0] in used:
        return []
    return [text for key, text in (parts or [last]) if key is not None and key in unused]


def _why(lost: Sequence[str], there: set[str], *, by_building: bool) -> str:
    if not by_building:
        return WHOLE_ONLY
    known = "、".join(sorted(there, key=lambda key: (len(key), key)))
    has = f"实测的幢号有：{known}" if known else "没有一幢测得这项数值"
    return f"实测成果中没有“{'、'.join(lost)}”的这项数值（{has}）；请核对幢号"
