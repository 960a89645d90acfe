"""The delivered findings and JSON records against the recomputed ones."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.delivery.check.compare.plain import Unreadable, json_differences, read_json
from pipeline.delivery.check.compare.units import shortened
from pipeline.sources import Note

MARK = "fingerprint"


def json_record(wanted: Path, given: Path, name: str, survey: str | None) -> Iterator[Note]:
    """A JSON file, value by value; what lies in a list item that names its survey is that survey's."""
    for where, one, other, item in json_differences(read_json(wanted), read_json(given)):
        own = item.get("survey") if isinstance(item, Mapping) else None
        slots = {"what": where, "listed": one, "actual": other, "measured": other, "required": one}
        yield Note("record_differs", name, own or survey, slots=slots)


def findings(wanted: Path, given: Path, name: str, _survey: str | None) -> Iterator[Note]:
    """Findings that were removed, added or rewritten; header and footer."""
    ours, theirs = _read(wanted), _read(given)
    for what, kind in (("header", "首行 header"), ("footer", "末行 footer")):
        if theirs[what] is None:
            yield Note("findings_incomplete", name, slots={"detail": f"没有{kind}"})
        else:
            for where, one, other, _ in json_differences(ours[what], theirs[what]):
                detail = f"{kind} 的 {where} 应为 {one}，所交为 {other}"
                yield Note("findings_incomplete", name, slots={"detail": detail})
    for mark, record in ours["lines"].items():
        if mark not in theirs["lines"]:
            yield _note("finding_removed", name, record, {"required": record["message"]})
            continue
        for where, one, other, _ in json_differences(record, theirs["lines"][mark]):
            slots = {"what": where, "listed": one, "actual": other, "measured": other, "required": one}
            yield _note("finding_changed", name, record, slots)
    for mark, record in theirs["lines"].items():
        if mark not in ours["lines"]:
            yield _note("finding_added", name, record, {"measured": str(record.get("message"))})


def _note(kind: str, name: str, record: Mapping[str, Any], slots: Mapping[str, Any]) -> Note:
    named = {"rule": str(record.get("rule")), "text": shortened(str(record.get("message")))}
    feature = {"feature": record.get("feature"), "other_feature": record.get("other_feature")}
    survey = record.get("survey")
    own = survey if isinstance(survey, str) else None
    return Note(kind, name, own, slots={**named, **feature, **slots})


def _read(path: Path) -> dict[str, Any]:
    """Header, footer (None when not there) and findings by their mark; a mark that comes twice gets a number."""
    try:
        lines = [json.loads(line) for line in path.read_bytes().decode("utf-8").split("\n") if line]
    except (ValueError, RecursionError) as err:
        raise Unreadable("有不完整的行，不是 UTF-8 的 JSON 行文件") from err
    if not all(isinstance(line, dict) for line in lines):
        raise Unreadable("有的行不是 JSON 对象")
    by_mark: dict[str, Any] = {}
    for line in lines:
        if line.get("type") in ("header", "footer"):
            continue
        mark = str(line.get(MARK) or json.dumps(line, sort_keys=True))
        by_mark[f"{mark}#{sum(key.startswith(f'{mark}#') for key in by_mark)}" if mark in by_mark else mark] = line
    head, foot = lines[:1], lines[-1:]
    return {
        "header": head[0] if head and head[0].get("type") == "header" else None,
        "footer": foot[0] if foot and foot[0].get("type") == "footer" else None,
        "lines": by_mark,
    }
