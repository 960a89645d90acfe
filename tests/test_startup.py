"""What a command brings in before it answers: counted by modules, not by time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import rule_list
from pipeline.rulebook import list_rules, with_examination
from pipeline.standard import load_standards

ROOT = Path(__file__).parent.parent
ARRAYS = {"geopandas", "numpy", "pandas", "pyogrio", "pyproj", "shapely"}
DOCUMENTS = {"docx", "ezdxf", "fiona", "jinja2", "openpyxl", "typst"}
MODELS = {"pydantic", "pydantic_core", "yaml"}
CODE = """
import sys
from pipeline.cli import main
try:
    code = main({arguments!r})
except SystemExit as err:
    code = err.code
print(code or 0, len(sys.modules), *sorted({{name.split('.')[0] for name in sys.modules}}), file=sys.stderr)
"""
BARE = "import sys; print(len(sys.modules), file=sys.stderr)"
ALLOWED_HELP, ALLOWED_LIST = 90, 150  # modules beyond those of a bare interpreter


def brought(*arguments):
    """Exit code, how many modules beyond a bare interpreter, and their top names after a command."""
    run = subprocess.run([sys.executable, "-c", CODE.format(arguments=list(arguments))], check=False, **HOW)
    bare = subprocess.run([sys.executable, "-c", BARE], check=True, **HOW)
    code, count, *names = run.stderr.split()
    return int(code), int(count) - int(bare.stderr), set(names)


HOW = {"cwd": ROOT, "capture_output": True, "text": True, "encoding": "utf-8"}


@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help"), ("--version",)])
def test_help_brings_in_neither_arrays_nor_documents_nor_models(arguments):
    code, count, names = brought(*arguments)
    assert (code, names & (ARRAYS | DOCUMENTS | MODELS)) == (0, set())
    assert count <= ALLOWED_HELP


def test_the_list_of_rules_brings_in_yaml_and_nothing_heavier():
    code, count, names = brought("rules")
    assert (code, names & (ARRAYS | DOCUMENTS | MODELS)) == (0, {"yaml"})
    assert count <= ALLOWED_LIST


def test_one_rule_in_full_brings_in_models_but_no_documents():
    code, _, names = brought("rules", "show", "CAD-T01")
    assert (code, names & DOCUMENTS) == (0, set())


def test_the_list_told_at_once_is_the_list_of_the_standards():
    assert rule_list.shipped() == list_rules(with_examination(load_standards(scope="district")))


def survey(folder, rules, *, name="invented", head=""):
    """A survey folder with this text of its rules."""
    (folder / name).mkdir(parents=True)
    text = f"survey: {name}\nlabel: 虚构\nshort: 虚\norder: 9\nedition: duoce-{name} 2026-11\n{head}"
    (folder / name / "standard.yaml").write_text(text, "utf-8")
    if rules is not None:
        (folder / name / "rules.yaml").write_text(rules, "utf-8")
    return folder


RULE = "{{id: {id}, check: present, element: 无, title: 虚构的要求, clause: 虚构的依据, certainty: proposal{more}}}"


def listed(root):
    return rule_list.shipped(root, root / "invented")


@pytest.mark.parametrize(
    "rules",
    [
        "rules: [{id: INV-A01, title: 没有依据}]",
        "rules: [",
        "not a mapping",
        "other: []",
        "rules: [" + RULE.format(id="INV-A01", more="") + ", " + RULE.format(id="INV-A01", more="") + "]",
        "rules: [" + RULE.format(id="INV-A01", more=", severity: 3") + "]",
    ],
)
def test_what_is_not_as_expected_is_left_to_the_standards_which_say_what_is_wrong(tmp_path, rules):
    survey(tmp_path / "root", None, name="other")
    folder = survey(tmp_path, rules)
    assert rule_list.shipped(tmp_path / "root", folder / "invented") is None


def test_a_rule_without_a_severity_is_an_error_as_the_standards_have_it(tmp_path):
    folder = survey(tmp_path, "rules: [" + RULE.format(id="INV-A01", more="") + "]")
    line = next(
        line for line in rule_list.shipped(tmp_path / "none", folder / "invented").splitlines() if "INV" in line
    )
    assert "错误" in line
    assert "本软件拟定" in line


def test_rules_may_stand_in_the_head_of_a_survey(tmp_path):
    folder = survey(tmp_path, None, head="rules: [" + RULE.format(id="INV-A01", more="") + "]\n")
    assert "INV-A01" in rule_list.shipped(tmp_path / "none", folder / "invented")
