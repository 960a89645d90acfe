"""XDATA of a drawing entity by app name, and the CASS feature code in it. Never by position across apps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CASS_APP = "SOUTH"  # the application name CASS writes its feature codes under
STRING = 1000

XData = Mapping[str, tuple[tuple[int, Any], ...]]


def of(entity: Any) -> XData | None:
    """{app: ((group code, value), …)} without the 1001 itself; None when there is none. Points become tuples."""
    if not entity.xdata:
        return None
    return {app: tuple((tag.code, _plain(tag.value)) for tag in tags[1:]) for app, tags in entity.xdata.data.items()}


def cass_code(xdata: XData | None) -> str | None:
    """The first string of app SOUTH: the feature code, with the -N suffix of a decoration if it has one."""
    tags = next((tags for app, tags in (xdata or {}).items() if app.upper() == CASS_APP), ())
    return next((str(value).strip() or None for code, value in tags if code == STRING), None)


def _plain(value: Any) -> Any:
    return tuple(value) if hasattr(value, "xyz") else value
