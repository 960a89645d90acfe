"""Fields that a GIS table declares, with width and decimals: what a registration standard prescribes."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from pipeline.readers import encodings

TYPES = {"str": "text", "int": "integer", "int32": "integer", "int64": "integer", "float": "number", "date": "date"}


@dataclass(frozen=True, slots=True)
class DeclaredField:
    """One field; type: text, integer, number, date, or what the format calls it."""

    name: str
    type: str
    width: int | None
    decimals: int | None


def declared_fields(path: Path, *, encoding: str | None = None) -> tuple[DeclaredField, ...]:
    """Fields of the first layer; none when the file does not open as it is (a missing .shx, a damaged file).

    Args: encoding: as the ledger has it; field names are in it, too.
    """
    import fiona
    from fiona.errors import FionaError

    logging.getLogger("fiona").setLevel(logging.CRITICAL)
    try:
        with fiona.open(path, encoding=encodings.codec(encoding)) as table:
            return tuple(_field(name, kind) for name, kind in table.schema["properties"].items())
    except FionaError:  # stricter than our readers
        return ()


def _field(name: str, declared: str) -> DeclaredField:
    kind, _, size = declared.partition(":")
    width, _, decimals = size.partition(".")
    return DeclaredField(
        name, TYPES.get(kind, kind), int(width) if width else None, int(decimals) if decimals else None
    )
