"""Parameters of rules and measures as the standards write them → the arguments of a Python verb."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pipeline.errors import StandardError
from pipeline.standard import Profile, Standard
from pipeline.tolerance import Absolute, Bins, Choice

Values = Mapping[str | None, float | None]  # building key (None = whole project) → value
KEYS = ("profile", "permit", "measure", "project")
#: what a rule may ask of project.yaml, and where it stands there
PROJECT_FACTS = {
    "code": "project.code（项目编号）",
    "name": "project.name（项目名称）",
    "county_code": "project.county_code（县级区划代码）",
    "permit_number": "permit.number（许可证号）",
    "permit_date": "permit.date（许可日期）",
}
NUMBER_WORDS = ("Number", "Absolute", "Percent", "AreaFormula", "LengthFormula", "Stepped", "Bins", "PerKey", "Choice")


class MissingFigure(Exception):
    """A figure that nobody gave; the text is Chinese and says where to state it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Where references find their numbers. measured: "survey.name" → values; project: what project.yaml states, by name."""

    standard: Standard
    profile: Profile
    permit: Mapping[str, Values] = field(default_factory=dict)
    measured: Mapping[str, Values] = field(default_factory=dict)
    project: Mapping[str, str] = field(default_factory=dict)


def bind(function: Callable[..., Any], params: Mapping[str, Any], figures: Figures, *, strict: bool) -> dict[str, Any]:
    """Arguments for `function`. strict: a figure nobody gave raises MissingFigure; else it is passed on as it is.

    Errors: StandardError when a parameter is unknown to the verb, or a profile key does not exist.
    """
    annotations = _annotations(function)
    unknown = [name for name in params if name not in annotations]
    if unknown:
        raise StandardError(f"{figures.standard.folder}：{function.__name__}：没有参数 {'、'.join(unknown)}")
    return {name: _resolved(value, name, annotations[name], figures, strict=strict) for name, value in params.items()}


@cache
def _annotations(function: Callable[..., Any]) -> dict[str, str]:
    """The parameters of a verb, each with its annotation; a verb is looked at once."""
    return {name: str(parameter.annotation) for name, parameter in inspect.signature(function).parameters.items()}


def reference(value: Any) -> tuple[str, str] | None:
    """(kind, key) when `value` is a reference, else None."""
    if isinstance(value, Mapping) and len(value) == 1:
        kind, key = next(iter(value.items()))
        if kind in KEYS and isinstance(key, str):
            return kind, key
    return None


def references(params: Any) -> list[tuple[str, str]]:
    """Every reference inside `params`, depth first."""
    found = reference(params)
    if found:
        return [found]
    parts = params.values() if isinstance(params, Mapping) else params if isinstance(params, list | tuple) else ()
    return [item for part in parts for item in references(part)]


def missing_figures(params: Any, profile: Profile) -> list[str]:
    """Sentences for the profile numbers in `params` that nobody gave."""
    numbers = [(key, profile.numbers.get(key)) for kind, key in references(params) if kind == "profile"]
    return [_profile_sentence(key, number) for key, number in numbers if number is None or _is_missing(number)]


def _resolved(value: Any, name: str, annotation: str, figures: Figures, *, strict: bool) -> Any:
    found = reference(value)
    if found is None:
        if name == "codes" and isinstance(value, str):
            return _code_list(value, figures.standard)
        if isinstance(value, list):
            return [_resolved(v, name, annotation, figures, strict=strict) for v in value]
        if isinstance(value, Mapping):  # one figure per word: {一: {profile: …}, 二: …}
            return {word: _resolved(v, name, annotation, figures, strict=strict) for word, v in value.items()}
        return value
    kind, key = found
    if kind == "profile":
        return _profile_number(key, name, annotation, figures, strict=strict)
    if kind == "permit":
        return _permit_values(key, figures, strict=strict)
    if kind == "project":
        return _project_fact(key, figures, strict=strict)
    qualified = key if "." in key else f"{figures.standard.survey}.{key}"
    values = figures.measured.get(qualified, {})
    if strict and not any(v is not None for v in values.values()):
        raise MissingFigure(f"指标“{qualified}”没有实测值")
    return values


def _profile_number(key: str, name: str, annotation: str, figures: Figures, *, strict: bool) -> Any:
    number = figures.profile.numbers.get(key)
    if number is None:
        raise StandardError(f"{figures.standard.folder}：参数集 {figures.profile.name} 中没有“{key}”")
    if strict and _is_missing(number):
        raise MissingFigure(_profile_sentence(key, number))
    if name.endswith("_limit") or any(word in annotation for word in NUMBER_WORDS):
        return number
    if isinstance(number, Absolute):
        return number.value
    return number.choice if isinstance(number, Choice) else number


def _permit_values(key: str, figures: Figures, *, strict: bool) -> Values:
    values = figures.permit.get(key, {})
    if strict and not any(v is not None for v in values.values()):
        figure = figures.standard.permit.get(key)
        raise MissingFigure(f"缺少许可指标“{figure.label if figure else key}”：请在许可指标表中填写")
    return values


def _project_fact(key: str, figures: Figures, *, strict: bool) -> str:
    if strict and not figures.project.get(key):
        raise MissingFigure(f"project.yaml 没有写明 {PROJECT_FACTS.get(key, key)}：请补填")
    return figures.project.get(key, "")


def _code_list(name: str, standard: Standard) -> Mapping[str, str]:
    if name not in standard.codes:
        raise StandardError(f"{standard.folder / 'codes'}：没有代码表 {name}.csv")
    return standard.codes[name]


def _is_missing(number: Any) -> bool:
    match number:
        case Absolute(value=None) | Bins(bins=None) | Choice(choice=None):
            return True
    return False


def _profile_sentence(key: str, number: Any) -> str:
    label = number.label if number is not None else key
    return f"缺少参数“{label}”（{key}）：请在参数集或 project.yaml 的 overrides 中给出数值、来源和理由"
