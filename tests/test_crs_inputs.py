"""Where inputs lie: nothing is moved that was not declared or does not fit, and inputs of one project lie together."""

from __future__ import annotations

import math

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import crs
from pipeline.sources import LedgerEntry, Source
from tests.factories_crs import IN_35, IN_36, KRASSOVSKY, LOCAL, SITE, WGS72, four, relation


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
    places = [
        placed(source(SITE)).place,
        placed(source(IN_36), "EPSG:4545").place,
        placed(source(IN_35), "EPSG:4544").place,
    ]
    near, notes = crs.apart(places, LOCAL)
    assert near == places
    assert notes == []
    assert crs.site(LOCAL, crs.together(near))["deformation_m_per_km"] < 0.025


def test_an_input_in_the_neighbouring_belt_is_told_which_one_it_lies_in():
    target = crs.parse("EPSG:4544")
    places = [
        placed(source(at, path=name, survey=name), target=target).place
        for at, name in ((IN_35, "a"), (IN_36, "b"), (IN_35, "c"))
    ]
    near, notes = crs.apart(places, target)
    assert [place.file for place in near] == ["a", "c"]
    assert [(note.kind, note.file, note.slots["other_file"]) for note in notes] == [("inputs_apart", "b", "a")]
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


@pytest.mark.parametrize(
    "name", ["1985 国家高程基准", "１９８５国家高程基准", "85高程", "EPSG:5737", "1985国家高程基准系统"]
)
def test_a_height_datum_is_known_by_its_usual_names(name):
    assert crs.same_heights(name, "1985国家高程基准")
    assert not crs.same_heights(name, "1956黄海高程系")


def test_an_unknown_height_datum_is_only_itself():
    assert crs.same_heights("吴淞高程", "吴淞 高程")
    assert not crs.same_heights("吴淞高程", "1985国家高程基准")
