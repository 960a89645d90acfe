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

from pipeline.frames import word
from pipeline.mapping.rows import Columns, Rows
from pipeline.scalars import missing
from pipeline.sources import Note, Source

if TYPE_CHECKING:
    import geopandas as gpd

    from pipeline.standard import FieldSource, LayerSpec


_WILD = re.compile(r"[*?[]")
DIVIDED = "；"  # how a list is written in canonical frames


@dataclass(slots=True)
class Context:
    """The source being mapped, where notes go, and the label-in-polygon results already known."""

    source: Source
    notes: list[Note]
    labels: dict[tuple[Any, ...], list[list[tuple[str, Any]]]] = field(default_factory=dict)
    attributes: Columns = field(init=False)

    def __post_init__(self) -> None:
        self.attributes = Columns(self.source.attributes)


def values(
    name: str, layer: LayerSpec, where: FieldSource, rows: Rows, context: Context
) -> list[Any] | np.ndarray[Any, Any]:
    """One value per row for field `name`; absent = None. Notes what is missing or ambiguous among its labels.

    A column of the source that is taken as it stands comes as the array that it is there.
    """
    column = _as_it_stands(where, rows, context)
    if column is not None:
        return column
    found = _first(name, layer, where, rows, context)
    while where.otherwise is not None:
        where = where.otherwise
        left = np.array([v is None or not str(v).strip() for v in found], dtype=bool)
        if not left.any():
            break
        rest = iter(_first(name, layer, where, rows.kept(left), context, last_resort=True))
        found = [next(rest) if empty else value for empty, value in zip(left, found, strict=True)]
    return found


def _first(
    name: str, layer: LayerSpec, where: FieldSource, rows: Rows, context: Context, *, last_resort: bool = False
) -> list[Any]:
    """What one source gives, `otherwise` left aside; a missing text is no fault of its own in a `last_resort`."""
    if where.text_layers:
        found = _labelled(name, layer, where, rows.frame, context, wanted=not last_resort)
    else:
        found = reader_of(where)(rows, context)
        found = [_patterned(value, where.pattern) for value in found] if where.pattern is not None else found
    if where.separator is not None:
        found = [value.replace(where.separator, DIVIDED) if isinstance(value, str) else value for value in found]
    return [where.values.get(word(v) or "", v) if v is not None else None for v in found] if where.values else found


def reader_of(where: FieldSource) -> Callable[[Rows, Context], list[Any]]:
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
            return lambda rows, _, c=source_column: rows[c].tolist()  # type: ignore[misc]
    axis = 0 if where.easting else 1 if where.northing else 2
    return partial(_coordinate, axis=axis)


def _xdata(rows: Rows, _: Context, *, app: str, item: int) -> list[Any]:
    """The item-th value of an app; group code 1071/1070/1040/1000 alike, never by position across apps."""
    found = []
    for xdata in rows["xdata"]:
        tags = xdata.get(app) if isinstance(xdata, Mapping) else None
        found.append(tags[item][1] if tags and item < len(tags) else None)
    return found


def _as_it_stands(where: FieldSource, rows: Rows, context: Context) -> np.ndarray[Any, Any] | None:
    """The column that alone is the field, when nothing is to be done to its values but typing; else None."""
    plain = where.pattern is None and where.otherwise is None and not where.values and not where.separator
    if where.attribute is None or not plain:
        return None
    names = (where.attribute,) if isinstance(where.attribute, str) else where.attribute
    known = context.attributes.by_lower_name
    found = [known[part] for name in names for part in name.lower().split("+") if part in known]
    if len(found) != 1 or any("+" in name for name in names):
        return None
    column = _own(context.attributes[found[0]], rows)
    return column if column.dtype.kind in "if" or found[0] in context.source.tidy else None


def _own(column: np.ndarray[Any, Any], rows: Rows) -> np.ndarray[Any, Any]:
    """The values of these rows."""
    labels = rows.labels
    return column if labels is None else column[labels]


def _attribute(rows: Rows, context: Context, *, names: Sequence[str]) -> list[Any]:
    """The first filled alias column, compared without regard to case; "A+B" is two columns joined by "_"."""
    table, known = context.attributes, context.attributes.by_lower_name
    found: list[Any] = [None] * len(rows)
    filled = False
    for name in names:
        parts = [known[part] for part in name.lower().split("+") if part in known]
        if len(parts) == name.count("+") + 1:
            columns = [_given(_own(table[part], rows)) for part in parts]
            given = columns[0] if len(columns) == 1 else [_joined(words) for words in zip(*columns, strict=True)]
            found = given if not filled else [n if o is None else o for o, n in zip(found, given, strict=True)]
            filled = True
    return found


