"""Files inspected in worker processes under the limits of the profile; this process only asks and waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pipeline.isolation.parent import LEAN, Isolation, limits_of
from pipeline.isolation.worker import Job
from pipeline.standard import load_profile

FACTS, PROPOSAL = "pipeline.inspection.facts:facts", "pipeline.inspection.proposal:proposal"
TABLES = frozenset({".xlsx"})  # formats that only hold tables, never a survey
PROFILE = "national"
MB = 1_000_000

Progress = Callable[[str], None]


def reports(paths: Sequence[Path], *, progress: Progress = lambda _: None) -> list[dict[str, Any]]:
    """What `facts.inspect_file` tells of each file; a file that kills or outlasts its reader has a finding that says so."""
    return _asked([facts_job(path) for path in paths], progress)


def proposals(paths: Sequence[Path], *, progress: Progress = lambda _: None) -> list[str]:
    """A mapping proposed for each file, as YAML text."""
    return _asked([Job(path, path.as_posix(), in_blocks=True, then=PROPOSAL) for path in paths], progress)


def facts_job(path: Path) -> Job:
    """What is asked of a worker for one report."""
    return Job(path, path.as_posix(), hidden=True, table=path.suffix.lower() in TABLES, then=FACTS)


def _asked(jobs: Sequence[Job], progress: Progress) -> list[Any]:
    for job in jobs:
        progress(f"读取 {job.name}（{_size(job.path)}）")
    with Isolation(boot=LEAN) as workers:
        limits = limits_of(load_profile(PROFILE).numbers)
        return workers.then(jobs, limits, told=lambda name, text: progress(f"{name}：{text}"))


def _size(path: Path) -> str:
    size = path.stat().st_size if path.is_file() else 0
    return f"{size / MB:.1f} MB"
