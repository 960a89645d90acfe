"""Marks of findings: the same fault keeps its own over runs and small edits; two faults never share one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fingerprint import fingerprint, fingerprints, spot, stem
from pipeline.model import Finding, KnownBy

FAULT = Finding(
    rule="CAD-T01", severity="error", survey="cadastral", file="a.dxf", layer="JZD",
    feature="cadastral.parcel/1F", other_feature="cadastral.parcel/2A", business_id="500105001001GB00001",
    field=None, measured=2.0, required=0.0, unit="m²", tolerance=0.01, place="POINT (10 20)", message="重叠 2.00 m²",
)  # fmt: skip
HANDLES = st.sampled_from(["1F", "2A", "3B"])
FAULTS = st.lists(
    st.builds(
        lambda rule, handle, number, field, x, y, measured: replace(
            FAULT, rule=rule, feature=f"cadastral.parcel/{handle}", business_id=number, field=field,
            place=f"POINT ({x} {y})", measured=measured, message=f"{measured} m²",
        ),
        st.sampled_from(["CAD-T01", "CAD-T02"]), HANDLES, st.sampled_from([None, "甲", "乙"]),
        st.sampled_from([None, "area_m2"]), st.integers(0, 3), st.integers(0, 3), st.integers(0, 2),
    ),
    max_size=12,
)  # fmt: skip


@given(FAULTS)
def test_no_two_findings_of_a_run_share_a_mark(faults):
    assert len(set(fingerprints(faults))) == len(faults)


@given(FAULTS, st.randoms(use_true_random=False))
def test_marks_do_not_depend_on_the_order_of_the_findings(faults, random):
    order = list(range(len(faults)))
    random.shuffle(order)
    marks = fingerprints([faults[position] for position in order])
    told = {(faults[position], mark) for position, mark in zip(order, marks, strict=True)}
    assert told == set(zip(faults, fingerprints(faults), strict=True)) or len(set(faults)) < len(faults)


@given(FAULTS)
def test_a_mark_is_its_kind_s_stem_and_alone_it_is_the_stem(faults):
    for fault, mark in zip(faults, fingerprints(faults), strict=True):
        assert stem(mark) == fingerprint(fault)
        alike = sum(fingerprint(other) == fingerprint(fault) for other in faults)
        assert mark.endswith(f"of{alike}") if alike > 1 else mark == stem(mark)


@given(st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))
def test_a_fault_moved_by_centimetres_keeps_its_mark_alone_and_among_its_like(east, north):
    spots = [(10.0, 20.0), (14.0, 20.0), (10.0, 26.0)]
    before = [replace(FAULT, place=f"POINT ({x} {y})") for x, y in spots]
    after = [replace(FAULT, place=f"POINT ({x + east} {y + north})", measured=2.01) for x, y in spots]
    assert fingerprints(after) == fingerprints(before)
    assert fingerprint(after[0]) == fingerprint(before[0])


@pytest.mark.parametrize(
    "change",
    [
        {"message": "另一句话"}, {"severity": "warning"}, {"measured": 3.5}, {"tolerance": 1.0}, {"place": None},
        {"waiver": {"who": "王五"}}, {"feature": "cadastral.parcel/77"}, {"file": "b.dxf"},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_what_may_change_meanwhile_does_not_change_the_mark(change):
    assert fingerprint(replace(FAULT, **change)) == fingerprint(FAULT)


@pytest.mark.parametrize(
    "change",
    [
        {"rule": "CAD-T02"}, {"survey": "planning"}, {"business_id": "500105001001GB00002"},
        {"other_feature": "cadastral.parcel/3C"}, {"field": "area_m2"},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_another_rule_feature_pair_or_field_is_another_fault(change):
    assert fingerprint(replace(FAULT, **change)) != fingerprint(FAULT)


def test_a_handle_of_one_file_is_not_the_same_handle_of_another():
    noted = replace(FAULT, rule="PRJ-I11", feature="1F", other_feature=None, business_id=None)
    assert fingerprint(replace(noted, file="b.dxf")) != fingerprint(noted)


ONE = replace(
    FAULT, business_id="甲", feature="p.unit/1", other_feature="p.unit/2", known_by=KnownBy("乙", mutual=True)
)
TURNED = replace(
    FAULT, business_id="乙", feature="p.unit/1", other_feature="p.unit/2", known_by=KnownBy("甲", mutual=True)
)


def test_a_pair_is_known_by_the_number_of_the_other_and_not_by_its_row():
    pair = replace(FAULT, known_by=KnownBy("乙"))
    assert fingerprint(replace(pair, other_feature="p.unit/9")) == fingerprint(pair)
    assert fingerprint(replace(pair, known_by=KnownBy("丙"))) != fingerprint(pair)


def test_a_pair_inside_one_layer_is_the_same_whichever_of_the_two_comes_first_and_others_are_not():
    assert fingerprint(ONE) == fingerprint(TURNED)
    apart = [replace(one, known_by=replace(one.known_by, mutual=False)) for one in (ONE, TURNED)]
    assert fingerprint(apart[0]) != fingerprint(apart[1])


def test_a_number_of_the_whole_project_is_known_by_its_name_and_not_by_its_file():
    whole = replace(FAULT, feature=None, other_feature=None, business_id=None, known_by=KnownBy(indicator="site_m2"))
    assert fingerprint(replace(whole, file="b.dxf", layer="红线")) == fingerprint(whole)
    assert fingerprint(replace(whole, known_by=KnownBy(indicator="plot_ratio"))) != fingerprint(whole)


@pytest.mark.parametrize("feature", [None, "cadastral.parcel/1F"])
def test_what_a_person_found_is_known_by_the_sentence(feature):
    found = replace(FAULT, feature=feature, other_feature=None, known_by=KnownBy(sentence="围墙压占"))
    assert fingerprint(replace(found, known_by=KnownBy(sentence="出入口未建"))) != fingerprint(found)


def test_faults_alike_keep_their_numbers_when_the_rows_of_their_features_change():
    places = ("POINT (10 0)", "POINT (20 0)")
    one, other = (
        [replace(FAULT, place=place, feature=f"p.unit/{row}") for place, row in zip(places, rows, strict=True)]
        for rows in ((1, 2), (2, 1))
    )
    assert fingerprints(one) == fingerprints(other)


def test_without_a_feature_words_tell_faults_apart_and_numbers_do_not():
    whole = replace(FAULT, feature=None, other_feature=None, business_id=None)
    assert fingerprint(replace(whole, measured=7.0)) == fingerprint(whole)
    assert fingerprint(replace(whole, required="3号楼")) != fingerprint(replace(whole, required="5号楼"))


def test_faults_alike_are_numbered_with_their_number_in_all_so_that_a_mark_never_slides_to_another():
    three = [replace(FAULT, place=f"POINT ({x} 0)") for x in (30, 10, 20)]
    first, second, third = fingerprints(three)
    assert [mark.rpartition("-")[2] for mark in (first, second, third)] == ["3of3", "1of3", "2of3"]
    assert not set(fingerprints(three[:2])) & {first, second, third}


@pytest.mark.parametrize(
    ("place", "point"), [("POLYGON ((0 0, 4 0, 4 2, 0 2, 0 0))", (2, 1)), (None, None), ("no wkt", None)]
)
def test_a_place_has_one_spot_and_a_damaged_one_none(place, point):
    assert spot(replace(FAULT, place=place)) == point
