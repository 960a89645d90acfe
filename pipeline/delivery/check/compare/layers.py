"""Delivered vector data against the recomputed ones: tables, fields, features, geometry, attributes.

Files of others are read in the worker processes of `isolation`; one that cannot be read whole is of a wrong format.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.delivery.check.compare import references
from pipeline.delivery.check.compare.plain import Unreadable
from pipeline.delivery.check.compare.references import Reference
from pipeline.delivery.check.compare.units import shortened
from pipeline.exports.shapefiles import fields_of
from pipeline.isolation.parent import Isolation
from pipeline.isolation.worker import Job, Limits
from pipeline.scalars import plain
from pipeline.sources import Note

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.sources import Source

FEATURE = "feature"
DIGITS = 1e-9  # relative: float noise of a library
SIDE_WORDS = {".cpg": "编码声明", ".prj": "坐标系声明"}


@dataclass(frozen=True, slots=True)
class Reading:
    """How delivered files are read, and the distance below which two coordinates are the same."""

    isolation: Isolation
    limits: Limits
    same_m: float


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one table by what names them. names: how a row is called in a sentence."""

    keys: list[str]
    names: list[str]
    table: pd.DataFrame
    shapes: Any


def layers(wanted: Path, given: Path, name: str, survey: str | None, reading: Reading) -> Iterator[Note]:
    """Every feature of a GeoPackage or shapefile. Errors: Unreadable."""
    (ours, stated), (theirs, claimed) = (_tables(path, name, reading) for path in (wanted, given))
    yield from references.differences(stated, claimed, name, survey)
    for layer in [*ours, *(key for key in theirs if key not in ours)]:
        if layer not in theirs or layer not in ours:
            detail = f"缺少图层，应有 {len(ours[layer].keys)} 个要素" if layer in ours else "多出图层"
            yield Note("features_differ", name, survey, layer, slots={"detail": detail})
        else:
            yield from _layer(ours[layer], theirs[layer], Note("features_differ", name, survey, layer), reading.same_m)


def shapefile_tables(wanted: Path, given: Path, name: str, survey: str | None) -> Iterator[Note]:
    """What the .dbf header, .cpg and .prj of a shapefile declare. Errors: Unreadable."""
    try:
        ours, theirs = (
            {field: f"{kind} {width},{decimals}" for field, kind, width, decimals in fields_of(path.read_bytes())}
            for path in (wanted.with_suffix(".dbf"), given.with_suffix(".dbf"))
        )
    except (OSError, UnicodeDecodeError, IndexError, ValueError) as err:
        raise Unreadable("的属性表（dbf）文件头不可读") from err
    for field in [*ours, *(key for key in theirs if key not in ours)]:
        if ours.get(field) != theirs.get(field):
            yield _declared(name, survey, f"字段 {field} ", ours.get(field), theirs.get(field))
    for suffix, word in SIDE_WORDS.items():
        one, other = (path.with_suffix(suffix) for path in (wanted, given))
        if one.is_file() and other.is_file() and one.read_bytes() != other.read_bytes():
            texts = [path.read_bytes().decode("utf-8", errors="replace") for path in (one, other)]
            yield _declared(str(Path(name).with_suffix(suffix)), survey, word, *texts)


def _declared(name: str, survey: str | None, what: str, wanted: str | None, given: str | None) -> Note:
    listed, actual = (shortened(text) if text else "（无）" for text in (wanted, given))
    slots = {"what": what, "listed": listed, "actual": actual, "measured": actual, "required": listed}
    return Note("structure_differs", name, survey, slots=slots)


# ---------------------------------------------------------------- reading


def _tables(path: Path, name: str, reading: Reading) -> tuple[dict[str, _Rows], dict[str, Reference]]:
    """The tables of a file, and of a GeoPackage the CRS each is said to be in. Errors: Unreadable."""
    job = Job(path, name, then=references.READ)
    source, stated = reading.isolation.then([job], reading.limits)[0]
    if source.entry.fatal:
        raise Unreadable(f"不能完整读取（{'；'.join(_why(source)) or '文件损坏'}）")
    found = {}
    for layer, rows in source.features.groupby("layer", sort=False):
        table = source.attributes.loc[rows.index].dropna(axis="columns", how="all")
        keys = _keys(table)
        found[str(layer)] = _Rows(keys, _names(keys, table), table, rows["geometry"].to_numpy())
    return found, stated


