"""Shapefiles, GeoPackage and GeoJSON: values as written, encodings with evidence, nothing lost without a word."""

from __future__ import annotations

import fiona
import geopandas as gpd
import pytest
import shapely
from factories_readers import SQUARE, kinds, note, patch, read, shapefile

ROW = {"名称": "江北区混2", "层数": 18, "面积": 100.125, "日期": "2026-08-20"}


def rows(count=6):
    return [([(x + 20 * i, y) for x, y in SQUARE], {**ROW, "层数": i}) for i in range(count)]


@pytest.fixture
def path(tmp_path):
    return shapefile(tmp_path / "户.shp", rows())


def test_values_names_and_geometry_come_as_written(path):
    source = read(path)
    assert source.attributes.iloc[3].to_dict() == {**ROW, "层数": 3}
    assert list(source.features["geometry"].map(lambda g: g.area)) == [100] * 6
    assert list(source.features["handle"]) == list("123456")
    assert set(source.features["layer"]) == {"户"}
    assert not source.notes


def test_the_ledger_has_every_file_and_every_count(path):
    entry = read(path).entry
    assert set(entry.sidecars) == {"户.shx", "户.dbf", "户.prj", "户.cpg"}
    assert entry.claimed == entry.read
    assert entry.claimed["dbf 记录数"] == 6
    assert (entry.format, entry.encoding, entry.entities) == ("shapefile", "GBK", 6)
    assert "CGCS2000" in entry.crs.upper().replace("_", "") or "China Geodetic" in entry.crs


def test_missing_values_are_none(tmp_path):
    source = read(shapefile(tmp_path / "a.shp", [(SQUARE, {})]))
    assert source.attributes["名称"][0] is None
    assert source.attributes["日期"][0] is None


def test_null_geometries_are_counted(tmp_path):
    source = read(shapefile(tmp_path / "a.shp", [*rows(3), (None, ROW)]))
    assert note(source, "null_geometry").slots["count"] == 1
    assert not source.entry.fatal


def test_holes_and_parts_are_kept(tmp_path):
    ring = shapely.Polygon(SQUARE, [[(4, 4), (6, 4), (6, 6), (4, 6)]])
    both = shapely.MultiPolygon([ring, shapely.box(20, 0, 30, 10)])
    gpd.GeoDataFrame({"n": [1, 2]}, geometry=[ring, both], crs=4545).to_file(tmp_path / "h.shp")
    features = read(tmp_path / "h.shp").features
    assert list(features["entity"]) == ["Polygon", "MultiPolygon"]
    assert list(features["geometry"].map(lambda g: g.area)) == [96, 196]


def test_heights_are_kept_and_measures_are_said_to_be_dropped(tmp_path):
    gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(1, 2, 3)], crs=4545).to_file(tmp_path / "z.shp")
    assert read(tmp_path / "z.shp").features["geometry"][0].z == 3


# ---------------------------------------------------------------- encodings


def test_gbk_without_cpg_follows_the_language_byte(path):
    path.with_suffix(".cpg").unlink()
    patch(path.with_suffix(".dbf"), 29, "<B", 0x4D)
    source = read(path)
    assert source.attributes["名称"][0] == "江北区混2"
    assert "0x4D" in source.entry.encoding_evidence
    assert note(source, "missing_sidecar").slots["sidecar"] == ".cpg"


def test_gbk_without_cpg_and_language_byte_is_found_by_its_bytes(path):
    path.with_suffix(".cpg").unlink()
    patch(path.with_suffix(".dbf"), 29, "<B", 0)
    source = read(path)
    assert source.attributes["名称"][0] == "江北区混2"
    assert "成对构成汉字" in source.entry.encoding_evidence


def test_utf8_under_a_cpg_that_says_gbk_is_a_conflict(tmp_path):
    path = shapefile(tmp_path / "a.shp", rows(), encoding="UTF-8")
    path.with_suffix(".cpg").write_text("GBK")
    source = read(path)
    assert source.attributes["名称"][0] == "江北区混2"
    assert note(source, "encoding_conflict").slots["used"] == "UTF-8"


def test_gbk_under_a_cpg_that_says_utf8_is_a_conflict(path):
    path.with_suffix(".cpg").write_text("UTF-8")
    source = read(path)
    assert list(source.attributes.columns) == ["名称", "层数", "面积", "日期"]
    assert note(source, "encoding_conflict").slots["declared"] == "UTF-8"


def test_western_text_without_any_page_is_not_guessed(tmp_path):
    path = shapefile(
        tmp_path / "a.shp", [(SQUARE, {"name": "façade"})], encoding="ISO-8859-1", schema={"name": "str:20"}
    )
    path.with_suffix(".cpg").unlink()
    patch(path.with_suffix(".dbf"), 29, "<B", 0)
    source = read(path)
    assert kinds(source) == {"encoding_undecided": 1}
    assert source.attributes["name"][0] == "façade"


def test_a_text_cut_inside_a_character_is_garbled_and_named(tmp_path):
    path = shapefile(tmp_path / "a.shp", [(SQUARE, {"名": "江北区"})], schema={"名": "str:6"})
    data = path.with_suffix(".dbf").read_bytes()
    broken = data.replace("江北区".encode("gbk"), "江北".encode("gbk") + b"A\xc7")
    path.with_suffix(".dbf").write_bytes(broken)
    source = read(path)
    assert (note(source, "mojibake").handle, note(source, "mojibake").slots["field"]) == ("1", "名")


def test_the_project_can_state_the_encoding(tmp_path):
    path = shapefile(tmp_path / "a.shp", [(SQUARE, {"name": "한국"})], encoding="CP949", schema={"name": "str:20"})
    path.with_suffix(".cpg").unlink()
    assert read(path, encoding="cp949").attributes["name"][0] == "한국"


# ---------------------------------------------------------------- files of others


def test_the_county_parcels_have_their_known_counts(shared):
    source = read(shared / "data/us_parcels/heather_farms.shp")
    geometry = source.features.geometry
    assert (len(geometry), int(geometry.map(lambda g: len(g.interiors)).sum())) == (7432, 557)
    assert geometry.is_valid.all()
    assert (geometry.area - source.attributes["shape_area"]).abs().max() < 7e-7


def test_fiona_and_the_reader_agree_on_the_fields(path):
    with fiona.open(path) as table:
        assert list(table.schema["properties"]) == list(read(path).attributes.columns)
