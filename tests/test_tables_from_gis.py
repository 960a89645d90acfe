"""Tables as desktop GIS writes them: one part in a multiple geometry, several CRS, codes as numbers, truth values."""

from __future__ import annotations

import datetime as dt
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from factories_mappings import EAST, NORTH, standards
from factories_mappings import read as mapped
from factories_readers import kinds, note, read

from pipeline.exports import fitting
from pipeline.exports.shapefiles import write_shapefile
from pipeline.exports.tables import misfits, tables
from pipeline.frames import build
from pipeline.mapping.fields import _joined, _patterned
from pipeline.standard import ExportSpec, FieldSpec, LayerSpec

POINT, OTHER = shapely.Point(EAST, NORTH, 238.5), shapely.Point(EAST + 9, NORTH, 239.0)
LINE = shapely.LineString([(EAST, NORTH), (EAST + 5, NORTH)])
FURTHER = shapely.LineString([(EAST, NORTH + 9), (EAST + 5, NORTH + 9)])
DRIVERS = {".shp": "ESRI Shapefile", ".gpkg": "GPKG", ".geojson": "GeoJSON"}


def written(path, shapes, *, layer=None, crs=4545, **columns):
    frame = gpd.GeoDataFrame({"编号": [f"{n}" for n in range(len(shapes))], **columns}, geometry=shapes, crs=crs)
    options = {"layer": layer} if layer else {}
    pyogrio.write_dataframe(frame, path, driver=DRIVERS[path.suffix], append=path.exists(), **options)
    return path


def types(source):
    return list(source.features.geometry.geom_type)


# ---------------------------------------------------------------- one part, several parts


@pytest.mark.parametrize("suffix", DRIVERS)
def test_a_multiple_point_or_line_of_one_part_is_read_as_that_part(tmp_path, suffix):
    points = read(written(tmp_path / f"p{suffix}", [shapely.MultiPoint([POINT]), shapely.MultiPoint([POINT, OTHER])]))
    lines = read(written(tmp_path / f"l{suffix}", [shapely.MultiLineString([LINE])]))
    assert (types(points), types(lines)) == (["Point", "MultiPoint"], ["LineString"])
    assert points.features.geometry[0].z == 238.5


@pytest.mark.parametrize(
    ("layer", "canonical", "shape", "words"),
    [
        ("建筑角点", "corner", shapely.MultiPoint([POINT, OTHER]), "2 个点组成"),
        ("退让间距线", "setback", shapely.MultiLineString([LINE, FURTHER]), "2 段线组成"),
    ],
)
def test_several_points_or_lines_in_one_feature_are_told(tmp_path, layer, canonical, shape, words):
    result = mapped(written(tmp_path / "g.gpkg", [shape], layer=layer), "planning")
    (told,) = [note for note in result.notes if note.kind == "degenerate"]
    assert len(result.frames[canonical]) == 1
    assert words in told.slots["detail"]


def test_what_a_register_table_of_points_cannot_hold_is_told_and_left_empty(tmp_path):
    layer = LayerSpec(label="界址点", geometry="point", fields={"number": FieldSpec(label="点号", code="DH", width=9)})
    changes = {"layers": {"point": layer}, "exports": (ExportSpec(name="T", layer="point"),)}
    survey = standards()["cadastral"].model_copy(update=changes)
    shapes = [POINT, shapely.MultiPoint([POINT, OTHER])]
    columns = {"feature": ["a", "b"], "file": ["a.gpkg"] * 2, "handle": ["1", "2"], "number": ["J1", "J2"]}
    frames = {"point": build(layer, columns, shapes, None)}
    (told,) = misfits(survey, frames)
    write_shapefile(tables(survey, frames)[0], tmp_path, date=dt.date(2026, 9, 18))
    assert (told.kind, told.slots["value"], told.slots["code"], told.handle) == ("register_misfit", "多点", "图形", "2")
    assert list(gpd.read_file(tmp_path / "T.shp").geometry.notna()) == [True, False]


