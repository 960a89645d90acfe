"""A difference as lines for a person, and as plain data for a program."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pipeline.comparing.difference import Difference, Marked, Pair
from pipeline.comparing.summaries import Change

HASH_DIGITS = 12
Texts = Mapping[str, str]


def lines(difference: Difference, texts: Texts, *, shown: int) -> Iterator[str]:
    """The whole difference under the headings of `texts`; of each list at most `shown` entries, and how many more."""
    d = difference
    yield texts["diff_title"].format(old=_name(d.old), new=_name(d.new))
    if d.empty:
        yield texts["diff_same"].format(count=len(d.still))
        return
    yield from (f"  {line}" for line in _stated(d, texts))
    lists: Sequence[tuple[str, Sequence[str]]] = (
        ("diff_new", [_finding("+", marked, texts) for marked in d.appeared]),
        ("diff_fixed", [_finding("-", marked, texts) for marked in d.fixed]),
        ("diff_unjudged", [_unjudged(marked, d, texts) for marked in d.unjudged]),
        ("diff_waived", [_answered(pair, texts) for pair in d.answered]),
        ("diff_rules", [f"  {c.name[1]} {_step(c, texts)}" for c in d.rules]),
        ("diff_indicators", [f"  {_indicator(c, texts)} {_step(c, texts)}" for c in d.indicators]),
        ("diff_inputs", [f"  {c.name[1]} {_hashes(c, texts)}" for c in d.inputs]),
        ("diff_renamed", [f"  {c.old} → {c.new}" for c in d.renamed]),
    )
    for heading, entries in lists:
        if entries:
            yield texts[heading].format(count=len(entries))
            yield from entries[:shown]
            if len(entries) > shown:
                yield texts["diff_more"].format(count=len(entries) - shown)
    yield texts["diff_still"].format(count=len(d.still))


def as_data(difference: Difference) -> dict[str, Any]:
    """The difference as it stands in JSON: findings with their marks, changes as name, old, new, difference, unit.

    Findings no longer judged also say how their rule ended (`outcome`, null when it was not run).
    """
    d = difference
    sides = {
        side: {key: told[key] for key in ("project", "edition", "profile", "verdict", "counts")}
        for side, told in (("old", d.old), ("new", d.new))
    }
    findings = {
        "new": [_record(marked) for marked in d.appeared],
        "fixed": [_record(marked) for marked in d.fixed],
        "no_longer_judged": [{**_record(marked), "outcome": d.outcome(marked)} for marked in d.unjudged],
        "still": [_record(pair.new) for pair in d.still],
        "waiver_changed": [
            {**_record(pair.new), "old_waiver": pair.old.finding.waiver, "old_fingerprint": pair.old.mark}
            for pair in d.answered
        ],
    }
    changes = {
        name: [{**dataclasses.asdict(change), "name": list(change.name)} for change in found]
        for name, found in (
            ("stated", d.stated), ("rules", d.rules), ("indicators", d.indicators), ("inputs", d.inputs),
            ("inputs_renamed", d.renamed),
        )
    }  # fmt: skip
    return {**sides, "empty": d.empty, "findings": findings, **changes}


def answer_of(pair: Pair, texts: Texts) -> str:
    """How the waiver of a fault changed, in words."""
    old, new = pair.old.finding.waiver, pair.new.finding.waiver
    if new is None:
        return texts["diff_waiver_gone"]
    said = texts["diff_waiver_new"] if old is None else texts["diff_waiver_changed"]
    return said.format(who=new.get("who"), why=new.get("why"))


def ended(marked: Marked, difference: Difference, texts: Texts) -> str:
    """How the rule of a finding ended in the new run, in words."""
    outcome = difference.outcome(marked)
    return texts["diff_not_run"] if outcome is None else word(outcome, texts)


def word(value: Any, texts: Texts) -> str:
    """A value of a change as printed: outcomes in words, numbers plain, nothing as a dash."""
    if value is None:
        return "—"
    if isinstance(value, str):
        return texts.get(f"diff_value_{value}", edition(value))
    return f"{value:g}" if abs(value) < 1e-4 else f"{value:.10f}".rstrip("0").rstrip(".")


def edition(text: str) -> str:
    """The date alone where packages of one date are listed; other words as they are."""
    dates = {part.rpartition(" ")[2] for part in text.split("; ")}
    return dates.pop() if "; " in text and len(dates) == 1 else text


# ---------------------------------------------------------------- inside


def _name(summary: Mapping[str, Any]) -> str:
    return f"{summary['project'].get('name', '')}（{summary['project'].get('code', '')}）"


def _stated(difference: Difference, texts: Texts) -> Iterable[str]:
    for change in difference.stated:
        label = texts.get(f"diff_{change.name[0]}", change.name[0])
        yield f"{label}{' ' + change.name[1] if len(change.name) > 1 else ''}：{_step(change, texts)}"
    old, new = difference.old["counts"], difference.new["counts"]
    if old != new:
        yield "，".join(f"{texts[key]} {old.get(key, 0)} → {new.get(key, 0)}" for key in ("error", "warning", "info"))


def _finding(sign: str, marked: Marked, texts: Texts) -> str:
    finding = marked.finding
    waived = texts["diff_is_waived"] if finding.waiver else ""
    who = finding.business_id or finding.feature or ""
    return f"  {sign} [{texts[finding.severity]}] {finding.rule} {who} {finding.message}{waived}（{marked.mark}）"


def _unjudged(marked: Marked, difference: Difference, texts: Texts) -> str:
    return f"{_finding('?', marked, texts)} {texts['diff_h_ended']}：{ended(marked, difference, texts)}"


def _answered(pair: Pair, texts: Texts) -> str:
    return f"{_finding('~', pair.new, texts)} {answer_of(pair, texts)}"


def _indicator(change: Change, texts: Texts) -> str:
    _, _, building, label, what = change.name
    place = f"（{building}）" if building else ""
    return f"{label}{place} {texts[f'diff_{what}']}"


def _step(change: Change, texts: Texts) -> str:
    step = f"{word(change.old, texts)} → {word(change.new, texts)}"
    if change.difference is None:
        return step
    sign = "+" if change.difference > 0 else ""
    return f"{step}（{sign}{word(change.difference, texts)}{' ' + change.unit if change.unit else ''}）"


def _hashes(change: Change, texts: Texts) -> str:
    if change.old is None or change.new is None:
        return texts["diff_input_new"] if change.old is None else texts["diff_input_gone"]
    return f"{change.old[:HASH_DIGITS]} → {change.new[:HASH_DIGITS]}"


def _record(marked: Marked) -> dict[str, Any]:
    return {**marked.finding.line, "fingerprint": marked.mark}
