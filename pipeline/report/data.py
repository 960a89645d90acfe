"""Machine-readable outputs: findings.jsonl, summary.json, result.gpkg. Sorted, no clock, same input → same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from pipeline import editions, ledger
from pipeline.errors import InputError
from pipeline.fingerprint import fingerprints
from pipeline.model import FINDING_FIELDS, Finding, Indicator, ProjectReport
from pipeline.report import geopackage
from pipeline.rounding import half_up

if TYPE_CHECKING:
    from decimal import Decimal

UNSTORED = ("curve", "geometry")  # columns of a frame that are no attributes of its table


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
        *({**f.line, "fingerprint": mark} for f, mark in zip(result.findings, marks, strict=True)),
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
            {
                "survey": e.survey,
                "path": e.path,
                "sha256": e.sha256,
                "encoding": e.encoding,
                "entities": e.entities,
                "mapping": e.mapping,
                "mapped": e.mapped,
            }
            for e in result.ledger
        ],
        **_project_file(result),
        "edition": result.standards.edition,
        "profile": result.standards.profile.edition,
        "versions": dict(result.versions),
    }


def _project_file(result: ProjectReport) -> dict[str, Any]:
    """The project file by hash, whatever it is called; a run under an older edition is written as it was then."""
    try:
        older = editions.edition_of(result.standards.edition) != editions.current()
    except InputError:  # not one edition of this software
        older = False
    return {} if older else {"project_file": {"sha256": ledger.fingerprint(result.project.path)[0]}}


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
    crs = next((frame.crs for survey in result.surveys for frame in survey.frames.values()), None)
    with geopackage.dated(str(result.project.project.date)):
        begun = False
        for survey in result.surveys:
            for layer, frame in survey.frames.items():
                if not frame.empty:
                    columns = {name: frame[name].array for name in frame.columns if name not in UNSTORED}
                    shapes = np.asarray(frame.geometry.array, dtype=object)
                    table = f"{survey.survey}_{layer}"
                    geopackage.write_layer(path, table, columns, shapes, frame.crs, append=begun)
                    begun = True
        geopackage.write_layer(path, "findings", *_findings_rows(result.findings), crs, append=begun)


def _findings_rows(findings: Sequence[Finding]) -> tuple[dict[str, Any], np.ndarray]:
    """The findings as the columns of a table, and their places."""
    marks = fingerprints(findings)
    rows = [{**_text_values(f.line), "fingerprint": m} for f, m in zip(findings, marks, strict=True)]
    columns = [*FINDING_FIELDS, "fingerprint"]
    data = pd.DataFrame.from_records(rows, columns=columns)
    places = [shapely.from_wkt(text) if isinstance(text, str) else None for text in data.pop("place")]
    return {name: data[name].array for name in data.columns}, np.array(places, dtype=object)


def _text_values(row: Mapping[str, Any]) -> dict[str, Any]:
    """Store measured and required as text: they may be numbers or words."""
    changed = {key: None if row[key] is None else str(row[key]) for key in ("measured", "required", "waiver")}
    return {**row, **changed}
