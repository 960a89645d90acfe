"""The layers of one project's result.gpkg: boxes without geometry, geometry of single features, as SQLite holds them.

A GeoPackage geometry carries its envelope in front of the WKB (OGC 12-128r19, 2.1.3), so a layer's boxes are read
without reading its outlines.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from pipeline.errors import InputError

HEAD_BYTES = 40  # 8 of header, 4 doubles of envelope
PLAIN, PLAIN_MASK = 0b00011, 0b11111  # flags: little endian, envelope of x and y, not empty
ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}  # bytes of the envelope by its code in the flags
MANY = 500  # variables of one query
NO_CRS = (-1, 0)  # srs_id of the undefined systems


@dataclass(frozen=True, slots=True)
class Rows:
    """One layer without outlines. boxes: (n, 4) x0, y0, x1, y1, NaN where there is no geometry; values by column."""

    fid: np.ndarray
    boxes: np.ndarray
    values: dict[str, list[Any]]


class Package:
    """An open result.gpkg. Errors of SQLite come out as InputError naming the file."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self._connection = path, connection
        self.tables: dict[str, tuple[str, int]] = {
            table: (column, srs)
            for table, column, srs in self._all("SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns")
        }

    def crs(self, table: str) -> str | None:
        """The CRS of a layer as "EPSG:n" or WKT; None where the file says that it is not defined."""
        srs = self.tables[table][1]
        if srs in NO_CRS:
            return None
        query = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?"
        found = self._all(query, (srs,))
        if not found:
            return None
        organization, code, definition = found[0]
        return f"EPSG:{code}" if str(organization).upper() == "EPSG" else str(definition)

    def count(self, table: str) -> int:
        return int(self._all(f"SELECT count(*) FROM {_name(table)}")[0][0])  # noqa: S608 — an identifier, quoted

    def rows(self, table: str, columns: Sequence[str]) -> Rows:
        """Ids, boxes and some columns of a layer, in the order of ids; a column that is not there is None throughout."""
        shape = self.tables[table][0]
        known = {row[1] for row in self._all(f"PRAGMA table_info({_name(table)})")}
        wanted = [_name(c) if c in known else "NULL" for c in columns]
        what = ", ".join(["fid", f"substr({_name(shape)}, 1, {HEAD_BYTES})", *wanted])
        found = self._all(f"SELECT {what} FROM {_name(table)} ORDER BY fid")  # noqa: S608 — identifiers, quoted
        fid = np.array([row[0] for row in found], dtype=np.int64)
        boxes = self._boxes(table, fid, [row[1] for row in found])
        return Rows(fid, boxes, {name: [row[2 + i] for row in found] for i, name in enumerate(columns)})

    def geometry(self, table: str, fids: Sequence[int]) -> np.ndarray:
        """Outlines of the features, in the order asked for; None where there is none."""
        shape = self.tables[table][0]
        found: dict[int, bytes | None] = {}
        for start in range(0, len(fids), MANY):
            part = [int(fid) for fid in fids[start : start + MANY]]
            marks = ", ".join("?" * len(part))
            query = f"SELECT fid, {_name(shape)} FROM {_name(table)} WHERE fid IN ({marks})"  # noqa: S608 — as above
            found |= dict(self._all(query, part))
        blobs = (found.get(int(fid)) for fid in fids)
        wkb = [None if blob is None else blob[8 + ENVELOPES[blob[3] >> 1 & 7] :] for blob in blobs]
        return np.asarray(shapely.from_wkb(np.array(wkb, dtype=object)))

    def _boxes(self, table: str, fid: np.ndarray, heads: list[bytes | None]) -> np.ndarray:
        boxes = np.full((len(fid), 4), np.nan)
        given = np.array([i for i, head in enumerate(heads) if head is not None], dtype=np.int64)
        whole = np.array([i for i in given if len(heads[i] or b"") == HEAD_BYTES], dtype=np.int64)
        raw = np.frombuffer(b"".join(heads[i] or b"" for i in whole), dtype=np.uint8).reshape(-1, HEAD_BYTES)
        plain = raw[:, 3] & PLAIN_MASK == PLAIN
        boxes[whole[plain]] = raw[plain, 8:].copy().view("<f8")[:, [0, 2, 1, 3]]
        bare = np.setdiff1d(given, whole[plain])
        if len(bare):
            boxes[bare] = shapely.bounds(self.geometry(table, fid[bare].tolist()))
        return boxes

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as err:
            raise InputError(f"{self.path}：不是完整的 GeoPackage（{err}）；请重新运行该项目") from err


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Package]:
    """The package at `path`, read only.

    Errors: InputError when it is missing or damaged.
    """
    if not path.is_file():
        raise InputError(f"找不到 {path}：项目没有图形成果；请重新运行该项目")
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        yield Package(path, connection)
    finally:
        connection.close()


def _name(word: str) -> str:
    """An identifier of SQL, quoted."""
    return '"' + word.replace('"', '""') + '"'
