"""Measures and rules: verbs bound by data to layers, numbers, clauses and sentences."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipeline.model import Severity
from pipeline.standard.base import Param, Record, Where
from pipeline.tolerance import Certainty


class ChosenFormula(Record):
    """What a measure is under each option of a choice of the profile."""

    profile: str  # key of the choice
    formulas: dict[str, str]  # option → formula, in Chinese; while nobody chose, the measure's own stands


class MeasureSpec(Record):
    """One number of a survey and, when a permit speaks of it, how it is judged."""

    label: str
    measure: str  # verb in pipeline.measures
    layer: str | None = None
    other: str | None = None  # a second layer of the survey, for verbs that take one
    where: Where = Field(default_factory=dict)
    of: tuple[str, ...] = ()  # other measures: "name" or "survey.name"
    params: dict[str, Param] = Field(default_factory=dict)
    by: str | None = None  # field holding the building name: also one value per building
    unit: str = ""
    decimals: int = 2
    formula: str  # in Chinese, for the trace
    chosen: ChosenFormula | None = None
    permit: str | None = None
    direction: Literal["at_most", "at_least", "equal"] | None = None
    survey_error: Param = None  # profile reference: limit at the permitted size
    allowance: Param = None  # profile reference: administrative allowance
    clause: str
    certainty: Certainty


class RuleSpec(Record):
    """A check bound by data to a layer (or measure), numbers, a clause, a severity and a sentence."""

    id: str = Field(pattern=r"^[A-Z]{2,4}-[A-Z][0-9]{2}$")
    check: str
    layer: str | None = None
    measure: str | None = None
    against: str | None = None  # "layer" of the same survey or "survey.layer"
    also: tuple[str, ...] = ()  # further layers appended to `against`
    where: Where = Field(default_factory=dict)
    against_where: Where = Field(default_factory=dict)
    params: dict[str, Param] = Field(default_factory=dict)
    severity: Severity = "error"
    element: str  # 质量元素
    title: str  # what must hold, one Chinese clause
    reason: str = ""  # why, for `duoce rules show`
    hint: str = ""  # how to mend it
    clause: str
    certainty: Certainty
    message: str
    since: str  # edition that introduced it
    waivable: bool = True
    instead_of: tuple[str, ...] = ()  # of a rule on notes: verbs that do not find again what it finds (`checks.told`)
