"""Exit codes of every command, and the level of severity from which findings count."""

from __future__ import annotations

from collections.abc import Mapping

OK, FINDINGS, CANNOT_RUN, FAILED = 0, 1, 2, 3
LEVELS = ("error", "warning", "info")


def by_counts(counts: Mapping[str, int], *, fail_level: str) -> int:
    """1 when there is a finding at or above `fail_level`, else 0. counts: number of findings by severity."""
    bad = LEVELS[: LEVELS.index(fail_level) + 1]
    return FINDINGS if any(counts.get(level, 0) for level in bad) else OK
