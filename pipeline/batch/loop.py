"""The projects of a batch one after another."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from pipeline.batch.discover import Found
from pipeline.batch.record import Ended
from pipeline.batch.runner import run_group, stop
from pipeline.batch.settings import Settings


def in_turn(tasks: Sequence[Sequence[Found]], settings: Settings) -> Generator[Ended]:
    """Each record as its project ends. Leaving the iteration ends the project at work."""
    try:
        for found in (one for task in tasks for one in task):
            yield from run_group([found], settings)
    finally:
        stop()
