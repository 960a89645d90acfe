"""What readers and mappings noticed of the inputs, as findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pipeline.checks.once import once_a_frame
from pipeline.model import CheckResult, Hit

if TYPE_CHECKING:
    import geopandas as gpd

TAKEN_OVER = ("measured", "required", "unit", "tolerance", "field")


def noted(frame: gpd.GeoDataFrame, *, kind: str) -> CheckResult:
    """Nothing of this `kind` was noticed while the inputs were read.

    Args: frame: one row per note: kind, survey, file, layer, handle, geometry and the slots of the notes;
        `frame.attrs["examined"]` = number of inputs looked at.
    """
    examined = int(frame.attrs.get("examined", 0))
    if kind not in _kinds(frame):  # most kinds are never noted: a row of the table each time would cost more than they
        return CheckResult(max(examined, 0))
    rows = frame[frame["kind"] == kind]
    known = [name for name in TAKEN_OVER if name in rows.columns]
    hits = [
        Hit(row=row, **{name: value for name, value in values.items() if not pd.isna(value)})
        for row, values in rows[known].to_dict("index").items()
    ]
    return CheckResult(max(examined, len(hits)), tuple(hits))


@once_a_frame
def _kinds(frame: gpd.GeoDataFrame) -> frozenset[str]:
    """The kinds of notes that there are."""
    return frozenset(frame["kind"])
