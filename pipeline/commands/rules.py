"""`duoce rules [list|show ID]`: every rule with its sentence, clause, certainty, numbers and severity."""

from __future__ import annotations

import argparse

from pipeline.cli_text import Texts
from pipeline.commands import options
from pipeline.commands.exits import CANNOT_RUN, OK
from pipeline.commands.talk import out, say


def arguments(parser: argparse.ArgumentParser, texts: Texts) -> None:
    parser.add_argument("action", nargs="?", choices=("list", "show"), default="list")
    parser.add_argument("id", nargs="?", metavar="ID")
    options.standards(parser, texts)


def call(args: argparse.Namespace, texts: Texts) -> int:
    if args.action == "list" and not (args.id or args.profile or args.standards) and _listed_at_once():
        return OK
    if args.action == "list" and args.id:
        say(texts["no_list_of"].format(id=args.id))
        return CANNOT_RUN
    from pipeline.rulebook import list_rules, show_rule, with_examination
    from pipeline.standard import load_standards

    standards = with_examination(load_standards(args.profile or "chongqing", extra=args.standards, scope="district"))
    if args.action == "list":
        out(list_rules(standards))
        return OK
    if not args.id:
        say(texts["which_rule"])
        return CANNOT_RUN
    out(show_rule(standards, args.id))
    return OK


def _listed_at_once() -> bool:
    """The list of the shipped rules without loading the standards; whether that could be."""
    from pipeline.rule_list import shipped

    text = shipped()
    if text is not None:
        out(text)
    return text is not None
