"""A scene of two parcels with one finding each, a record that answers them, and how it is entered."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from pipeline import waivers
from pipeline.checks.cases import scene_of
from pipeline.model import Finding, RuleRun
from pipeline.standard import load_standards
from pipeline.waivers import ManualFinding, Record, Waiver

STANDARDS = load_standards()
DAY = dt.date(2026, 10, 1)
CODES = ("500105001001GB00001", "500105001001GB00002")
SQUARE = "POLYGON(({0} 0,{1} 0,{1} 10,{0} 10,{0} 0))"
SCENE = scene_of(
    STANDARDS,
    {
        "layers": {
            "cadastral.parcel": [
                {"geometry": SQUARE.format(10 * n, 10 * n + 10), "parcel_code": code} for n, code in enumerate(CODES)
            ]
        }
    },
)
FOUND = tuple(
    Finding(
        rule="CAD-T01", severity="error", survey="cadastral", file="a.dxf", layer="JZD",
        feature=f"cadastral.parcel/{n}", other_feature=None, business_id=code, field=None, measured=2.0, required=0.0,
        unit="m²", tolerance=0.01, place=f"POINT ({n} 0)", message="重叠",
    )
    for n, code in enumerate(CODES)
)  # fmt: skip
RUNS = (
    RuleRun("CAD-T01", "cadastral", "failed", 2, FOUND),
    RuleRun("PRJ-I01", "project", "failed", 1, (replace(FOUND[0], rule="PRJ-I01", survey="project"),)),
    *(RuleRun(f"PRJ-W0{n}", "project", "not_applicable", 0, reason="没有可检查的要素") for n in range(1, 7)),
    *(RuleRun(f"PRJ-R0{n}", "project", "not_applicable", 0, reason="没有可检查的要素") for n in range(1, 5)),
)
GIVEN: dict[str, Any] = {
    "rule": "CAD-T01", "feature": CODES[0], "reason": "历史遗留", "who": "王审核", "date": dt.date(2026, 9, 1),
}  # fmt: skip


def answer(**changes: Any) -> Waiver:
    return Waiver(**{**GIVEN, **changes})


def remark(**changes: Any) -> ManualFinding:
    given = {"sentence": "围墙压占代征地", "severity": "error", "who": "陈检查", "date": dt.date(2026, 9, 20)}
    return ManualFinding(**{**given, **changes})


def entered(
    *answers: Waiver, manual: tuple[ManualFinding, ...] = (), as_of: dt.date = DAY
) -> tuple[dict[str, RuleRun], tuple[Finding, ...]]:
    """Rule runs by id, and all findings, after the record was entered."""
    record = Record(waivers=answers, manual=manual)
    runs, _ = waivers.entered(RUNS, SCENE, record, as_of=as_of, intake="project")
    return {run.rule: run for run in runs}, tuple(finding for run in runs for finding in run.findings)