def _why(source: Source) -> Iterator[str]:
    for note in source.notes:
        if "detail" in note.slots:
            yield str(note.slots["detail"])
        elif "what" in note.slots:
            yield f"{note.slots['what']}声明 {note.slots.get('claimed')}，实际 {note.slots.get('read')}"
        elif note.kind == "missing_sidecar":
            yield f"缺少 {note.slots.get('sidecar')}"


def _keys(table: pd.DataFrame) -> list[str]:
    """The feature id where the table has one that is unique, else the row."""
    if FEATURE in table and table[FEATURE].notna().all() and table[FEATURE].is_unique:
        return [str(value) for value in table[FEATURE]]
    return [f"第 {n} 行" for n in range(1, len(table) + 1)]


def _names(keys: list[str], table: pd.DataFrame) -> list[str]:
    """Rows that have no id of their own with the first text that tells them apart."""
    if FEATURE in table:
        return keys
    for column in table:
        values = table[column]
        if values.dtype == object and values.notna().all() and values.is_unique and len(values):
            return [f"{key}（{value}）" for key, value in zip(keys, values, strict=True)]
    return keys


# ---------------------------------------------------------------- features


def _layer(ours: _Rows, theirs: _Rows, about: Note, same_m: float) -> Iterator[Note]:
    at = {key: n for n, key in enumerate(theirs.keys)}
    missing = [key for key in ours.keys if key not in at]
    extra = sorted(set(theirs.keys) - set(ours.keys), key=at.__getitem__)
    for word, keys in (("缺少要素", missing), ("多出要素", extra)):
        for key in keys:
            yield _about(about, "features_differ", key, {"detail": f"{word} {key}"})
    for n, key in enumerate(ours.keys):
        if key in at:
            yield from _geometry(about, ours.names[n], ours.shapes[n], theirs.shapes[at[key]], same_m)
    columns = [*ours.table, *(c for c in theirs.table if c not in ours.table)]
    rows = [(n, at[key], ours.names[n]) for n, key in enumerate(ours.keys) if key in at]
    for column in columns:
        one, other = (list(t.table[column]) if column in t.table else [None] * len(t.keys) for t in (ours, theirs))
        for n, m, key in rows:
            if not _same(one[n], other[m]):
                listed, actual = (shortened(str("（空）" if plain(v) is None else v)) for v in (one[n], other[m]))
                slots = {"what": str(column), "listed": listed, "actual": actual, "field": str(column)}
                yield _about(about, "attribute_differs", key, {**slots, "measured": actual, "required": listed})


def _about(about: Note, kind: str, key: str, slots: dict[str, Any], place: Any = None) -> Note:
    return Note(kind, about.file, about.survey, about.layer, None, place, {FEATURE: key, **slots})


def _same(one: Any, other: Any) -> bool:
    one, other = plain(one), plain(other)
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=DIGITS, abs_tol=DIGITS)
    return bool(one == other)


def _geometry(about: Note, key: str, one: Any, other: Any, same_m: float) -> Iterator[Note]:
    if one is None and other is None:
        return
    if one is None or other is None:
        detail = "应无图形，所交有图形" if one is None else "图形缺失"
        yield _about(about, "geometry_differs", key, {"detail": detail}, one or other)
        return
    ours, theirs = shapely.get_coordinates(one), shapely.get_coordinates(other)
    if one.geom_type != other.geom_type or len(ours) != len(theirs):
        detail = f"应为 {one.geom_type} {len(ours)} 个拐点，所交为 {other.geom_type} {len(theirs)} 个拐点"
        yield _about(about, "geometry_differs", key, {"detail": detail}, one)
        return
    shift = float(np.hypot(*(ours - theirs).T).max()) if len(ours) else 0.0
    if not shift <= same_m:
        moved = {"detail": f"拐点最大移动 {shift:.3f} m", "measured": shift, "required": 0.0, "unit": "m"}
        yield _about(about, "geometry_differs", key, {**moved, "tolerance": same_m}, one)
