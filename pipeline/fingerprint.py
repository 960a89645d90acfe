"""A finding's own mark: the same fault keeps it from run to run, two faults of one run never share it.

What makes a fault the same: the rule, the survey, the feature (by its business number, else by its id), the other
feature of a pair (likewise; in a pair inside one layer neither comes first) and the field; of a number for the whole
project its name; of what a person found the sentence. What may change meanwhile: place and amount (a corner moved by a
centimetre), the program's sentence, the severity, the order of records and findings, the waiver; and, for whatever has a
number or a name, the names of files.

Faults alike in all of that are numbered along a line across the site, with their number in all: `3f9a1c2b7d40-1of3`.
When one of them goes, the marks of the rest change too: a waiver that named one of them then matches nothing, and never
slides silently onto another fault.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import shapely

from pipeline.model import Finding

DIGITS = 12  # of hex: 48 bits, so 10,000 findings of one run collide once in 5 million runs
ALONG_RAD = 0.6180  # a direction no wall runs along: moving by a centimetre does not change the order on it
SEPARATOR = "-"


def fingerprint(finding: Finding) -> str:
    """The mark of a fault that is alone of its kind at its feature; `fingerprints` tells apart those that are not."""
    known = finding.known_by
    subject, other = finding.business_id or finding.feature, known.other or finding.other_feature
    pair = sorted((subject or "", other or "")) if known.mutual else [subject, other]
    parts = [finding.rule, finding.survey, *pair, finding.field]
    if subject is None:
        where = [known.indicator, None] if known.indicator else [finding.file, finding.layer]
        parts += [*where, _word(finding.measured), _word(finding.required)]
    elif not finding.business_id and "/" not in subject:  # a handle as a reader noted it: every file has its own
        parts += [finding.file, finding.layer]
    parts += [known.sentence] if known.sentence else []
    text = "\x1f".join("" if part is None else part.strip() for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """One mark per finding, in the order given; all different, and independent of that order."""
    groups: dict[str, list[int]] = defaultdict(list)
    for position, finding in enumerate(findings):
        groups[fingerprint(finding)].append(position)
    marks = [""] * len(findings)
    for base, positions in groups.items():
        if len(positions) == 1:
            marks[positions[0]] = base
            continue
        for number, position in enumerate(sorted(positions, key=lambda p: _order(findings[p])), start=1):
            marks[position] = f"{base}{SEPARATOR}{number}of{len(positions)}"
    assert max(Counter(marks).values(), default=1) == 1
    return marks


def stem(mark: str) -> str:
    """The part that faults alike in everything but their place share."""
    return mark.partition(SEPARATOR)[0]


def spot(finding: Finding) -> tuple[float, float] | None:
    """One point (x east, y north, metres in the project CRS) that stands for the place of a finding."""
    if finding.place is None:
        return None
    shape = shapely.from_wkt(finding.place, on_invalid="ignore")
    if shape is None or shape.is_empty:
        return None
    west, south, east, north = shape.bounds
    return (west + east) / 2, (south + north) / 2


def _order(finding: Finding) -> tuple[Any, ...]:
    """Where the fault stands among those alike: along the line, then by what else tells them apart.

    Names of features and files come last: a feature may be named by its row, and files are renamed.
    """
    at = spot(finding)
    along = math.inf if at is None else at[0] * math.cos(ALONG_RAD) + at[1] * math.sin(ALONG_RAD)
    facts = (finding.measured, finding.required, finding.message, finding.place)
    names = (finding.feature, finding.layer, finding.file)
    return (along, *("" if fact is None else str(fact) for fact in (*facts, *names)))


def _word(value: float | str | None) -> str | None:
    """A value that is a word; numbers move with every small edit."""
    return value if isinstance(value, str) else None
