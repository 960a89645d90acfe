"""Shapefiles, GeoJSON and GeoPackages made to break a reader: a finding or a refusal, never a hang or an empty success."""

from __future__ import annotations

import json
import os
import sqlite3
import struct

import pytest
from factories_readers import shapefile

from pipeline.isolation.parent import Isolation, Limits
from pipeline.isolation.worker import Job

LIMITS = Limits(30, 15, 1024)
DEATHS = {"parse_killed", "parse_timeout", "parse_memory"}


@pytest.fixture(scope="module")
def workers():
    with Isolation() as isolation:
        yield isolation


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300])
def test_a_shapefile_of_impossible_coordinates_is_said(workers, tmp_path, value):
    path = shapefile(tmp_path / "a.shp", [([(0, 0), (10, 0), (10, 10), (0, 10)], {"名称": "甲"})])
    data = bytearray(path.read_bytes())
    struct.pack_into("<d", data, 100 + 8 + 4 + 32 + 8 + 4 + 16, value)
    path.write_bytes(bytes(data))
    (source,) = workers.read([Job(path, "a.shp", "green")], LIMITS)
    assert "not_finite" in {note.kind for note in source.notes} or source.entry.fatal


@pytest.mark.parametrize("count", [-1, 0x7FFFFFFF, 0])
@pytest.mark.parametrize("place", [144, 148])  # parts, points of the first record
def test_a_shapefile_that_claims_billions_of_points_is_refused(workers, tmp_path, place, count):
    path = shapefile(tmp_path / "a.shp", [([(0, 0), (10, 0), (10, 10), (0, 10)], {"名称": "甲"})])
    data = bytearray(path.read_bytes())
    struct.pack_into("<i", data, place, count)
    path.write_bytes(bytes(data))
    (source,) = workers.read([Job(path, "a.shp", "green")], LIMITS)
    assert source.notes
    assert source.entry.fatal or source.features.geometry.is_empty.all()


DEEP = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":'


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        DEEP + "[" * 100_000 + "]" * 100_000 + "}}]}",
        '{"type":"FeatureCollection","features":' + "9" * 100_000 + "}",
        '{"type":"FeatureCollection","features":[null,1,"x"]}',
        '{"type":"FeatureCollection","features":{}}',
        DEEP + "[[[NaN,0],[1,0],[1,1],[NaN,0]]]}}]}",
        DEEP + "[[[1e999,0],[1,0],[1,1],[1e999,0]]]}}]}",
        DEEP + "[[[0,0]]]}}]}",
        DEEP + "[]}}]}",
    ],
)
def test_a_geojson_made_to_break_a_parser_is_said(workers, tmp_path, text):
    path = tmp_path / "a.geojson"
    path.write_text(text, "utf-8")
    (source,) = workers.read([Job(path, "a.geojson", "green")], LIMITS)
    assert source.notes
    assert "parse_timeout" not in {note.kind for note in source.notes}


def test_a_geopackage_whose_metadata_are_a_bomb_is_read_at_once(workers, tmp_path):
    import geopandas as gpd
    import shapely

    path = tmp_path / "a.gpkg"
    gpd.GeoDataFrame({"名称": ["甲"]}, geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:4545").to_file(path, layer="a")
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
        + "]><GDALMultiDomainMetadata><Metadata><MDI key='k'>&j;</MDI></Metadata></GDALMultiDomainMetadata>"
    )
    base = sqlite3.connect(path)
    base.executescript(
        "CREATE TABLE IF NOT EXISTS gpkg_metadata(id INTEGER PRIMARY KEY, md_scope TEXT, md_standard_uri TEXT, mime_type TEXT,"
        " metadata TEXT); CREATE TABLE IF NOT EXISTS gpkg_metadata_reference(reference_scope TEXT, table_name TEXT,"
        " column_name TEXT, row_id_value INTEGER, timestamp TEXT, md_file_id INTEGER, md_parent_id INTEGER);"
        " INSERT INTO gpkg_metadata_reference VALUES('geopackage',NULL,NULL,NULL,'2026-01-01T00:00:00.000Z',1,NULL);"
    )
    base.execute("INSERT INTO gpkg_metadata VALUES(1,'dataset','http://gdal.org','text/xml',?)", (bomb,))
    base.commit()
    base.close()
    (source,) = workers.read([Job(path, "a.gpkg", "green")], LIMITS)
    assert not {note.kind for note in source.notes} & DEATHS
    assert json.dumps(list(source.attributes["名称"]), ensure_ascii=False) == '["甲"]'


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")
def test_a_pipe_in_place_of_a_file_is_missing_and_nobody_waits_for_it(workers, tmp_path):
    os.mkfifo(tmp_path / "a.dxf")
    (tmp_path / "b.dxf").symlink_to("/dev/zero")
    sources = workers.read([Job(tmp_path / name, name, "green") for name in ("a.dxf", "b.dxf")], LIMITS)
    assert [[note.kind for note in source.notes] for source in sources] == [["file_missing"]] * 2
