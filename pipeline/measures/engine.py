"""Derived columns, measures and indicators of a survey, as its standard declares them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.binding import Figures, bind, missing_figures, references
from pipeline.errors import StandardError
from pipeline.measures import AGGREGATES, CHOOSERS, COLUMNS, COMBINERS
from pipeline.measures.judge import judge
from pipeline.model import Indicator, Measured, Outcome
from pipeline.standard import LayerSpec, MeasureSpec, Profile, Standard, Where
from pipeline.tolerance import Choice

if TYPE_CHECKING:
    import geopandas as gpd


Part = tuple[str | None, float | None, tuple[str, ...]]  # building (None = whole), value, features behind it


def derive(frame: gpd.GeoDataFrame, layer: LayerSpec, figures: Figures) -> gpd.GeoDataFrame:
    """`frame` with the derived columns of its layer, in the order declared; exact values, unrounded."""
    for name, spec in layer.derived.items():
        verb = _verb(COLUMNS, spec.measure, f"{figures.standard.survey}：{name}")
        frame[name] = verb(frame, **bind(verb, spec.params, figures, strict=False))
    return frame


def select(frame: gpd.GeoDataFrame, where: Where) -> gpd.GeoDataFrame:
    """Rows whose fields have the given value, or one of the given values; index labels are kept."""
    if not where or frame.empty:
        return frame
    mask = np.ones(len(frame), dtype=bool)
    for field, wanted in where.items():
        if field not in frame.columns:
            raise StandardError(f"where：没有字段“{field}”")
        mask &= frame[field].isin(wanted if isinstance(wanted, list) else [wanted]).to_numpy(dtype=bool)
    return frame if mask.all() else frame.take(np.flatnonzero(mask))


def measure(
    standard: Standard, frames: Mapping[str, gpd.GeoDataFrame], figures: Figures, earlier: Iterable[Measured]
) -> list[Measured]:
    """Every measure of one survey: whole project first, then per building where declared.

    frames: canonical layer name → frame. earlier: what surveys before this one measured.
    A layer without features gives None, never 0.
    """
    known: dict[str, dict[str | None, Part]] = {}
    for item in earlier:
        known.setdefault(f"{item.survey}.{item.name}", {})[item.building] = (item.building, item.value, item.features)
    found: list[Measured] = []
    for name, spec in standard.measures.items():
        parts = _combined(standard, spec, known, figures) if spec.of else _aggregated(standard, spec, frames, figures)
        known[f"{standard.survey}.{name}"] = {part[0]: part for part in parts}
        formula = formula_of(spec, figures.profile)
        found += [
            Measured(standard.survey, name, spec.label, value, spec.unit, spec.decimals, building, formula, ids)
            for building, value, ids in parts
        ]
    return found


def formula_of(spec: MeasureSpec, profile: Profile) -> str:
    """How the measure is worked out, in Chinese; where a choice of the profile changes it, as was chosen.

    Errors: StandardError when that number is no choice, or when there are no words for what was chosen.
    """
    if spec.chosen is None:
        return spec.formula
    number = profile.numbers.get(spec.chosen.profile)
    if not isinstance(number, Choice) or (number.choice and number.choice not in spec.chosen.formulas):
        raise StandardError(f"{spec.label}：chosen：参数“{spec.chosen.profile}”不是选项，或没有写明选定项的公式")
    return spec.formula if number.choice is None else spec.chosen.formulas[number.choice]


def values_of(measured: Iterable[Measured]) -> dict[str, dict[str | None, float | None]]:
    """The "survey.name" → building → value."""
    table: dict[str, dict[str | None, float | None]] = {}
    for item in measured:
        table.setdefault(f"{item.survey}.{item.name}", {})[item.building] = item.value
    return table


def indicators(standard: Standard, measured: Iterable[Measured], figures: Figures) -> list[Indicator]:
    """Each measure beside its permitted number, judged twice: survey error, then administrative allowance."""
    return [
        _indicator(standard, standard.measures[item.name], item, permitted, figures)
        for item in measured
        if standard.measures[item.name].permit
        for permitted in [figures.permit.get(str(standard.measures[item.name].permit), {}).get(item.building)]
        if permitted is not None or (item.building is None and _wanted(standard, item, figures))
    ]


# ---------------------------------------------------------------- inside


def _wanted(standard: Standard, item: Measured, figures: Figures) -> bool:
    """Whether the permit should state this figure for the whole.

    Not when it is an optional one, is given by building, or the permit states the figure that stands in its place.
    """
    name = str(standard.measures[item.name].permit)
    spec = standard.permit.get(name)
    instead = figures.permit.get(spec.instead) if spec and spec.instead else None
    return not (spec and spec.optional) and not figures.permit.get(name) and not instead


def _aggregated(
    standard: Standard, spec: MeasureSpec, frames: Mapping[str, gpd.GeoDataFrame], figures: Figures
) -> list[Part]:
    verb = _verb(AGGREGATES, spec.measure, standard.survey)
    arguments = bind(verb, spec.params, figures, strict=False)
    frame = frames.get(spec.layer or "")
    if frame is None or frame.empty:
        return [(None, None, ())]
    frame = select(frame, spec.where)
    if spec.other:
        if spec.other not in frames:
            raise StandardError(f"{standard.survey}：{spec.label}：没有图层“{spec.other}”")
        arguments["other"] = frames[spec.other]
    parts: list[Part] = [(None, _number(verb(frame, **arguments)), tuple(frame["feature"]))]
    if spec.by:
        for building, group in frame.groupby(spec.by, sort=True):
            parts.append((str(building), _number(verb(group, **arguments)), tuple(group["feature"])))
    return parts


def _combined(
    standard: Standard, spec: MeasureSpec, known: Mapping[str, Mapping[str | None, Part]], figures: Figures
) -> list[Part]:
    """A measure of other measures; its features are theirs, so that it can be traced."""
    verb = _verb(COMBINERS, spec.measure, standard.survey)
    arguments, used = bind(verb, spec.params, figures, strict=False), CHOOSERS.get(spec.measure)
    sources = [known.get(name if "." in name else f"{standard.survey}.{name}", {}) for name in spec.of]
    shared = set.intersection(*(set(source) for source in sources)) if sources else set()
    buildings = sorted((b for b in shared if b is not None), key=str) if spec.by else []
    found: list[Part] = []
    for building in [None, *buildings]:
        parts = [source.get(building, (building, None, ())) for source in sources]
        behind = used(parts, **arguments) if used else parts
        ids = dict.fromkeys(feature for part in behind for feature in part[2])
        found.append((building, _number(verb(*(part[1] for part in parts), **arguments)), tuple(ids)))
    return found


def _indicator(
    standard: Standard, spec: MeasureSpec, item: Measured, permitted: float | None, figures: Figures
) -> Indicator:
    outcome: Outcome = "not_applicable"
    limit, allowance, reason = None, None, None
    difference = None if permitted is None or item.value is None else item.value - permitted
    if permitted is None:
        label = standard.permit[str(spec.permit)].label if str(spec.permit) in standard.permit else spec.label
        reason = f"许可指标表未给出“{label}”"
    elif item.value is None:
        outcome, reason = "undetermined", _why_unmeasured(standard, spec, figures)
    else:
        outcome, limit, allowance, reason = judge(
            item.value,
            permitted,
            spec.direction or "equal",
            survey_error=_limit(spec.survey_error, figures),
            allowance=_limit(spec.allowance, figures),
            decimals=spec.decimals,
        )
    return Indicator(
        item.survey,
        item.building,
        item.name,
        item.label,
        permitted,
        item.value,
        difference,
        limit,
        allowance,
        item.unit,
        item.decimals,
        spec.direction or "equal",
        outcome,
        reason,
        item.features,
        item.formula,
    )


def _limit(param: Any, figures: Figures) -> Any:
    if isinstance(param, Mapping):
        kind_key = references(param)
        number = figures.profile.numbers.get(kind_key[0][1]) if kind_key else None
        if number is None:
            raise StandardError(f"{figures.standard.folder}：参数集中没有 {param}")
        return number
    return param


def _why_unmeasured(standard: Standard, spec: MeasureSpec, figures: Figures) -> str:
    sources = _with_sources(standard, spec)
    layers = [standard.layers[m.layer] for m in sources if m.layer in standard.layers]
    params = [d.params for layer in layers for d in layer.derived.values()] + [m.params for m in sources]
    lacking = [sentence for one in params for sentence in missing_figures(one, figures.profile)]
    return "；".join(dict.fromkeys(lacking)) or "实测值无法计算：所需图层为空或属性不全"


def _with_sources(standard: Standard, spec: MeasureSpec) -> list[MeasureSpec]:
    below = [standard.measures[name] for name in spec.of if name in standard.measures]
    return [spec, *(m for part in below for m in _with_sources(standard, part))]


def _verb(table: Mapping[str, Any], name: str, where: str) -> Any:
    if name not in table:
        raise StandardError(f"{where}：没有名为“{name}”的量测方法；现有：{'、'.join(sorted(table))}")
    return table[name]


def _number(value: float | None) -> float | None:
    return None if value is None or (isinstance(value, float) and np.isnan(value)) else float(value)
