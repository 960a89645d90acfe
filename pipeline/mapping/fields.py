"""Where one field of a canonical layer is found in a source: XDATA, ATTRIB or column, own text, text inside …"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from pipeline.model import Note, Source
from pipeline.scalars import missing

if TYPE_CHECKING:
    import geopandas as gpd

    from pipeline.standard import FieldSource, LayerSpec


@dataclass(slots=True)
class Context:
    """The source being mapped, where notes go, and the label-in-polygon results already known."""

    source: Source
    notes: list[Note]
    labels: dict[tuple[Any, ...], list[list[tuple[str, Any]]]] = field(default_factory=dict)


def values(name: str, layer: LayerSpec, where: FieldSource, rows: gpd.GeoDataFrame, context: Context) -> list[Any]:
    """One value per row for field `name`; absent = None. Notes what is missing or ambiguous inside polygons."""
    found = _first(name, layer, where, rows, context)
    while where.otherwise is not None:
        where = where.otherwise
        left = np.array([v is None or not str(v).strip() for v in found], dtype=bool)
        if not left.any():
            break
        rest = iter(_first(name, layer, where, rows[left], context, last_resort=True))
        found = [next(rest) if empty else value for empty, value in zip(left, found, strict=True)]
    return found


def _first(
    name: str,
    layer: LayerSpec,
    where: FieldSource,
    rows: gpd.GeoDataFrame,
    context: Context,
    *,
    last_resort: bool = False,
) -> list[Any]:
    """What one source gives, `otherwise` left aside; a missing text is no fault of its own in a `last_resort`."""
    if where.text_inside:
        found = _texts_inside(name, layer, where, rows, context, wanted=not last_resort)
    else:
        found = _raw(where)(rows, context)
        found = [_patterned(value, where.pattern) for value in found] if where.pattern is not None else found
    return [where.values.get(str(v).strip(), v) if v is not None else None for v in found] if where.values else found


def _raw(where: FieldSource) -> Callable[[gpd.GeoDataFrame, Context], list[Any]]:
    """The reader of raw values that `where` asks for."""
    if where.xdata is not None:
        return partial(_xdata, app=where.xdata, item=where.item)
    if where.attribute is not None:
        names = (where.attribute,) if isinstance(where.attribute, str) else where.attribute
        return partial(_attribute, names=names)
    if where.const is not None:
        return lambda rows, _: [where.const] * len(rows)
    column = {"own_text": "text", "layer_name": "layer", "cass_code": "code"}
    for key, source_column in column.items():
        if getattr(where, key):
            return lambda rows, _, c=source_column: list(rows[c])  # type: ignore[misc]
    axis = 0 if where.easting else 1 if where.northing else 2
    return partial(_coordinate, axis=axis)


def _xdata(rows: gpd.GeoDataFrame, _: Context, *, app: str, item: int) -> list[Any]:
    """The item-th value of an app; group code 1071/1070/1040/1000 alike, never by position across apps."""
    found = []
    for xdata in rows["xdata"]:
        tags = xdata.get(app) if isinstance(xdata, Mapping) else None
        found.append(tags[item][1] if tags and item < len(tags) else None)
    return found


def _attribute(rows: gpd.GeoDataFrame, context: Context, *, names: Sequence[str]) -> list[Any]:
    """The first filled alias column, compared without regard to case; "A+B" is two columns joined by "_"."""
    table = context.source.attributes
    known = {str(column).strip().lower(): column for column in table.columns}
    found: list[Any] = [None] * len(rows)
    filled = False
    for name in names:
        parts = [known[part] for part in name.lower().split("+") if part in known]
        if len(parts) == name.count("+") + 1:
            columns = [_given(table[part], rows.index) for part in parts]
            given = columns[0] if len(columns) == 1 else [_joined(words) for words in zip(*columns, strict=True)]
            found = given if not filled else [n if o is None else o for o, n in zip(found, given, strict=True)]
            filled = True
    return found


def _given(column: pd.Series, index: pd.Index) -> list[Any]:
    """The values of these rows in plain Python, None where there is none."""
    column = column if column.index.equals(index) else column.loc[index]
    values = column.tolist()
    if set(map(type, values)) <= {float, type(None)}:
        return [None if value is None or value != value else value for value in values]  # noqa: PLR0124 — NaN
    return [value if type(value) is str and value.strip() else _or_none(value) for value in values]


def _or_none(value: Any) -> Any:
    return None if missing(value) else value


def _joined(words: Sequence[Any]) -> str | None:
    return None if None in words else "_".join(str(word).strip() for word in words)


def _coordinate(rows: gpd.GeoDataFrame, _: Context, *, axis: int) -> list[Any]:
    points = shapely.centroid(rows["geometry"].to_numpy()) if axis < 2 else rows["geometry"].to_numpy()
    numbers = (shapely.get_x, shapely.get_y, shapely.get_z)[axis](points)
    return [None if np.isnan(v) else float(v) for v in numbers]


def _patterned(value: Any, pattern: str | None) -> Any:
    """Group 1 of `pattern` in the value; the value itself without pattern; None when it does not match."""
    if value is None or pattern is None:
        return value
    match = re.search(pattern, str(value))
    return match.group(1) if match else None


def matches(column: pd.Series, patterns: Sequence[str]) -> np.ndarray:
    """Which values fit one of the patterns (fnmatch, without regard to case); only "" fits what is not given."""
    codes, distinct = pd.factorize(column)
    fits = [any(fnmatch.fnmatchcase(str(value).lower(), p.lower()) for p in patterns) for value in distinct]
    return np.array([*fits, "" in patterns], dtype=bool)[codes]


# ---------------------------------------------------------------- label in polygon


def _texts_inside(
    name: str, layer: LayerSpec, where: FieldSource, rows: gpd.GeoDataFrame, context: Context, *, wanted: bool
) -> list[Any]:
    """Text inside each polygon that matches the pattern; two different answers are ambiguous and give none.

    wanted: a required field without any text is noted.
    """
    key = (where.text_inside, tuple(rows.index))
    if key not in context.labels:
        context.labels[key] = _labels(where.text_inside or (), rows, context)
    found: list[Any] = []
    for (_, row), labels in zip(rows.iterrows(), context.labels[key], strict=True):
        answers = {v: point for text, point in labels if (v := _patterned(text, where.pattern)) is not None}
        if len(answers) > 1:
            said = "、".join(sorted(map(str, answers)))
            context.notes.append(_note(context, "label_ambiguous", row, name, layer, said))
        elif not answers and wanted and layer.fields[name].required is True:
            context.notes.append(_note(context, "label_missing", row, name, layer, ""))
        found.append(next(iter(answers)) if len(answers) == 1 else None)
    return found


def _labels(layers: Sequence[str], rows: gpd.GeoDataFrame, context: Context) -> list[list[tuple[str, Any]]]:
    """Texts of the given layers by the smallest polygon of `rows` that holds their insertion point."""
    features = context.source.features
    wanted = features["entity"].isin(["TEXT", "MTEXT"]).to_numpy() & matches(features["layer"], layers)
    if "inside" in features and not rows["inside"].notna().any():
        wanted &= features["inside"].isna().to_numpy()  # texts of blocks name what stands in blocks
    texts = features[wanted]
    polygons = rows["geometry"].to_numpy()
    inside: list[list[tuple[str, Any]]] = [[] for _ in range(len(rows))]
    points = texts["geometry"].to_numpy()
    if not len(points) or not len(polygons):
        return inside
    text_index, polygon_index = shapely.STRtree(polygons).query(points, predicate="intersects")
    area = shapely.area(polygons)
    smallest: dict[int, int] = {}
    for t, p in zip(text_index, polygon_index, strict=True):
        if t not in smallest or area[p] < area[smallest[t]]:
            smallest[int(t)] = int(p)
    for t, p in sorted(smallest.items()):
        inside[p].append((str(texts["text"].iloc[t]), points[t]))
    return inside


def _note(context: Context, kind: str, row: Any, name: str, layer: LayerSpec, answers: str) -> Note:
    entry = context.source.entry
    slots = {"field": name, "label": layer.fields[name].label, "answers": answers}
    return Note(kind, entry.path, entry.survey, row["layer"], row["handle"], row["geometry"], slots)
