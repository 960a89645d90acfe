"""Layers of a survey: their fields, computed columns, permit figures and the view of a building."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from pipeline.standard.base import Param, Record


class FieldSpec(Record):
    """One attribute of a layer."""

    label: str
    code: str | None = None  # pinyin code in registration databases, e.g. ZDDM
    type: Literal["text", "integer", "number", "date"] = "text"
    width: int | None = None
    decimals: int | None = None
    required: bool | Literal["conditional"] = False
    codes: str | None = None  # name of a code list in codes/
    unit: str | None = None
    note: str | None = None


class DerivedSpec(Record):
    """A computed column: a verb of `pipeline.measures` over columns of the same row."""

    label: str
    measure: str
    params: dict[str, Param] = Field(default_factory=dict)
    unit: str | None = None
    decimals: int | None = None


class LayerSpec(Record):
    """One canonical layer of a survey."""

    label: str
    geometry: Literal["polygon", "line", "point", "none"]
    required: bool = False
    business_id: str | None = None
    fields: dict[str, FieldSpec] = Field(default_factory=dict)
    derived: dict[str, DerivedSpec] = Field(default_factory=dict)
    coordinates: tuple[tuple[str, str], ...] = ()  # (north, east) fields in the CRS of their file: moved with it

    @model_validator(mode="after")
    def _coordinates_are_fields(self) -> Self:
        unknown = [name for pair in self.coordinates for name in pair if name not in self.fields]
        if unknown:
            raise ValueError(f"coordinates: no such field: {', '.join(unknown)}")
        return self


class PermitFigure(Record):
    """One number the permit or approval states; labels and aliases are how permit tables call it."""

    label: str
    unit: str
    aliases: tuple[str, ...] = ()
    optional: bool = False  # many permits do not speak of it: unstated, it is no gap
    instead: str | None = None  # another figure: where the permit states that one, this one unstated is no gap either


class BuildingView(Record):
    """What a survey says of each building, for the side-by-side table."""

    layer: str
    key: str  # field with the building's name
    facts: dict[str, FieldSpec]  # column → label, unit, decimals
