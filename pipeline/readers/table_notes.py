"""What is noticed in tables: null geometries, coordinates that are no numbers, dropped M values, garbled texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.readers import encodings
from pipeline.sources import LedgerEntry, Note

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.readers.vector import Layer

SHOWN = 20  # notes of one kind about single rows; the rest is counted in one more
HUGE = 1e9


def of_geometry(entry: LedgerEntry, features: Any, layers: Sequence[Layer], *, nulls: int) -> list[Note]:
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


def garbled(entry: LedgerEntry, features: Any, attributes: pd.DataFrame, *, clear: frozenset[str]) -> list[Note]:
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
