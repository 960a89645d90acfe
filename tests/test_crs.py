"""What the one place that knows projections promises: names, refusals, exact moves, and what coordinates can be."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipeline import crs
from pipeline.errors import InputError
from pipeline.sources import Curve

LOCAL = "+proj=tmerc +lat_0=0 +lon_0=106.5 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs"
KRASSOVSKY = "+proj=tmerc +lat_0=0 +lon_0=105 +k=1 +x_0=500000 +y_0=0 +ellps=krass +units=m +no_defs"
BARE_BELT = (
    'PROJCS["CGCS2000 CM108",GEOGCS["GCS_CGCS",DATUM["D_CGCS_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",108.0],'
    'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
SITE = (500_100.0, 3_268_000.0, 500_300.0, 3_268_300.0)  # 江北区 in the local system
BELT_SITE = (354_800.0, 3_268_000.0, 355_000.0, 3_268_300.0)  # the same place in EPSG:4545


def frame(*geometries, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(geometries))


# ---------------------------------------------------------------- definitions


@pytest.mark.parametrize("epsg", [4490, 4523, 4524, 4544, 4545, 3740, 5174])
@pytest.mark.parametrize("dialect", ["WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"])
def test_a_prj_text_is_named_by_its_epsg_code_in_every_dialect(epsg, dialect):
    text = crs.CRS.from_epsg(epsg).to_wkt(dialect)
    assert crs.describe(text) == f"EPSG:{epsg}"
    assert crs.same(text, epsg)


def test_a_belt_written_by_hand_is_recognised_by_its_parameters():
    assert crs.describe(BARE_BELT) == "EPSG:4545"
    assert crs.belt(BARE_BELT) == crs.Belt(zone=36, meridian_deg=108.0, prefixed=False, epsg=4545)


def test_a_local_system_is_described_by_its_parameters_and_never_as_an_epsg_code():
    assert crs.describe(LOCAL) == "横轴墨卡托投影，中央子午线 106.5°，东加常数 500000 m，GRS 1980"
    assert "EPSG" not in crs.describe(LOCAL.replace("106.5", "108"))


def test_belt_numbers_meridians_and_codes_agree_with_the_registry():
    assert {(b.zone, b.prefixed): b.epsg for b in crs.BELTS if b.zone in (35, 36)} == {
        (35, True): 4523,
        (36, True): 4524,
        (35, False): 4544,
        (36, False): 4545,
    }
    assert all(crs.belt(b.epsg) == b for b in crs.BELTS)


def test_a_height_datum_beside_the_plane_system_changes_nothing_horizontal():
    assert crs.describe("EPSG:4545+5737") == "EPSG:4545"


def test_neighbouring_belts_and_prefixed_belts_are_different_systems():
    assert not crs.same(4544, 4545)
    assert not crs.same(4545, 4524)
    assert not crs.same(4490, 4545)


def test_a_project_system_is_a_plane_in_metres():
    assert crs.is_plane(LOCAL)
    assert not crs.is_plane(4490)
    assert not crs.is_plane(2227)  # California, US survey feet


@pytest.mark.parametrize("wrong", ["", "EPSG:999999", "重庆独立坐标系", "+proj=nothing", "EPSG:5737", "EPSG:4479"])
def test_what_is_no_usable_system_is_refused_in_chinese_naming_what_was_given(wrong):
    with pytest.raises(InputError, match="坐标系") as caught:
        crs.parse(wrong)
    assert f"“{wrong}”" in str(caught.value)


# ---------------------------------------------------------------- moving


def test_an_area_comes_back_from_the_local_system_to_a_millionth():
    square = shapely.box(*BELT_SITE)
    there = crs.transform(frame(square), 4545, LOCAL)
    back = crs.transform(there, LOCAL, 4545)
    assert abs(back.geometry.area[0] - square.area) < 1e-6
    assert there.crs == crs.parse(LOCAL)


def test_the_same_land_is_larger_in_the_belt_than_in_the_local_system_by_the_scale_squared():
    square = shapely.box(*BELT_SITE)
    moved = crs.transform(frame(square), 4545, LOCAL)
    scale = crs.site(4545, BELT_SITE)["scale_factor"]
    assert square.area / moved.geometry.area[0] == pytest.approx(scale**2, rel=1e-6)


@given(st.floats(354_000, 376_000), st.floats(3_260_000, 3_290_000))
def test_points_come_back_within_a_tenth_of_a_millimetre(east, north):
    point = frame(shapely.Point(east, north))
    back = crs.transform(crs.transform(point, 4545, LOCAL), LOCAL, 4545)
    assert back.geometry[0].distance(point.geometry[0]) < 1e-4


def test_heights_stay_and_flat_features_stay_flat():
    points = frame(shapely.Point(354_900, 3_268_100, 231.5), shapely.Point(354_900, 3_268_100))
    moved = crs.transform(points, 4545, LOCAL)
    assert moved.geometry[0].z == 231.5
    assert not moved.geometry[1].has_z
    assert moved.geometry[0].x == moved.geometry[1].x


def test_exact_curves_move_with_the_geometry_and_keep_their_bulges():
    ring = np.array([[354_900.0, 3_268_100.0, 0.0], [354_950.0, 3_268_100.0, 0.5], [354_950.0, 3_268_150.0, 0.0]])
    hole = ring + np.array([5.0, 5.0, 0.0])
    outline = shapely.Polygon(ring[:, :2])
    source = frame(outline, outline, curve=[None, Curve((ring, hole), closed=True)])
    moved = crs.transform(source, 4545, LOCAL)
    curve = moved["curve"][1]
    assert moved["curve"][0] is None
    assert np.allclose(curve.rings[0][:, :2], shapely.get_coordinates(moved.geometry[1])[:3], atol=1e-9)
    assert [r[:, 2].tolist() for r in curve.rings] == [[0.0, 0.5, 0.0], [0.0, 0.5, 0.0]]
    assert source["curve"][1].rings[0][0, 0] == 354_900.0  # the input is not touched


def test_what_is_in_the_same_system_already_is_not_moved_by_a_bit():
    square = frame(shapely.box(*BELT_SITE), shapely.Point())
    moved = crs.transform(square, BARE_BELT, 4545)
    assert moved.geometry.tolist() == square.geometry.tolist()


def test_an_empty_frame_moves_to_an_empty_frame():
    assert crs.transform(frame(curve=[]), 4545, LOCAL).empty


@pytest.mark.parametrize("old", [2380, 2412, KRASSOVSKY])
def test_an_old_datum_without_parameters_is_refused_not_shifted_silently(old):
    with pytest.raises(InputError, match="转换参数未知"):
        crs.transform(frame(shapely.Point(500_000, 3_268_000)), old, 4544)


def test_an_old_datum_with_seven_parameters_is_moved_by_them():
    stated = KRASSOVSKY.replace("+no_defs", "+towgs84=15.8,-154.4,-82.3,0,0,0,0 +no_defs")
    moved = crs.transform(frame(shapely.Point(500_000, 3_268_000)), stated, 4544)
    assert 10 < moved.geometry[0].distance(shapely.Point(500_000, 3_268_000)) < 400
    assert not crs.same(stated, stated.replace("15.8", "25.8"))


def test_coordinates_beyond_the_projection_are_refused():
    with pytest.raises(InputError, match="超出投影可用范围"):
        crs.transform(frame(shapely.Point(1e12, 1e12)), 4545, LOCAL)


# ---------------------------------------------------------------- the site


def test_at_136_km_from_the_meridian_lengths_grow_by_22_8_cm_per_km():
    facts = crs.site(4545, (635_900, 3_267_900, 636_100, 3_268_100))
    assert facts["deformation_m_per_km"] == pytest.approx(0.228, abs=0.0005)
    assert facts["convergence_deg"] == pytest.approx(0.69, abs=0.01)
    assert facts["central_meridian_deg"] == pytest.approx(108.0)


def test_on_its_own_meridian_a_local_system_neither_stretches_nor_turns():
    facts = crs.site(LOCAL, (499_900, 3_268_000, 500_100, 3_268_300))
    assert facts["scale_factor"] == pytest.approx(1.0, abs=1e-9)
    assert facts["convergence_deg"] == pytest.approx(0.0, abs=1e-9)
    assert facts["lon_deg"] == pytest.approx(106.5)


def test_a_site_in_degrees_has_a_place_but_no_scale():
    assert crs.site(4490, (106.4, 29.5, 106.6, 29.6)) == {
        "crs": "EPSG:4490",
        "centre_east_m": None,
        "centre_north_m": None,
        "lon_deg": pytest.approx(106.5),
        "lat_deg": pytest.approx(29.55),
        "central_meridian_deg": None,
        "scale_factor": None,
        "deformation_m_per_km": None,
        "convergence_deg": None,
    }


# ---------------------------------------------------------------- what coordinates can be


@pytest.mark.parametrize(
    ("extent", "look"),
    [
        (SITE, "plain"),
        ((36_354_800, 3_268_000, 36_355_000, 3_268_300), "prefixed"),
        ((18_645_000, 3_268_000, 18_646_000, 3_268_300), "prefixed"),
        ((3_268_000, 500_100, 3_268_300, 500_300), "survey_order"),
        ((35_640_000, 3_268_000, 36_355_000, 3_268_300), "mixed_belts"),
        ((355_000, 3_268_000, 35_640_000, 3_268_300), "mixed_belts"),
        ((106.50, 29.57, 106.51, 29.58), "geographic"),
        ((-122.2, 37.9, -122.1, 38.0), "geographic"),
        ((0, 0, 420, 297), "local"),
        ((0, 0, 1, 1), "local"),
        ((6_000_000, 2_000_000, 6_100_000, 2_100_000), "unknown"),
        ((float("nan"), 0, 1, 1), "nothing"),
        ((float("inf"), 0, float("inf"), 1), "nothing"),
    ],
)
def test_numbers_alone_tell_what_kind_of_coordinates_they_are(extent, look):
    assert crs.looks_like(extent) == look
    assert crs.guess(extent)


@pytest.mark.parametrize(
    ("extent", "definition"),
    [
        (SITE, LOCAL),
        (BELT_SITE, 4545),
        (BELT_SITE, BARE_BELT),
        ((36_354_800, 3_268_000, 36_355_000, 3_268_300), 4524),
        ((640_000, 3_268_000, 645_400, 3_268_300), 4544),
        ((106.5, 29.5, 106.6, 29.6), 4490),
        ((570_000, 4_200_000, 580_000, 4_210_000), 3740),
    ],
)
def test_coordinates_in_their_own_system_are_no_problem(extent, definition):
    assert crs.extent_problem(extent, definition) is None


@pytest.mark.parametrize(
    ("extent", "definition", "words"),
    [
        ((3_268_000, 500_100, 3_268_300, 500_300), LOCAL, "互换"),
        ((3_268_000, 355_000, 3_268_300, 355_200), 4545, "互换"),
        ((36_354_800, 3_268_000, 36_355_000, 3_268_300), 4545, "带号为 36，该坐标系不带带号"),
        ((36_354_800, 3_268_000, 36_355_000, 3_268_300), 4523, "带号为 36，该坐标系带号为 35"),
        (BELT_SITE, 4524, "不带带号，该坐标系带号为 36"),
        ((35_640_000, 3_268_000, 36_355_000, 3_268_300), 4524, "带号不一致"),
        ((106.50, 29.57, 106.51, 29.58), 4545, "经纬度"),
        (SITE, 4490, "不是度"),
        ((1000, 2000, 1400, 2300), LOCAL, "独立坐标"),
        ((500_000, 5_800_000, 500_100, 5_800_100), 4545, "适用区域之外"),
        ((float("nan"), 0, 1, 1), LOCAL, "没有可用的坐标"),
    ],
)
def test_coordinates_that_cannot_be_in_the_declared_system_are_told_why(extent, definition, words):
    problem = crs.extent_problem(extent, definition)
    assert problem is not None
    assert words in problem
    assert crs.describe(definition) in problem


def test_coordinates_in_fields_move_as_the_point_beside_them_and_what_is_missing_stays():
    points = frame(*[shapely.Point(500_100, 3_268_000)] * 2, n=[3_268_000.0, np.nan], e=[500_100.0, 500_100.0])
    moved = crs.moved_fields(points, [("n", "e")], LOCAL, "EPSG:4545")
    there = crs.transform(points, LOCAL, "EPSG:4545").geometry.iloc[0]
    assert (moved["e"].iloc[0], moved["n"].iloc[0]) == pytest.approx((there.x, there.y))
    assert (moved["e"].iloc[1], np.isnan(moved["n"].iloc[1])) == (500_100.0, True)


def test_coordinates_in_fields_that_lie_nowhere_stay_as_they_are():
    moved = crs.moved_fields(frame(None, n=[1e30], e=[1e30]), [("n", "e")], LOCAL, "EPSG:4545")
    assert moved[["n", "e"]].to_numpy().tolist() == [[1e30, 1e30]]
