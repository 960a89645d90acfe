"""YAML that people write: read by the C parser where there is one, and no key given twice is swallowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class RepeatedKeyError(yaml.YAMLError):
    """One mapping gives a key twice: YAML itself would keep the last and lose the first without a word."""

    def __init__(self, key: str, line: int, first_line: int) -> None:
        super().__init__(key, line, first_line)
        self.key, self.line, self.first_line = key, line, first_line


def parse(text: str) -> Any:
    """Plain values of one document. Errors: yaml.YAMLError."""
    return yaml.load(text, Loader=LOADER)  # noqa: S506 — a safe loader


def parse_written(text: str) -> Any:
    """As `parse`, for what a person filled in. Errors: RepeatedKeyError with both lines, yaml.YAMLError."""
    for key, first, second in _repeated(yaml.compose(text, Loader=LOADER)):
        raise RepeatedKeyError(key, second, first)
    return parse(text)


def _repeated(node: Any) -> Iterator[tuple[str, int, int]]:
    """Keys that a mapping has twice, with the lines (from 1) of both."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen and isinstance(key, yaml.ScalarNode):
                yield key.value, seen[key.value], line
            seen[str(key.value)] = line
            yield from _repeated(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated(item)
