"""What a person installs: the wheel carries the standards and runs without the repository beside it."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*command, cwd, **environment):
    """A finished command whose failure shows what it said."""
    done = subprocess.run(command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps")
    run(*pip, "--no-build-isolation", "-w", folder, ROOT, cwd=folder)
    (path,) = folder.glob("duoce-*.whl")
    return path


def test_the_wheel_carries_every_standard_profile_and_report_file(wheel):
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = {f"pipeline/{path.relative_to(ROOT)}" for path in (ROOT / "schemas").rglob("*") if path.is_file()}
    assert wanted
    assert {name for name in wanted if "/." not in name} <= packed


def test_the_wheel_carries_the_licence_and_nothing_but_the_package(wheel):
    packed = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith("licenses/LICENSE") for name in packed)
    assert {name.split("/")[0] for name in packed} == {"pipeline", f"{wheel.name.split('-py3')[0]}.dist-info"}


def test_the_unpacked_wheel_finds_its_own_standards(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = "from pipeline.standard import SCHEMAS; print(SCHEMAS)"
    found = run(sys.executable, "-c", code, cwd=tmp_path, PYTHONPATH=str(tmp_path / "site")).strip()
    assert Path(found) == tmp_path / "site" / "pipeline" / "schemas"


def imported(*folders):
    """Top names of the modules that the Python files under `folders` import."""
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (name.name.split(".")[0] for name in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield node.module.split(".")[0]


def declared(*groups):
    """Distributions that pyproject.toml asks for, with those of the extras `groups`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(line for group in groups for line in project["optional-dependencies"][group])]
    return {normal(re.split(r"[^\w.-]", line)[0]) for line in wanted}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(
    ("folders", "extras"), [(("pipeline",), ("batch",)), (("pipeline", "samples", "tests"), ("batch", "dev"))]
)
def test_every_library_that_is_imported_is_declared(folders, extras):
    offered = importlib.metadata.packages_distributions()
    used = {normal(offered[name][0]) for name in imported(*folders) if name in offered}
    assert used - declared(*extras) - {"duoce"} == set()


def test_help_answers_without_the_heavy_libraries(tmp_path):
    code = (
        "import sys; from pipeline.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'geopandas', 'pandas', 'numpy', 'pyproj', 'shapely', 'ezdxf', 'fiona', 'pydantic'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    assert "duoce" in run(sys.executable, "-c", code, cwd=tmp_path, PYTHONPATH=str(ROOT))


@pytest.mark.slow
def test_the_wheel_runs_the_sample_in_an_empty_environment(wheel, samples, tmp_path):
    venv.create(tmp_path / "env", with_pip=True)
    scripts = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    pip = (scripts / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    run(*pip, wheel, cwd=tmp_path, PYTHONPATH="")
    run(scripts / "duoce", "run", samples / "binjiang", "-o", tmp_path / "out", cwd=tmp_path, PYTHONPATH="")
    assert (tmp_path / "out" / "report.pdf").stat().st_size > 10_000
