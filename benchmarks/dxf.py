"""Reading a survey drawing: our fast way against ezdxf, against GDAL's driver; memory; growth with the size."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ezdxf
import numpy as np
import pyogrio
import shapely

from benchmarks import drawing
from benchmarks.table import Row, interleaved
from pipeline.readers import dxf

SMALL_MB, LARGE_MB = 5, 50
MIB = 1 << 20
_CHILD = """
import sys
from pathlib import Path
from pipeline.readers import dxf
path = Path(sys.argv[1])
if sys.argv[2] == "read":
    assert dxf.read(path, name=path.name, engine="fast").entry.engine.startswith("fast")
status = Path("/proc/self/status").read_text()  # ru_maxrss would remember the process that started this one
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""


def rows(*, quick: bool) -> Iterator[Row]:
    """The rows of the table."""
    logging.getLogger("ezdxf").setLevel(logging.ERROR)
    small_mb, large_mb, runs = (0.5, 3, 1) if quick else (SMALL_MB, LARGE_MB, 5)
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small.dxf"), Path(folder, "large.dxf")
        drawing.write(small, megabytes=small_mb)
        count = drawing.write(large, megabytes=large_mb)
        _same_answers(small)
        sizes = f"{large.stat().st_size / 1e6:.0f} MB, {count:,} entities"
        work = "read a survey DXF"
        yield Row(
            work, "ezdxf.readfile and a walk", *_times(large, _walk, runs=1 if quick else 3), 10, sizes,
            note="the walk keeps layer, handle, XDATA and vertices; no geometry is made",
        )  # fmt: skip
        note = "arcs as chords, blocks exploded, XDATA as unparsed strings"
        with _Options(raw=True):
            yield Row(work, "GDAL through pyogrio, raw codes", *_times(large, _gdal, runs=runs), 1.5, sizes, note=note)
        with _Options(raw=False):
            yield Row(
                work, "GDAL through pyogrio, without XDATA", *_times(large, _gdal, runs=runs), 1, sizes, note=note
            )
        once, more = interleaved(lambda: _fast(small), lambda: _fast(large), runs=runs)
        grown = f"{large.stat().st_size / small.stat().st_size:.1f} × the file"
        yield Row("read it, seconds", "a tenth of it", more, once, 12, grown, share=True)
        yield _memory(small, large)


def _times(path: Path, peer: Any, *, runs: int) -> tuple[float, float]:
    return interleaved(lambda: _fast(path), lambda: peer(path), runs=runs)


def _fast(path: Path) -> Any:
    source = dxf.read(path, name=path.name, engine="fast")
    assert str(source.entry.engine).startswith("fast"), source.entry.engine
    return source


def _walk(path: Path) -> list[Any]:
    found = []
    for entity in ezdxf.readfile(path).modelspace():
        kind = entity.dxftype()
        points: Any = None
        if kind == "LWPOLYLINE":
            points = entity.get_points("xyb")
        elif kind == "POLYLINE":
            points = [vertex.dxf.location for vertex in entity.vertices]
        data = {app: list(tags) for app, tags in entity.xdata.data.items()} if entity.xdata else None
        found.append((kind, entity.dxf.layer, entity.dxf.handle, data, points))
    return found


class _Options:
    """GDAL's options of its DXF driver, process-wide while they are needed."""

    def __init__(self, *, raw: bool) -> None:
        self.given = {"DXF_CLOSED_LINE_AS_POLYGON": "TRUE", "DXF_INCLUDE_RAW_CODE_VALUES": "TRUE" if raw else None}

    def __enter__(self) -> None:
        pyogrio.set_gdal_config_options(self.given)

    def __exit__(self, *_: object) -> None:
        pyogrio.set_gdal_config_options(dict.fromkeys(self.given))


def _gdal(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pyogrio.read_dataframe(path, layer="entities")


def _same_answers(path: Path) -> None:
    """Both engines give the same rows; ezdxf's own walk finds the same handles, layers and extended data."""
    fast, reference = _fast(path), dxf.read(path, name=path.name, engine="ezdxf")
    names = [name for name in fast.features.columns if name not in {"geometry", "curve"}]
    assert fast.features[names].equals(reference.features[names])
    shapes = [source.features.geometry.to_numpy() for source in (fast, reference)]
    assert np.array_equal(*(shapely.to_wkb(shape) for shape in shapes))
    assert fast.attributes.equals(reference.attributes)
    walked = [(kind, layer, handle, set(data or ())) for kind, layer, handle, data, _ in _walk(path)]
    rows_of = fast.features[["entity", "layer", "handle", "xdata"]].itertuples(index=False)
    assert walked == [(kind, layer, handle, set(data or ())) for kind, layer, handle, data in rows_of]


def _memory(small: Path, large: Path) -> Row:
    """What reading takes at most beyond the libraries themselves, beside the size of the file and 200 MiB."""
    imports, peak = _peak(small, "import"), _peak(large, "read")
    slope = (peak - _peak(small, "read")) / (large.stat().st_size - small.stat().st_size)
    allowed = large.stat().st_size + 200 * MIB
    note = f"the whole process {peak / MIB:.0f} MiB, {imports / MIB:.0f} of them imports; {slope:.1f} × the file"
    return Row(
        "peak memory of reading it, beyond the imports", "the file and 200 MiB", (peak - imports) / MIB, allowed / MIB, 1,
        f"{large.stat().st_size / 1e6:.0f} MB", note=note, share=True, unit="MiB",
    )  # fmt: skip


def _peak(path: Path, what: str) -> int:
    """Bytes of a fresh process at most."""
    command = [sys.executable, "-c", _CHILD, str(path), what]
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=here)
    return int(done.stdout) * 1024
