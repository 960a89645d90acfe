"""Options that several commands share, spelt and explained once."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.cli_text import Texts
from pipeline.commands.exits import LEVELS


def out_folder(parser: argparse.ArgumentParser, texts: Texts, *, required: bool = True) -> None:
    """`-o OUT`: where the results go."""
    parser.add_argument("-o", "--out", type=Path, required=required, metavar="OUT", help=texts["out"])


def reporting(parser: argparse.ArgumentParser, texts: Texts) -> None:
    """`--fail-level`, `--show`, `--quiet`: what counts and what is shown."""
    parser.add_argument("--fail-level", choices=LEVELS, default="error", help=texts["fail_level"])
    parser.add_argument("--show", type=int, default=20, metavar="N", help=texts["show"])
    parser.add_argument("--quiet", action="store_true", help=texts["quiet"])


def standards(parser: argparse.ArgumentParser, texts: Texts) -> None:
    """`--profile`, `--standards`: which numbers and which further standards hold."""
    parser.add_argument("--profile", metavar="NAME", help=texts["profile"])
    parser.add_argument("--standards", type=Path, action="append", default=[], metavar="DIR", help=texts["standards"])
