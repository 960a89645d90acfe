"""Input files as source layers. READERS is the whole list; every reader keeps the promises of `read`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline import ledger
from pipeline.readers import dxf, points, shapefile, vector
from pipeline.readers.frame import COLUMNS, closed, empty_source, reason, refused
from pipeline.readers.tables import Table, read_table
from pipeline.sources import Source

READERS: dict[str, Callable[..., Source]] = {
    ".dxf": dxf.read,
    ".shp": shapefile.read,
    ".gpkg": vector.read_geopackage,
    ".geojson": vector.read_geojson,
    ".json": vector.read_geojson,
    ".txt": points.read,
    ".dat": points.read,
    ".csv": points.read,
}
ADVICE = {
    ".dwg": dxf.DWG_ADVICE,
    ".mdb": "请在 ArcGIS 中导出为 shapefile 或 GeoPackage 后再交",
    ".zip": "压缩包可在 project.yaml 的 files 中直接列出；单独查看时请先解压",
}
__all__ = ["COLUMNS", "READERS", "Table", "empty_source", "read", "read_table"]


def read(
    path: Path,
    *,
    name: str,
    survey: str | None = None,
    encoding: str | None = None,
    hidden: bool = False,
    in_blocks: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Source:
    """One input file as a Source; bad data never raise, they make an empty source with `entry.fatal` and notes.

    Args: name: the path as shown, relative to the project with forward slashes; encoding: what the project states;
        hidden: also the entities of a drawing that are not seen in it (for `inspect`);
        in_blocks: also what stands inside the blocks of a drawing (for mappings that select it);
        tell: is told how far a long reading has come.
    """
    suffix = path.suffix.lower()
    reader = READERS.get(suffix)
    if not path.is_file():
        return _failed(path, "file_missing", name, survey)
    if reader is None:
        known = "、".join(READERS)
        advice = ADVICE.get(suffix, f"可读取的格式：{known}")
        return _failed(path, "unsupported_format", name, survey, suffix=suffix or "（无后缀）", advice=advice)
    if fault := closed(path):
        return _failed(path, "unreadable", name, survey, detail=fault)
    try:
        extra = {"hidden": hidden, "in_blocks": in_blocks, "tell": tell} if reader is dxf.read else {}
        return reader(path, name=name, survey=survey, encoding=encoding, **extra)
    except Exception as err:  # noqa: BLE001 — a damaged file may break a library anywhere; here it becomes a finding
        return _failed(path, "unreadable", name, survey, detail=reason(err))


def _failed(path: Path, kind: str, name: str, survey: str | None, **slots: str) -> Source:
    entry = ledger.open_entry(path, name=name, survey=survey, kind=path.suffix.lower().lstrip(".") or "unknown")
    return refused(entry, kind, **slots)
