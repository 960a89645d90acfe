"""Frozen records that pass between the steps. No behaviour beyond small derived properties."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from pipeline.side_by_side import Compared
    from pipeline.sources import LedgerEntry

Severity = Literal["error", "warning", "info"]
Outcome = Literal["passed", "failed", "not_applicable", "undetermined", "crashed"]
Verdict = Literal["passed", "failed", "undetermined"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
OUTCOMES: tuple[Outcome, ...] = ("passed", "failed", "not_applicable", "undetermined", "crashed")

#: provenance columns that every canonical frame carries besides the fields of its standard
PROVENANCE = ("feature", "file", "source_layer", "handle", "curve", "geometry")


# ---------------------------------------------------------------- judgements


@dataclass(frozen=True, slots=True)
class Hit:
    """One fault as facts, yielded by a check; the standard supplies the sentence.

    row, other: index labels in the subject frame and in the other frame (None: not about one feature).
    place: geometry in the project CRS. slots: further words for the message.
    """

    row: Any = None
    other: Any = None
    place: BaseGeometry | None = None
    measured: float | int | str | None = None
    required: float | int | str | None = None
    unit: str | None = None
    tolerance: float | None = None
    field: str | None = None
    slots: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check saw: how many features it really examined, the faults, and what it could not decide.

    undetermined: Chinese sentences naming the figure that is missing and where to state it.
    compared: what it laid side by side, at fault or not.
    """

    examined: int
    hits: tuple[Hit, ...] = ()
    undetermined: tuple[str, ...] = ()
    compared: tuple[Compared, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownBy:
    """What a fault is known by beside its public fields: it enters the mark, and no output.

    other: business id of the other feature of a pair. mutual: a pair inside one layer, where either could be the
    subject. indicator: the name of the number that is at fault. sentence: what a person wrote, blanks normalised.
    """

    other: str | None = None
    mutual: bool = False
    indicator: str | None = None
    sentence: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault with everything needed to find, judge and repeat it. FINDING_FIELDS are the public line format."""

    rule: str
    severity: Severity
    survey: str
    file: str | None
    layer: str | None
    feature: str | None
    other_feature: str | None
    business_id: str | None
    field: str | None
    measured: float | int | str | None
    required: float | int | str | None
    unit: str | None
    tolerance: float | None
    place: str | None  # WKT in the project CRS
    message: str
    waiver: Mapping[str, Any] | None = None
    known_by: KnownBy = dataclasses.field(default=KnownBy(), compare=False, repr=False)

    @property
    def line(self) -> dict[str, Any]:
        """The public fields by name."""
        return {name: getattr(self, name) for name in FINDING_FIELDS}


FINDING_FIELDS = tuple(field.name for field in dataclasses.fields(Finding) if field.compare)


@dataclass(frozen=True, slots=True)
class RuleRun:
    """How one rule ended. A pass that examined nothing does not exist: it is not_applicable."""

    rule: str
    survey: str
    outcome: Outcome
    examined: int
    findings: tuple[Finding, ...] = ()
    reason: str | None = None  # why not applicable, undetermined or crashed; Chinese
    compared: tuple[Compared, ...] = ()


# ---------------------------------------------------------------- measures


@dataclass(frozen=True, slots=True)
class Measured:
    """One measured number. `value` is exact (float); `decimals` says how it is printed (half up, once)."""

    survey: str
    name: str
    label: str
    value: float | None
    unit: str
    decimals: int
    building: str | None = None  # normalised building name; None = whole project
    formula: str = ""  # in Chinese words, for the trace
    features: tuple[str, ...] = ()  # feature ids it comes from


@dataclass(frozen=True, slots=True)
class Indicator:
    """A measured number beside its permitted one. limit: survey error; allowance: administrative, both in `unit`."""

    survey: str
    building: str | None
    name: str
    label: str
    permitted: float | None
    measured: float | None
    difference: float | None
    limit: float | None
    allowance: float | None
    unit: str
    decimals: int
    direction: str  # at_most | at_least | equal
    outcome: Outcome
    reason: str | None = None
    features: tuple[str, ...] = ()
    formula: str = ""


@dataclass(frozen=True, slots=True)
class BuildingFact:
    """One number or word that one survey says of one building, for the side-by-side table."""

    building: str  # normalised name
    survey: str
    name: str
    label: str
    value: float | int | str | None
    unit: str
    decimals: int | None
    feature: str | None = None


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """Everything known of one commissioned survey. frames: canonical layer name → GeoDataFrame in the project CRS."""

    survey: str
    label: str
    frames: Mapping[str, gpd.GeoDataFrame]
    measured: tuple[Measured, ...]
    indicators: tuple[Indicator, ...]
    runs: tuple[RuleRun, ...]
    undetermined: str | None = None  # why the whole survey could not be judged


@dataclass(frozen=True, slots=True)
class ProjectReport:
    """The merged result of one project: input of every writer. `project` is the parsed project.yaml."""

    project: Any
    standards: Any  # standard.Standards
    surveys: tuple[SurveyResult, ...]
    buildings: tuple[BuildingFact, ...]
    ledger: tuple[LedgerEntry, ...]
    runs: tuple[RuleRun, ...]
    findings: tuple[Finding, ...]
    indicators: tuple[Indicator, ...]
    verdict: Verdict
    counts: Mapping[str, int]
    versions: Mapping[str, str]
    site: Mapping[str, Any] = dataclasses.field(default_factory=dict)  # crs name, centre, scale, convergence
    permit: Mapping[tuple[str, str | None], float] = dataclasses.field(default_factory=dict)
    score: Any = None  # score.ProjectScore: GB/T 24356-2023 deductions, scores and grades
