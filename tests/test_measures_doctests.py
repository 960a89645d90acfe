import doctest
import importlib

import pytest

NAMES = ("arcs", "closure", "corners", "heights", "judge", "names", "rounding", "service", "totals")


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_in_the_docstrings_are_true(name):
    results = doctest.testmod(importlib.import_module(f"pipeline.measures.{name}"))
    assert results.attempted > 0
    assert results.failed == 0
