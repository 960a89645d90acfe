import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from pipeline.standard import load_profile
from pipeline.tolerance import Number

FACTS = {"label": "试验", "unit": "m", "source": "试验", "certainty": "proposal"}
READ = TypeAdapter(Number)


def number(**given):
    return READ.validate_python(FACTS | given)


def test_an_absolute_limit_is_the_same_at_any_size():
    assert [number(value=0.1).at(size) for size in (0, 5, 1e9)] == [0.1, 0.1, 0.1]


def test_a_number_nobody_gave_has_no_limit():
    assert number(value=None).at(10) is None
    assert number(kind="bins", bins=None).at(10) is None


def test_a_count_is_a_number():
    assert number(kind="count", value=2).at(7) == 2


def test_percent_is_of_the_size():
    assert number(kind="percent", percent=3).at(-200) == pytest.approx(6)


@pytest.mark.parametrize(("depth", "factor"), [(0.0, 0.0), (0.29, 0.0), (0.3, 0.5), (0.59, 0.5), (0.6, 1.0), (9, 1.0)])
def test_a_bin_holds_its_lower_end_and_not_its_upper(depth, factor):
    assert number(kind="bins", bins=[[0, 0.3, 0], [0.3, 0.6, 0.5], [0.6, None, 1]]).at(depth) == factor


def test_no_bin_no_factor():
    assert number(kind="bins", bins=[[0.3, 0.6, 0.5]]).at(0.1) is None


@pytest.mark.parametrize(("size", "limit"), [(1000, 30), (5000, 100), (10000, 150), (50000, 250), (200000, 500)])
def test_steps_give_a_share_by_size_up_to_the_cap(size, limit):
    steps = [[1000, 0.03], [5000, 0.02], [10000, 0.015], [None, 0.005]]
    assert number(kind="stepped", steps=steps, cap=500).at(size) == pytest.approx(limit)


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValidationError):
        number(kind="about", value=1)


@pytest.mark.parametrize("field", ["label", "unit", "source", "certainty"])
def test_every_number_has_label_unit_source_and_certainty(field):
    with pytest.raises(ValidationError):
        READ.validate_python({k: v for k, v in (FACTS | {"value": 1}).items() if k != field})


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_the_area_limit_grows_with_the_area(a, b):
    limit = number(kind="area", a=0.04, b=0.002)
    assert (limit.at(a) <= limit.at(b)) == (a <= b) or limit.at(a) == limit.at(b)


def test_the_profile_in_use_rests_on_the_national_one():
    national, local = load_profile("national"), load_profile("chongqing")
    assert national.numbers.keys() <= local.numbers.keys()
    assert local.provisional
    assert local.numbers["planning.area_allowance"].at(1000) is None
