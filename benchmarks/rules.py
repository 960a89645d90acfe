"""All geometry and topology rules of the parcel layer against the sum of their floors, each rule's bare calls alone.

A floor is what nobody can leave out who wants the answer with shapely and numpy: no frames, no findings, no sentences.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np
import shapely

from benchmarks.parcels import parcels
from benchmarks.table import Row
from pipeline import crs, frames
from pipeline.checks import coverage
from pipeline.checks.engine import Scene, notes_frame, run_rule
from pipeline.checks.once import remembering
from pipeline.checks.scene import in_order
from pipeline.model import RuleRun
from pipeline.standard import RuleSpec, Standard, Standards, load_standards

SURVEY, LAYER = "cadastral", "parcel"
ELEMENTS = ("G", "T")  # families of rules: geometry, topology
# the limits that the profile states: the answers would not be equal otherwise
SNAP_M, EDGE_M, WIDTH_M, SPIKE_DEG, OVERLAP_M2 = 0.001, 0.05, 0.1, 3.0, 0.01
RUNS = 3
Geometries = np.ndarray


def rows(*, quick: bool) -> Iterator[Row]:
    """The rules against their floors, and their growth from a tenth of the parcels."""
    small, large = (1_000, 10_000) if quick else (10_000, 100_000)
    little, _, _ = measured(small)
    ours, floor, found = measured(large)
    sizes = f"{large:,} parcels"
    what = f"{len(rules(load_standards().surveys[SURVEY]))} rules"
    yield Row("all geometry and topology rules", "sum of their floors", ours, floor, 1.3, sizes, found, share=True)
    yield Row(f"{what}: 10 × the parcels", f"{small:,} parcels", ours, little, 12, sizes, share=True)


def measured(count: int) -> tuple[float, float, str]:
    """Median seconds of the rules and of the floors, in turn, on parcels that nothing has seen; what was found."""
    standards = load_standards()
    wanted = rules(standards.surveys[SURVEY])
    ours_s, floors_s = [], []
    for _ in range(RUNS):
        scene, geometries = scene_of(standards, fresh(count)), fresh(count)
        gc.collect()
        started = time.perf_counter()
        runs = run(standards, scene)
        between = time.perf_counter()
        answers = {rule.check: FLOORS[rule.check](geometries) for rule in wanted}
        ours_s.append(between - started)
        floors_s.append(time.perf_counter() - between)
    for rule, ended in zip(wanted, runs, strict=True):
        if answers[rule.check] not in (None, len(ended.findings)):
            raise AssertionError(f"{rule.id}: {len(ended.findings)} found, {answers[rule.check]} by its floor")
    found = ", ".join(f"{rule.check} {len(r.findings)}" for rule, r in zip(wanted, runs, strict=True) if r.findings)
    return statistics.median(ours_s), statistics.median(floors_s), f"found: {found}"


def fresh(count: int) -> Geometries:
    """The parcels without anything prepared."""
    return np.asarray(shapely.from_wkb(shapely.to_wkb(parcels(count))))


def scene_of(standards: Standards, geometries: Geometries) -> Scene:
    """The parcels as the canonical frame of their layer; the survey's other layers are empty."""
    plane = crs.parse("EPSG:4544")
    count = len(geometries)
    numbers = [str(number) for number in range(1, count + 1)]
    columns = {
        "feature": [f"{SURVEY}.{LAYER}/{number}" for number in numbers],
        "file": ["parcels.shp"] * count,
        "source_layer": ["parcels"] * count,
        "handle": numbers,
        "parcel_code": [f"500105001001GB{number:>06}" for number in numbers],
    }
    layers = standards.surveys[SURVEY].layers
    made = {f"{SURVEY}.{name}": frames.build(spec, {}, [], plane) for name, spec in layers.items() if name != LAYER}
    made[f"{SURVEY}.{LAYER}"] = frames.build(layers[LAYER], columns, list(geometries), plane)
    return Scene(standards, made, notes_frame([], examined=0), commissioned=frozenset({SURVEY}))


