"""`duoce inspect FILE…`: what is in a drawing or table."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.cli_text import Texts
from pipeline.commands.exits import CANNOT_RUN, FINDINGS, OK
from pipeline.commands.talk import out, say


def arguments(parser: argparse.ArgumentParser, texts: Texts) -> None:
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--json", action="store_true", help=texts["json"])
    parser.add_argument("--mapping", action="store_true", help=texts["mapping"])


def call(args: argparse.Namespace, texts: Texts) -> int:
    import json

    from pipeline.inspection import inspect_file, propose, render

    reports = []
    for path in args.files:
        if not path.exists():
            say(f"{texts['cannot_run']}{texts['no_file'].format(path=path)}")
            return CANNOT_RUN
        reports.append(inspect_file(path))
    if args.mapping:
        for path in args.files:
            out(propose(path))
    elif args.json:
        out(json.dumps(reports[0] if len(reports) == 1 else reports, ensure_ascii=False, indent=1))
    else:
        for report in reports:
            out(render(report))
    return FINDINGS if any(f.get("severity") == "error" for r in reports for f in r["findings"]) else OK
