"""`duoce inspect` as people run it: in a worker under limits, with progress on a terminal, in a known share of memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from factories_readers import SQUARE, cut, drawing, minimal, saved

from pipeline.inspection import reading
from pipeline.inspection.facts import inspect_file
from pipeline.isolation.parent import Isolation, Limits
from pipeline.readers import READERS
from pipeline.readers.tables import TABLES

COMMAND = [sys.executable, "-m", "pipeline.cli", "inspect"]
ROOT = Path(__file__).parent.parent
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal or the accounts of the system")


@pytest.fixture
def plain(tmp_path):
    document, space = drawing()
    space.add_lwpolyline(SQUARE, close=True)
    return saved(document, tmp_path / "plain.dxf")


def asked(*words, stderr=subprocess.PIPE):
    return subprocess.run([*COMMAND, *map(str, words)], stdout=subprocess.PIPE, stderr=stderr, cwd=ROOT, check=False)


def test_the_command_tells_what_reading_in_this_process_tells(plain):
    assert json.loads(asked("--json", plain).stdout) == inspect_file(plain)


def test_a_damaged_file_is_findings_and_exit_code_one(plain):
    found = asked("--json", cut(plain))
    assert (found.returncode, json.loads(found.stdout)["findings"][0]["rule"]) == (1, "PRJ-I04")


def on_a_terminal(*words):
    """What a person sees beside the result."""
    ours, theirs = os.openpty()
    try:
        found = asked(*words, stderr=theirs)
        os.close(theirs)
        os.set_blocking(ours, False)
        try:
            return found, os.read(ours, 65536).decode()
        except (BlockingIOError, OSError):
            return found, ""
    finally:
        os.close(ours)


@posix
def test_a_terminal_sees_progress(plain):
    found, seen = on_a_terminal("--json", plain)
    assert "plain.dxf" in seen
    assert json.loads(found.stdout)["features"] == 1


@posix
def test_quiet_and_a_pipe_see_none(plain):
    assert on_a_terminal("--quiet", plain)[1] == ""
    assert asked(plain).stderr == b""


def test_a_large_file_tells_how_far_it_has_come(tmp_path):
    path = tmp_path / "large.dxf"
    path.write_bytes(large(6_000_000))
    told = []
    reading.reports([path], progress=told.append)
    shares = [int(text.rsplit("：", 1)[1].rstrip("%")) for text in told[1:]]
    assert len(shares) >= 3
    assert all(a < b for a, b in pairwise(shares))


def test_a_file_that_outlasts_its_time_has_a_finding(plain, monkeypatch):
    monkeypatch.setattr(reading, "limits_of", lambda _: Limits(0.01, 60, 2048))
    (report,) = reading.reports([plain])
    assert [finding["kind"] for finding in report["findings"]] == ["parse_timeout"]
    assert report["features"] == 0


def test_formats_that_only_hold_tables_are_the_ones_said():
    assert frozenset(TABLES) - frozenset(READERS) == reading.TABLES


def test_a_worker_that_imports_nothing_beforehand_reads_the_same(plain):
    report = reading.reports([plain])
    with Isolation(in_process=True) as here:
        assert here.then([reading.facts_job(plain)], Limits()) == report


def large(size):
    """A drawing of so many bytes: parcels with texts, as in a cadastral map."""
    lines, length, number = [], 0, 0
    while length < size:
        x, y = 500_000 + number % 200 * 30, 3_280_000 + number // 200 * 30
        ring = [(x, y), (x + 25.5, y + 0.123), (x + 25.75, y + 25.875), (x + 12.5, y + 26.1), (x, y + 25.25)]
        own = [b"0", b"POLYLINE", b"8", b"JZD", b"66", b"1", b"70", b"1", b"1001", b"SOUTH", b"1000", b"300000"]
        for east, north in ring:
            own += [b"0", b"VERTEX", b"8", b"JZD", b"10", b"%.4f" % east, b"20", b"%.4f" % north, b"30", b"0.0"]
        label = f"宗地{number}".encode("gbk")
        own += [b"0", b"SEQEND", b"0", b"TEXT", b"8", b"ZJ", b"10", b"%.3f" % (x + 9), b"20", b"%.3f" % (y + 9)]
        own += [b"30", b"0.0", b"40", b"2.5", b"1", label]
        lines += own
        length += sum(len(line) + 2 for line in own)
        number += 1
    return minimal(lines, page="ANSI_936")


#: run by a small process: what a child is forked from counts as its own peak
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@posix
@pytest.mark.slow
def test_a_drawing_of_thirty_megabytes_takes_less_than_ten_times_its_size(tmp_path):
    path = tmp_path / "thirty.dxf"
    path.write_bytes(large(30_000_000))
    told = subprocess.run(
        [sys.executable, "-c", PEAK, *COMMAND, "--json", str(path)], capture_output=True, cwd=ROOT, check=True
    )
    peak_bytes = int(told.stdout) * (1 if sys.platform == "darwin" else 1024)
    assert 10_000_000 < peak_bytes < 10 * path.stat().st_size
