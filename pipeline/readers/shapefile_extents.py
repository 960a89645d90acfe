"""The extents that a shapefile states, in its header and in each record, against the coordinates read.

A program writes them from the coordinates; where they differ, one or the other was changed or damaged afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from pipeline.readers.shapefile_headers import Headers
from pipeline.sources import LedgerEntry, Note

SAME = 0.001  # units of the file: printed coordinates have millimetres, and some programs round what they state
SAME_DEGREES = 1e-8
DEGREES = 400.0  # coordinates no larger than this may be degrees
SHOWN = 20  # notes about single records; the rest is counted in one more


def conflicts(entry: LedgerEntry, headers: Headers, shapes: Any) -> Iterator[Note]:
    """A note per record, and one for the header, that states another extent than its coordinates have."""
    bounds = shapely.bounds(shapes)
    if len(bounds) != len(headers.boxes) or not np.isfinite(bounds).any():
        return  # records marked as deleted were left out by the library, or nothing has a place
    limit = SAME if np.nanmax(np.abs(bounds)) > DEGREES else SAME_DEGREES
    own = np.isfinite(bounds).all(axis=1) & ~np.isnan(headers.boxes).all(axis=1)
    apart = _apart(headers.boxes, bounds)
    wrong = np.flatnonzero(own & ~(apart <= limit))
    for row in wrong[:SHOWN]:
        yield _note(entry, f"第 {row + 1} 条记录", apart[row], limit, str(row + 1))
    if len(wrong) > SHOWN:
        yield _note(entry, f"另有 {len(wrong) - SHOWN} 条记录", float(np.nanmax(apart[wrong])), limit, None)
    whole = np.concatenate([np.fmin.reduce(bounds[:, :2]), np.fmax.reduce(bounds[:, 2:])])
    gap = float(_apart(np.array([headers.box]), whole[None, :])[0])
    if not gap <= limit:
        yield _note(entry, "文件头", gap, limit, None)


def _apart(stated: np.ndarray, found: np.ndarray) -> np.ndarray:
    """The largest difference of a side; infinite when what is stated is no number."""
    gap = np.abs(stated - found).max(axis=1)
    return np.where(np.isfinite(stated).all(axis=1), gap, np.inf)


def _note(entry: LedgerEntry, where: str, gap: float, limit: float, handle: str | None) -> Note:
    slots = {"where": where, "measured": float(gap), "required": limit}
    return Note("extent_conflict", entry.path, entry.survey, None, handle, None, slots)
