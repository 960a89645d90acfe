import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from pipeline.measures import COLUMNS, columns
from pipeline.sources import Curve
from pipeline.tolerance import Bins, Choice, PerKey

FACTS = {"label": "试验", "unit": "", "source": "试验", "certainty": "proposal"}
SOIL = Bins(kind="bins", bins=((0.3, 0.6, 0.5), (0.6, None, 1.0)), **FACTS)


def frame(geometry=None, **fields):
    count = len(next(iter(fields.values()))) if geometry is None else len(geometry)
    return gpd.GeoDataFrame(fields, geometry=geometry or [None] * count)


def same(found, expected):
    np.testing.assert_allclose(np.asarray(found, dtype=float), expected)
    return True


def test_an_exact_arc_goes_before_the_chords_of_the_geometry():
    circle = Curve((np.array([[-1.0, 0, 1], [1, 0, 1]]),), closed=True)
    rows = frame([shapely.Point(0, 0).buffer(1, quad_segs=2), shapely.box(0, 0, 2, 3)], curve=[circle, None])
    assert same(columns.polygon_area(rows), [math.pi, 6])
    assert same(columns.perimeter(rows), [2 * math.pi, 10])


def test_a_frame_needs_no_column_of_curves():
    assert same(columns.line_length(frame([shapely.LineString([(0, 0), (3, 4)]), None])), [5, np.nan])


def test_x_of_the_drawing_is_east_and_y_is_north():
    rows = frame([shapely.Point(500, 3000)])
    assert (columns.easting(rows)[0], columns.northing(rows)[0]) == (500, 3000)


def test_the_shift_is_the_plane_distance():
    rows = frame([shapely.Point(3, 4), shapely.Point(0, 0)], n=[0.0, np.nan], e=[0.0, 0.0])
    assert same(columns.shift_from(rows, north="n", east="e"), [5, np.nan])


def test_a_missing_number_makes_the_result_missing():
    rows = frame(a=[2.0, np.nan], b=pd.array([3, 4], dtype="Int64"))
    assert same(columns.product(rows, of=["a", "b"]), [6, np.nan])
    assert same(columns.difference(rows, of="a", minus="b"), [-1, np.nan])
    assert same(columns.sum_of_fields(rows, of=["a", "b"]), [5, np.nan])
    assert same(columns.sum_of_fields(rows, of=["a", "b"], missing=0), [5, 4])


def test_empty_integers_are_missing_numbers():
    rows = frame(a=pd.array([1, None], dtype="Int64"))
    assert same(columns.product(rows, of=["a"]), [1, np.nan])


def test_the_factor_counts_from_the_lower_end_of_its_bin():
    rows = frame(soil=[0.29, 0.3, 0.59, 0.1 + 0.2 + 0.3, 2.0, np.nan])
    assert same(columns.factor_by_bins(rows, field="soil", bins=SOIL), [np.nan, 0.5, 0.5, 1, 1, np.nan])


def test_only_the_rows_meant_need_a_factor():
    rows = frame(kind=["屋顶", "地面", "屋顶"], soil=[0.4, np.nan, np.nan])
    found = columns.factor_by_bins(rows, field="soil", bins=SOIL, only={"kind": ["屋顶"]}, otherwise=1.0)
    assert same(found, [0.5, 1, np.nan])


def test_bins_that_nobody_gave_leave_only_the_needing_rows_without_factor():
    nobody = Bins(kind="bins", bins=None, **FACTS)
    rows = frame(kind=["屋顶", "地面"], soil=[0.4, np.nan])
    assert same(columns.factor_by_bins(rows, field="soil", bins=nobody, only={"kind": ["屋顶"]}), [np.nan, 1])


def test_a_word_without_factor_gives_none():
    factors = PerKey(kind="per_key", values={"地面": 1.0, "垂直": None}, **FACTS)
    rows = frame(kind=["地面", "垂直", "别的", None])
    assert same(columns.factor_by_key(rows, field="kind", factors=factors), [1, np.nan, np.nan, np.nan])


def test_each_survey_counts_low_storeys_by_its_own_rule():
    rows = frame(height=[2.19, 2.2, np.nan])
    rule = Choice(kind="choice", choice="gbt50353_2013", options=("gbt50353_2013", "gbt17986_2000"), **FACTS)
    assert same(columns.height_factor(rows, field="height", rule=rule), [0.5, 1, np.nan])
    assert same(columns.height_factor(rows, field="height", rule="gbt17986_2000"), [0, 1, np.nan])
    with pytest.raises(ValueError, match="rule"):
        columns.height_factor(rows, field="height", rule="own")


def test_floors_below_zero_are_under_ground():
    rows = frame(floor=pd.array([-1, 1, None, 18], dtype="Int64"))
    assert columns.side_of_ground(rows, field="floor").tolist() == ["地下", "地上", None, "地上"]


def test_the_building_key_keeps_the_index_and_missing_names():
    rows = frame(name=["１号楼", None, "二栋"]).set_axis([7, 8, 9])
    keys = columns.building_key(rows, field="name")
    assert keys.to_dict() == {7: "1", 8: None, 9: "2"}


def test_places_are_counted_whole():
    rows = frame(area=[50.0, 18.0, 1.0, np.nan], each=[1.8, 1.8, 0.0, 1.8])
    assert same(columns.whole_parts(rows, of="area", per="each"), [27, 10, np.nan, np.nan])


def test_rounded_rounds_halves_up():
    assert same(columns.rounded(frame(a=[2.675, 1.005, np.nan]), field="a", decimals=2), [2.68, 1.01, np.nan])


@pytest.mark.parametrize("name", ["polygon_area", "perimeter", "line_length", "northing", "easting"])
def test_an_empty_layer_has_no_values(name):
    assert len(COLUMNS[name](gpd.GeoDataFrame({"curve": []}, geometry=[]))) == 0
