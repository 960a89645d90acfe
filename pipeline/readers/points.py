"""Text files of a survey: coordinate exchange text by its content, else points (CASS .dat, csv) or rows without a place.

Survey tables call north X and east Y; when the numbers plainly say otherwise they are read by the numbers, and that is said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import shapely

from pipeline import frames, ledger
from pipeline.crs.extents import looks_like
from pipeline.readers import exchange, exchange_text, frame, tables
from pipeline.readers.exchange_text import number_of
from pipeline.readers.frame import Row, empty_source
from pipeline.sources import LedgerEntry, Note, Source

#: header words by meaning, in capitals, without brackets, blanks and 坐标
WORDS = {
    "north": ("X", "N", "北", "纵", "X北", "北X", "纵X", "NORTH", "NORTHING"),
    "east": ("Y", "E", "东", "横", "Y东", "东Y", "横Y", "EAST", "EASTING"),
    "height": ("H", "Z", "高程", "高", "高程H", "ELEVATION"),
    "name": ("点号", "点名", "NAME"),
    "code": ("编码", "代码", "要素代码", "CASS编码", "CODE"),
}

#: the columns without which there are no points
HEADING = (WORDS["north"], WORDS["east"])


def read(path: Path, *, name: str, survey: str | None = None, encoding: str | None = None) -> Source:
    """A text file as a source: exchange text, or layer = file stem, handle = line, code, text = name of the point.

    A last line without its end may have been cut, which no count of such a file would show: it is said.
    """
    data = path.read_bytes()
    reader = exchange.read if path.suffix.lower() == ".txt" and exchange_text.is_exchange(data) else _points
    source = reader(path, name=name, survey=survey, encoding=encoding)
    if source.entry.fatal or data.endswith((b"\n", b"\r", b"\x1a")):
        return source
    slots = {"detail": "末行没有换行符，可能被截断，请核对最后一行"}
    return replace(source, notes=(*source.notes, Note("exchange_variant", name, survey, slots=slots)))


def _points(path: Path, *, name: str, survey: str | None, encoding: str | None) -> Source:
    table = tables.read_table(path, name=name, survey=survey, encoding=encoding, heading=HEADING)
    if table.entry.fatal or not table.rows:
        entry, _ = ledger.settle(table.entry, (), fatal=True)
        return empty_source(entry, table.notes)
    columns = columns_of(table.rows)
    notes = [*table.notes]
    swapped = _swapped(table.rows, columns, table.entry, notes)
    rows = [_row(path.stem, row, columns, table.entry, notes, swapped=swapped) for row in table.rows]
    features, attributes = frame.from_rows(rows)
    entry, _ = ledger.settle(table.entry, (), entities=len(features), extent=ledger.extent(features))
    return Source(entry, features, attributes, tuple(notes))


def columns_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Meaning → header word; coordinates only when both are there."""
    found: dict[str, str] = {}
    for word in dict.fromkeys(word for row in rows for word in row):
        plain = re.sub(r"\(.*?\)|坐标|\s", "", unicodedata.normalize("NFKC", word)).upper()
        for meaning, words in WORDS.items():
            if plain in words:
                found.setdefault(meaning, word)
    if not {"north", "east"} <= found.keys():
        found.pop("north", None)
        found.pop("east", None)
    return found


def _swapped(
    rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], entry: LedgerEntry, notes: list[Note]
) -> bool:
    """Whether the column called north plainly holds eastings."""
    pairs = [(_number(row, columns, "east"), _number(row, columns, "north")) for row in rows]
    points = [(east, north) for east, north in pairs if east is not None and north is not None]
    if not points:
        return False
    east, north = zip(*points, strict=True)
    if looks_like((min(east), min(north), max(east), max(north))) != "survey_order":
        return False
    detail = (
        f"“{columns['north']}”列是东坐标、“{columns['east']}”列是北坐标，与测量的写法（X 北、Y 东）相反，已按数值读取"
    )
    if entry.format == "dat":
        detail = "CASS 数据文件应先东坐标后北坐标，数值却相反，已按数值读取"
    notes.append(Note("axis_order", entry.path, entry.survey, slots={"detail": detail}))
    return True


def _row(
    layer: str, row: Mapping[str, Any], columns: Mapping[str, str], entry: LedgerEntry, notes: list[Note], *,
    swapped: bool,
) -> Row:  # fmt: skip
    handle = str(row["_row"])
    words = {word: value for word, value in row.items() if not word.startswith("_")}
    east, north, height = (_number(row, columns, meaning) for meaning in ("east", "north", "height"))
    name, code = (row.get(columns.get(meaning, "")) for meaning in ("name", "code"))
    place = None
    if swapped:
        east, north = north, east
    if east is not None and north is not None:
        place = shapely.Point(east, north) if height is None else shapely.Point(east, north, height)
    elif "east" in columns:
        value = "，".join(str(row.get(columns[meaning]) or "") for meaning in ("north", "east"))
        slots = {"value": value, "wanted": "坐标（数字）", "field": columns["north"]}
        notes.append(Note("bad_value", entry.path, entry.survey, layer, handle, None, slots))
    kind = frames.NO_SHAPE if place is None else "Point"
    return Row(layer, kind, handle, place, code=_text(code), text=_text(name), attributes=words)


def _number(row: Mapping[str, Any], columns: Mapping[str, str], meaning: str) -> float | None:
    value = row.get(columns.get(meaning, ""))
    return None if value is None else number_of(str(value))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
