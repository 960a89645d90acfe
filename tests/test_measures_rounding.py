from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.rounding import half_up, printed, printed_beside


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (2.675, 2, "2.68"),
        (2.67499999, 2, "2.67"),
        (1.005, 2, "1.01"),
        (0.1 + 0.2, 2, "0.30"),
        (-2.675, 2, "-2.68"),
        (1234567.885, 2, "1234567.89"),
        (52103.2, 2, "52103.20"),
        (0.5, 0, "1"),
        (35.004999, 2, "35.00"),
        (3, 2, "3.00"),
    ],
)
def test_halves_go_up_whatever_binary_makes_of_them(value, decimals, expected):
    assert str(half_up(value, decimals)) == expected


def test_an_exact_number_is_not_taken_for_noise():
    assert half_up(Decimal("2.6749999999999"), 2) == Decimal("2.67")
    assert half_up(Fraction(2675, 1000) - Fraction(1, 10**15), 2) == Decimal("2.67")
    assert half_up(Fraction(-1, 200), 2) == Decimal("-0.01")


@given(st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_a_decimal_held_as_float_prints_as_that_decimal(units, decimals):
    value = Decimal(units).scaleb(-3)
    assert half_up(float(value), decimals) == half_up(value, decimals)


@given(st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6), st.integers(0, 4))
def test_rounding_moves_a_number_by_half_a_step_at_most(value, decimals):
    assert abs(Fraction(half_up(value, decimals)) - value) <= Fraction(1, 2 * 10**decimals)


def test_what_is_not_known_prints_as_a_dash():
    assert [printed(None, 2), printed(float("nan"), 2)] == ["—", "—"]


def test_zero_has_no_sign_and_a_number_without_decimals_stays():
    assert [printed(-0.0001, 2), printed(7, None)] == ["0.00", "7"]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_no_number_cannot_be_rounded(value):
    with pytest.raises(ValueError, match="not a number"):
        half_up(value, 2)


@pytest.mark.parametrize(
    ("figures", "shown"),
    [
        ([(0.1004, 3), (0.10, 2)], ["0.1004", "0.10"]),  # a shift, and its limit with fewer decimals
        ([(0.0501, 3), (0.05, 3)], ["0.0501", "0.050"]),
        ([(9.8996, 2), (10.0, 2), (0.1004, 2), (0.1, 2)], ["9.8996", "10.00", "0.1004", "0.10"]),
        ([(-0.1004, 2), (0.1, 2)], ["-0.1004", "0.10"]),
        ([(0.1049, 2), (0.1045, 3)], ["0.105", "0.1045"]),  # would read 0.10 and 0.105
        ([(0.0004, 2)], ["0.0004"]),  # nothing at all would be no fault
        ([(2000.004, 2), (2000.0, 0)], ["2000.004", "2000"]),
        ([(5.25, 0), (5.0, 0)], ["5.3", "5"]),
        ([(0.151, 2), (0.1, 2)], ["0.15", "0.10"]),
        ([(0.1 + 0.2, 2), (0.3, 2)], ["0.30", "0.30"]),
        ([(None, 2), (3.0, 2)], ["—", "3.00"]),
    ],
)
def test_what_exceeds_a_figure_never_reads_like_it(figures, shown):
    assert printed_beside(figures) == shown


@given(st.lists(st.tuples(st.floats(0, 1e6), st.integers(0, 4)), min_size=1, max_size=4))
def test_figures_side_by_side_read_in_the_order_they_have(figures):
    read = [Decimal(text) for text in printed_beside(figures)]
    for (one, _), first in zip(figures, read, strict=True):
        assert not (one > 2e-6 and first == 0)
        for (two, _), second in zip(figures, read, strict=True):
            assert one - two <= 2e-6 or first > second


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.integers(0, 4)), min_size=1, max_size=4))
def test_figures_that_read_apart_keep_their_decimals(figures):
    plain = [printed(value, places) for value, places in figures]
    sizes = [abs(Decimal(text)) for text in plain]
    values = [abs(value) for value, _ in figures]
    if (
        0 not in sizes
        and sorted(range(len(sizes)), key=sizes.__getitem__) == sorted(range(len(values)), key=values.__getitem__)
        and len(set(sizes)) == len(sizes)
    ):
        assert printed_beside(figures) == plain
