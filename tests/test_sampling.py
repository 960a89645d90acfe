import doctest
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.quality import sampling
from pipeline.quality.sampling import accuracy_score, batch_grade, batches, overview_passes, sample_size

GRADES = st.sampled_from(["优", "良", "合格", "不合格"])


def test_the_examples_in_the_docstrings_are_true():
    results = doctest.testmod(sampling)
    assert results.attempted > 0
    assert results.failed == 0


def test_the_table_is_that_of_the_standard(shared: Path):
    facts = json.loads((shared / "reference" / "accuracy.json").read_text("utf-8"))["inspection_gbt24356_2023"]
    for least, most, drawn in facts["sampling_table_1"]:
        assert {sample_size(n) for n in (max(least, drawn), most)} == {drawn}


@pytest.mark.parametrize("units", [0, 1, 2, 3])
def test_a_batch_no_larger_than_its_sample_is_inspected_whole(units):
    assert sample_size(units) == units


@given(st.integers(0, 20_000))
def test_batches_hold_every_unit_once_and_at_most_a_thousand_each(units):
    parts = batches(units)
    assert sum(parts) == units
    assert all(0 < part <= 1000 for part in parts)
    assert len(parts) == -(-units // 1000)


@given(st.integers(1, 20_000))
def test_never_more_units_are_drawn_than_there_are(units):
    assert 0 < sample_size(units) <= units


@given(st.integers(1, 999))
def test_a_larger_batch_never_asks_for_fewer(units):
    assert sample_size(units) <= sample_size(units + 1)


def test_a_batch_of_fewer_than_no_units_is_refused():
    with pytest.raises(ValueError, match="-1"):
        sample_size(-1)


@pytest.mark.parametrize(("n_a", "n_b", "passes"), [(0, 0, True), (0, 3, True), (0, 4, False), (1, 0, False)])
def test_the_overview_check_allows_no_a_and_three_b(n_a, n_b, passes):
    assert overview_passes(n_a, n_b) is passes


@pytest.mark.parametrize(
    ("best", "good", "fair", "grade"),
    [
        (5, 4, 1, "优"),
        (4, 6, 0, "良"),
        (5, 3, 2, "良"),
        (3, 5, 2, "良"),
        (2, 8, 0, "合格"),
        (3, 4, 3, "合格"),
        (0, 0, 1, "合格"),
    ],
)
def test_a_batch_is_graded_by_its_shares(best, good, fair, grade):
    assert batch_grade(["优"] * best + ["良"] * good + ["合格"] * fair) == grade


@given(st.lists(GRADES))
def test_one_failed_unit_fails_the_batch(grades):
    assert batch_grade([*grades, "不合格"]) == "不合格"


def test_a_unit_without_a_grade_leaves_the_batch_without_one():
    assert batch_grade(["优", None]) is None
    assert batch_grade([]) is None


def test_a_word_that_is_no_grade_is_refused():
    with pytest.raises(ValueError, match="中"):
        batch_grade(["优", "中"])


@pytest.mark.parametrize(("m", "points"), [(0, 100), (0.03, 100), (0.065, 80), (0.1, 60), (0.1001, None)])
def test_accuracy_is_full_to_three_tenths_of_the_limit_and_sixty_at_it(m, points):
    assert accuracy_score(m, 0.1) == points


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 1))
def test_a_larger_error_never_scores_higher(m, n, limit):
    scores = [accuracy_score(error, limit) or 0 for error in sorted((m, n))]
    assert scores[0] >= scores[1]


@pytest.mark.parametrize(("m", "m0"), [(0.1, 0), (-0.1, 0.1)])
def test_an_accuracy_without_a_limit_is_refused(m, m0):
    with pytest.raises(ValueError, match="m0"):
        accuracy_score(m, m0)
