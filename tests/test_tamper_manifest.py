"""A manifest that lies, and inputs that are not those of the results: the examination names both."""

from __future__ import annotations

import dataclasses
import json
import struct

import pytest

from pipeline import editions
from pipeline.delivery.check import check_delivery
from pipeline.report.data import summary
from pipeline.standard import load_standards
from tests import factories_delivery as kit
from tests.factories_delivery import examined, put, relisted, restated, rules, said, swap


def test_a_file_changed_after_packing_is_named_by_the_manifest_too(root):
    swap(root / kit.SUMMARY, '"verdict": "passed"', '"verdict": "failed"')
    message = said(examined(root), "PRJ-D08")
    assert kit.SUMMARY in message
    assert "SHA-256" in message


def test_an_edited_hash_in_the_manifest_is_named(root):
    data = json.loads((root / kit.MANIFEST).read_text("utf-8"))
    data["files"][3]["sha256"] = "0" * 64
    put(root / kit.MANIFEST, json.dumps(data, ensure_ascii=False))
    review = examined(root)
    assert rules(review) == {"PRJ-D08"}
    assert data["files"][3]["path"] in said(review, "PRJ-D08")


def test_a_file_struck_from_the_manifest_is_named(root):
    data = json.loads((root / kit.MANIFEST).read_text("utf-8"))
    struck = data["files"].pop(3)["path"]
    put(root / kit.MANIFEST, json.dumps(data, ensure_ascii=False))
    assert f"{struck} 在清单中没有列出" in said(examined(root), "PRJ-D07")


@pytest.mark.parametrize(("text", "words"), [(None, "不存在"), ("{", "不可读"), ("{}", "不可读")])
def test_a_missing_or_broken_manifest_is_named_and_the_rest_examined_all_the_same(root, text, words):
    (root / kit.MANIFEST).unlink()
    if text is not None:
        put(root / kit.MANIFEST, text)
    review = examined(root)
    assert words in said(review, "PRJ-D06")
    assert rules(review) == {"PRJ-D06"}
    assert review.result is not None


def test_an_unknown_edition_is_named_and_nothing_recomputed(root):
    review = examined(restated(root, edition="duoce-planning 2099-01"))
    assert "“duoce-planning 2099-01”不是本软件所知的版本" in said(review, "PRJ-D09")
    assert review.result is None
    assert {bureau.verdict for bureau in review.bureaus} == {"failed"}


def test_an_edition_with_a_package_more_is_named(root):
    edition = f"{json.loads((root / kit.MANIFEST).read_text('utf-8'))['edition']}; duoce-own 2026-01"
    assert "duoce-own 2026-01" in said(examined(restated(root, edition=edition)), "PRJ-D10")


def test_another_project_code_in_the_manifest_is_named(root):
    restated(root, project={"code": "CQJB-2026-9999", "name": "滨江雅苑"})
    assert "“项目”写 CQJB-2026-9999 滨江雅苑，应为 CQJB-2026-0117 滨江雅苑" in said(examined(root), "PRJ-D10")


def test_a_changed_profile_recomputes_to_other_results(root):
    profile = {"name": "national", "edition": "national 2026-11"}
    review = examined(restated(root, profile=profile), kit.data_only)
    assert "profile：应为 national" in said(review, "PRJ-D17")


def test_an_unknown_profile_is_named(root):
    restated(root, profile={"name": "../x", "edition": "x"})
    assert "参数集" in said(examined(root, kit.data_only), "PRJ-D12")


def test_other_software_is_said_and_no_fault(root):
    software = json.loads((root / kit.MANIFEST).read_text("utf-8"))["software"]
    review = examined(restated(root, software={**software, "typst": "0.1"}))
    assert rules(review) == {"PRJ-D27"}
    assert "typst 0.1（清单）" in said(review, "PRJ-D27")
    assert review.verdict == "passed"


# ---------------------------------------------------------------- inputs


def test_a_changed_input_is_found_though_the_manifest_agrees(root):
    path = root / kit.INPUTS / "control.csv"
    put(path, path.read_bytes().replace(b"\n", b"\r\n", 1))
    review = examined(relisted(root), kit.data_only)
    assert f"{kit.INPUTS}/control.csv 与检查摘要所记的不是同一文件" in said(review, "PRJ-D11")


def test_another_area_in_an_input_shows_in_everything_that_was_delivered(root):
    path = root / kit.INPUTS / "property/H.dbf"
    data = path.read_bytes()
    start, length = struct.unpack_from("<HH", data, 8)
    record = data[start : start + length]
    number = next(word for word in record.split() if b"." in word)
    put(path, data[:start] + record.replace(number, b"7" * (len(number) - 3) + number[-3:], 1) + data[start + length :])
    review = examined(relisted(root), kit.data_only)
    assert {"PRJ-D11", "PRJ-D19"} <= rules(review)
    assert "房产" in {b.short for b in review.bureaus if b.verdict == "failed"}


def test_inputs_that_cannot_be_run_are_named(root):
    (root / kit.INPUTS / "project.yaml").unlink()
    review = examined(relisted(root), kit.data_only)
    assert "没有 原始资料/project.yaml；请退回测绘单位，补交全部原始资料" in said(review, "PRJ-D12")
    assert "duoce init" not in said(review, "PRJ-D12")
    assert str(root) not in said(review, "PRJ-D12")
    assert review.verdict == "failed"


@pytest.mark.parametrize("name", ["../../../x.dxf", "/etc/x.dxf", "C:\\\\x.dxf"])
def test_a_project_file_that_points_outside_the_package_is_not_followed(root, name):
    swap(root / kit.INPUTS / "project.yaml", "files: [planning/规划核实.dxf]", f'files: ["{name}"]')
    review = check_delivery(relisted(root), today=kit.TODAY, isolation=kit.readers())
    assert "不在项目文件夹之内" in said(review, "PRJ-D12")


def test_an_altered_project_file_is_named_though_the_manifest_agrees(root):
    path = root / kit.INPUTS / "project.yaml"
    put(path, path.read_bytes() + b"\n# x\n")
    review = examined(relisted(root), kit.data_only)
    assert f"{kit.INPUTS}/project.yaml 与检查摘要所记的不是同一文件" in said(review, "PRJ-D11")


def test_waivers_slipped_in_are_named_as_an_input_the_results_were_not_made_from(root):
    waivers = "waivers: [{rule: PLA-T01, feature: x, reason: y, who: z, date: 2026-01-01}]\n"
    put(root / kit.INPUTS / "waivers.yaml", waivers)
    review = examined(relisted(root), kit.data_only)
    assert f"{kit.INPUTS}/waivers.yaml 不在检查摘要所记的输入之中" in said(review, "PRJ-D11")


def test_an_input_that_is_used_no_more_is_named(root):
    swap(root / kit.INPUTS / "project.yaml", "control_points: control.csv", "")
    review = examined(relisted(root), kit.data_only)
    assert f"{kit.INPUTS}/control.csv 记在检查摘要的输入之中" in said(review, "PRJ-D11")


def test_a_run_under_an_older_edition_does_not_record_the_project_file():
    with editions.schemas_of("2026-11") as root:
        older = load_standards(root=root)
    assert "project_file" in summary(kit.made().result)
    assert "project_file" not in summary(dataclasses.replace(kit.made().result, standards=older))
