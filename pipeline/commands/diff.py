"""`duoce diff A B`: what changed between two outputs or deliveries."""

from __future__ import annotations

import argparse

from pipeline.cli_text import ZH, Texts
from pipeline.commands import options
from pipeline.commands.exits import FINDINGS, LEVELS, OK
from pipeline.commands.talk import out


def arguments(parser: argparse.ArgumentParser, texts: Texts) -> None:
    parser.add_argument("old", type=options.place(texts), metavar="A", help=texts["diff_a"])
    parser.add_argument("new", type=options.place(texts), metavar="B", help=texts["diff_b"])
    parser.add_argument("--json", action="store_true", help=texts["json"])
    parser.add_argument("--html", type=options.place(texts), metavar="FILE", help=texts["diff_html"])
    parser.add_argument("--fail-level", choices=LEVELS, default="error", help=texts["diff_fail_level"])
    parser.add_argument("--show", type=options.count(texts, least=0), default=20, metavar="N", help=texts["show"])


def call(args: argparse.Namespace, texts: Texts) -> int:
    """1 when a finding at the fail level counts in B and did not in A: new, raised, or no longer waived.

    A finding that B no longer judges (its rule ended undetermined, not applicable or crashed, or was not run) is neither
    new nor fixed and leaves the code as it is. 0 thus says that nothing is known to be worse, not that all that went was
    put right: who needs that asks in the JSON that `findings.no_longer_judged` is empty, or for the verdict of B.
    """
    import json

    from pipeline.comparing import as_data, as_html, compare, lines, opened

    with opened(args.old) as old, opened(args.new) as new:
        difference = compare(old, new)
    if args.html:
        args.html.write_text(as_html(difference, ZH), "utf-8", newline="\n")
    if args.json:
        out(json.dumps(as_data(difference), ensure_ascii=False, indent=1))
    else:
        for line in lines(difference, texts, shown=args.show):
            out(line)
    return FINDINGS if difference.worse(LEVELS[: LEVELS.index(args.fail_level) + 1]) else OK
