"""Documents as sequences of units (a paragraph, a table row), and where two such sequences differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

LONG = 4_000  # units in the differing middle from which an exact alignment takes too long
SHOWN = 80  # letters of a text in a sentence
_TOKEN = re.compile(r"[0-9A-Za-z.,\-+%²#]")
NOTHING = "（无）"


@dataclass(frozen=True, slots=True)
class Unit:
    """One paragraph or table row. where: its place in words; heads: column labels of its table."""

    cells: tuple[str, ...]
    where: str = ""
    survey: str | None = None
    heads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the texts differ."""

    where: str
    survey: str | None
    wanted: str
    given: str


def differences(wanted: Sequence[Unit], given: Sequence[Unit]) -> Iterator[Difference]:
    """Where `given` departs from `wanted`, in reading order."""
    ours, theirs = [unit.cells for unit in wanted], [unit.cells for unit in given]
    start = _common(ours, theirs)
    end = _common(ours[start:][::-1], theirs[start:][::-1])
    ours, theirs = ours[start : len(ours) - end], theirs[start : len(theirs) - end]
    if len(ours) == len(theirs) and len(ours) > LONG:
        blocks = [("replace", n, n + 1, n, n + 1) for n in range(len(ours)) if ours[n] != theirs[n]]
    else:
        quick = max(len(ours), len(theirs)) > LONG
        blocks = [b for b in SequenceMatcher(None, ours, theirs, autojunk=quick).get_opcodes() if b[0] != "equal"]
    for _, a, b, c, d in blocks:
        pairs = zip_longest(wanted[start + a : start + b], given[start + c : start + d])
        for one, other in pairs:
            yield from _unit(one, other)


def _common(one: Sequence[tuple[str, ...]], other: Sequence[tuple[str, ...]]) -> int:
    """How many units at the start are the same."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _unit(wanted: Unit | None, given: Unit | None) -> Iterator[Difference]:
    place = wanted or given
    assert place is not None
    if wanted is None or given is None or len(wanted.cells) != len(given.cells):
        yield Difference(place.where, place.survey, _joined(wanted), _joined(given))
        return
    for n, (one, other) in enumerate(zip(wanted.cells, given.cells, strict=True)):
        if one != other:
            head = f"“{wanted.heads[n]}”列" if n < len(wanted.heads) and wanted.heads[n] else ""
            row = f"“{wanted.cells[0]:.30}”行" if len(wanted.cells) > 1 and n else ""
            where = "，".join(part for part in (wanted.where, row, head) if part)
            yield Difference(where, wanted.survey, *fragment(one, other))


def _joined(unit: Unit | None) -> str:
    return NOTHING if unit is None else shortened(" | ".join(unit.cells))


def fragment(one: str, other: str) -> tuple[str, str]:
    """The parts in which two texts differ, with the whole number or word they belong to.

    >>> fragment("容积率为 2.50，符合", "容积率为 2.80，符合")
    ('2.50', '2.80')
    """
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, rest_other = one[start:][::-1], other[start:][::-1]
    end = next((n for n, (a, b) in enumerate(zip(rest, rest_other, strict=False)) if a != b), None)
    end = min(len(rest), len(rest_other)) if end is None else end
    while start and _TOKEN.match(one[start - 1]):
        start -= 1
    while end and _TOKEN.match(one[len(one) - end]):
        end -= 1
    pair = one[start : len(one) - end], other[start : len(other) - end]
    first, second = (shortened(text) or NOTHING for text in pair)
    return first, second


def shortened(text: str) -> str:
    """A text as it may stand in a sentence."""
    text = text.strip()
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…（共 {len(text)} 字）"
