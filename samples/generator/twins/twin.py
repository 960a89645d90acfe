"""Small further projects, each with faults that no other project could bear beside its own.

A twin writes its files and says what a run must find, in the same form as the large faulty project; about a file that
cannot be read a finding names the file. `undetermined`: rules that the faults leave open.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.faults.planting import Fault, Finds, Severity, expected
from generator.project_yaml import project_yaml
from generator.shape import Record


@dataclass
class Twin:
    """One small project. write: makes its files below a folder; scene, features: where faults name records."""

    name: str
    write: Callable[[Path], None]
    faults: Sequence[Fault]
    scene: Any = None
    features: Callable[[Path], Callable[[Record], str]] | None = None
    undetermined: Sequence[str] = field(default_factory=tuple)

    def make(self, out: Path) -> Path:
        """Write the project and its expected.json."""
        folder = out / self.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.write(folder)
        naming = self.features(folder) if self.features else _nothing
        said = expected(list(self.faults), self.scene, naming) | {"undetermined": list(self.undetermined)}
        text = json.dumps(said, ensure_ascii=False, indent=1)
        (folder / "expected.json").write_text(text + "\n", "utf-8")
        return folder


def task(
    surveys: Mapping[str, str], *, crs: str | None = None, permit: bool = False, kept: bool = False, overrides: str = ""
) -> str:
    """project.yaml of the sample with other surveys: name → what follows it, as YAML in one line.

    kept: with the overrides of the sample. overrides: further ones.
    """
    head, _, rest = project_yaml().partition("overrides:\n")
    old, _, tail = rest.partition("permit:\n")
    given = overrides + (old if kept else "")
    own = "overrides:\n" + given if given else ""
    keep, _, _ = tail.partition("surveys:\n")
    keep = keep if permit else keep.replace("  file: permit.xlsx\n", "")
    lines = "".join(f"  {name}: {given}\n" for name, given in surveys.items())
    text = f"{head}{own}permit:\n{keep}surveys:\n{lines}".replace("control_points: control.csv", "# 无控制点文件")
    if crs:
        start = text.index('  definition: "')
        text = text[:start] + f'  definition: "{crs}"' + text[text.index("\n", start) :]
    return text


def about(name: str, file: str, note: str, *, rule: str = "", severity: Severity = "error", **more: Any) -> Fault:
    """Something odd in one file; the name of the fault is its rule, unless that is told apart."""
    return Fault(name, note, (), (Finds(rule or name, file=file, severity=severity, **more),))


def _nothing(record: Record) -> str:
    raise KeyError(record)
