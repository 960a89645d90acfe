"""A survey delivered as five shapefiles, into canonical frames, against reading each with geopandas and nothing else.

Either side in fresh processes, CPU time after its imports (neither waits for anything): the peer as it comes, without
options that ours sets.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import shapely

from benchmarks.parcels import parcels
from benchmarks.processes import inside, python
from benchmarks.table import Row
from pipeline import crs
from pipeline.standard import FieldSpec, LayerMapping, LayerSpec, load_standards

SURVEY = "property"
SIZES = {"building": 20, "logical_building": 40, "floor": 200, "balcony": 500, "unit": 2_000}  # layer: records
EPSG = 4544
NARROW = 8  # bytes: codes, not words
WORDS = "滨江雅苑一期住宅楼阳台公共部位江北区观音桥街道"
OURS = """
import sys, time
from pathlib import Path
from pipeline import crs
from pipeline.mapping.normalise import normalise
from pipeline.readers import read, shapefile, vector
from pipeline.standard import load_standards
vector.engine()
standard = load_standards().surveys["property"]
paths = sorted(Path(sys.argv[1]).glob("*.shp"))
started = time.process_time()
sources = [read(path, name=path.name, survey="property") for path in paths]
found = normalise(standard, sources, target=crs.parse(sys.argv[2]))
seconds = time.process_time() - started
assert not found.notes, found.notes[:3]
print(sum(map(len, found.frames.values())), seconds)
"""
PEER = """
import sys, time
from pathlib import Path
import geopandas, pyogrio
paths = sorted(Path(sys.argv[1]).glob("*.shp"))
started = time.process_time()
frames = [geopandas.read_file(path) for path in paths]
seconds = time.process_time() - started
print(sum(map(len, frames)), seconds)
"""


def rows(*, quick: bool) -> Iterator[Row]:
    """One delivery; that every record arrives is the tests' matter, the counts are compared here."""
    standard = load_standards().surveys[SURVEY]
    mapping = next(delivery for delivery in standard.mappings if "shapefile" in delivery.format)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for layer, count in SIZES.items():
            how = mapping.layers[layer]
            write(folder / f"{how.select.layer[0]}.shp", standard.layers[layer], how, count)
        commands = python(OURS, folder, f"EPSG:{EPSG}"), python(PEER, folder)
        seconds = inside(*commands, runs=1 if quick else 7)
    sizes = f"{len(SIZES)} files, {min(SIZES.values())} to {max(SIZES.values()):,} records"
    yield Row("shapefiles of a survey into canonical frames", "geopandas.read_file of each", *seconds, 4, sizes)


def write(path: Path, layer: LayerSpec, how: LayerMapping, count: int) -> None:
    """A table with every mapped field of the layer filled, under its first name, in GBK."""
    names = {field: source.attribute for field, source in how.fields.items() if source.attribute}
    fields = {(n if isinstance(n, str) else n[0]): layer.fields[field] for field, n in names.items()}
    schema = {"geometry": "Polygon", "properties": {code: _column(spec) for code, spec in fields.items()}}
    shapes = parcels(max(count, 4), faults=False)
    with fiona.open(
        path, "w", driver="ESRI Shapefile", schema=schema, crs_wkt=crs.parse(f"EPSG:{EPSG}").to_wkt(), encoding="GBK"
    ) as file:
        file.writerecords(
            {
                "type": "Feature",
                "geometry": shapely.geometry.mapping(shapes[number % len(shapes)]),
                "properties": {code: _value(spec, number) for code, spec in fields.items()},
            }
            for number in range(count)
        )


def _column(spec: FieldSpec) -> str:
    if spec.type == "number":
        return f"float:{spec.width or 15}.{spec.decimals or 2}"
    return f"int:{min(spec.width or 6, 9)}" if spec.type == "integer" else f"str:{min(spec.width or 20, 80)}"


def _value(spec: FieldSpec, number: int) -> Any:
    """A value that fits: numbers as numbers, dates as dates, words in Chinese."""
    if spec.type == "number":
        return float(np.round(10 + number * 0.37, spec.decimals or 2))
    if spec.type == "integer":
        return 1 + number % 9
    if spec.type == "date":
        return f"2026-{1 + number % 12:02d}-{1 + number % 28:02d}"
    width = min(spec.width or 20, 80)
    if width <= NARROW:
        return str(number % 9)
    return (WORDS[number % len(WORDS) :] + WORDS)[: max(1, min(6, width // 2 - 4))] + str(number % 1000)
