"""A delivery made from another project file and from a firm's own standards holds both, and is examined by them."""

from __future__ import annotations

import json
import shutil
import zipfile
from functools import partial

import pytest
import yaml

from pipeline import cli
from pipeline.delivery.check import check_delivery
from pipeline.delivery.check.review import build_review
from pipeline.delivery.check.writing import write_review
from tests import factories_delivery as kit
from tests.factories_delivery import put, relisted, rules, said, swap
from tests.reading_report import words
from tests.sixth import add_to, write_standard

OWN = "自定标准/pipes"
LINES = {"W1": (1.2, [(500100, 3270100), (500110, 3270100)]), "W2": (0.3, [(500100, 3270110), (500110, 3270110)])}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A run of `仅管线.yaml`, which commissions the invented survey alone, beside a project.yaml that asks for more."""
    folder = tmp_path_factory.mktemp("own")
    project = add_to(kit.SAMPLE, folder / "project", LINES)
    data = yaml.safe_load((project / "project.yaml").read_text("utf-8"))
    data["surveys"] = {"pipes": data["surveys"]["pipes"]}
    (project / "仅管线.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    standards = write_standard(folder / "standards")
    shutil.copytree(kit.SAMPLE.parent.parent / "schemas" / "green" / "codes", standards / "pipes" / "codes")
    run = ["run", str(project / "仅管线.yaml"), "-o", str(folder / "out"), "--standards", str(standards), "--quiet"]
    assert cli.main(run) == 1
    return folder


@pytest.fixture
def package(handed_in, tmp_path):
    """A copy of the delivery as a folder."""
    with zipfile.ZipFile(handed_in / "out" / f"{kit.CODE}.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path / kit.CODE


examined = partial(check_delivery, today=kit.TODAY, isolation=kit.readers())

# ---------------------------------------------------------------- the project file


def test_the_project_file_that_was_run_is_delivered_under_the_usual_name(handed_in, package):
    delivered = (package / kit.INPUTS / "project.yaml").read_bytes()
    assert delivered == (handed_in / "project" / "仅管线.yaml").read_bytes()
    assert not (package / kit.INPUTS / "仅管线.yaml").exists()


def test_a_delivery_from_another_project_file_recomputes_to_itself(handed_in, package):
    review = examined(package)
    assert rules(review) == {"PRJ-D31"}
    assert [survey.survey for survey in review.result.surveys] == ["pipes"]
    assert review.result.verdict == review.delivered == "failed"
    summary = json.loads((handed_in / "out" / "summary.json").read_text("utf-8"))
    assert review.result.counts == summary["counts"]


# ---------------------------------------------------------------- the firm's own standards


def test_own_standards_are_delivered_with_their_hashes(handed_in, package):
    listed = {f["path"] for f in json.loads((package / kit.MANIFEST).read_text("utf-8"))["files"]}
    parts = ["mappings", "measures", "rules", "standard", "tables"]
    assert {f"{OWN}/{part}.yaml" for part in parts} <= listed
    assert any(path.startswith(f"{OWN}/codes/") for path in listed)
    assert (package / OWN / "rules.yaml").read_bytes() == (handed_in / "standards/pipes/rules.yaml").read_bytes()


def test_the_examination_tells_the_bureau_that_the_standard_is_the_firms_own(package, tmp_path, capsys):
    review = examined(package)
    assert said(review, "PRJ-D31").startswith("“管线竣工测量”依据测绘单位自定的标准 test-pipes 2026-11（规则 2 条")
    assert [(f.severity, f.survey, f.file) for f in review.findings] == [("warning", "pipes", OWN)]
    told = [text for text in words(build_review(review)) if "本成果包依据了测绘单位自定的标准" in text]
    assert len(told) == 1
    assert "管线竣工测量（test-pipes 2026-11）" in told[0]
    write_review(review, tmp_path / "review")
    assert "test-pipes 2026-11" in (tmp_path / "review" / "review.html").read_text("utf-8")
    assert cli.main(["check", str(package), "--quiet"]) == 1
    assert "[警告] PRJ-D31" in capsys.readouterr().out


def test_an_examiner_who_has_the_same_standard_is_told_nothing(handed_in, package):
    review = examined(package, standards_in=[handed_in / "standards"])
    assert review.findings == ()
    assert review.result.verdict == "failed"


def test_a_standard_altered_after_packing_is_named_by_the_manifest(package):
    swap(package / OWN / "rules.yaml", "at_least: 0.7", "at_least: 0.1")
    assert f"{OWN}/rules.yaml 与成果清单不一致" in said(examined(package), "PRJ-D08")


def test_a_standard_made_milder_with_its_manifest_recomputes_to_other_results(package):
    swap(package / OWN / "rules.yaml", "at_least: 0.7", "at_least: 0.1")
    review = examined(relisted(package))
    assert "PRJ-D08" not in rules(review)
    assert "PIP-A01" in said(review, "PRJ-D14")
    assert "PRJ-D31" in rules(review)


def test_a_standard_other_than_the_examiners_is_named_with_its_files_and_not_used(handed_in, package):
    swap(package / OWN / "rules.yaml", "at_least: 0.7", "at_least: 0.1")
    review = examined(relisted(package), standards_in=[handed_in / "standards"])
    assert rules(review) == {"PRJ-D32"}
    assert "与审查方给出的不同：rules.yaml" in said(review, "PRJ-D32")
    assert {f.rule for f in review.result.findings} >= {"PIP-A01"}


def test_an_own_standard_never_takes_the_place_of_another(package):
    swap(package / OWN / "standard.yaml", "survey: pipes", "survey: cadastral")
    review = examined(relisted(package))
    assert "标准重复：“cadastral”" in said(review, "PRJ-D12")
    assert str(package) not in said(review, "PRJ-D12")
    assert review.result is None


def test_an_own_standard_that_was_taken_out_is_missed(package):
    shutil.rmtree(package / OWN)
    review = examined(relisted(package))
    assert "没有“pipes”的标准" in said(review, "PRJ-D12")


def test_an_own_standard_that_was_added_is_told_and_not_claimed(package):
    added = shutil.copytree(package / OWN, package / "自定标准" / "cables")
    for name, old, new in (("standard", "pipes", "cables"), ("rules", "PIP-", "CAB-")):
        put(added / f"{name}.yaml", (added / f"{name}.yaml").read_text("utf-8").replace(old, new))
    review = examined(relisted(package))
    assert "test-cables 2026-11" in said(review, "PRJ-D31")
    assert "“标准版本”写" in said(review, "PRJ-D10")


def test_an_own_standard_that_swells_when_read_is_refused(package):
    bomb = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    bomb += "".join(f"{n}: &{n} [{', '.join(['*' + o] * 10)}]\n" for o, n in zip("abcdefg", "bcdefgh", strict=True))
    put(package / OWN / "tables.yaml", bomb)
    assert "别名（*）展开后超过" in said(examined(relisted(package)), "PRJ-D12")
