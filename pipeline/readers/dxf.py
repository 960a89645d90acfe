"""DXF drawings (R12–2018, text and binary) through ezdxf, held against an independent count of their group codes.

Modelspace entities on visible layers are read; what is hidden, in paper space or of a kind not read is counted and named.
ezdxf decodes by the header, which lies: the bytes are decoded here and ezdxf is given text.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import ezdxf
from ezdxf.document import Drawing

from pipeline import ledger, rings
from pipeline.ledger import Claim
from pipeline.model import LedgerEntry, Note, Source
from pipeline.readers import dxf_blocks, dxf_scan, encodings, frame
from pipeline.readers.dxf_modelspace import Modelspace, visible
from pipeline.readers.dxf_scan import CutOffError, Scan
from pipeline.readers.dxf_text import unescape
from pipeline.readers.frame import empty_source, refused

ENGINE = f"ezdxf {ezdxf.__version__}"
UNICODE_FROM = "AC1021"  # R2007: UTF-8 whatever $DWGCODEPAGE says
DWG_MAGIC = b"AC10"
DWG_ADVICE = "DWG 不能直接读取：请在 AutoCAD 中用 SAVEAS 另存为 DXF（R2010）后再交"
CLOSED = "闭合多段线"  # counted in the ledger, see `dxf_modelspace`


def read(
    path: Path,
    *,
    name: str,
    survey: str | None = None,
    encoding: str | None = None,
    hidden: bool = False,
    in_blocks: bool = False,
) -> Source:
    """The drawing as a source.

    hidden: also rows of entities on layers that are off or frozen, and what blocks hold as notes (for `inspect`).
    in_blocks: also rows of what stands inside blocks, where the inserts place it.
    A drawing that is cut off, out of balance or not read whole gives an empty, fatal source.
    """
    entry = ledger.open_entry(path, name=name, survey=survey, kind="dxf")
    data = path.read_bytes()
    if not data.strip():
        return refused(entry, "empty_file")
    if data.startswith(DWG_MAGIC):
        return refused(entry, "unsupported_format", suffix=".dwg", advice=DWG_ADVICE)
    try:
        lines = dxf_scan.as_text_lines(data)
    except CutOffError as err:
        return refused(entry, "truncated", claimed=err.size, read=err.read, what="二进制数据字节数")
    counted = dxf_scan.scan(lines)
    if counted.fault:
        return refused(entry, "unreadable", detail=counted.fault)
    choice = _encoding(lines, counted, encoding)
    entry, notes = ledger.settle(
        entry,
        counted.claims,
        version=counted.version,
        encoding=choice.name,
        encoding_evidence=choice.evidence,
        engine=ENGINE,
    )
    if entry.fatal:
        return empty_source(entry, notes)
    text = unescape(encodings.decode(lines, choice))
    return _loaded(text, entry, counted, _encoding_notes(entry, choice), hidden=hidden, in_blocks=in_blocks)


def _encoding(data: bytes, counted: Scan, stated: str | None) -> encodings.Choice:
    """R2007 and later is UTF-8; only if that is plainly false does the header's page count."""
    if counted.version < UNICODE_FROM:
        return encodings.decide(data, declared=counted.codepage, stated=stated)
    choice = encodings.decide(data, declared=None, stated=stated)
    if choice.encoding == "utf-8" and not choice.conflict:
        evidence = (
            f"{counted.version} 起规定为 UTF-8（文件头的 {counted.codepage or '代码页'} 不作数）；{choice.evidence}"
        )
        return replace(choice, evidence=evidence)
    if choice.encoding == "ascii" or stated:
        return choice
    choice = encodings.decide(data, declared=counted.codepage)
    return replace(
        choice, evidence=f"{counted.version} 规定为 UTF-8，字节不符；{choice.evidence}", declared="UTF-8", conflict=True
    )


def _encoding_notes(entry: LedgerEntry, choice: encodings.Choice) -> list[Note]:
    notes = []
    if choice.conflict:
        slots = {"declared": choice.declared or "（无）", "used": choice.name, "evidence": choice.evidence}
        notes.append(Note("encoding_conflict", entry.path, entry.survey, slots=slots))
    if choice.undecided:
        notes.append(Note("encoding_undecided", entry.path, entry.survey, slots={"evidence": choice.evidence}))
    return notes


def _loaded(
    text: str, entry: LedgerEntry, counted: Scan, notes: Sequence[Note], *, hidden: bool, in_blocks: bool
) -> Source:
    """The drawing through ezdxf, if it gives every entity that was counted."""
    document = Drawing.read(io.StringIO(text))
    entry, wrong = ledger.settle(entry, _entity_claims(document, counted))
    if entry.fatal:
        return empty_source(entry, [*notes, *wrong])
    layers = {layer.dxf.name.lower(): layer for layer in document.layers}
    contents = dxf_blocks.Contents(document.blocks, partial(visible, layers)) if in_blocks else None
    reading = Modelspace(entry, layers, hidden, contents)
    for entity in document.modelspace():
        reading.take(entity)
    found = [*notes, *reading.left_out(), *_elsewhere(document, counted, entry), *reading.remarks, *reading.garbled()]
    found += _blocks(document, reading, told=hidden)
    return _finished(reading, entry, found)


def _finished(reading: Modelspace, entry: LedgerEntry, notes: list[Note]) -> Source:
    """The rows as a source; the ledger counts those of the modelspace."""
    features, attributes = frame.from_rows(reading.rows)
    if any(note.kind == "ring_open" for note in notes):
        met = rings.going_on(features)
        notes = [note for note in notes if note.kind != "ring_open" or note.handle not in met]
    if not reading.rows:
        notes.append(Note("empty_file", entry.path, entry.survey))
    own = features[features["inside"].isna()]
    read_counts = {**entry.read, CLOSED: reading.closed}
    entry, _ = ledger.settle(
        entry, (), entities=len(own), extent=ledger.extent(own), fatal=not reading.rows, read=read_counts
    )
    return Source(entry, features, attributes, tuple(notes))


def _blocks(document: Drawing, reading: Modelspace, *, told: bool) -> list[Note]:
    """Blocks that hold themselves; with `told`, what each block in use holds."""
    remarks = list(dxf_blocks.faults(document.blocks, reading.inserted))
    if told:
        remarks += dxf_blocks.held(document.blocks, reading.inserted)
    return [Note(r.kind, reading.entry.path, reading.entry.survey, slots=r.slots) for r in remarks]


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


def _elsewhere(document: Drawing, counted: Scan, entry: LedgerEntry) -> Iterator[Note]:
    """What is outside the modelspace, or lost by the library, counted."""
    for layout in document.layouts:
        count = sum(e.dxftype() != "VIEWPORT" for e in layout) if layout.name != "Model" else 0
        if count:
            slots = {"what": f"图纸空间“{layout.name}”中的实体", "count": count, "reason": "paper"}
            yield Note("not_read", entry.path, entry.survey, slots=slots)
    if counted.repeated_apps:
        slots = {
            "what": "同一实体上重复的扩展数据应用名（只保留最后一组）",
            "count": counted.repeated_apps,
            "reason": "xdata",
        }
        yield Note("not_read", entry.path, entry.survey, slots=slots)
