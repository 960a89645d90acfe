"""Control points beside the surveys: printed in the report as delivered, so every doubt about them is told here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline import crs as projections
from pipeline.crs.inputs import SITE_KM
from pipeline.readers.exchange_text import number_of
from pipeline.readers.points import columns_of
from pipeline.sources import Note

NEEDED = {"north": "X（北）", "east": "Y（东）"}
BLANKS = ("", "-", "—", "–", "/", "／")
REMARKS = ("注", "备注", "说明")
Row = Mapping[str, Any]


def doubts(rows: Sequence[Row], file: str) -> list[Note]:
    """What can be told without knowing where the project lies: words for numbers, a point twice, axes exchanged."""
    if not rows:
        return []
    columns = columns_of(rows)
    if not NEEDED.keys() <= columns.keys():
        words = "，".join(word for word in rows[0] if not word.startswith("_"))
        return [Note("table_headless", file, slots={"value": words})]
    rows = points(rows)
    return [*_unreadable(rows, columns, file), *_repeated(rows, columns, file), *_exchanged(rows, columns, file)]


def points(rows: Sequence[Row]) -> list[Row]:
    """The rows without remarks: a single text that says it is one."""
    return [row for row in rows if not (_alone(row) or "").startswith(REMARKS)]


def far(rows: Sequence[Row], file: str, extent: projections.Extent) -> list[Note]:
    """Points that do not lie near the site (`extent` in the project CRS), in one note."""
    columns = columns_of(rows) if rows else {}
    middle = (extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2
    gaps_km = {}
    for row, place in _places(rows, columns).items():
        east, north = place[::-1] if _is_exchanged(place) else place
        gaps_km[row] = math.dist((east, north), middle) / 1000
    away = {row: gap for row, gap in gaps_km.items() if gap > SITE_KM}
    if not away:
        return []
    said = "、".join(_called(rows[row], columns, row) for row in away)
    slots = {
        "measured": max(away.values()),
        "required": SITE_KM,
        "unit": "km",
        "other_file": "各项成果",
        "detail": f"{said}不在测区附近，请核对坐标、带号前缀和坐标系",
    }
    return [Note("inputs_apart", file, handle=_line(rows[next(iter(away))], next(iter(away))), slots=slots)]


def _unreadable(rows: Sequence[Row], columns: Mapping[str, str], file: str) -> list[Note]:
    """Coordinates and heights that are no finite numbers; a coordinate must be there, a height need not."""
    found = []
    for index, row in enumerate(rows):
        if text := _alone(row):
            slots = {"value": text, "wanted": "控制点（点号和坐标）"}
            found.append(Note("bad_value", file, handle=f"第 {_line(row, index)} 行", slots=slots))
            continue
        for meaning in ("north", "east", "height"):
            word = columns.get(meaning)
            given = str("" if word is None or row.get(word) is None else row[word]).strip()
            if word is None or (given in BLANKS and meaning == "height") or number_of(given) is not None:
                continue
            slots = {"value": given or "（空）", "wanted": "数字（米）", "field": word}
            handle = f"第 {_line(row, index)} 行“{word}”列"
            found.append(Note("bad_value", file, handle=handle, slots=slots))
    return found


def _alone(row: Row) -> str | None:
    """The one text of a row that says nothing else (that of merged cells stands in each)."""
    texts = {str(value) for key, value in row.items() if value not in (None, "") and not key.startswith("_")}
    return texts.pop() if len(texts) == 1 else None


def _repeated(rows: Sequence[Row], columns: Mapping[str, str], file: str) -> list[Note]:
    """Points that are given twice, and whether in the same place."""
    first: dict[str, int] = {}
    places, found = _places(rows, columns), []
    for index, row in enumerate(rows):
        name = str(row.get(columns.get("name", "")) or "").strip()
        if not name or first.setdefault(name, index) == index:
            continue
        there = first[name]
        same = "坐标相同" if places.get(there) == places.get(index) else "坐标不同"
        slots = {"point": name, "first": _line(rows[there], there), "detail": same}
        found.append(Note("control_repeated", file, handle=_line(row, index), slots=slots))
    return found


def _exchanged(rows: Sequence[Row], columns: Mapping[str, str], file: str) -> list[Note]:
    wrong = [index for index, place in _places(rows, columns).items() if _is_exchanged(place)]
    if not wrong:
        return []
    said = "、".join(_called(rows[index], columns, index) for index in wrong)
    detail = f"{said}的“{columns['north']}”列是东坐标、“{columns['east']}”列是北坐标，与测量的写法（X 北、Y 东）相反，报告照原样列出"
    return [Note("axis_order", file, handle=_line(rows[wrong[0]], wrong[0]), slots={"detail": detail})]


def _places(rows: Sequence[Row], columns: Mapping[str, str]) -> dict[int, tuple[float, float]]:
    """East and north of each row that has both, as the columns are called."""
    found = {}
    for index, row in enumerate(rows):
        east, north = (number_of(str(row.get(columns.get(meaning, ""), ""))) for meaning in ("east", "north"))
        if east is not None and north is not None:
            found[index] = (east, north)
    return found


def _is_exchanged(place: tuple[float, float]) -> bool:
    return projections.looks_like((*place, *place)) == "survey_order"


def _called(row: Row, columns: Mapping[str, str], index: int) -> str:
    name = row.get(columns.get("name", ""))
    return f"第 {_line(row, index)} 行" + (f"（{name}）" if name else "")


def _line(row: Row, index: int) -> str:
    return str(row.get("_row", index + 1))
