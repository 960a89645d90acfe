"""Summary, metadata, findings and waivers of a delivery: what was altered, removed, added or has ended is named."""

from __future__ import annotations

import dataclasses
import json

import pytest

from pipeline.model import Finding
from tests import factories_delivery as kit
from tests.factories_delivery import examined, put, relisted, rules, said, swap

FOUND = Finding(
    "CAD-T01", "error", "cadastral", "地籍.dxf", "ZD", "cadastral.parcel/1", None, "117", None, 2.0, 0.01, "m²", None, None, "与 118 重叠 2.00 m²"
)  # fmt: skip
OTHER = dataclasses.replace(FOUND, rule="CAD-A09", severity="warning", message="代码含全角字符", measured="Ｗ")


def test_an_edited_indicator_in_the_summary_is_named(root):
    data = json.loads((root / kit.SUMMARY).read_text("utf-8"))
    data["indicators"][0]["measured"] += 1
    put(root / kit.SUMMARY, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    review = examined(relisted(root))
    assert rules(review) == {"PRJ-D17"}
    assert "indicators[" in said(review, "PRJ-D17")
    assert {f.survey for f in review.findings} == {data["indicators"][0]["survey"]}


def test_a_verdict_written_better_than_it_is_recomputed_is_named(root):
    swap(root / kit.SUMMARY, '"verdict": "passed"', '"verdict": "failed"')
    review = examined(relisted(root))
    assert "verdict：应为 passed，所交为 failed" in said(review, "PRJ-D17")
    assert review.delivered == "failed"


def test_edited_metadata_are_named(root):
    path = root / "绿地核实测量/元数据/元数据.json"
    swap(path, "1985国家高程基准", "1956黄海高程系")
    assert "height_datum：应为 1985国家高程基准，所交为 1956黄海高程系" in said(examined(relisted(root)), "PRJ-D17")


def test_a_removed_finding_is_named(tmp_path):
    root, recomputed = kit.with_findings(tmp_path, (FOUND, OTHER))
    _relined(root, lambda lines: [line for line in lines if "CAD-T01" not in line])
    review = examined(relisted(root), recomputed)
    assert "检查发现被删除：CAD-T01 与 118 重叠 2.00 m²" in said(review, "PRJ-D13")
    assert {f.survey for f in review.findings if f.rule == "PRJ-D13"} == {"cadastral"}


def test_an_edited_finding_is_named_with_the_key(tmp_path):
    root, recomputed = kit.with_findings(tmp_path, (FOUND, OTHER))
    swap(root / kit.FINDINGS, '"severity": "error"', '"severity": "info"')
    review = examined(relisted(root), recomputed)
    assert "“severity”被改动：应为 error，所交为 info" in said(review, "PRJ-D15")


def test_an_added_finding_is_named(tmp_path):
    root, recomputed = kit.with_findings(tmp_path, (FOUND,))
    _relined(root, lambda lines: [*lines[:-1], lines[1].replace("CAD-T01", "CAD-T02").replace('"fingerprint": "', '"fingerprint": "0'), lines[-1]])  # fmt: skip
    assert "CAD-T02" in said(examined(relisted(root), recomputed), "PRJ-D14")


@pytest.mark.parametrize(("kept", "what"), [(slice(0, -1), "末行 footer"), (slice(1, None), "首行 header")])
def test_a_missing_header_or_footer_of_the_findings_is_named(root, kept, what):
    _relined(root, lambda lines: lines[kept])
    assert f"没有{what}" in said(examined(relisted(root)), "PRJ-D16")


def test_a_line_of_the_findings_broken_off_is_of_a_wrong_format(root):
    put(root / kit.FINDINGS, (root / kit.FINDINGS).read_bytes()[:-5])
    assert kit.FINDINGS in said(examined(relisted(root)), "PRJ-D03")


def _relined(root, change):
    lines = (root / kit.FINDINGS).read_text("utf-8").splitlines()
    put(root / kit.FINDINGS, "\n".join(change(lines)) + "\n")


# ---------------------------------------------------------------- waivers


def test_a_waiver_that_has_ended_by_the_day_of_the_check_no_longer_holds(tmp_path):
    waiver = {"who": "张", "when": "2026-09-01", "why": "…", "until": "2026-10-01", "fingerprint": "x"}
    root, recomputed = kit.with_findings(tmp_path, (dataclasses.replace(FOUND, waiver=waiver),))
    early = examined(root, recomputed, today=kit.dt.date(2026, 9, 30))
    late = examined(root, recomputed)
    assert (rules(early), early.verdict) == (set(), "passed")
    assert "豁免已于 2026-10-01 到期，CAD-T01" in said(late, "PRJ-D28")
    assert late.verdict == late.result.verdict == "failed"
