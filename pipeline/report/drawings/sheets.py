"""Which sheets a project has: declared drawings, one sheet per group, equal ones merged, a stated cap."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from pipeline.errors import StandardError
from pipeline.report.cells import natural
from pipeline.report.drawings.levels import has_level
from pipeline.report.drawings.rows import Rows
from pipeline.report.drawings.style import Style, Styles
from pipeline.report.drawings.wording import header_words, joined, pattern_fields

if TYPE_CHECKING:
    import geopandas as gpd

    from pipeline.model import ProjectReport
    from pipeline.standard import ColumnSpec, DrawingLayer, DrawingSpec, LayerSpec, Standard
    from pipeline.tolerance import Number


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
class KeyPlan:
    """The content of an inset. extent: the rows that fix its extent."""

    title: str
    extent: gpd.GeoDataFrame
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One drawing with its content. extent: the rows that fix the extent; survey: whose standard declares it."""

    id: str
    title: str
    survey: str
    spec: DrawingSpec
    extent: gpd.GeoDataFrame
    parts: tuple[Part, ...]
    lists: tuple[Listing, ...]
    notes: tuple[str, ...] = ()
    header: tuple[tuple[str, str], ...] = ()  # label and value, printed
    inset: KeyPlan | None = None


def plan(result: ProjectReport, styles: Styles) -> list[Sheet]:
    """Every sheet of the commissioned surveys, in the order of the standards.

    A layer whose survey was not commissioned is left out; a drawing whose extent layer is empty does not exist.
    """
    sheets: list[Sheet] = []
    numbers = result.standards.profile.numbers
    rows = Rows(result)
    for survey in result.surveys:
        standard = result.standards.surveys[survey.survey]
        for spec in standard.drawings:
            sheets += _capped(_Planner(rows, standard, spec, styles), numbers)
    return sheets


@dataclass(frozen=True, slots=True)
class _Group:
    """The extent rows of one sheet, and those of all sheets that it stands for."""

    rows: gpd.GeoDataFrame
    merged: gpd.GeoDataFrame


