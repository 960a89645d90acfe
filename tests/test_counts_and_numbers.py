"""What the documents count is what there is, and no number of a profile stands there for nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
SAMPLES, SCHEMAS = ROOT / "samples", ROOT / "schemas"
ROW = re.compile(r"^\| (`(?:binjiang_)?faults[^|]*) \| (\d+)(?: each)? \|", re.MULTILINE)
BUILT = re.compile(r'f"([a-z_]+\.[a-z_]*)\{')  # how code begins a key whose end is the name of a field


def counted():
    """Sample → faults that the table of samples/README.md says are planted in it."""
    rows = ROW.findall((SAMPLES / "README.md").read_text("utf-8"))
    return {name: int(count) for names, count in rows for name in re.findall(r"`([^`]+)`", names)}


def test_the_table_of_faults_names_every_sample_with_as_many_as_are_planted():
    planted = {
        path.parent.relative_to(SAMPLES).as_posix(): len(json.loads(path.read_text("utf-8"))["faults"])
        for path in SAMPLES.rglob("expected.json")
        if "faults" in path.parent.as_posix()
    }
    assert counted() == planted


def profile_numbers():
    profiles = (yaml.safe_load(path.read_text("utf-8")) for path in sorted((SCHEMAS / "profiles").glob("*.yaml")))
    return sorted({key for profile in profiles for key in profile.get("numbers", {})})


@pytest.fixture(scope="module")
def users():
    """All code, and all standards but the profiles themselves and the cases."""
    code = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "pipeline").rglob("*.py")))
    others = [p for p in sorted(SCHEMAS.rglob("*.yaml")) if not {"profiles", "cases"} & set(p.parts)]
    return code, "\n".join(path.read_text("utf-8") for path in others)


@pytest.mark.parametrize("key", profile_numbers())
def test_every_number_of_a_profile_is_used_by_the_program_or_by_a_standard(users, key):
    code, standards = users
    named = f'"{key}"' in code or re.search(rf"(?<![\w.]){re.escape(key)}(?![\w.])", standards)
    ends = [key.removeprefix(start) for start in set(BUILT.findall(code)) if key.startswith(start)]
    assert named or any(re.search(rf"\b{re.escape(end)}: ", code) for end in ends)
