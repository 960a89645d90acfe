"""The rows of any layer that a sheet asks for; what is asked again and again is looked up once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.measures.engine import select

if TYPE_CHECKING:
    import geopandas as gpd

    from pipeline.model import ProjectReport
    from pipeline.standard import LayerSpec, Where


def records_of(frame: gpd.GeoDataFrame, wanted: Iterable[str]) -> list[dict[str, Any]]:
    """The rows as dicts of the wanted columns that the frame has; quicker than pandas makes them."""
    names = [name for name in dict.fromkeys(wanted) if name in frame.columns]
    columns = [frame[name].to_numpy() if name == "geometry" else frame[name].tolist() for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


class Rows:
    """Layers by "survey.layer". Rows without geometry are not drawn and not listed."""

    def __init__(self, result: ProjectReport) -> None:
        self._standards = result.standards.surveys
        self._frames = {f"{s.survey}.{name}": frame for s in result.surveys for name, frame in s.frames.items()}
        self._selected: dict[tuple[str, str], gpd.GeoDataFrame] = {}
        #: with the extent they were found for, whose identity is part of the key and so must live as long
        self._found: dict[tuple[Any, ...], tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]] = {}
        self._places: dict[tuple[int, str], dict[Any, list[int]]] = {}

    def frame(self, name: str) -> gpd.GeoDataFrame | None:
        """The whole layer; None when its survey was not commissioned."""
        return self._frames.get(name)

    def layer(self, name: str) -> LayerSpec:
        """How the standard describes the layer."""
        survey, _, layer = name.rpartition(".")
        spec: LayerSpec = self._standards[survey].layers[layer]
        return spec

    def shown(self, name: str, where: Where) -> gpd.GeoDataFrame | None:
        """Rows with a geometry that fulfil `where`."""
        frame = self._frames.get(name)
        if frame is None:
            return None
        key = (name, repr(sorted(where.items())))
        if key not in self._selected:
            chosen = select(frame, where)
            geometry = chosen.geometry.to_numpy()
            self._selected[key] = chosen[~(shapely.is_missing(geometry) | shapely.is_empty(geometry))]
        return self._selected[key]

    def of(
        self,
        name: str,
        where: Where,
        pairs: Mapping[str, str],
        extent: gpd.GeoDataFrame,
        *,
        but: Mapping[str, str] | None = None,
    ) -> gpd.GeoDataFrame | None:
        """Rows as `shown` whose fields equal those of the extent rows, pair by pair (own field → theirs).

        but: pairs in which a row must not be equal.
        """
        frame = self.shown(name, where)
        if frame is None or not (pairs or but):
            return frame
        key = (id(frame), tuple(pairs.items()), id(extent), tuple((but or {}).items()))
        if key not in self._found:
            found = self._equal(frame, pairs, extent) if pairs else set(range(len(frame)))
            if but:
                found -= self._equal(frame, but, extent)
            self._found[key] = frame.iloc[np.array(sorted(found), dtype=int)], extent
        return self._found[key][0]

    def _equal(self, frame: gpd.GeoDataFrame, pairs: Mapping[str, str], extent: gpd.GeoDataFrame) -> set[int]:
        """Positions of the rows that are equal in all pairs."""
        found: set[int] | None = None
        for own, theirs in pairs.items():
            places = self._indexed(frame, own)
            here = {n for value in set(extent[theirs]) for n in places.get(value, ())}
            found = here if found is None else found & here
        return found or set()

    def _indexed(self, frame: gpd.GeoDataFrame, field: str) -> dict[Any, list[int]]:
        """Value → positions, once for a frame and field. The frames live as long as this object."""
        key = (id(frame), field)
        if key not in self._places:
            places: dict[Any, list[int]] = {}
            for position, value in enumerate(frame[field].tolist()):
                places.setdefault(value, []).append(position)
            self._places[key] = places
        return self._places[key]
