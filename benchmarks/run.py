"""The whole of `duoce run` on a sample as a process, against bare reading of its inputs and one empty typst compile.

The peer reads every drawing with ezdxf, every table with geopandas and openpyxl, and sets an empty page: what any tool on
these libraries would have to do before its first check, its first table, its first drawing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import DUOCE, ROOT, cpu, outside, python
from benchmarks.table import Row

SAMPLE = ROOT / "samples" / "binjiang"
PEER = """
import sys
from pathlib import Path
import ezdxf, geopandas, openpyxl, typst
folder, empty = map(Path, sys.argv[1:])
for path in sorted(folder.rglob("*.dxf")):
    for entity in ezdxf.readfile(path).modelspace():
        pass
for path in sorted(folder.rglob("*.shp")):
    geopandas.read_file(path)
for path in sorted(folder.rglob("*.xlsx")):
    openpyxl.load_workbook(path)
typst.compile(str(empty), output=str(empty.with_suffix(".pdf")))
"""


def rows(*, quick: bool) -> Iterator[Row]:
    """One row: everything a run writes."""
    with tempfile.TemporaryDirectory() as name:
        empty = Path(name) / "empty.typ"
        empty.write_text("", "utf-8")
        ours = [*DUOCE, "run", str(SAMPLE), "-o", str(Path(name) / "out"), "--quiet"]
        peer = python(PEER, SAMPLE, empty)
        seconds = outside(ours, peer, runs=1 if quick else 3)
        work = f"CPU {cpu(ours):.1f} s against {cpu(peer):.1f} s"
        files = sum(path.is_file() for path in (Path(name) / "out").rglob("*"))
    megabytes = sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) / 1e6
    yield Row(
        "the whole `duoce run samples/binjiang`",
        "bare reading of the same inputs and an empty typst compile",
        *seconds,
        4,
        f"{megabytes:.1f} MB in, {files} files out; {work}",
        share=True,
    )
