"""DXF drawings (R12–2018, text and binary) through ezdxf, held against an independent count of their group codes.

Modelspace entities on visible layers are read; what is hidden, in paper space or of a kind not read is counted and named.
ezdxf decodes by the header, which lies: the bytes are decoded here and ezdxf is given text.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import ezdxf
from ezdxf.document import Drawing

from pipeline import ledger
from pipeline.ledger import Claim
from pipeline.model import LedgerEntry, Note, Source
from pipeline.readers import dxf_scan, encodings, frame, xdata
from pipeline.readers.dxf_entities import shape_of
from pipeline.readers.dxf_geometry import Shape
from pipeline.readers.dxf_scan import CutOffError, Scan
from pipeline.readers.dxf_text import unescape
from pipeline.readers.frame import Row, empty_source

ENGINE = f"ezdxf {ezdxf.__version__}"
UNICODE_FROM = "AC1021"  # R2007: UTF-8 whatever $DWGCODEPAGE says (domain.md §6)
DWG_MAGIC = b"AC10"
DWG_ADVICE = "DWG 不能直接读取：请在 AutoCAD 中用 SAVEAS 另存为 DXF（R2010）后再交"
BYLAYER = 256
POLYLINES = ("LWPOLYLINE", "POLYLINE")
CLOSED = "闭合多段线"  # counted in the ledger, see `_closed`
SHOWN = 20  # notes of one kind about single features; the rest is counted in one more


def read(
    path: Path, *, name: str, survey: str | None = None, encoding: str | None = None, hidden: bool = False,
) -> Source:
    """The drawing as a source. hidden: also rows of entities on layers that are off or frozen (for `inspect`).

    A drawing that is cut off, out of balance or not read whole gives an empty, fatal source.
    """
    entry = ledger.open_entry(path, name=name, survey=survey, kind="dxf")
    data = path.read_bytes()
    if not data.strip():
        return _refused(entry, "empty_file")
    if data.startswith(DWG_MAGIC):
        return _refused(entry, "unsupported_format", suffix=".dwg", advice=DWG_ADVICE)
    try:
        lines = dxf_scan.as_text_lines(data)
    except CutOffError as err:
        return _refused(entry, "truncated", claimed=err.size, read=err.read, what="二进制数据字节数")
    counted = dxf_scan.scan(lines)
    if counted.fault:
        return _refused(entry, "unreadable", detail=counted.fault)
    choice = _encoding(lines, counted, encoding)
    entry, notes = ledger.settle(
        entry, counted.claims, version=counted.version, encoding=choice.name, encoding_evidence=choice.evidence, engine=ENGINE,
    )
    if entry.fatal:
        return empty_source(entry, notes)
    text = unescape(encodings.decode(lines, choice))
    return _loaded(text, entry, counted, _encoding_notes(entry, choice), hidden=hidden)


def _refused(entry: LedgerEntry, kind: str, **slots: Any) -> Source:
    entry, _ = ledger.settle(entry, (), fatal=True, engine=ENGINE)
    return empty_source(entry, [Note(kind, entry.path, entry.survey, slots=slots)])


def _encoding(data: bytes, counted: Scan, stated: str | None) -> encodings.Choice:
    """R2007 and later is UTF-8; only if that is plainly false does the header's page count."""
    if counted.version < UNICODE_FROM:
        return encodings.decide(data, declared=counted.codepage, stated=stated)
    choice = encodings.decide(data, declared=None, stated=stated)
    if choice.encoding == "utf-8" and not choice.conflict:
        evidence = f"{counted.version} 起规定为 UTF-8（文件头的 {counted.codepage or '代码页'} 不作数）；{choice.evidence}"
        return replace(choice, evidence=evidence)
    if choice.encoding == "ascii" or stated:
        return choice
    choice = encodings.decide(data, declared=counted.codepage)
    return replace(choice, evidence=f"{counted.version} 规定为 UTF-8，字节不符；{choice.evidence}", declared="UTF-8", conflict=True)


