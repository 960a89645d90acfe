"""What a finished run left in its folder, read back: summary.json and findings.jsonl, refused when not whole."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.fingerprint import fingerprints
from pipeline.model import FINDING_FIELDS, SEVERITIES, Finding

SUMMARY, FINDINGS = "summary.json", "findings.jsonl"
KEYS: Mapping[str, type] = {
    "project": dict,
    "verdict": str,
    "counts": dict,
    "surveys": list,
    "rules": list,
    "indicators": list,
    "inputs": list,
    "edition": str,
    "profile": str,
    "versions": dict,
}
WORDS = ("rule", "severity", "survey", "message")  # of a finding: never null
AGAIN = "请重新运行 duoce run"


@dataclass(frozen=True)
class Result:
    """One run's summary and findings. complete: the footer was there and every finding it counts.

    marks: of the findings, as the run wrote them; () where it wrote none, or one twice.
    """

    folder: Path
    summary: Mapping[str, Any]
    findings: tuple[Finding, ...]
    complete: bool = True
    marks: tuple[str, ...] = ()

    @cached_property
    def fingerprints(self) -> tuple[str, ...]:
        """The mark of each finding, in their order: the run's own, since a line does not hold all that a mark is of."""
        return self.marks or tuple(fingerprints(self.findings))


def read_result(folder: Path, *, partial: bool = False) -> Result:
    """The output folder of a run as a `Result`.

    partial: a run that was broken off is read as far as it came (`complete` is False) instead of refused.
    Errors: InputError in Chinese naming the file, what was found and what to do.
    """
    if not folder.is_dir():
        raise InputError(f"找不到成果文件夹：{folder}")
    summary = _summary(folder / SUMMARY)
    head, findings, marks, complete = _lines(folder / FINDINGS, partial=partial)
    for key, stated in (("edition", summary["edition"]), ("profile", summary["profile"])):
        if head.get(key) != stated:
            raise InputError(
                f"{folder}：{FINDINGS} 与 {SUMMARY} 不是同一次运行的成果："
                f"{key} 分别为“{head.get(key)}”和“{stated}”；{AGAIN}"
            )
    return Result(folder, summary, findings, complete, marks)


def _summary(path: Path) -> dict[str, Any]:
    data = _json(_text(path), path, "")
    for key, kind in KEYS.items():
        if not isinstance(data.get(key), kind):
            raise InputError(f"{path}：缺少“{key}”或其类型不对（现为 {data.get(key)!r:.60}）；{AGAIN}")
    return data


def _lines(path: Path, *, partial: bool) -> tuple[dict[str, Any], tuple[Finding, ...], tuple[str, ...], bool]:
    """Header, findings, their marks, and whether the footer came."""
    lines = _text(path).split("\n")
    broken_off = lines[-1] != ""
    if not broken_off or partial:  # half a line is nothing
        lines.pop()
    records = [_json(line, path, f"第 {number} 行：") for number, line in enumerate(lines, start=1)]
    if not records or records[0].get("type") != "header":
        raise InputError(f"{path}：首行应为 header；文件不是 duoce 的检查结果，或已被改动")
    complete = len(records) > 1 and records[-1].get("type") == "footer" and not broken_off
    if not complete and not partial:
        raise InputError(f"{path}：没有末行 footer，运行没有完成；{AGAIN}")
    told = records[1 : -1 if complete else None]
    found = tuple(_finding(record, path, number) for number, record in enumerate(told, start=2))
    if complete and records[-1].get("findings") != len(found):
        raise InputError(
            f"{path}：末行写明 {records[-1].get('findings')} 条，实有 {len(found)} 条；文件已被改动，{AGAIN}"
        )
    return records[0], found, _marks(told), complete


def _marks(records: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The marks that the lines state; () when one states none, or two the same."""
    marks = tuple(mark for mark in (record.get("fingerprint") for record in records) if mark and isinstance(mark, str))
    return marks if len(set(marks)) == len(records) else ()


def _finding(record: Mapping[str, Any], path: Path, number: int) -> Finding:
    missing = [name for name in FINDING_FIELDS if name not in record]
    if missing:
        raise InputError(f"{path}：第 {number} 行缺少“{'、'.join(missing)}”")
    wrong = [name for name in WORDS if not isinstance(record[name], str)]
    if wrong or record["severity"] not in SEVERITIES:
        name = wrong[0] if wrong else "severity"
        raise InputError(f"{path}：第 {number} 行：{name} 不是有效的值（现为 {record[name]!r:.60}）")
    return Finding(**{name: record[name] for name in FINDING_FIELDS})


def _text(path: Path) -> str:
    if not path.is_file():
        raise InputError(f"找不到 {path}：该文件夹不是完整的 duoce 成果；{AGAIN}")
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as err:
        raise InputError(f"{path}：不是 UTF-8 文本（第 {err.start} 字节）；文件已损坏，{AGAIN}") from err


def _json(text: str, path: Path, where: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as err:
        raise InputError(f"{path}：{where}不是完整的 JSON；文件没有写完或已被改动，{AGAIN}") from err
    if not isinstance(data, dict):
        raise InputError(f"{path}：{where}应为 JSON 对象，现为 {type(data).__name__}")
    return data
