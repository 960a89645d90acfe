"""A layer as the rows of its table: columns by pinyin code, missing values filled as the standard says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.exports.fitting import Misfit, stored, unfit
from pipeline.scalars import missing
from pipeline.sources import Note

if TYPE_CHECKING:
    import geopandas as gpd

    from pipeline.standard import ExportSpec, FieldSpec, LayerSpec, Standard

MISFIT = "register_misfit"  # the note's kind


@dataclass(frozen=True, slots=True)
class Table:
    """One table to be written. fields: pinyin code → field; columns: code → values; misfits: (field name, what)."""

    spec: ExportSpec
    layer: LayerSpec
    fields: Mapping[str, FieldSpec]
    columns: Mapping[str, list[Any]]
    frame: gpd.GeoDataFrame
    misfits: tuple[tuple[str, Misfit], ...]


def tables(standard: Standard, frames: Mapping[str, gpd.GeoDataFrame]) -> list[Table]:
    """Every table that the standard exports, in its order; an optional one without features is left out."""
    return [
        table_of(export, standard.layers[export.layer], frames[export.layer])
        for export in standard.exports
        if not (export.optional and frames[export.layer].empty)
    ]


def table_of(export: ExportSpec, layer: LayerSpec, frame: gpd.GeoDataFrame) -> Table:
    """One layer as its table."""
    fields = {spec.code: spec for spec in layer.fields.values() if spec.code}
    columns: dict[str, list[Any]] = {}
    misfits: list[tuple[str, Misfit]] = []
    for name, spec in layer.fields.items():
        if not spec.code:
            continue
        given, filled = _filled(export, frame, name)
        own = stored(given, spec, encoding=export.encoding)
        other = stored(filled, spec, encoding=export.encoding, exact=False)
        pairs = zip(given, own.values, other.values, strict=True)
        columns[spec.code] = [b if missing(value) else a for value, a, b in pairs]
        misfits += [(name, misfit) for misfit in own.misfits]
        misfits += [(name, misfit) for misfit in other.misfits if missing(given[misfit.position])]
    return Table(export, layer, fields, columns, frame, tuple(misfits))


def _filled(export: ExportSpec, frame: gpd.GeoDataFrame, name: str) -> tuple[list[Any], list[Any]]:
    """The field's own values, and what stands in for missing ones."""
    own, fill = list(frame[name]), export.fill.get(name)
    if fill is None:
        return own, [None] * len(own)
    return own, [fill.value] * len(own) if fill.column is None else list(frame[fill.column])


def misfits(standard: Standard, frames: Mapping[str, gpd.GeoDataFrame]) -> list[Note]:
    """What the tables of a survey cannot hold as it is, one note per value."""
    return [note for table in tables(standard, frames) for note in _notes(table, standard.survey)]


def _notes(table: Table, survey: str) -> Iterator[Note]:
    for name, misfit in table.misfits:
        spec = table.layer.fields[name]
        value = f"{misfit.value:.12g}" if isinstance(misfit.value, float) else str(misfit.value)
        slots = {"field": name, "label": spec.label, "code": spec.code, "value": value, "measured": misfit.value}
        yield _note(table, survey, misfit, slots)
    for misfit in unfit(table.frame.geometry.to_numpy(), table.layer.geometry):
        yield _note(table, survey, misfit, {"label": table.layer.label, "code": "图形", "value": misfit.value})


def _note(table: Table, survey: str, misfit: Misfit, slots: Mapping[str, Any]) -> Note:
    row = table.frame.iloc[misfit.position]
    layer, handle = _word(row["source_layer"]), _word(row["handle"])
    slots = {**slots, "table": table.spec.name, "detail": misfit.detail}
    return Note(MISFIT, _word(row["file"]) or "", survey, layer, handle, row.geometry, slots)


def _word(value: Any) -> str | None:
    return None if value is None or pd.isna(value) else str(value)
