"""Options that several commands share, spelt and explained once."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable
from pathlib import Path

from pipeline.cli_text import Texts
from pipeline.commands.exits import LEVELS


def out_folder(parser: argparse.ArgumentParser, texts: Texts, *, required: bool = True) -> None:
    """`-o OUT`: where the results go."""
    parser.add_argument("-o", "--out", type=folder(texts), required=required, metavar="OUT", help=texts["out"])


def reporting(parser: argparse.ArgumentParser, texts: Texts) -> None:
    """`--fail-level`, `--show`, `--quiet`: what counts and what is shown."""
    parser.add_argument("--fail-level", choices=LEVELS, default="error", help=texts["fail_level"])
    parser.add_argument("--show", type=count(texts, least=0), default=20, metavar="N", help=texts["show"])
    parser.add_argument("--quiet", action="store_true", help=texts["quiet"])


def standards(parser: argparse.ArgumentParser, texts: Texts) -> None:
    """`--profile`, `--standards`: which numbers and which further standards hold."""
    parser.add_argument("--profile", metavar="NAME", help=texts["profile"])
    own_standards(parser, texts)


def own_standards(parser: argparse.ArgumentParser, texts: Texts) -> None:
    """`--standards` alone."""
    read, help_text = folder(texts), texts["standards"]
    parser.add_argument("--standards", type=read, action="append", default=[], metavar="DIR", help=help_text)


def day(texts: Texts) -> Callable[[str], dt.date]:
    """Reads a date, or says in the chosen language that it is none."""

    def read(text: str) -> dt.date:
        try:
            return dt.date.fromisoformat(text)
        except ValueError as err:
            raise argparse.ArgumentTypeError(texts["no_date"].format(text=text)) from err

    return read


def count(texts: Texts, *, least: int) -> Callable[[str], int]:
    """Reads a whole number from `least` up, or says that it is none."""

    def read(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(texts["no_count"].format(text=text, least=least))
        return int(text)

    return read


def folder(texts: Texts, *, fault: str = "no_folder_name") -> Callable[[str], Path]:
    """Reads a folder's name: an empty one (a variable that is not set) would mean the folder one stands in."""

    def read(text: str) -> Path:
        if not text.strip():
            raise argparse.ArgumentTypeError(texts[fault])
        return Path(text)

    return read


def place(texts: Texts) -> Callable[[str], Path]:
    """The same for what may be a file as well."""
    return folder(texts, fault="no_name")
