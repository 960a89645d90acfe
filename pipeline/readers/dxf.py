"""DXF drawings (R12–2018, text and binary) through ezdxf, held against an independent count of their group codes.

Modelspace entities on visible layers are read; what is hidden, in paper space or of a kind not read is counted and named.
ezdxf decodes by the header, which lies: the bytes are decoded here and ezdxf is given text, a slice of entities at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import ezdxf
import geopandas as gpd
import pandas as pd
from ezdxf.document import Drawing

from pipeline import ledger, rings
from pipeline.ledger import Claim
from pipeline.readers import dxf_blocks, dxf_fast, dxf_scan, dxf_slices, encodings
from pipeline.readers.dxf_binary import CutOffError
from pipeline.readers.dxf_modelspace import Modelspace, visible
from pipeline.readers.dxf_scan import Scan
from pipeline.readers.dxf_text import unescape
from pipeline.readers.frame import empty_source, refused
from pipeline.sources import LedgerEntry, Note, Source

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
    tell: Callable[[str], None] = lambda _: None,
    engine: dxf_fast.Engine = "auto",
) -> Source:
    """The drawing as a source.

    hidden: also rows of entities on layers that are off or frozen, and what blocks hold as notes (for `inspect`).
    in_blocks: also rows of what stands inside blocks, where the inserts place it. tell: is told how far it has come.
    engine: large drawings are read fast where they can be; "fast" asks for it at any size, "ezdxf" forbids it.
    A drawing that is cut off, out of balance or not read whole gives an empty, fatal source.
    """
    entry = ledger.open_entry(path, name=name, survey=survey, kind="dxf")
    wanted = partial(_read, entry, encoding=encoding, hidden=hidden, in_blocks=in_blocks, tell=tell)
    found = dxf_fast.read(path, wanted, size=entry.size, engine=engine, stated=encoding, in_blocks=in_blocks)
    if isinstance(found, Source):
        return found
    return wanted(path.read_bytes(), engine=f"{ENGINE}（快速读取未采用：{found}）" if found else ENGINE)


def _read(
    entry: LedgerEntry,
    data: bytes,
    *,
    engine: str,
    encoding: str | None,
    hidden: bool,
    in_blocks: bool,
    tell: Callable[[str], None],
    bulk: dxf_fast.Bulk | None = None,
) -> Source:
    """The drawing given as bytes; bulk: entities that were read of it before, fast, and are not in the bytes."""
    if not data.strip():
        return refused(entry, "empty_file")
    if data.startswith(DWG_MAGIC):
        return refused(entry, "unsupported_format", suffix=".dwg", advice=DWG_ADVICE)
    try:
        data = dxf_scan.as_text_lines(data)
    except CutOffError as err:
        return refused(entry, "truncated", claimed=err.size, read=err.read, what="二进制数据字节数")
    counted = dxf_scan.scan(data)
    if counted.fault:
        return refused(entry, "unreadable", detail=counted.fault)
    if bulk:
        bulk.count(counted)
    choice = _encoding(data, counted, encoding, bulk.pools.high if bulk else encodings.NO_LINES)
    entry, notes = ledger.settle(
        entry,
        counted.claims,
        version=counted.version,
        encoding=choice.name,
        encoding_evidence=choice.evidence,
        engine=engine,
    )
    if entry.fatal:
        return empty_source(entry, notes)
    slices = dxf_slices.Slices(data, counted.body, lambda raw: unescape(encodings.decode(raw, choice)))
    del data  # the slices let go of it when they are read
    loading = _Loading(entry, counted, slices, hidden, in_blocks, tell, bulk)
    return _loaded(loading, _encoding_notes(entry, choice))


def _encoding(data: bytes, counted: Scan, stated: str | None, more: Mapping[bytes, int]) -> encodings.Choice:
    """R2007 and later is UTF-8; only if that is plainly false does the header's page count."""
    if counted.version < UNICODE_FROM:
        return encodings.decide(data, declared=counted.codepage, stated=stated, more=more)
    choice = encodings.decide(data, declared=None, stated=stated, more=more)
    if choice.encoding == "utf-8" and not choice.conflict:
        evidence = (
            f"{counted.version} 起规定为 UTF-8（文件头的 {counted.codepage or '代码页'} 不作数）；{choice.evidence}"
        )
        return replace(choice, evidence=evidence)
    if choice.encoding == "ascii" or stated:
        return choice
    choice = encodings.decide(data, declared=counted.codepage, more=more)
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


