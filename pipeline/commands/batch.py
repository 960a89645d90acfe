"""`duoce batch ZONE -o OUT`: every project of a zone, in a loop or on Dask, and the district's roll-up."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.cli_text import Texts
from pipeline.commands import options
from pipeline.commands.exits import FAILED, FINDINGS, LEVELS, OK, by_counts
from pipeline.commands.talk import out, say

if TYPE_CHECKING:
    from pipeline.batch.conduct import Batch
    from pipeline.batch.discover import Zone
    from pipeline.batch.record import Ended

REDRAW_SECONDS = 0.2
SHOWN_FOLDERS = 5
CLEAR = "\r\x1b[K"
DOCUMENTS = ("district.pdf", "district.docx", "district.html", "district.xlsx", "district.gpkg")  # of the district


def arguments(parser: argparse.ArgumentParser, texts: Texts) -> None:
    parser.add_argument("zone", type=options.folder(texts), metavar="ZONE", help=texts["batch_zone"])
    options.out_folder(parser, texts)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--workers", type=options.count(texts, least=1), metavar="N", help=texts["batch_workers"])
    where.add_argument("--scheduler", metavar="ADDRESS", help=texts["batch_scheduler"])
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--resume", action="store_true", help=texts["batch_resume"])
    again.add_argument("--fresh", action="store_true", help=texts["batch_fresh"])
    parser.add_argument("--pattern", action="append", default=[], metavar="GLOB", help=texts["batch_pattern"])
    parser.add_argument("--reports", action="store_true", help=texts["batch_reports"])
    parser.add_argument("--json", action="store_true", help=texts["batch_json"])
    parser.add_argument("--quiet", action="store_true", help=texts["quiet"])
    parser.add_argument("--fail-level", choices=LEVELS, default="error", help=texts["fail_level"])
    parser.add_argument("--edition", metavar="EDITION", help=texts["batch_edition"])
    parser.add_argument("--as-of", type=options.day(texts), metavar="DATE", help=texts["as_of"])
    options.standards(parser, texts)


def call(args: argparse.Namespace, texts: Texts) -> int:
    from pipeline.batch.conduct import Options, run_batch

    asked = Options(
        patterns=tuple(args.pattern),
        workers=args.workers,
        scheduler=args.scheduler,
        resume=args.resume,
        fresh=args.fresh,
        reports=args.reports,
        profile=args.profile,
        edition=args.edition,
        as_of=args.as_of,
        standards_in=tuple(args.standards),
    )
    talker = _Talker(args, texts)
    with _ended_like_interrupted():
        batch = run_batch(args.zone, args.out, asked, talker)
    talker.closing(batch)
    return exit_code(batch, fail_level=args.fail_level)


def exit_code(batch: Batch, *, fail_level: str) -> int:
    """0 nothing at the fail level, 1 findings or a project that cannot be run, 3 a crash or a batch broken off."""
    if batch.stopped or batch.fault or batch.whole.fault or batch.whole.crashed:
        return FAILED
    if any(r.outcome == "crashed" or r.crashed_rules for r in batch.records):
        return FAILED
    if by_counts(batch.whole.counts, fail_level=fail_level):
        return FINDINGS
    if any(r.outcome == "broken" or by_counts(r.counts, fail_level=fail_level) for r in batch.records):
        return FINDINGS
    return OK


class _Talker:
    """Tells how the batch goes: a line drawn again on a terminal, plain lines in a pipe, JSON lines when asked."""

    def __init__(self, args: argparse.Namespace, texts: Texts) -> None:
        from pipeline.batch.progress import Tally

        self._args, self._texts, self._tally = args, texts, Tally(0, began=time.monotonic())
        self._drawn = 0.0
        self._live = sys.stderr.isatty() and not args.quiet and not args.json
        self._lines = not self._live and not args.quiet and not args.json

    def found(self, zone: Zone, *, standing: Sequence[Ended], gone: Sequence[str], how: str) -> None:
        self._tally.total, self._tally.standing = len(zone.found), len(standing)
        for ended in standing:
            self._tally.add(ended)
            if self._args.json:
                self._json(ended)
        if self._args.quiet or self._args.json:
            return
        words = {"workers": self._args.workers, "scheduler": self._args.scheduler}
        rest = len(zone.found) - len(standing)
        small = how == "loop" and self._args.workers and rest  # asked for processes, and it is done before they start
        way = self._texts["batch_way_small" if small else f"batch_way_{how}"].format(**words)
        say(self._texts["batch_found"].format(count=len(zone.found), standing=len(standing), rest=rest, how=way))
        for text, passed in (("batch_skipped", zone.skipped), ("batch_inside", zone.inside)):
            if passed:
                names = "、".join(passed[:SHOWN_FOLDERS]) + ("……" if len(passed) > SHOWN_FOLDERS else "")
                say(self._texts[text].format(count=len(passed), names=names))
        if gone:
            say(self._texts["batch_gone"].format(count=len(gone), path=self._args.out / "cache" / "gone"))

    def ended(self, ended: Ended) -> None:
        from pipeline.batch.progress import bar, line

        self._tally.add(ended)
        if self._args.json:
            self._json(ended)
        elif self._lines:
            out(line(ended, self._tally, self._texts))
        elif self._live:
            if ended.record.outcome in ("broken", "crashed") or ended.record.crashed_rules:
                say(f"{CLEAR}{line(ended, self._tally, self._texts)}")
            now = time.monotonic()
            if now - self._drawn >= REDRAW_SECONDS or self._tally.done == self._tally.total:
                sys.stderr.write(CLEAR + bar(self._tally, now, self._texts))
                sys.stderr.flush()
                self._drawn = now

    def step(self, name: str) -> None:
        if self._live:
            say(f"{CLEAR}· {name} …")

    def closing(self, batch: Batch) -> None:
        """What came of it all."""
        from pipeline.batch.progress import counted, duration, json_end

        now, texts, tally = time.monotonic(), self._texts, self._tally
        if self._live:
            sys.stderr.write(CLEAR)
        if self._args.json:
            out(json_end(tally, now, stopped=batch.stopped))
            return
        elapsed = duration(now - tally.began, texts)
        out(texts["batch_total"].format(total=tally.done, outcomes=counted(tally.outcomes, texts), elapsed=elapsed))
        if batch.fault:
            say(texts["batch_unwritten"].format(reason=batch.fault))
        if batch.whole.fault:
            say(texts["batch_no_whole"].format(reason=batch.whole.fault))
        elif batch.whole.files:
            out(texts["batch_whole"] + texts["batch_counts"].format(**batch.whole.counts))
        if batch.stopped:
            say(texts["batch_stopped"].format(reason=batch.stopped, done=tally.done, left=tally.total - tally.done))
        out(texts["batch_out"].format(out=self._args.out) + self._whole(batch))

    def _whole(self, batch: Batch) -> str:
        """Where the district's own results are, if there are any: its documents by name, else its data."""
        names = [name for name in DOCUMENTS if name in batch.whole.files]
        return self._texts["batch_out_whole"].format(files="、".join(names)) if names else ""

    def _json(self, ended: Ended) -> None:
        from pipeline.batch.progress import json_line

        out(json_line(ended, self._tally))
        sys.stdout.flush()


@contextlib.contextmanager
def _ended_like_interrupted() -> Iterator[None]:
    """A batch that is told to end (SIGTERM, a scheduler's time limit) stops as it does on Ctrl-C."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
