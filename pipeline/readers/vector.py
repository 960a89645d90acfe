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

from pipeline import crs, frames, ledger
from pipeline.errors import InputError
from pipeline.ledger import Claim
from pipeline.readers import frame, table_notes
from pipeline.readers.frame import column, empty_source, refused
from pipeline.sources import LedgerEntry, Note, Source

OPTIONS = {"USE_OSR_FIND_MATCHES": "NO"}  # no search for what a .prj resembles: ten times faster, and nobody asked
HEADER_BYTES = 100  # of an SQLite file
AREAS = (3, 6)  # type ids of polygons and multipolygons
MULTIPLE = (4, 5)  # of points and lines in one feature
NOTHING = -1  # shapely type id of what is missing; here also of what is empty
BARE = -2  # of a row in a table that has no geometry at all
KINDS = column(
    (*frames.GEOMETRY_TYPES, frames.TABLE_ROW, frames.NO_SHAPE)
)  # by shapely type id, from the end for nothing
YES_NO = {True: "是", False: "否"}
DEGREES = (180.0, 90.0)


@dataclass(frozen=True, slots=True)
class Layer:
    """One table: geometry as WKB or shapes (None = null), values by column.

    measured: it had M values, which are dropped. spatial: it has a geometry column.
    truths: which columns hold truth values, numbers where some are missing. Fields of which it is known:
    tidy: no text has white space at either end; clear: no text is visibly in the wrong encoding.
    """

    name: str
    fields: Sequence[str]
    columns: Sequence[Any]
    geometry: Any
    crs: str | None = None
    measured: bool = False
    spatial: bool = True
    truths: frozenset[int] = frozenset()
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
    if apart := _several_crs(layers):
        return refused(entry, "crs_refused", detail=apart)
    entry, wrong = ledger.settle(entry, _row_claims(path, layers), crs=next((x.crs for x in layers if x.crs), None))
    return empty_source(entry, wrong) if entry.fatal else source(entry, layers, [])


def _several_crs(layers: Iterable[Layer]) -> str | None:
    """Which layers declare which CRS, as a Chinese sentence; None when they declare one and the same."""
    declared: dict[str, list[str]] = {}
    for layer in layers:
        if layer.crs and len(layer.geometry):
            declared.setdefault(layer.crs, []).append(layer.name)
    if len(declared) < 2:
        return None
    try:
        first, *others = map(crs.of_file, declared)
        if all(crs.same(first, other) for other in others):
            return None
        words = list(map(crs.describe, (first, *others)))
    except InputError:
        words = list(declared)
    told = "；".join(
        f"图层 {'、'.join(names)} 声明 {word}" for word, names in zip(words, declared.values(), strict=True)
    )
    return f"{told}；一个文件只能有一个坐标系，请统一到一个坐标系，或每个坐标系各写一个文件"


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
    layer = with_shapes(read_layer(path))
    entry, wrong = ledger.settle(
        entry,
        [Claim("要素数", count, len(layer.geometry))],
        crs=layer.crs if listed.get("crs") or _in_degrees(layer) else None,
        encoding="UTF-8",
        encoding_evidence="GeoJSON 规定为 UTF-8，全文可按它解码",
        engine=engine(),
    )
    return empty_source(entry, wrong) if entry.fatal else source(entry, [layer], [])


def _in_degrees(layer: Layer) -> bool:
    """Whether the coordinates can be the degrees that GeoJSON means where nothing is declared."""
    return bool((np.abs(shapely.get_coordinates(layer.geometry)) <= DEGREES).all())


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
    return Layer(
        layer or path.stem,
        [str(f) for f in meta["fields"]],
        columns,
        shapes,
        meta["crs"],
        measured,
        spatial=geometry is not None,
        truths=frozenset(i for i, kind in enumerate(meta["dtypes"]) if kind == "bool"),
    )


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
    types[~np.repeat(np.array([layer.spatial for layer in layers], dtype=bool), counts)] = BARE
    features = frame.features(
        {
            "layer": np.repeat(column(layer.name for layer in layers), counts),
            "entity": KINDS[types],
            "handle": handles,
            "closed": np.isin(types, AREAS),
            "geometry": _unwrapped(geometry, types),
        },
        count=len(geometry),
    )
    tables = [_table(layer, count) for layer, count in zip(layers, counts, strict=True)]
    attributes = pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0] if tables else pd.DataFrame()
    notes += table_notes.of_geometry(entry, features, layers, nulls=int((types == NOTHING).sum()))
    notes += table_notes.garbled(entry, features, attributes, clear=layers[0].clear if single else frozenset())
    notes += [] if len(features) else [Note("empty_file", entry.path, entry.survey)]
    entry, _ = ledger.settle(entry, (), entities=len(features), extent=ledger.extent(features))
    return Source(entry, features, attributes, tuple(notes), tidy=layers[0].tidy if single else frozenset())


def _unwrapped(shapes: Any, types: Any) -> Any:
    """The shapes, where a multiple point or line of one part is that part."""
    wrapped = np.isin(types, MULTIPLE)
    if wrapped.any():
        wrapped[wrapped] = shapely.get_num_geometries(shapes[wrapped]) == 1
        shapes = np.where(wrapped, shapely.get_geometry(shapes, 0), shapes)
    return shapes


def _table(layer: Layer, count: int) -> pd.DataFrame:
    """The attributes of one layer as they are, dates as ISO text; missing texts and dates are None."""
    columns = [_yes_no(own) if i in layer.truths else _plain(own) for i, own in enumerate(layer.columns)]
    return frames.table(dict(zip(layer.fields, columns, strict=True)), count=count)


def _plain(values: Any) -> Any:
    if values.dtype.kind == "b":
        return _yes_no(values)
    if values.dtype.kind != "M":
        return values
    return column(None if np.isnat(v) else str(v) for v in values)


def _yes_no(values: Any) -> Any:
    """Truth values as codes write them."""
    return column(YES_NO.get(value) for value in values.tolist())
