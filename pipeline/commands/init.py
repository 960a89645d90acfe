"""`duoce init DIR`: a commented project.yaml and folders to fill."""

from __future__ import annotations

import argparse

from pipeline.cli_text import Texts
from pipeline.commands import options
from pipeline.commands.exits import OK
from pipeline.commands.talk import out


def arguments(parser: argparse.ArgumentParser, texts: Texts) -> None:
    parser.add_argument("dir", type=options.folder(texts), metavar="DIR")


def call(args: argparse.Namespace, texts: Texts) -> int:
    from pipeline.scaffold import scaffold

    for path in scaffold(args.dir):
        out(texts["created"].format(path=path))
    return OK
