"""What was noticed of a delivery → rule runs with findings, and one verdict per survey for its bureau."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.checks.engine import Scene, run_rules
from pipeline.checks.scene import frame_of
from pipeline.delivery.manifest import FileEntry, Manifest
from pipeline.merge import counts, verdict
from pipeline.model import Finding, ProjectReport, RuleRun, Verdict
from pipeline.sources import Note
from pipeline.standard import SCHEMAS, Profile, Standard, Standards, load_profile, load_standard

RULES = SCHEMAS / "delivery" / "check"
BASE_PROFILE = "national"  # the checker's own numbers: limits of packages, what is shown
CHECK = "delivery"  # the "survey" of findings on the package as a whole


@dataclass(frozen=True, slots=True)
class BureauVerdict:
    """What one bureau has to decide on. own: the recomputed verdict of its survey; package: findings on the package."""

    survey: str
    label: str
    short: str
    bureau: str
    own: Verdict
    errors: int
    warnings: int
    package: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Review:
    """The whole examination of one delivery.

    result: recomputed and judged on the day of the examination; None when nothing could be recomputed.
    delivered: the verdict that the delivery claims. unsafe: it was not opened.
    """

    source: str
    today: dt.date
    standards: Standards
    runs: tuple[RuleRun, ...]
    findings: tuple[Finding, ...]
    bureaus: tuple[BureauVerdict, ...]
    verdict: Verdict
    result: ProjectReport | None = None
    manifest: Manifest | None = None
    delivered: str | None = None
    files: tuple[FileEntry, ...] = ()
    unsafe: bool = False

    @property
    def counts(self) -> Mapping[str, int]:
        """Findings on the package and of the recompute by severity, waived ones not counted."""
        return counts([*self.findings, *(self.result.findings if self.result else ())])


def check_standard() -> Standard:
    """The rules on deliveries: those of this software, whatever edition the delivery was made with."""
    return load_standard(RULES)


def base_profile() -> Profile:
    """The profile whose numbers hold before a delivery has named its own."""
    return load_profile(BASE_PROFILE)


def run_on(notes: Sequence[Note], standard: Standard, profile: Profile, *, examined: int) -> tuple[RuleRun, ...]:
    """Every rule on deliveries. examined: files that were looked at."""
    standards = Standards(surveys={standard.survey: standard}, profile=profile)
    named = frozenset({standard.survey})
    scene = Scene(standards, {}, frame_of(notes, examined=examined), commissioned=named)
    return tuple(run_rules(scene, named))


def on_day(result: ProjectReport, today: dt.date) -> tuple[ProjectReport, list[Note]]:
    """The result with waivers that are over on `today` taken off, judged again; a note for each."""
    notes: list[Note] = []

    def judged(finding: Finding) -> Finding:
        until = str((finding.waiver or {}).get("until") or "")
        if not until or dt.date.fromisoformat(until) >= today:
            return finding
        slots: dict[str, Any] = {"until": until, "rule": finding.rule, "text": finding.message}
        named = {"feature": finding.feature, "measured": until, "required": today.isoformat()}
        notes.append(Note("waiver_over", finding.file or "", finding.survey, slots={**slots, **named}))
        return dataclasses.replace(finding, waiver=None)

    runs = tuple(dataclasses.replace(run, findings=tuple(judged(f) for f in run.findings)) for run in result.runs)
    if not notes:
        return result, notes
    findings = tuple(f for run in runs for f in run.findings)
    return dataclasses.replace(
        result, runs=runs, findings=findings, verdict=verdict(runs, findings, result.standards), counts=counts(findings)
    ), notes


def bureaus(
    result: ProjectReport | None, findings: Iterable[Finding], standards: Standards, manifest: Manifest | None
) -> Iterator[BureauVerdict]:
    """One verdict per survey: failed when its data or the package fail, however good the other is.

    Findings on the package as a whole, and of the recompute on the inputs as a whole, count for every survey. Without
    a recompute, the surveys are those that the manifest names, else all that a bureau signs.
    """
    errors = [f.survey for f in findings if f.severity == "error"]
    named = [s.survey for s in result.surveys] if result else [s.name for s in manifest.surveys] if manifest else []
    surveys = [s for n, s in standards.surveys.items() if n in named or (not named and s.bureau)]
    for standard in surveys:
        own = _own(standard.survey, result) if result else ()
        judged = _verdict(standard.survey, own, result)
        package = sum(survey == standard.survey or survey not in named for survey in errors)
        found = counts(f for run in own for f in run.findings)
        yield BureauVerdict(
            standard.survey,
            standard.label,
            standard.short,
            standard.bureau,
            judged,
            found["error"],
            found["warning"],
            package,
            "failed" if package else judged,
        )


def _own(survey: str, result: ProjectReport) -> tuple[RuleRun, ...]:
    """The rules of a survey, and those on the inputs, each with the findings that concern it."""
    named = {s.survey for s in result.surveys}
    return tuple(
        dataclasses.replace(run, findings=tuple(f for f in run.findings if f.survey == survey or f.survey not in named))
        for run in result.runs
        if run.survey == survey or run.survey not in named
    )


def _verdict(survey: str, own: Sequence[RuleRun], result: ProjectReport | None) -> Verdict:
    if result is None or next(s for s in result.surveys if s.survey == survey).undetermined:
        return "undetermined"
    return verdict(own, [f for run in own for f in run.findings], result.standards)


def overall(result: ProjectReport | None, findings: Iterable[Finding]) -> Verdict:
    """The verdict on the delivery: that of the recompute, unless the package itself fails."""
    if any(f.severity == "error" for f in findings):
        return "failed"
    return result.verdict if result is not None else "undetermined"
