"""The rules between projects: each on the candidates only, piece by piece, with the count of all that were looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.binding import references
from pipeline.checks.attributes import blank
from pipeline.checks.engine import Scene, notes_frame, run_rule
from pipeline.checks.once import remembering
from pipeline.district.framing import Outlines, framed, middles, wkt
from pipeline.district.index import Index, LayerIndex
from pipeline.district.pairs import pieces
from pipeline.errors import StandardError
from pipeline.model import Finding, Outcome, RuleRun
from pipeline.sources import Note
from pipeline.standard import RuleSpec, Standard, Standards

SAME_SHARE = 0.5  # of a region: one that covers as much of an earlier one between other pairs is the same
SHOWN = 5  # projects named in a reason
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Between:
    """A finding with both projects and both places (WKT in the district's CRS)."""

    finding: Finding
    project: str
    other_project: str | None = None
    own_place: str | None = None
    other_place: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """One finding before duplicates of several pieces are put together; at: positions in the layer."""

    between: Between
    at: tuple[int, int]


def run_between(
    index: Index, standard: Standard, standards: Standards, notes: Sequence[Note], *, progress: Progress
) -> tuple[list[RuleRun], list[Between]]:
    """How every rule of the standard ends, and its findings with both projects.

    Errors: StandardError when a rule names a check that is none between projects.
    """
    by_layer = {name: _spatial(index, name, standard, standards, progress=progress) for name in index.layers}
    runs, found = [], []
    for rule in standard.rules:
        if rule.check == "noted":
            run, own = _noted(rule, index, standard, standards, notes)
        elif rule.check in SPATIAL:
            run, own = by_layer[str(rule.layer)][rule.id]
        elif rule.check == "unique_between":
            run, own = _by_value(rule, index, standard, standards)
        else:
            raise StandardError(f"{standard.folder}：{rule.id}：检查“{rule.check}”不能用于项目之间")
        runs.append(run)
        found += own
    return runs, found


GAPS = "no_gaps_between"
SPATIAL = ("no_overlap_between", GAPS)
Ended = tuple[RuleRun, list[Between]]


# ---------------------------------------------------------------- by place


def _spatial(
    index: Index, name: str, standard: Standard, standards: Standards, *, progress: Progress
) -> dict[str, Ended]:
    """Every spatial rule of one layer, in one pass over its pieces."""
    layer = index.layers[name]
    rules = [rule for rule in standard.rules if rule.check in SPATIAL and rule.layer == name]
    if not rules:
        return {}
    runs: dict[str, list[RuleRun]] = {rule.id: [] for rule in rules}
    found: dict[str, list[_Found]] = {rule.id: [] for rule in rules}
    parts = list(pieces(layer, reach_m=_reach_m(rules, standards)))
    outlines = Outlines(layer, np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *parts])), index)
    for number, at in enumerate(parts, start=1):
        progress(f"比较相邻项目的{layer.spec.label}：第 {number}/{len(parts)} 片")
        frame = framed(layer, at, index, standard, shapes=outlines.of(at))
        scene = _scene(standards, standard, {f"{standard.survey}.{name}": frame})
        with remembering():  # until the next piece
            for rule in rules:
                run = run_rule(rule, standard, scene)
                runs[rule.id].append(run)
                found[rule.id] += _located(run.findings, frame, at)
    examined, reason = len(layer.placed), _left_out(index, layer)
    return {
        rule.id: _ended(rule, standard, runs[rule.id], _once(rule, found[rule.id]), examined=examined, reason=reason)
        for rule in rules
    }


def _reach_m(rules: Iterable[RuleSpec], standards: Standards) -> float:
    """The largest distance that any of the rules speaks of."""
    keys = {key for rule in rules for kind, key in references(rule.params) if kind == "profile"}
    values = [standards.profile.numbers[key].at(0) for key in keys if key in standards.profile.numbers]
    return max((value for value in values if value is not None), default=0.0)


def _located(findings: Iterable[Finding], frame: gpd.GeoDataFrame, at: np.ndarray) -> list[_Found]:
    """Findings with both projects and a point on each of the two features."""
    rows = {feature: row for row, feature in enumerate(frame["feature"])}
    shapes, owners = np.asarray(frame.geometry.array, dtype=object), frame["project"].to_numpy()
    located = []
    for finding in findings:
        own, other = rows[str(finding.feature)], rows[str(finding.other_feature)]
        points = [wkt(shapely.point_on_surface(shapes[row])) for row in (own, other)]
        projects = [str(owners[row]) for row in (own, other)]
        located.append(_Found(Between(finding, *projects, *points), (int(at[own]), int(at[other]))))
    return located


