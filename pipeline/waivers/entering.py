"""The record against the findings of a run: what is waived, what is wrong with the record, what was found by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pipeline.checks.engine import Scene, notes_frame, run_rule
from pipeline.checks.once import remembering
from pipeline.editions import with_rules_for
from pipeline.fingerprint import fingerprints
from pipeline.model import Finding, RuleRun
from pipeline.scalars import plain
from pipeline.sources import Note
from pipeline.standard import RuleSpec, Standards
from pipeline.waivers.records import ManualFinding, Record, Waiver

MANUAL = {"error": "manual_error", "warning": "manual_warning", "info": "manual_info"}
KINDS = (
    "waiver_unmatched",
    "waiver_expired",
    "waiver_early",
    "waiver_incomplete",
    "waiver_forbidden",
    "waiver_repeated",
    "manual_unplaced",
)
NO_RULE = "没有编号为“{rule}”的规则"
NO_FINDING = "本次检查没有这一问题，它可能已经改正，或要素、指纹已经不同"
OTHER_FEATURE = "指纹相符的问题在要素“{feature}”上，与所写的不同"


def entered(
    runs: Iterable[RuleRun], scene: Scene, record: Record, *, as_of: dt.date, intake: str
) -> tuple[list[RuleRun], Standards]:
    """The rule runs with the record entered, and the standards (an older edition borrows the rules it needs).

    Waived findings stay, with `waiver` set to who, when, why and until; findings on the record itself, and those of a
    reviewer, end the rules of their kind in the survey `intake`. as_of: the day on which `date` and `until` are judged.
    """
    manual = [note for item in record.manual for note in _manual(item, record.file, scene)]
    noted, standards = _judged(list(runs), scene, manual, len(record.manual), (*MANUAL.values(), KINDS[-1]), intake)
    waived, notes = _waived(noted, record, standards, as_of)
    scene = dataclasses.replace(scene, standards=standards)
    return _judged(waived, scene, notes, len(record.waivers), KINDS[:-1], intake)


def _judged(
    runs: list[RuleRun], scene: Scene, notes: Sequence[Note], examined: int, kinds: Sequence[str], intake: str
) -> tuple[list[RuleRun], Standards]:
    """`runs` with the rules on `kinds` of notes run again: on these notes, of `examined` entries of the record."""
    standards = with_rules_for(scene.standards, {note.kind for note in notes}, intake=intake)
    standard = standards.surveys[intake]
    frame = notes_frame([_row(note) for note in notes], examined=examined)
    scene = dataclasses.replace(scene, standards=standards, notes=frame)
    with remembering():
        again = {
            rule.id: run_rule(rule, standard, scene) for rule in standard.rules if rule.params.get("kind") in set(kinds)
        }
    kept = [again.pop(run.rule, run) for run in runs]
    return [*kept, *again.values()], standards


def _row(note: Note) -> dict[str, Any]:
    return {"kind": note.kind, "file": note.file, **note.slots}


# ---------------------------------------------------------------- waivers


def _waived(
    runs: Sequence[RuleRun], record: Record, standards: Standards, as_of: dt.date
) -> tuple[list[RuleRun], list[Note]]:
    """The runs with waivers set on their findings, and what is wrong with the waivers."""
    rules = {rule.id: rule for standard in standards.surveys.values() for rule in standard.rules}
    found = [finding for run in runs for finding in run.findings]
    marks = fingerprints(found)
    answers: dict[int, Waiver] = {}
    notes: list[Note] = []
    for waiver in record.waivers:
        matching = [n for n, finding in enumerate(found) if _meant(waiver, finding, marks[n])]
        fault = _fault(waiver, rules, found, marks, matching, as_of)
        if fault is not None:
            notes.append(_note(fault, waiver, record.file, [found[n] for n in matching], as_of))
            continue
        taken = [n for n in matching if n in answers]
        if taken:
            slots = {"first": answers[taken[0]].who}
            notes.append(_note(Note("waiver_repeated", "", slots=slots), waiver, record.file, [found[taken[0]]], as_of))
        answers = {**dict.fromkeys(matching, waiver), **answers}
    answered = iter(
        dataclasses.replace(finding, waiver=_answer(answers[n], marks[n])) if n in answers else finding
        for n, finding in enumerate(found)
    )
    return [dataclasses.replace(run, findings=tuple(next(answered) for _ in run.findings)) for run in runs], notes


def _meant(waiver: Waiver, finding: Finding, mark: str) -> bool:
    """Whether the waiver speaks of this finding: everything that it states agrees."""
    named = waiver.feature or waiver.fingerprint
    same_mark = waiver.fingerprint is None or waiver.fingerprint == mark
    features = [finding.feature, finding.business_id]
    if (
        waiver.fingerprint and finding.known_by.mutual
    ):  # of such a pair either may be named first, by the order of records
        features += [finding.other_feature, finding.known_by.other]
    same_feature = waiver.feature is None or waiver.feature in features
    return bool(named) and waiver.rule == finding.rule and same_feature and same_mark


def _fault(
    waiver: Waiver,
    rules: Mapping[str, RuleSpec],
    found: Sequence[Finding],
    marks: Sequence[str],
    matching: Sequence[int],
    as_of: dt.date,
) -> Note | None:
    """Why the waiver does not hold, if it does not; the gravest reason."""
    if waiver.lacking:
        return Note("waiver_incomplete", "", slots={"lacking": "、".join(waiver.lacking)})
    rule = rules.get(waiver.rule)
    if rule is not None and not rule.waivable:
        return Note("waiver_forbidden", "", slots={"title": rule.title})
    if not matching:
        return Note("waiver_unmatched", "", slots={"why": _why_not(waiver, rule, found, marks)})
    if waiver.early(as_of):
        return Note("waiver_early", "")
    return Note("waiver_expired", "") if waiver.ended(as_of) else None


def _why_not(waiver: Waiver, rule: RuleSpec | None, found: Sequence[Finding], marks: Sequence[str]) -> str:
    if rule is None:
        return NO_RULE.format(rule=waiver.rule)
    same = [f for f, mark in zip(found, marks, strict=True) if mark == waiver.fingerprint and f.rule == waiver.rule]
    return OTHER_FEATURE.format(feature=same[0].business_id or same[0].feature or "") if same else NO_FINDING


def _note(fault: Note, waiver: Waiver, file: str, findings: Sequence[Finding], as_of: dt.date) -> Note:
    """The note with what every sentence about a waiver may name."""
    slots: dict[str, Any] = {
        "waived_rule": waiver.rule,
        "target": waiver.target,
        "who": waiver.who or "（未写明）",
        "when": None if waiver.date is None else waiver.date.isoformat(),
        "until": None if waiver.until is None else waiver.until.isoformat(),
        "as_of": as_of.isoformat(),
        "measured": waiver.target,
        **fault.slots,
    }
    if findings:
        slots |= {key: getattr(findings[0], key) for key in ("feature", "survey", "business_id")}
    return dataclasses.replace(fault, file=file, slots=slots)


def _answer(waiver: Waiver, mark: str) -> dict[str, str | None]:
    """What a waived finding carries; plain words, since it goes into every output."""
    return {
        "who": waiver.who,
        "when": None if waiver.date is None else waiver.date.isoformat(),
        "why": waiver.reason,
        "until": None if waiver.until is None else waiver.until.isoformat(),
        "fingerprint": mark,
    }


# ---------------------------------------------------------------- found by hand


def _manual(item: ManualFinding, file: str, scene: Scene) -> Iterator[Note]:
    """What a reviewer found, at its feature if it names one; and that there is no such feature or survey, if so."""
    known = item.survey is None or item.survey in scene.commissioned
    place = next(_places(item, scene), None) if known and item.feature is not None else None
    slots: dict[str, Any] = {
        "sentence": item.sentence,
        "who": item.who,
        "date": item.date.isoformat(),
        "about": f"（{item.rule}）" if item.rule else "",
        "survey": item.survey if known else None,
        **(place or {"feature": item.feature}),
    }
    yield Note(MANUAL[item.severity], file, slots=slots)
    if not known or (item.feature is not None and place is None):
        target = " ".join(part for part in (item.survey, item.feature) if part)
        yield Note("manual_unplaced", file, slots={**slots, "target": target, "measured": target})


def _places(item: ManualFinding, scene: Scene) -> Iterator[dict[str, Any]]:
    """Features whose id, or business number in their layer, is the one named; in the order of the layers."""
    for name, frame in scene.frames.items():
        survey, _, layer = name.partition(".")
        if frame.empty or item.survey not in (None, survey):
            continue
        hits = frame["feature"] == item.feature
        number = scene.standards.surveys[survey].layers[layer].business_id
        if number in frame:
            hits |= frame[number].astype(str) == item.feature
        for _, row in frame[hits].iterrows():
            yield {
                "survey": survey,
                "feature": plain(row["feature"]),
                "layer": plain(row["source_layer"]),
                "business_id": plain(row.get(number)),
                "geometry": row["geometry"],
            }
