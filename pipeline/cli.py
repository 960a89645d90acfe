"""Arguments, progress and exit codes. Heavy imports happen inside the command that needs them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pipeline import __version__
from pipeline.cli_text import HEADINGS, TEXTS, USAGE_FAULTS, Texts
from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from pipeline.model import RuleRun

OK, FINDINGS, CANNOT_RUN, FAILED = 0, 1, 2, 3
SHOWN_RULES = 5
LEVELS = ("error", "warning", "info")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 nothing at the fail level, 1 findings, 2 cannot run, 3 a rule or program failed."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    texts = TEXTS[_language(arguments)]
    parsed = _parser(texts).parse_args(arguments)
    try:
        return int(parsed.command(parsed, texts))
    except PipelineError as err:
        _say(f"{texts['cannot_run']}{err}")
        return CANNOT_RUN
    except KeyboardInterrupt:
        _say(texts["interrupted"])
        return FAILED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OSError as err:
        _say(f"{texts['cannot_run']}{err.strerror or err}：{err.filename or ''}")
        return CANNOT_RUN
    except Exception as err:  # the last line of defence: a person never sees a traceback
        _say(texts["program_failed"].format(error=f"{type(err).__name__}：{err}"))
        if os.environ.get("DUOCE_DEBUG"):
            raise
        return FAILED


# ---------------------------------------------------------------- commands


def _run(args: argparse.Namespace, texts: Texts) -> int:
    from pipeline.project import run_project
    from pipeline.report.write import write_all

    progress = _progress(quiet=args.quiet)
    result = run_project(args.project, standards_in=args.standards, profile=args.profile, progress=progress)
    written = write_all(result, args.out, progress=progress)
    _out(
        texts["verdict"].format(
            name=result.project.project.name, verdict=texts[f"verdict_{result.verdict}"], **result.counts
        )
    )
    for line in _undecided(result.runs, texts):
        _out(line)
    for finding in result.findings[: args.show]:
        _out(f"  [{texts[finding.severity]}] {finding.rule} {finding.business_id or ''} {finding.message}")
    if len(result.findings) > args.show:
        _out(texts["more"].format(count=len(result.findings) - args.show, path=args.out / "findings.jsonl"))
    _out(texts["written"].format(out=args.out, files="、".join(p.name for p in written)))
    if any(run.outcome == "crashed" for run in result.runs):
        return FAILED
    bad = LEVELS[: LEVELS.index(args.fail_level) + 1]
    return FINDINGS if any(result.counts[level] for level in bad) else OK


def _undecided(runs: Iterable[RuleRun], texts: Texts) -> list[str]:
    """One line per reason why rules could not be decided, with the rules it holds up."""
    held: dict[tuple[str, str], list[str]] = {}
    for run in runs:
        if run.outcome in ("undetermined", "crashed"):
            held.setdefault((run.outcome, run.reason or ""), []).append(run.rule)
    return [
        f"  {texts[outcome]}：{reason}（{'、'.join(rules[:SHOWN_RULES])}{texts['and_more'].format(count=len(rules))}）"
        for (outcome, reason), rules in held.items()
    ]


def _inspect(args: argparse.Namespace, texts: Texts) -> int:
    import json

    from pipeline.inspection import inspect_file, propose, render

    reports = []
    for path in args.files:
        if not path.exists():
            _say(f"{texts['cannot_run']}{texts['no_file'].format(path=path)}")
            return CANNOT_RUN
        reports.append(inspect_file(path))
    if args.mapping:
        for path in args.files:
            _out(propose(path))
    elif args.json:
        _out(json.dumps(reports[0] if len(reports) == 1 else reports, ensure_ascii=False, indent=1))
    else:
        for report in reports:
            _out(render(report))
    return FINDINGS if any(f.get("severity") == "error" for r in reports for f in r["findings"]) else OK


def _rules(args: argparse.Namespace, texts: Texts) -> int:
    from pipeline.rulebook import list_rules, show_rule
    from pipeline.standard import load_standards

    standards = load_standards(args.profile or "chongqing", extra=args.standards)
    if args.action == "list":
        _out(list_rules(standards))
        return OK
    if not args.id:
        _say(texts["which_rule"])
        return CANNOT_RUN
    _out(show_rule(standards, args.id))
    return OK


def _init(args: argparse.Namespace, texts: Texts) -> int:
    from pipeline.scaffold import scaffold

    for path in scaffold(args.dir):
        _out(texts["created"].format(path=path))
    return OK


# ---------------------------------------------------------------- arguments


class _Parser(argparse.ArgumentParser):
    """argparse that speaks the chosen language."""

    texts: Texts

    def error(self, message: str) -> NoReturn:
        for english, said in USAGE_FAULTS:
            message = message.replace(english, self.texts[said])
        _say(f"{self.format_usage().strip()}\n{self.texts['usage_fault']}{message}")
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
    _init_arguments(_command(commands, "init", _init, texts))
    _inspect_arguments(_command(commands, "inspect", _inspect, texts), texts)
    _run_arguments(_command(commands, "run", _run, texts), texts)
    _rules_arguments(_command(commands, "rules", _rules, texts), texts)
    return parser


def _command(
    commands: argparse._SubParsersAction[_Parser],
    name: str,
    call: Callable[[argparse.Namespace, Texts], int],
    texts: Texts,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=texts[f"help_{name}"], description=texts[f"help_{name}"])
    parser.set_defaults(command=call)
    return parser


def _init_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dir", type=Path, metavar="DIR")


def _inspect_arguments(parser: argparse.ArgumentParser, texts: Texts) -> None:
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--json", action="store_true", help=texts["json"])
    parser.add_argument("--mapping", action="store_true", help=texts["mapping"])


def _run_arguments(parser: argparse.ArgumentParser, texts: Texts) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="OUT", help=texts["out"])
    parser.add_argument("--fail-level", choices=LEVELS, default="error", help=texts["fail_level"])
    parser.add_argument("--show", type=int, default=20, metavar="N", help=texts["show"])
    parser.add_argument("--quiet", action="store_true", help=texts["quiet"])
    _standards_arguments(parser, texts)


def _rules_arguments(parser: argparse.ArgumentParser, texts: Texts) -> None:
    parser.add_argument("action", nargs="?", choices=("list", "show"), default="list")
    parser.add_argument("id", nargs="?", metavar="ID")
    _standards_arguments(parser, texts)


def _standards_arguments(parser: argparse.ArgumentParser, texts: Texts) -> None:
    parser.add_argument("--profile", metavar="NAME", help=texts["profile"])
    parser.add_argument("--standards", type=Path, action="append", default=[], metavar="DIR", help=texts["standards"])


# ---------------------------------------------------------------- talking


def _language(arguments: Sequence[str]) -> str:
    """The language asked for, before the arguments are parsed, so that the help is in it too."""
    for position, word in enumerate(arguments):
        if word.startswith("--lang="):
            return word.split("=", 1)[1] if word.split("=", 1)[1] in TEXTS else "zh"
        if word == "--lang" and arguments[position + 1 : position + 2] and arguments[position + 1] in TEXTS:
            return arguments[position + 1]
    return "zh"


def _progress(*, quiet: bool) -> Callable[[str], None]:
    if quiet or not sys.stderr.isatty():
        return lambda _: None
    return lambda step: _say(f"· {step} …")


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _out(text: str) -> None:
    print(text)


if __name__ == "__main__":
    sys.exit(main())