def _encoding_notes(entry: LedgerEntry, choice: encodings.Choice) -> list[Note]:
    notes = []
    if choice.conflict:
        slots = {"declared": choice.declared or "（无）", "used": choice.name, "evidence": choice.evidence}
        notes.append(Note("encoding_conflict", entry.path, entry.survey, slots=slots))
    if choice.undecided:
        notes.append(Note("encoding_undecided", entry.path, entry.survey, slots={"evidence": choice.evidence}))
    return notes


# ---------------------------------------------------------------- entities


@dataclass(slots=True)
class _Reading:
    """What one pass over the modelspace gathers."""

    entry: LedgerEntry
    layers: dict[str, Any]
    with_hidden: bool
    rows: list[Row] = field(default_factory=list)
    remarks: list[Note] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)
    unseen: Counter[tuple[str, str]] = field(default_factory=Counter)
    handles: Counter[str] = field(default_factory=Counter)
    closed: int = 0


def _loaded(text: str, entry: LedgerEntry, counted: Scan, notes: Sequence[Note], *, hidden: bool) -> Source:
    """The drawing through ezdxf, if it gives every entity that was counted."""
    document = Drawing.read(io.StringIO(text))
    entry, wrong = ledger.settle(entry, _entity_claims(document, counted))
    if entry.fatal:
        return empty_source(entry, [*notes, *wrong])
    reading = _Reading(entry, {layer.dxf.name.lower(): layer for layer in document.layers}, hidden)
    for entity in document.modelspace():
        _take(entity, reading)
    features, attributes = frame.from_rows(reading.rows)
    found = [*notes, *_left_out(document, counted, reading), *reading.remarks, *_garbled(reading)]
    if not reading.rows:
        found.append(Note("empty_file", entry.path, entry.survey))
    read_counts = {**entry.read, CLOSED: reading.closed}
    entry, _ = ledger.settle(
        entry, (), entities=len(features), extent=ledger.extent(features), fatal=not reading.rows, read=read_counts,
    )
    return Source(entry, features, attributes, tuple(found))


def _entity_claims(document: Drawing, counted: Scan) -> Iterator[Claim]:
    """Entities by type as counted from the group codes, against those that the library holds."""
    held: Counter[str] = Counter()
    entity: Any
    for entity in document.entities:
        kind = entity.dxftype()
        held[kind] += 1
        held["VERTEX"] += len(entity.vertices) if kind == "POLYLINE" else 0
        held["ATTRIB"] += len(entity.attribs) if kind == "INSERT" else 0
    counts = counted.entities
    counts.pop("SEQEND", 0)
    yield Claim("实体总数", counts.total(), held.total())
    for kind in sorted({*counts, *+held}):
        yield Claim(f"{kind} 实体数", counts[kind], held[kind])
    for handle, claimed, found in counted.polylines:
        yield Claim(f"多段线 {handle} 的顶点数", claimed, found)


def _take(entity: Any, reading: _Reading) -> None:
    """One modelspace entity: a row, or a count of what is not read and why."""
    layer_name = entity.dxf.get("layer", "0")
    layer = reading.layers.get(layer_name.lower())
    reason = _invisible(entity, layer)
    if reason:
        reading.unseen[(layer_name, reason)] += 1
        if not reading.with_hidden:
            return
    shape = shape_of(entity)
    if shape is None:
        reading.unread[entity.dxftype()] += 0 if reason else 1
        return
    reading.closed += _closed(entity, shape)
    handle = str(entity.dxf.handle or "")
    reading.handles[handle] += 1
    if reading.handles[handle] > 1:
        slots = {"field": "handle", "value": handle, "wanted": "图内唯一的句柄"}
        reading.remarks.append(_note(reading.entry, "bad_value", layer_name, handle, shape.geometry, slots))
        handle = f"{handle}#{reading.handles[handle]}"
    data = xdata.of(entity)
    colour, linetype = _looks(entity, layer)
    reading.rows.append(Row(
        layer_name, entity.dxftype(), handle, shape.geometry, shape.closed, xdata.cass_code(data), shape.text, shape.block,
        colour, linetype, data, shape.curve, shape.attributes,
    ))
    reading.remarks += [
        _note(reading.entry, remark.kind, layer_name, handle, remark.place, remark.slots) for remark in shape.remarks
    ]


