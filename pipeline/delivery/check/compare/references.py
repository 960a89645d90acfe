"""Which CRS each layer of a GeoPackage is said to be in, and where that is another than it should be.

The database is somebody's, so the worker process that reads it reads this too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from pipeline import crs
from pipeline.delivery.check.compare.units import shortened
from pipeline.errors import InputError
from pipeline.sources import Note, Source

STATED = """
SELECT c.table_name, s.organization, s.organization_coordsys_id, s.definition, s.srs_name
FROM gpkg_geometry_columns AS c LEFT JOIN gpkg_spatial_ref_sys AS s ON s.srs_id = c.srs_id
"""
READ = f"{__name__}:with_references"
NAMED = "EPSG"  # the organization whose numbers say it all
Reference = tuple[str, str, str]  # number by which it is known, definition, name


def with_references(source: Source, path: Path, _name: str) -> tuple[Source, dict[str, Reference]]:
    """What was read, and the CRS of each layer as the database states it; of one that is broken none."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            rows = [tuple("" if value is None else str(value) for value in row) for row in base.execute(STATED)]
    except sqlite3.Error:
        return source, {}
    return source, {table: (f"{who.upper()}:{number}", text, name) for table, who, number, text, name in rows}


def differences(
    wanted: Mapping[str, Reference], given: Mapping[str, Reference], file: str, survey: str | None
) -> Iterator[Note]:
    """Each layer that both hold whose CRS is another."""
    for layer in (name for name in wanted if name in given):
        if not _same(wanted[layer], given[layer]):
            listed, actual = _words(wanted[layer], given[layer])
            slots = {"what": f"图层 {layer} 的坐标系声明", "listed": listed, "actual": actual}
            yield Note(
                "structure_differs", file, survey, layer, slots={**slots, "measured": actual, "required": listed}
            )


def _same(one: Reference, other: Reference) -> bool:
    """The same number of EPSG, or no number at all, and definitions that mean the same plane."""
    if one[0] != other[0] and NAMED in (one[0].partition(":")[0], other[0].partition(":")[0]):
        return False
    if one[1] == other[1]:
        return True
    try:
        return crs.same(one[1], other[1])
    except InputError:
        return False


def _words(one: Reference, other: Reference) -> tuple[str, str]:
    """Both by number and meaning; by the text that defines them, where that would be the same words."""
    first, second = _word(one), _word(other)
    if first == second:
        first, second = _apart(one[1], other[1]), _apart(other[1], one[1])
    return shortened(first), shortened(second)


def _word(reference: Reference) -> str:
    number, definition, name = reference
    try:
        meaning = crs.describe(definition)
    except InputError:
        meaning = definition or name
    return meaning if meaning == number or not number.startswith(NAMED) else f"{number}（定义为 {meaning}）"


def _apart(text: str, other: str) -> str:
    """The text from a little before it departs from the other."""
    at = next((n for n, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other)))
    return text[max(0, at - 40) :]
