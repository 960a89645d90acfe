"""Coordinate exchange text (电子报盘) as a source: plots with holes, their points as parts, what was deduced as notes.

The header count includes the closing row or leaves it out, its area is in 公顷 or m²: the numbers decide, and the ledger
and the notes say how. A count that fits neither is a damaged file. Rows hold north first, as surveyors write.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely

from pipeline import frames, ledger
from pipeline.crs.extents import belt_prefix, looks_like
from pipeline.ledger import Claim
from pipeline.readers import exchange_plots, exchange_text, frame, tables
from pipeline.readers.exchange_plots import Ring
from pipeline.readers.exchange_text import PLOTS, Parsed, Plot
from pipeline.readers.frame import Row, empty_source
from pipeline.sources import LedgerEntry, Note, Source

POINTS = "界址点"
SHOWN = 20  # notes of one kind; the rest is counted in one more


@dataclass(slots=True)
class _Reading:
    """What one file gives. seen: how many plots were read in which way."""

    entry: LedgerEntry
    rows: list[Row] = field(default_factory=list)
    parts: list[Row] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    def note(self, kind: str, detail: str, **more: Any) -> None:
        """One note about the file or, with handle and where, about one of its plots."""
        handle, place = more.pop("handle", None), more.pop("place", None)
        layer = PLOTS if handle else None
        slots = {"where": "内容", **more, "detail": detail}
        self.notes.append(Note(kind, self.entry.path, self.entry.survey, layer, handle, place, slots))


def read(path: Path, *, name: str, survey: str | None = None, encoding: str | None = None) -> Source:
    """The text as a source: layer 地块坐标 with one row per plot, layer 界址点 with its points as parts (`inside`)."""
    entry = ledger.open_entry(path, name=name, survey=survey, kind="exchange")
    text, known, notes = tables.as_text(path, entry, encoding)
    parsed = exchange_text.parse(text)
    rings = [exchange_plots.rings_of(plot) for plot in parsed.plots]
    entry, wrong = ledger.settle(entry, _claims(parsed, rings), version=parsed.description.get("格式版本号"), **known)
    reading = _Reading(entry, notes=[*notes, *wrong])
    for number, line in list(parsed.wrong.items())[:SHOWN]:
        reading.note("exchange_fault", f"“{line:.40}”不是地块表头、界址点或说明", where=f"第 {number} 行")
    if len(parsed.wrong) > SHOWN:
        reading.note("exchange_fault", f"另有 {len(parsed.wrong) - SHOWN} 行无法识别")
    if entry.fatal:
        return empty_source(entry, reading.notes)
    swapped = _swapped(parsed, reading)
    for number, (plot, given) in enumerate(zip(parsed.plots, rings, strict=True), start=1):
        _plot(reading, parsed, number, plot, [ring.turned() for ring in given] if swapped else given)
    _told(reading)
    return _finished(reading, parsed, swapped=swapped)


def _claims(parsed: Parsed, rings: list[list[Ring]]) -> Iterator[Claim]:
    """The stated number of points against the rows: together where it fits a way of counting, else by plot."""
    fitting = 0
    for number, (plot, given) in enumerate(zip(parsed.plots, rings, strict=True), start=1):
        word = plot.header.get("界址点数", "")
        stated = int(word) if word.isdigit() else 0
        if stated == 0 or stated in exchange_plots.counts(given):
            fitting += stated
        else:
            yield Claim(f"地块 {plot.called(number)} 的界址点数", stated, len(plot.points), cut=True)
    yield Claim("相符地块的界址点数", fitting, fitting)


def _swapped(parsed: Parsed, reading: _Reading) -> bool:
    """Whether the numbers say that the east comes first; belts that do not fit are said."""
    points = [(row.first, row.second) for plot in parsed.plots for row in plot.points]
    if not points:
        return False
    north, east = zip(*points, strict=True)
    look = looks_like((min(east), min(north), max(east), max(north)))
    if look == "survey_order":
        reading.note("axis_order", "坐标文本应先 X（北）后 Y（东），数值却是东坐标在前，已按数值读取")
        east = north
    zones = {belt_prefix(value) for value in east}
    if len(zones) > 1:
        reading.note("exchange_fault", "东坐标的带号前缀不一致，疑混用投影带", where="坐标")
    stated, prefix = parsed.description.get("带号", ""), next(iter(zones))
    if len(zones) == 1 and prefix is not None and stated.isdigit() and int(stated) != prefix:
        reading.note(
            "exchange_fault", f"带号写为 {stated}，坐标的带号前缀为 {prefix}", where="属性描述", measured=prefix,
            required=int(stated),
        )  # fmt: skip
    return look == "survey_order"


def _plot(reading: _Reading, parsed: Parsed, number: int, plot: Plot, rings: list[Ring]) -> None:
    """One plot as a row, its points as parts, and what is wrong or unusual in it."""
    handle, called = str(number), plot.called(number)
    built = exchange_plots.build(plot, rings)
    for fault in built.faults:
        more = {
            "measured": fault.measured,
            "required": fault.required,
            "tolerance": fault.tolerance,
            "unit": fault.unit,
        }
        given = {key: value for key, value in more.items() if value is not None}
        reading.note(
            "exchange_fault", fault.detail, handle=handle, place=built.geometry, where=f"地块 {called}", **given
        )
    reading.seen.update(built.seen)
    stated = {"地块面积_m2": built.stated_m2, "地块面积_至0.01m2": built.to_cent_m2}
    words = {**parsed.description, **plot.header, **stated}
    kind = frames.NO_SHAPE if built.geometry is None else str(built.geometry.geom_type)
    reading.rows.append(Row(PLOTS, kind, handle, built.geometry, closed=kind.endswith("Polygon"), attributes=words))
    for ring in rings:
        for row, (east, north) in zip(ring.rows, ring.points, strict=True):
            words = {"点号": row.name, "圈号": row.ring, "地块编号": plot.header.get("地块编号")}
            place = shapely.Point(east, north)
            own = f"{handle}/{row.line}"
            reading.parts.append(Row(POINTS, "Point", own, place, text=row.name, inside=PLOTS, attributes=words))


def _told(reading: _Reading) -> None:
    """How the plots were read, where that is not the prescribed way."""
    for way in exchange_plots.UNUSUAL:
        if reading.seen[way]:
            reading.note("exchange_variant", f"{reading.seen[way]} 个{way}")


def _finished(reading: _Reading, parsed: Parsed, *, swapped: bool) -> Source:
    features, attributes = frame.from_rows([*reading.rows, *reading.parts])
    entry, own = reading.entry, features[features["inside"].isna()]
    if not reading.rows:
        reading.notes.append(Note("empty_file", entry.path, entry.survey))
    first = parsed.plots[0].points[:1] if parsed.plots else []
    easting = next((row.first if swapped else row.second for row in first), None)
    entry, _ = ledger.settle(
        entry, (), entities=len(own), extent=ledger.extent(own), fatal=not reading.rows,
        crs=exchange_plots.declared_crs(parsed.description, easting), read={**entry.read, **reading.seen},
    )  # fmt: skip
    return Source(entry, features, attributes, tuple(reading.notes))
