"""Whatever a file does to its parser, the run goes on and says so."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import yaml
from factories_readers import SQUARE, drawing, saved

from pipeline.isolation.parent import Isolation, Limits, limits_of
from pipeline.isolation.worker import Job
from pipeline.project import run_project
from pipeline.standard import load_standards

SAMPLE = Path(__file__).parent.parent / "samples" / "binjiang"
GENEROUS = Limits(60, 60, 2048)
posix = pytest.mark.skipif(sys.platform == "win32", reason="no signals and no limits but time")
linux = pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")

#: a worker whose readers do what hostile files make libraries do, chosen by suffix
MISBEHAVING = """
import os, signal, sys, tempfile, time
sys.path.insert(0, {root!r})
from pathlib import Path
from pipeline import readers
from pipeline.isolation import worker
from pipeline.readers import empty_source
from pipeline import ledger
def opened(path, name):
    return empty_source(ledger.open_entry(path, name=name, survey=None, kind="x"))
def hang(path, **_):
    Path(tempfile.mkdtemp(), "left.shp").write_text("")
    time.sleep(600)
def spin(path, **_):
    while True: pass
def die(path, **_):
    os.kill(os.getpid(), signal.SIGSEGV)
def leave(path, **_):
    os._exit(7)
def devour(path, **_):
    return [bytes(1 << 28) for _ in range(64)]
def devour_in_c(path, **_):
    raise ValueError("library") if len(bytes(1 << 40)) else None
def odd(path, name, **_):
    source = opened(path, name)
    source.attributes["x"] = [lambda: 0][:0]
    object.__setattr__(source, "notes", (lambda: 0,)[:0])
    object.__setattr__(source, "attributes", lambda: 0)
    return source
def chatty(path, name, **_):
    print("noise"); sys.stdout.flush(); os.write(1, b"more noise")
    return opened(path, name)
def halves(path, name, **_):
    worker._send = lambda answers, body: (answers.write(body[:20]), answers.flush(), os._exit(0))
    return opened(path, name)
def nonsense(path, name, **_):
    whole, worker._send = worker._send, lambda answers, body: whole(answers, b"no pickle at all")
    return opened(path, name)
readers.READERS |= {{"." + f.__name__: f for f in
    (hang, spin, die, leave, devour, devour_in_c, odd, chatty, halves, nonsense)}}
