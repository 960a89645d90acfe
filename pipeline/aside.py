"""Files of an output folder are written aside and put in place when they are whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def aside(out: Path, name: str = ".writing") -> Iterator[Path]:
    """An empty folder `name` in `out`, which is created; what a killed run left there goes, and it goes itself at the end.

    Errors: OSError.
    """
    work = out / name
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def put_in_place(work: Path, out: Path) -> list[Path]:
    """Moves everything in `work` to `out`, over what has the same name there; returns what was moved.

    Errors: OSError; then the file at work stands as it was before.
    """
    written = []
    for path in sorted(work.iterdir()):
        target = out / path.name
        if target.is_dir():
            shutil.rmtree(target)
        path.replace(target)
        written.append(target)
    return written
