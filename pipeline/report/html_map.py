"""Features and findings for the map in the HTML: integers in millimetres from an origin, texts as printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline.report.cells import coded, finding_numbers, text
from pipeline.report.drawings.features import fills_by_category
from pipeline.report.drawings.style import Style, Styles, load_styles

if TYPE_CHECKING:
    import geopandas as gpd

    from pipeline.model import Finding, ProjectReport, SurveyResult
    from pipeline.report.template import Template
    from pipeline.standard import LayerSpec, Standard

#: colours of layers that no drawing shows, by order of appearance
SPARE = ("#5b6b7a", "#7a5b6b", "#5b7a66", "#7a715b", "#5b5f7a")
MM = 1000.0
WIDE_MM = 0.3  # lines of drawings from this width on are drawn with two pixels
AREA, LINE, POINT = 2, 1, 0


def map_data(result: ProjectReport) -> dict[str, Any]:
    """Layers with features: `[id, business id, rings, values]`; rings hold the first point and then differences."""
    origin = _origin(result)
    styles = load_styles()
    layers: list[dict[str, Any]] = []
    for survey in result.surveys:
        standard = result.standards.surveys[survey.survey]
        shown, looks = _looks(result, styles)
        for name, frame in survey.frames.items():
            if name in standard.layers and len(frame) and standard.layers[name].geometry != "none":
                key = f"{survey.survey}.{name}"
                layer = _layer(key, standard, survey, name, origin) | {"on": key in shown}
                layers.append(layer | _look(looks.get(key), layer["features"], frame, styles, len(layers)))
    layers.sort(key=lambda layer: -layer["kind"])
    return {"origin": [float(v) for v in origin], "layers": layers, "extent": _extent(result, origin)}


def findings_data(result: ProjectReport, words: Template) -> list[dict[str, Any]]:
    """Findings in the order of the result, with what the table and the map show of each."""
    origin = _origin(result)
    return [_finding(finding, result, words, origin) for finding in result.findings]


def encoded(geometry: shapely.Geometry | None, origin: Any) -> tuple[int, list[list[int]]]:
    """Kind (2 area, 1 line, 0 point) and rings as flat integers: x, y of the first point, then differences, mm.

    Shells run counter-clockwise and holes clockwise, so that filling by winding number leaves holes open.
    """
    if geometry is None or geometry.is_empty:
        return POINT, []
    kind = int(shapely.get_dimensions(geometry))
    parts = list(shapely.get_parts(geometry))
    if kind == AREA:
        parts = [
            ring
            for part in parts
            if part.geom_type == "Polygon"
            for ring in shapely.get_rings(shapely.orient_polygons(part))
        ]
    return kind, [_deltas(shapely.get_coordinates(part), origin) for part in parts]


def _deltas(xy: Any, origin: Any) -> list[int]:
    whole = np.rint((xy - origin) * MM).astype(np.int64)
    steps = np.vstack([whole[:1], np.diff(whole, axis=0)])
    found: list[int] = steps.ravel().tolist()
    return found


def _origin(result: ProjectReport) -> Any:
    """The south-west corner of all features, in whole metres."""
    boxes = [frame.total_bounds for survey in result.surveys for frame in survey.frames.values() if len(frame)]
    known = [box for box in boxes if np.isfinite(box).all()]
    return np.floor(np.min([box[:2] for box in known], axis=0)) if known else np.zeros(2)


def _extent(result: ProjectReport, origin: Any) -> list[float]:
    """Where the map opens: the extents of the drawings, else all features."""
    frames = [
        survey.frames[spec.extent]
        for survey in result.surveys
        for spec in result.standards.surveys[survey.survey].drawings
        if spec.extent in survey.frames
    ]
    frames = frames or [frame for survey in result.surveys for frame in survey.frames.values()]
    boxes = [frame.total_bounds for frame in frames if len(frame)]
    boxes = [box for box in boxes if np.isfinite(box).all()]
    if not boxes:
        return [0.0, 0.0, 100.0, 100.0]
    low, high = np.min([b[:2] for b in boxes], axis=0) - origin, np.max([b[2:] for b in boxes], axis=0) - origin
    return [round(float(v), 3) for v in (*low, *high)]


def _layer(key: str, standard: Standard, survey: SurveyResult, name: str, origin: Any) -> dict[str, Any]:
    spec, frame = standard.layers[name], survey.frames[name]
    columns = [c for c in (*spec.fields, *spec.derived) if c in frame.columns]
    values = [_texts(frame, column, spec, standard) for column in columns]
    business = list(frame[spec.business_id]) if spec.business_id in frame.columns else list(frame["handle"])
    shapes = [encoded(geometry, origin) for geometry in frame.geometry.to_numpy()]
    features = [
        [identity, text(who, missing=""), shape[1], [column[n] for column in values]]
        for n, (identity, who, shape) in enumerate(zip(frame["feature"], business, shapes, strict=True))
    ]
    kinds = {"polygon": AREA, "line": LINE}
    fields = [spec.fields.get(c) or spec.derived[c] for c in columns]
    return {
        "key": key,
        "survey": standard.short,
        "label": spec.label,
        "kind": kinds.get(spec.geometry, POINT),
        "fields": [f"{field.label}（{field.unit}）" if field.unit else field.label for field in fields],
        "features": features,
    }


def _texts(frame: gpd.GeoDataFrame, column: str, spec: LayerSpec, standard: Standard) -> list[str]:
    field = spec.fields.get(column)
    decimals = field.decimals if field else spec.derived[column].decimals
    codes = standard.codes.get(field.codes) if field and field.codes else None
    if codes:
        return [coded(value, codes, missing="") for value in frame[column]]
    return [text(value, missing="", decimals=decimals) for value in frame[column]]


def _looks(result: ProjectReport, styles: Styles) -> tuple[set[str], dict[str, tuple[Style, str | None]]]:
    """Which layers the site-wide drawings show, and the first style of every layer that a drawing shows."""
    shown: set[str] = set()
    looks: dict[str, tuple[Style, str | None]] = {}
    for survey, standard in result.standards.surveys.items():
        for drawing in standard.drawings:
            for layer in drawing.layers:
                key = layer.layer if "." in layer.layer else f"{survey}.{layer.layer}"
                if "." not in layer.layer:
                    looks.setdefault(
                        key, (styles.of(layer.style, place=f"{survey}：drawings：{drawing.id}"), layer.category)
                    )
                if drawing.group_by is None and not layer.where:
                    shown.add(key)
    return shown, looks


def _look(
    look: tuple[Style, str | None] | None,
    features: list[list[Any]],
    frame: gpd.GeoDataFrame,
    styles: Styles,
    number: int,
) -> dict[str, Any]:
    """Colours of a layer; every feature gets the number of its fill, by category where the drawing has one."""
    style, category = look or (None, None)
    if style is None:
        return {"stroke": SPARE[number % len(SPARE)], "fills": [], "width": 1}
    names = fills_by_category(frame[category], style, styles) if category in frame.columns else {}
    numbers = {name: n for n, name in enumerate(names)}
    for feature, value in zip(features, frame[category] if names else [None] * len(features), strict=True):
        feature.append(numbers.get(str(value), 0))
    fills = list(names.values()) or ([style.fill] if style.fill else [])
    wide = style.width_mm >= WIDE_MM
    return {"stroke": style.stroke or SPARE[number % len(SPARE)], "fills": fills, "width": 2 if wide else 1}


def _finding(finding: Finding, result: ProjectReport, words: Template, origin: Any) -> dict[str, Any]:
    standard = result.standards.surveys.get(finding.survey)
    layer = standard.layers.get((finding.layer or "").rpartition(".")[2]) if standard else None
    place = shapely.from_wkt(finding.place) if finding.place else None
    kind, rings = encoded(place, origin)
    plain = finding_numbers(finding, missing="")
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "word": words.word("severity", finding.severity),
        "survey": standard.short if standard else finding.survey,
        "layer": layer.label if layer else finding.layer or "",
        "id": finding.business_id or "",
        "message": finding.message,
        "file": finding.file or "",
        "measured": plain[0],
        "required": plain[1],
        "tolerance": plain[2],
        "unit": finding.unit or "",
        "waived": finding.waiver is not None,
        "features": [f for f in (finding.feature, finding.other_feature) if f],
        "kind": kind,
        "place": rings,
    }
