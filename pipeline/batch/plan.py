"""Which projects make one task: by the work their size promises, so that no task is too short to be worth sending."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.batch.discover import Found

TASK_SECONDS = 0.3  # a task costs Dask about 2 ms; what cannot be run is done in a fraction of what its size promises
PROJECT_SECONDS = 0.15  # a project of a few parcels (measured, benchmarks/batch.py)
MB_SECONDS = 0.8  # and each megabyte of its files beyond
REPORT_SECONDS = 4.0  # its documents
SMALL_SECONDS = 2.0  # less work than this is done before a cluster has started
MB = 1_000_000


def seconds(found: Found, *, reports: bool = False) -> float:
    """Roughly what the project will take on one core."""
    return 0.0 if found.fault else PROJECT_SECONDS + found.bytes / MB * MB_SECONDS + reports * REPORT_SECONDS


def groups(projects: Iterable[Found], *, reports: bool = False) -> list[tuple[Found, ...]]:
    """Tasks of at least `TASK_SECONDS` each, the longest first; a project as long as that is a task of its own.

    What is left over at the end goes with the last task.
    """
    made: list[tuple[Found, ...]] = []
    waiting: list[Found] = []
    held = 0.0
    for found in sorted(projects, key=lambda item: (-seconds(item, reports=reports), item.path)):
        waiting.append(found)
        held += seconds(found, reports=reports)
        if held >= TASK_SECONDS:
            made.append(tuple(waiting))
            waiting, held = [], 0.0
    if waiting and made:
        made[-1] += tuple(waiting)
    return made or [tuple(waiting)] * bool(waiting)


def small(projects: Sequence[Found], *, reports: bool = False) -> bool:
    """Whether all of them are done before a cluster would have started."""
    return sum(seconds(found, reports=reports) for found in projects) < SMALL_SECONDS
