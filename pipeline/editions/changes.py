"""What an edition changed against the one before it, and whether a delivery that passed before may now fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.standard import RuleSpec, Standard, Standards

What = Literal["added", "removed", "changed"]
JUDGING = ("check", "layer", "measure", "against", "also", "where", "against_where", "params")  # of a rule
WORDS = ("label", "source", "certainty", "reason", "clause", "formula", "note", "title")  # of numbers, measures, fields
DECIDES = ("layers", "mappings", "measures", "permit", "codes")  # parts of a standard from which figures come
SHOWS = ("tables", "drawings", "exports", "building", "intro", "basis")  # parts that only print or hand on


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the changelog. survey: None for a number of the profile. keys: what of it changed, sorted."""

    survey: str | None
    part: str  # rules, numbers, measures, layers, …
    name: str
    what: What
    keys: tuple[str, ...] = ()
    breaking: bool = False  # a delivery that passed before may now fail


def changes(old: Standards, new: Standards) -> tuple[Change, ...]:
    """Every difference of two editions under the same profile: rules, numbers, and the other parts by their items."""
    return tuple(
        sorted(
            [
                *_rules(old, new),
                *_standards(old, new),
                *_numbers(old, new),
                *(change for part in (*DECIDES, *SHOWS) for change in _part(part, old, new)),
            ],
            key=lambda c: (c.part, c.survey or "", c.name),
        )
    )


# ---------------------------------------------------------------- rules


def _rules(old: Standards, new: Standards) -> Iterator[Change]:
    before, after = _by_id(old), _by_id(new)
    for key in before.keys() | after.keys():
        if key not in before:
            survey, rule = after[key]
            yield Change(survey, "rules", key, "added", breaking=rule.severity == "error")
        elif key not in after:
            yield Change(before[key][0], "rules", key, "removed")
        elif before[key][1] != after[key][1]:
            survey, rule = after[key]
            keys = _keys(before[key][1], rule)
            yield Change(survey, "rules", key, "changed", keys, breaking=_harder(before[key][1], rule, keys))


def _by_id(standards: Standards) -> dict[str, tuple[str, RuleSpec]]:
    return {rule.id: (s.survey, rule) for s in standards.surveys.values() for rule in s.rules}


def _harder(old: RuleSpec, new: RuleSpec, keys: tuple[str, ...]) -> bool:
    """Whether the rule may now stop what it let pass: it judges otherwise, is an error by now, or may not be waived."""
    if new.severity != "error":
        return False
    return old.severity != "error" or bool(set(keys) & set(JUDGING)) or (old.waivable and not new.waivable)


# ---------------------------------------------------------------- numbers and parts


def _numbers(old: Standards, new: Standards) -> Iterator[Change]:
    yield from _items(None, "numbers", old.profile.numbers, new.profile.numbers, decides=True)


def _part(part: str, old: Standards, new: Standards) -> Iterator[Change]:
    for survey in sorted(old.surveys.keys() & new.surveys.keys()):
        before, after = (_named(part, s.surveys[survey]) for s in (old, new))
        yield from _items(survey, part, before, after, decides=part in DECIDES)


def _standards(old: Standards, new: Standards) -> Iterator[Change]:
    """Whole standards that came or went; their rules are listed one by one, the rest is not."""
    for survey in old.surveys.keys() ^ new.surveys.keys():
        yield Change(survey, "standard", survey, "added" if survey in new.surveys else "removed")


def _named(part: str, standard: Standard) -> dict[str, Any]:
    """The items of a part by name: fields for layers, so that a change is found where it is."""
    content = getattr(standard, part)
    if not content:
        return {}
    if part == "layers":
        return {
            name: item
            for layer, spec in content.items()
            for name, item in {
                layer: spec.model_copy(update={"fields": {}, "derived": {}}),
                **{f"{layer}.{field}": of for field, of in (*spec.fields.items(), *spec.derived.items())},
            }.items()
        }
    if isinstance(content, Mapping):
        return dict(content)
    named = isinstance(content, tuple) and all(_name(item) for item in content)
    return {_name(item): item for item in content} if named else {part: content}


def _name(item: Any) -> str:
    return str(getattr(item, "id", None) or getattr(item, "name", None) or "")


def _items(
    survey: str | None, part: str, old: Mapping[str, Any], new: Mapping[str, Any], *, decides: bool
) -> Iterator[Change]:
    """Added items harm nobody (a rule that asks for them is listed itself); one that is gone or other may."""
    for key in old.keys() | new.keys():
        if key not in old:
            yield Change(survey, part, key, "added")
        elif key not in new:
            yield Change(survey, part, key, "removed", breaking=decides)
        elif old[key] != new[key]:
            keys = _keys(old[key], new[key])
            yield Change(survey, part, key, "changed", keys, breaking=decides and not set(keys) <= set(WORDS))


def _keys(old: Any, new: Any) -> tuple[str, ...]:
    """Which keys of two records differ; none for plain values."""
    before, after = (item.model_dump() if hasattr(item, "model_dump") else {} for item in (old, new))
    return tuple(sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key)))
