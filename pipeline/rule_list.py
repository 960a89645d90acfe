"""The list of rules: one line each. Of the shipped standards it is told from their text alone, at once.

What is shipped was validated before it was shipped, so the list of it needs no models; whatever is not as expected is
left to the standards proper, which say what is wrong with it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.shipped import EXAMINATION, SCHEMAS
from pipeline.yaml_text import parse

WORDS = SCHEMAS / "report" / "words.yaml"
DEFAULT_SEVERITY = "error"  # of a rule that states none, as RuleSpec has it
HEADS = ("id", "severity", "certainty", "title", "clause")
Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Listed:
    """The rules of one survey. rules: id, severity, certainty, title and clause of each, the words still internal."""

    label: str
    edition: str
    rules: tuple[tuple[str, ...], ...]


def text_of(surveys: Iterable[Listed], words: Words) -> str:
    """The list as printed, in aligned columns. words: the words for severities and certainties."""
    parts, total = [], 0
    for survey in surveys:
        rows = [(r[0], _word(words, "severity", r[1]), _word(words, "certainty", r[2]), *r[3:]) for r in survey.rules]
        total += len(rows)
        if rows:
            parts += [f"{survey.label}（{survey.edition}）：{len(rows)} 条", *aligned(rows), ""]
    return "\n".join([*parts, f"共 {total} 条；某条规则的全文：duoce rules show 规则编号"])


def shipped(root: Path = SCHEMAS, examination: Path = EXAMINATION) -> str | None:
    """The list of the shipped standards and of the examination of deliveries; None when only the standards can tell."""
    try:
        heads = [_head(path) for path in sorted(root.glob("*/standard.yaml"))]
        heads = [*sorted(heads, key=lambda head: (head["order"], head["survey"])), _head(examination / "standard.yaml")]
        listed = [_listed(head) for head in heads]
        words = parse(WORDS.read_text("utf-8"))["words"]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, ValueError):
        return None
    ids = [rule[0] for survey in listed for rule in survey.rules]
    return text_of(listed, words) if len(set(ids)) == len(ids) else None


def aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Rows as lines whose columns stand under each other."""
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  " + "  ".join(padded(cell, wide) for cell, wide in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def padded(text: str, wide: int) -> str:
    """`text` filled up to so many columns."""
    return text + " " * (wide - width(text))


def _head(path: Path) -> dict[str, Any]:
    """A survey's own words, with its folder."""
    return {**parse(path.read_text("utf-8")), "folder": path.parent}


def _listed(head: Mapping[str, Any]) -> Listed:
    path = head["folder"] / "rules.yaml"
    rules = parse(path.read_text("utf-8"))["rules"] if path.is_file() else head.get("rules", ())
    rows = tuple(tuple({"severity": DEFAULT_SEVERITY, **rule}[key] for key in HEADS) for rule in rules)
    if not all(isinstance(cell, str) for row in rows for cell in row):
        raise TypeError(path)
    return Listed(head["label"], head["edition"], rows)


def _word(words: Words, kind: str, value: str) -> str:
    return words[kind].get(value, value)


@cache
def _columns(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
