"""Damaged inputs. The law: never an uncaught exception, never a clean pass on a damaged file, never over the stated memory.

`mutations` says which damage must be seen and which may leave no trace. A share of it runs each time; `make test-all`
tries thousands and prints how many. Files are parsed in a worker under limits, so a hang or a death would be seen as such.
"""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from mutations import mutations

from pipeline.errors import PipelineError
from pipeline.isolation.parent import Isolation, Limits
from pipeline.isolation.worker import Job
from pipeline.mapping.normalise import normalise
from pipeline.project import run_project
from pipeline.projectfile import read_project
from pipeline.standard import load_standards

SAMPLES = Path(__file__).parent.parent / "samples"
SHARED = SAMPLES.parent.parent / "shared" / "data"
FUZZED = {".dxf", ".shp", ".shx", ".dbf", ".prj", ".cpg", ".xlsx", ".csv", ".gpkg", ".geojson"}
SIDE = {".shx", ".dbf", ".prj", ".cpg"}
DEATHS = {"parse_killed", "parse_timeout", "parse_memory"}
LIMITS = Limits(60, 30, 1024)
SMALL = 3  # drawn mutations a file in `make test`, beside every truncation and re-encoding
LARGE = 100
LARGEST = 3_000_000  # bytes of a file that is fuzzed; larger ones would only take longer
PROJECTS, PROJECTS_MANY = 4, 60


def inputs(folder):
    """Every input file below a folder."""
    found = sorted(p for p in folder.rglob("*") if p.suffix in FUZZED) if folder.is_dir() else []
    return [p for p in found if 0 < p.stat().st_size <= LARGEST and not {"generator", ".mypy_cache"} & set(p.parts)]


def ids(path):
    return f"{path.parent.parent.name}-{path.name}"


@pytest.fixture(scope="module")
def workers():
    with Isolation() as isolation:
        yield isolation


class Bench:
    """One input and its side files copied to a place where it can be damaged and read again and again."""

    def __init__(self, path, folder, workers):
        for beside in path.parent.glob(f"{path.stem}.*"):
            shutil.copy(beside, folder)
        self.target = folder / path.name
        self.main = self.target.with_suffix(".shp") if path.suffix in SIDE else self.target
        self.workers, self.data, self.suffix = workers, path.read_bytes(), path.suffix
        alike = [p for p in inputs(SAMPLES) if p.suffix == path.suffix and p.name != path.name] or [path]
        self.other = alike[0].read_bytes()
        self.intact = self.read(self.data)

    def read(self, data):
        self.target.write_bytes(data)
        job = Job(self.main, self.main.name, "x")
        table = self.suffix in {".xlsx", ".csv"}
        return (self.workers.read_tables if table else self.workers.read)([job], LIMITS)[0]

    def breach(self, mutation):
        """What of the law this damage breaks; None."""
        found = self.read(mutation.data)
        kinds = Counter(note.kind for note in found.notes)
        if kinds.keys() & DEATHS:
            return f"{mutation.name}: {[(n.kind, dict(n.slots)) for n in found.notes]}"
        if found.entry.fatal:
            return None if kinds else f"{mutation.name}: refused without a word"
        noted = said(found) - said(self.intact)
        if mutation.seen:
            return f"{mutation.name}: read as if whole"
        if mutation.text and not noted and words(found) != words(self.intact):
            return f"{mutation.name}: other words, and nothing said"
        empty = not (len(found.rows) if hasattr(found, "rows") else len(found.features))
        return f"{mutation.name}: an empty success" if empty and not kinds else None


def said(found):
    """Every note by its kind; those on encodings with their words, which may conflict in another way than before."""
    return Counter((n.kind, str(sorted(n.slots.items())) if "encoding" in n.kind else "") for n in found.notes)


def words(found):
    """Every text that was read."""
    if hasattr(found, "rows"):
        return [dict(row) for row in found.rows]
    return [
        found.features["layer"].tolist(),
        found.features["text"].tolist(),
        found.attributes.astype(str).to_numpy().tolist(),
    ]


def breaches(path, folder, workers, *, seed, count, record):
    bench = Bench(path, folder, workers)
    assert not {note.kind for note in bench.intact.notes} & DEATHS
    tried = [
        m for m in mutations(bench.data, bench.suffix, bench.other, seed=seed, count=count) if m.data != bench.data
    ]
    broken = [found for mutation in tried if (found := bench.breach(mutation))]
    record("mutated inputs", len(tried))
    record("breaches of the law", len(broken))
    return broken


