"""Where every feature of the district lies, without its outline: boxes, codes and what it is called, layer by layer."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.district.entries import LAYERS, Entry, relative, with_fault
from pipeline.district.package import Package, Rows, opened
from pipeline.district.space import Space, centre, space_of
from pipeline.errors import InputError
from pipeline.sources import Note
from pipeline.standard import LayerMapping, LayerSpec, Standard

PROVENANCE = ("feature", "source_layer", "handle")
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class LayerIndex:
    """Features of one layer of the district, by project key and then by id.

    project: position in `Index.entries`; fid: in the project's package; table: of it; boxes: (n, 4) in the district's
    CRS, NaN where the project is not joined. values: columns of the standard and of provenance.
    """

    name: str
    spec: LayerSpec
    project: np.ndarray
    fid: np.ndarray
    table: np.ndarray
    boxes: np.ndarray
    values: Mapping[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.fid)

    @property
    def placed(self) -> np.ndarray:
        """Positions of the features whose place in the district is known."""
        return np.flatnonzero(np.isfinite(self.boxes).all(axis=1))


@dataclass(frozen=True, slots=True)
class Index:
    """Everything known of the district before an outline is read. features: rows of each project's results by key.

    centres: middle of each project in the district's CRS. far: those that lie elsewhere, km from the middle of all.
    """

    entries: tuple[Entry, ...]
    layers: Mapping[str, LayerIndex]
    space: Space
    features: Mapping[str, int]
    centres: Mapping[str, np.ndarray]
    far: Mapping[str, float]


@dataclass(slots=True)
class _Read:
    """What was read of one project: its CRS, and rows by layer with the table that they come from."""

    crs: str | None
    rows: dict[str, tuple[str, Rows]]
    features: int


def index_of(entries: Sequence[Entry], standard: Standard, *, reach_km: float, progress: Progress) -> Index:
    """Reads every result once, box by box; a result that cannot be read makes its project a broken one."""
    kept, read = list(entries), {}
    for i, entry in enumerate(kept):
        if not entry.judged:
            continue
        try:
            read[entry.key] = _project(entry, standard)
        except InputError as err:
            kept[i] = with_fault(entry, relative(str(err), entry.folder))
        if i % 100 == 99:
            progress(f"读取各项目的图形范围：{i + 1}/{len(kept)}")
    space = space_of({key: project.crs for key, project in read.items() if project.rows})
    moved, apart = _moved(read, space)
    space = dataclasses.replace(space, apart={**space.apart, **apart})
    features = {key: project.features for key, project in read.items()}
    centres = {key: at for key, layers in moved.items() if (at := centre(layers.values())) is not None}
    mapped = {layer for delivery in standard.mappings for layer in delivery.layers}
    layers = {
        name: _layer(name, spec, kept, read, moved) if name in mapped else _listed(name, spec, kept, centres)
        for name, spec in standard.layers.items()
    }
    return Index(tuple(kept), layers, space, features, centres, _far(centres, reach_km))


def notes_of(index: Index, *, reach_km: float) -> list[Note]:
    """What the rules on projects look at: broken ones, coordinate systems, places out of reach."""
    space = index.space
    notes = [
        Note("project_without_result", e.key, slots={"detail": e.reason or ""}) for e in index.entries if not e.judged
    ]
    notes += [Note("crs_not_joined", key, slots={"detail": why}) for key, why in sorted(space.apart.items())]
    notes += [
        Note("crs_joined", key, slots={"own": space.own_name(key), "district": space.name})
        for key in sorted(space.own)
        if space.joined(key) and not space.same(key)
    ]
    for key, distance_km in sorted(index.far.items()):
        slots = {"measured": distance_km, "required": reach_km, "unit": "km"}
        notes.append(Note("project_far_away", key, slots=slots))
    return notes


def tables_of(mapping: LayerMapping) -> list[str]:
    """Tables of a result that a layer may come from, best first: survey.layer stands as survey_layer."""
    return [name.replace(".", "_", 1) for name in mapping.select.layer]


def columns_of(mapping: LayerMapping) -> dict[str, str]:
    """Field of the district → column of the result."""
    return {name: str(source.attribute) for name, source in mapping.fields.items()}


# ---------------------------------------------------------------- inside


def _project(entry: Entry, standard: Standard) -> _Read:
    with opened(entry.folder / LAYERS) as package:
        tables = [table for table in package.tables if table != "findings"]
        rows: dict[str, tuple[str, Rows]] = {}
        for delivery in standard.mappings:
            for layer, mapping in delivery.layers.items():
                table = next((t for t in tables_of(mapping) if t in package.tables), None)
                if table is not None and layer not in rows:
                    rows[layer] = (table, _rows(package, table, mapping))
        used = sorted({table for table, _ in rows.values()})
        crs = package.crs(used[0]) if used else None
        return _Read(crs, rows, sum(package.count(table) for table in tables))


def _rows(package: Package, table: str, mapping: LayerMapping) -> Rows:
    columns = columns_of(mapping)
    rows = package.rows(table, [*PROVENANCE, *columns.values()])
    kept = {name: rows.values[name] for name in PROVENANCE}
    return Rows(rows.fid, rows.boxes, {**kept, **{field: rows.values[column] for field, column in columns.items()}})


def _moved(read: Mapping[str, _Read], space: Space) -> tuple[dict[str, dict[str, np.ndarray]], dict[str, str]]:
    """Boxes in the district's CRS by project and layer, and the projects whose coordinates could not be moved."""
    moved: dict[str, dict[str, np.ndarray]] = {}
    apart = {}
    for key, project in read.items():
        if not space.joined(key):
            continue
        try:
            moved[key] = {layer: space.moved_boxes(rows.boxes, key) for layer, (_, rows) in project.rows.items()}
        except InputError as err:
            apart[key] = str(err)
    return moved, apart


