"""Figures against each other: stated and computed, parts and whole, caps, approvals."""

from __future__ import annotations

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks import sums
from pipeline.tolerance import PerKey

COMMON = {"label": "上限", "unit": "m²", "source": "某处", "certainty": "proposal"}
CAPS = PerKey(**COMMON, kind="per_key", values={"甲": 100.0, "乙": None})
CENTS = st.integers(0, 10_000_000).map(lambda n: n / 100)


def frame(**columns):
    size = len(next(iter(columns.values())))
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([None] * size))


def rows(result):
    return [hit.row for hit in result.hits]


# ---------------------------------------------------------------- one row


@given(CENTS, st.floats(-0.0099, 0.0099))
def test_a_stated_area_within_the_rounding_is_never_a_fault(area_m2, gap_m2):
    subject = frame(said=[area_m2 + gap_m2], found=[area_m2])
    result = sums.equals_measured(subject, stated="said", computed="found", tolerance=0.01)
    assert (result.examined, result.hits) == (1, ())


@given(CENTS, st.floats(0.0101, 50))
def test_a_stated_area_beyond_the_rounding_is_always_a_fault_with_its_difference(area_m2, gap_m2):
    subject = frame(said=[area_m2 - gap_m2], found=[area_m2])
    (hit,) = sums.equals_measured(subject, stated="said", computed="found", tolerance=0.01).hits
    assert hit.slots["difference"] == pytest.approx(-gap_m2, abs=1e-6)


def test_exactly_one_cent_off_is_still_within_one_cent_whatever_floats_say():
    result = sums.equals_measured(frame(a=[1.10], b=[1.11]), stated="a", computed="b", tolerance=0.01)
    assert result.hits == ()


def test_rows_that_state_nothing_are_not_examined():
    result = sums.equals_measured(frame(a=[None, 5.0], b=[1.0, 5.0]), stated="a", computed="b", tolerance=0.01)
    assert result.examined == 1


@given(st.lists(CENTS, min_size=1, max_size=30))
def test_a_whole_made_of_its_parts_adds_up_however_many_there_are(parts):
    names = [f"p{i}" for i in range(len(parts))]
    subject = frame(**{name: [value] for name, value in zip(names, parts, strict=True)}, whole=[sum(parts)])
    assert sums.adds_up(subject, parts=names, whole="whole", tolerance=0.005).hits == ()


def test_an_absent_part_counts_nothing():
    result = sums.adds_up(frame(a=[3.0], b=[None], c=[4.0]), parts=["a", "b"], whole="c", tolerance=0.005)
    assert [(h.measured, h.required) for h in result.hits] == [(4.0, 3.0)]


def test_each_kind_has_its_own_cap_and_a_kind_without_one_is_undetermined():
    subject = frame(area=[99.0, 101.0, 5.0, 5.0], kind=["甲", "甲", "乙", "丙"])
    result = sums.at_most_per_key(subject, field="area", key="kind", caps=CAPS)
    assert (rows(result), result.examined, len(result.undetermined)) == ([1], 2, 2)


def test_a_figure_that_no_row_of_its_kind_has_is_a_missing_factor_not_a_fault():
    subject = frame(counted=[1.0, None], kind=["甲", "乙"])
    result = sums.has_factor(subject, field="counted", key="kind", where_to="请给出系数")
    assert (result.hits, result.undetermined) == ((), ("“乙”1 处无法计算：请给出系数",))


def test_a_figure_that_only_this_row_lacks_is_a_fault_unless_its_attribute_is_missing():
    subject = frame(counted=[1.0, None, None], kind=["甲", "甲", "甲"], depth=[1.2, 0.1, None])
    result = sums.has_factor(subject, field="counted", key="kind", where_to="…", needs=["depth"])
    assert rows(result) == [1]


def test_what_was_not_approved_in_writing_cannot_be_judged():
    subject = frame(use=["物资库", "汽车库", "汽车库"], approved=["物资库", "物资库", None])
    result = sums.equals_approved(subject, field="use", approved="approved")
    assert (rows(result), result.examined, len(result.undetermined)) == ([1], 2, 1)


def test_a_difference_needs_a_note_and_equality_needs_none():
    subject = frame(a=[1.0, 0.5, 0.5], b=[1.0, 1.0, 1.0], note=[None, "封闭阳台", None])
    result = sums.noted_where_different(subject, field="a", other_field="b", note="note")
    assert (rows(result), result.examined) == ([2], 3)


# ---------------------------------------------------------------- parts and wholes


@given(st.dictionaries(st.sampled_from("ABCDE"), st.lists(CENTS, max_size=20), min_size=1))
def test_wholes_that_are_the_sum_of_their_parts_are_never_faults_in_any_order(groups):
    wholes = frame(name=list(groups), total=[float(sum(values)) for values in groups.values()])
    pairs = sorted((value, name) for name, values in groups.items() for value in values)
    parts = frame(of=[n for _, n in pairs] or ["?"], area=[v for v, _ in pairs] or [0.0])
    result = sums.parts_sum_to(
        wholes, other=parts, key="name", other_key="of", part="area", whole="total", tolerance=0.005
    )
    assert (result.examined, result.hits) == (len(groups), ())


def test_a_whole_without_parts_sums_to_nothing_and_is_found():
    wholes, parts = frame(k=["F1", "F2"], area=[10.0, 5.0]), frame(k=["F1"], area=[10.0])
    result = sums.parts_sum_to(wholes, other=parts, key="k", part="area", whole="area", tolerance=0.01)
    assert [(h.row, h.measured, h.required) for h in result.hits] == [(1, 0.0, 5.0)]


def test_the_stated_storeys_equal_the_highest_storey_drawn():
    buildings, zones = frame(b=["1", "2", "3"], floors=[2, 3, 9]), frame(b=["1", "1", "2"], floor=[1, 2, 2])
    result = sums.largest_of(buildings, other=zones, key="b", field="floors", other_field="floor")
    assert ([(h.row, h.measured, h.required) for h in result.hits], result.examined) == ([(1, 3, 2)], 2)


def test_keys_compare_whole_numbers_and_trimmed_words_alike():
    subject = frame(a=[1.0, 2, None], b=[" x", "x ", "x"])
    assert sums.keys(subject, ["a", "b"]) == {0: "1/x", 1: "2/x"}
