"""Facts of a check → findings: the sentence comes from the standard, the ids and the place from the frames."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.checks.message import sentence
from pipeline.checks.once import once_a_frame
from pipeline.model import Finding, Hit, KnownBy
from pipeline.scalars import plain
from pipeline.standard import RuleSpec, Standard, Standards

if TYPE_CHECKING:
    import geopandas as gpd

    from pipeline.side_by_side import Compared

WKT_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Frames:
    """What the check looked at. other: the frame the rule stands against; None = pairs are inside `subject`."""

    subject: gpd.GeoDataFrame
    other: gpd.GeoDataFrame | None


def finding(rule: RuleSpec, standard: Standard, standards: Standards, frames: Frames, hit: Hit) -> Finding:
    """One fault as it is reported."""
    paired = frames.subject if frames.other is None else frames.other
    row = {} if hit.row is None else _row(frames.subject, hit.row)
    pair = {} if hit.other is None else _row(paired, hit.other)
    place = hit.place if hit.place is not None else row.get("geometry")
    business_id = _business_id(rule, standard, row)
    slots = {
        **row,
        "measured": hit.measured,
        "required": hit.required,
        "unit": hit.unit or "",
        "tolerance": hit.tolerance,
        "field": hit.field,
        "field_label": _field_label(rule, standard, hit.field),
        "id": business_id or row.get("handle"),
        "other": _name_of(pair, standards),
        **hit.slots,
    }
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        survey=plain(row.get("survey")) or standard.survey,
        file=plain(row.get("file")),
        layer=plain(row.get("source_layer") or row.get("layer")) or _label(rule, standard),
        feature=plain(row.get("feature") or row.get("handle")),
        other_feature=plain(pair.get("feature")),
        business_id=business_id,
        field=hit.field,
        measured=plain(hit.measured),
        required=plain(hit.required),
        unit=hit.unit,
        tolerance=hit.tolerance,
        place=_wkt(place),
        message=sentence(rule.message, slots),
        known_by=_known_by(rule, standards, frames, row, pair),
    )


def traced(frames: Frames, item: Compared) -> Compared:
    """What was laid side by side, with the ids of its features in place of index labels."""
    others = frames.subject if frames.other is None else frames.other
    ids = dict.fromkeys([*_ids(frames.subject, item.rows), *_ids(others, item.others)])
    return dataclasses.replace(item, rows=(), others=(), features=tuple(ids))


def _ids(frame: gpd.GeoDataFrame, labels: Iterable[Any]) -> list[str]:
    """Ids of features, those behind an indicator for its row."""
    if "feature" in frame:
        return [str(frame["feature"][label]) for label in labels]
    return [feature for label in labels for feature in frame["features"][label]]


def _row(frame: gpd.GeoDataFrame, label: Any) -> dict[str, Any]:
    """The values of one feature by column, in Python's own types."""
    position = frame.index.get_loc(label)
    return {name: _own_type(column[position]) for name, column in _columns(frame).items()}


@once_a_frame
def _columns(frame: gpd.GeoDataFrame) -> dict[str, Any]:
    return {name: frame[name].array for name in frame.columns}


def _own_type(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _business_id(rule: RuleSpec, standard: Standard, row: Mapping[str, Any]) -> str | None:
    if rule.measure:
        building = plain(row.get("building"))
        return None if building is None else str(building)
    if not rule.layer:  # a note may state it
        stated = plain(row.get("business_id"))
        return None if stated is None else str(stated)
    _, layer = (rule.layer if "." in rule.layer else f"{standard.survey}.{rule.layer}").split(".", 1)
    key = standard.layers[layer].business_id if layer in standard.layers else None
    value = None if key is None else plain(row.get(key))
    return None if value is None else str(value)


def _known_by(
    rule: RuleSpec, standards: Standards, frames: Frames, row: Mapping[str, Any], pair: Mapping[str, Any]
) -> KnownBy:
    """What the mark of the finding takes from its features, its indicator or, found by hand, from its sentence."""
    other, said = _number_of(pair, standards), None if rule.layer else plain(row.get("sentence"))
    return KnownBy(
        other=None if other is None else str(other),
        mutual=bool(pair) and frames.other is None,
        indicator=rule.measure,
        sentence=None if said is None else " ".join(str(said).split()),
    )


def _label(rule: RuleSpec, standard: Standard) -> str | None:
    """The Chinese name of the layer that the rule, or its measure, speaks of."""
    layer = rule.layer or (standard.measures[rule.measure].layer if rule.measure in standard.measures else None)
    return standard.layers[layer].label if layer in standard.layers else None


def _field_label(rule: RuleSpec, standard: Standard, field: str | None) -> str | None:
    """What the field is called in Chinese; a field of no layer is called by its name."""
    layer = standard.layers.get(rule.layer or "")
    spec = None if layer is None or field is None else layer.fields.get(field) or layer.derived.get(field)
    return field if spec is None else spec.label


def _name_of(pair: Mapping[str, Any], standards: Standards) -> str:
    """How the other feature of a pair is called in a sentence: its business id, else its handle."""
    return str(_number_of(pair, standards) or pair.get("handle") or "")


def _number_of(pair: Mapping[str, Any], standards: Standards) -> Any:
    """The business id of the other feature of a pair; None where its layer or the feature has none."""
    survey, _, layer = str(pair.get("feature") or "").partition("/")[0].partition(".")
    spec = standards.surveys[survey].layers.get(layer) if survey in standards.surveys else None
    key = spec.business_id if spec else None
    return plain(pair.get(key)) if key else None


def _wkt(place: Any) -> str | None:
    if place is None or not isinstance(place, shapely.Geometry) or place.is_empty:
        return None
    return str(shapely.to_wkt(place, rounding_precision=WKT_DIGITS, trim=True))


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in an order that does not depend on the order of the input."""
    return tuple(
        sorted(
            findings, key=lambda f: (f.survey, f.business_id or "", f.feature or "", f.other_feature or "", f.message)
        )
    )
