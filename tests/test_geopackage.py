"""A layer handed to GDAL as arrays is the layer that pyogrio writes of the same frame, byte for byte."""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from pipeline import crs as projections
from pipeline.report import geopackage

POINT, LINE = shapely.Point(500_000, 3_270_000), shapely.LineString([(0, 0), (1, 1)])
SQUARE = shapely.box(0, 0, 10, 10)
SHAPES = {
    "points": [POINT, None, POINT],
    "heights": [shapely.Point(0, 0, 5), POINT, None],
    "kinds": [POINT, LINE, SQUARE],
    "multiple": [SQUARE, shapely.MultiPolygon([SQUARE]), None],
    "all multiple": [shapely.MultiPolygon([SQUARE])] * 3,
    "empty": [SQUARE, shapely.Polygon(), None],
    "nothing": [None, None, None],
}


def frame_of(shapes, crs):
    data = {
        "text": pd.Series(["一", None, "三"], dtype=object),
        "words": pd.array(["a", None, "c"], dtype="str"),
        "number": [1.5, np.nan, 3.0],
        "whole": pd.array([1, None, 3], dtype="Int64"),
        "masked": pd.array([1.5, None, 2.5], dtype="Float64"),
        "count": [1, 2, 3],
        "yes": [True, False, True],
    }
    return gpd.GeoDataFrame(pd.DataFrame(data), geometry=gpd.GeoSeries(shapes), crs=crs)


@pytest.mark.parametrize("crs", ["EPSG:4545", "+proj=tmerc +lon_0=106.55 +x_0=500000 +ellps=GRS80 +units=m", None])
def test_layers_are_those_that_pyogrio_writes(tmp_path, crs):
    ours, theirs = tmp_path / "ours.gpkg", tmp_path / "theirs.gpkg"
    with geopackage.dated("2026-09-18"), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for number, (name, shapes) in enumerate(SHAPES.items()):
            frame = frame_of(shapes, None if crs is None else projections.storable(projections.parse(crs)))
            kinds = set(frame.geometry.geom_type.dropna())
            columns = {key: frame[key].array for key in frame.columns if key != "geometry"}
            geopackage.write_layer(ours, name, columns, np.array(shapes, dtype=object), frame.crs, append=number > 0)
            kind = None if len(kinds) == 1 else "Unknown"
            pyogrio.write_dataframe(
                frame, theirs, layer=name, driver="GPKG", append=theirs.exists(), geometry_type=kind
            )
    assert ours.read_bytes() == theirs.read_bytes()


def test_a_layer_of_any_geometry_keeps_each_as_it_is_and_says_nothing_of_a_missing_crs(tmp_path):
    shapes = np.array([SQUARE, shapely.MultiPolygon([SQUARE])], dtype=object)
    with geopackage.dated("2026-09-18"), warnings.catch_warnings():
        warnings.simplefilter("error")
        geopackage.write_layer(tmp_path / "x.gpkg", "x", {}, shapes, None, append=False, mixed=True)
    read = pyogrio.read_dataframe(tmp_path / "x.gpkg")
    assert list(read.geometry.geom_type) == ["Polygon", "MultiPolygon"]
    assert pyogrio.read_info(tmp_path / "x.gpkg")["geometry_type"] == "Unknown"
