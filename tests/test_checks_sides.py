"""Measured sides against drawn ones: limits by class and length, mean error, the outline along which a side runs."""

from __future__ import annotations

import math

import pytest
from factories_checks import frame, pairs, rows, square
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks import accuracy, sides
from pipeline.measures import classes
from pipeline.standard import load_profile

PROFILE = load_profile("national").numbers
SIDES = {name: PROFILE[f"property.side_error_{number}"] for number, name in enumerate("一二三", start=1)}
AREAS = {
    "一": PROFILE["property.area_error_1"],
    "二": PROFILE["property.area_error"],
    "三": PROFILE["property.area_error_3"],
}
SECOND, HIGH = PROFILE["property.accuracy_class"], PROFILE["property.check_accuracy"]
SAME = HIGH.model_copy(update={"choice": "同精度"})
CLASS = {"class_field": "grade", "default_class": SECOND, "limits": SIDES}
HERE = {"key": "floor", "reach_m": 0.01}


def measured(*lines, gaps=None, length=10.0, grade=None, floor="1", unit=None):
    """Sides of `length`, measured again with these differences."""
    size = len(lines)
    gaps = gaps or [0.0] * size
    return frame(
        *lines, floor=[floor] * size, unit=[unit] * size, grade=[grade] * size, given=[length] * size,
        checked=[length + gap for gap in gaps], gap=list(gaps),
    )  # fmt: skip


def units(*shapes, floor="1"):
    names = [f"u{number}" for number in range(len(shapes))]
    return frame(*shapes, floor=[floor] * len(shapes), unit=names)


# ---------------------------------------------------------------- the limits of the trade


@pytest.mark.parametrize(
    ("name", "alpha", "beta"), [("一", 0.014, 0.0004), ("二", 0.028, 0.0014), ("三", 0.056, 0.004)]
)
@given(length_m=st.floats(0.1, 200))
def test_the_limit_of_a_side_is_that_of_its_class_at_its_length(name, alpha, beta, length_m):
    assert SIDES[name].at(length_m) == pytest.approx(alpha + beta * length_m, abs=1e-12)


@pytest.mark.parametrize(("name", "limit_m"), [("一", 0.018), ("二", 0.042), ("三", 0.096)])
def test_a_side_of_ten_metres_worked_by_hand(name, limit_m):
    assert SIDES[name].at(10.0) == pytest.approx(limit_m)


@pytest.mark.parametrize(("name", "a", "b"), [("一", 0.02, 0.0006), ("二", 0.04, 0.002), ("三", 0.08, 0.006)])
@given(area_m2=st.floats(0.1, 5000))
def test_the_limit_of_an_area_is_that_of_its_class(name, a, b, area_m2):
    assert AREAS[name].at(area_m2) == pytest.approx(a * math.sqrt(area_m2) + b * area_m2, abs=1e-12)


@given(st.sampled_from("一二三"), st.floats(1, 100), st.sampled_from([-1, 1]))
def test_a_difference_is_found_just_above_its_limit_and_not_just_below(name, length_m, sign):
    limit_m = SIDES[name].at(length_m)
    line = f"LINESTRING(0 0,{length_m} 0)"
    data = measured(line, line, gaps=[sign * (limit_m - 1e-4), sign * (limit_m + 1e-4)], length=length_m, grade=name)
    how = {"key": "floor", "owner": "unit", "checked": "checked", "given": "given", "reach_m": 0.01, **CLASS}
    (hit,) = sides.side_within_class(data, other=units(square(0, 0)), **how).hits
    assert (hit.row, hit.tolerance) == (20, pytest.approx(limit_m))
    assert hit.measured - hit.required == pytest.approx(sign * (limit_m + 1e-4))


def test_areas_are_judged_by_the_class_of_the_project_unless_a_row_states_its_own():
    data = frame("POINT(0 0)", "POINT(0 0)", gap=[0.5, 0.5], size=[100.0, 100.0], grade=[None, "一"])
    how = {"field": "gap", "size": "size", "limits": AREAS, "class_field": "grade", "unit": "m²"}
    assert rows(accuracy.within_class_by_size(data, default_class=SECOND, **how)) == [20]
    first = SECOND.model_copy(update={"choice": "一"})
    assert rows(accuracy.within_class_by_size(data, default_class=first, **how)) == [10, 20]


def test_a_class_without_a_formula_leaves_the_rule_open_and_is_named():
    result = accuracy.within_class_by_size(
        frame("POINT(0 0)", gap=[9.0], size=[100.0]), field="gap", size="size", limits=AREAS,
        default_class=SECOND.model_copy(update={"choice": "四"}),
    )  # fmt: skip
    assert (result.examined, result.hits) == (0, ())
    assert "“四”" in result.undetermined[0]


# ---------------------------------------------------------------- whose side it is


def test_a_finding_names_the_unit_that_the_side_says_even_where_it_runs_along_two():
    both = units(square(0, 0), square(10, 0))
    party = measured("LINESTRING(10 0,10 10)", gaps=[0.2], unit="u1")
    how = {"owner": "unit", "checked": "checked", "given": "given", **HERE, **CLASS}
    assert pairs(sides.side_within_class(party, other=both, **how)) == {(10, 20)}


