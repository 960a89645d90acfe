"""Source layers → canonical layers, as the standard's mappings say; what no mapping claims is counted and named."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline import crs as projections
from pipeline import frames as canonical
from pipeline import rings
from pipeline.mapping.choice import choose
from pipeline.mapping.fields import Context, values
from pipeline.mapping.rows import Columns, Rows
from pipeline.mapping.selection import Selecting
from pipeline.sources import Note, Source

if TYPE_CHECKING:
    from pipeline.standard import Delivery, LayerMapping, Standard

UNMAPPED_SHOWN = 5
LINES = (1, 5)  # shapely type ids of a line and of several
SEVERAL = {"point": (4, "{} 个点组成，不是一个点"), "line": (5, "{} 段线组成，不是一条线")}
FILL, OUTLINE = re.compile(r"[0-9]{4}99"), re.compile(r"[0-9]{4}00")


@dataclass(slots=True)
class Normalised:
    """Canonical frames of one survey (layer name → frame, derived columns not yet there) and what was noticed."""

    frames: dict[str, gpd.GeoDataFrame]
    notes: list[Note] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)  # file → name of the mapping used
    mapped: dict[str, int] = field(default_factory=dict)  # file → features that this mapping accounts for
    places: list[projections.Place] = field(default_factory=list)  # where each input lies
    refused: str | None = None  # why features of this survey could not be brought into the project CRS


def normalise(
    standard: Standard,
    sources: Sequence[Source],
    *,
    target: Any,
    declared: Any = None,
    relation: projections.Relation | None = None,
    mapping: str | None = None,
) -> Normalised:
    """Canonical layers of one survey in the project CRS.

    sources: the survey's files. target: project CRS. declared: CRS that project.yaml states for this survey.
    relation: parameters from another CRS to the project's, as project.yaml states them.
    mapping: name of the mapping to use; otherwise the one that leaves least of each file behind (`choice.choose`).
    """
    result = Normalised({})
    pieces: dict[str, list[gpd.GeoDataFrame]] = {name: [] for name in standard.layers}
    for source in sources:
        if source.features.empty:
            continue
        selecting = Selecting(source.features)
        chosen = choose(standard, source, selecting, mapping)
        if chosen is None:
            result.notes.append(_note(source, "unmapped", what="全部要素", count=len(source.features)))
            continue
        result.mapping[source.entry.path] = chosen.name
        result.mapped[source.entry.path] = int(selecting.claimed(chosen).sum())
        placed, given = _placed(source, result, target=target, declared=declared, relation=relation)
        if placed is not None and placed.features is not source.features:
            selecting = Selecting(placed.features)
        found = _mapped(standard, chosen, placed, selecting, result.notes, target=target) if placed else ()
        for layer, frame in found:
            pairs = standard.layers[layer].coordinates
            pieces[layer].append(projections.moved_fields(frame, pairs, given, target, relation=relation))
    for layer in standard.layers:
        result.frames[layer] = _joined(standard, layer, pieces[layer], target)
    return result


def _placed(source: Source, result: Normalised, *, target: Any, **how: Any) -> tuple[Source | None, Any]:
    """The source in the project CRS, None when its coordinates are refused, and the CRS it was in.

    Where it lies and why goes into `result`.
    """
    found = projections.placed(source, target=target, **how)
    result.notes += found.notes
    result.places += [found.place] if found.place else []
    if found.features is None:
        result.refused = result.refused or found.refused
        return None, target
    return dataclasses.replace(source, features=found.features), found.place.crs if found.place else target


def _mapped(
    standard: Standard, mapping: Delivery, source: Source, selecting: Selecting, notes: list[Note], *, target: Any
) -> list[tuple[str, gpd.GeoDataFrame]]:
    context = Context(source, notes)
    everything = Rows(selecting.columns)
    found = []
    for layer, how in mapping.layers.items():
        taken = selecting.selected(how.select)
        if not taken.any():
            continue
        rows = _once(everything.kept(taken))
        if standard.layers[layer].geometry == "polygon" and how.geometry != "point":
            rows = _with_rings(rows, context)
        if len(rows):
            found.append((layer, _canonical(standard, layer, how, rows, context, target=target)))
    left = ~selecting.claimed(mapping) & ~selecting.parts
    for name, group in source.features[left].groupby("layer", sort=True) if left.any() else ():
        kinds = group["entity"].value_counts().to_dict()
        text = "、".join(f"{kind} {count} 个" for kind, count in sorted(kinds.items()))
        handles = "、".join(map(str, group["handle"].head(UNMAPPED_SHOWN)))
        notes.append(_note(source, "unmapped", layer=str(name), what=text, count=len(group), handles=handles))
    return found


def _with_rings(rows: Rows, context: Context) -> Rows:
    """Rows of a polygon layer with chains of lines as rings; every line that bounds no ring is noted."""
    if not np.isin(shapely.get_type_id(rows["geometry"]), LINES).any():
        return rows
    found, entry = rings.closed(rows.frame), context.source.entry
    known = {(note.kind, note.handle) for note in context.source.notes}
    for told in found.told:
        row = rows.frame.iloc[told.row]
        if told.slots.get("count", 1) > 1 or (told.kind, row["handle"]) not in known:
            note = Note(told.kind, entry.path, entry.survey, row["layer"], row["handle"], told.place, told.slots)
            context.notes.append(note)
    return rows if found.rows is rows.frame else Rows(Columns(found.rows))


def _canonical(
    standard: Standard, layer: str, how: LayerMapping, rows: Rows, context: Context, *, target: Any
) -> gpd.GeoDataFrame:
    """Selected source rows as a canonical frame."""
    spec, entry = standard.layers[layer], context.source.entry
    columns: dict[str, Any] = {
        "feature": _named(standard, layer, rows["handle"]),
        "file": np.full(len(rows), entry.path, dtype=object),
        "source_layer": rows["layer"],
        "handle": rows["handle"],
        "curve": rows["curve"],
    }
    for name, where in how.fields.items():
        columns[name] = values(name, spec, where, rows, context)
    context.notes += _shapeless(standard, layer, rows, context)
    frame, unread = canonical.built(spec, columns, _geometry(rows, how.geometry), target)
    for name, positions in unread.items():
        for position in positions:
            slots = {
                "field": name,
                "label": spec.fields[name].label,
                "value": str(columns[name][position]),
                "wanted": {"number": "数字", "integer": "整数"}[spec.fields[name].type],
            }
            place = (rows["layer"][position], rows["handle"][position], rows["geometry"][position])
            context.notes.append(Note("bad_value", entry.path, standard.survey, *place, slots))
    return frame


def _shapeless(standard: Standard, layer: str, rows: Rows, context: Context) -> list[Note]:
    """Rows of a layer with geometry that come from a table without any, and rows with several points or lines in one."""
    wanted, entry, notes = standard.layers[layer].geometry, context.source.entry, []
    bare = int((rows["entity"] == canonical.TABLE_ROW).sum()) if wanted != "none" else 0
    if bare:
        slots = {"count": bare, "share": bare / len(rows), "measured": bare, "required": 0}
        notes.append(Note("null_geometry", entry.path, standard.survey, str(rows["layer"][0]), slots=slots))
    if wanted in SEVERAL:
        kind, told = SEVERAL[wanted]
        shapes = rows["geometry"]
        for position in np.flatnonzero(shapely.get_type_id(shapes) == kind):
            shape = shapes[position]
            detail = f"由 {told.format(len(shape.geoms))}；请分成单独的要素"
            place = (rows["layer"][position], rows["handle"][position], shape)
            notes.append(Note("degenerate", entry.path, standard.survey, *place, {"detail": detail}))
    return notes


def _geometry(rows: Rows, wanted: str) -> Any:
    shapes = rows["geometry"]
    if wanted == "point":
        kinds = shapely.get_type_id(shapes)
        return np.where(kinds == 0, shapes, shapely.centroid(shapes))
    if wanted == "polygon" and np.isin(shapely.get_type_id(shapes), LINES).any():
        return [_ring_as_polygon(shape) for shape in shapes]
    if wanted == "line":
        return [s.boundary if s is not None and s.geom_type == "Polygon" else s for s in shapes]
    return shapes


def _ring_as_polygon(shape: Any) -> Any:
    closed = shape is not None and shape.geom_type == "LineString" and shape.is_ring
    return shapely.Polygon(shape.coords) if closed else shape


def _joined(standard: Standard, layer: str, pieces: Sequence[gpd.GeoDataFrame], target: Any) -> gpd.GeoDataFrame:
    """Pieces of all files as one frame with unique feature ids: the file is named where handles collide."""
    if not pieces:
        return canonical.build(standard.layers[layer], {}, [], target)
    frame = pieces[0]
    if len(pieces) > 1 or frame.crs is not target:
        whole = frame if len(pieces) == 1 else pd.concat(pieces, ignore_index=True)
        frame = gpd.GeoDataFrame(whole, geometry="geometry", crs=target)
    if len(set(frame["feature"])) < len(frame):
        twice = frame["feature"].duplicated(keep=False).to_numpy()
        stems = [str(file).rsplit("/", 1)[-1] for file in frame["file"]]
        handles = [f"{s}:{h}" if again else h for s, h, again in zip(stems, frame["handle"], twice, strict=True)]
        frame["feature"] = pd.Series(_named(standard, layer, handles), dtype=object)
    return frame


def _named(standard: Standard, layer: str, handles: Iterable[Any]) -> Any:
    """Feature ids: "survey.layer/handle"."""
    before = f"{standard.survey}.{layer}/"
    return np.array([f"{before}{handle}" for handle in handles], dtype=object)


def _once(rows: Rows) -> Rows:
    """One row per area: a fill (CASS code ending 99) goes where an outline of the same kind (ending 00) holds it."""
    which, codes = rows.distinct("code")
    words = [*map(str, codes), ""]
    fills = np.flatnonzero(np.array([bool(FILL.fullmatch(word)) for word in words])[which])
    outlines = np.flatnonzero(np.array([bool(OUTLINE.fullmatch(word)) for word in words])[which])
    if not len(fills) or not len(outlines):
        return rows
    kinds = np.array([word[:4] for word in words], dtype=object)[which]
    shapes = rows["geometry"]
    inner = shapely.point_on_surface(shapes[fills])
    fill, outline = shapely.STRtree(shapes[outlines]).query(inner, predicate="intersects")
    held = np.zeros(len(rows), dtype=bool)
    held[fills[fill[kinds[fills[fill]] == kinds[outlines[outline]]]]] = True
    return rows.kept(~held)


def _note(source: Source, kind: str, *, layer: str | None = None, **slots: Any) -> Note:
    return Note(kind, source.entry.path, source.entry.survey, layer, slots=slots)
