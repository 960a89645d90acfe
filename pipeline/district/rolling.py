"""The district's database: every project's outline, parcels, buildings and findings in one CRS, batch by batch.

GeoPackage by GDAL; GeoParquet (1.1, WKB) by pyarrow where it is installed. Never more than a batch in memory.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline import crs as projections
from pipeline.district.between import Between
from pipeline.district.entries import LAYERS, Entry
from pipeline.district.index import PROVENANCE, Index, LayerIndex
from pipeline.district.package import opened
from pipeline.district.parquet import ParquetFile
from pipeline.model import FINDING_FIELDS, Finding
from pipeline.report import geopackage
from pipeline.results import read_result
from pipeline.standard import FieldSpec

BATCH = 20_000  # features a batch
FINDINGS, PROJECTS = "findings", "projects"
Progress = Callable[[str], None]


def write_layers(
    index: Index, between: Sequence[Between], folder: Path, *, date: str, parquet: bool, progress: Progress
) -> dict[str, Any]:
    """district.gpkg and one .parquet a layer, in `folder`; returns the outline of each project, for the map.

    date: of the district, ISO, for the time stamp that a GeoPackage carries.
    """
    crs = projections.parse(index.space.crs) if index.space.crs else None
    sink = _Sink(folder, crs, parquet=parquet)
    outlines: dict[str, list[Any]] = {}
    with geopackage.dated(date or "2000-01-01"), contextlib.closing(sink):
        for name, layer in index.layers.items():
            if layer.spec.geometry == "none":
                continue
            progress(f"汇总{layer.spec.label}")
            for frame in _batches(index, layer, outlines):
                sink.put(name, frame)
        sink.put(PROJECTS, _projects(index, outlines))
        progress("汇总问题")
        for frame in _findings(index, between):
            sink.put(FINDINGS, frame)
    return {key: shapes[0] for key, shapes in outlines.items()}


class _Sink:
    """The files that batches are appended to."""

    def __init__(self, folder: Path, crs: Any, *, parquet: bool) -> None:
        self.path, self.crs = folder / "district.gpkg", crs
        self.folder = folder / "district" if parquet else None
        self.files: dict[str, ParquetFile] = {}

    def put(self, name: str, frame: gpd.GeoDataFrame) -> None:
        """Append a batch; an empty layer is written as one without rows."""
        columns = {key: frame[key].array for key in frame.columns if key != frame.geometry.name}
        shapes = np.asarray(frame.geometry.array, dtype=object)
        geopackage.write_layer(self.path, name, columns, shapes, self.crs, append=self.path.exists(), mixed=True)
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            if name not in self.files:
                self.files[name] = ParquetFile(self.folder / f"{name}.parquet", self.crs)
            self.files[name].put(frame)

    def close(self) -> None:
        for file in self.files.values():
            file.close()


def _batches(index: Index, layer: LayerIndex, outlines: dict[str, list[Any]]) -> Iterator[gpd.GeoDataFrame]:
    """The layer's features project after project; each project's outlines are kept as one shape beside."""
    waiting: list[np.ndarray] = []
    for position in np.unique(layer.project):
        if index.space.joined(index.entries[position].key):
            waiting.append(np.flatnonzero(layer.project == position))
        if sum(map(len, waiting)) >= BATCH:
            yield _batch(index, layer, waiting, outlines)
            waiting = []
    if waiting:
        yield _batch(index, layer, waiting, outlines)


def _batch(
    index: Index, layer: LayerIndex, parts: Sequence[np.ndarray], outlines: dict[str, list[Any]]
) -> gpd.GeoDataFrame:
    """The features at these positions, one part a project, as one frame."""
    shapes = []
    for at in parts:
        entry = index.entries[layer.project[at[0]]]
        with opened(entry.folder / LAYERS) as package:
            read = package.geometry(str(layer.table[at[0]]), layer.fid[at].tolist())
        shapes.append(index.space.moved(read, entry.key))
        outlines.setdefault(entry.key, []).append(_together(shapes[-1]))
    at = np.concatenate(list(parts))
    owners = [index.entries[position] for position in layer.project[at]]
    data: dict[str, Any] = {"project": [e.key for e in owners], "code": [e.code for e in owners]}
    for name in (*PROVENANCE, *(field for field in layer.spec.fields if field != "project")):
        data[name] = _typed(layer.values[name][at], layer.spec.fields.get(name))
    return gpd.GeoDataFrame(pd.DataFrame(data), geometry=gpd.GeoSeries(list(np.concatenate(shapes))))


def _typed(values: np.ndarray, spec: FieldSpec | None) -> Any:
    """A column with the type that the standard declares, the same in every batch."""
    if spec is not None and spec.type == "number":
        return pd.to_numeric(pd.Series(values), errors="coerce").astype("float64")
    if spec is not None and spec.type == "integer":
        return pd.to_numeric(pd.Series(values), errors="coerce").astype("Int64")
    return pd.Series(values, dtype=object)


def _projects(index: Index, outlines: dict[str, list[Any]]) -> gpd.GeoDataFrame:
    """One row a project, broken ones too; its outline is that of the first layer that it has."""
    rows = [
        {
            "project": entry.key,
            "code": entry.code,
            "name": entry.name,
            "firm": entry.firm,
            "date": entry.date,
            "outcome": entry.outcome,
            "reason": entry.reason,
            "errors": entry.count("error"),
            "warnings": entry.count("warning"),
            "infos": entry.count("info"),
            "features": index.features.get(entry.key, 0),
            "surveys": "、".join(label for _, label in entry.surveys),
            "crs": index.space.own_name(entry.key) if entry.key in index.space.own else None,
            "score": entry.score,
            "grade": entry.grade,
        }
        for entry in index.entries
    ]
    shapes = [outlines.get(entry.key, [None])[0] for entry in index.entries]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows), geometry=gpd.GeoSeries(shapes))
    frame["score"] = pd.to_numeric(frame["score"], errors="coerce").astype("float64")
    return frame


def _findings(index: Index, between: Sequence[Between]) -> Iterator[gpd.GeoDataFrame]:
    """Findings between projects, then those of each project, places in the district's CRS."""
    rows = [(b.finding, b.project, b.other_project) for b in between]
    places = [_shape(b.finding.place) for b in between]
    for entry in index.entries:
        if entry.judged:
            found = read_result(entry.folder).findings
            rows += [(finding, entry.key, None) for finding in found]
            places += _moved([_shape(finding.place) for finding in found], entry, index)
        if len(rows) >= BATCH:
            yield _finding_frame(rows, places)
            rows, places = [], []
    yield _finding_frame(rows, places)


