"""Check measurements against accuracy classes."""

from __future__ import annotations

import pytest
from factories_checks import frame, rows
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks import accuracy
from pipeline.tolerance import Choice, PerKey

SAID = {"unit": "m", "source": "某处", "certainty": "established"}
MEAN = PerKey(label="中误差", kind="per_key", values={"一": 0.05, "二": 0.075, "三": 0.10}, **SAID)
LIMIT = PerKey(label="限差", kind="per_key", values={"一": 0.10, "二": 0.15, "三": 0.20}, **SAID)
FIRST = Choice(label="等级", kind="choice", choice="一", options=("一", "二", "三"), **SAID)
CLASS = {"class_field": "grade", "default_class": FIRST}
SPACING = {"length": "length", "mean_errors": MEAN, "limits": LIMIT, "short_m": 50.0, "per_m": 0.02, **CLASS}


def checked(*gaps, grade=None, length=10.0):
    size = len(gaps)
    return frame(*["POINT(0 0)"] * size, gap=list(gaps), grade=[grade] * size, length=[length] * size)


@pytest.mark.parametrize(("grade", "limit"), [(None, 0.10), ("一", 0.10), ("二", 0.15), ("三", 0.20)])
def test_each_class_has_its_own_limit_and_the_limit_itself_is_kept(grade, limit):
    result = accuracy.within_class(checked(limit, limit + 0.001, grade=grade), field="gap", limits=LIMIT, **CLASS)
    assert rows(result) == [20]


@given(st.floats(0.5, 50), st.sampled_from(["一", "二", "三"]))
def test_short_spacings_follow_the_formula_and_never_pass_the_limit_of_the_class(distance_m, grade):
    wanted = min(LIMIT.values[grade], MEAN.values[grade] * (1 + 0.02 * distance_m))
    data = checked(wanted - 1e-4, -wanted - 1e-4, grade=grade, length=distance_m)
    (hit,) = accuracy.spacing_within_class(data, field="gap", **SPACING).hits
    assert (hit.row, hit.tolerance) == (20, pytest.approx(wanted))


def test_beyond_the_short_spacing_the_limit_of_the_class_holds():
    result = accuracy.spacing_within_class(checked(0.1, 0.101, length=80.0), field="gap", **SPACING)
    assert rows(result) == [20]


def test_the_mean_error_is_the_root_of_the_mean_square_and_hangs_on_the_worst_point():
    (hit,) = accuracy.mean_within_class(checked(0.03, 0.08, 0.05), field="gap", mean_errors=MEAN, **CLASS).hits
    assert (hit.row, hit.slots["count"]) == (20, 3)
    assert hit.measured == pytest.approx(((0.0009 + 0.0064 + 0.0025) / 3) ** 0.5)


def test_rows_without_a_check_are_not_examined_and_a_class_without_a_figure_leaves_the_rule_open():
    result = accuracy.within_class(checked(None, 0.5, grade="四"), field="gap", limits=LIMIT, **CLASS)
    assert (result.examined, result.hits) == (0, ())
    assert "四" in result.undetermined[0]
