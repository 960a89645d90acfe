"""Zones of tiny projects, batches of them, and programs that misbehave in the middle of one."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import yaml

from pipeline.batch import plan
from pipeline.batch.conduct import Options, _limits, _settings, run_batch
from pipeline.batch.discover import discover
from pipeline.delivery.manifest import FORMAT, Manifest, NamedEdition, ProjectName, files_in, text_of

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "samples" / "binjiang"
SURVEY = "green"
BROKEN_BOOT = "raise SystemExit(1)"

#: a process whose projects do, by the name of their folder, what a batch has to survive
MISBEHAVING = """
import os, signal, sys, time
sys.path.insert(0, {root!r})
import pipeline.project
real = pipeline.project.run_project
def run(folder, **given):
    name = folder.name
    if name == "hangs": time.sleep(600)
    if name == "devours": raise_if = [bytes(1 << 28) for _ in range(64)]
    if name == "dies": os.kill(os.getpid(), signal.SIGKILL)
    if name == "raises": raise RuntimeError("a fault of the program")
    if name == "kills_worker": os.kill(os.getppid(), signal.SIGKILL); time.sleep(600)
    if name == "dies_once" and not (folder.parent / "died").exists():
        (folder.parent / "died").write_text(""); os.kill(os.getpid(), signal.SIGKILL)
    if name == "is_slow": time.sleep(2)
    return real(folder, **given)
pipeline.project.run_project = run
from pipeline.batch import child
child.serve()
"""


class Heard:
    """A listener that remembers; `when` is called with each project that ends."""

    def __init__(self, when=None):
        self.ran, self.standing, self.gone, self.steps, self.way, self._when = [], [], [], [], "", when

    def found(self, zone, *, standing, gone, how):
        self.standing, self.gone, self.way = [e.record.key for e in standing], list(gone), how

    def ended(self, ended):
        self.ran.append(ended.record.key)
        if self._when:
            self._when(ended)

    def step(self, name):
        self.steps.append(name)


def project(folder, *, code="CQJB-2026-0001", surveys=(SURVEY,), source=SAMPLE):
    """The sample with only some of its surveys: a project that runs in a moment."""
    given = yaml.safe_load((source / "project.yaml").read_text("utf-8"))
    given["project"]["code"] = code
    given["surveys"] = {name: given["surveys"][name] for name in surveys}
    folder.mkdir(parents=True)
    (folder / "project.yaml").write_text(yaml.safe_dump(given, allow_unicode=True), "utf-8")
    for name in ("permit.xlsx", "control.csv"):
        shutil.copy2(source / name, folder / name)
    for name in surveys:
        shutil.copytree(source / name, folder / name)
    return folder


def zone_of(zone, names):
    """A zone of tiny projects, all that differs is the code."""
    for number, name in enumerate(names, start=1):
        project(zone / name, code=f"CQJB-2026-{number:04d}")
    return zone


def delivery(path, folder):
    """The zip of a delivery that holds this project folder."""
    with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        root = unpacked_delivery(Path(scratch) / "交付", folder)
        for file in sorted(p for p in root.rglob("*") if p.is_file()):
            archive.write(file, f"交付/{file.relative_to(root).as_posix()}")
    return path


def unpacked_delivery(root, folder):
    """The folder of a delivery that holds this project folder and a true manifest."""
    shutil.copytree(folder, root / "原始资料")
    (root / "地籍测绘").mkdir()
    (root / "地籍测绘" / "成果.gpkg").write_bytes(b"a result")
    named = NamedEdition(name="chongqing", edition="1")
    words = {"edition": "1", "profile": named, "surveys": (), "tree": "1", "software": {}}
    known = Manifest(format=FORMAT, project=ProjectName(code="1", name="甲"), files=tuple(files_in(root)), **words)
    (root / "manifest.json").write_text(text_of(known), "utf-8")
    return root


def batch(zone, out, *, heard=None, **options):
    """One batch without the roll-up, which has tests of its own; returns it with what was heard of it."""
    heard = heard or Heard()
    return run_batch(zone, out, Options(**{"roll_up": False, **options}), heard), heard


def by_key(result):
    return {record.key: record for record in result.records}


def settings_of(zone, out, **changes):
    """Settings and tasks as a batch makes them, for those who run the tasks themselves."""
    out.mkdir(parents=True, exist_ok=True)
    settings = dataclasses.replace(_settings(zone, out, Options()), **{**_limits(None), **changes})
    settings.writing.mkdir(parents=True, exist_ok=True)
    return settings, plan.groups(discover(zone, without=[out]).found)


def results_of(out):
    """Every result file of every project, as bytes; what only keeps the books is left out."""
    files = sorted(p for p in (out / "projects").rglob("*") if p.is_file() and p.name != "seal.json")
    return {p.relative_to(out / "projects").as_posix(): p.read_bytes() for p in files}


#: `duoce …` whose projects are run by the program above, for `command(program=…)`
MISBEHAVING_COMMAND = f"""
import pipeline.batch.conduct as conduct, pipeline.cli, sys
real = conduct._limits
conduct._limits = lambda profile: {{**real(profile), "boot": {MISBEHAVING!r}}}
sys.exit(pipeline.cli.main(sys.argv[1:]))
"""


def command(*words, program=None, **options):
    """`duoce …` in a process of its own, which hears Ctrl-C even where the tests were started so as not to (`&`)."""
    if os.name == "posix":
        options.setdefault("preexec_fn", lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, *(["-c", program] if program else ["-m", "pipeline.cli"]), *map(str, words)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        **options,
    )


def until(condition, seconds=300):
    """Waits until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
