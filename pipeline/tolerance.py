"""Numbers of the profiles: figures and tolerance formulas, each with unit, source and certainty."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator

from pipeline.model import SEVERITIES

Certainty = Literal["official", "established", "practice", "proposal", "unknown"]


Size = Annotated[float, Field(ge=0)]  # limits, shares, factors, counts: a negative one would forbid what it measures


class _Figure(BaseModel):
    """Common part of every profile number."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, allow_inf_nan=False)

    label: str
    unit: str
    source: str
    certainty: Certainty
    reason: str | None = None  # why a project overrides it; printed in the report

    def at(self, size: float) -> float | None:
        """The limit for something of `size` (same unit family); None when nobody gave the number."""
        raise NotImplementedError


class Absolute(_Figure):
    """One number: `value`, whatever the size. null = nobody gave it."""

    kind: Literal["absolute", "count"] = "absolute"
    value: Size | None

    def at(self, size: float) -> float | None:
        return self.value


class Percent(_Figure):
    """`percent` of the size."""

    kind: Literal["percent"]
    percent: Size

    def at(self, size: float) -> float | None:
        return abs(size) * self.percent / 100


class AreaFormula(_Figure):
    """a·√S + b·S, square metres (GB/T 17986.1 form)."""

    kind: Literal["area"]
    a: Size
    b: Size

    def at(self, size: float) -> float | None:
        return self.a * math.sqrt(abs(size)) + self.b * abs(size)


class LengthFormula(_Figure):
    """`up_to_value` for D ≤ `up_to`, then alpha + beta·D; metres."""

    kind: Literal["length"]
    alpha: Size
    beta: Size
    up_to: Size = 0.0
    up_to_value: Size | None = None

    def at(self, size: float) -> float | None:
        if self.up_to_value is not None and abs(size) <= self.up_to:
            return self.up_to_value
        return self.alpha + self.beta * abs(size)


class Stepped(_Figure):
    """Shares by size class, capped: (upper bound or null, share)."""

    kind: Literal["stepped"]
    steps: tuple[tuple[Size | None, Size], ...]
    cap: Size | None = None

    def at(self, size: float) -> float | None:
        share = next(share for upper, share in self.steps if upper is None or abs(size) <= upper)
        limit = abs(size) * share
        return limit if self.cap is None else min(limit, self.cap)


class Bins(_Figure):
    """A factor by value: rows (lower, upper or null, factor); lower ≤ value < upper. null rows = nobody gave it."""

    kind: Literal["bins"]
    bins: tuple[tuple[float, float | None, Size], ...] | None

    def at(self, size: float) -> float | None:
        for lower, upper, factor in self.bins or ():
            if lower <= size and (upper is None or size < upper):
                return factor
        return None


class Choice(_Figure):
    """A named rule set or variant: one of the `options`. null = nobody chose."""

    kind: Literal["choice"]
    choice: str | None
    options: tuple[str, ...]

    @model_validator(mode="after")
    def _one_of_the_options(self) -> Self:
        if self.choice is not None and self.choice not in self.options:
            msg = f"choice 应为 {'、'.join(self.options)} 之一，没有“{self.choice}”"
            raise ValueError(msg)
        return self

    def at(self, size: float) -> float | None:
        return None


class PerKey(_Figure):
    """One number per word, e.g. a cap per use."""

    kind: Literal["per_key"]
    values: dict[str, Size | None]

    def at(self, size: float) -> float | None:
        return None


FaultClass = Literal["A", "B", "C", "D", "none"]


class Classes(_Figure):
    """The fault class of a rule's findings: by rule id, else by severity (error, warning, info: all three stated)."""

    kind: Literal["classes"]
    values: dict[str, FaultClass]

    @field_validator("values")
    @classmethod
    def _every_severity(cls, values: dict[str, FaultClass]) -> dict[str, FaultClass]:
        missing = [word for word in SEVERITIES if word not in values]
        if missing:
            msg = f"values 缺少 {'、'.join(missing)} 的类别"
            raise ValueError(msg)
        return values

    def of(self, rule_id: str, severity: str) -> FaultClass:
        return self.values.get(rule_id, self.values[severity])

    def at(self, size: float) -> float | None:
        return None


def _kind_of(value: object) -> str:
    kind = value.get("kind", "absolute") if isinstance(value, dict) else getattr(value, "kind", "absolute")
    return "absolute" if kind == "count" else str(kind)


Number = Annotated[
    Annotated[Absolute, Tag("absolute")]
    | Annotated[Percent, Tag("percent")]
    | Annotated[AreaFormula, Tag("area")]
    | Annotated[LengthFormula, Tag("length")]
    | Annotated[Stepped, Tag("stepped")]
    | Annotated[Bins, Tag("bins")]
    | Annotated[Choice, Tag("choice")]
    | Annotated[PerKey, Tag("per_key")]
    | Annotated[Classes, Tag("classes")],
    Discriminator(_kind_of),
]

#: float noise of sums and of coordinates near 10⁷ m: what lies within it of a limit still keeps the limit
NOISE = 1e-6
FINEST = 1e-9


def exceeds(gap: float, limit: float) -> bool:
    """Whether `gap` is larger than `limit` by more than float noise (0.1 + 0.2 does not exceed 0.3)."""
    return gap - limit > max(FINEST, min(NOISE, abs(limit) * 1e-3))


__all__ = [
    "Absolute",
    "AreaFormula",
    "Bins",
    "Certainty",
    "Choice",
    "Classes",
    "FaultClass",
    "LengthFormula",
    "Number",
    "PerKey",
    "Percent",
    "Stepped",
    "exceeds",
]
