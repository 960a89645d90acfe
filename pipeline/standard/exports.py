"""Tables of registration databases that a layer is exported to; fields, widths and decimals are those of the layer."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from pipeline.standard.base import Record, Scalar


class FillSpec(Record):
    """Where an exported field is taken from when its own value is missing: exactly one key."""

    value: Scalar | None = None  # the same for every feature, e.g. the feature code of the table
    column: str | None = None  # another column of the layer, fields and derived ones

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.value is None) == (self.column is None):
            raise ValueError("须给出 value 或 column 之一")
        return self


class ExportSpec(Record):
    """One table: its file name, the layer it holds. Its columns are the layer's fields that have a `code`, in order."""

    name: str
    layer: str
    fill: dict[str, FillSpec] = Field(default_factory=dict)  # field → where its value is taken from when missing
    encoding: str = "GBK"  # code page of texts; widths of texts count its bytes
    optional: bool = False  # only written when the layer has features