def test_a_table_holds_several_parts_but_of_points():
    several = np.array([shapely.MultiPoint([POINT]), shapely.MultiLineString([LINE]), None, shapely.Point()])
    assert [list(fitting.fits(several, kind)) for kind in ("point", "line")] == [
        [False] * 4,
        [False, True] + [False] * 2,
    ]
    assert [len(fitting.unfit(several, kind)) for kind in ("point", "line", "none")] == [2, 1, 0]


# ---------------------------------------------------------------- coordinate systems


def test_layers_of_one_file_in_several_crs_are_refused_by_name(tmp_path):
    path = written(tmp_path / "g.gpkg", [POINT], layer="甲")
    source = read(written(path, [POINT], layer="乙", crs=4546))
    told = note(source, "crs_refused").slots["detail"]
    assert source.entry.fatal
    assert told.startswith("图层 甲 声明 EPSG:4545；图层 乙 声明 EPSG:4546；一个文件只能有一个坐标系")


def test_layers_in_one_crs_of_two_spellings_are_read(tmp_path):
    path = written(tmp_path / "g.gpkg", [POINT], layer="甲")
    plain = "+proj=tmerc +lat_0=0 +lon_0=108 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs"
    assert kinds(read(written(path, [POINT], layer="乙", crs=plain))) == {}


@pytest.mark.parametrize(
    ("place", "declared", "crs"),
    [((EAST, NORTH), None, None), ((106.5, 29.6), None, "EPSG:4326"), ((EAST, NORTH), 4545, "EPSG:4545")],
)
def test_geojson_without_a_crs_means_degrees_only_where_they_can_be(tmp_path, place, declared, crs):
    geometry = {"type": "Point", "coordinates": place}
    whole = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": geometry}]}
    name = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{declared}"}}
    (tmp_path / "a.geojson").write_text(json.dumps(whole | ({"crs": name} if declared else {})))
    assert read(tmp_path / "a.geojson").entry.crs == crs


# ---------------------------------------------------------------- values


def test_whole_numbers_are_joined_and_searched_as_they_are_written():
    assert (_joined([2.0, "A"]), _joined([2.5, 3]), _patterned(2.0, r"^(\d+)$")) == ("2_A", "2.5_3", "2")


def test_a_code_that_a_neighbouring_layer_made_a_number_with_decimals_is_translated(tmp_path):
    path = written(tmp_path / "g.gpkg", [LINE], layer="检查边", 精度等级=[2])
    source = read(written(path, [POINT], layer="其他"), survey="property")
    assert source.attributes["精度等级"].dtype == float
    assert list(mapped(path, "property").frames["checked_side"]["accuracy_class"]) == ["二"]


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_truth_values_are_read_as_codes_write_them(tmp_path, suffix):
    given = pd.array([True, False, None], dtype="boolean")
    source = read(written(tmp_path / f"g{suffix}", [POINT] * 3, 人防车位=given, 全=[True, False, True]))
    assert list(source.attributes["人防车位"]) == ["是", "否", None]
    assert list(source.attributes["全"]) == ["是", "否", "是"]


# ---------------------------------------------------------------- tables without geometry


def styled(path, layer):
    pyogrio.write_dataframe(pd.DataFrame({"编号": ["1", "2"]}), path, layer=layer, driver="GPKG", append=True)
    return path


def test_a_table_without_geometry_misses_none(tmp_path):
    source = read(styled(written(tmp_path / "g.gpkg", [POINT, None], layer="界址点"), "layer_styles"))
    assert list(source.features["entity"]) == ["Point", "无图形", "表格行", "表格行"]
    assert note(source, "null_geometry").slots["count"] == 1


def test_a_table_without_geometry_that_a_layer_with_geometry_takes_is_told(tmp_path):
    result = mapped(styled(written(tmp_path / "g.gpkg", [POINT], layer="建筑角点"), "退让间距线"), "planning")
    assert [(n.kind, n.layer, n.slots["count"]) for n in result.notes] == [("null_geometry", "退让间距线", 2)]
