import doctest
import importlib

import pytest

NAMES = ("arcs", "closure", "corners", "heights", "judge", "names", "service", "sides", "totals")
MODULES = ("pipeline.rounding", *(f"pipeline.measures.{name}" for name in NAMES))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name):
    results = doctest.testmod(importlib.import_module(name))
    assert results.attempted > 0
    assert results.failed == 0
