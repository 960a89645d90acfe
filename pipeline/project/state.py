"""What the steps of one run hand to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline import crs as projections
from pipeline import waivers
from pipeline.model import Indicator, Measured, RuleRun
from pipeline.projectfile import ProjectFile
from pipeline.sources import LedgerEntry, Note, Source
from pipeline.standard import Standards

if TYPE_CHECKING:
    import geopandas as gpd

INTAKE = "project"


@dataclass(slots=True)
class Run:
    """What the steps of one run hand to each other."""

    project: ProjectFile
    standards: Standards
    target: Any
    surveys: list[str]
    record: waivers.Record
    sources: dict[str, list[Source]] = field(default_factory=dict)
    ledger: list[LedgerEntry] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    permit: dict[str, dict[str | None, float]] = field(default_factory=dict)
    permit_rows: tuple[Mapping[str, Any], ...] = ()  # the table as read
    frames: dict[str, dict[str, gpd.GeoDataFrame]] = field(default_factory=dict)
    measured: list[Measured] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    damaged: dict[str, str] = field(default_factory=dict)
    runs: list[RuleRun] = field(default_factory=list)
    control: tuple[Mapping[str, Any], ...] = ()  # control points as read, with their rows
    places: list[projections.Place] = field(default_factory=list)
    site: dict[str, Any] = field(default_factory=dict)
