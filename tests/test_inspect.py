"""`duoce inspect`: what is in a file, as data with fixed keys and as Chinese text."""

from __future__ import annotations

import json

import pytest
from factories_readers import SQUARE, cut, drawing, saved, shapefile

from pipeline.inspection.facts import inspect_file
from pipeline.inspection.text import render

KEYS = [
    "path",
    "format",
    "version",
    "sha256",
    "encoding",
    "encoding_evidence",
    "crs",
    "extent",
    "entities",
    "closed_polylines",
    "layers",
    "outlines",
    "xdata_apps",
    "cass_codes",
    "features",
    "geometry_types",
    "fields",
    "findings",
]


@pytest.fixture
def cass(tmp_path):
    document, space = drawing("R2004")
    document.appids.add("SOUTH")
    document.layers.add("关").off()
    for layer in ("JZD", "JZD", "关"):
        ring = space.add_lwpolyline(SQUARE, close=True, dxfattribs={"layer": layer})
        ring.set_xdata("SOUTH", [(1000, "300000")])
    space.add_lwpolyline([*SQUARE, SQUARE[0]], dxfattribs={"layer": "JMD"})
    space.add_3dface([(0, 0), (1, 0), (1, 1)])
    return saved(document, tmp_path / "cass.dxf")


def test_the_report_has_exactly_the_public_keys_for_every_format(tmp_path, cass):
    for path in (cass, shapefile(tmp_path / "a.shp", [(SQUARE, {})]), tmp_path / "none.dwg", cut(cass, 0.3)):
        report = inspect_file(path)
        assert sorted(report) == sorted(KEYS)
        json.dumps(report)
        assert render(report)


def test_a_drawing_tells_layers_codes_apps_and_what_is_not_read(cass):
    report = inspect_file(cass)
    assert report["layers"] == {"JMD": {"LWPOLYLINE": 1}, "JZD": {"LWPOLYLINE": 2}, "关": {"LWPOLYLINE": 1}}
    assert report["entities"] == {"3DFACE": 1, "LWPOLYLINE": 4}
    assert (report["cass_codes"], report["xdata_apps"]) == ({"300000": 3}, {"SOUTH": 3})
    assert (report["closed_polylines"], report["crs"]) == (4, None)
    assert "3DFACE 实体 1 个" in render(report)


def test_a_drawing_guesses_its_coordinates_in_words_only(tmp_path):
    document, space = drawing()
    space.add_lwpolyline([(36500100 + x, 3281000 + y) for x, y in SQUARE], close=True)
    report = inspect_file(saved(document, tmp_path / "z.dxf"))
    assert "带号 36" in report["findings"][-1]["slots"]["looks_like"]
    assert report["crs"] is None


def test_a_shapefile_tells_fields_with_their_widths_and_its_crs(tmp_path):
    report = inspect_file(shapefile(tmp_path / "a.shp", [(SQUARE, {"名称": "甲"})]))
    assert report["fields"] == [
        {"name": "名称", "type": "text", "width": 20, "decimals": None},
        {"name": "层数", "type": "integer", "width": 5, "decimals": None},
        {"name": "面积", "type": "number", "width": 12, "decimals": 3},
        {"name": "日期", "type": "date", "width": None, "decimals": None},
    ]
    assert (report["crs"], report["features"], report["geometry_types"]) == ("EPSG:4545", 1, {"Polygon": 1})


def test_field_names_are_right_without_cpg(tmp_path):
    path = shapefile(tmp_path / "a.shp", [(SQUARE, {"名称": "甲"})])
    path.with_suffix(".cpg").unlink()
    assert inspect_file(path)["fields"][0]["name"] == "名称"


def test_a_shapefile_without_index_still_tells_its_field_names(tmp_path):
    path = shapefile(tmp_path / "a.shp", [(SQUARE, {})])
    path.with_suffix(".shx").unlink()
    assert [f["name"] for f in inspect_file(path)["fields"]] == ["名称", "层数", "面积", "日期"]


def test_findings_carry_rule_severity_and_sentence(cass):
    finding = inspect_file(cut(cass))["findings"][0]
    assert (finding["kind"], finding["severity"]) == ("truncated", "error")
    assert "EOF" in finding["message"]


def test_a_table_tells_its_header(tmp_path):
    (tmp_path / "control.csv").write_text("点号,X,Y\nG1,1,2\n", "utf-8")
    report = inspect_file(tmp_path / "control.csv")
    assert ([f["name"] for f in report["fields"]], report["features"]) == (["点号", "X", "Y"], 1)


def test_points_tell_where_they_are(tmp_path):
    (tmp_path / "碎部.dat").write_text("1,202101,500100.5,3281000.25,231.5\n2,,500101,3281001,230\n")
    report = inspect_file(tmp_path / "碎部.dat")
    assert (report["geometry_types"], report["cass_codes"]) == ({"Point": 2}, {"202101": 1})
    assert report["extent"] == [500100.5, 3281000.25, 500101.0, 3281001.0]


def test_exchange_text_tells_plots_not_points(tmp_path):
    rows = "J1,1,3281000,500000\nJ2,1,3281000,500100\nJ3,1,3281100,500100\nJ1,1,3281000,500000\n"
    (tmp_path / "地.txt").write_text(
        f"[属性描述]\n坐标系=2000国家大地坐标系\n带号=36\n[地块坐标]\n4,0.5,1,甲,面,,,,@\n{rows}", "gbk"
    )
    report = inspect_file(tmp_path / "地.txt")
    assert (report["format"], report["features"], report["geometry_types"]) == ("exchange", 1, {"Polygon": 1})
    assert (report["crs"], report["findings"]) == ("EPSG:4545", [])


def test_blocks_are_told_once_by_name_and_their_contents_not_counted(tmp_path):
    document, space = drawing()
    document.blocks.new("房").add_lwpolyline(SQUARE, close=True)
    document.blocks.new("点").add_circle((0, 0), 1)
    for name in ("房", "房", "点"):
        space.add_blockref(name, (5, 5))
    report = inspect_file(saved(document, tmp_path / "b.dxf"))
    told = [f["slots"] for f in report["findings"] if f["kind"] == "block_content"]
    assert told == [{"block": "房", "count": 2, "what": "LWPOLYLINE 1 个"}]
    assert (report["entities"], report["closed_polylines"], report["features"]) == ({"INSERT": 3}, 0, 3)


def test_the_known_answers_come_out(shared):
    korean = inspect_file(shared / "data/kr_cadastre/sample02_EPSG5174.dxf")
    assert (korean["closed_polylines"], korean["entities"]["TEXT"]) == (2512, 2383)
    assert korean["layers"]["00_지적"] == {"LWPOLYLINE": 2510}
    parcels = inspect_file(shared / "data/us_parcels/heather_farms.shp")
    assert (parcels["features"], parcels["geometry_types"], parcels["crs"]) == (7432, {"Polygon": 7432}, "EPSG:3740")


def test_every_version_of_one_drawing_has_eighteen_closed_polylines(shared):
    counts = [inspect_file(path)["closed_polylines"] for path in sorted((shared / "data/dxf_versions").glob("*.dxf"))]
    assert counts == [18] * 5
