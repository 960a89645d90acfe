"""A permit figure of a building is compared with that building, or it is told: never dropped in silence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline import permits
from pipeline.model import ProjectReport
from pipeline.project import run_project
from pipeline.standard import load_standards

DISTRICT = Path(__file__).parent.parent / "samples" / "district"
OWN = [load_standards().surveys["planning"]]


@pytest.fixture
def project(tmp_path):
    folder = next(DISTRICT.glob("CQJB-2026-0001*"))
    return Path(shutil.copytree(folder, tmp_path / "project"))


def ran(project: Path, old: str, new: str) -> ProjectReport:
    path = project / "permit.csv"
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    return run_project(project)


def told(result: ProjectReport) -> list[str]:
    return [finding.message for finding in result.findings if finding.rule == "PRJ-I24"]


def heights(building: str) -> dict[str | None, float]:
    rows = [{"指标": "建筑高度", "许可值": 50, "幢号": building}]
    return permits.figures(rows, OWN, "permit.csv")[0]["building_height_m"]


def test_a_figure_of_a_building_that_nobody_surveyed_is_told_with_the_buildings_there_are(project):
    (sentence,) = told(ran(project, "建筑高度,m,10.50,1号楼", "建筑高度,m,10.50,11号楼"))
    assert "“11号楼”" in sentence
    assert "实测的幢号有：1）" in sentence


def test_of_a_list_each_building_has_the_figure_and_who_is_missing_is_told(project):
    result = ran(project, "建筑高度,m,10.50,1号楼", "建筑高度,m,1.00,1号楼、2号楼")
    assert [finding.rule for finding in result.findings if finding.rule.startswith("PLA-M")] == ["PLA-M11"]
    assert ["“2号楼”" in sentence and "1号楼" not in sentence for sentence in told(result)] == [True]


def test_a_figure_of_the_whole_project_that_names_a_building_is_told(project):
    (sentence,) = told(ran(project, "容积率,,1.02,,", "容积率,,1.02,1号楼,"))
    assert "整个项目" in sentence


def test_a_permit_whose_buildings_were_all_surveyed_is_not_told(project):
    assert told(ran(project, "1号楼", "１ 幢")) == []


@pytest.mark.parametrize("written", ["1号楼、2号楼", "1号楼，2号楼", "1#,2#", "1；2", "1幢 2幢", "１、２号楼"])
def test_a_list_of_buildings_is_a_figure_for_each(written):
    assert {"1": 50, "2": 50}.items() <= heights(written).items()


@pytest.mark.parametrize("written", ["1 号楼", "A 座", "商业 裙楼", "1号楼、商业裙楼"])
def test_what_is_no_list_of_plain_names_is_one_building(written):
    assert len(heights(written)) == 1


def test_a_building_that_is_called_by_a_list_keeps_its_figure():
    assert heights("1、2号楼")["1、2号楼"] == 50


def test_two_lists_that_contradict_each_other_are_told_once_a_row():
    rows = [{"指标": "建筑高度", "许可值": value, "幢号": "1号楼、2号楼"} for value in (50, 60)]
    found, notes = permits.figures(rows, OWN, "permit.csv")
    assert (found, [note.kind for note in notes]) == ({}, ["permit_unknown_row"])
