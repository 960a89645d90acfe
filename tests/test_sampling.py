import doctest
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.quality import sampling
from pipeline.quality.sampling import batches, sample_size


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
