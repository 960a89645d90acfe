"""A district of small projects, written below one folder with what a run must find of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from generator.district_files import write_files
from generator.district_list import expected, generated, sample
from generator.district_plan import Plan

EXPECTED = "expected.json"  # only a folder that holds it is replaced


def write_sample(folder: Path) -> int:
    """The fixed district of eight; how many projects were written."""
    return _write(sample(), folder)


def write_district(folder: Path, *, count: int, seed: int) -> int:
    """A generated district of `count` projects; the same count and seed give the same bytes."""
    return _write(generated(count, seed), folder)


def _write(made: list[Plan], folder: Path) -> int:
    if folder.exists() and any(folder.iterdir()):
        if not (folder / EXPECTED).is_file():
            raise SystemExit(f"{folder}: holds other things; name an empty or a new folder")
        shutil.rmtree(folder)
    for plan in made:
        write_files(plan, folder / plan.folder)
    text = json.dumps(expected(made), ensure_ascii=False, indent=1)
    (folder / EXPECTED).write_text(text + "\n", "utf-8")
    return len(made)
