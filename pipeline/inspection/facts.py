"""What is in one input file, without any project: the data behind `duoce inspect`."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from pipeline import crs, frames, readers
from pipeline.errors import InputError
from pipeline.inspection.outlines import outlines
from pipeline.readers import dxf, tables
from pipeline.readers.schema import declared_fields
from pipeline.sources import LedgerEntry, Note, Source
from pipeline.standard import SCHEMAS, RuleSpec, load_profile, load_standard

PROFILE = "national"
INTAKE = "project"  # the standard that holds the sentences of notes
UNTOLD = frozenset({"measured", "required", "unit", "reason", "entity"})  # slots that repeat what is said
#: what a note is called when the standard has no sentence for it
KINDS = {
    "file_missing": "文件不存在",
    "unreadable": "无法读取",
    "unsupported_format": "格式不支持",
    "truncated": "文件不完整",
    "count_mismatch": "计数不符",
    "empty_file": "没有内容",
    "missing_sidecar": "缺少附属文件",
    "encoding_undecided": "编码不能确定",
    "encoding_conflict": "编码与声明不符",
    "mojibake": "乱码",
    "ring_open": "环未闭合",
    "ring_closed": "首尾相距不足 1 毫米，已闭合",
    "degenerate": "退化图形",
    "null_geometry": "空几何",
    "not_read": "未读取",
    "bad_value": "值有误",
    "crs_undeclared": "文件没有声明坐标系",
    "not_finite": "坐标无效",
    "block_content": "图块内的图形",
}
#: sentences of what only an inspection tells
SENTENCES = {
    "block_content": "图块“{block}”（插入 {count} 处）内有 {what}；映射的 select 写明 in_blocks: true 才作为要素"
}
DECLARING = frozenset({"shapefile", "geopackage", "geojson"})  # formats whose fields have types and widths


def inspect_file(path: Path) -> dict[str, Any]:
    """Everything `duoce inspect FILE --json` tells of a drawing, GIS table or plain table; never raises for bad data.

    Keys: path, format, version, sha256, encoding, encoding_evidence, crs, extent, entities, closed_polylines, layers,
    outlines, xdata_apps, cass_codes, features, geometry_types, fields, findings. What a format does not have is null or
    empty. Reads here and now; `reading.reports` does it in a worker.
    """
    name = path.as_posix()
    if path.suffix.lower() in tables.TABLES and path.suffix.lower() not in readers.READERS:
        return facts(readers.read_table(path, name=name), path, name)
    return facts(readers.read(path, name=name, hidden=True), path, name)


def facts(found: Source | readers.Table, path: Path, name: str) -> dict[str, Any]:
    """The same of a file that has been read, hidden entities included."""
    del name  # it stands in the entry
    if isinstance(found, readers.Table):
        return _table(found)
    entry, features = found.entry, found.features[found.features["inside"].isna()]
    is_drawing = entry.format == "dxf"
    notes = [*found.notes, *_crs_note(found)]
    overlap_m2 = load_profile(PROFILE).numbers["intake.overlap_m2"].at(0) or 0.0
    return _report(
        entry,
        crs=_described(entry.crs),
        entities=_sorted(Counter(features["entity"]) + _unread(notes)),
        closed_polylines=entry.read.get(dxf.CLOSED, 0) if is_drawing else None,
        layers={str(layer): _counts(rows["entity"]) for layer, rows in features.groupby("layer", sort=True)},
        outlines=outlines(features, overlap_m2=overlap_m2),
        xdata_apps=_sorted(Counter(app for xdata in features["xdata"] if xdata for app in xdata)),
        cass_codes=_counts(features["code"].dropna()),
        features=len(features),
        geometry_types=_counts(
            shape.geom_type if shape is not None else frames.NO_SHAPE for shape in features["geometry"]
        ),
        fields=_declared(path, found) if entry.format in DECLARING else _names_only(found),
        findings=[_finding(note) for note in notes],
    )


def _report(entry: LedgerEntry, **found: Any) -> dict[str, Any]:
    return {
        "path": entry.path,
        "format": entry.format,
        "version": entry.version,
        "sha256": entry.sha256,
        "encoding": entry.encoding,
        "encoding_evidence": entry.encoding_evidence,
        "crs": found.pop("crs", None),
        "extent": list(entry.extent) if entry.extent else None,
        **found,
    }


def _table(table: readers.Table) -> dict[str, Any]:
    """A permit table or a list of points."""
    words = dict.fromkeys(word for row in table.rows for word in row if not word.startswith("_"))
    return _report(
        table.entry,
        entities={},
        closed_polylines=None,
        layers={},
        outlines={},
        xdata_apps={},
        cass_codes={},
        features=len(table.rows),
        geometry_types={},
        fields=[{"name": word, "type": "text", "width": None, "decimals": None} for word in words],
        findings=[_finding(note) for note in table.notes],
    )


def _counts(values: Iterable[Any]) -> dict[str, int]:
    return _sorted(Counter(str(value) for value in values))


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: int(counts[name]) for name in sorted(counts)}


def _unread(notes: Sequence[Note]) -> Counter[str]:
    """Entities of kinds that are not read are in the file, too."""
    return Counter(
        {str(n.slots["entity"]): int(n.slots["count"]) for n in notes if n.kind == "not_read" and "entity" in n.slots}
    )


def _described(definition: str | None) -> str | None:
    try:
        return crs.describe(definition) if definition else None
    except InputError as err:
        return str(err)


def _crs_note(source: Source) -> list[Note]:
    """What the numbers look like where the file itself does not say its CRS."""
    entry = source.entry
    if entry.crs or entry.fatal or entry.extent is None:
        return []
    return [Note("crs_undeclared", entry.path, slots={"looks_like": crs.guess(entry.extent)})]


def _names_only(source: Source) -> list[dict[str, Any]]:
    """Fields whose width nobody declares: tags of block attributes, columns."""
    return [{"name": str(tag), "type": "text", "width": None, "decimals": None} for tag in source.attributes.columns]


def _declared(path: Path, source: Source) -> list[dict[str, Any]]:
    """Fields of the first layer as declared; only their names where the file does not open as it is."""
    fields = declared_fields(path, encoding=source.entry.encoding)
    return [asdict(field) for field in fields] if fields else _names_only(source)


# ---------------------------------------------------------------- findings


def _finding(note: Note) -> dict[str, Any]:
    rule = _rules().get(note.kind)
    return {
        "kind": note.kind,
        "rule": rule.id if rule else None,
        "severity": rule.severity if rule else "info",
        "message": _message(note, rule.message if rule else SENTENCES.get(note.kind)),
        "layer": note.layer,
        "handle": note.handle,
        "place": shapely.to_wkt(note.place, rounding_precision=4) if note.place is not None else None,
        "slots": {key: value.item() if isinstance(value, np.generic) else value for key, value in note.slots.items()},
    }


class _Lenient(string.Formatter):
    """Formats a sentence of the standard; a slot that the note lacks is left out."""

    def get_value(self, key: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return kwargs.get(key, "") if isinstance(key, str) else super().get_value(key, args, kwargs)


def _message(note: Note, template: str | None) -> str:
    """The sentence that the standard has for the kind, else the kind and its slots."""
    words = {
        **note.slots,
        "file": note.file,
        "layer": note.layer or "",
        "handle": note.handle or "",
        "id": note.handle or "",
    }
    if template:
        try:
            return _Lenient().vformat(template, (), words)
        except (ValueError, TypeError):  # a number format on a slot that is not there
            pass
    values = "，".join(str(v) for k, v in note.slots.items() if k not in UNTOLD)
    return f"{KINDS.get(note.kind, note.kind)}：{values}" if values else KINDS.get(note.kind, note.kind)


@cache
def _rules() -> dict[str, RuleSpec]:
    """The intake rule of each kind of note."""
    rules = load_standard(SCHEMAS / INTAKE).rules
    return {str(rule.params["kind"]): rule for rule in rules if rule.check == "noted" and "kind" in rule.params}
