"""Where inputs lie: stated parameters are used exactly, and nothing is moved that was not declared or does not fit."""

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
from pipeline.model import LedgerEntry, Source

LOCAL = crs.parse("+proj=tmerc +lat_0=0 +lon_0=106.5 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs")
KRASSOVSKY = "+proj=tmerc +lat_0=0 +lon_0=105 +k=1 +x_0=500000 +y_0=0 +ellps=krass +units=m"
SITE = (502_840.0, 3_272_980.0)  # 江北区 in the local system
IN_36 = (357_400.0, 3_273_900.0)  # nearly the same place in EPSG:4545
IN_35 = (648_100.0, 3_274_000.0)  # … and in EPSG:4544
WGS72 = dict(dx_m=0, dy_m=0, dz_m=4.5, rx_sec=0, ry_sec=0, scale_ppm=0.219)  # EPSG guidance note 7-2, method 9606

angles = st.floats(-180, 180)
shifts = st.floats(-4e6, 4e6)
planes = st.tuples(st.floats(3e5, 7e5), st.floats(3.1e6, 3.6e6))


def four(dx=0.0, dy=0.0, ppm=0.0, **angle):
    return crs.FourParameters(dx_north_m=dx, dy_east_m=dy, scale_ppm=ppm, **(angle or {"rotation_deg": 0.0}))


def relation(parameters, definition="EPSG:4545"):
    kind = "four_parameters" if isinstance(parameters, crs.FourParameters) else "seven_parameters"
    return crs.Relation(definition=definition, source="控制点转换参数", **{kind: parameters})


def source(*centres, path="成果.dxf", own=None, size=50.0, survey="planning"):
    shapes = [shapely.Point(*centre).buffer(size, quad_segs=1) for centre in centres]
    names = [f"{n:X}" for n in range(len(shapes))]
    features = gpd.GeoDataFrame({"layer": "JMD", "handle": names, "curve": None}, geometry=shapes)
    extent = tuple(features.total_bounds)
    entry = LedgerEntry(path, survey, "", 0, "dxf", crs=own, entities=len(shapes), extent=extent)
    return Source(entry, features, features[[]])


def kinds(placed):
    return [note.kind for note in placed.notes]


def placed(one, declared=None, target=LOCAL, **more):
    return crs.placed(one, target=target, declared=declared and crs.parse(declared), **more)


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


@settings(max_examples=20, deadline=None)
@given(planes, shifts, shifts, angles, st.floats(-300, 300))
def test_a_plane_derived_by_four_parameters_is_followed_by_the_projection_library(point, dx, dy, angle, ppm):
    parameters = four(dx, dy, ppm, rotation_deg=angle)
    target = crs.derived(relation(parameters))
    moved = crs.transform(gpd.GeoDataFrame(geometry=[shapely.Point(point)]), "EPSG:4545", target).geometry[0]
    wanted = parameters(np.array([point[0]]), np.array([point[1]]))
    assert moved.distance(shapely.Point(wanted[0][0], wanted[1][0])) < 1e-6


@settings(max_examples=20, deadline=None)
@given(planes, shifts, shifts, angles)
def test_a_derived_plane_leads_back_within_a_micrometre_whatever_the_axes_of_its_base(point, dx, dy, angle):
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
    assert (here["lon_deg"], here["lat_deg"]) == (pytest.approx(base["lon_deg"], abs=1e-5), pytest.approx(base["lat_deg"], abs=1e-5))
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
    shift = dict(zip(("dx_m", "dy_m", "dz_m", "rx_sec", "ry_sec", "rz_sec", "scale_ppm"), (15.8, -154.4, -82.3, .3, -.2, .4, 2), strict=True))
    stated = relation(crs.SevenParameters(**shift, convention="position_vector"), KRASSOVSKY)
    points = gpd.GeoDataFrame(geometry=[shapely.Point(IN_35)])
    inside = crs.transform(points, f"{KRASSOVSKY} +towgs84=15.8,-154.4,-82.3,.3,-.2,.4,2", "EPSG:4544")
    beside = crs.transform(points, KRASSOVSKY, "EPSG:4544", relation=stated)
    assert inside.geometry[0].distance(beside.geometry[0]) < 1e-3


# ---------------------------------------------------------------- one input


def test_what_lies_in_the_project_system_is_taken_as_it_is():
    one = source(SITE)
    found = placed(one)
    assert found.features is one.features
    assert not found.notes
    assert found.place.extent == pytest.approx(one.entry.extent)


def test_a_declared_system_is_moved_and_both_extents_are_known():
    found = placed(source(IN_36), "EPSG:4545")
    assert not found.notes
    assert found.place.given == pytest.approx((357_350, 3_273_850, 357_450, 3_273_950))
    assert math.dist(found.place.extent[:2], SITE) < 2000


def test_a_file_that_declares_another_system_is_not_moved_on_its_word_alone():
    found = placed(source(IN_36, own=crs.CRS.from_epsg(4545).to_wkt("WKT1_ESRI")))
    assert found.features is None
    assert kinds(found) == ["crs_refused"]
    assert "EPSG:4545" in found.notes[0].slots["detail"]
    assert "crs" in found.notes[0].slots["detail"]


def test_a_file_whose_declaration_cannot_be_read_needs_one_of_the_project():
    engineering = 'LOCAL_CS["site"]'
    assert kinds(placed(source(IN_36, own=engineering))) == ["crs_refused"]
    assert kinds(placed(source(IN_36, own=engineering), "EPSG:4545")) == []