@dataclass(slots=True)
class _Loading:
    """One drawing on its way: what was counted, where its text comes from, what is wanted of it."""

    entry: LedgerEntry
    counted: Scan
    slices: dxf_slices.Slices
    hidden: bool
    in_blocks: bool
    tell: Callable[[str], None]
    bulk: dxf_fast.Bulk | None  # entities that were read before, fast
    held: Counter[str] = field(default_factory=Counter)  # entities that the library gave, by type
    paper: Counter[str] = field(default_factory=Counter)  # of them those in paper space, by layout


def _loaded(loading: _Loading, notes: Sequence[Note]) -> Source:
    """The drawing through ezdxf, if it gives every entity that was counted."""
    document = loading.slices.document()
    layers = {layer.dxf.name.lower(): layer for layer in document.layers}
    contents = dxf_blocks.Contents(document.blocks, partial(visible, layers)) if loading.in_blocks else None
    reading = Modelspace(loading.entry, layers, loading.hidden, contents)
    paper = document.layouts.active_layout().name
    joining = dxf_fast.Joining(loading.bulk, reading, loading.slices, loading.held) if loading.bulk else None
    for entity, on_paper in loading.slices.entities(document, loading.tell):
        loading.held.update(_parts(entity))
        if on_paper:
            loading.paper[paper] += entity.dxftype() != "VIEWPORT"
        else:
            reading.take(entity)
        if joining:
            joining.passed()
    entry, wrong = ledger.settle(loading.entry, _entity_claims(loading))
    if entry.fatal:
        return empty_source(entry, [*notes, *wrong])
    rows = joining.joined(document) if joining else reading
    found = [*notes, *reading.left_out(), *_elsewhere(document, loading), *reading.remarks, *rows.garbled()]
    found += _blocks(document, reading, told=loading.hidden)
    return _finished(rows.frames(), reading, entry, found)


def _parts(entity: Any) -> dict[str, int]:
    """An entity and those that belong to it, by type."""
    kind = entity.dxftype()
    if kind == "POLYLINE":
        return {kind: 1, "VERTEX": len(entity.vertices)}
    return {kind: 1, "ATTRIB": len(entity.attribs)} if kind == "INSERT" else {kind: 1}


def _finished(
    frames: tuple[gpd.GeoDataFrame, pd.DataFrame], reading: Modelspace, entry: LedgerEntry, notes: list[Note]
) -> Source:
    """The rows as a source; the ledger counts those of the modelspace."""
    features, attributes = frames
    reading.rows.clear()
    open_ones = {note.handle for note in notes if note.kind == "ring_open" and note.handle}
    if open_ones:
        met = rings.going_on(features, among=open_ones)
        notes = [note for note in notes if note.kind != "ring_open" or note.handle not in met]
    if features.empty:
        notes.append(Note("empty_file", entry.path, entry.survey))
    own = features[features["inside"].isna()]
    read_counts = {**entry.read, CLOSED: reading.closed}
    entry, _ = ledger.settle(
        entry, (), entities=len(own), extent=ledger.extent(own), fatal=features.empty, read=read_counts
    )
    return Source(entry, features, attributes, tuple(notes))


def _blocks(document: Drawing, reading: Modelspace, *, told: bool) -> list[Note]:
    """Blocks that hold themselves; with `told`, what each block in use holds."""
    remarks = list(dxf_blocks.faults(document.blocks, reading.inserted))
    if told:
        remarks += dxf_blocks.held(document.blocks, reading.inserted)
    return [Note(r.kind, reading.entry.path, reading.entry.survey, slots=r.slots) for r in remarks]


def _entity_claims(loading: _Loading) -> Iterator[Claim]:
    """Entities by type as counted from the group codes, against those that the library held."""
    counts, held = loading.counted.entities, loading.held
    counts.pop("SEQEND", 0)
    yield Claim("实体总数", counts.total(), held.total())
    for kind in sorted({*counts, *+held}):
        yield Claim(f"{kind} 实体数", counts[kind], held[kind])
    for handle, claimed, found in loading.counted.polylines:
        yield Claim(f"多段线 {handle} 的顶点数", claimed, found)


def _elsewhere(document: Drawing, loading: _Loading) -> Iterator[Note]:
    """What is outside the modelspace, or lost by the library, counted."""
    entry, counted = loading.entry, loading.counted
    for layout in document.layouts:
        if layout.name == "Model":
            continue
        count = loading.paper[layout.name] + sum(e.dxftype() != "VIEWPORT" for e in layout)
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
