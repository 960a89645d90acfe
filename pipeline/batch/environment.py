"""What a result depends on besides the project: this software, its libraries, the standards, the options."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from pipeline import __version__
from pipeline.shipped import SCHEMAS
from pipeline.versions import versions

PACKAGE = Path(__file__).resolve().parents[1]
DOCUMENTS = frozenset({".md"})  # in the schemas, nothing depends on them


@cache
def software() -> str:
    """One hash of this package, its sources, the libraries whose results it prints, and the shipped standards."""
    sources = sorted(PACKAGE.rglob("*.py"))
    words = [f"{name} {version}" for name, version in sorted(versions().items())]
    return _hash([__version__, *words, *_contents(PACKAGE, sources), *_folder(SCHEMAS)])


def environment(
    *, standards_in: Sequence[Path], profile: str | None, edition: str | None, as_of: dt.date | None = None
) -> str:
    """One hash of everything but the project that decides its result."""
    further = [line for folder in standards_in for line in _folder(folder)]
    asked = [f"profile={profile}", f"edition={edition}", f"as_of={as_of or ''}"]
    return _hash([software(), *asked, *further])


def _folder(folder: Path) -> Iterable[str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix not in DOCUMENTS)
    return _contents(folder, [path for path in files if not path.name.startswith(".")])


def _contents(root: Path, files: Iterable[Path]) -> Iterable[str]:
    for path in files:
        yield f"{path.relative_to(root).as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}"


def _hash(words: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()