def _closed(entity: Any, shape: Shape) -> bool:
    """Whether an entity is a closed polyline: by flag or repeated end; a spatial one, often an exploded curve, by flag."""
    spatial = entity.dxftype() == "POLYLINE" and not entity.is_2d_polyline
    return entity.dxftype() in POLYLINES and (bool(entity.is_closed) if spatial else shape.closed)


def _invisible(entity: Any, layer: Any) -> str | None:
    """Why an entity is not seen in the drawing; None when it is."""
    if entity.dxf.get("invisible", 0):
        return "不可见"
    if layer is None:
        return None
    return "图层冻结" if layer.is_frozen() else "图层关闭" if layer.is_off() else None


def _looks(entity: Any, layer: Any) -> tuple[int | None, str | None]:
    """Colour and line type as seen: those of the layer when the entity leaves it to the layer."""
    colour, linetype = entity.dxf.get("color", BYLAYER), entity.dxf.get("linetype", "BYLAYER")
    if layer is not None:
        colour = abs(layer.dxf.color) if colour == BYLAYER else colour
        linetype = layer.dxf.linetype if linetype.upper() == "BYLAYER" else linetype
    return None if colour in (0, BYLAYER) else int(colour), str(linetype)


# ---------------------------------------------------------------- notes


def _left_out(document: Drawing, counted: Scan, reading: _Reading) -> Iterator[Note]:
    """Everything in the drawing that is not in the frame, counted and named."""
    entry = reading.entry
    for (layer, reason), count in sorted(reading.unseen.items()):
        slots = {"what": f"{reason}上的实体" if reason != "不可见" else "不可见的实体", "count": count, "reason": "hidden"}
        yield Note("not_read", entry.path, entry.survey, layer, slots=slots)
    for kind, count in sorted(reading.unread.items()):
        slots = {"what": f"{kind} 实体", "count": count, "reason": "unsupported", "entity": kind}
        if count:
            yield Note("not_read", entry.path, entry.survey, slots=slots)
    for layout in document.layouts:
        count = sum(e.dxftype() != "VIEWPORT" for e in layout) if layout.name != "Model" else 0
        if count:
            slots = {"what": f"图纸空间“{layout.name}”中的实体", "count": count, "reason": "paper"}
            yield Note("not_read", entry.path, entry.survey, slots=slots)
    if counted.repeated_apps:
        slots = {"what": "同一实体上重复的扩展数据应用名（只保留最后一组）", "count": counted.repeated_apps, "reason": "xdata"}
        yield Note("not_read", entry.path, entry.survey, slots=slots)


def _garbled(reading: _Reading) -> Iterator[Note]:
    """Layer names, texts and block attributes that are visibly in the wrong encoding."""
    entry = reading.entry
    for layer in dict.fromkeys(row.layer for row in reading.rows):
        if encodings.garbled(layer):
            yield Note("mojibake", entry.path, entry.survey, layer, slots={"text": layer, "count": 1})
    wrong = [
        (row, text) for row in reading.rows for text in (row.text, *(row.attributes or {}).values())
        if text and encodings.garbled(text)
    ]
    for row, text in wrong[:SHOWN]:
        yield _note(entry, "mojibake", row.layer, row.handle, row.geometry, {"text": text, "count": 1})
    if len(wrong) > SHOWN:
        rest = len(wrong) - SHOWN
        yield Note("mojibake", entry.path, entry.survey, slots={"text": f"另有 {rest} 处", "count": rest})


def _note(entry: LedgerEntry, kind: str, layer: str, handle: str, place: Any, slots: Any) -> Note:
    return Note(kind, entry.path, entry.survey, layer, handle, place, slots)
