"""The projects of a batch as they stand in OUT: how each ended and what its summary says. Geometry stays where it is."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.model import SEVERITIES
from pipeline.results import read_result

PROJECTS, LINES, RECORD, LAYERS = "projects", "projects.jsonl", "record.json", "result.gpkg"
JUDGED = ("passed", "failed", "undetermined")
UNKNOWN = "批处理没有留下这个项目的成果；请重新运行 duoce batch"


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How one rule ended in one project."""

    rule: str
    survey: str
    outcome: str
    findings: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One project. key: name of its folder in OUT/projects; outcome: a verdict, or broken | crashed with its reason.

    surveys: (survey, Chinese name) as commissioned. date: of the result, "" where no summary states it.
    """

    key: str
    folder: Path
    outcome: str
    reason: str | None = None
    code: str | None = None
    name: str | None = None
    firm: str | None = None
    date: str = ""
    surveys: tuple[tuple[str, str], ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    rules: tuple[RuleCount, ...] = ()
    score: float | None = None
    grade: str | None = None

    @property
    def judged(self) -> bool:
        """Whether there is a result to compare with others."""
        return self.outcome in JUDGED

    @property
    def label(self) -> str:
        return f"{self.name}（{self.code}）" if self.name else self.key

    def count(self, severity: str) -> int:
        return int(self.counts.get(severity, 0))


def read_entries(out: Path) -> tuple[Entry, ...]:
    """Every project of the batch in `out`, by key: those with a folder, and those only the list of the batch names.

    Errors: InputError when there is no folder of projects.
    """
    root = out / PROJECTS
    if not root.is_dir():
        raise InputError(f"找不到批处理的成果文件夹：{root}；请先运行 duoce batch")
    records = _records(out / LINES)
    keys = {path.name for path in root.iterdir() if path.is_dir()} | records.keys()
    return tuple(_entry(root / key, records.get(key, {})) for key in sorted(keys))


def with_fault(entry: Entry, reason: str) -> Entry:
    """The same project, its result found to be unusable."""
    return dataclasses.replace(entry, outcome="broken", reason=reason, counts={}, rules=(), score=None, grade=None)


def relative(text: str, folder: Path) -> str:
    """A message without the folders above the project: it says the same wherever OUT lies."""
    return text.replace(f"{folder}/", "").replace(f"{folder}\\", "").replace(str(folder), folder.name)


# ---------------------------------------------------------------- inside


def _records(path: Path) -> dict[str, Mapping[str, Any]]:
    """Lines of projects.jsonl by key; a line that is none (a batch was killed while writing) is left out."""
    if not path.is_file():
        return {}
    found = [_object(line) for line in path.read_text("utf-8", errors="replace").splitlines()]
    return {str(item["key"]): item for item in found if item.get("key")}


def _object(text: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _entry(folder: Path, listed: Mapping[str, Any]) -> Entry:
    path = folder / RECORD
    record = _object(path.read_text("utf-8", errors="replace")) if path.is_file() else listed
    outcome = record.get("outcome")
    code, name, firm = (record.get(key) for key in ("code", "name", "firm"))
    known = dataclasses.replace(Entry(folder.name, folder, "broken"), code=code, name=name, firm=firm)
    if outcome is not None and outcome not in JUDGED:
        return dataclasses.replace(known, outcome=str(outcome), reason=record.get("reason") or UNKNOWN)
    if not folder.is_dir():
        return dataclasses.replace(known, reason=record.get("reason") or UNKNOWN)
    try:
        result = read_result(folder)
    except InputError as err:
        return dataclasses.replace(known, reason=relative(str(err), folder))
    summary, project = result.summary, result.summary["project"]
    return Entry(
        folder.name,
        folder,
        str(summary["verdict"]),
        None,
        project.get("code"),
        project.get("name"),
        project.get("firm") or firm,
        str(project.get("date") or ""),
        tuple((str(s["survey"]), str(s["label"])) for s in summary["surveys"]),
        {severity: int(summary["counts"].get(severity, 0)) for severity in SEVERITIES},
        tuple(_rule_counts(summary["rules"])),
        record.get("score"),
        record.get("grade"),
    )


def _rule_counts(rules: Iterable[Mapping[str, Any]]) -> Iterable[RuleCount]:
    for rule in rules:
        yield RuleCount(str(rule["id"]), str(rule["survey"]), str(rule["outcome"]), int(rule["findings"]))
