"""The examination in its steps: open, read the manifest, recompute, compare, judge."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from pipeline import editions
from pipeline.delivery.check import claims, judging, own
from pipeline.delivery.check.compare.layers import Reading
from pipeline.delivery.check.compare.plain import Unreadable, read_json
from pipeline.delivery.check.contents import Comparing, contents
from pipeline.delivery.check.judging import Review
from pipeline.delivery.check.opening import Package, opened
from pipeline.delivery.check.recompute import Expected, Order, recompute, refuse_absent
from pipeline.delivery.check.structure import structure
from pipeline.delivery.manifest import Manifest, files_in, read_manifest
from pipeline.delivery.tree import Tree, inputs_folder, load_tree, places, standards_folder
from pipeline.errors import InputError, StandardError
from pipeline.isolation.parent import Isolation
from pipeline.isolation.parent import limits_of as reading_limits
from pipeline.ledger import fingerprint
from pipeline.projectfile import NAME as PROJECT
from pipeline.report.build import build
from pipeline.report.numbering import chapter_title
from pipeline.results import SUMMARY
from pipeline.sources import Note
from pipeline.standard import Profile, Standard, load_standards
from pipeline.unpacking import unpack

Progress = Callable[[str], None]
Recompute = Callable[[Order], Expected]


@dataclass(slots=True)
class _Examination:
    """What the steps hand to each other."""

    package: Package
    tree: Tree
    standards_in: tuple[Path, ...]
    notes: list[Note] = field(default_factory=list)
    manifest: Manifest | None = None
    expected: Expected | None = None
    delivered: str | None = None

    @property
    def root(self) -> Path:
        assert self.package.root is not None
        return self.package.root

    @property
    def inputs(self) -> str:
        return inputs_folder(self.tree)

    @property
    def own(self) -> str:
        return standards_folder(self.tree)


def check_delivery(
    path: Path,
    *,
    today: dt.date,
    standards_in: Sequence[Path] = (),
    progress: Progress = lambda _: None,
    recomputed: Recompute | None = None,
    isolation: Isolation | None = None,
) -> Review:
    """The examination of the delivery at `path` (zip or folder) on the day `today`.

    standards_in: folders with further survey standards. recomputed: how to recompute (tests keep results).
    isolation: where delivered files are read, started and ended by the caller; else worker processes of this check.
    Errors: InputError when there is nothing at `path`, StandardError when `standards_in` are wrong. What is wrong with
    the delivery becomes findings.
    """
    if standards_in:
        load_standards(extra=standards_in)
    standard, profile, tree = judging.check_standard(), judging.base_profile(), load_tree()
    limits = unpack.limits_of(profile.numbers)
    progress("打开成果包")
    with (
        opened(path, limits, manifest=tree.manifest, inputs=inputs_folder(tree)) as package,
        tempfile.TemporaryDirectory(prefix="duoce-check-", ignore_cleanup_errors=True) as scratch,
        nullcontext(isolation) if isolation else Isolation() as readers,
    ):
        run = _Examination(package, tree, tuple(standards_in), list(package.notes))
        if package.root is not None:
            progress("核对成果清单")
            _read_manifest(run)
            _recompute(run, Path(scratch), recomputed or (lambda order: recompute(order, progress=progress)))
            progress("逐个文件比较")
            _compare(run, profile, readers)
        return _review(run, standard, profile, today)


def _read_manifest(run: _Examination) -> None:
    name = run.tree.manifest
    path = run.root / name
    run.delivered = _delivered_verdict(run)
    if not path.is_file():
        run.notes.append(Note("manifest_unreadable", name, slots={"detail": "不存在"}))
        return
    try:
        run.manifest = read_manifest(path)
    except InputError as err:
        run.notes.append(Note("manifest_unreadable", name, slots={"detail": f"不可读：{err}"}))
        return
    run.notes += claims.hashes(run.root, run.manifest, name=name, stray=run.tree.stray)


def _delivered_verdict(run: _Examination) -> str | None:
    stated = _json(run.root / _summary_path(run)).get("verdict")
    return stated if isinstance(stated, str) else None


def _summary_path(run: _Examination) -> str:
    return next((e.path for e in run.tree.entries if e.what == "output" and e.of == SUMMARY), SUMMARY)


def _json(path: Path) -> dict[str, Any]:
    """A delivered record as far as it can be read; its faults are found where files are compared."""
    try:
        data = read_json(path)
    except (OSError, Unreadable):
        return {}
    return data if isinstance(data, dict) else {}


def _recompute(run: _Examination, scratch: Path, recomputed: Recompute) -> None:
    manifest = run.manifest
    edition = None
    if manifest is not None:
        try:
            edition = editions.edition_of(manifest.edition)
        except InputError:
            slots = {"detail": f"{manifest.edition:.200}", "measured": manifest.edition}
            run.notes.append(Note("edition_unknown", run.tree.manifest, slots=slots))
            return
    order = Order(
        run.root / run.inputs,
        scratch,
        edition,
        manifest.profile.name if manifest else None,
        manifest.software if manifest else None,
    )
    try:
        further, notes = own.standards(run.root, run.own, run.standards_in, scratch / "standards")
        run.notes += notes
        refuse_absent(order.inputs)
        run.expected = recomputed(replace(order, standards_in=further))
    except (InputError, StandardError) as err:
        detail = str(err).replace(f"{order.inputs}/", "").replace(str(order.inputs), run.inputs)
        detail = detail.replace(f"{scratch / 'standards'}", run.own).replace(f"{run.root}/", "")
        run.notes.append(Note("not_recomputed", run.inputs, slots={"detail": detail}))


def _compare(run: _Examination, profile: Profile, readers: Isolation) -> None:
    """Directory, claims, inputs, then every file."""
    expected, name = run.expected, run.tree.manifest
    if expected is None:
        return
    due = read_manifest(expected.root / name)
    if run.package.top is not None:
        run.notes += claims.root_name(run.package.top, expected.root.name, name=run.package.name)
    if run.manifest is not None:
        run.notes += claims.claims(run.manifest, due, name=name)
        run.notes += claims.software(run.manifest.software, expected.software, name=name)
    run.notes += _inputs(run, expected)
    survey_of = _surveys(run, expected)
    run.notes += structure(
        run.root, expected.root, run.package.outside, inputs=run.inputs, tree=run.tree, survey_of=survey_of
    )
    made = (entry.path for entry in due.files if not entry.path.startswith(f"{run.own}/"))
    present = [path for path in made if (run.root / path).is_file()]
    numbers = profile.numbers
    how = Comparing(
        Reading(readers, reading_limits(numbers), numbers["delivery.same_m"].at(0) or 0.0),
        cache(lambda: {chapter_title(c): c.survey for c in build(expected.result, figures=()).chapters}),
        survey_of,
        int(numbers["delivery.shown_differences"].at(0) or 1),
        run.manifest is not None and run.manifest.software == expected.software,
    )
    run.notes += contents(run.root, expected.root, present, how)


def _inputs(run: _Examination, expected: Expected) -> Iterator[Note]:
    """The inputs that summary and metadata name against those that were delivered and used."""
    metadata = [place.path for place in places(run.tree, expected.result) if place.entry.what == "metadata"]
    recorded = claims.recorded_in(_json(run.root / _summary_path(run)), (_json(run.root / path) for path in metadata))
    ledger = expected.result.ledger
    sides = [(path, digest, entry.survey) for entry in ledger for path, digest in entry.sidecars.items()]
    given = [*((entry.path, entry.sha256, entry.survey) for entry in ledger), *sides]
    if PROJECT in recorded.hashes:
        given.append((PROJECT, fingerprint(run.root / run.inputs / PROJECT)[0], None))
    yield from claims.inputs(recorded, given, {path for path, _, _ in sides}, folder=run.inputs)


def _surveys(run: _Examination, expected: Expected) -> Callable[[str], str | None]:
    """Path → the survey it belongs to: by its folder, for an input by project.yaml."""
    standards = expected.result.standards.surveys
    folders = {standards[s.survey].label: s.survey for s in expected.result.surveys}
    given = {f"{run.inputs}/{e.path}": e.survey for e in expected.result.ledger}
    given |= {f"{run.inputs}/{side}": e.survey for e in expected.result.ledger for side in e.sidecars}
    return lambda path: given.get(path) or folders.get(path.partition("/")[0])


def _review(run: _Examination, standard: Standard, profile: Profile, today: dt.date) -> Review:
    result = run.expected.result if run.expected else None
    if result is not None:
        result, over = judging.on_day(result, today)
        run.notes += over
    held = files_in(run.root) if run.package.root is not None else []
    runs = judging.run_on(run.notes, standard, profile, examined=max(len(held), 1))
    findings = tuple(f for r in runs for f in r.findings)
    known = result.standards if result else load_standards(profile.name)
    return Review(
        source=run.package.name,
        today=today,
        standards=known.model_copy(update={"surveys": {**known.surveys, standard.survey: standard}}),
        runs=runs,
        findings=findings,
        bureaus=tuple(judging.bureaus(result, findings, known, run.manifest)),
        verdict=judging.overall(result, findings),
        result=result,
        manifest=run.manifest,
        delivered=run.delivered,
        files=tuple(held),
        unsafe=run.package.root is None,
    )
