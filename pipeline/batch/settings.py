"""What every project of a batch is run with; goes to the processes that run them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.isolation.worker import Limits
from pipeline.unpacking.unpack import ZipLimits

PROJECTS, CACHE, WRITING = "projects", "cache", "writing"
#: the program of a process that runs projects; `{root!r}` is the folder of this package
BOOT = "import sys; sys.path.insert(0, {root!r}); from pipeline.batch import child; child.serve()"


@dataclass(frozen=True, slots=True)
class Settings:
    """Absolute paths, the options of the batch, and the limits of one project.

    environment: hash of software, standards and options; software: the part of it that every process checks.
    deaths: how often a project may lose its process, without having reached a limit, before it is given up.
    boot: the program of the processes; tests give one that misbehaves.
    """

    zone: Path
    out: Path
    environment: str
    software: str
    standards_in: tuple[Path, ...] = ()
    profile: str | None = None
    edition: str | None = None
    as_of: dt.date | None = None
    reports: bool = False
    limits: Limits = field(default_factory=Limits)
    zip_limits: ZipLimits = field(default_factory=ZipLimits)
    deaths: int = 2
    boot: str = BOOT

    @property
    def projects(self) -> Path:
        """Where each project has its folder of results."""
        return self.out / PROJECTS

    @property
    def writing(self) -> Path:
        """Where results are written before they are put in place: on the same file system."""
        return self.out / CACHE / WRITING

    def source(self, path: str) -> Path:
        """The project folder or zip of a path below the zone."""
        return self.zone / path if path else self.zone
