"""Machine-readable outputs: findings.jsonl, summary.json, result.gpkg. Sorted, no clock, same input → same bytes."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from pipeline import crs as projections
from pipeline.fingerprint import fingerprints
from pipeline.model import Finding, Indicator, ProjectReport
from pipeline.rounding import half_up

if TYPE_CHECKING:
    from decimal import Decimal

UNSTORED = ("curve",)
#: each layer is not waited for until it is on the disk: the file is put in place when it is whole, or not at all
UNSYNCED = {"OGR_SQLITE_SYNCHRONOUS": "OFF"}


def write_findings(result: ProjectReport, path: Path) -> None:
    """One JSON object a line; the first is a header, the last a footer: without it the run was not finished."""
    marks = fingerprints(result.findings)
    head = {
        "type": "header",
        "project": result.project.project.code,
        "edition": result.standards.edition,
        "profile": result.standards.profile.edition,
    }
    lines = [
        head,
        *({**dataclasses.asdict(f), "fingerprint": mark} for f, mark in zip(result.findings, marks, strict=True)),
        {"type": "footer", "findings": len(result.findings)},
    ]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


def write_summary(result: ProjectReport, path: Path) -> None:
    """Verdict, counts, rules, indicators, inputs, editions and versions (the keys are a public interface)."""
    path.write_text(json.dumps(summary(result), ensure_ascii=False, indent=1) + "\n", "utf-8")


def summary(result: ProjectReport) -> dict[str, Any]:
    """The content of summary.json."""
    return {
        "project": {
            "code": result.project.project.code,
            "name": result.project.project.name,
            "date": str(result.project.project.date),
            "firm": result.project.firm.name,
        },
        "verdict": result.verdict,
        "counts": dict(result.counts),
        "surveys": [{"survey": s.survey, "label": s.label, "undetermined": s.undetermined} for s in result.surveys],
        "rules": [
            {
                "id": r.rule,
                "survey": r.survey,
                "outcome": r.outcome,
                "examined": r.examined,
                "findings": len(r.findings),
                "reason": r.reason,
            }
            for r in result.runs
        ],
        "indicators": [_indicator(i) for i in result.indicators],
        "inputs": [
            {"survey": e.survey, "path": e.path, "sha256": e.sha256, "encoding": e.encoding, "entities": e.entities}
            for e in result.ledger
        ],
        "edition": result.standards.edition,
        "profile": result.standards.profile.edition,
        "versions": dict(result.versions),
    }


def _indicator(item: Indicator) -> dict[str, Any]:
    def number(value: float | None) -> float | None:
        return None if value is None else float(half_up(value, item.decimals))

    return {
        "survey": item.survey,
        "building": item.building,
        "name": item.name,
        "label": item.label,
        "permitted": number(item.permitted),
        "measured": number(item.measured),
        "difference": _difference(item),
        "limit": None if item.limit is None else float(half_up(item.limit, 4)),
        "unit": item.unit,
        "outcome": item.outcome,
    }


def _difference(item: Indicator) -> float | None:
    """Of the printed numbers, so that the row adds up on paper."""
    if item.measured is None or item.permitted is None:
        return None
    printed: Decimal = half_up(item.measured, item.decimals) - half_up(item.permitted, item.decimals)
    return float(printed)


def write_geopackage(result: ProjectReport, path: Path) -> None:
    """Every canonical layer as "survey_layer", and `findings` with their places; project CRS."""
    path.unlink(missing_ok=True)
    day = f"{result.project.project.date}T00:00:00Z"
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": day, **UNSYNCED})
    crs = next((frame.crs for survey in result.surveys for frame in survey.frames.values()), None)
    for survey in result.surveys:
        for layer, frame in survey.frames.items():
            if not frame.empty:
                _write(frame.drop(columns=[c for c in UNSTORED if c in frame]), path, f"{survey.survey}_{layer}")
    _write(_findings_frame(result.findings, crs), path, "findings")
    pyogrio.set_gdal_config_options(dict.fromkeys(("OGR_CURRENT_DATE", *UNSYNCED)))


def _write(frame: gpd.GeoDataFrame, path: Path, layer: str) -> None:
    kinds = set(frame.geometry.geom_type.dropna())
    frame = frame if frame.crs is None else frame.set_crs(projections.storable(frame.crs), allow_override=True)
    pyogrio.write_dataframe(
        frame,
        path,
        layer=layer,
        driver="GPKG",
        append=path.exists(),
        geometry_type="Unknown" if len(kinds) != 1 else None,
    )


def _findings_frame(findings: Sequence[Finding], crs: Any) -> gpd.GeoDataFrame:
    marks = fingerprints(findings)
    rows = [{**_text_values(dataclasses.asdict(f)), "fingerprint": m} for f, m in zip(findings, marks, strict=True)]
    columns = [*(f.name for f in dataclasses.fields(Finding)), "fingerprint"]
    data = pd.DataFrame.from_records(rows, columns=columns)
    places = [shapely.from_wkt(text) if isinstance(text, str) else None for text in data["place"]]
    return gpd.GeoDataFrame(data.drop(columns=["place"]), geometry=gpd.GeoSeries(places, crs=crs), crs=crs)


def _text_values(row: Mapping[str, Any]) -> dict[str, Any]:
    """Store measured and required as text: they may be numbers or words."""
    changed = {key: None if row[key] is None else str(row[key]) for key in ("measured", "required", "waiver")}
    return {**row, **changed}
