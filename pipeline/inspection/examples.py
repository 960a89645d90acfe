"""Where the features of a file hold values, with a few of them: XDATA, ATTRIBs and columns, texts inside outlines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

if TYPE_CHECKING:
    import geopandas as gpd

    from pipeline.sources import Source

SHOWN, LONGEST = 3, 20  # examples, and characters of each


@dataclass(frozen=True, slots=True)
class Found:
    """One place of values. key: (kind, name) as mappings ask for it; yaml: a field source; examples: Chinese list."""

    key: tuple[str, str]
    name: str
    yaml: str
    examples: str


def xdata(rows: gpd.GeoDataFrame) -> list[Found]:
    """Values by app name and place after it; the first string of SOUTH is the code and no field."""
    values: dict[tuple[str, int], list[Any]] = {}
    for tags in rows["xdata"].dropna():
        for app, items in tags.items():
            for place, (_, value) in enumerate(items):
                values.setdefault((app, place), []).append(value)
    found = []
    for (app, place), given in sorted(values.items()):
        if app.upper() == "SOUTH" and place == 0:
            continue
        item = f", item: {place}" if place else ""
        name = f"{app}_{place}" if place else app
        found.append(Found(("xdata", f"{app}/{place}"), name, f"{{xdata: {_quoted(app)}{item}}}", _shown(given)))
    return found


def attributes(rows: gpd.GeoDataFrame, source: Source) -> list[Found]:
    """Columns, or tags of block attributes, that hold something for these features."""
    table = source.attributes.loc[rows.index]
    found = []
    for column in table.columns:
        given = table[column].dropna()
        if len(given):
            name = str(column)
            found.append(Found(("attribute", name.lower()), name, f"{{attribute: {_quoted(name)}}}", _shown(given)))
    return found


def texts_inside(rows: gpd.GeoDataFrame, features: gpd.GeoDataFrame) -> list[Found]:
    """Layers whose texts lie inside these polygons."""
    shapes = rows["geometry"].to_numpy()
    polygons = shapes[shapely.get_dimensions(shapes) == 2]
    texts = features[features["entity"].isin(["TEXT", "MTEXT"]) & features["geometry"].notna()]
    if not len(polygons) or not len(texts):
        return []
    inside = shapely.STRtree(polygons).query(texts["geometry"].to_numpy(), predicate="intersects")[0]
    held = texts.iloc[sorted(set(inside.tolist()))]
    return [
        Found(("text_inside", ""), f"文字_{layer}", f"{{text_inside: [{_quoted(str(layer))}], pattern: '(.+)'}}", _shown(own))
        for layer, own in held.groupby("layer")["text"]
    ]  # fmt: skip


def _shown(values: Iterable[Any]) -> str:
    """The first few different values on one line."""
    words = dict.fromkeys(" ".join(str(value).split()) for value in values if not _missing(value))
    shown = [word[:LONGEST] for word in list(words)[:SHOWN] if word]
    return "、".join(shown) + ("…" if len(words) > SHOWN else "")


def _missing(value: Any) -> bool:
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def _quoted(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)
