"""Single values out of frames: whether one is given at all, and as what plain Python it is printed."""

from __future__ import annotations

import sys
from typing import Any


def missing(value: Any) -> bool:
    """Whether there is no value: None, NaN, NA or NaT; an empty text is one."""
    if isinstance(value, str):
        return not value.strip()
    if value is None or isinstance(value, float):
        return value is None or value != value  # noqa: PLR0124 — NaN alone is not itself
    pandas = sys.modules.get("pandas")  # not loaded: then NA and NaT cannot be met, and it need not be
    return pandas is not None and bool(pandas.api.types.is_scalar(value) and pandas.isna(value))


def plain(value: Any) -> Any:
    """Plain Python: numpy and pandas scalars unwrapped, a missing one None."""
    if missing(value):
        return None
    return value.item() if hasattr(value, "item") else value
