"""`duoce init DIR`: a commented project.yaml and folders to fill."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.cli_text import Texts
from pipeline.commands.exits import OK
from pipeline.commands.talk import out


def arguments(parser: argparse.ArgumentParser, texts: Texts) -> None:  # noqa: ARG001 - the signature of every command
    parser.add_argument("dir", type=Path, metavar="DIR")


def call(args: argparse.Namespace, texts: Texts) -> int:
    from pipeline.scaffold import scaffold

    for path in scaffold(args.dir):
        out(texts["created"].format(path=path))
    return OK
