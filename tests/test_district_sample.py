"""The district of eight, run project by project: exactly the findings that its expected.json states; and any other size."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.district import district
from pipeline.errors import InputError
from pipeline.isolation.parent import Isolation
from pipeline.project import run_project
from pipeline.report.write import write_data
from tests.factories_district import broken

SAMPLES = Path(__file__).parent.parent / "samples"
EXPECTED = json.loads((SAMPLES / "district" / "expected.json").read_text("utf-8"))


def make(*arguments):
    """What samples/make.py does, in a process of its own."""
    return subprocess.run(
        [sys.executable, SAMPLES / "make.py", *map(str, arguments)], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """(results of the projects by folder, OUT with all of them)."""
    out, results = tmp_path_factory.mktemp("district"), {}
    with Isolation() as isolation:
        for folder in sorted(path for path in (SAMPLES / "district").iterdir() if path.is_dir()):
            try:
                result = run_project(folder, isolation=isolation)
            except InputError as err:
                broken(out, folder.name, str(err).replace(str(folder), folder.name))
                continue
            (out / "projects" / folder.name).mkdir(parents=True)
            write_data(result, out / "projects" / folder.name)
            results[folder.name] = result
    return results, out


@pytest.fixture(scope="module")
def result(run):
    return district(run[1])


def test_the_projects_are_eight_and_small():
    files = [path for path in (SAMPLES / "district").rglob("*") if path.is_file()]
    assert len(list((SAMPLES / "district").glob("*/project.yaml"))) == 8
    assert sum(path.stat().st_size for path in files) < 500_000


def test_each_project_ends_as_stated(run):
    results, _ = run
    got = {k: {"verdict": r.verdict, "findings": sorted(f.rule for f in r.findings)} for k, r in results.items()}
    assert got == EXPECTED["projects"]


def test_exactly_the_stated_findings_lie_between_them(result):
    def facts(rule, projects, measured):
        value = f"{measured:.3f}" if isinstance(measured, float) else ""
        return rule, sorted(filter(None, projects)), value

    got = [facts(b.finding.rule, (b.project, b.other_project), b.finding.measured) for b in result.findings]
    wanted = [facts(w["rule"], (w["project"], w["other_project"]), w["measured"]) for w in EXPECTED["between"]]
    assert sorted(got) == sorted(wanted)


def test_the_broken_one_is_named_with_its_reason(result):
    [entry] = [e for e in result.index.entries if not e.judged]
    assert entry.key in EXPECTED["broken"]
    assert "project.yaml" in entry.reason


def test_the_seven_that_ran_are_sampled_after_gbt_24356(result):
    [sample] = result.samples
    assert (sample.units, len(sample.drawn)) == (7, 3)


def test_the_sample_is_what_the_generator_writes(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(SAMPLES))
    from generator.district import write_sample

    write_sample(tmp_path / "again")
    for path in (p for p in (SAMPLES / "district").rglob("*") if p.is_file()):
        assert (tmp_path / "again" / path.relative_to(SAMPLES / "district")).read_bytes() == path.read_bytes(), (
            path.name
        )


def test_any_district_is_the_same_for_the_same_seed_and_another_for_another(tmp_path):
    for name, seed in (("a", 4), ("b", 4), ("c", 5)):
        assert make("--district", 30, "--seed", seed, "-o", tmp_path / name).returncode == 0
    text = {name: (tmp_path / name / "expected.json").read_text("utf-8") for name in "abc"}
    assert text["a"] == text["b"] != text["c"]
    assert len(list((tmp_path / "a").glob("*/project.yaml"))) == 30


def test_a_folder_that_holds_other_things_is_not_overwritten(tmp_path):
    (tmp_path / "mine.txt").write_text("…", "utf-8")
    refused = make("--district", 2, "-o", tmp_path)
    assert refused.returncode != 0
    assert "mine.txt" in [path.name for path in tmp_path.iterdir()]
