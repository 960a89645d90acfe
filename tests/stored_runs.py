"""Sample projects with the summary of their run under an edition, kept so that the edition can be run again and compared.

`python -m tests.stored_runs` (part of `make edition`) freezes the current edition and stores its runs beside the older ones:
tests/data/editions/‹edition›/‹sample›.zip = the files of the sample as they were, and summary.json as it was.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from pipeline import editions
from pipeline.project import run_project
from pipeline.report.data import summary
from pipeline.unpacking.unpack import ZipLimits, unpack

ROOT = Path(__file__).parent
FOLDER = ROOT / "data" / "editions"
SAMPLES = ("binjiang", "binjiang_faults")
SUMMARY = "summary.json"
LEFT_OUT = ("expected.json",)
NOT_OF_THE_RUN = ("versions",)  # of the libraries: the figures must be the same under later ones


def stored() -> list[Path]:
    return sorted(FOLDER.glob("*/*.zip"))


def opened(path: Path, into: Path) -> tuple[Path, dict[str, Any]]:
    """The project folder of a stored run, unpacked, and what its summary said."""
    unpack(path, into, ZipLimits())
    told = json.loads((into / SUMMARY).read_text("utf-8"))
    (into / SUMMARY).unlink()
    return into, told


def comparable(told: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key not in NOT_OF_THE_RUN}


def restricted(now: Any, told: Any) -> Any:
    """`now` with only the keys that `told` knows: later editions of the program may add keys, not take any away."""
    if isinstance(told, dict) and isinstance(now, dict):
        return {key: restricted(value, told[key]) for key, value in now.items() if key in told}
    if isinstance(told, list) and isinstance(now, list) and len(now) == len(told):
        return [restricted(value, other) for value, other in zip(now, told, strict=True)]
    return now


def store(project: Path, told: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    files = {p.relative_to(project).as_posix(): p.read_bytes() for p in sorted(project.rglob("*")) if p.is_file()}
    files = {name: data for name, data in files.items() if name not in LEFT_OUT}
    files[SUMMARY] = (json.dumps(comparable(told), ensure_ascii=False, indent=1) + "\n").encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, data, compresslevel=9)


def main() -> None:
    editions.freeze()
    for name in SAMPLES:
        project = ROOT.parent / "samples" / name
        store(project, summary(run_project(project)), FOLDER / editions.current() / f"{name}.zip")


if __name__ == "__main__":
    main()