def rules(standard: Standard) -> list[RuleSpec]:
    """The geometry and topology rules that look at this layer alone."""
    return [r for r in standard.rules if r.layer == LAYER and not r.against and r.id.split("-")[1][0] in ELEMENTS]


def run(standards: Standards, scene: Scene) -> list[RuleRun]:
    """Every such rule, as a run of a project has them run."""
    standard, name = standards.surveys[SURVEY], f"{SURVEY}.{LAYER}"
    ordered = {**scene.frames, name: in_order(scene.frames[name])}
    scene = Scene(standards, ordered, scene.notes, commissioned=scene.commissioned)
    with remembering():
        return [run_rule(rule, standard, scene) for rule in rules(standard)]


# ---------------------------------------------------------------- floors: one function a check, how many it finds


def valid(geometries: Geometries) -> int:
    """How many are not valid."""
    return int((~shapely.is_valid(geometries)).sum())


def single(geometries: Geometries) -> int:
    """How many have several parts."""
    return int((shapely.get_num_geometries(geometries) > 1).sum())


def repeated(geometries: Geometries) -> int:
    """Corners drawn twice."""
    return int((_lengths(geometries) < SNAP_M).sum())


def short(geometries: Geometries) -> int:
    """Edges that are too short."""
    lengths = _lengths(geometries)
    return int(((lengths > SNAP_M) & (lengths < EDGE_M)).sum())


def spikes(geometries: Geometries) -> int:
    """Angles at the corners of rings, the closing one included."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(geometries), return_index=True)
    step, same = np.diff(xy, axis=0), ring[1:] == ring[:-1]
    first = np.flatnonzero(np.append(True, ~same))
    ahead = np.append(step, step[:1], axis=0)
    last = np.append(first[1:], len(xy)) - 1
    ahead[last] = ahead[first]  # over the seam
    back = -ahead[:-1]
    ahead = ahead[1:]
    cross = back[:, 0] * ahead[:, 1] - back[:, 1] * ahead[:, 0]
    turn = np.abs(np.arctan2(cross, (back * ahead).sum(axis=1)))
    there = (np.abs(back).sum(axis=1) > 0) & (np.abs(ahead).sum(axis=1) > 0)
    return int((same & there & (turn < np.radians(SPIKE_DEG))).sum())


def overlaps(geometries: Geometries) -> int:
    """Left-over edges and their faces; what the pairs over one face share."""
    edges, _ = coverage.left_over(geometries)
    i, j = coverage.faces(geometries, edges).overlapping
    return int((shapely.area(shapely.intersection(geometries[i], geometries[j])) > OVERLAP_M2).sum())


def gaps(geometries: Geometries) -> int | None:
    """Left-over edges that run near each other: without them nobody knows where to look."""
    sides = _left(geometries)
    shapely.STRtree(sides).query(sides, predicate="dwithin", distance=WIDTH_M)
    return None


def _left(geometries: Geometries) -> Geometries:
    edges, _ = coverage.left_over(geometries)
    return np.asarray(shapely.linestrings(np.stack([edges.start, edges.end], axis=1)))


def _lengths(geometries: Geometries) -> np.ndarray:
    """Lengths of all edges."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(geometries), return_index=True)
    step = np.diff(xy, axis=0)[ring[1:] == ring[:-1]]
    return np.asarray(np.hypot(step[:, 0], step[:, 1]))


def met(geometries: Geometries) -> int | None:
    """Ends of left-over edges near another left-over edge."""
    edges, _ = coverage.left_over(geometries)
    sides = shapely.linestrings(np.stack([edges.start, edges.end], axis=1))
    ends = shapely.points(np.unique(np.concatenate([edges.start, edges.end]), axis=0))
    shapely.STRtree(sides).query(ends, predicate="dwithin", distance=SNAP_M)
    return None


FLOORS: dict[str, Callable[[Geometries], int | None]] = {
    "is_valid": valid,
    "single_part": single,
    "no_repeated_vertices": repeated,
    "min_edge": short,
    "no_spikes": spikes,
    "no_overlap": overlaps,
    "no_gaps": gaps,
    "shared_vertices": met,
}
