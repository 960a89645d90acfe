"""One pass over the modelspace of a drawing: a row per entity that is seen and read, a count of every other."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

from pipeline.readers import encodings, xdata
from pipeline.readers.dxf_blocks import Contents, Piece
from pipeline.readers.dxf_entities import shape_of
from pipeline.readers.dxf_geometry import Shape
from pipeline.readers.frame import Row, from_rows
from pipeline.sources import LedgerEntry, Note

BYLAYER, BYBLOCK = 256, 0
POLYLINES = ("LWPOLYLINE", "POLYLINE")
SHOWN = 20  # notes of one kind about single features; the rest is counted in one more


@dataclass(slots=True)
class Modelspace:
    """What the pass gathers. layers: the layer table by lower-case name; with_hidden: unseen entities get rows, too.

    contents: follows inserts into their blocks, which makes further rows.
    """

    entry: LedgerEntry
    layers: Mapping[str, Any]
    with_hidden: bool = False
    contents: Contents | None = None
    rows: list[Row] = field(default_factory=list)
    remarks: list[Note] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)
    unseen: Counter[tuple[str, str]] = field(default_factory=Counter)
    handles: Counter[str] = field(default_factory=Counter)
    inserted: Counter[str] = field(default_factory=Counter)
    closed: int = 0
    extended: dict[tuple[Any, ...], xdata.XData] = field(default_factory=dict)

    def take(self, entity: Any) -> None:
        """One entity: a row, or a count of what is not read and why."""
        layer_name = sys.intern(entity.dxf.get("layer", "0"))
        layer = self.layers.get(layer_name.lower())
        reason = unseen_because(entity, layer)
        if reason:
            self.unseen[(layer_name, reason)] += 1
            if not self.with_hidden:
                return
        shape = shape_of(entity)
        if shape is None:
            self.unread[entity.dxftype()] += 1
            return
        self.closed += _is_closed_polyline(entity, shape)
        handle = self._unique(str(entity.dxf.handle or ""), layer_name, shape)
        self.rows.append(_row(entity, shape, layer_name, layer, handle, self._shared(entity)))
        self.remarks += [
            _note(self.entry, remark.kind, layer_name, handle, remark.place, remark.slots) for remark in shape.remarks
        ]
        if entity.dxftype() == "INSERT":
            self._look_inside(entity, layer_name, handle, seen=reason is None)

    def _look_inside(self, insert: Any, layer_name: str, handle: str, *, seen: bool) -> None:
        self.inserted[str(insert.dxf.name)] += 1
        if self.contents is None or not seen:
            return
        for piece in self.contents.of(insert, layer=layer_name, handle=handle):
            self.rows.append(_piece(piece, self.layers, self._shared(piece.entity)))
            self.remarks += [
                _note(self.entry, remark.kind, piece.layer, piece.handle, remark.place, remark.slots)
                for remark in piece.shape.remarks
            ]

    def _shared(self, entity: Any) -> xdata.XData | None:
        """The extended data of an entity; entities that have the same share it."""
        data = xdata.of(entity)
        return None if data is None else self.extended.setdefault(tuple(data.items()), data)

    def left_out(self) -> Iterator[Note]:
        """Entities of the modelspace that are not in the rows, or only there because hidden ones were asked for."""
        path, survey = self.entry.path, self.entry.survey
        for (layer, reason), count in sorted(self.unseen.items()):
            slots = {"what": f"{reason}的实体", "count": count, "reason": "hidden"}
            yield Note("not_read", path, survey, layer, slots=slots)
        for kind, count in sorted(self.unread.items()):
            slots = {"what": f"{kind} 实体", "count": count, "reason": "unsupported", "entity": kind}
            yield Note("not_read", path, survey, slots=slots)
        for what, count in sorted(self.contents.unread.items()) if self.contents else ():
            yield Note("not_read", path, survey, slots={"what": f"{what}图形", "count": count, "reason": "block"})

    def frames(self) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
        """The rows as features and attributes."""
        return from_rows(self.rows)

    def garbled(self) -> Iterator[Note]:
        """Layer names, texts and block attributes that are visibly in the wrong encoding."""
        path, survey = self.entry.path, self.entry.survey
        for layer in dict.fromkeys(row.layer for row in self.rows):
            if encodings.garbled(layer):
                yield Note("mojibake", path, survey, layer, slots={"text": layer, "count": 1})
        wrong = [
            (row, text)
            for row in self.rows
            for text in (row.text, *(row.attributes or {}).values())
            if text and encodings.garbled(text)
        ]
        for row, text in wrong[:SHOWN]:
            yield _note(self.entry, "mojibake", row.layer, row.handle, row.geometry, {"text": text, "count": 1})
        if len(wrong) > SHOWN:
            rest = len(wrong) - SHOWN
            yield Note("mojibake", path, survey, slots={"text": f"另有 {rest} 处", "count": rest})

    def _unique(self, handle: str, layer: str, shape: Shape) -> str:
        """The handle, numbered and remarked on when the drawing uses it twice."""
        self.handles[handle] += 1
        if self.handles[handle] == 1:
            return handle
        own = f"{handle}#{self.handles[handle]}"
        self.remarks.append(_note(self.entry, "duplicate_handle", layer, own, shape.geometry, {"value": handle}))
        return own


def visible(layers: Mapping[str, Any], entity: Any, layer_name: str) -> bool:
    """Whether an entity is seen on the layer it comes to lie on."""
    return unseen_because(entity, layers.get(layer_name.lower())) is None


def _piece(piece: Piece, layers: Mapping[str, Any], data: xdata.XData | None) -> Row:
    """A row of an entity inside a block; what it leaves to the block looks like the insert."""
    row = _row(piece.entity, piece.shape, piece.layer, layers.get(piece.layer.lower()), piece.handle, data)
    row.inside = piece.block
    if piece.entity.dxf.get("color", BYLAYER) == BYBLOCK:
        row.colour = looks(piece.insert, layers.get(piece.layer.lower()))[0]
    if piece.entity.dxf.get("linetype", "BYLAYER").upper() == "BYBLOCK":
        row.linetype = looks(piece.insert, layers.get(piece.layer.lower()))[1]
    return row


def _row(entity: Any, shape: Shape, layer_name: str, layer: Any, handle: str, data: xdata.XData | None) -> Row:
    colour, linetype = looks(entity, layer)
    return Row(
        layer=layer_name,
        entity=entity.dxftype(),
        handle=handle,
        geometry=shape.geometry,
        closed=shape.closed,
        code=xdata.cass_code(data),
        text=shape.text,
        block=shape.block,
        colour=colour,
        linetype=linetype,
        xdata=data,
        curve=shape.curve,
        attributes=shape.attributes,
    )


def _is_closed_polyline(entity: Any, shape: Shape) -> bool:
    """By flag or repeated end; a spatial polyline, often an exploded curve, only by flag."""
    if entity.dxftype() not in POLYLINES:
        return False
    spatial = entity.dxftype() == "POLYLINE" and not entity.is_2d_polyline
    return bool(entity.is_closed) if spatial else shape.closed


def unseen_because(entity: Any, layer: Any) -> str | None:
    """Why an entity is not seen in the drawing; None when it is."""
    if entity.dxf.get("invisible", 0):
        return "设为不可见"
    if layer is None:
        return None
    return "图层冻结" if layer.is_frozen() else "图层关闭" if layer.is_off() else None


def looks(entity: Any, layer: Any) -> tuple[int | None, str | None]:
    """Colour and line type as seen: those of the layer when the entity leaves it to the layer."""
    colour, linetype = entity.dxf.get("color", BYLAYER), entity.dxf.get("linetype", "BYLAYER")
    if layer is not None:
        colour = abs(layer.dxf.color) if colour == BYLAYER else colour
        linetype = layer.dxf.linetype if linetype.upper() == "BYLAYER" else linetype
    return None if colour in (0, BYLAYER) else int(colour), sys.intern(str(linetype))


def _note(entry: LedgerEntry, kind: str, layer: str, handle: str, place: Any, slots: Mapping[str, Any]) -> Note:
    return Note(kind, entry.path, entry.survey, layer, handle, place, slots)
