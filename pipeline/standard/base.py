"""What every record of a standard shares: frozen, strict, and the few types that recur."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A frozen record that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, allow_inf_nan=False)


Scalar = str | int | float | bool
Where = dict[str, Scalar | list[Scalar]]  # field → value or one of the values
Param = (
    Any  # a plain value, or {profile: key} | {permit: name} | {measure: name} | {project: fact}, alone or inside a list
)
