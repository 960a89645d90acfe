"""Single values out of frames: whether one is given at all, and as what plain Python it is printed."""

from __future__ import annotations

from typing import Any

import pandas as pd


def missing(value: Any) -> bool:
    """Whether there is no value: None, NaN, NA or NaT; an empty text is one."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or bool(pd.api.types.is_scalar(value) and pd.isna(value))


def plain(value: Any) -> Any:
    """Plain Python: numpy and pandas scalars unwrapped, a missing one None."""
    if missing(value):
        return None
    return value.item() if hasattr(value, "item") else value
