"""What a check laid side by side: figures that two surveys give of one thing, whether or not they agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """A listed part of a difference: why the surveys count it differently, and how much each counts."""

    name: str
    why: str
    own: float
    other: float
    difference: float


@dataclass(frozen=True, slots=True)
class Compared:
    """The two figures of one thing. `own` belongs to the survey of the rule; None: that side does not speak of it.

    name: the building, None = the whole project. agrees: None = nothing to judge.
    explained, unexplained, parts: of a difference that is explained part by part; `explained` None = it is not.
    shift_m, overlap_pct: of two outlines, the largest shift of a corner and the common share (intersection over union).
    rows, others: index labels in the two frames, emptied by the engine; features: what they are called.
    """

    name: str | None
    own: float | None
    other: float | None
    difference: float | None
    unit: str
    limit: float | None = None
    agrees: bool | None = None
    explained: float | None = None
    unexplained: float | None = None
    parts: tuple[Part, ...] = ()
    shift_m: float | None = None
    shift_limit_m: float | None = None
    overlap_pct: float | None = None
    rows: tuple[Any, ...] = ()
    others: tuple[Any, ...] = ()
    features: tuple[str, ...] = ()
