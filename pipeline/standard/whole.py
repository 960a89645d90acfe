"""A whole standard, a profile, and all standards under one profile."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from pipeline.standard.base import Record
from pipeline.standard.exports import ExportSpec
from pipeline.standard.layers import BuildingView, LayerSpec, PermitFigure
from pipeline.standard.mapping import Delivery
from pipeline.standard.report import DrawingSpec, TableSpec
from pipeline.standard.rules import MeasureSpec, RuleSpec
from pipeline.tolerance import Number

Scope = Literal["project", "district"]


class Standard(Record):
    """One survey's standard, whole."""

    survey: str
    scope: Scope = "project"  # "district": rules between projects, never commissioned
    label: str  # 地籍测绘
    short: str  # 地籍
    bureau: str = ""  # which bureau signs it
    order: int  # chapter order
    edition: str  # "duoce-cadastral 2026-11"
    basis: tuple[dict[str, str], ...] = ()  # title, number, certainty
    layers: dict[str, LayerSpec] = Field(default_factory=dict)
    permit: dict[str, PermitFigure] = Field(default_factory=dict)
    building: BuildingView | None = None
    mappings: tuple[Delivery, ...] = ()
    measures: dict[str, MeasureSpec] = Field(default_factory=dict)
    rules: tuple[RuleSpec, ...] = ()
    tables: tuple[TableSpec, ...] = ()
    drawings: tuple[DrawingSpec, ...] = ()
    exports: tuple[ExportSpec, ...] = ()  # tables of registration databases in the delivery
    intro: tuple[str, ...] = ()  # paragraphs that open the chapter
    codes: dict[str, dict[str, str]] = Field(default_factory=dict)
    folder: Path

    @model_validator(mode="after")
    def _layers_exist(self) -> Self:
        """Mappings may only name layers of the standard."""
        for delivery in self.mappings:
            unknown = [name for name in delivery.layers if name not in self.layers]
            if unknown:
                raise ValueError(f"mappings.{delivery.name}: no such layer: {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _exports_exist(self) -> Self:
        """Exports may only name layers and columns of the standard."""
        for export in self.exports:
            layer = self.layers.get(export.layer)
            if layer is None:
                raise ValueError(f"exports.{export.name}: no such layer: {export.layer}")
            columns = {*export.fill, *(fill.column for fill in export.fill.values() if fill.column)}
            unknown = sorted(columns - {*layer.fields, *layer.derived})
            if unknown:
                raise ValueError(f"exports.{export.name}: no such column: {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _permit_figures_exist(self) -> Self:
        """A permit figure may only give way to another one."""
        unknown = [figure.instead for figure in self.permit.values() if figure.instead not in (None, *self.permit)]
        if unknown:
            raise ValueError(f"permit: instead: no such figure: {', '.join(map(str, unknown))}")
        return self

    @property
    def reads_blocks(self) -> bool:
        """Whether some mapping of drawings looks for geometry inside blocks."""
        drawings = (delivery for delivery in self.mappings if "dxf" in delivery.format)
        return any(how.select.in_blocks for delivery in drawings for how in delivery.layers.values())


class Profile(Record):
    """Numbers by key ("cadastral.overlap_m2"), already overlaid."""

    name: str
    label: str
    edition: str
    provisional: bool = False
    note: str = ""
    numbers: dict[str, Number]
    overrides: tuple[str, ...] = ()  # keys the project changed


class Standards(Record):
    """All surveys' standards under one profile. own: those of them that are not ours (`--standards`)."""

    surveys: dict[str, Standard]
    profile: Profile
    own: tuple[str, ...] = ()

    @property
    def edition(self) -> str:
        return "; ".join(s.edition for s in self.surveys.values())

    def rule(self, rule_id: str) -> RuleSpec:
        return next(r for s in self.surveys.values() for r in s.rules if r.id == rule_id)
