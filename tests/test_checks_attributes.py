"""Values row by row, codes, and layers that name each other."""

from __future__ import annotations

import pytest
from factories_checks import frame, pairs, rows
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks import attributes, codes, intake, links
from pipeline.checks.scene import notes_frame

PARCEL = "500105002006GB00117"


def column(*values, name="a"):
    return frame(*["POINT(0 0)"] * len(values), **{name: values})


@pytest.mark.parametrize("value", [None, "", "  ", "　", float("nan")])
def test_nothing_but_blanks_is_not_filled_in(value):
    assert rows(attributes.required(column("x", value), fields=["a"])) == [20]


def test_an_empty_layer_is_examined_once_as_a_layer():
    result = attributes.present(frame())
    assert (result.examined, len(result.hits)) == (1, 1)


def test_each_repetition_points_to_the_first_one():
    assert pairs(attributes.unique(column("x", "y", "x", None, None, "x"), fields=["a"])) == {(30, 10), (60, 10)}


def test_two_fields_repeat_only_together():
    both = frame(*["POINT(0 0)"] * 3, a=["1", "1", "2"], b=["x", "y", "x"])
    assert attributes.unique(both, fields=["a", "b"]).hits == ()


def test_a_pattern_holds_from_end_to_end():
    assert rows(attributes.matches(column("J1", "J12", "aJ1", "J1a"), field="a", pattern="J[0-9]+")) == [30, 40]


def test_an_unknown_code_is_found_and_an_empty_one_is_not():
    result = attributes.in_codes(column("1", "9", None), field="a", codes={"1": "一"})
    assert (rows(result), result.examined) == ([20], 2)


def test_numbers_keep_both_ends_of_a_range_and_float_noise_is_no_fault():
    result = attributes.numeric_range(column(0.3 - 1e-12, 0.3, 0.5, 0.7, 0.1), field="a", at_least=0.3, at_most=0.5)
    assert [(h.row, h.required) for h in result.hits] == [(40, 0.5), (50, 0.3)]


@pytest.mark.parametrize("bad", ["５00105", "gb", "GB 1", "ＧＢ"])
def test_codes_with_other_characters_say_how_they_should_be_written(bad):
    (hit,) = codes.half_width(column(bad), fields=["a"]).hits
    assert hit.required == {"５00105": "500105", "gb": "GB", "GB 1": "GB1", "ＧＢ": "GB"}[bad]


digits = st.integers(0, 9).map(str)
wanted_parcels = st.tuples(
    st.text("0123456789", min_size=12, max_size=12),
    st.sampled_from(["GB", "JB", "GS", "GX", "JA", "JC", "JD", "GD", "GH", "GG", "ZW", "GY"]),
    st.integers(1, 99999),
).map(lambda t: f"{t[0]}{t[1]}{t[2]:05d}")


@given(wanted_parcels)
def test_every_well_formed_parcel_code_is_right_and_makes_right_unit_codes(code):
    assert codes.code_structure(column(code), field="a", structure="parcel").hits == ()
    units = column(code + "W00000000", code + "F00010001", code + "L12345678")
    assert codes.code_structure(units, field="a", structure="unit").hits == ()


@given(wanted_parcels, st.integers(0, 18))
def test_a_code_with_a_place_missing_is_wrong(code, place):
    assert len(codes.code_structure(column(code[:place] + code[place + 1 :]), field="a", structure="parcel").hits) == 1


@pytest.mark.parametrize(
    ("code", "segment"),
    [
        ("5001O5002006GB00117", "县级行政区划"),
        ("500105X02006GB00117", "地籍区"),
        ("500105002X06GB00117", "地籍子区"),
        ("500105002006GZ00117", "宗地特征码"),
        ("500105002006GA00117", "宗地特征码"),
        ("500105002006GC00117", "宗地特征码"),
        ("500105002006ZB00117", "宗地特征码"),
        ("500105002006JH00117", "宗地特征码"),
        ("500105002006GB00000", "宗地顺序号"),
    ],
)
def test_the_wrong_segment_is_named(code, segment):
    (hit,) = codes.code_structure(column(code), field="a", structure="parcel").hits
    assert hit.slots["segment"] == segment


@pytest.mark.parametrize(
    ("tail", "segment"), [("W00000001", "定着物单元号"), ("X00000001", "定着物特征码"), ("F0000000A", "定着物单元号")]
)
def test_the_wrong_segment_of_a_unit_code_is_named(tail, segment):
    (hit,) = codes.code_structure(column(PARCEL + tail), field="a", structure="unit").hits
    assert hit.slots["segment"] == segment


def test_a_code_begins_with_that_of_what_it_belongs_to():
    both = frame("POINT(0 0)", "POINT(0 0)", a=[PARCEL + "W00000000", "1" + PARCEL[1:] + "W00000000"], b=[PARCEL] * 2)
    assert rows(codes.starts_with(both, field="a", prefix="b", length=19)) == [20]


