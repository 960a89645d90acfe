"""Areas that two surveys count by different rules, side by side, with the parts that explain the difference."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.checks.values import Key, Row, keys, limit_at, numbers, rows_by_key
from pipeline.side_by_side import Compared, Part
from pipeline.tolerance import Number, exceeds

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


@dataclass(frozen=True, slots=True)
class Columns:
    """What the figures are called in both layers, as `explained_difference` takes them."""

    key: Key
    other_key: Key
    field: str
    part: str
    counterpart: str
    note: str
    part_name: str | None


def areas_laid(
    frame: GeoDataFrame, other: GeoDataFrame, columns: Columns, limit: Number | float, unit: str
) -> tuple[Compared, ...]:
    """Every whole that either side names: both totals, other − own, and the parts with a note that differ.

    A whole that only one side names, or of which this side states no total, is shown and not judged.
    """
    totals, names, groups = (
        numbers(frame, columns.field),
        keys(frame, columns.key),
        rows_by_key(other, columns.other_key),
    )
    counted, mine = numbers(other, columns.part), numbers(other, columns.counterpart)
    called, notes = keys(other, columns.part_name) if columns.part_name else {}, keys(other, columns.note)
    wholes: list[tuple[str, Row]] = [(name, row) for row, name in names.items()]
    wholes += [(name, None) for name in groups if name not in set(names.values())]
    laid = []
    for name, row in wholes:
        rows = groups.get(name, [])
        theirs = math.fsum(counted.get(r, 0.0) for r in rows) if rows else None
        parts = tuple(_part(r, called, notes, mine.get(r, counted[r]), counted[r]) for r in rows if r in counted)
        listed = tuple(p for p in parts if p.why and p.difference)
        found = _laid(name, totals.get(row), theirs, listed, limit, unit)
        laid.append(replace(found, rows=() if row is None else (row,), others=tuple(rows)))
    return tuple(laid)


def total_laid(areas: tuple[Compared, ...], limit: Number | float, unit: str) -> tuple[Compared, ...]:
    """All wholes together; nothing where one of them lacks its total on either side."""
    if not areas or any(item.own is None or item.other is None for item in areas):
        return ()
    explained = tuple(part for item in areas for part in item.parts)
    own = math.fsum(item.own or 0.0 for item in areas)
    theirs = math.fsum(item.other or 0.0 for item in areas)
    return (_laid(None, own, theirs, explained, limit, unit),)


def _laid(
    name: str | None, own: float | None, other: float | None, parts: tuple[Part, ...], limit: Number | float, unit: str
) -> Compared:
    explained = math.fsum(part.difference for part in parts)
    if own is None or other is None:
        return Compared(name, own, other, None, unit, explained=explained, parts=parts)
    rest, allowed = other - own - explained, limit_at(limit, other)
    return Compared(
        name,
        own,
        other,
        other - own,
        unit,
        limit=allowed,
        agrees=not exceeds(abs(rest), allowed),
        explained=explained,
        unexplained=rest,
        parts=parts,
    )


def _part(row: Row, called: Mapping[Row, str], notes: Mapping[Row, str], own: float, other: float) -> Part:
    return Part(called.get(row, ""), notes.get(row, ""), own, other, other - own)
