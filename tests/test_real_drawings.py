"""Real parcels drawn by others: a small project over each gives the known answers through the whole run."""

from __future__ import annotations

import shutil
from collections import Counter

import pytest
import yaml

from pipeline.project import run_project

COMMON = {
    "element": "空间图形",
    "clause": "已知答案",
    "certainty": "proposal",
    "since": "2026-11",
    "message": "{id} {other}",
}
RULES = [
    {"id": "LOT-G01", "check": "is_valid", "layer": "lot", "title": "图形有效", **COMMON},
    {"id": "LOT-T01", "check": "no_overlap", "layer": "lot", "title": "互不重叠", **COMMON},
    {
        "id": "LOT-S01", "check": "equals_measured", "layer": "lot", "title": "面积一致",
        "params": {"stated": "stated_m2", "computed": "area_m2", "tolerance": 1e-6}, **COMMON,
    },
]  # fmt: skip
STANDARD = {
    "survey": "lots", "label": "地块", "short": "地块", "order": 60, "edition": "test-lots 2026-11",
    "layers": {"lot": {
        "label": "地块", "geometry": "polygon", "required": True,
        "fields": {"stated_m2": {"label": "填写面积", "type": "number"}},
        "derived": {"area_m2": {"label": "面积", "measure": "polygon_area"}},
    }},
}  # fmt: skip
PROJECT = {
    "project": {"code": "T", "name": "T", "address": "T", "county_code": "500105", "client": "T", "date": "2026-09-18"},
    "firm": {"name": "T", "certificate": "T"},
    "height_datum": "1985国家高程基准",
}


def judged(tmp_path, source, crs, mapping, overlap_m2):
    """The result of a project of one survey over `source` and the files beside it."""
    folder, standard = tmp_path / "project", tmp_path / "standards" / "lots"
    folder.mkdir()
    standard.mkdir(parents=True)
    for path in source.parent.glob(f"{source.stem}.*"):
        shutil.copy(path, folder)
    rules = [{**r, "params": {"tolerance_m2": overlap_m2}} if r["check"] == "no_overlap" else r for r in RULES]
    layers = {"lot": {"geometry": "polygon", **mapping}}
    mappings = [{"name": "plain", "label": "图层", "format": ["dxf", "shapefile"], "layers": layers}]
    for name, data in (("standard", STANDARD), ("rules", {"rules": rules}), ("mappings", {"mappings": mappings})):
        (standard / f"{name}.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    project = {**PROJECT, "crs": {"definition": crs}, "surveys": {"lots": {"files": [source.name]}}}
    (folder / "project.yaml").write_text(yaml.safe_dump(project, allow_unicode=True), "utf-8")
    return run_project(folder, standards_in=[tmp_path / "standards"])


def test_korean_parcels_have_the_known_overlaps_invalid_rings_and_area(tmp_path, shared):
    source = shared / "data" / "kr_cadastre" / "sample02_EPSG5174.dxf"
    result = judged(tmp_path, source, "EPSG:5174", {"select": {"layer": ["00_지적"]}}, 1e-4)
    lots = result.surveys[0].frames["lot"]
    overlaps = [f.measured for f in result.findings if f.rule == "LOT-T01"]
    assert len(lots) == 2510
    assert lots["area_m2"].sum() == pytest.approx(9_592_684.990, abs=1e-3)
    assert Counter(f.rule for f in result.findings)["LOT-G01"] == 2
    assert [sum(area > limit for area in overlaps) for limit in (1e-4, 0.01, 1.0)] == [778, 323, 260]


def test_american_parcels_have_the_known_overlaps_and_their_stated_areas(tmp_path, shared):
    source = shared / "data" / "us_parcels" / "heather_farms.shp"
    mapping = {"select": {"layer": ["heather_farms"]}, "fields": {"stated_m2": {"attribute": "shape_area"}}}
    found = Counter(f.rule for f in judged(tmp_path, source, "EPSG:3740", mapping, 1e-6).findings)
    assert (found["LOT-G01"], found["LOT-T01"], found["LOT-S01"]) == (0, 29, 0)
