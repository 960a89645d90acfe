"""The scene of a unit case: the smallest layers, written as WKT and values beside the rule.

Case files stand in `schemas/<survey>/cases/<RULE-ID>.yaml`; each names features of canonical layers, and may state
profile numbers, permit figures and notes. The same code that runs projects derives, measures and judges them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely

from pipeline import frames as canonical
from pipeline.binding import Figures
from pipeline.checks.engine import Scene, notes_frame
from pipeline.measures.engine import derive, indicators, measure, values_of
from pipeline.model import Indicator, Measured
from pipeline.sources import Curve
from pipeline.standard import Profile, Standards, load_profile


def scene_of(standards: Standards, case: Mapping[str, Any]) -> Scene:
    """The scene that `case` describes.

    Keys of case: layers {"survey.layer": [{geometry: WKT, field: value}]}, permit {"name" or "survey.name": value or
    {building: value}}, profile {key: changes}, notes [{kind, file, …}], inputs (number of files),
    commissioned [surveys] (default: those of the layers), damaged {survey: reason}, project {fact: text}.
    """
    profile = _profile(standards.profile, case.get("profile", {}))
    standards = standards.model_copy(update={"profile": profile})
    given = case.get("layers", {})
    commissioned = frozenset(case.get("commissioned", {name.split(".")[0] for name in given}))
    permit = {name: _permit(value) for name, value in case.get("permit", {}).items()}
    frames = {}
    for standard in standards.surveys.values():
        if standard.survey not in commissioned:
            continue
        figures = Figures(standard, profile, permit)
        for layer, spec in standard.layers.items():
            name = f"{standard.survey}.{layer}"
            rows = [_row(name, position, row) for position, row in enumerate(given.get(name, []))]
            columns = {key: [row.get(key) for row in rows] for key in dict.fromkeys(k for row in rows for k in row)}
            frame = canonical.build(spec, columns, [row["geometry"] for row in rows], None)
            frames[name] = derive(frame, spec, figures)
    measured, judged = _measured(standards, frames, permit, commissioned)
    notes = [{**note, "geometry": _shape(note.get("geometry"))} for note in case.get("notes", [])]
    return Scene(
        standards,
        frames,
        notes_frame(notes, examined=case.get("inputs", len(notes))),
        judged,
        values_of(measured),
        permit,
        commissioned,
        case.get("damaged", {}),
        case.get("project", {}),
    )


def _measured(
    standards: Standards, frames: Mapping[str, Any], permit: Any, commissioned: frozenset[str]
) -> tuple[list[Measured], tuple[Indicator, ...]]:
    found: list[Measured] = []
    judged: list[Indicator] = []
    for standard in standards.surveys.values():
        if standard.survey in commissioned:
            figures = Figures(standard, standards.profile, permit)
            own = {layer: frames[f"{standard.survey}.{layer}"] for layer in standard.layers}
            new = measure(standard, own, figures, found)
            judged += indicators(standard, new, figures)
            found += new
    return found, tuple(judged)


def _row(name: str, position: int, row: Mapping[str, Any]) -> dict[str, Any]:
    curve = row.get("curve")
    return {
        "feature": f"{name}/{position}",
        "file": "case",
        "source_layer": name,
        "handle": str(position),
        **row,
        "geometry": _shape(row.get("geometry")),
        "curve": _curve(curve) if curve else None,
    }


def _curve(rings: Any) -> Curve:
    import numpy as np

    return Curve(tuple(np.asarray(ring, dtype=float) for ring in rings), closed=True)


def _shape(text: Any) -> Any:
    return shapely.from_wkt(text) if isinstance(text, str) else text


def _permit(value: Any) -> dict[str | None, float | None]:
    return (
        {str(k) if k is not None else None: v for k, v in value.items()}
        if isinstance(value, Mapping)
        else {None: value}
    )


def _profile(profile: Profile, changes: Mapping[str, Mapping[str, Any]]) -> Profile:
    overrides = [{"key": key, "reason": "case", **change} for key, change in changes.items()]
    return load_profile(profile.name, overrides=overrides) if overrides else profile
