"""Sentences of findings: the standard's text with its slots filled; numbers are rounded half up."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from typing import Any

from pipeline.rounding import printed
from pipeline.scalars import missing

FIXED = re.compile(r"\.(\d+)f")
MISSING = "—"


class _Sentence(string.Formatter):
    """str.format that prints missing values as a dash and fixed decimals half up."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, str):
            return value
        if missing(value):
            return MISSING
        fixed = FIXED.fullmatch(format_spec)
        if fixed:
            return printed(float(value), int(fixed.group(1)))
        return str(format(value, format_spec))


def sentence(text: str, slots: Mapping[str, Any]) -> str:
    """`text` with `{slot}` or `{slot:.2f}` filled from `slots`; KeyError names a slot that does not exist."""
    return _Sentence().vformat(text, (), slots)


def slots_of(text: str) -> set[str]:
    """Names of the slots that `text` uses."""
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name}
