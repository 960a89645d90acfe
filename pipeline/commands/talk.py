"""How commands talk: results to the output, everything else to the error stream, progress only to a person."""

from __future__ import annotations

import sys
from collections.abc import Callable


def out(text: str) -> None:
    """A result."""
    print(text)


def say(text: str) -> None:
    """A message that is not the result."""
    print(text, file=sys.stderr)


def progress(*, quiet: bool) -> Callable[[str], None]:
    """Tells each step on a terminal; says nothing in a pipe or when asked to be quiet."""
    if quiet or not sys.stderr.isatty():
        return lambda _: None
    return lambda step: say(f"· {step} …")
