"""Boxes of a result's features, from the heads of their geometries alone, whatever the head looks like."""

from __future__ import annotations

import sqlite3
import struct

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from pipeline.district.package import opened

SHAPES = [shapely.box(n, 10 * n, n + 2, 10 * n + 5) for n in range(5)]


def blob(shape, *, order="<", envelope=True, empty=False):
    """A geometry as a GeoPackage holds it (OGC 12-128r19, 2.1.3)."""
    x0, y0, x1, y1 = shape.bounds if not empty else (np.nan,) * 4
    flags = (order == "<") | (2 if envelope else 0) | (16 if empty else 0)
    head = b"GP" + bytes([0, flags]) + struct.pack(f"{order}i", 4545)
    head += struct.pack(f"{order}4d", x0, x1, y0, y1) if envelope else b""
    return head + shapely.to_wkb(shape, byte_order=1 if order == "<" else 0)


@pytest.fixture
def package(tmp_path):
    def written(blobs):
        path = tmp_path / "result.gpkg"
        frame = gpd.GeoDataFrame({"feature": [f"f{n}" for n in range(len(SHAPES))]}, geometry=SHAPES, crs="EPSG:4545")
        pyogrio.write_dataframe(frame, path, layer="parcel", driver="GPKG", SPATIAL_INDEX="NO")
        with sqlite3.connect(path) as connection:
            for fid, data in blobs.items():
                connection.execute("UPDATE parcel SET geom = ? WHERE fid = ?", (data, fid))
        return path

    return written


@pytest.mark.parametrize(
    "head", [{"order": "<"}, {"order": ">"}, {"envelope": False}, {"order": ">", "envelope": False}], ids=str
)
def test_the_box_of_a_feature_is_that_of_its_outline_however_its_head_is_written(package, head):
    with opened(package({2: blob(SHAPES[1], **head)})) as read:
        rows = read.rows("parcel", ["feature"])
    assert rows.boxes.tolist() == [list(shape.bounds) for shape in SHAPES]
    assert rows.values["feature"] == ["f0", "f1", "f2", "f3", "f4"]


def test_a_feature_without_an_outline_has_no_box(package):
    with opened(package({2: None, 4: blob(shapely.Polygon(), empty=True)})) as read:
        boxes = read.rows("parcel", []).boxes
    assert np.isnan(boxes).all(axis=1).tolist() == [False, True, False, True, False]


def test_a_layer_of_points_has_boxes_though_points_have_no_envelope(tmp_path):
    path = tmp_path / "result.gpkg"
    frame = gpd.GeoDataFrame({"feature": ["a"]}, geometry=[shapely.Point(3, 4)], crs="EPSG:4545")
    pyogrio.write_dataframe(frame, path, layer="parcel", driver="GPKG")
    with opened(path) as read:
        assert read.rows("parcel", []).boxes.tolist() == [[3, 4, 3, 4]]
