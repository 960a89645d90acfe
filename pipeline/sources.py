"""What a reader hands over of one input file: frozen records, before any meaning is given to what was read."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class Curve:
    """Exact outline of a feature with circular arcs.

    rings: one float array of shape (n, 3) per ring (first = shell): x east, y north, bulge to the next vertex.
    Rings of a closed curve do not repeat the first vertex. Metres in the CRS of the feature.
    """

    rings: tuple[np.ndarray, ...]
    closed: bool


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader or the mapping noticed: raw material of a finding, without judgement.

    kind: one of the words that `schemas/project/rules.yaml` binds (`check: noted, params: {kind: …}`).
    slots: numbers and words for the message; `measured`, `required`, `unit`, `tolerance`, `field` are taken over.
    """

    kind: str
    file: str
    survey: str | None = None
    layer: str | None = None
    handle: str | None = None
    place: BaseGeometry | None = None
    slots: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What one input file claims and what was read of it."""

    path: str  # relative to the project folder, forward slashes
    survey: str | None
    sha256: str
    size: int
    format: str  # dxf | shapefile | xlsx | csv | …
    version: str | None = None  # e.g. AC1018, "DBF 0x03"
    encoding: str | None = None
    encoding_evidence: str | None = None  # why this encoding, in Chinese
    crs: str | None = None  # what the file itself declares (WKT or EPSG), not what the project says
    entities: int = 0  # features read
    claimed: Mapping[str, int] = dataclasses.field(default_factory=dict)  # counts the headers claim
    read: Mapping[str, int] = dataclasses.field(default_factory=dict)  # the same counts, as read
    extent: tuple[float, float, float, float] | None = None
    engine: str | None = None  # "ezdxf 1.4.5", "pyogrio 0.13.0 / GDAL 3.12.4"
    sidecars: Mapping[str, str] = dataclasses.field(default_factory=dict)  # relative path → sha256 (.dbf, .shx, …)
    fatal: bool = False  # nothing of this file may be trusted
    mapping: str | None = None  # name of the mapping that reads it
    mapped: int | None = None  # features that this mapping accounts for, decoration too


@dataclass(frozen=True, slots=True)
class Source:
    """One input file as source layers, before any meaning is given to it.

    features: GeoDataFrame, one row per entity, RangeIndex, no CRS set, coordinates as in the file (x east, y north);
        columns layer, entity, handle, code, text, block, closed, colour, linetype, xdata, curve, geometry
        (see `readers/__init__.py` for each).
    attributes: DataFrame with the same index: block ATTRIBs or table fields, by name as in the file.
    tidy: those of them that are known to hold no text that is empty or has white space at either end.
    """

    entry: LedgerEntry
    features: gpd.GeoDataFrame
    attributes: pd.DataFrame
    notes: tuple[Note, ...] = ()
    tidy: frozenset[str] = frozenset()
