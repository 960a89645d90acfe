"""What today's program notices and an older edition has no rule for: today's rule is lent, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.standard import SCHEMAS, RuleSpec, Standard, Standards, load_standard


def with_rules_for(standards: Standards, kinds: Iterable[str], *, intake: str) -> Standards:
    """`standards`, with today's rule for each of `kinds` of notes that no rule of the survey `intake` speaks of."""
    own = standards.surveys[intake]
    wanted = set(kinds) - {_kind(rule) for rule in own.rules}
    if not wanted:
        return standards
    today = load_standard(SCHEMAS / intake)
    lent = tuple(rule for rule in today.rules if _kind(rule) in wanted)
    changed: Standard = own.model_copy(update={"rules": (*own.rules, *lent)})
    return standards.model_copy(update={"surveys": {**standards.surveys, intake: changed}})


def _kind(rule: RuleSpec) -> str | None:
    kind = rule.params.get("kind")
    return kind if isinstance(kind, str) else None
