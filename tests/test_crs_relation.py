"""Stated parameters are used exactly: four on the plane, seven in space, and a plane that four alone define."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline import crs
from pipeline.crs.relation import steps
from tests.factories_crs import IN_35, IN_36, KRASSOVSKY, LOCAL, WGS72, four, relation

angles = st.floats(-180, 180)
shifts = st.floats(-4e6, 4e6)
planes = st.tuples(st.floats(3e5, 7e5), st.floats(3.1e6, 3.6e6))


# ---------------------------------------------------------------- four parameters


def test_a_quarter_turn_takes_north_to_east():
    east, north = four(1000, 2000, rotation_deg=90)(np.array([0.0, 5.0]), np.array([10.0, 0.0]))
    assert np.allclose(east, [2010, 2000])
    assert np.allclose(north, [1000, 995])


def test_parts_per_million_make_a_kilometre_longer_by_millimetres():
    east, north = four(ppm=10)(np.array([1000.0]), np.array([0.0]))
    assert (east[0], north[0]) == (pytest.approx(1000.010, abs=1e-9), 0)


@pytest.mark.parametrize("angle", [{"rotation_deg": 0.5}, {"rotation_sec": 1800}, {"rotation_rad": math.pi / 360}])
def test_an_angle_is_the_same_in_every_unit(angle):
    assert four(**angle).angle_rad == pytest.approx(math.radians(0.5), abs=1e-15)


#: the library takes a scale within 1e-9 of 1 as 1: 3 mm at 3 000 km; what is stated is moved by `steps`, exactly
scales_ppm = (
    st.integers(-300_000, 300_000).map(lambda thousandths: thousandths / 1000).filter(lambda ppm: abs(ppm) > 0.002)
)


@settings(max_examples=20, deadline=None)
@given(planes, shifts, shifts, angles, scales_ppm)
def test_a_plane_derived_by_four_parameters_is_followed_by_the_projection_library(point, dx, dy, angle, ppm):
    parameters = four(dx, dy, ppm, rotation_deg=angle)
    target = crs.derived(relation(parameters))
    moved = crs.transform(gpd.GeoDataFrame(geometry=[shapely.Point(point)]), "EPSG:4545", target).geometry[0]
    wanted = parameters(np.array([point[0]]), np.array([point[1]]))
    assert moved.distance(shapely.Point(wanted[0][0], wanted[1][0])) < 1e-4  # it writes a scale to some ten digits


@settings(max_examples=20, deadline=None)
@given(planes, shifts, shifts, angles)
def test_a_derived_plane_leads_back_within_a_hundredth_of_a_millimetre_whatever_the_axes_of_its_base(
    point, dx, dy, angle
):
    start = gpd.GeoDataFrame(geometry=[shapely.Point(point)])
    for base in ("EPSG:4545", LOCAL.to_wkt()):
        target = crs.derived(relation(four(dx, dy, 5, rotation_deg=angle), base))
        there = crs.transform(start, base, target)
        back = crs.transform(there, target, base)
        assert back.geometry[0].distance(start.geometry[0]) < 1e-5


def test_a_derived_plane_is_a_plane_and_only_itself():
    one, other = (crs.derived(relation(four(1000, 2000, 0, rotation_deg=a)), "重庆独立坐标系") for a in (0.5, 0.6))
    elsewhere = crs.derived(relation(four(1000, 2000, 0, rotation_deg=0.5), "EPSG:4544"), "重庆独立坐标系")
    assert crs.is_plane(one)
    assert crs.describe(one) == "重庆独立坐标系"
    assert crs.same(one, crs.parse(one.to_wkt()))
    assert not any(crs.same(one, x) for x in (other, elsewhere, "EPSG:4545"))


def test_a_derived_plane_has_the_scale_and_convergence_of_its_base_times_and_plus_its_own():
    target = crs.derived(relation(four(-3_200_000, -300_000, -250, rotation_deg=0.5)))
    box = gpd.GeoDataFrame(geometry=[shapely.box(*IN_36, IN_36[0] + 200, IN_36[1] + 200)])
    base = crs.site("EPSG:4545", tuple(box.total_bounds))
    here = crs.site(target, tuple(crs.transform(box, "EPSG:4545", target).total_bounds))
    assert here["scale_factor"] == pytest.approx(base["scale_factor"] * (1 - 250e-6), abs=1e-8)
    assert here["convergence_deg"] == pytest.approx(base["convergence_deg"] - 0.5, abs=1e-4)
    assert (here["lon_deg"], here["lat_deg"]) == (
        pytest.approx(base["lon_deg"], abs=1e-5),
        pytest.approx(base["lat_deg"], abs=1e-5),
    )
    assert here["central_meridian_deg"] == pytest.approx(108)


def test_coordinates_far_from_a_derived_plane_are_told_so():
    target = crs.derived(relation(four(-3_200_000, -300_000, 0, rotation_deg=0.0)), "某独立坐标系")
    assert crs.extent_problem((57_400, 73_900, 57_600, 74_000), target) is None
    assert "某独立坐标系" in crs.extent_problem((*IN_36, IN_36[0] + 9, IN_36[1] + 9), target)


@pytest.mark.parametrize(("wrong", "word"), [
    ({"four_parameters": {"dx_north_m": 0, "dy_east_m": 0, "scale_ppm": 0}}, "旋转角"),
    ({"four_parameters": {"dx_north_m": 0, "dy_east_m": 0, "scale_ppm": 0, "rotation_deg": 1, "rotation_rad": 1}}, "旋转角"),
    ({}, "之一"),
    ({"definition": "EPSG:4490", "four_parameters": {"dx_north_m": 0, "dy_east_m": 0, "scale_ppm": 0, "rotation_deg": 1}}, "平面"),
    ({"definition": "EPSG:1"}, "EPSG:1"),
    ({"seven_parameters": {**WGS72, "rz_sec": 1}}, "convention"),
    ({"source": ""}, "source"),
])  # fmt: skip
def test_parameters_that_leave_something_to_guess_are_refused(wrong, word):
    with pytest.raises(ValidationError, match=word):
        crs.Relation(**{"definition": "EPSG:4545", "source": "控制点", **wrong})


# ---------------------------------------------------------------- seven parameters


@pytest.mark.parametrize(("convention", "rz_sec"), [("position_vector", 0.554), ("coordinate_frame", -0.554)])
def test_the_worked_example_of_the_registry_is_reproduced(convention, rz_sec):
    seven = crs.SevenParameters(**WGS72, rz_sec=rz_sec, convention=convention)
    lon, lat = np.array([4.0]), np.array([55.0])
    for step in steps(relation(seven, "EPSG:4322"), crs.parse("EPSG:4326")):
        lon, lat = step(lon, lat)
    assert (lon[0] - 4) * 3600 == pytest.approx(0.554, abs=6e-4)
    assert (lat[0] - 55) * 3600 == pytest.approx(0.090, abs=6e-4)


def test_seven_parameters_beside_the_definition_move_like_those_inside_it():
    shift = dict(
        zip(
            ("dx_m", "dy_m", "dz_m", "rx_sec", "ry_sec", "rz_sec", "scale_ppm"),
            (15.8, -154.4, -82.3, 0.3, -0.2, 0.4, 2),
            strict=True,
        )
    )
    stated = relation(crs.SevenParameters(**shift, convention="position_vector"), KRASSOVSKY)
    points = gpd.GeoDataFrame(geometry=[shapely.Point(IN_35)])
    inside = crs.transform(points, f"{KRASSOVSKY} +towgs84=15.8,-154.4,-82.3,.3,-.2,.4,2", "EPSG:4544")
    beside = crs.transform(points, KRASSOVSKY, "EPSG:4544", relation=stated)
    assert inside.geometry[0].distance(beside.geometry[0]) < 1e-3


def test_a_derived_plane_is_stored_under_its_name_and_any_other_system_as_it_is():
    target = crs.storable(crs.derived(relation(four(1000, 2000, 0, rotation_deg=0.5)), "重庆独立坐标系"))
    assert target.name == "重庆独立坐标系"
    assert target.to_wkt("WKT1_GDAL").startswith("LOCAL_CS")
    assert crs.storable(LOCAL).to_wkt() == LOCAL.to_wkt()
