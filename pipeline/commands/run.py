"""`duoce run PROJECT -o OUT`: the main job."""

from __future__ import annotations

import argparse
import datetime as dt
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli_text import Texts
from pipeline.commands import options
from pipeline.commands.exits import FAILED, by_counts
from pipeline.commands.talk import out, progress

if TYPE_CHECKING:
    from pipeline.model import ProjectReport, RuleRun

SHOWN_RULES = 5


def arguments(parser: argparse.ArgumentParser, texts: Texts) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    options.out_folder(parser, texts)
    options.reporting(parser, texts)
    options.standards(parser, texts)
    parser.add_argument("--edition", metavar="EDITION", help=texts["batch_edition"])
    parser.add_argument("--as-of", type=_day(texts), metavar="DATE", help=texts["as_of"])


def _day(texts: Texts) -> Callable[[str], dt.date]:
    """Reads a date, or says in the chosen language that it is none."""

    def read(text: str) -> dt.date:
        try:
            return dt.date.fromisoformat(text)
        except ValueError as err:
            raise argparse.ArgumentTypeError(texts["no_date"].format(text=text)) from err

    return read


def call(args: argparse.Namespace, texts: Texts) -> int:
    from pipeline.isolation.parent import Isolation

    told = progress(quiet=args.quiet)
    with Isolation() as workers:  # a worker imports the readers while this process imports the rest
        from pipeline.project import run_project

        writers = threading.Thread(target=_writers_imported)  # while the files are read, which is waited for
        writers.start()
        result = run_project(
            args.project,
            standards_in=args.standards,
            profile=args.profile,
            edition=args.edition,
            as_of=args.as_of,
            progress=told,
            isolation=workers,
        )
    writers.join()
    from pipeline.delivery import write_delivery
    from pipeline.report.write import write_all

    written = write_all(result, args.out, progress=told)
    written.append(write_delivery(result, args.out, progress=told))
    for line in verdict(result, texts, shown=args.show, full=args.out / "findings.jsonl"):
        out(line)
    out(texts["written"].format(out=args.out, files="、".join(p.name for p in written)))
    if any(run.outcome == "crashed" for run in result.runs):
        return FAILED
    return by_counts(result.counts, fail_level=args.fail_level)


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
