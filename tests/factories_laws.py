"""A whole project as canonical frames that laws may transform, and the findings of every survey rule on them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.affinity

from pipeline.binding import Figures
from pipeline.checks.engine import Scene, notes_frame, run_rules
from pipeline.measures.engine import derive, indicators, measure, values_of
from pipeline.model import Finding, Indicator, Measured, ProjectReport, RuleRun
from pipeline.project import run_project
from pipeline.sources import Curve
from pipeline.standard import load_standards

STANDARDS = load_standards("chongqing")
Frames = dict[str, gpd.GeoDataFrame]


@dataclass(frozen=True, repr=False)
class World:
    """A project after reading: what rules stand on. frames: "survey.layer" → canonical frame."""

    report: ProjectReport
    frames: Frames
    permit: Mapping[str, Mapping[str | None, float]]

    def where(self, name: str, field: str, value: Any) -> Any:
        """Index label of the one row of a frame with this value."""
        frame = self.frames[name]
        (row,) = frame.index[frame[field] == value]
        return row

    def put(self, name: str, row: Any, **values: Any) -> World:
        """The same world with some values of one row."""
        frame = self.frames[name].copy()
        for field, value in values.items():
            if field == "geometry":
                shapes = frame.geometry.to_list()
                shapes[frame.index.get_loc(row)] = value
                frame = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))
            else:
                frame.loc[row, field] = value
        return self.over({name: frame})

    def permitted(self, name: str, value: float, building: str | None = None) -> World:
        return dataclasses.replace(self, permit={**self.permit, name: {**self.permit[name], building: value}})

    def over(self, frames: Frames) -> World:
        return dataclasses.replace(self, frames={**self.frames, **frames})

    def each(self, change: Callable[[str, gpd.GeoDataFrame], gpd.GeoDataFrame]) -> World:
        return self.over({name: change(name, frame) for name, frame in self.frames.items()})


def world(folder: Path) -> World:
    """The project in `folder`, read, mapped and measured once."""
    report = run_project(folder)
    frames = {f"{r.survey}.{layer}": frame for r in report.surveys for layer, frame in r.frames.items()}
    permit: dict[str, dict[str | None, float]] = {}
    for (name, building), value in report.permit.items():
        permit.setdefault(name, {})[building] = value
    return World(report, frames, permit)


def judged(of: World, only: Iterable[str] = ()) -> tuple[list[RuleRun], list[Indicator]]:
    """Derived columns, measures and every rule of the commissioned surveys (or `only` some), on the frames as they are."""
    standards, surveys = of.report.standards, [result.survey for result in of.report.surveys]
    facts = of.report.project.facts
    frames: Frames = {}
    found: list[Measured] = []
    seen: list[Indicator] = []
    for name in standards.surveys:
        if name not in surveys:
            continue
        standard = standards.surveys[name]
        figures = Figures(standard, standards.profile, of.permit, {}, facts)
        own = {
            layer: derive(of.frames[f"{name}.{layer}"].copy(), spec, figures) for layer, spec in standard.layers.items()
        }
        frames |= {f"{name}.{layer}": frame for layer, frame in own.items()}
        new = measure(standard, own, figures, found)
        seen += indicators(standard, new, figures)
        found += new
    scene = Scene(
        standards,
        frames,
        notes_frame([], examined=0),
        indicators=tuple(seen),
        measured=values_of(found),
        permit=of.permit,
        commissioned=frozenset(surveys),
        project=facts,
    )
    return run_rules(scene, [*only] or surveys), seen


def runs(of: World, only: Iterable[str] = ()) -> list[RuleRun]:
    return judged(of, only)[0]


def failed(of: World, only: Iterable[str] = ()) -> set[str]:
    """Rules that did not end well: failed, undecided or crashed; a rule without a subject is none of these."""
    return {run.rule for run in runs(of, only) if run.outcome not in {"passed", "not_applicable"}}


def findings(of: World, *, without: Iterable[str] = ()) -> list[Finding]:
    """Findings in an order of their own, numbers rounded so that float noise makes no difference, places left out."""
    found = [f for run in runs(of) if run.rule not in set(without) for f in run.findings]
    return sorted((_quiet(f) for f in found), key=_key)


def unspoken(found: Iterable[Finding]) -> list[Finding]:
    """Findings without their sentences, which may name coordinates."""
    return [dataclasses.replace(finding, message="") for finding in found]


def _key(finding: Finding) -> tuple[str, ...]:
    return tuple(
        str(v or "") for v in (finding.rule, finding.feature, finding.other_feature, finding.field, finding.measured)
    )


def _quiet(finding: Finding) -> Finding:
    def rounded(value: Any) -> Any:
        return round(value, 5) + 0.0 if isinstance(value, float) else value

    changed = {name: rounded(getattr(finding, name)) for name in ("measured", "required", "tolerance")}
    return dataclasses.replace(finding, place=None, **changed)


# ---------------------------------------------------------------- changes of a whole project


def moved(
    of: World, *, turn_deg: float = 0.0, east_m: float = 0.0, north_m: float = 0.0, coordinates: bool = True
) -> World:
    """Everything turned clockwise about the site and shifted; coordinates: also those written in fields."""
    west, south, far_east, far_north = of.frames["planning.red_line"].total_bounds
    centre = np.array([(west + far_east) / 2, (south + far_north) / 2])
    cos, sin = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    turn, shift = np.array([[cos, -sin], [sin, cos]]), np.array([east_m, north_m])

    def move(points: np.ndarray) -> np.ndarray:
        there = np.array(points, dtype=float)
        there[:, :2] = (there[:, :2] - centre) @ turn + centre + shift
        return there

    def change(name: str, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        shapes = shapely.transform(frame.geometry.to_numpy(), move, include_z=None)
        frame = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))
        curves = [curve and Curve(tuple(move(ring) for ring in curve.rings), curve.closed) for curve in frame["curve"]]
        frame["curve"] = pd.Series(curves, index=frame.index, dtype=object)
        for north, east in places_in(of, name) if coordinates else ():
            frame[[east, north]] = move(frame[[east, north]].to_numpy(dtype=float))
        return frame

    return of.each(change)


def places_in(of: World, name: str) -> list[tuple[str, str]]:
    """Fields of a layer that hold a coordinate pair, written by hand: permitted, stated, checked."""
    survey, layer = name.split(".")
    fields = of.report.standards.surveys[survey].layers[layer].fields
    return [(field, field.replace("_north_m", "_east_m")) for field in fields if field.endswith("_north_m")]


def shuffled(of: World, seed: int) -> World:
    """The features of every layer in another order."""
    draw = np.random.default_rng(seed)
    return of.each(lambda _, frame: frame.iloc[draw.permutation(len(frame))].reset_index(drop=True))


# ---------------------------------------------------------------- faults


def shifted(of: World, name: str, field: str, value: Any, east_m: float, north_m: float) -> World:
    """One feature moved from its place."""
    row = of.where(name, field, value)
    return of.put(name, row, geometry=shapely.affinity.translate(of.frames[name].geometry[row], east_m, north_m))


def written(of: World, name: str, field: str, value: Any, **values: Any) -> World:
    """Other values in the row of one feature."""
    return of.put(name, of.where(name, field, value), **values)


FAULTS: dict[str, tuple[Callable[[World], World], set[str]]] = {
    "a zone over its neighbour": (
        lambda w: shifted(w, "planning.zone", "zone_no", "1-B2-01", 0.5, 0), {"PLA-T04", "PLA-T05"}),
    "a corner beside the footprint": (
        lambda w: shifted(w, "planning.corner", "corner_no", "1-05", 0.06, 0), {"PLA-T06"}),
    "a parking number twice": (
        lambda w: written(w, "planning.parking", "space_no", "A013", space_no="A012"), {"PLA-A20"}),
    "a density over the permit": (
        lambda w: w.permitted("building_density_pct", 22.0), {"PLA-M10"}),
    "a patch that states another area": (
        lambda w: written(w, "green.patch", "patch_no", "G01", stated_area_m2=48.5), {"GRN-S01"}),
    "a shelter unit outside the works": (
        lambda w: shifted(w, "civil_defence.unit", "unit_no", "RF-1", 0, 0.5), {"CDF-T02", "CDF-T04", "CDF-T05", "CDF-T10"}),
    "a boundary mark off its corner": (
        lambda w: shifted(w, "cadastral.boundary_point", "point_no", "J3", 0.3, 0), {"CAD-T04", "CAD-T05"}),
    "a building that three surveys place differently": (
        lambda w: shifted(w, "cadastral.building", "building", "1幢", 0.2, 0), {"CAD-T10", "CAD-X05", "PRP-X04"}),
    "a floor too few in the cadastre": (
        lambda w: written(w, "cadastral.building", "building", "1幢", floors_above=17), {"CAD-X06", "PRP-X07"}),
    "a common part that states too much": (
        lambda w: written(w, "property.common", "part_no", "GY-0001-B2-01", stated_area_m2=95.0),
        {"PRP-S04", "PRP-S06", "PRP-S10"}),
}  # fmt: skip


def planted(of: World, names: Iterable[str] = tuple(FAULTS)) -> World:
    for name in names:
        of = FAULTS[name][0](of)
    return of
