"""One rule against the scene → one RuleRun with its findings. Checks yield facts; here they become sentences."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geopandas.array import from_shapely

from pipeline.binding import MissingFigure, bind, references
from pipeline.checks import CHECKS
from pipeline.checks.findings import Frames, finding, ordered, traced
from pipeline.checks.once import once_a_frame, remembering
from pipeline.checks.scene import Scene, in_order, notes_frame
from pipeline.checks.told import untold
from pipeline.errors import StandardError
from pipeline.measures.engine import select
from pipeline.model import CheckResult, Indicator, Outcome, RuleRun
from pipeline.standard import RuleSpec, Standard, Where

LOG = logging.getLogger(__name__)
INDICATOR = tuple(field.name for field in dataclasses.fields(Indicator))
__all__ = ["Scene", "notes_frame", "run_rule", "run_rules"]


class _Ended(Exception):
    """The rule ends before its check is called."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome, self.reason = outcome, reason


def run_rules(scene: Scene, surveys: Iterable[str]) -> list[RuleRun]:
    """Every rule of the given surveys, in the order of the standards; the order of features changes nothing."""
    scene = dataclasses.replace(scene, frames={name: in_order(frame) for name, frame in scene.frames.items()})
    with remembering():
        return [
            run_rule(rule, standard, scene)
            for standard in scene.standards.surveys.values()
            if standard.survey in set(surveys)
            for rule in standard.rules
        ]


def run_rule(rule: RuleSpec, standard: Standard, scene: Scene) -> RuleRun:
    """How `rule` ends: passed, failed, not_applicable, undetermined or crashed.

    Errors: StandardError when the rule itself is wrong (unknown check, layer or parameter); a check that raises
    anything else ends its own rule as crashed and no other.
    """
    try:
        frames, result = _checked(rule, standard, scene)
        findings = tuple(finding(rule, standard, scene.standards, frames, hit) for hit in result.hits)
        compared = tuple(traced(frames, item) for item in result.compared)
    except _Ended as end:
        return RuleRun(rule.id, standard.survey, end.outcome, 0, reason=end.reason)
    except StandardError:
        raise
    except Exception as err:  # one rule's crash is recorded apart, the others go on (exit code 3)
        LOG.exception("rule %s crashed", rule.id)
        return RuleRun(rule.id, standard.survey, "crashed", 0, reason=f"{type(err).__name__}：{err}")
    outcome, reason = _outcome(result)
    return RuleRun(rule.id, standard.survey, outcome, result.examined, ordered(findings), reason, compared)


# ---------------------------------------------------------------- the run of one rule


def _checked(rule: RuleSpec, standard: Standard, scene: Scene) -> tuple[Frames, CheckResult]:
    if rule.check not in CHECKS:
        known = "、".join(sorted(CHECKS))
        raise StandardError(f"{standard.folder}：{rule.id}：没有名为“{rule.check}”的检查；现有：{known}")
    check = CHECKS[rule.check]
    _ready(rule, standard, scene)
    subject = _subject(rule, standard, scene)
    try:
        arguments = bind(check, rule.params, scene.figures(standard), strict=True)
    except MissingFigure as err:
        raise _Ended("not_applicable" if subject.empty else "undetermined", str(err)) from err
    other = _against(rule, standard, scene)
    if other is not None:
        arguments["other"] = other
    return Frames(subject, other), untold(rule, subject, check(subject, **arguments), scene)


def _ready(rule: RuleSpec, standard: Standard, scene: Scene) -> None:
    """Ends the rule when a survey it needs was not commissioned or could not be read."""
    named = [name for name in (rule.against, *rule.also) if name and "." in name]
    named += [key for kind, key in references(rule.params) if kind == "measure" and "." in key]
    needed = {standard.survey, *(name.split(".")[0] for name in named)}
    for survey in sorted(needed - scene.commissioned - {"project"}):
        label = scene.standards.surveys[survey].label if survey in scene.standards.surveys else survey
        raise _Ended("not_applicable", f"未委托{label}")
    for survey in sorted(needed & set(scene.damaged)):
        raise _Ended("undetermined", scene.damaged[survey])


