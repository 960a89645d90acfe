"""Where the layers of a survey are found in a drawing or table."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from pipeline.standard.base import Record, Scalar


class Select(Record):
    """Which source features belong to a layer; every given key must hold. Patterns are fnmatch, case-insensitive."""

    layer: tuple[str, ...] = ()
    code: tuple[str, ...] = ()  # CASS feature code; "" is a feature without one
    entity: tuple[str, ...] = ()
    block: tuple[str, ...] = ()
    closed: bool | None = None
    text: str | None = None  # regular expression the own text must contain
    in_blocks: bool = False  # also parts: pieces inside blocks, points of a plot; else only features of their own


class FieldSource(Record):
    """Where one field is found: exactly one key (besides item, within_m, pattern, values, separator, otherwise)."""

    xdata: str | None = None  # app name; item = which value after the app (0 = first)
    item: int = 0
    attribute: str | tuple[str, ...] | None = None  # block ATTRIB tag or table column; aliases in order; "A+B": joined
    own_text: bool = False
    text_inside: tuple[str, ...] | None = None  # layers whose TEXT/MTEXT inside the polygon is searched
    text_along: tuple[str, ...] | None = None  # layers whose TEXT/MTEXT beside the line is searched
    within_m: float = 0.0  # of text_along: how far from the line a text may stand
    layer_name: bool = False
    elevation: bool = False
    easting: bool = False
    northing: bool = False
    cass_code: bool = False
    const: Scalar | None = None
    pattern: str | None = None  # group 1 of this regular expression is the value
    values: dict[str, Scalar] = Field(default_factory=dict)  # translation of source words
    separator: str | None = None  # of a list; in the canonical frame it is divided at ；
    otherwise: FieldSource | None = None  # asked where this source gives nothing

    @model_validator(mode="after")
    def _exactly_one(self) -> FieldSource:
        given = (
            self.xdata,
            self.attribute,
            self.own_text or None,
            self.text_inside,
            self.text_along,
            self.layer_name or None,
            self.elevation or None,
            self.easting or None,
            self.northing or None,
            self.cass_code or None,
            self.const,
        )
        if sum(v is not None for v in given) != 1:
            msg = "exactly one source of the value is wanted"
            raise ValueError(msg)
        if (self.text_along is None) != (self.within_m <= 0):
            msg = "text_along and a positive within_m go together"
            raise ValueError(msg)
        return self

    @property
    def text_layers(self) -> tuple[str, ...]:
        """Layers whose texts this source reads as labels."""
        return self.text_inside or self.text_along or ()


class LayerMapping(Record):
    """How one canonical layer is found in a source."""

    select: Select
    geometry: Literal["as_is", "point", "polygon", "line"] = "as_is"
    fields: dict[str, FieldSource] = Field(default_factory=dict)


class Delivery(Record):
    """One way a survey is delivered."""

    name: str
    label: str
    format: tuple[str, ...]  # dxf, shapefile, geopackage, geojson, csv …
    layers: dict[str, LayerMapping]
    ignore: Select | None = None  # known decoration: counted, never reported as unmapped
