"""All overlaps of a layer against a spatial database: PostGIS with a GiST index, SpatiaLite through GDAL's ogr2ogr.

Rows are made of what is installed (Debian: postgresql-15-postgis-3, gdal-bin). The peers only list the overlaps, with
areas; ours finds the gaps in the same time too. Loading and indexing the peer's table is not counted.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyogrio
import shapely

from benchmarks.table import Row, interleaved
from benchmarks.topology import TOLERANCE_M2, by_faces, fresh

Pairs = dict[tuple[int, int], float]
SERVER = "/usr/lib/postgresql"  # where Debian keeps the programs of the server, by version
USER = "postgres"  # the server refuses to run as root
AGREE_M2 = 1e-5  # the libraries below differ in the last digits of an area
OVERLAPS = """
    SELECT a.id, b.id, ST_Area(ST_Intersection(a.geom, b.geom)) AS area
    FROM parcels a JOIN parcels b ON a.geom && b.geom AND a.id < b.id
    WHERE ST_Relate(a.geom, b.geom, '2********')
"""
OVERLAPS_LITE = """
    SELECT a.fid AS one, b.fid AS other, ST_Area(ST_Intersection(a.geom, b.geom)) AS area
    FROM parcels a JOIN rtree_parcels_geom i ON a.fid = i.id
    JOIN rtree_parcels_geom j ON i.minx <= j.maxx AND i.maxx >= j.minx AND i.miny <= j.maxy AND i.maxy >= j.miny
    JOIN parcels b ON b.fid = j.id
    WHERE a.fid < b.fid AND ST_Relate(a.geom, b.geom, '2********') = 1
"""


def rows(*, quick: bool) -> Iterator[Row]:
    """One row a database and size, of what is installed."""
    for count in (1_000,) if quick else (10_000, 100_000):
        with tempfile.TemporaryDirectory(prefix="duoce-bench-") as name:
            folder = Path(name)
            if server := _server():
                with _postgis(server, folder, fresh(count)) as ask:
                    yield _row(count, "PostGIS, GiST and relate; overlaps only", ask)
            if shutil.which("ogr2ogr"):
                ask = _ogr2ogr(folder, fresh(count))
                yield _row(count, "GDAL's ogr2ogr, SpatiaLite over an R-tree; overlaps only", ask)


def _row(count: int, peer: str, ask: Callable[[], Pairs]) -> Row:
    """The answers are compared before the times."""
    ours = by_faces(fresh(count))[0]
    theirs = {pair: area_m2 for pair, area_m2 in ask().items() if area_m2 > TOLERANCE_M2}
    if ours.keys() != theirs.keys() or any(abs(ours[pair] - theirs[pair]) > AGREE_M2 for pair in ours):
        raise AssertionError(f"{count} parcels: {peer} gives other overlaps")
    layers = [fresh(count) for _ in range(5)]
    seconds = interleaved(lambda: by_faces(layers.pop()), ask, runs=5)
    note = f"{len(ours)} overlaps, equal"
    return Row("all overlaps and gaps of a layer", peer, *seconds, 10, f"{count:,} parcels", note)


# ---------------------------------------------------------------- PostGIS


def _server() -> Path | None:
    """The newest server's programs, when PostGIS is there for it."""
    found = sorted(Path(SERVER).glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    extensions = Path("/usr/share/postgresql")
    with_postgis = [p.parent for p in found if (extensions / p.parts[-3] / "extension" / "postgis.control").is_file()]
    return with_postgis[-1] if with_postgis else None


@contextmanager
def _postgis(programs: Path, folder: Path, polygons: np.ndarray) -> Iterator[Callable[[], Pairs]]:
    """A server of its own, reached through a socket in `folder`, gone afterwards; gives the question."""
    home = folder / "postgres"
    home.mkdir()
    as_user = _as_user(folder, home)

    def run(*words: object, text: str | None = None) -> str:
        command = [*as_user, *map(str, words)]
        return subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=home).stdout

    def psql(text: str) -> str:
        return run("psql", "-h", home, "-d", "postgres", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", text=text)

    run(programs / "initdb", "-D", home / "data", "--auth=trust", "--no-sync")
    options = f"-k {home} -c listen_addresses= -c shared_buffers=512MB -c fsync=off"
    run(programs / "pg_ctl", "-D", home / "data", "-l", home / "log", "-w", "-o", options, "start")
    try:
        psql(_loading(polygons))
        yield lambda: _pairs(psql(OVERLAPS + ";").splitlines())
    finally:
        run(programs / "pg_ctl", "-D", home / "data", "-m", "immediate", "stop")


def _as_user(folder: Path, home: Path) -> list[str]:
    """What runs a command as somebody the server accepts, and leaves the folder to them."""
    if os.getuid() != 0:
        return []
    folder.chmod(0o755)
    shutil.chown(home, USER)
    return ["runuser", "-u", USER, "--"]


def _loading(polygons: np.ndarray) -> str:
    """Extension, table, records, index and statistics."""
    records = "\n".join(f"{number}\t{wkb}" for number, wkb in enumerate(shapely.to_wkb(polygons, hex=True)))
    return (
        "CREATE EXTENSION postgis;\nCREATE TABLE parcels (id int PRIMARY KEY, geom geometry);\n"
        f"COPY parcels FROM stdin;\n{records}\n\\.\n"
        "CREATE INDEX ON parcels USING gist (geom);\nVACUUM ANALYZE parcels;\n"
    )


def _pairs(lines: list[str]) -> Pairs:
    cells = (line.split("|") for line in lines if line)
    return {(int(one), int(other)): float(area_m2) for one, other, area_m2 in cells}


# ---------------------------------------------------------------- ogr2ogr


def _ogr2ogr(folder: Path, polygons: np.ndarray) -> Callable[[], Pairs]:
    """The question as a command over a GeoPackage; its feature ids begin at 1."""
    source, answer = folder / "parcels.gpkg", folder / "answer.json"
    pyogrio.raw.write(
        source,
        geometry=shapely.to_wkb(polygons),
        field_data=[],
        fields=[],
        layer="parcels",
        driver="GPKG",
        geometry_type="Polygon",
        crs="EPSG:4544",
        geometry_name="geom",
    )
    command = ["ogr2ogr", "-f", "GeoJSON", str(answer), str(source), "-dialect", "SQLite", "-sql", OVERLAPS_LITE]

    def ask() -> Pairs:
        answer.unlink(missing_ok=True)
        subprocess.run(command, capture_output=True, check=True)
        records = [feature["properties"] for feature in json.loads(answer.read_text("utf-8"))["features"]]
        return {(record["one"] - 1, record["other"] - 1): record["area"] for record in records}

    return ask
