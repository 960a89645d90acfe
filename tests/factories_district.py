"""Results of invented projects as a batch leaves them: OUT/projects/KEY with summary, findings and layers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import shapely

from pipeline.model import Finding

EDITION, PROFILE = "duoce-test 2026-11", "test 2026-11"
CRS = "EPSG:4545"
EAST, NORTH = 360_000.0, 3_276_000.0  # 江北区 in EPSG:4545


def at(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    """A rectangle in metres from the corner of the district."""
    return shapely.box(EAST + x0, NORTH + y0, EAST + x1, NORTH + y1)


def project(
    out: Path,
    key: str,
    *,
    parcels: Sequence[Any] = (),
    buildings: Sequence[Any] = (),
    units: Sequence[str] = (),
    codes: Sequence[str] | None = None,
    crs: Any = CRS,
    code: str | None = None,
    **facts: Any,
) -> Path:
    """One finished project. parcels, buildings: polygons; units: unit codes; codes: of the parcels; facts: `summary`."""
    folder = out / "projects" / key
    folder.mkdir(parents=True)
    numbers = codes if codes is not None else [f"{key}GB{n:05d}" for n in range(1, len(parcels) + 1)]
    tables: dict[str, list[Mapping[str, Any]]] = {
        "cadastral_parcel": [
            {"parcel_code": number, "unit_code": f"{number}W00000000", "geometry": shape}
            for number, shape in zip(numbers, parcels, strict=True)
        ],
        "cadastral_building": [{"building": f"{n}幢", "geometry": shape} for n, shape in enumerate(buildings, 1)],
        "property_unit": [{"unit_code": u, "house_code": None, "geometry": at(0, 0, 1, 1)} for u in units],
    }
    for table, rows in tables.items():
        if rows:
            _layer(folder / "result.gpkg", table, rows, crs)
    if not (folder / "result.gpkg").exists():
        _layer(folder / "result.gpkg", "findings", [{"geometry": at(0, 0, 1, 1)}], crs)
    summary(folder, code=code or key, **facts)
    return folder


def summary(
    folder: Path,
    *,
    code: str,
    verdict: str = "passed",
    firm: str | None = "重庆两江经纬测绘有限公司",
    date: str = "2026-09-18",
    findings: Iterable[tuple[str, str]] = (),
    place: str | None = None,
) -> None:
    """summary.json and findings.jsonl. findings: (rule, severity)."""
    found = [_finding(rule, severity, place) for rule, severity in findings]
    counts = {s: sum(f["severity"] == s for f in found) for s in ("error", "warning", "info")}
    rules = sorted({f["rule"] for f in found})
    content = {
        "project": {"code": code, "name": f"项目{code}", "date": date, "firm": firm},
        "verdict": verdict,
        "counts": counts,
        "surveys": [{"survey": "cadastral", "label": "地籍测绘", "undetermined": None}],
        "rules": [
            {
                "id": rule,
                "survey": "cadastral",
                "outcome": "failed",
                "examined": 1,
                "findings": sum(f["rule"] == rule for f in found),
                "reason": None,
            }
            for rule in rules
        ],
        "indicators": [],
        "inputs": [],
        "edition": EDITION,
        "profile": PROFILE,
        "versions": {},
    }
    (folder / "summary.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    head = {"type": "header", "project": code, "edition": EDITION, "profile": PROFILE}
    lines = [head, *found, {"type": "footer", "findings": len(found)}]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (folder / "findings.jsonl").write_text(text, "utf-8")


def broken(out: Path, key: str, reason: str, outcome: str = "broken") -> None:
    """A project that could not be run, as the batch records it."""
    folder = out / "projects" / key
    folder.mkdir(parents=True)
    record = {"key": key, "path": key, "kind": "folder", "outcome": outcome, "reason": reason}
    (folder / "record.json").write_text(json.dumps(record, ensure_ascii=False) + "\n", "utf-8")


def _finding(rule: str, severity: str, place: str | None) -> dict[str, Any]:
    empty = dict.fromkeys(Finding.__slots__)
    text = {"rule": rule, "severity": severity, "survey": "cadastral", "message": f"{rule} 的问题", "place": place}
    return {**empty, **text}


def _layer(path: Path, table: str, rows: Sequence[Mapping[str, Any]], crs: Any) -> None:
    survey, layer = table.split("_", 1) if "_" in table else ("", table)
    full = [
        {
            "feature": f"{survey}.{layer}/{n}",
            "source_layer": layer,
            "handle": str(n),
            "area_m2": row["geometry"].area,
            **row,
        }
        for n, row in enumerate(rows, start=1)
    ]
    frame = gpd.GeoDataFrame(full, geometry="geometry", crs=crs)
    pyogrio.write_dataframe(frame, path, layer=table, driver="GPKG", append=path.exists())