def _layer(
    name: str,
    spec: LayerSpec,
    entries: Sequence[Entry],
    read: Mapping[str, _Read],
    moved: Mapping[str, Mapping[str, np.ndarray]],
) -> LayerIndex:
    parts = [(i, e.key, *read[e.key].rows[name]) for i, e in enumerate(entries) if name in _rows_of(read, e.key)]
    fields = [*PROVENANCE, *(f for f in spec.fields if f != "project")]
    values: dict[str, list[Any]] = {field: [] for field in fields}
    project, table, boxes = [], [], []
    for i, key, source, rows in parts:
        count = len(rows.fid)
        project.append(np.full(count, i))
        table.append(np.full(count, source, dtype=object))
        boxes.append(moved.get(key, {}).get(name, np.full((count, 4), np.nan)))
        for field, column in values.items():
            column.extend(rows.values.get(field) or [None] * count)
    return LayerIndex(
        name,
        spec,
        np.concatenate([np.zeros(0, dtype=np.int64), *project]),
        np.concatenate([np.zeros(0, dtype=np.int64), *(rows.fid for *_, rows in parts)]),
        np.concatenate([np.zeros(0, dtype=object), *table]),
        np.concatenate([np.zeros((0, 4)), *boxes]),
        {field: _objects(column) for field, column in values.items()},
    )


def _listed(name: str, spec: LayerSpec, entries: Sequence[Entry], centres: Mapping[str, np.ndarray]) -> LayerIndex:
    """A layer that no result holds: the projects themselves, their fields those of `Entry`."""
    count = len(entries)
    boxes = np.full((count, 4), np.nan)
    for i, entry in enumerate(entries):
        if entry.key in centres:
            boxes[i] = *centres[entry.key], *centres[entry.key]
    values = {field: _objects(getattr(entry, field, None) for entry in entries) for field in spec.fields}
    values |= {field: _objects([None] * count) for field in PROVENANCE}
    values["handle"] = _objects(entry.key for entry in entries)
    table = np.full(count, "", dtype=object)
    return LayerIndex(name, spec, np.arange(count), np.zeros(count, dtype=np.int64), table, boxes, values)


def _rows_of(read: Mapping[str, _Read], key: str) -> Mapping[str, tuple[str, Rows]]:
    return read[key].rows if key in read else {}


def _objects(values: Iterable[Any]) -> np.ndarray:
    given = list(values)
    made = np.empty(len(given), dtype=object)
    made[:] = given
    return made


def _far(centres: Mapping[str, np.ndarray], reach_km: float) -> dict[str, float]:
    """Projects farther than `reach_km` from the median of all."""
    if not centres:
        return {}
    middle = np.median(np.array(list(centres.values())), axis=0)
    gaps = {key: float(np.hypot(*(at - middle))) / 1000 for key, at in centres.items()}
    return {key: gap for key, gap in gaps.items() if gap > reach_km}
