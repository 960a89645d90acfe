"""`duoce inspect FILE…`: what is in a drawing or table."""

from __future__ import annotations

import argparse

from pipeline.cli_text import Texts
from pipeline.commands import options
from pipeline.commands.exits import CANNOT_RUN, FINDINGS, OK
from pipeline.commands.talk import out, progress, say


def arguments(parser: argparse.ArgumentParser, texts: Texts) -> None:
    parser.add_argument("files", type=options.place(texts), nargs="+", metavar="FILE")
    parser.add_argument("--json", action="store_true", help=texts["json"])
    parser.add_argument("--mapping", action="store_true", help=texts["mapping"])
    parser.add_argument("--quiet", action="store_true", help=texts["quiet"])


def call(args: argparse.Namespace, texts: Texts) -> int:
    import json

    from pipeline.inspection.reading import proposals, reports
    from pipeline.inspection.text import render

    for path in args.files:
        if not path.is_file():
            fault = texts["is_folder" if path.is_dir() else "no_file"]
            say(f"{texts['cannot_run']}{fault.format(path=path)}")
            return CANNOT_RUN
    told = progress(quiet=args.quiet)
    found = reports(args.files, progress=told)
    if args.mapping:
        for text in proposals(args.files, progress=told):
            out(text)
    elif args.json:
        out(json.dumps(found[0] if len(found) == 1 else found, ensure_ascii=False, indent=1))
    else:
        for report in found:
            out(render(report))
    return FINDINGS if any(f.get("severity") == "error" for r in found for f in r["findings"]) else OK
