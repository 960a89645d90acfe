"""What two summaries state, side by side: outcomes, figures, editions, and inputs, renamed ones among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

JUDGED = ("measured", "permitted", "limit", "outcome")  # of an indicator
Table = dict[tuple[str, ...], Any]


@dataclass(frozen=True, slots=True)
class Change:
    """Something named that both runs state, or one of them: what it was and what it is; None: not stated there."""

    name: tuple[str, ...]
    old: Any
    new: Any
    difference: float | None = None  # of two numbers
    unit: str = ""


def changes(old: Table, new: Table, units: Mapping[tuple[str, ...], str] | None = None) -> tuple[Change, ...]:
    """What is stated otherwise, or on one side alone; by name."""
    return tuple(
        Change(name, old.get(name), new.get(name), _step(old.get(name), new.get(name)), (units or {}).get(name, ""))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )


def _step(old: Any, new: Any) -> float | None:
    """The difference of two printed numbers, exact in their decimals."""
    if isinstance(old, bool | str | None) or isinstance(new, bool | str | None):
        return None
    return float(Decimal(str(new)) - Decimal(str(old)))


def stated_in(summary: Mapping[str, Any]) -> Table:
    """Verdict, edition, profile, facts of the project, versions."""
    whole: Table = {(key,): summary[key] for key in ("verdict", "edition", "profile")}
    whole |= {("project", key): str(value) for key, value in summary["project"].items()}
    return whole | {("versions", key): str(value) for key, value in summary["versions"].items()}


def outcomes_in(summary: Mapping[str, Any]) -> Table:
    """How every rule ended, by survey and rule."""
    return {(str(rule["survey"]), str(rule["id"])): rule["outcome"] for rule in summary["rules"]}


def indicators_in(summary: Mapping[str, Any]) -> Table:
    """What is judged of every indicator."""
    return {(*_indicator(item), what): item[what] for item in summary["indicators"] for what in JUDGED}


def units_in(summary: Mapping[str, Any]) -> dict[tuple[str, ...], str]:
    """Units of what `indicators_in` tells."""
    return {
        (*_indicator(item), what): str(item["unit"])
        for item in summary["indicators"]
        for what in JUDGED
        if what != "outcome"
    }


def _indicator(item: Mapping[str, Any]) -> tuple[str, ...]:
    return str(item["survey"]), str(item["name"]), str(item["building"] or ""), str(item["label"])


def inputs_in(summary: Mapping[str, Any]) -> Table:
    """SHA-256 of every input, by survey and path."""
    return {(str(item["survey"] or ""), str(item["path"])): item["sha256"] for item in summary["inputs"]}


def renamed_in(old: Table, new: Table) -> tuple[Table, Table, tuple[Change, ...]]:
    """The inputs without those that have only another path, and these: of one survey and with the same bytes."""
    here, gone = _alone(new, old), _alone(old, new)
    told = []
    for key in sorted(gone.keys() & here.keys()):
        survey, sha256 = key
        told += [Change((survey, sha256), *paths) for paths in sorted(_matched(gone[key], here[key]))]
    left = {(change.name[0], path) for change in told for path in (change.old, change.new)}
    kept = [{name: value for name, value in table.items() if name not in left} for table in (old, new)]
    return kept[0], kept[1], tuple(told)


def _alone(one: Table, other: Table) -> dict[tuple[str, str], list[str]]:
    """Paths that only `one` has, in order, by survey and SHA-256; files that could not be read are nobody's twin."""
    paths: dict[tuple[str, str], list[str]] = defaultdict(list)
    for survey, path in sorted(one.keys() - other.keys()):
        if sha256 := one[survey, path]:
            paths[survey, str(sha256)].append(path)
    return paths


def _matched(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Each old path with a new one: the file of the same name first (its folder was renamed), the others in order."""
    old, new = list(old), list(new)
    for path in list(old):
        same = [other for other in new if PurePosixPath(other).name == PurePosixPath(path).name]
        if same:
            old.remove(path)
            new.remove(same[0])
            yield path, same[0]
    yield from zip(old, new, strict=False)
