"""The command line: which command, in which language, and what a person sees when something cannot go on."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any, NoReturn

from pipeline import __version__
from pipeline.cli_text import HEADINGS, TEXTS, USAGE_FAULTS, Texts
from pipeline.commands import batch, check, diff, init, inspect, rules, run
from pipeline.commands.exits import CANNOT_RUN, FAILED, OK
from pipeline.commands.talk import say
from pipeline.errors import ERRNOS, PipelineError

COMMANDS: dict[str, ModuleType] = {
    "init": init,
    "inspect": inspect,
    "run": run,
    "check": check,
    "rules": rules,
    "batch": batch,
    "diff": diff,
}

SELDOM = (100_000, 20, 50)  # objects until the next search for cycles: what is imported and read all stays
PARQUET = ("batch",)  # commands that write it
NOWHERE: Any = None  # what `sys.modules` holds of a module that must not be imported


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 nothing at the fail level, 1 findings, 2 cannot run, 3 a rule or program failed."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    texts = TEXTS[_language(arguments)]
    parsed = _parser(texts).parse_args(arguments)
    if argv is None:  # a process of its own
        gc.set_threshold(*SELDOM)
        if parsed.name not in PARQUET:
            sys.modules.setdefault("pyarrow", NOWHERE)  # pandas takes it in where it is, for nothing here
    try:
        return int(COMMANDS[parsed.name].call(parsed, texts))
    except PipelineError as err:
        say(f"{texts['cannot_run']}{err}")
        return CANNOT_RUN
    except KeyboardInterrupt:
        say(texts["interrupted"])
        return FAILED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OSError as err:
        said = ERRNOS.get(err.errno or 0) if texts is TEXTS["zh"] else None
        say(f"{texts['cannot_run']}{said or err.strerror or err}：{err.filename or ''}")
        return CANNOT_RUN
    except Exception as err:  # the last line of defence: a person never sees a traceback
        say(texts["program_failed"].format(error=f"{type(err).__name__}：{err}"))
        if os.environ.get("DUOCE_DEBUG"):
            raise
        return FAILED


class _Parser(argparse.ArgumentParser):
    """argparse that speaks the chosen language."""

    texts: Texts

    def error(self, message: str) -> NoReturn:
        for english, said in USAGE_FAULTS:
            message = message.replace(english, self.texts[said])
        say(f"{self.format_usage().strip()}\n{self.texts['usage_fault']}{message}")
        say(self.texts["usage_more"].format(command=self.prog))
        self.exit(CANNOT_RUN)

    def format_help(self) -> str:
        text = super().format_help()
        for english, said in HEADINGS:
            text = text.replace(english, self.texts[said])
        return text

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", self.texts["usage"])


def _parser(texts: Texts) -> argparse.ArgumentParser:
    _Parser.texts = texts
    parser = _Parser(prog="duoce", description=texts["about"])
    parser.add_argument("--version", action="version", version=f"duoce {__version__}", help=texts["version"])
    parser.add_argument("--lang", choices=sorted(TEXTS), default="zh", help=texts["lang"])
    commands = parser.add_subparsers(dest="name", required=True, metavar=texts["command"])
    for name, command in COMMANDS.items():
        about = texts[f"help_{name}"]
        command.arguments(commands.add_parser(name, help=about, description=about), texts)
    return parser


def _language(arguments: Sequence[str]) -> str:
    """The language asked for, before the arguments are parsed, so that the help is in it too."""
    for position, word in enumerate(arguments):
        if word.startswith("--lang="):
            return word.split("=", 1)[1] if word.split("=", 1)[1] in TEXTS else "zh"
        if word == "--lang" and arguments[position + 1 : position + 2] and arguments[position + 1] in TEXTS:
            return arguments[position + 1]
    return "zh"


if __name__ == "__main__":
    sys.exit(main())
