"""One row of the table of results, and how a pair of ways is timed fairly."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. ratio = peer_s / ours_s unless `share` (then ours_s / peer_s must be at most `bound`).

    unit: of both figures, when they are not seconds.
    """

    work: str
    against: str
    ours_s: float
    peer_s: float
    bound: float
    sizes: str
    note: str = ""
    share: bool = False
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """How many times faster we are, or with `share` what part of the peer's time we take."""
        return self.ours_s / self.peer_s if self.share else self.peer_s / self.ours_s

    @property
    def reached(self) -> bool:
        """Whether the bound holds."""
        return self.ratio <= self.bound if self.share else self.ratio >= self.bound


def interleaved(ours: Callable[[], object], peer: Callable[[], object], *, runs: int) -> tuple[float, float]:
    """Median seconds of both, run in turn (A B A B …), so that a change of the machine's speed touches both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for call, kept in zip((ours, peer), times, strict=True):
            gc.collect()
            started = time.perf_counter()
            call()
            kept.append(time.perf_counter() - started)
    return statistics.median(times[0]), statistics.median(times[1])


def markdown(rows: list[Row]) -> str:
    """The table as Markdown, one line a row, unreached bounds in words."""
    lines = ["| work | against | ours | peer | ratio | bound | sizes |", "|---|---|---:|---:|---:|---:|---|"]
    for row in rows:
        bound = f"≤ {row.bound:g}" if row.share else f"≥ {row.bound:g}"
        said = "" if row.reached else " **not reached**"
        note = f"; {row.note}" if row.note else ""
        lines.append(
            f"| {row.work} | {row.against} | {row.ours_s:.3g} {row.unit} | {row.peer_s:.3g} {row.unit} | {row.ratio:.2f}{said} | {bound}"
            f" | {row.sizes}{note} |"
        )
    return "\n".join(lines)