worker.serve()
"""


@pytest.fixture(scope="module")
def workers():
    with Isolation(boot=MISBEHAVING) as isolation:
        yield isolation


@pytest.fixture
def good(tmp_path):
    document, space = drawing()
    space.add_lwpolyline(SQUARE, close=True)
    return Job(saved(document, tmp_path / "good.dxf"), "good.dxf", "green")


def misbehaving(tmp_path, suffix):
    path = tmp_path / f"bad.{suffix}"
    path.write_bytes(b"x")
    return Job(path, path.name, "green")


def only_note(source):
    assert source.entry.fatal
    assert source.features.empty
    (note,) = source.notes
    return note.kind, dict(note.slots)


@pytest.mark.parametrize(
    ("suffix", "limits", "kind", "slots"),
    [
        ("hang", Limits(1, 60, 2048), "parse_timeout", {"seconds": 1}),
        pytest.param("spin", Limits(60, 1, 2048), "parse_timeout", {"seconds": 1}, marks=posix),
        pytest.param("die", GENEROUS, "parse_killed", {"reason": "SIGSEGV"}, marks=posix),
        ("leave", GENEROUS, "parse_killed", {"reason": "退出码 7"}),
        pytest.param("devour", Limits(60, 60, 1024), "parse_memory", {"mb": 1024}, marks=linux),
        pytest.param("devour_in_c", Limits(60, 60, 1024), "parse_memory", {"mb": 1024}, marks=linux),
        ("halves", GENEROUS, "parse_killed", {"reason": "退出码 0"}),
        ("nonsense", GENEROUS, "parse_killed", {"reason": "传回的结果无法解读"}),
    ],
)
def test_a_file_that_ends_its_parser_is_a_finding_and_the_next_file_is_read(
    workers, good, tmp_path, suffix, limits, kind, slots
):
    bad, fine = workers.read([misbehaving(tmp_path, suffix), good], limits)
    assert only_note(bad) == (kind, slots)
    assert len(fine.features) == 1


def test_an_answer_that_cannot_be_sent_back_is_a_finding(workers, tmp_path):
    (source,) = workers.read([misbehaving(tmp_path, "odd")], GENEROUS)
    kind, slots = only_note(source)
    assert kind == "parse_killed"
    assert "无法传回" in slots["reason"]


def test_what_a_library_prints_does_not_stand_among_the_answers(workers, good, tmp_path):
    noisy, fine = workers.read([misbehaving(tmp_path, "chatty"), good], GENEROUS)
    assert noisy.notes == ()
    assert len(fine.features) == 1


def test_a_worker_that_cannot_start_is_a_finding(good):
    with Isolation(boot="raise SystemExit(1)") as isolation:
        (source,) = isolation.read([good], GENEROUS)
    assert only_note(source) == ("parse_killed", {"reason": "读取进程无法启动"})


def test_answers_come_in_the_order_of_the_questions_whatever_was_read_first(good, tmp_path):
    names = [f"{n}.dxf" for n in range(12)]
    jobs = [Job(good.path, name) for name in names] + [Job(tmp_path / "none.dxf", "none.dxf")]
    with Isolation() as isolation:
        isolation._workers.append(
            type(isolation._workers[0])(isolation._boot, isolation._scratch.name, isolation._closed)
        )
        found = isolation.read(jobs, GENEROUS)
    assert [source.entry.path for source in found] == [*names, "none.dxf"]


def test_a_worker_reads_what_this_process_reads():
    files = sorted(p for p in SAMPLE.rglob("*") if p.suffix in {".dxf", ".shp"})
    jobs = [Job(path, path.name, "x") for path in files]
    tables = [Job(SAMPLE / "permit.xlsx", "permit.xlsx"), Job(SAMPLE / "control.csv", "control.csv")]
    with Isolation() as apart, Isolation(in_process=True) as here:
        pairs = list(zip(apart.read(jobs, GENEROUS), here.read(jobs, GENEROUS), strict=True))
        assert apart.read_tables(tables, GENEROUS) == here.read_tables(tables, GENEROUS)
    for one, other in pairs:
        assert one.entry == other.entry
        assert one.notes == other.notes
        assert one.attributes.equals(other.attributes)
        assert one.features.drop(columns="curve").equals(other.features.drop(columns="curve"))
        assert _rings(one) == _rings(other)


def _rings(source):
    return [None if c is None else (c.closed, [ring.tolist() for ring in c.rings]) for c in source.features["curve"]]


def test_what_a_killed_worker_left_is_removed(tmp_path):
    with Isolation(boot=MISBEHAVING) as isolation:
        isolation.read([misbehaving(tmp_path, "hang")], Limits(1, 60, 2048))
        scratch = Path(isolation._scratch.name)
        assert list(scratch.rglob("left.shp"))
    assert not scratch.exists()


def test_closing_ends_a_reading_at_once(tmp_path):
    isolation = Isolation(boot=MISBEHAVING)
    isolation.read([misbehaving(tmp_path, "chatty")], GENEROUS)
    threading.Timer(0.5, isolation.close).start()
    (source,) = isolation.read([misbehaving(tmp_path, "hang")], GENEROUS)
    assert [note.kind for note in source.notes] == ["parse_killed"]  # not parse_timeout


def test_a_worker_is_started_before_anything_heavy_is_imported():
    heavy = ("numpy", "pandas", "geopandas", "shapely", "ezdxf", "pydantic", "yaml")
    program = (
        "import sys; from pipeline.isolation.parent import Isolation\n"
        "with Isolation() as workers:\n"
        f"    print([name for name in {heavy!r} if name in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=SAMPLE.parent.parent
    )
    assert found.stdout.strip() == "[]"


def test_the_limits_come_from_the_profile():
    limits = limits_of(load_standards().profile.numbers)
    assert min(limits.wall_seconds, limits.cpu_seconds, limits.memory_mb) > 0


@posix
def test_one_file_that_cannot_be_read_in_time_leaves_the_other_surveys_judged(tmp_path):
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "project"))
    text = yaml.safe_load((folder / "project.yaml").read_text("utf-8"))
    text["surveys"]["green"]["files"] = ["green/绿地.spin"]
    text.setdefault("overrides", []).append(
        {"key": "intake.cpu_seconds", "value": 4, "source": "测试", "certainty": "proposal", "reason": "测试"}
    )
    (folder / "project.yaml").write_text(yaml.safe_dump(text, allow_unicode=True), "utf-8")
    (folder / "green" / "绿地.spin").write_bytes(b"x")
    with Isolation(boot=MISBEHAVING) as isolation:
        result = run_project(folder, isolation=isolation)
    assert [f.file for f in result.findings if f.rule == "PRJ-I35"] == ["green/绿地.spin"]
    assert {r.outcome for r in result.runs if r.survey == "green"} <= {"undetermined", "not_applicable"}
    assert "passed" in {r.outcome for r in result.runs if r.survey == "cadastral"}
