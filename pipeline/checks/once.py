"""What several rules need of one layer is worked out once while rules run, and forgotten after."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_KEPT: ContextVar[dict[Any, tuple[Any, Any]] | None] = ContextVar("kept", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Inside, functions marked `once_a_frame` answer from memory for a frame they have seen."""
    token = _KEPT.set({})
    try:
        yield
    finally:
        _KEPT.reset(token)


def once_a_frame(function: Callable[..., T]) -> Callable[..., T]:
    """Marks `function(frame, …, **flags)` as pure: frames are never changed once they are canonical."""

    @functools.wraps(function)
    def remembered(*frames: Any, **flags: Any) -> T:
        kept = _KEPT.get()
        if kept is None:
            return function(*frames, **flags)
        key = (function, *map(id, frames), *sorted(flags.items()))
        if key not in kept:
            kept[key] = (frames, function(*frames, **flags))  # the frames are held, so that their ids stay their own
        value: T = kept[key][1]
        return value

    return remembered
