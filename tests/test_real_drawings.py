"""Real drawings of others: a small project over each gives the known answers through the whole run, and so does inspecting."""

from __future__ import annotations

import shutil
from collections import Counter

import pytest
import yaml

from pipeline.inspection.facts import inspect_file
from pipeline.inspection.outlines import outlines
from pipeline.project import run_project
from pipeline.readers import read

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
    {"id": "LOT-G02", "check": "no_duplicates", "layer": "lot", "title": "没有重复图形", **COMMON},
    {
        "id": "LOT-T02", "check": "holds_points", "layer": "lot", "against": "label", "title": "面内有地号",
        "params": {"at_least": 1}, **COMMON,
    },
    {
        "id": "LOT-T03", "check": "holds_points", "layer": "lot", "against": "label", "title": "面内地号只有一个",
        "params": {"at_most": 1}, **COMMON,
    },
]  # fmt: skip
STANDARD = {
    "survey": "lots", "label": "地块", "short": "地块", "order": 60, "edition": "test-lots 2026-11",
    "layers": {"lot": {
        "label": "地块", "geometry": "polygon", "required": True,
        "fields": {"stated_m2": {"label": "填写面积", "type": "number"}},
        "derived": {"area_m2": {"label": "面积", "measure": "polygon_area"}},
    }, "label": {
        "label": "地号", "geometry": "point", "fields": {"number": {"label": "地号", "type": "text"}},
    }, "line": {"label": "线", "geometry": "line", "fields": {}}},
}  # fmt: skip
PROJECT = {
    "project": {"code": "T", "name": "T", "address": "T", "county_code": "500105", "client": "T", "date": "2026-09-18"},
    "firm": {"name": "T", "certificate": "T"},
    "height_datum": "1985国家高程基准",
}


LABELS = {"select": {"layer": ["00_지번"]}, "geometry": "point", "fields": {"number": {"own_text": True}}}


def judged(tmp_path, sources, crs, layers, overlap_m2=1e-4):
    """The result of a project of one survey over `sources` and the files beside them."""
    folder, standard = tmp_path / "project", tmp_path / "standards" / "lots"
    folder.mkdir()
    standard.mkdir(parents=True)
    for path in (beside for source in sources for beside in source.parent.glob(f"{source.stem}.*")):
        shutil.copy(path, folder)
    rules = [{**r, "params": {"tolerance_m2": overlap_m2}} if r["check"] == "no_overlap" else r for r in RULES]
    mappings = [{"name": "plain", "label": "图层", "format": ["dxf", "shapefile"], "layers": layers}]
    for name, data in (("standard", STANDARD), ("rules", {"rules": rules}), ("mappings", {"mappings": mappings})):
        (standard / f"{name}.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    files = [source.name for source in sources]
    project = {**PROJECT, "crs": {"definition": crs}, "surveys": {"lots": {"files": files}}}
    (folder / "project.yaml").write_text(yaml.safe_dump(project, allow_unicode=True), "utf-8")
    return run_project(folder, standards_in=[tmp_path / "standards"])


@pytest.fixture(scope="module")
def korean(tmp_path_factory, shared):
    source = shared / "data" / "kr_cadastre" / "sample02_EPSG5174.dxf"
    layers = {"lot": {"select": {"layer": ["00_지적"]}, "geometry": "polygon"}, "label": LABELS}
    return judged(tmp_path_factory.mktemp("korean"), [source], "EPSG:5174", layers)


def test_korean_parcels_have_the_known_overlaps_invalid_rings_and_area(korean):
    lots = korean.surveys[0].frames["lot"]
    overlaps = [f.measured for f in korean.findings if f.rule == "LOT-T01"]
    assert len(lots) == 2510
    assert lots["area_m2"].sum() == pytest.approx(9_592_684.990, abs=1e-3)
    assert Counter(f.rule for f in korean.findings)["LOT-G01"] == 2
    assert [sum(area > limit for area in overlaps) for limit in (1e-4, 0.01, 1.0)] == [778, 323, 260]


def test_korean_parcels_have_the_known_duplicates_and_labels(korean):
    found = Counter(f.rule for f in korean.findings)
    assert (found["LOT-G02"], found["LOT-T02"], found["LOT-T03"]) == (66, 138, 104)
    assert len(korean.surveys[0].frames["label"]) == 2383


def test_inspecting_korean_parcels_tells_the_same(shared):
    found = inspect_file(shared / "data/kr_cadastre/sample02_EPSG5174.dxf")["outlines"]["00_지적"]
    assert found.pop("area_m2") == pytest.approx(9_592_684.990, abs=1e-3)
    labels = {"00_지번": {"none": 138, "one": 2268, "several": 104}}
    assert found == {"count": 2510, "invalid": 2, "duplicates": 66, "overlaps": 778, "labels": labels}


def test_american_parcels_have_the_known_overlaps_and_their_stated_areas(tmp_path, shared):
    source = shared / "data" / "us_parcels" / "heather_farms.shp"
    lot = {"select": {"layer": ["heather_farms"]}, "fields": {"stated_m2": {"attribute": "shape_area"}}}
    result = judged(tmp_path, [source], "EPSG:3740", {"lot": {"geometry": "polygon", **lot}}, 1e-6)
    found = Counter(f.rule for f in result.findings)
    assert (found["LOT-G01"], found["LOT-T01"], found["LOT-S01"]) == (0, 29, 0)


def test_looking_at_american_parcels_tells_the_same(shared):
    path = shared / "data/us_parcels/heather_farms.shp"
    found = outlines(read(path, name=path.name).features, overlap_m2=1e-6)["heather_farms"]
    assert (found["count"], found["invalid"], found["overlaps"]) == (7432, 0, 29)


POLYLINES = ["LWPOLYLINE", "POLYLINE"]  # one and the same entity, written as the one or the other
SHAPES = {
    "lot": {"select": {"entity": [*POLYLINES, "CIRCLE"], "closed": True}, "geometry": "polygon"},
    "line": {"select": {"entity": [*POLYLINES, "LINE", "ARC"], "closed": False}, "geometry": "line"},
    "label": {"select": {"entity": ["TEXT", "POINT"]}, "geometry": "point", "fields": {"number": {"own_text": True}}},
}


def test_five_versions_of_one_drawing_have_equal_geometry_in_what_they_share(tmp_path, shared):
    sources = sorted((shared / "data/dxf_versions").glob("*.dxf"))
    frames = judged(tmp_path, sources, "EPSG:4545", SHAPES).surveys[0].frames
    shared_by_all = {}
    for layer, frame in frames.items():
        by_file = [rows.set_index("handle").geometry for _, rows in frame.groupby("file")]
        handles = sorted(set.intersection(*(set(shapes.index) for shapes in by_file)))
        first = by_file[0].loc[handles]
        assert len(by_file) == 5
        assert all(shapes.loc[handles].geom_equals_exact(first, 1e-9).all() for shapes in by_file)
        shared_by_all[layer] = len(handles)
    assert shared_by_all == {"lot": 18 + 8, "line": 31, "label": 35}  # 18 closed polylines, 8 circles
