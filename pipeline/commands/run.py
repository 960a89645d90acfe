"""`duoce run PROJECT -o OUT`: the main job."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli_text import Texts
from pipeline.commands import options
from pipeline.commands.exits import FAILED, by_counts
from pipeline.commands.place import ready
from pipeline.commands.talk import out, progress

if TYPE_CHECKING:
    from pipeline.isolation.parent import Isolation
    from pipeline.model import ProjectReport, RuleRun

SHOWN_RULES = 5


def arguments(parser: argparse.ArgumentParser, texts: Texts) -> None:
    parser.add_argument("project", type=options.place(texts), metavar="PROJECT")
    options.out_folder(parser, texts)
    options.reporting(parser, texts)
    options.standards(parser, texts)
    parser.add_argument("--edition", metavar="EDITION", help=texts["batch_edition"])
    parser.add_argument("--as-of", type=options.day(texts), metavar="DATE", help=texts["as_of"])


def call(args: argparse.Namespace, texts: Texts) -> int:
    from pipeline.isolation.parent import Isolation

    ready(args.out, apart=args.project if args.project.is_dir() else args.project.parent)
    told = progress(quiet=args.quiet)
    with Isolation() as workers:  # a worker imports the readers while this process imports the rest
        result, written = _written(args, workers, told)
    for line in verdict(result, texts, shown=args.show, full=args.out / "findings.jsonl"):
        out(line)
    out(texts["written"].format(out=args.out, files="、".join(p.name for p in written)))
    if others := sorted({path.name for path in args.out.glob("*.zip")} - {path.name for path in written}):
        out(texts["other_packages"].format(out=args.out, files="、".join(others)))
    if any(run.outcome == "crashed" for run in result.runs):
        return FAILED
    return by_counts(result.counts, fail_level=args.fail_level)


def _written(
    args: argparse.Namespace, workers: Isolation, told: Callable[[str], None]
) -> tuple[ProjectReport, list[Path]]:
    """The result and its files. The worker that has read the files then makes the drawings, beside the rules."""
    from pipeline.project import run_project
    from pipeline.report.studio import Lent

    studio: Lent | None = None

    def read() -> None:
        nonlocal studio
        studio = Lent(workers.scratch, workers.call) if workers.idle else None

    writers = threading.Thread(target=_writers_imported)  # while the files are read, which is waited for
    writers.start()
    try:
        result = run_project(
            args.project,
            standards_in=args.standards,
            profile=args.profile,
            edition=args.edition,
            as_of=args.as_of,
            progress=told,
            isolation=workers,
            read=read,
            placed=lambda so_far: studio.begin(so_far) if studio else None,
        )
        writers.join()
        from pipeline.delivery.writing import packing
        from pipeline.report.write import write_all

        with packing(result, args.out, progress=told) as package:
            if studio:
                package.prepare()  # while the other process makes the drawings
            written = write_all(result, args.out, progress=told, studio=studio, meanwhile=package.take)
            return result, [*written, package.finish()]
    finally:
        if studio:
            studio.close()


def _writers_imported() -> None:
    """What writing needs, brought in ahead of it."""
    import pipeline.delivery
    import pipeline.report.docx
    import pipeline.report.html
    import pipeline.report.pdf
    import pipeline.report.write  # noqa: F401


def verdict(result: ProjectReport, texts: Texts, *, shown: int, full: Path) -> Iterable[str]:
    """The verdict, what could not be decided and why, and the first `shown` findings; `full` holds all of them.

    Each finding with its mark, by which a waiver names it.
    """
    from pipeline.fingerprint import fingerprints

    name, judged = result.project.project.name, texts[f"verdict_{result.verdict}"]
    yield texts["verdict"].format(name=name, verdict=judged, **result.counts)
    yield from _undecided(result.runs, texts)
    for finding, mark in zip(result.findings[:shown], fingerprints(result.findings), strict=False):
        waived = texts["is_waived"] if finding.waiver else ""
        said = f"{finding.rule} {finding.business_id or ''} {finding.message}{waived}"
        yield f"  [{texts[finding.severity]}] {said}〔{mark}〕"
    if len(result.findings) > shown:
        yield texts["more"].format(count=len(result.findings) - shown, path=full)


def _undecided(runs: Iterable[RuleRun], texts: Texts) -> list[str]:
    """One line per reason why rules could not be decided, with the rules it holds up."""
    held: dict[tuple[str, str], list[str]] = {}
    for run in runs:
        if run.outcome in ("undetermined", "crashed"):
            held.setdefault((run.outcome, run.reason or ""), []).append(run.rule)
    return [
        f"  {texts[outcome]}：{reason}（{'、'.join(rules[:SHOWN_RULES])}{texts['and_more'].format(count=len(rules))}）"
        for (outcome, reason), rules in held.items()
    ]
