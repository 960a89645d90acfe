"""GIS tables (shapefile, GeoPackage, GeoJSON) as source frames: bulk values by pyogrio, geometry from WKB."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
import struct
import warnings
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from pipeline import frames, ledger
from pipeline.ledger import Claim
from pipeline.readers import encodings, frame
from pipeline.readers.frame import column, empty_source, refused
from pipeline.sources import LedgerEntry, Note, Source

OPTIONS = {"USE_OSR_FIND_MATCHES": "NO"}  # no search for what a .prj resembles: ten times faster, and nobody asked
SHOWN = 20  # notes of one kind about single rows; the rest is counted in one more
HUGE = 1e9
HEADER_BYTES = 100  # of an SQLite file
AREAS = (3, 6)  # type ids of polygons and multipolygons
NOTHING = -1  # shapely type id of what is missing; here also of what is empty
KINDS = column((*frames.GEOMETRY_TYPES, "Null"))  # by shapely type id, the last one for nothing


@dataclass(frozen=True, slots=True)
class Layer:
    """One table: geometry as WKB or shapes (None = null), values by column.

    measured: it had M values, which are dropped. Fields of which it is known:
    tidy: no text has white space at either end; clear: no text is visibly in the wrong encoding.
    """

    name: str
    fields: Sequence[str]
    columns: Sequence[Any]
    geometry: Any
    crs: str | None = None
    measured: bool = False
    tidy: frozenset[str] = frozenset()
    clear: frozenset[str] = frozenset()


def engine() -> str:
    """What reads the tables, with the version of the library inside."""
    import pyogrio

    return f"pyogrio {pyogrio.__version__} / GDAL {pyogrio.__gdal_version_string__}"


def read_geopackage(path: Path, *, name: str, survey: str | None = None, encoding: str | None = None) -> Source:
    """All layers of a GeoPackage in one source; its pages and rows counted by SQLite."""
    import pyogrio

    del encoding  # always UTF-8
    entry = ledger.open_entry(path, name=name, survey=survey, kind="geopackage")
    head = path.read_bytes()[:HEADER_BYTES]
    if len(head) < HEADER_BYTES:
        kind = "truncated" if head else "empty_file"
        return refused(entry, kind, what="SQLite 文件头字节数", claimed=HEADER_BYTES, read=len(head))
    size, pages = struct.unpack_from(">H", head, 16)[0], struct.unpack_from(">I", head, 28)[0]
    claims = [Claim("数据库字节数", (65536 if size == 1 else size) * pages, entry.size, cut=True)]
    entry, wrong = ledger.settle(
        entry, claims, encoding="UTF-8", encoding_evidence="GeoPackage 规定为 UTF-8", engine=engine()
    )
    if entry.fatal:
        return empty_source(entry, wrong)
    layers = [read_layer(path, layer=str(table)) for table, _ in pyogrio.list_layers(path)]
    entry, wrong = ledger.settle(entry, _row_claims(path, layers), crs=next((x.crs for x in layers if x.crs), None))
    return empty_source(entry, wrong) if entry.fatal else source(entry, layers, [])


def _row_claims(path: Path, layers: Iterable[Layer]) -> list[Claim]:
    """Rows of each layer as SQLite counts them, against those read."""
    claims = []
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as base:
        for layer in layers:
            quoted = layer.name.replace('"', '""')
            claimed = base.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0]  # noqa: S608 — an identifier, quoted
            claims.append(Claim(f"图层 {layer.name} 的要素数", claimed, len(layer.geometry)))
    return claims


def read_geojson(path: Path, *, name: str, survey: str | None = None, encoding: str | None = None) -> Source:
    """A GeoJSON file as a source; its features counted by a JSON parser of its own."""
    del encoding  # always UTF-8
    entry = ledger.open_entry(path, name=name, survey=survey, kind="geojson")
    data = path.read_bytes()
    if not data.strip():
        return refused(entry, "empty_file")
    try:
        listed = json.loads(data.decode("utf-8-sig"))
    except ValueError as err:
        detail = f"不是完整的 UTF-8 JSON：{err}"
        return refused(entry, "unreadable", detail=detail)
    if not isinstance(listed, dict) or "type" not in listed:
        return refused(entry, "unreadable", detail="不是 GeoJSON：没有 type")
    count = len(listed.get("features", [None]))
    layer = read_layer(path)
    entry, wrong = ledger.settle(
        entry,
        [Claim("要素数", count, len(layer.geometry))],
        crs=layer.crs,
        encoding="UTF-8",
        encoding_evidence="GeoJSON 规定为 UTF-8，全文可按它解码",
        engine=engine(),
    )
    return empty_source(entry, wrong) if entry.fatal else source(entry, [layer], [])


def read_layer(path: Path, *, layer: str | None = None, encoding: str | None = None) -> Layer:
    """One table as it is in the file."""
    import pyogrio

    pyogrio.set_gdal_config_options(OPTIONS)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        meta, _, geometry, columns = pyogrio.raw.read(path, layer=layer, encoding=encoding, datetime_as_string=True)
    count = len(columns[0]) if columns else 0
    shapes = geometry if geometry is not None else column([None] * count)
    measured = any("Measured" in str(warning.message) for warning in said)
    return Layer(layer or path.stem, [str(f) for f in meta["fields"]], columns, shapes, meta["crs"], measured)


def with_shapes(layer: Layer) -> Layer:
    """The layer with shapes for WKB."""
    values = column(layer.geometry)
    first = next((value for value in values if value is not None), None)
    return dataclasses.replace(layer, geometry=shapely.from_wkb(values) if isinstance(first, bytes) else values)


def source(entry: LedgerEntry, layers: Sequence[Layer], notes: Iterable[Note]) -> Source:
    """Tables as one source frame: layer = table, entity = geometry type, handle = row from 1 (with several: table:row)."""
    notes = list(notes)
    shapes = [with_shapes(layer).geometry for layer in layers]
    counts = [len(own) for own in shapes]
    single = len(layers) == 1
    handles = [
        str(n) if single else f"{x.name}:{n}" for x, c in zip(layers, counts, strict=True) for n in range(1, c + 1)
    ]
    geometry = shapes[0] if single else np.concatenate(shapes) if shapes else column([])
    types = np.where(shapely.is_empty(geometry), NOTHING, shapely.get_type_id(geometry))
    features = frame.features(
        {
            "layer": np.repeat(column(layer.name for layer in layers), counts),
            "entity": KINDS[types],
            "handle": handles,
            "closed": np.isin(types, AREAS),
            "geometry": geometry,
        },
        count=len(geometry),
    )
    tables = [_table(layer, count) for layer, count in zip(layers, counts, strict=True)]
    attributes = pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0] if tables else pd.DataFrame()
    notes += _geometry_notes(entry, features, layers, nulls=int((types == NOTHING).sum()))
    notes += _garbled(entry, features, attributes, clear=layers[0].clear if single else frozenset())
    notes += [] if len(features) else [Note("empty_file", entry.path, entry.survey)]
    entry, _ = ledger.settle(entry, (), entities=len(features), extent=ledger.extent(features))
    return Source(entry, features, attributes, tuple(notes), tidy=layers[0].tidy if single else frozenset())


def _table(layer: Layer, count: int) -> pd.DataFrame:
    """The attributes of one layer as they are, dates as ISO text; missing texts and dates are None."""
    columns = {name: _plain(values) for name, values in zip(layer.fields, layer.columns, strict=True)}
    return frames.table(columns, count=count)


def _plain(values: Any) -> Any:
    if values.dtype.kind != "M":
        return values
    return column(None if np.isnat(v) else str(v) for v in values)


def _geometry_notes(entry: LedgerEntry, features: Any, layers: Sequence[Layer], *, nulls: int) -> list[Note]:
    """Null geometries counted, coordinates that are no numbers named, dropped M values said."""
    notes = []
    slots: dict[str, Any]
    shapes = features["geometry"].to_numpy()
    if nulls:
        slots = {"count": nulls, "share": nulls / len(features), "measured": nulls, "required": 0}
        notes.append(Note("null_geometry", entry.path, entry.survey, slots=slots))
    if (np.abs(shapely.get_coordinates(shapes)) <= HUGE).all():
        far = np.empty(0, dtype=int)
    else:
        points, owner = shapely.get_coordinates(shapes, return_index=True)
        far = np.unique(owner[~(np.abs(points) <= HUGE).all(axis=1)])
    for position in far:
        row = features.iloc[position]
        slots = {"detail": "坐标不是有限的数或超出 1e9"}
        notes.append(Note("not_finite", entry.path, entry.survey, row["layer"], row["handle"], None, slots))
    for layer in layers:
        if layer.measured:
            slots = {"what": "M 值（只保留平面坐标和高程）", "count": len(layer.geometry), "reason": "measured"}
            notes.append(Note("not_read", entry.path, entry.survey, layer.name, slots=slots))
    return notes


def _garbled(entry: LedgerEntry, features: Any, attributes: pd.DataFrame, *, clear: frozenset[str]) -> list[Note]:
    """Field names and values that are visibly in the wrong encoding; clear: fields whose values are known not to be."""
    notes = [
        Note("mojibake", entry.path, entry.survey, slots={"text": str(name), "count": 1})
        for name in attributes.columns
        if encodings.garbled(str(name))
    ]
    for name in (name for name in attributes.columns if name not in clear):
        words = attributes[name]
        if words.dtype != object:
            continue
        bad = encodings.all_garbled(value for value in words.to_numpy() if isinstance(value, str))
        wrong = [i for i, value in enumerate(words) if value in bad] if bad else []
        for i in wrong[:SHOWN]:
            row = features.iloc[i]
            slots = {"text": words.iloc[i], "count": 1, "field": str(name)}
            notes.append(
                Note("mojibake", entry.path, entry.survey, row["layer"], row["handle"], row["geometry"], slots)
            )
        if len(wrong) > SHOWN:
            slots = {"text": f"另有 {len(wrong) - SHOWN} 处", "count": len(wrong) - SHOWN, "field": str(name)}
            notes.append(Note("mojibake", entry.path, entry.survey, slots=slots))
    return notes