def _once(rule: RuleSpec, found: Iterable[_Found]) -> list[Between]:
    """Each pair once though several pieces held it; a gap once though several pairs border on it: the first keeps it."""
    ordered = sorted(found, key=lambda f: (f.at, f.between.finding.place or ""))
    distinct = list({(f.at, f.between.finding.place): f.between for f in ordered}.values())
    if rule.check != GAPS:
        return distinct
    places = [shapely.from_wkt(between.finding.place or "POLYGON EMPTY") for between in distinct]
    regions = shapely.make_valid(np.array(places, dtype=object))  # rounded as printed, a thin one may cross itself
    lost = np.zeros(len(regions), dtype=bool)
    for i, j in _meeting(regions):
        lost[j] |= not lost[i] and shapely.intersection(regions[i], regions[j]).area > SAME_SHARE * regions[j].area
    return [between for between, gone in zip(distinct, lost, strict=True) if not gone]


def _meeting(regions: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of regions whose boxes meet, the earlier one first, in order of the later one."""
    later, earlier = shapely.STRtree(regions).query(regions)
    return sorted(((int(i), int(j)) for j, i in zip(later, earlier, strict=True) if i < j), key=lambda pair: pair[::-1])


# ---------------------------------------------------------------- by value, and of projects


def _by_value(rule: RuleSpec, index: Index, standard: Standard, standards: Standards) -> Ended:
    """A rule on codes: only features whose code stands in more than one project come before the check."""
    layer, field = index.layers[str(rule.layer)], str(rule.params["field"])
    values = pd.Series(layer.values[field])
    known = np.flatnonzero(~blank(values))
    given = pd.DataFrame({"value": values.iloc[known].astype(str).to_numpy(), "project": layer.project[known]})
    twice = given.groupby("value")["project"].transform("nunique") > 1
    at = known[twice.to_numpy(dtype=bool)]
    frame = framed(layer, at, index, standard, shapes=middles(layer.boxes[at]))
    with remembering():
        run = run_rule(rule, standard, _scene(standards, standard, {f"{standard.survey}.{layer.name}": frame}))
    return _ended(rule, standard, [run], _at_points(run.findings, frame), examined=len(known), reason=None)


def _at_points(findings: Iterable[Finding], frame: gpd.GeoDataFrame) -> list[Between]:
    rows = {feature: row for row, feature in enumerate(frame["feature"])}
    located = []
    for finding in findings:
        own, other = rows[str(finding.feature)], rows[str(finding.other_feature)]
        points = [frame.geometry.iloc[row] for row in (own, other)]
        filled = [point for point in points if point is not None]
        place = wkt(shapely.MultiPoint(filled)) if filled else None
        projects = [str(frame["project"].iloc[row]) for row in (own, other)]
        located.append(Between(replace(finding, place=place), *projects, *(wkt(point) for point in points)))
    return located


def _noted(rule: RuleSpec, index: Index, standard: Standard, standards: Standards, notes: Sequence[Note]) -> Ended:
    rows = [{"kind": n.kind, "file": n.file, "geometry": None, **n.slots} for n in notes]
    scene = _scene(standards, standard, {}, notes_frame(rows, examined=len(index.entries)))
    with remembering():
        run = run_rule(rule, standard, scene)
    return run, [_of_project(finding, index) for finding in run.findings]


def _of_project(finding: Finding, index: Index) -> Between:
    """A finding on one project, at its middle."""
    at = index.centres.get(str(finding.file))
    place = None if at is None else wkt(shapely.Point(at))
    return Between(replace(finding, place=place), str(finding.file), own_place=place)


# ---------------------------------------------------------------- inside


def _scene(
    standards: Standards, standard: Standard, frames: Mapping[str, gpd.GeoDataFrame], notes: Any = None
) -> Scene:
    empty = notes_frame([], examined=0) if notes is None else notes
    return Scene(standards, frames, empty, commissioned=frozenset({standard.survey}))


def _ended(
    rule: RuleSpec,
    standard: Standard,
    runs: Sequence[RuleRun],
    found: list[Between],
    *,
    examined: int,
    reason: str | None,
) -> Ended:
    """The runs of all pieces as one: the gravest outcome, every feature that was looked at, each finding once."""
    outcomes = {run.outcome for run in runs}
    reasons = list(
        dict.fromkeys(r for r in (*(run.reason for run in runs if run.outcome != "not_applicable"), reason) if r)
    )
    outcome: Outcome
    if "crashed" in outcomes:
        outcome = "crashed"
    elif found:
        outcome = "failed"
    elif "undetermined" in outcomes or reason:
        outcome = "undetermined"
    else:
        outcome = "passed" if examined else "not_applicable"
    why = "；".join(reasons) or ("没有可检查的要素" if outcome == "not_applicable" else None)
    findings = tuple(item.finding for item in found)
    return RuleRun(rule.id, standard.survey, outcome, examined, findings, why), found


def _left_out(index: Index, layer: LayerIndex) -> str | None:
    """Which projects have such features but no place in the district."""
    away = np.unique(layer.project[np.setdiff1d(np.arange(len(layer)), layer.placed)])
    keys = [index.entries[i].key for i in away if index.entries[i].key in index.space.apart]
    if not keys:
        return None
    more = f"等 {len(keys)} 个项目" if len(keys) > SHOWN else ""
    return f"{'、'.join(keys[:SHOWN])}{more}的坐标系不能与全区对接，没有参加比较"
