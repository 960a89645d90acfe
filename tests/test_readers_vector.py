"""GeoPackage and GeoJSON as input."""

from __future__ import annotations

import json

import geopandas as gpd
import pytest
import shapely
from factories_readers import SQUARE, cut, kinds, read, shapefile

from pipeline.readers.frame import reason

ROW = {"名称": "江北区混2", "层数": 18, "面积": 100.125, "日期": "2026-08-20"}


def rows(count=6):
    return [([(x + 20 * i, y) for x, y in SQUARE], {**ROW, "层数": i}) for i in range(count)]


@pytest.fixture
def path(tmp_path):
    return shapefile(tmp_path / "户.shp", rows())


def test_all_layers_of_a_geopackage_are_read(tmp_path):
    path = tmp_path / "g.gpkg"
    for layer, name in (("宗地", "甲"), ("幢", "乙")):
        gpd.GeoDataFrame({"名称": [name]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4545).to_file(path, layer=layer)
    source = read(path)
    assert list(source.features["layer"]) == ["宗地", "幢"]
    assert list(source.features["handle"]) == ["宗地:1", "幢:1"]
    assert list(source.attributes["名称"]) == ["甲", "乙"]
    assert source.entry.crs == "EPSG:4545"


def test_a_geopackage_cut_in_half_is_fatal(tmp_path):
    path = tmp_path / "g.gpkg"
    gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4545).to_file(path)
    source = read(cut(path))
    assert source.entry.fatal
    assert kinds(source) == {"truncated": 1}


def test_geojson_is_read_and_a_cut_one_is_fatal(tmp_path):
    path = tmp_path / "a.geojson"
    gpd.GeoDataFrame({"名称": ["甲", "乙"]}, geometry=[shapely.box(0, 0, 1, 1)] * 2, crs=4326).to_file(path)
    assert list(read(path).attributes["名称"]) == ["甲", "乙"]
    assert read(cut(path)).entry.fatal


def test_geojson_that_is_no_map_is_a_note(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"hello": 1}))
    source = read(path)
    assert source.entry.fatal
    assert source.notes


def test_errors_of_a_library_name_the_file_without_its_folder():
    text = reason(ZeroDivisionError("'/home/someone/x/a.geojson' not recognized, see C:\\data\\b.shp"))
    assert text.endswith("（ZeroDivisionError：'a.geojson' not recognized, see b.shp）")
