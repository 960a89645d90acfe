"""One project in seven steps: read, fingerprint, source layers, canonical layers, measure, check, merge."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.isolation.parent import Isolation
from pipeline.model import ProjectReport
from pipeline.project.intake import opened, read_inputs
from pipeline.project.judging import judge, merged, so_far, take_measures
from pipeline.project.placing import place

__all__ = ["run_project"]
Progress = Callable[[str], None]


def run_project(
    folder: Path,
    *,
    standards_in: Sequence[Path] = (),
    profile: str | None = None,
    edition: str | None = None,
    as_of: dt.date | None = None,
    progress: Progress = lambda _: None,
    isolation: Isolation | None = None,
    read: Callable[[], None] = lambda: None,
    placed: Callable[[ProjectReport], None] = lambda _: None,
) -> ProjectReport:
    """The checked, merged result of the project in `folder`.

    standards_in: folders with further survey standards. profile: overrides the project's own choice.
    edition: an older edition of the standards (`editions.known`); None: the current one.
    as_of: the day on which it is judged whether a waiver still holds; None: the project's own date.
    isolation: where the files are read, started (and ended) by the caller; else a worker process of this run.
    read: hears that `isolation` has nothing left to read.
    placed: hears the result as it is before the rules: what hangs on layers and measures alone can begin.
    Errors: InputError when nothing can run, StandardError when a standard is wrong; wrong data become findings.
    """
    progress("读取项目与标准")
    with contextlib.nullcontext(isolation) if isolation else Isolation() as workers:  # starts while the standards load
        run = opened(folder, standards_in, profile, edition)
        progress("核对输入文件")
        read_inputs(run, workers)
    read()
    progress("转换为标准图层")
    place(run)
    progress("量测")
    take_measures(run)
    placed(so_far(run))
    progress("检查")
    judge(run, as_of)
    progress("合并成果")
    return merged(run)
