"""What a district comes to, and its two plain files: summary.json and findings.jsonl."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.district.between import Between
from pipeline.district.index import Index
from pipeline.district.ranking import FirmTotal, RuleTotal, Sample, SurveyTotal
from pipeline.model import RuleRun, Verdict

SUMMARY, FINDINGS = "summary.json", "findings.jsonl"


@dataclass(frozen=True, slots=True)
class DistrictResult:
    """The merged result of a batch. counts: findings between projects by severity, those of the projects apart.

    verdict: between projects; the projects' own verdicts are in `index.entries`. files: what was written.
    """

    index: Index
    runs: tuple[RuleRun, ...]
    findings: tuple[Between, ...]
    counts: Mapping[str, int]
    verdict: Verdict
    rules: tuple[RuleTotal, ...]
    surveys: tuple[SurveyTotal, ...]
    firms: tuple[FirmTotal, ...]
    samples: tuple[Sample, ...]
    standards: Any
    date: str
    files: tuple[Path, ...] = ()

    @property
    def crashed(self) -> bool:
        """Whether a rule between projects crashed."""
        return any(run.outcome == "crashed" for run in self.runs)

    @property
    def outcomes(self) -> dict[str, int]:
        """How many projects ended how."""
        ends = [entry.outcome for entry in self.index.entries]
        return {word: ends.count(word) for word in sorted(set(ends))}

    @property
    def worst_counts(self) -> dict[str, int]:
        """Errors between projects in which each project has a part."""
        shared: dict[str, int] = {}
        for item in self.findings:
            if item.finding.severity == "error" and item.other_project:
                for key in (item.project, item.other_project):
                    shared[key] = shared.get(key, 0) + 1
        return shared


def summary(result: DistrictResult) -> dict[str, Any]:
    """The content of summary.json."""
    index = result.index
    return {
        "scope": "district",
        "verdict": result.verdict,
        "counts": dict(result.counts),
        "date": result.date,
        "crs": index.space.name or None,
        "projects": {
            "total": len(index.entries),
            "outcomes": result.outcomes,
            "broken": [
                {"project": e.key, "outcome": e.outcome, "reason": e.reason} for e in index.entries if not e.judged
            ],
            "apart": dict(sorted(index.space.apart.items())),
        },
        "layers": {
            name: {"features": len(layer), "compared": len(layer.placed)} for name, layer in index.layers.items()
        },
        "rules": [
            {
                "id": run.rule,
                "survey": run.survey,
                "outcome": run.outcome,
                "examined": run.examined,
                "findings": len(run.findings),
                "reason": run.reason,
            }
            for run in result.runs
        ],
        "project_rules": [dataclasses.asdict(total) for total in result.rules],
        "surveys": [dataclasses.asdict(total) for total in result.surveys],
        "firms": [dataclasses.asdict(total) for total in result.firms],
        "samples": [
            {"batch": s.batch, "units": s.units, "drawn": [entry.key for entry in s.drawn]} for s in result.samples
        ],
        "edition": result.standards.edition,
        "profile": result.standards.profile.edition,
    }


def lines(result: DistrictResult) -> list[dict[str, Any]]:
    """findings.jsonl: as a project's, each line with both projects and both places; header and footer as there."""
    head = {
        "type": "header",
        "scope": "district",
        "edition": result.standards.edition,
        "profile": result.standards.profile.edition,
    }
    found = [
        {
            **item.finding.line,
            "project": item.project,
            "other_project": item.other_project,
            "own_place": item.own_place,
            "other_place": item.other_place,
        }
        for item in result.findings
    ]
    return [head, *found, {"type": "footer", "findings": len(found)}]


def write_plain(result: DistrictResult, folder: Path) -> list[Path]:
    """Both files in `folder`."""
    text = json.dumps(summary(result), ensure_ascii=False, indent=1)
    (folder / SUMMARY).write_text(text + "\n", "utf-8")
    content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines(result))
    (folder / FINDINGS).write_text(content, "utf-8")
    return [folder / SUMMARY, folder / FINDINGS]
