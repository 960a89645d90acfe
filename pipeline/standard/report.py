"""Tables and drawings that the report shows of a survey."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipeline.standard.base import Record, Where


class ColumnSpec(Record):
    """A column of a report table."""

    field: str
    label: str
    decimals: int | None = None
    unit: str | None = None
    codes: str | None = None
    total: bool = False
    if_given: bool = False  # printed only when some row has a value


class TableSpec(Record):
    """A table of the report."""

    id: str
    title: str
    layer: str | None = None
    where: Where = Field(default_factory=dict)
    group_by: str | None = None  # one table per value
    group_title: str | None = None  # "{group} 界址点成果表"
    sort: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()  # one row per combination of these fields: `@count` and sums of the others
    columns: tuple[ColumnSpec, ...] = ()
    transpose: bool = False  # one feature as label/value rows
    measures: tuple[str, ...] = ()  # instead of a layer: rows = these measures
    per_building: bool = False
    note: str | None = None
    choices: tuple[str, ...] = ()  # choices of the profile that the figures rest on; the note says what was chosen
    annex: bool = False  # always in the annex


class DrawingLayer(Record):
    """One layer of a drawing, drawn in order."""

    layer: str  # "layer" or "survey.layer"
    style: str  # key in schemas/report/styles.yaml
    label: str | None = None  # field printed at the feature, or a pattern "{building}\n{area_m2:.2f}m²"
    category: str | None = None  # field that picks the fill colour
    where: Where = Field(default_factory=dict)
    only: dict[str, str] | None = None  # own field → field of the sheet's extent rows; null: the group_by field itself
    but: dict[str, str] = Field(default_factory=dict)  # the same, for rows that are left out
    name: str | None = None  # in the legend; null: the layer's own
    fit: bool = False  # its features, too, fix the extent


class DrawingList(Record):
    """A small table on the sheet: rows of a layer, filtered as the drawing filters that layer."""

    title: str
    layer: str
    columns: tuple[ColumnSpec, ...]
    where: Where = Field(default_factory=dict)
    only: dict[str, str] | None = None
    merged: bool = False  # also the rows of the sheets that were merged into this one
    sort: tuple[str, ...] = ()


class Lookup(Record):
    """A word of another layer for titles: `take` of the first row of `layer` whose `by` equals the extent row's."""

    layer: str
    by: str
    take: str


class HeightSpan(Record):
    """One overall height of a building: from one kind of point up to another."""

    base: str
    top: str
    label: str


class Heights(Record):
    """A drawing of heights instead of a map: which fields and kinds of the extent rows it shows."""

    kind: str  # field: what a point marks
    level: str  # field: measured level, m
    permitted: str  # field: permitted level, m
    zero: str  # kind of the level that counts as 0
    ground: str  # kind of the terrain around the building
    storey: str  # kind of floor levels
    roof: tuple[str, ...]  # kinds that close the building, lowest first; the last is narrower than the walls
    spans: tuple[HeightSpan, ...] = ()


class Inset(Record):
    """A small key plan beside the legend."""

    title: str
    extent: str  # layer that fixes its extent
    only: dict[str, str]  # own field → field of the sheet's extent rows
    layers: tuple[DrawingLayer, ...]


class DrawingSpec(Record):
    """A drawing of the report."""

    id: str
    title: str
    paper: Literal["A4", "A3"] = "A4"
    landscape: bool | None = None  # None: A4 upright, A3 lying
    extent: str  # layer that fixes the extent
    where: Where = Field(default_factory=dict)  # which features of the extent layer
    layers: tuple[DrawingLayer, ...] = ()
    heights: Heights | None = None  # a drawing of heights; then no layers
    inset: Inset | None = None
    group_by: str | None = None  # one sheet per value of this field of the extent layer
    group_title: str | None = None  # "{building}幢 {actual_floor} 层平面图"; columns of the extent rows and lookups
    lookup: dict[str, Lookup] = Field(default_factory=dict)
    sort: tuple[str, ...] = ()  # order of the sheets, by these fields of their extent rows; default the group itself
    merge_equal: tuple[str, ...] = ()  # sheets alike in these fields and in geometry become one
    merge_by: Literal["sheet", "extent"] = "sheet"  # … in the geometry of all layers, or of the extent rows only
    max_sheets: int | dict[Literal["profile"], str] = 24  # a number or {profile: key}; the last sheet names the rest
    header: tuple[ColumnSpec, ...] = ()  # fields of the first extent row, under the title
    sides: dict[Literal["north", "south", "east", "west"], str] = Field(default_factory=dict)  # fields: neighbours
    lists: tuple[DrawingList, ...] = ()
    scale_step: int | None = None  # scale denominators are multiples of this; None: the usual series
    note: str | None = None
