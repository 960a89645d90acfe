"""What rules may look at: canonical frames, notes of the intake, indicators, permit figures, who was commissioned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from pipeline.binding import Figures, Values

if TYPE_CHECKING:
    from pipeline.model import Indicator
    from pipeline.sources import Note
    from pipeline.standard import Standard, Standards


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that rules may look at.

    frames: "survey.layer" → canonical frame. notes: one row per Note, columns kind, survey, file, layer, handle,
    geometry and the slots; `notes.attrs["examined"]` = number of inputs. damaged: survey → why nothing may be judged.
    project: facts of project.yaml that rules may ask for (`binding.PROJECT_FACTS`).
    """

    standards: Standards
    frames: Mapping[str, gpd.GeoDataFrame]
    notes: gpd.GeoDataFrame
    indicators: tuple[Indicator, ...] = ()
    measured: Mapping[str, Values] = field(default_factory=dict)
    permit: Mapping[str, Values] = field(default_factory=dict)
    commissioned: frozenset[str] = frozenset()
    damaged: Mapping[str, str] = field(default_factory=dict)
    project: Mapping[str, str] = field(default_factory=dict)

    def figures(self, standard: Standard) -> Figures:
        return Figures(standard, self.standards.profile, self.permit, self.measured, self.project)


def in_order(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Features by id, shorter ids first, labels kept: what a finding names first is not decided by the file's order."""
    ids = frame["feature"].astype(str).to_numpy(dtype=str)
    order = np.lexsort((ids, np.char.str_len(ids)))
    return frame if (order == np.arange(len(order))).all() else frame.iloc[order]


def frame_of(notes: Iterable[Note], *, examined: int, crs: Any = None) -> gpd.GeoDataFrame:
    """Notes as `notes_frame` takes them, their slots as columns."""
    rows = [
        {
            "kind": n.kind,
            "survey": n.survey,
            "file": n.file,
            "layer": n.layer,
            "handle": n.handle,
            "geometry": n.place,
            **n.slots,
        }
        for n in notes
    ]
    return notes_frame(rows, examined=examined, crs=crs)


def notes_frame(rows: Iterable[Mapping[str, Any]], *, examined: int, crs: Any = None) -> gpd.GeoDataFrame:
    """Notes as the subject of `noted` rules; rows hold kind, survey, file, layer, handle, geometry and slots."""
    own = [dict(row) for row in rows]
    names = dict.fromkeys(name for row in own for name in row)
    data = pd.DataFrame({name: pd.Series([row.get(name) for row in own], dtype=object) for name in names})  # 5 stays 5
    for column in ("kind", "survey", "file", "layer", "handle", "geometry"):
        if column not in data:
            data[column] = None
    frame = gpd.GeoDataFrame(data, geometry=gpd.GeoSeries(list(data["geometry"]), crs=crs), crs=crs)
    frame.attrs["examined"] = examined
    return frame
