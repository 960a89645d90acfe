"""The comparison between projects: boxes first and outlines of neighbours after, against all outlines at once.

Results of projects are written directly (50 parcels each); both ways read them from disk and must name the same pairs.
Memory is that of processes of their own, which do one thing each.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from benchmarks.parcels import parcels
from benchmarks.processes import ROOT, python
from benchmarks.table import Row, interleaved
from benchmarks.watching import Watch, peak_mb
from pipeline.checks.widths import widths_of
from pipeline.district.compare import between_projects, compare, district
from pipeline.district.result import DistrictResult
from pipeline.standard import Standards, load_standards

BLOCK = (5, 10)  # parcels of a project, across and along
OVERLAP = "DIS-T01"
SPACING, PUSHED_M = 20, 0.8  # of the parcels at the edge of a project, one in so many is pushed over the neighbour's
SIZES, QUICK = (1_000, 10_000, 100_000), (400, 2_500)
CRS = "EPSG:4545"


def rows(*, quick: bool) -> Iterator[Row]:
    """For each size overlaps against all outlines at once, then growth; for the largest the whole step and its memory."""
    standards = load_standards(scope="district")
    compared = partial(compare, standards=_only_overlaps(standards))
    limit_m = standards.profile.numbers["district.boundary_limit_m"].at(0) or 0.0
    before: tuple[int, Path] | None = None
    memory: list[tuple[int, dict[str, _Step]]] = []
    sizes = QUICK if quick else SIZES
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            out = Path(folder) / str(size)
            projects, count = _written(out, size)
            ours, theirs = _pairs(compared(out)), _at_once(out, limit_m)
            if ours != theirs:
                raise AssertionError(f"{len(ours)} pairs against {len(theirs)}: {sorted(ours ^ theirs)[:3]}")
            work, peer = f"overlaps between {projects:,} projects", "all outlines at once: pyogrio, STRtree + relate"
            times = interleaved(partial(compared, out), partial(_at_once, out, limit_m), runs=3)
            yield Row(work, peer, *times, 1.0, f"{count:,} parcels, {len(ours)} overlaps")
            if before:
                work = f"overlaps: {count / before[0]:.0f} × the parcels"
                times = interleaved(partial(compared, out), partial(compared, before[1]), runs=5)
                yield Row(work, f"{before[0]:,} parcels", *times, 12.0, f"{count:,} parcels", share=True)
            if size in sizes[-2:]:
                memory.append((count, {way: _apart(way, out) for way in WAYS}))
            before = count, out
    yield _memory(memory)


# ---------------------------------------------------------------- memory


@dataclass(frozen=True, slots=True)
class _Step:
    """What a process of its own took: seconds, and its peak in MB beyond its imports, with those it started."""

    seconds: float
    peak_mb: float


def _memory(found: list[tuple[int, dict[str, _Step]]]) -> Row:
    """The whole step (all rules, roll-up, documents) against holding every outline, at the two largest sizes."""
    (few, small), (many, large) = found
    told = [
        f"{words} {large[way].peak_mb:.0f} MB, {(large[way].peak_mb - small[way].peak_mb) / (many - few) * 1e3:.2f} kB a parcel"
        for way, words in WAYS.items()
    ]
    note = f"the process and those it starts, beyond their imports: {'; '.join(told)}"
    note += (
        f"; all rules {large['compare'].seconds:.1f} s, the whole step with its documents {large['step'].seconds:.1f} s"
    )
    work, peer = "peak memory of all rules between projects", "every outline read at once"
    return Row(
        work,
        peer,
        large["compare"].peak_mb,
        large["at once"].peak_mb,
        1.0,
        f"{many:,} parcels",
        note,
        share=True,
        unit="MB",
    )


WAYS = {"compare": "all rules", "step": "the whole step", "at once": "all outlines and one rule"}


def _apart(way: str, out: Path) -> _Step:
    """One way in a fresh process."""
    code = "import sys; from benchmarks.district import report; report(*sys.argv[1:])"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = python(code, way, out)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    seconds, peak_mb = map(float, done.stdout.split()[-2:])
    return _Step(seconds, peak_mb)


def report(way: str, out: str) -> None:
    """In a process of its own: does it, and prints seconds and peak memory in MB beyond the imports."""
    standards = load_standards(scope="district")
    limit_m = standards.profile.numbers["district.boundary_limit_m"].at(0) or 0.0
    with Watch() as watch:
        before_mb = peak_mb(os.getpid())
        started = time.perf_counter()
        if way == "compare":
            compare(Path(out), standards)
        elif way == "step":
            district(Path(out))
        else:
            _at_once(Path(out), limit_m)
        seconds = time.perf_counter() - started
    print(seconds, sum(watch.peak_mb.values()) - before_mb)


# ---------------------------------------------------------------- both ways


def _only_overlaps(standards: Standards) -> Standards:
    own = between_projects(standards)
    kept = tuple(rule for rule in own.rules if rule.id == OVERLAP)
    return standards.model_copy(
        update={"surveys": {**standards.surveys, own.survey: own.model_copy(update={"rules": kept})}}
    )


def _pairs(result: DistrictResult) -> set[frozenset[str]]:
    """Codes of the parcels of each pair."""
    layer = result.index.layers["parcels"]
    codes = {
        f"district.parcels/{result.index.entries[p].key}/{f}": str(c)
        for p, f, c in zip(layer.project, layer.values["feature"], layer.values["parcel_code"], strict=True)
    }
    found = [item.finding for item in result.findings if item.finding.rule == OVERLAP]
    return {frozenset((codes[str(f.feature)], codes[str(f.other_feature)])) for f in found}


def _at_once(out: Path, limit_m: float) -> set[frozenset[str]]:
    """The plain way: every layer read, one tree, prepared relate, widths of what is shared."""
    folders = sorted((out / "projects").iterdir())
    frames = [pyogrio.read_dataframe(folder / "result.gpkg", layer="cadastral_parcel") for folder in folders]
    owner = np.repeat(np.arange(len(frames)), [len(frame) for frame in frames])
    frame = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True))
    shapes = frame.geometry.to_numpy()
    i, j = shapely.STRtree(shapes).query(shapes)
    keep = (i < j) & (owner[i] != owner[j])
    i, j = i[keep], j[keep]
    shapely.prepare(shapes)
    meet = shapely.relate_pattern(shapes[i], shapes[j], "2********")
    i, j = i[meet], j[meet]
    wide = widths_of(shapely.intersection(shapes[i], shapes[j])) > limit_m
    codes = frame["parcel_code"].to_numpy()
    return {frozenset((codes[a], codes[b])) for a, b in zip(i[wide], j[wide], strict=True)}


def _written(out: Path, size: int) -> tuple[int, int]:
    """Projects of neighbouring parcels as finished results; how many projects and parcels."""
    shapes = parcels(size)
    side = round(len(shapes) ** 0.5)
    column, row = np.divmod(np.arange(len(shapes)), side)
    owner = (column // BLOCK[0]) * (side // BLOCK[1] + 1) + row // BLOCK[1]
    for n in np.flatnonzero(column % BLOCK[0] == BLOCK[0] - 1)[::SPACING]:  # at the edge of its project
        shapes[n] = shapely.transform(shapes[n], lambda xy: np.add(xy, (PUSHED_M, 0.0)))
    for number in np.unique(owner):
        _project(out / "projects" / f"P{number:06d}", shapes, np.flatnonzero(owner == number))
    return len(np.unique(owner)), len(shapes)


def _project(folder: Path, shapes: np.ndarray, at: np.ndarray) -> None:
    folder.mkdir(parents=True)
    data = {
        "feature": [f"cadastral.parcel/{n}" for n in at],
        "source_layer": ["JZD"] * len(at),
        "handle": [str(n) for n in at],
        "parcel_code": [f"{n:019d}" for n in at],
        "unit_code": [f"{n:019d}W00000000" for n in at],
    }
    frame = gpd.GeoDataFrame(data, geometry=shapes[at], crs=CRS)
    pyogrio.write_dataframe(frame, folder / "result.gpkg", layer="cadastral_parcel", driver="GPKG")
    summary = {"project": {"code": folder.name, "name": folder.name}, "verdict": "passed", "counts": {}, "surveys": []}
    summary |= {"rules": [], "indicators": [], "inputs": [], "edition": "bench", "profile": "bench", "versions": {}}
    (folder / "summary.json").write_text(json.dumps(summary), "utf-8")
    head = {"type": "header", "project": folder.name, "edition": "bench", "profile": "bench"}
    lines = [json.dumps(line) for line in (head, {"type": "footer", "findings": 0})]
    (folder / "findings.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
