"""One fact gives one finding: a value that is no number is not reported as missing too; older editions stay as they were."""

from __future__ import annotations

from pathlib import Path

import ezdxf
import pytest
import yaml

from pipeline.checks import CHECKS
from pipeline.project import run_project
from pipeline.standard import load_standards
from tests.sixth import add_to, write_standard

SAMPLE = Path(__file__).parent.parent / "samples" / "binjiang"
LINES = {n: (1.0, [(500100, 3270100 + 10 * i), (500110, 3270100 + 10 * i)]) for i, n in enumerate(["W1", "W2", "W3"])}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Pipes alone, every depth asked for: W1 has one, that of W2 is written "2Z", W3 has none."""
    folder = tmp_path_factory.mktemp("told")
    rules = write_standard(folder / "standards") / "pipes" / "rules.yaml"
    data = yaml.safe_load(rules.read_text("utf-8"))
    needed = {**data["rules"][0], "id": "PIP-A02", "check": "required", "params": {"fields": ["depth_m"]}}
    data["rules"].append({**needed, "message": "管线 {id} 未填{field_label}"})
    rules.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    project = add_to(SAMPLE, folder / "project", LINES)
    drawing = ezdxf.readfile(project / "pipes" / "管线.dxf")
    for line, depth in zip(drawing.modelspace(), (None, "2Z", ""), strict=True):
        if depth is not None:
            line.set_xdata("MS", [(1000, depth)])
    drawing.save()
    text = yaml.safe_load((project / "project.yaml").read_text("utf-8"))
    text["surveys"] = {"pipes": text["surveys"]["pipes"]}
    (project / "project.yaml").write_text(yaml.safe_dump(text, allow_unicode=True), "utf-8")
    return folder


def found(folder, **how):
    result = run_project(folder / "project", standards_in=[folder / "standards"], **how)
    return {(f.rule, f.business_id) for f in result.findings if f.field == "depth_m"}


def test_a_value_that_is_no_number_is_one_finding_and_one_that_is_missing_another(folder):
    assert found(folder) == {("PRJ-I16", None), ("PIP-A02", "W3")}


def test_an_edition_of_before_finds_what_it_found(folder):
    assert found(folder, edition="2026-11") == {("PRJ-I16", None), ("PIP-A02", "W2"), ("PIP-A02", "W3")}


def test_rules_stand_only_instead_of_verbs_that_there_are():
    rules = [rule for standard in load_standards().surveys.values() for rule in standard.rules if rule.instead_of]
    assert [rule.id for rule in rules] == ["PRJ-I16"]
    assert {verb for rule in rules for verb in rule.instead_of} <= set(CHECKS)
    assert all(rule.check == "noted" for rule in rules)
