"""The seal beside a result: what it was made from and the hash of every file; by it a stale or damaged one is noticed."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.batch.inputs import Stamp
from pipeline.batch.record import Record, from_line
from pipeline.ledger import fingerprint as hashed

SEAL, RECORD = "seal.json", "record.json"
REPORT = "report.docx"  # what stands only where reports were asked for


@dataclass(frozen=True, slots=True)
class Seal:
    """fingerprint: of inputs and environment ("" when the inputs changed during the run). outputs: name → SHA-256."""

    fingerprint: str
    environment: str
    inputs: dict[str, Stamp]
    outputs: dict[str, str]
    seconds: float = 0.0


def seal(folder: Path, *, fingerprint: str, environment: str, inputs: dict[str, Stamp], seconds: float) -> None:
    """Writes the seal of everything that stands in the folder."""
    outputs = {p.relative_to(folder).as_posix(): hashed(p)[0] for p in sorted(folder.rglob("*")) if p.is_file()}
    write(folder, Seal(fingerprint, environment, inputs, outputs, round(seconds, 3)))


def write(folder: Path, made: Seal) -> None:
    """The seal's file, replaced whole."""
    half = folder / f".{SEAL}"
    half.write_text(json.dumps(dataclasses.asdict(made), ensure_ascii=False) + "\n", "utf-8")
    half.replace(folder / SEAL)


def read(folder: Path) -> Seal | None:
    """The seal of a result; None when there is none that can be read."""
    try:
        data: Any = json.loads((folder / SEAL).read_text("utf-8"))
        inputs = {str(name): (int(s[0]), int(s[1]), str(s[2])) for name, s in data["inputs"].items()}
        outputs = {str(name): str(value) for name, value in data["outputs"].items()}
        return Seal(str(data["fingerprint"]), str(data["environment"]), inputs, outputs, float(data["seconds"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None


def record_of(folder: Path, made: Seal, *, reports: bool) -> Record | None:
    """The record of a result whose files are all there as they were sealed; None when any is not."""
    if RECORD not in made.outputs or any(hashed(folder / name)[0] != value for name, value in made.outputs.items()):
        return None
    try:
        record = from_line((folder / RECORD).read_text("utf-8"))
    except (OSError, ValueError, TypeError):
        return None
    return record if not reports or record.outcome in ("broken", "crashed") or REPORT in made.outputs else None
