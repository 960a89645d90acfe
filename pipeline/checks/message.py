"""Sentences of findings: the standard's text with its slots filled; numbers are rounded half up."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from typing import Any

from pipeline.rounding import printed_beside
from pipeline.scalars import missing

FIXED = re.compile(r"\.(\d+)f")
MISSING = "—"


def sentence(text: str, slots: Mapping[str, Any]) -> str:
    """`text` with `{slot}` or `{slot:.2f}` filled from `slots`; KeyError names a slot that does not exist.

    Figures with fixed decimals get more where what exceeds a limit would read like the limit (`printed_beside`).
    """
    form, pieces = string.Formatter(), list[str | tuple[float, int]]()
    for words, name, spec, conversion in form.parse(text):
        pieces.append(words)
        if name is not None:
            value, _ = form.get_field(name, (), slots)
            pieces.append(_filled(form.convert_field(value, conversion), spec or ""))
    figures = iter(printed_beside([piece for piece in pieces if not isinstance(piece, str)]))
    return "".join(piece if isinstance(piece, str) else next(figures) for piece in pieces)


def _filled(value: Any, spec: str) -> str | tuple[float, int]:
    """What stands for a slot: words, a dash for what is missing, or a figure and its decimals."""
    if isinstance(value, str):
        return value
    if missing(value):
        return MISSING
    fixed = FIXED.fullmatch(spec)
    return (float(value), int(fixed.group(1))) if fixed else format(value, spec)


def slots_of(text: str) -> set[str]:
    """Names of the slots that `text` uses."""
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name}