def _moved(places: Sequence[Any], entry: Entry, index: Index) -> list[Any]:
    """Places of one project's findings; those of a project that is not joined are left out, the rows stay."""
    moved: list[Any] = [None] * len(places)
    filled = [i for i, place in enumerate(places) if place is not None]
    if filled and index.space.joined(entry.key):
        shapes = index.space.moved(np.array([places[i] for i in filled], dtype=object), entry.key)
        for i, shape in zip(filled, shapes, strict=True):
            moved[i] = shape
    return moved


def _finding_frame(rows: Sequence[tuple[Finding, str, str | None]], places: Sequence[Any]) -> gpd.GeoDataFrame:
    made = []
    for finding, project, other in rows:
        row = {"project": project, "other_project": other, **finding.line}
        row |= {key: None if row[key] is None else str(row[key]) for key in ("measured", "required")}
        row["waiver"] = None if finding.waiver is None else json.dumps(finding.waiver, ensure_ascii=False, default=str)
        del row["place"]
        made.append(row)
    names = ("project", "other_project", *(name for name in FINDING_FIELDS if name != "place"))
    columns = {name: pd.Series([row[name] for row in made], dtype=object) for name in names}
    columns["tolerance"] = pd.to_numeric(columns["tolerance"], errors="coerce").astype("float64")
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=gpd.GeoSeries(list(places)))


def _shape(text: str | None) -> Any:
    return shapely.from_wkt(text) if isinstance(text, str) else None


def _together(shapes: np.ndarray) -> Any:
    """The outlines of a project as one shape; invalid ones as GEOS repairs them, for the picture only."""
    filled = shapes[~shapely.is_missing(shapes)]
    return shapely.union_all(shapely.make_valid(filled)) if len(filled) else None
