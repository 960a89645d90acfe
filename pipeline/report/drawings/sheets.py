"""Which sheets a project has: declared drawings, one sheet per group, equal ones merged, a stated cap."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from pipeline.measures.engine import select
from pipeline.report.cells import natural
from pipeline.report.drawings.style import Style, Styles
from pipeline.report.drawings.wording import joined

if TYPE_CHECKING:
    import geopandas as gpd

    from pipeline.model import ProjectReport
    from pipeline.standard import ColumnSpec, DrawingLayer, DrawingSpec, LayerSpec, Standard, Where


@dataclass(frozen=True, slots=True)
class Part:
    """One layer on one sheet: its rows, how it is drawn, what it is called."""

    spec: DrawingLayer
    style: Style
    layer: LayerSpec
    frame: gpd.GeoDataFrame


@dataclass(frozen=True, slots=True)
class Listing:
    """A small table on a sheet."""

    title: str
    columns: tuple[ColumnSpec, ...]
    layer: LayerSpec
    frame: gpd.GeoDataFrame


@dataclass(frozen=True, slots=True)
class Sheet:
    """One drawing with its content. extent: the rows that fix the extent; survey: whose standard declares it."""

    id: str
    title: str
    survey: str
    spec: DrawingSpec
    extent_layer: LayerSpec
    extent: gpd.GeoDataFrame
    parts: tuple[Part, ...]
    lists: tuple[Listing, ...]
    notes: tuple[str, ...] = ()


def plan(result: ProjectReport, styles: Styles) -> list[Sheet]:
    """Every sheet of the commissioned surveys, in the order of the standards.

    A layer whose survey was not commissioned is left out; a drawing whose extent layer is empty does not exist.
    """
    sheets: list[Sheet] = []
    for survey in result.surveys:
        standard = result.standards.surveys[survey.survey]
        for spec in standard.drawings:
            sheets += _capped(_Planner(result, standard, spec, styles).sheets(), spec)
    return sheets


class _Planner:
    """Resolves the layer names of one drawing against the project."""

    def __init__(self, result: ProjectReport, standard: Standard, spec: DrawingSpec, styles: Styles) -> None:
        self.standard, self.spec, self.styles = standard, spec, styles
        self.standards = result.standards.surveys
        self.frames = {s.survey: s.frames for s in result.surveys}

    def sheets(self) -> list[Sheet]:
        found = self._layer(self.spec.extent)
        if found is None:
            return []
        layer, frame = found
        frame = _shown(select(frame, self.spec.where))
        if frame.empty:
            return []
        if self.spec.group_by is None:
            return [self._sheet(1, self.spec.title, layer, frame)]
        return self._grouped(layer, frame, self.spec.group_by)

    def _grouped(self, layer: LayerSpec, frame: gpd.GeoDataFrame, field: str) -> list[Sheet]:
        groups: dict[Any, list[gpd.GeoDataFrame]] = {}
        found = [rows for _, rows in frame.groupby(field, sort=True, dropna=True)]
        order = self.spec.sort or (field,)
        found.sort(key=lambda rows: [natural(rows[name].iloc[0]) for name in order])
        for number, rows in enumerate(found):
            groups.setdefault(self._alike(layer, rows) if self.spec.merge_equal else number, []).append(rows)
        made = []
        for number, same in enumerate(groups.values(), 1):
            title = self._title(pd.concat(same))
            made.append(self._sheet(number, title, layer, same[0]))
        return made

    def _alike(self, layer: LayerSpec, rows: gpd.GeoDataFrame) -> tuple[Any, ...]:
        digest = hashlib.sha256()
        for part in self._sheet(0, "", layer, rows).parts:
            shapes = shapely.normalize(shapely.set_precision(part.frame.geometry.to_numpy(), 0.001))
            digest.update(b"|".join([part.spec.layer.encode(), *sorted(shapely.to_wkb(shapes))]))
        return (*(rows[field].iloc[0] for field in self.spec.merge_equal), digest.hexdigest())

    def _sheet(self, number: int, title: str, layer: LayerSpec, extent: gpd.GeoDataFrame) -> Sheet:
        notes = (self.spec.note,) if self.spec.note else ()
        return Sheet(
            id=f"{self.standard.survey}.{self.spec.id}.{number}",
            title=title,
            survey=self.standard.survey,
            spec=self.spec,
            extent_layer=layer,
            extent=extent,
            parts=tuple(self._parts(extent)),
            lists=tuple(self._lists(extent)),
            notes=notes,
        )

    def _parts(self, extent: gpd.GeoDataFrame) -> Iterator[Part]:
        for spec in self.spec.layers:
            style = self.styles.of(spec.style, place=f"{self.standard.survey}：drawings：{self.spec.id}：{spec.layer}")
            found = self._layer(spec.layer)
            if found is not None:
                yield Part(spec, style, found[0], self._rows(found[1], spec.where, spec.only, extent))

    def _lists(self, extent: gpd.GeoDataFrame) -> Iterator[Listing]:
        for spec in self.spec.lists:
            found = self._layer(spec.layer)
            if found is None:
                continue
            frame = self._rows(found[1], spec.where, spec.only, extent)
            if spec.sort and len(frame):
                keys = zip(*([natural(value) for value in frame[field]] for field in spec.sort), strict=True)
                frame = frame.iloc[[n for _, n in sorted((key, n) for n, key in enumerate(keys))]]
            if len(frame):
                yield Listing(spec.title, spec.columns, found[0], frame)

    def _rows(
        self, frame: gpd.GeoDataFrame, where: Where, only: Mapping[str, str] | None, extent: gpd.GeoDataFrame
    ) -> gpd.GeoDataFrame:
        frame = _shown(select(frame, where))
        by = self.spec.group_by
        pairs = only if only is not None else {by: by} if by and by in frame.columns else {}
        for own, theirs in pairs.items():
            frame = frame[frame[own].isin(set(extent[theirs]))]
        return frame

    def _title(self, rows: gpd.GeoDataFrame) -> str:
        words: dict[str, str] = {name: joined(rows[name]) for name in rows.columns if name not in ("geometry", "curve")}
        for name, lookup in self.spec.lookup.items():
            found = self._layer(lookup.layer)
            if found is not None and lookup.by in rows.columns:
                words[name] = joined(found[1].loc[found[1][lookup.by].isin(set(rows[lookup.by])), lookup.take])
        return (self.spec.group_title or "{" + str(self.spec.group_by) + "}").format_map(words)

    def _layer(self, name: str) -> tuple[LayerSpec, gpd.GeoDataFrame] | None:
        survey, _, layer = name.rpartition(".")
        survey = survey or self.standard.survey
        frame = self.frames.get(survey, {}).get(layer)
        return None if frame is None else (self.standards[survey].layers[layer], frame)


def _shown(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    geometry = frame.geometry.to_numpy()
    return frame[~(shapely.is_missing(geometry) | shapely.is_empty(geometry))]


def _capped(sheets: list[Sheet], spec: DrawingSpec) -> list[Sheet]:
    """At most `max_sheets`; the last one names what was left out."""
    kept, rest = sheets[: spec.max_sheets], sheets[spec.max_sheets :]
    if rest:
        names = "、".join(sheet.title for sheet in rest)
        note = f"{spec.title}共 {len(sheets)} 张，本报告限绘 {len(kept)} 张，未绘：{names}"
        kept[-1] = replace(kept[-1], notes=(*kept[-1].notes, note))
    return kept