def test_without_a_unit_it_names_the_first_outline_of_its_floor_along_which_it_runs():
    there = units(square(0, 0), square(50, 0))
    how = {"owner": "unit", "checked": "checked", "given": "given", **HERE, **CLASS}
    assert pairs(sides.side_within_class(measured("LINESTRING(50 0,60 0)", gaps=[0.2]), other=there, **how)) == {
        (10, 20)
    }
    assert pairs(sides.side_within_class(measured("LINESTRING(80 0,90 0)", gaps=[0.2]), other=there, **how)) == {
        (10, None)
    }
    elsewhere = measured("LINESTRING(50 0,60 0)", gaps=[0.2], floor="2")
    assert pairs(sides.side_within_class(elsewhere, other=there, **how)) == {(10, None)}


# ---------------------------------------------------------------- along an outline


@pytest.mark.parametrize(
    ("line", "gap_m"),
    [
        ("LINESTRING(0 0,10 0)", None),
        ("LINESTRING(2 10,7 10)", None),
        ("LINESTRING(0 0,20 0)", None),  # along two outlines in turn
        ("LINESTRING(0 0.01,10 0.01)", None),
        ("LINESTRING(0 0.02,10 0.02)", 0.02),
        ("LINESTRING(0 0,25 0)", 5.0),
        ("LINESTRING(0 0,10 10)", 5.0),  # both ends on the outline, the middle not
    ],
)
def test_every_point_of_a_side_lies_on_an_outline_of_its_floor(line, gap_m):
    result = sides.along_outlines(measured(line), other=units(square(0, 0), square(10, 0)), **HERE)
    assert [hit.measured for hit in result.hits] == (
        [] if gap_m is None else [pytest.approx(gap_m, abs=sides.STEP_M / 2)]
    )
    assert result.examined == 1


def test_sides_without_a_figure_or_without_an_outline_of_their_floor_are_not_examined():
    data = measured(None, "LINESTRING(0 0,10 0)", floor="9")
    assert sides.along_outlines(data, other=units(square(0, 0)), **HERE).examined == 0


# ---------------------------------------------------------------- mean error


MEAN = {"field": "gap", "size": "given", "per_mean": 2.0, **CLASS}


def line_of(count):
    return ["LINESTRING(0 0,10 0)"] * count


def test_the_mean_error_is_the_root_of_the_mean_square_and_hangs_on_the_largest_difference():
    (hit,) = sides.sides_mean_within_class(measured(*line_of(3), gaps=[0.02, -0.04, 0.03]), check=HIGH, **MEAN).hits
    assert hit.row == 20
    assert hit.measured == pytest.approx(math.sqrt((0.0004 + 0.0016 + 0.0009) / 3))
    assert hit.required == pytest.approx(0.021)  # half of 0.028 + 0.0014 × 10


def test_of_two_measurements_of_the_same_accuracy_each_bears_half():
    data = measured(*line_of(2), gaps=[0.028, -0.028])
    assert rows(sides.sides_mean_within_class(data, check=HIGH, **MEAN)) == [20]
    assert rows(sides.sides_mean_within_class(data, check=SAME, **MEAN)) == []
    assert classes.mean_error(data, field="gap", check=SAME) == pytest.approx(0.028 / math.sqrt(2))


def test_each_class_has_a_mean_of_its_own():
    data = measured(*line_of(2), gaps=[0.01, 0.02])
    data["grade"] = ["一", None]
    (hit,) = sides.sides_mean_within_class(data, check=HIGH, **MEAN).hits
    assert (hit.row, hit.slots["accuracy_class"], hit.slots["count"]) == (10, "一", 1)


@given(st.lists(st.floats(-0.05, 0.05), min_size=1, max_size=8), st.sampled_from("一二三"))
def test_sides_that_each_keep_half_their_limit_keep_the_mean_together(gaps, name):
    most = SIDES[name].at(10.0) / 2
    kept = [max(-most, min(most, gap)) for gap in gaps]
    assert (
        rows(sides.sides_mean_within_class(measured(*line_of(len(kept)), gaps=kept, grade=name), check=HIGH, **MEAN))
        == []
    )


# ---------------------------------------------------------------- columns of the table


def test_limit_and_verdict_of_each_row_are_those_of_the_rule():
    data = measured(*line_of(3), gaps=[0.042, 0.043, 0.0])
    data.loc[30, "gap"] = None
    data["limit"] = classes.limit_by_class(data, size="given", default_class=SECOND, limits=SIDES, class_field="grade")
    assert list(classes.within_limit(data, field="gap", limit="limit", words=["合格", "超限"])) == [
        "合格",
        "超限",
        None,
    ]


def test_no_class_at_all_gives_no_limit():
    nobody = SECOND.model_copy(update={"choice": "四"})
    data = measured(*line_of(1))
    assert math.isnan(classes.limit_by_class(data, size="given", default_class=nobody, limits=SIDES)[0])
    assert classes.mean_error(data.iloc[:0], field="gap") is None
