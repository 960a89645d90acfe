"""Ordinary shapefiles read by arrays from their own bytes: the same table and geometry as GDAL's, several times as fast.

Taken are points, lines and polygons (also with Z) with dBASE III fields, when every count of the headers holds. Whatever
is odd (`HandOverError`) goes to GDAL as a whole, with the reason; nothing is read by halves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.readers.encodings import Choice, codec
from pipeline.readers.shapefile_headers import Headers
from pipeline.readers.shp_fast import shapes, table
from pipeline.readers.shp_fast.numbers import Array
from pipeline.readers.shp_fast.refuse import HandOverError
from pipeline.readers.shp_fast.texts import SAFE, Texts
from pipeline.readers.vector import Layer

ENGINE = f"shp_fast 1 (numpy {np.__version__})"

__all__ = ["ENGINE", "SAFE", "HandOverError", "Reading", "read"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A shapefile whose texts are not decoded yet; measured: it had M values, which are dropped."""

    names: tuple[bytes, ...]
    columns: list[Texts | Array]
    geometry: Array
    measured: bool

    @property
    def high(self) -> bytes:
        """Names and texts of which the encoding is to be told, one a line; columns of nothing but ASCII left out."""
        wide = [c.lines for c in self.columns if isinstance(c, Texts) and not c.lines.isascii()]
        return b"\n".join([*self.names, *wide])

    def layer(self, choice: Choice, name: str) -> Layer:
        """The table with its names and texts in this encoding.

        Errors: HandOverError when it is not one for all of it.
        """
        if choice.encoding not in SAFE:
            raise HandOverError(f"编码 {choice.name}")
        try:
            names = [word.decode(choice.encoding) for word in self.names]
        except UnicodeDecodeError as err:
            raise HandOverError(f"有字段名不能按 {choice.name} 解码") from err
        known = {name: c.decoded(choice) for name, c in zip(names, self.columns, strict=True) if isinstance(c, Texts)}
        return Layer(
            name,
            names,
            [known[n].values if n in known else column for n, column in zip(names, self.columns, strict=True)],
            self.geometry,
            measured=self.measured,
            tidy=frozenset(name for name in names if name not in known or known[name].tidy),
            clear=frozenset(name for name in names if name not in known or known[name].clear),
        )


def read(data: bytes, dbf: bytes, headers: Headers, *, stated: str | None = None) -> Reading:
    """The shapefile in the bytes of its .shp and .dbf.

    Args: headers: what was found in them, all of it consistent; stated: the encoding that the project states.
    Errors: HandOverError.
    """
    if stated and codec(stated) not in {*SAFE, None}:
        raise HandOverError(f"项目指定的编码 {stated}")
    if headers.shx is not None:
        raise HandOverError("没有 .shx")
    if not headers.records:
        raise HandOverError("没有记录")
    geometry, measured = shapes.read(data, headers.places, headers.lengths)
    columns = table.read(dbf, headers.fields, header=headers.start, rows=headers.records, width=headers.width)
    return Reading(tuple(field.name for field in headers.fields), columns, geometry, measured)
