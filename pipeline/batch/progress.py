"""How a batch goes, in words: one line for a terminal, plain lines for a pipe, JSON lines for a program."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.batch.record import OUTCOMES, Ended

Texts = Mapping[str, str]
SAYING = 3  # projects that must have ended before the time left is more than a guess


@dataclass
class Tally:
    """Counts of a batch that is going on. total: projects found; standing: those that need not be run."""

    total: int
    standing: int = 0
    began: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    run: int = 0
    crashed_rules: int = 0

    def add(self, ended: Ended) -> None:
        """One project more."""
        self.outcomes[ended.record.outcome] += 1
        self.crashed_rules += bool(ended.record.crashed_rules)
        self.run += not ended.cached

    @property
    def done(self) -> int:
        """Projects that have ended, those that stood already among them."""
        return self.standing + self.run

    def rate(self, now: float) -> float:
        """Projects run per minute."""
        return 60 * self.run / (now - self.began) if now > self.began else 0.0

    def seconds_left(self, now: float) -> float | None:
        """At the same rate; None while too few have ended to say."""
        if self.run < min(SAYING, self.total - self.standing):
            return None
        return 60 * (self.total - self.done) / rate if (rate := self.rate(now)) else None


def bar(tally: Tally, now: float, texts: Texts) -> str:
    """One line that is drawn again and again."""
    left = tally.seconds_left(now)
    return texts["batch_bar"].format(
        done=tally.done,
        total=tally.total,
        outcomes=counted(tally.outcomes, texts),
        rate=f"{tally.rate(now):.0f}",
        left=texts["unknown_time"] if left is None else duration(left, texts),
    )


def line(ended: Ended, tally: Tally, texts: Texts) -> str:
    """One line a project."""
    record = ended.record
    what = f"：{record.reason}" if record.reason else texts["batch_counts"].format(**record.counts)
    if record.crashed_rules:
        what += texts["rules_crashed"].format(rules="、".join(record.crashed_rules))
    return texts["batch_line"].format(
        done=tally.done,
        total=tally.total,
        outcome=texts[f"outcome_{record.outcome}"],
        path=record.path or record.key,
        name=f"（{record.name}）" if record.name else "",
        what=what,
    )


def json_line(ended: Ended, tally: Tally) -> str:
    """The record with what the batch knows of it."""
    place = {"done": tally.done, "total": tally.total, "seconds": round(ended.seconds, 3), "cached": ended.cached}
    return _json({"type": "project", **dataclasses.asdict(ended.record), **place})


def json_end(tally: Tally, now: float, *, stopped: str | None) -> str:
    """The last line."""
    counts: dict[str, int] = {name: tally.outcomes[name] for name in OUTCOMES}
    return _json(
        {
            "type": "end",
            "total": tally.total,
            "done": tally.done,
            "cached": tally.standing,
            **counts,
            "rules_crashed": tally.crashed_rules,
            "seconds": round(now - tally.began, 3),
            "stopped": stopped,
        }
    )


def counted(outcomes: Mapping[str, int], texts: Texts) -> str:
    """The outcomes that occur, with their numbers."""
    return " · ".join(f"{texts[f'outcome_{name}']} {outcomes[name]}" for name in OUTCOMES if outcomes.get(name)) or "—"


def duration(seconds: float, texts: Texts) -> str:
    """A time as a person says it."""
    whole = round(seconds)
    if whole >= 3600:
        return texts["hours"].format(h=whole // 3600, m=whole % 3600 // 60)
    if whole >= 60:
        return texts["minutes"].format(m=whole // 60, s=whole % 60)
    return texts["seconds"].format(s=whole)


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)
