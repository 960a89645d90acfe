"""What a person waits for before anything is done, against importing the library that most of it is built on."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.processes import DUOCE, outside, python
from benchmarks.table import Row


def rows(*, quick: bool) -> Iterator[Row]:
    """Two commands as whole processes."""
    peer = python("import geopandas")
    for words, bound in (("--help", 0.3), ("rules", 0.6)):
        seconds = outside([*DUOCE, words], peer, runs=1 if quick else 9)
        yield Row(f"duoce {words}", 'python -c "import geopandas"', *seconds, bound, "whole processes", share=True)