def _subject(rule: RuleSpec, standard: Standard, scene: Scene) -> gpd.GeoDataFrame:
    if rule.layer:
        return _chosen(_frame(rule.layer, standard, scene), rule.where)
    if rule.measure:
        if rule.measure not in standard.measures:
            raise StandardError(f"{standard.folder}：{rule.id}：没有指标“{rule.measure}”")
        return _indicator_frame(rule.measure, standard, scene)
    return scene.notes


def _against(rule: RuleSpec, standard: Standard, scene: Scene) -> gpd.GeoDataFrame | None:
    if not rule.against:
        return None
    parts = [_chosen(_frame(name, standard, scene), rule.against_where) for name in (rule.against, *rule.also)]
    return parts[0] if len(parts) == 1 else _together(*parts)


@once_a_frame
def _together(*parts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    filled = [part for part in parts if not part.empty] or parts[:1]
    return gpd.GeoDataFrame(pd.concat(filled, ignore_index=True), crs=filled[0].crs)


def _chosen(frame: gpd.GeoDataFrame, where: Where) -> gpd.GeoDataFrame:
    """The rows that a rule speaks of; rules that speak of the same rows share one frame of them."""
    words = tuple((field, tuple(wanted) if isinstance(wanted, list) else wanted) for field, wanted in where.items())
    return _rows(frame, words=words) if words else frame


@once_a_frame
def _rows(frame: gpd.GeoDataFrame, *, words: tuple[tuple[str, Any], ...]) -> gpd.GeoDataFrame:
    return select(frame, {field: list(wanted) if isinstance(wanted, tuple) else wanted for field, wanted in words})


def _frame(name: str, standard: Standard, scene: Scene) -> gpd.GeoDataFrame:
    qualified = name if "." in name else f"{standard.survey}.{name}"
    survey, layer = qualified.split(".", 1)
    if survey not in scene.standards.surveys or layer not in scene.standards.surveys[survey].layers:
        raise StandardError(f"{standard.folder}：没有图层“{qualified}”")
    return scene.frames[qualified]


def _indicator_frame(measure: str, standard: Standard, scene: Scene) -> gpd.GeoDataFrame:
    items = [item for item in scene.indicators if item.survey == standard.survey and item.name == measure]
    data: dict[str, Any] = {name: _typed([getattr(item, name) for item in items]) for name in INDICATOR}
    places = [_where(item.features, scene) for item in items]
    for position, column in enumerate(("file", "source_layer")):
        data[column] = pd.Series([place[position] for place in places], dtype=object)
    data["geometry"] = from_shapely([place[2] for place in places])
    return gpd.GeoDataFrame(pd.DataFrame(data, copy=False), geometry="geometry")


def _typed(values: list[Any]) -> Any:
    """A column in the type that pandas finds for it, found without asking; others as they are."""
    kinds = set(map(type, values))
    if kinds == {str} or kinds == {str, type(None)}:
        return pd.array(values, dtype="str")
    return np.array(values, dtype=float) if float in kinds and kinds <= {float, type(None)} else values


def _where(features: Iterable[str], scene: Scene) -> tuple[str | None, str | None, Any]:
    """File, source layer (each if only one) and outline of the features that a number comes from."""
    ids = set(features)
    layers_of_ids = {feature.partition("/")[0] for feature in ids}
    files, layers, shapes = set(), set(), []
    for columns in (_columns_of(frame) for name, frame in scene.frames.items() if name in layers_of_ids):
        for feature, file, layer, shape in zip(*columns, strict=True):
            if feature in ids:
                files.add(file)
                layers.add(layer)
                shapes.append(shape)
    filled = [shape for shape in shapes if shape is not None]
    if not filled:
        return None, None, None
    outline = shapely.convex_hull(shapely.GeometryCollection(filled))
    return (files.pop() if len(files) == 1 else None), (layers.pop() if len(layers) == 1 else None), outline


@once_a_frame
def _columns_of(frame: gpd.GeoDataFrame) -> tuple[Any, ...]:
    """Ids, files, source layers and outlines of a layer, as plain lists."""
    return tuple(list(frame[name]) for name in ("feature", "file", "source_layer", "geometry"))


def _outcome(result: CheckResult) -> tuple[Outcome, str | None]:
    reason = "；".join(dict.fromkeys(result.undetermined)) or None
    if result.hits:
        return "failed", reason
    if reason:
        return "undetermined", reason
    if result.examined == 0:
        return "not_applicable", "没有可检查的要素"
    return "passed", None