class _Planner:
    """Resolves the layer names of one drawing against the project."""

    def __init__(self, rows: Rows, standard: Standard, spec: DrawingSpec, styles: Styles) -> None:
        self.rows, self.standard, self.spec, self.styles = rows, standard, spec, styles

    def groups(self) -> list[_Group]:
        """What the sheets show, in their order; nothing where the extent layer has no rows (of heights: no levels)."""
        frame = self.rows.shown(self._name(self.spec.extent), self.spec.where)
        if frame is not None and self.spec.heights is not None:
            frame = frame[has_level(frame, self.spec.heights)]
        if frame is None or frame.empty:
            return []
        if self.spec.group_by is None:
            return [_Group(frame, frame)]
        found = [rows for _, rows in frame.groupby(self.spec.group_by, sort=True, dropna=True)]
        order = self.spec.sort or (self.spec.group_by,)
        found.sort(key=lambda rows: [natural(rows[name].iloc[0]) for name in order])
        same: dict[Any, list[gpd.GeoDataFrame]] = {}
        for number, rows in enumerate(found):
            same.setdefault(self._alike(rows) if self.spec.merge_equal else number, []).append(rows)
        return [_Group(rows[0], pd.concat(rows) if len(rows) > 1 else rows[0]) for rows in same.values()]

    def sheet(self, number: int, group: _Group) -> Sheet:
        spec, layer = self.spec, self.rows.layer(self._name(self.spec.extent))
        words = self._words(group)
        return Sheet(
            id=f"{self.standard.survey}.{spec.id}.{number}",
            title=self.title(group),
            survey=self.standard.survey,
            spec=spec,
            extent=group.rows,
            parts=tuple(self._parts(spec.layers, group.rows)),
            lists=tuple(self._lists(group)),
            notes=(spec.note,) if spec.note else (),
            header=header_words(spec.header, group.rows.iloc[0], layer, self.standard.codes, words),
            inset=self._inset(group.rows),
        )

    def title(self, group: _Group) -> str:
        """The title of a sheet; `{field}` of all merged rows, `{first_field}` of the one shown, `{count}` of sheets."""
        spec, rows = self.spec, group.merged
        if spec.group_by is None:
            return spec.title
        pattern = spec.group_title or "{" + spec.group_by + "}"
        named = [name for name in pattern_fields(pattern) if name in rows.columns]
        words = {name: joined(rows[name]) for name in named}
        first = [name.removeprefix("first_") for name in pattern_fields(pattern) if name.startswith("first_")]
        words |= {f"first_{name}": joined(group.rows[name].iloc[:1]) for name in first}
        words |= self._words(group) | {"count": str(rows[spec.group_by].nunique())}
        return pattern.format_map(words)

    def _words(self, group: _Group) -> dict[str, str]:
        """The words looked up in other layers."""
        found = {}
        for name, lookup in self.spec.lookup.items():
            frame = self.rows.frame(self._name(lookup.layer))
            if frame is not None and lookup.by in group.merged.columns:
                found[name] = joined(frame.loc[frame[lookup.by].isin(set(group.merged[lookup.by])), lookup.take])
        return found

    def _alike(self, rows: gpd.GeoDataFrame) -> tuple[Any, ...]:
        """Equal for sheets that can be one: the named fields and the geometry to a millimetre."""
        digest = hashlib.sha256()
        by_extent = self.spec.merge_by == "extent"
        layers = [("", rows)] if by_extent else [(p.spec.layer, p.frame) for p in self._parts(self.spec.layers, rows)]
        for name, frame in layers:
            shapes = shapely.normalize(shapely.set_precision(frame.geometry.to_numpy(), 0.001, mode="pointwise"))
            digest.update(b"|".join([name.encode(), *sorted(shapely.to_wkb(shapes))]))
        return (*(rows[field].iloc[0] for field in self.spec.merge_equal), digest.hexdigest())

    def _parts(self, layers: Sequence[DrawingLayer], extent: gpd.GeoDataFrame) -> Iterator[Part]:
        for spec in layers:
            place = f"{self.standard.survey}：drawings：{self.spec.id}：{spec.layer}"
            style, name = self.styles.of(spec.style, place=place), self._name(spec.layer)
            frame = self.rows.of(name, spec.where, self._pairs(name, spec.only), extent, but=spec.but)
            if frame is not None:
                yield Part(spec, style, self.rows.layer(name), frame)

    def _lists(self, group: _Group) -> Iterator[Listing]:
        for spec in self.spec.lists:
            name = self._name(spec.layer)
            extent = group.merged if spec.merged else group.rows
            frame = self.rows.of(name, spec.where, self._pairs(name, spec.only), extent)
            if frame is None or frame.empty:
                continue
            if spec.sort:
                keys = zip(*([natural(value) for value in frame[field]] for field in spec.sort), strict=True)
                frame = frame.iloc[[n for _, n in sorted((key, n) for n, key in enumerate(keys))]]
            yield Listing(spec.title, spec.columns, self.rows.layer(name), frame)

    def _inset(self, extent: gpd.GeoDataFrame) -> KeyPlan | None:
        spec = self.spec.inset
        around = None if spec is None else self.rows.of(self._name(spec.extent), {}, spec.only, extent)
        if spec is None or around is None or around.empty or not np.isfinite(around.total_bounds).all():
            return None
        return KeyPlan(spec.title, around, tuple(self._parts(spec.layers, extent)))

    def _pairs(self, name: str, only: Mapping[str, str] | None) -> Mapping[str, str]:
        """Which own field must equal which field of the extent rows; by default the grouping field where it exists."""
        if only is not None:
            return only
        by, frame = self.spec.group_by, self.rows.frame(name)
        return {by: by} if by and frame is not None and by in frame.columns else {}

    def _name(self, layer: str) -> str:
        return layer if "." in layer else f"{self.standard.survey}.{layer}"


def _capped(planner: _Planner, numbers: Mapping[str, Number]) -> list[Sheet]:
    """At most `max_sheets`; the last one names what was left out."""
    groups, spec = planner.groups(), planner.spec
    most = sheet_limit(spec, numbers)
    kept = [planner.sheet(number, group) for number, group in enumerate(groups[:most], 1)]
    rest = [planner.title(group) for group in groups[most:]]
    if rest and kept:
        note = f"{spec.title}共 {len(groups)} 张，本报告限绘 {len(kept)} 张，未绘：{'、'.join(rest)}"
        kept[-1] = replace(kept[-1], notes=(*kept[-1].notes, note))
    return kept


def sheet_limit(spec: DrawingSpec, numbers: Mapping[str, Number]) -> int | None:
    """Most sheets of a drawing: its own number, or one of the profile; None where the profile says null.

    Errors: StandardError when the profile has no such number.
    """
    if isinstance(spec.max_sheets, int):
        return spec.max_sheets
    key = spec.max_sheets["profile"]
    if key not in numbers:
        raise StandardError(f"标准有误：drawings：{spec.id}：max_sheets：参数集中没有“{key}”")
    value = numbers[key].at(1.0)
    return None if value is None else int(value)