def _given(column: np.ndarray[Any, Any]) -> list[Any]:
    """Values in plain Python, None where there is none."""
    values = column.tolist()
    if set(map(type, values)) <= {float, type(None)}:
        return [None if value is None or value != value else value for value in values]  # noqa: PLR0124 — NaN
    return [value if type(value) is str and value.strip() else _or_none(value) for value in values]


def _or_none(value: Any) -> Any:
    return None if missing(value) else value


def _joined(words: Sequence[Any]) -> str | None:
    return None if None in words else "_".join(word(value) or "" for value in words)


def _coordinate(rows: Rows, _: Context, *, axis: int) -> list[Any]:
    points = shapely.centroid(rows["geometry"]) if axis < 2 else rows["geometry"]
    numbers = (shapely.get_x, shapely.get_y, shapely.get_z)[axis](points)
    return [None if np.isnan(v) else float(v) for v in numbers]


def _patterned(value: Any, pattern: str | None) -> Any:
    """Group 1 of `pattern` in the value; the value itself without pattern; None when it does not match."""
    if value is None or pattern is None:
        return value
    match = re.search(pattern, value if isinstance(value, str) else word(value) or "")
    return match.group(1) if match else None


def matches(column: pd.Series, patterns: Sequence[str]) -> np.ndarray:
    """Which values fit one of the patterns (fnmatch, without regard to case); only "" fits what is not given."""
    codes, distinct = pd.factorize(column)
    return fitting(codes, np.asarray(distinct, dtype=object), patterns)


def fitting(codes: np.ndarray, distinct: np.ndarray, patterns: Sequence[str]) -> np.ndarray:
    """As `matches`, for a column parted into its different values and which of them each row has (-1: none)."""
    lowered = [pattern.lower() for pattern in patterns]
    fits = [any(_fits(str(value).lower(), pattern) for pattern in lowered) for value in distinct]
    return np.asarray(np.array([*fits, "" in patterns], dtype=bool)[codes])


def _fits(text: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(text, pattern) if _WILD.search(pattern) else text == pattern


# ---------------------------------------------------------------- label in polygon, label along line


def _labelled(
    name: str, layer: LayerSpec, where: FieldSource, rows: gpd.GeoDataFrame, context: Context, *, wanted: bool
) -> list[Any]:
    """The label of each row that matches the pattern; two different answers are ambiguous and give none.

    wanted: a required field without any text is noted.
    """
    key = (where.text_layers, where.within_m, tuple(rows.index))
    if key not in context.labels:
        context.labels[key] = _labels(where, rows, context)
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


def _labels(where: FieldSource, rows: gpd.GeoDataFrame, context: Context) -> list[list[tuple[str, Any]]]:
    """Texts of the given layers with the row whose label they are: insertion point inside, or beside the line."""
    features = context.source.features
    wanted = features["entity"].isin(["TEXT", "MTEXT"]).to_numpy() & matches(features["layer"], where.text_layers)
    if "inside" in features and not rows["inside"].notna().any():
        wanted &= features["inside"].isna().to_numpy()  # texts of blocks name what stands in blocks
    texts = features[wanted]
    shapes, points = rows["geometry"].to_numpy(), texts["geometry"].to_numpy()
    found: list[list[tuple[str, Any]]] = [[] for _ in range(len(rows))]
    if not len(points) or not len(shapes):
        return found
    owners = _smallest_holding(shapes, points) if where.text_inside else _nearest(shapes, points, where.within_m)
    for t, p in sorted(owners.items()):
        found[p].append((str(texts["text"].iloc[t]), points[t]))
    return found


def _smallest_holding(polygons: np.ndarray, points: np.ndarray) -> dict[int, int]:
    """Point → the smallest polygon that holds it, by position."""
    text_index, polygon_index = shapely.STRtree(polygons).query(points, predicate="intersects")
    area = shapely.area(polygons)
    smallest: dict[int, int] = {}
    for t, p in zip(text_index, polygon_index, strict=True):
        if t not in smallest or area[p] < area[smallest[t]]:
            smallest[int(t)] = int(p)
    return smallest


def _nearest(lines: np.ndarray, points: np.ndarray, within_m: float) -> dict[int, int]:
    """Point → the nearest line, if it lies within the distance, by position."""
    found = shapely.STRtree(lines).query_nearest(points, max_distance=within_m, all_matches=False)
    return dict(zip(*found.tolist(), strict=True))


def _note(context: Context, kind: str, row: Any, name: str, layer: LayerSpec, answers: str) -> Note:
    entry = context.source.entry
    slots = {"field": name, "label": layer.fields[name].label, "answers": answers}
    return Note(kind, entry.path, entry.survey, row["layer"], row["handle"], row["geometry"], slots)
