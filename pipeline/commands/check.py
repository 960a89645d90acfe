"""`duoce check DELIVERY [-o OUT]`: the bureau's independent check of a delivery."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import TYPE_CHECKING

from pipeline.cli_text import Texts
from pipeline.commands import options
from pipeline.commands.exits import CANNOT_RUN, FAILED, by_counts
from pipeline.commands.place import ready
from pipeline.commands.talk import out, progress

if TYPE_CHECKING:
    from pipeline.delivery.check import Review


def arguments(parser: argparse.ArgumentParser, texts: Texts) -> None:
    parser.add_argument("delivery", type=options.place(texts), metavar="DELIVERY")
    options.out_folder(parser, texts, required=False)
    parser.add_argument("--today", type=options.day(texts), metavar="DATE", help=texts["today"])
    options.own_standards(parser, texts)
    options.reporting(parser, texts)


def call(args: argparse.Namespace, texts: Texts) -> int:
    from pipeline.delivery.check import check_delivery

    if args.out is not None:
        ready(args.out, apart=args.delivery)
    told = progress(quiet=args.quiet)
    today = args.today or dt.datetime.now(tz=dt.UTC).astimezone().date()
    review = check_delivery(args.delivery, today=today, standards_in=args.standards, progress=told)
    show(review, texts, shown=args.show)
    if args.out is not None:
        from pipeline.delivery.check.writing import write_review

        written = write_review(review, args.out, progress=told)
        out(texts["written"].format(out=args.out, files="、".join(p.name for p in written)))
    if review.unsafe:
        return CANNOT_RUN
    if review.result is not None and any(run.outcome == "crashed" for run in review.result.runs):
        return FAILED
    return by_counts(review.counts, fail_level=args.fail_level)


def show(review: Review, texts: Texts, *, shown: int) -> None:
    """The verdict, one line per bureau, the first `shown` findings on the package."""
    verdict = texts[f"verdict_{review.verdict}"]
    out(texts["review"].format(name=review.source, verdict=verdict, **review.counts))
    for bureau in review.bureaus:
        own, judged = (texts[f"verdict_{word}"] for word in (bureau.own, bureau.verdict))
        slots = {"label": bureau.label, "bureau": bureau.bureau, "own": own, "verdict": judged}
        out(texts["review_bureau"].format(**slots, package=bureau.package))
    for finding in review.findings[:shown]:
        out(f"  [{texts[finding.severity]}] {finding.rule} {finding.message}")
    if len(review.findings) > shown:
        out(texts["review_more"].format(count=len(review.findings) - shown))
