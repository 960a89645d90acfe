"""Units and common parts of canonical frames as records for the apportionment: who is served by what."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from pipeline.measures.apportion import LEVELS, Common, Unit
from pipeline.rounding import half_up

_SEPARATOR = re.compile(r"[;；,，、\n]+")
NOBODY = ("不分摊", "无")
EVERYBODY = ("整幢", "全幢", "本幢")
AREA_DECIMALS = 3  # areas of registration tables; further digits are noise of the file format

Names = Mapping[str, frozenset[str]]  # word → units


@dataclass(frozen=True, slots=True)
class Service:
    """What can be apportioned, and what stands in the way.

    unknown: common part → words of its service text or level that name nothing (with such a level it serves nobody).
    lacking: ids without a usable area.
    """

    units: tuple[Unit, ...]
    commons: tuple[Common, ...]
    unknown: Mapping[str, tuple[str, ...]]
    lacking: tuple[str, ...]


def service(
    units: pd.DataFrame,
    commons: pd.DataFrame,
    *,
    unit_id: str = "unit_code",
    inner: str = "inner_area_m2",
    zone: str = "function_zone",
    floor: str = "floor_id",
    building: str = "building_code",
    part_id: str = "part_no",
    area: str = "stated_area_m2",
    level: str = "level",
    serves: str = "serves",
    named_by: Sequence[str] = ("unit_code", "house_code", "floor_id", "function_zone", "building_code", "room"),
) -> Service:
    """Records for `apportion` from the frames of units and common parts.

    A service text lists words separated by ；or similar; each names units by the first column of `named_by` that
    holds it, first among the units of the part's own building, then among all; 整幢 means its building, 不分摊 nobody.
    """
    lacking = [*_without(units, unit_id, inner), *_without(commons, part_id, area)]
    rows = _records(units, unit_id, lacking, (unit_id, inner, zone, floor, building, *named_by))
    records = tuple(
        Unit(str(r[unit_id]), _decimal(r[inner]), _word(r.get(zone)), _word(r.get(floor)), _word(r.get(building)))
        for r in rows
    )
    tables = _tables(rows, unit_id, building, named_by)
    parts, unknown = [], {}
    for row in _records(commons, part_id, lacking, (part_id, area, level, serves, building)):
        at = _word(row.get(level))
        served, strange = _served("" if at in NOBODY else _word(row.get(serves)), _word(row.get(building)), tables)
        if served and at not in LEVELS:
            served, strange = frozenset(), (*strange, at)
        parts.append(Common(str(row[part_id]), _decimal(row[area]), at, served))
        if strange:
            unknown[str(row[part_id])] = strange
    return Service(records, tuple(parts), unknown, tuple(lacking))


def words(text: str) -> list[str]:
    """The words of a service text.

    >>> words("住宅；商业, A-1")
    ['住宅', '商业', 'A-1']
    """
    return [word for part in _SEPARATOR.split(text) if (word := part.strip())]


def _served(text: str, own: str, tables: Mapping[str, Names]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Units that a service text means, and the words that mean none. own: the building of the part."""
    served: set[str] = set()
    strange = []
    for word in words(text):
        if word in NOBODY:
            continue
        found = _find(own if word in EVERYBODY else word, own, tables)
        if found is None:
            strange.append(word)
        served |= found or frozenset()
    return frozenset(served), tuple(strange)


def _find(word: str, own: str, tables: Mapping[str, Names]) -> frozenset[str] | None:
    return next((names[word] for names in (tables.get(own, {}), tables[""]) if word in names), None)


def _tables(
    rows: Iterable[Mapping[Any, Any]], unit_id: str, building: str, named_by: Sequence[str]
) -> dict[str, Names]:
    """Per building ("" = all): word → units, by the first column that holds the word."""
    found: dict[str, dict[str, dict[str, set[str]]]] = defaultdict(lambda: {c: defaultdict(set) for c in named_by})
    for row in rows:
        for column in named_by:
            for place in {"", _word(row.get(building))}:
                found[place][column][_word(row.get(column))].add(str(row[unit_id]))
    tables: dict[str, Names] = {"": {}}
    for place, columns in found.items():
        merged: dict[str, frozenset[str]] = {}
        for column in reversed(named_by):
            merged |= {word: frozenset(ids) for word, ids in columns[column].items() if word}
        tables[place] = merged
    return tables


def _without(frame: pd.DataFrame, key: str, area: str) -> list[str]:
    bad = pd.to_numeric(frame[area], errors="coerce").isna().to_numpy(dtype=bool)
    return [str(name) for name in frame.loc[bad, key]]


def _records(frame: pd.DataFrame, key: str, lacking: Sequence[str], wanted: Iterable[str]) -> list[dict[str, Any]]:
    """The wanted columns of the rows whose `key` is not among `lacking`."""
    columns = {name: frame[name].tolist() for name in dict.fromkeys(wanted) if name in frame.columns}
    kept = (~frame[key].isin(lacking)).tolist()
    rows = zip(*columns.values(), strict=True)
    return [dict(zip(columns, values, strict=True)) for values, keep in zip(rows, kept, strict=True) if keep]


def _decimal(value: Any) -> Decimal:
    return half_up(float(value), AREA_DECIMALS)


def _word(value: Any) -> str:
    return "" if value is None or (isinstance(value, float) and pd.isna(value)) else str(value).strip()
