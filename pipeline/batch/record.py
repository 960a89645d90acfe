"""How one project of a batch ended: one line of projects.jsonl."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Outcome = Literal["passed", "failed", "undetermined", "broken", "crashed"]
Cause = Literal["input", "exception", "timeout", "memory", "killed", "storage"]

OUTCOMES: tuple[Outcome, ...] = ("passed", "failed", "undetermined", "broken", "crashed")
JUDGED: tuple[Outcome, ...] = ("passed", "failed", "undetermined")


@dataclass(frozen=True, slots=True)
class Record:
    """One project. The fields are the public line format; the same inputs give the same line.

    outcome: the verdict, or "broken" (could not be run: no readable project), or "crashed" (of which `cause` tells).
    reason: Chinese, why it is broken or crashed. crashed_rules: rules whose check failed in a run that went on.
    """

    key: str
    path: str  # relative to the zone, forward slashes
    kind: str  # folder | zip | file (that is no project)
    outcome: Outcome
    cause: Cause | None = None
    reason: str | None = None
    code: str | None = None
    name: str | None = None
    firm: str | None = None
    counts: Mapping[str, int] = dataclasses.field(default_factory=dict)
    score: float | None = None
    grade: str | None = None
    crashed_rules: tuple[str, ...] = ()
    edition: str | None = None
    profile: str | None = None

    @property
    def final(self) -> bool:
        """Whether another try on the same inputs would end the same way."""
        return self.outcome != "crashed" and not self.crashed_rules

    def line(self) -> str:
        """The record as one line of JSON."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Ended:
    """A record on its way to who waits for it. cached: it stood already; seconds: what the run took."""

    record: Record
    seconds: float = 0.0
    cached: bool = False


def from_line(text: str) -> Record:
    """The record of one line.

    Errors: ValueError when it is none.
    """
    data: Any = json.loads(text)
    if not isinstance(data, dict) or data.get("outcome") not in OUTCOMES or not isinstance(data.get("key"), str):
        raise ValueError("not a record")
    known = {field.name for field in dataclasses.fields(Record)}
    given = {name: value for name, value in data.items() if name in known}
    return Record(**{**given, "crashed_rules": tuple(given.get("crashed_rules", ()))})


def write_lines(records: Iterable[Record], path: Path) -> None:
    """All records, sorted by key, in place of the file that stood there; a reader sees the old or the new one."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        half.write_text("".join(record.line() for record in sorted(records, key=lambda r: r.key)), "utf-8")
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
