"""Pre-flight: what each input file claims against what was read of it, and its fingerprint. Readers import this module.

The libraries lose data without a word (a .shp cut in half reads as null geometries), so every count a file states about
itself is kept beside the same count as found, and any difference makes the file fatal: nothing of it is trusted.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.sources import LedgerEntry, Note

if TYPE_CHECKING:
    import geopandas as gpd

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Claim:
    """One number that a file states about itself beside the same number as found.

    what: Chinese, printed. cut: fewer than claimed means that the file was cut off, not only that a header lies.
    """

    what: str
    claimed: int
    read: int
    cut: bool = False

    @property
    def holds(self) -> bool:
        """Whether both numbers are the same."""
        return self.claimed == self.read

    @property
    def kind(self) -> str:
        """The note that a difference becomes."""
        return "truncated" if self.cut and self.read < self.claimed else "count_mismatch"


def fingerprint(path: Path) -> tuple[str, int]:
    """SHA-256 and size in bytes; ("", 0) when it is no file that can be opened (a pipe or a device has no end)."""
    digest, size = hashlib.sha256(), 0
    if not path.is_file():
        return "", 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
    except OSError:
        return "", 0
    return digest.hexdigest(), size


def siblings(path: Path, suffixes: Iterable[str]) -> dict[str, Path]:
    """The files beside `path` with its stem and one of `suffixes`, whatever their case: suffix → file."""
    wanted = set(suffixes)
    if not path.parent.is_dir():
        return {}
    beside = sorted(p for p in path.parent.iterdir() if p.stem == path.stem and p.suffix.lower() in wanted)
    return {p.suffix.lower(): p for p in reversed(beside) if p.is_file()}


def open_entry(
    path: Path,
    *,
    name: str,
    survey: str | None,
    kind: str,
    sidecars: Mapping[str, Path] | None = None,
    contents: Mapping[Path, bytes] | None = None,
) -> LedgerEntry:
    """The ledger entry of a file before it is read: what it is, its size and hash, and those of its side files.

    contents: the bytes of those that are in memory already.
    """

    def known(file: Path) -> tuple[str, int]:
        data = (contents or {}).get(file)
        return fingerprint(file) if data is None else (hashlib.sha256(data).hexdigest(), len(data))

    sha256, size = known(path)
    folder = name.rpartition("/")[0]
    beside = {f"{folder}/{p.name}".lstrip("/"): known(p)[0] for p in (sidecars or {}).values()}
    return LedgerEntry(name, survey, sha256, size, kind, sidecars=dict(sorted(beside.items())))


def settle(entry: LedgerEntry, claims: Iterable[Claim], **known: Any) -> tuple[LedgerEntry, tuple[Note, ...]]:
    """The entry with the claims written down, and one note per claim that does not hold; any such makes it fatal.

    known: further fields of the entry, learnt while reading.
    """
    claims = tuple(claims)
    wrong = [claim for claim in claims if not claim.holds]
    settled = dataclasses.replace(
        entry,
        **{
            "claimed": {**entry.claimed, **{c.what: c.claimed for c in claims}},
            "read": {**entry.read, **{c.what: c.read for c in claims}},
            **known,
            "fatal": entry.fatal or bool(wrong) or bool(known.get("fatal")),
        },
    )
    return settled, tuple(Note(c.kind, entry.path, entry.survey, slots=_slots(c)) for c in wrong)


def _slots(claim: Claim) -> dict[str, Any]:
    return {
        "what": claim.what,
        "claimed": claim.claimed,
        "read": claim.read,
        "measured": claim.read,
        "required": claim.claimed,
    }


def extent(features: gpd.GeoDataFrame) -> tuple[float, float, float, float] | None:
    """Smallest and largest coordinates (min x, min y, max x, max y); None when nothing has a place."""
    if features.empty:
        return None
    import numpy as np
    import shapely

    bounds = shapely.bounds(features["geometry"].to_numpy())
    west, south = np.fmin.reduce(bounds[:, :2]).tolist()
    east, north = np.fmax.reduce(bounds[:, 2:]).tolist()
    return (west, south, east, north) if west <= east and south <= north else None