@pytest.mark.parametrize("path", inputs(SAMPLES / "binjiang"), ids=ids)
def test_a_damaged_input_is_seen(path, tmp_path, workers, record_property):
    assert breaches(path, tmp_path, workers, seed=1, count=SMALL, record=record_property) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", [*inputs(SAMPLES), *inputs(SHARED)], ids=ids)
def test_a_damaged_input_is_seen_thousands_of_times(path, tmp_path, workers, record_property):
    count = LARGE if path.stat().st_size < 200_000 else LARGE // 4 if path.stat().st_size < 1_000_000 else 9
    assert breaches(path, tmp_path, workers, seed=2, count=count, record=record_property) == []


# ---------------------------------------------------------------- what comes after reading


class Remembering(Isolation):
    """Reads in this process, and again only the file that was damaged."""

    def __init__(self):
        super().__init__(in_process=True)
        self.kept, self.damaged = {}, None

    def read(self, jobs, limits, **_):
        return [self._one(job, limits) for job in jobs]

    def _one(self, job, limits):
        if job.path.with_suffix("") == self.damaged:
            return super().read([job], limits)[0]
        if job.path not in self.kept:
            self.kept[job.path] = super().read([job], limits)[0]
        return self.kept[job.path]


def project_mutations(folder, *, seed, count):
    """(file, mutation) drawn evenly over the files of a project, the project file among them."""
    files = [*inputs(folder), folder / "project.yaml"]
    number = 0
    for lap in range(count):
        for path in files[lap % 5 :: 5]:
            drawn = [*mutations(path.read_bytes(), path.suffix, files[0].read_bytes(), seed=seed + lap, count=9)][-9:]
            yield path, drawn[lap % 9]
            number += 1
            if number == count:
                return


def run_damaged(folder, *, seed, count, record):
    """Faults of whole runs on damaged projects."""
    isolation, broken, tried = Remembering(), [], 0
    for path, mutation in project_mutations(folder, seed=seed, count=count):
        whole = path.read_bytes()
        path.write_bytes(mutation.data)
        isolation.damaged = path.with_suffix("")
        try:
            result = run_project(folder, isolation=isolation)
            broken += [
                f"{path.name}, {mutation.name}: {r.rule} {r.reason}" for r in result.runs if r.outcome == "crashed"
            ]
            if mutation.seen and result.verdict == "passed":
                broken.append(f"{path.name}, {mutation.name}: passed")
        except PipelineError as err:
            broken += [] if str(err) else [f"{path.name}, {mutation.name}: refused without a word"]
        except Exception as err:  # noqa: BLE001 — that is what the law forbids
            broken.append(f"{path.name}, {mutation.name}: {type(err).__name__} {err}")
        finally:
            path.write_bytes(whole)
        tried += 1
    record("mutated projects", tried)
    record("breaches of the law", len(broken))
    return broken


@pytest.fixture
def project(tmp_path):
    return Path(shutil.copytree(SAMPLES / "binjiang", tmp_path / "project"))


def test_a_run_on_a_damaged_project_ends_in_a_report_or_a_refusal(project, record_property):
    assert run_damaged(project, seed=1, count=PROJECTS, record=record_property) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_runs_on_many_damaged_projects_end_in_a_report_or_a_refusal(project, record_property, seed):
    assert run_damaged(project, seed=100 * seed, count=PROJECTS_MANY // 4, record=record_property) == []


@pytest.mark.parametrize("path", [p for p in inputs(SAMPLES / "binjiang") if p.suffix == ".dxf"], ids=ids)
def test_what_was_read_of_a_damaged_drawing_can_be_normalised(path, tmp_path, workers, record_property):
    standard = load_standards().surveys[path.parent.name]
    bench = Bench(path, tmp_path, workers)
    target = read_project(SAMPLES / "binjiang").crs.plane()
    tried = 0
    for mutation in mutations(bench.data, ".dxf", bench.other, seed=5, count=9):
        source = bench.read(mutation.data)
        if not source.entry.fatal:
            normalise(standard, [source], target=target)
            tried += 1
    record_property("mutated inputs", tried)
    assert tried


def test_a_damaged_project_file_is_read_or_refused_in_words(project, record_property):
    path = project / "project.yaml"
    whole = path.read_bytes()
    said = []
    tried = [*mutations(whole, ".yaml", whole[::-1], seed=3, count=60)]
    for mutation in tried:
        path.write_bytes(mutation.data)
        try:
            read_project(project)
        except PipelineError as err:
            said.append(str(err))
    record_property("mutated inputs", len(tried))
    assert said
    assert all(said)