@given(st.integers(-5, -1), st.integers(1, 30))
def test_floors_without_a_zero_run_on(lowest, highest):
    floors = [n for n in range(lowest, highest + 1) if n]
    table = frame(*["POINT(0 0)"] * len(floors), n=floors, g=["x"] * len(floors))
    assert attributes.consecutive(table, field="n", group="g", skip=[0]).hits == ()


def test_a_gap_in_numbers_is_named_with_what_is_missing():
    (hit,) = attributes.consecutive(frame(*["POINT(0 0)"] * 3, n=[1, 2, 5], g=["x"] * 3), field="n", group="g").hits
    assert (hit.row, hit.slots["missing"], hit.slots["group"]) == (30, "3、4", "x")


def test_shares_follow_the_factor_within_its_printing():
    table = frame(*["POINT(0 0)"] * 2, s=[80.0, 80.0], k=[0.2500004, 0.2510000], d=[20.0, 20.0])
    result = attributes.factor_agrees(table, base="s", factor="k", share="d", tolerance=0.01, factor_tolerance=1e-6)
    assert rows(result) == [20]


def test_low_storeys_count_nothing():
    table = frame(*["POINT(0 0)"] * 3, h=[2.2, 2.19, 2.19], s=[50.0, 0.0, 50.0])
    assert rows(attributes.zero_below(table, field="s", by="h", below=2.2)) == [30]


# ---------------------------------------------------------------- links


def test_names_that_lead_nowhere_are_found():
    result = links.refers_to(column("x", "y", None), other=column("x", name="b"), field="a", other_field="b")
    assert (rows(result), result.examined) == ([20], 2)


def test_parts_are_counted_by_whom_they_name():
    parts = column("x", "x", "y", name="b")
    assert rows(links.has_at_least(column("x", "y", "z"), other=parts, field="a", other_field="b", at_least=2)) == [
        20,
        30,
    ]
    told = frame("POINT(0 0)", "POINT(0 0)", a=["x", "y"], n=[2, 2])
    (hit,) = links.count_equals(told, other=parts, field="a", other_field="b", stated="n").hits
    assert (hit.row, hit.measured, hit.required) == (20, 2, 1)


def test_sums_by_key_agree_or_differ_or_cannot_be_told():
    """The verb of edition 2026-11, which stays runnable."""
    own = frame(*["POINT(0 0)"] * 3, k=["x", "x", "y"], v=[1.0, 2.0, 5.0])
    asked = {"key": "k", "field": "v", "other_field": "w"}
    agree = links.sums_agree(own, other=frame(*["POINT(0 0)"] * 2, k=["x", "y"], w=[3.0, 4.0]), limit=0.005, **asked)
    assert [(h.row, h.measured, h.required) for h in agree.hits] == [(30, 5.0, 4.0)]
    unknown = links.sums_agree(own, other=frame("POINT(0 0)", k=["x"], w=[None]), limit=9, **asked)
    assert (unknown.examined, len(unknown.undetermined)) == (1, 1)


def test_sums_by_owner_agree_or_differ_or_cannot_be_told():
    owners = frame("POINT(0 0)", "POINT(0 0)", "POINT(0 0)", k=["x", "y", "z"])
    parts = {"k": ["x", "x", "y", "x", "y", "y"], "v": [1.0, 2.0, 5.0, None, None, None],
             "w": [None, None, None, 3.0, 4.0, 9.0], "t": [None, None, None, "in", "in", "out"]}  # fmt: skip
    asked = {"key": "k", "field": "v", "other_field": "w", "limit": 0.005, "kind": "t", "kinds": ["in"]}
    agree = links.sums_agree_by_owner(owners, other=frame(*["POINT(0 0)"] * 6, **parts), **asked)
    assert (agree.examined, [(h.row, h.measured, h.required) for h in agree.hits]) == (2, [(20, 5.0, 4.0)])
    parts["w"][3] = None
    unknown = links.sums_agree_by_owner(owners, other=frame(*["POINT(0 0)"] * 6, **parts), **asked)
    assert (unknown.examined, len(unknown.undetermined)) == (1, 1)


# ---------------------------------------------------------------- intake


def test_notes_of_one_kind_become_hits_with_their_facts():
    notes = notes_frame(
        [{"kind": "ring_open", "file": "a.dxf", "measured": 0.35, "unit": "m"}, {"kind": "not_read", "file": "b.dxf"}],
        examined=2,
    )
    result = intake.noted(notes, kind="ring_open")
    assert (result.examined, [(h.row, h.measured, h.unit) for h in result.hits]) == (2, [(0, 0.35, "m")])


def test_without_inputs_nothing_was_examined():
    assert intake.noted(notes_frame([], examined=0), kind="ring_open").examined == 0


def test_a_count_beside_notes_without_one_stays_a_whole_number():
    notes = notes_frame([{"kind": "count_mismatch", "claimed": 5, "read": 4}, {"kind": "ring_open"}], examined=2)
    assert [str(value) for value in notes.loc[0, ["claimed", "read"]]] == ["5", "4"]