def test_the_project_is_believed_over_the_file_and_the_conflict_is_noted():
    found = placed(source(IN_36, own="EPSG:4544"), "EPSG:4545")
    assert kinds(found) == ["crs_conflict"]
    assert math.dist(found.place.extent[:2], SITE) < 2000


def test_an_unknown_change_of_datum_refuses_the_input_and_stated_parameters_allow_it():
    seven = crs.SevenParameters(**WGS72, rz_sec=0, convention="position_vector")
    one = source(IN_35)
    assert kinds(placed(one, KRASSOVSKY)) == ["crs_refused"]
    assert kinds(placed(one, KRASSOVSKY, relation=relation(seven, KRASSOVSKY))) == []
    assert kinds(placed(one, KRASSOVSKY, relation=relation(seven, "EPSG:2412"))) == ["crs_refused"]


def test_parameters_are_used_for_the_system_they_start_from_and_no_other():
    stated = relation(four(1, 2, rotation_deg=0.0), "EPSG:4545")
    used = placed(source(IN_36), "EPSG:4545", relation=stated)
    unused = placed(source(IN_35), "EPSG:4544", relation=stated)
    assert used.place.extent[:2] == pytest.approx((357_352, 3_273_851))
    assert unused.place.extent == placed(source(IN_35), "EPSG:4544").place.extent


@pytest.mark.parametrize(("at", "declared", "words"), [
    (SITE[::-1], None, ("互换", "不代为互换")),
    ((36_357_400, 3_273_900), None, ("带号", "EPSG:4524")),
    ((35_648_100, 3_274_000), "EPSG:4524", ("带号为 35", "EPSG:4523")),
])  # fmt: skip
def test_numbers_that_do_not_fit_are_noted_with_advice(at, declared, words):
    found = placed(source(at), declared)
    detail = found.notes[0].slots["detail"]
    assert kinds(found)[0] == "outside_zone"
    assert all(word in detail for word in words)
    assert (found.features is None) == (declared is not None)  # left where it is, but never moved


def test_two_belts_in_one_input_are_found_with_and_without_belt_numbers():
    plain = placed(source(IN_36, IN_36, IN_36, IN_35))
    prefixed = placed(source((36_357_400, 3_273_900), (35_648_100, 3_274_000)), "EPSG:4524")
    assert kinds(plain) == ["scattered"]
    assert plain.notes[0].slots["count"] == 1
    assert plain.notes[0].handle == "3"
    assert plain.notes[0].slots["measured"] == pytest.approx(math.dist(IN_36, IN_35) / 1000)
    assert "带号不一致" in prefixed.notes[0].slots["detail"]
    assert prefixed.features is None


def test_a_stray_feature_at_the_origin_is_named():
    found = placed(source(SITE, SITE, SITE, (0, 0)))
    assert "scattered" in kinds(found)
    assert found.notes[-1].slots["handles"] == "3"


# ---------------------------------------------------------------- several inputs


def test_inputs_of_one_site_lie_together_whatever_their_systems():
    places = [placed(source(SITE)).place, placed(source(IN_36), "EPSG:4545").place, placed(source(IN_35), "EPSG:4544").place]
    near, notes = crs.apart(places, LOCAL)
    assert near == places
    assert notes == []
    assert crs.site(LOCAL, crs.together(near))["deformation_m_per_km"] < 0.025


def test_an_input_in_the_neighbouring_belt_is_told_which_one_it_lies_in():
    target = crs.parse("EPSG:4544")
    places = [placed(source(at, path=name, survey=name), target=target).place for at, name in ((IN_35, "a"), (IN_36, "b"), (IN_35, "c"))]
    near, notes = crs.apart(places, target)
    assert [place.file for place in near] == ["a", "c"]
    assert [(note.kind, note.file, note.slots["other"]) for note in notes] == [("inputs_apart", "b", "a")]
    assert "EPSG:4545" in notes[0].slots["detail"]
    assert notes[0].slots["measured"] == pytest.approx(math.dist(IN_35, IN_36) / 1000)


@settings(max_examples=10, deadline=None)
@given(st.permutations([SITE, (SITE[0] + 5000, SITE[1]), (SITE[0], SITE[1] + 5000), (SITE[0] + 90_000, SITE[1])]))
def test_which_input_lies_apart_does_not_depend_on_their_order(centres):
    places = [placed(source(at, path=str(at), survey=str(at))).place for at in centres]
    _, notes = crs.apart(places, LOCAL)
    assert [note.file for note in notes] == [str((SITE[0] + 90_000, SITE[1]))]


def test_one_survey_of_many_files_does_not_outvote_two_surveys():
    far = [placed(source((SITE[0] + 90_000, SITE[1]), path=f"{n}.shp", survey="property")).place for n in range(3)]
    near = [placed(source(SITE, path=f"{survey}.dxf", survey=survey)).place for survey in ("planning", "green")]
    assert crs.apart([*far, *near], LOCAL)[0] == near


def test_no_inputs_are_nowhere():
    assert crs.apart([], LOCAL) == ([], [])
    assert crs.together([]) is None


# ---------------------------------------------------------------- heights


@pytest.mark.parametrize("name", ["1985 国家高程基准", "１９８５国家高程基准", "85高程", "EPSG:5737", "1985国家高程基准系统"])
def test_a_height_datum_is_known_by_its_usual_names(name):
    assert crs.same_heights(name, "1985国家高程基准")
    assert not crs.same_heights(name, "1956黄海高程系")


def test_an_unknown_height_datum_is_only_itself():
    assert crs.same_heights("吴淞高程", "吴淞 高程")
    assert not crs.same_heights("吴淞高程", "1985国家高程基准")
