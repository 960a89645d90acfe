"""YAML that people write: read by the C parser where there is one, and no key given twice is swallowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


LARGEST = 100_000  # values of one file with all aliases written out; a project of 1,000 files has some 10,000


class OverblownError(yaml.YAMLError):
    """Aliases of aliases: a few lines that would become more than `LARGEST` values."""


class RepeatedKeyError(yaml.YAMLError):
    """One mapping gives a key twice: YAML itself would keep the last and lose the first without a word."""

    def __init__(self, key: str, line: int, first_line: int) -> None:
        super().__init__(key, line, first_line)
        self.key, self.line, self.first_line = key, line, first_line


class ControlCharacterError(yaml.YAMLError):
    """A text holds what no XML, hence no report, can hold; in YAML it can only be written as an escape."""

    def __init__(self, character: str, line: int) -> None:
        super().__init__(character, line)
        self.character, self.line = character, line


CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def parse(text: str) -> Any:
    """Plain values of one document. Errors: yaml.YAMLError."""
    return yaml.load(text, Loader=LOADER)  # noqa: S506 — a safe loader


def parse_written(text: str) -> Any:
    """As `parse`, for what a person filled in.

    Errors: RepeatedKeyError with both lines, ControlCharacterError with its line, OverblownError, yaml.YAMLError.
    """
    whole = yaml.compose(text, Loader=LOADER)
    if whole is not None and _size(whole, {}) > LARGEST:
        raise OverblownError
    for key, first, second in _repeated(whole):
        raise RepeatedKeyError(key, second, first)
    for node in _scalars(whole, set()):
        if found := CONTROL.search(node.value):
            raise ControlCharacterError(found[0], node.start_mark.line + 1)
    return parse(text)


def _size(node: Any, known: dict[int, int]) -> int:
    """How many values a node holds once every alias is written out; each node is walked once."""
    if id(node) not in known:
        known[id(node)] = LARGEST  # an alias of what it stands in never ends
        known[id(node)] = 1 + sum(_size(child, known) for child in _children(node))
    return known[id(node)]


def _children(node: Any) -> list[Any]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _scalars(node: Any, seen: set[int]) -> Iterator[Any]:
    """Every text of a document once, however often it is an alias."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        yield node
    for child in _children(node) if not isinstance(node, yaml.ScalarNode) else ():
        yield from _scalars(child, seen)


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
