"""The rows read fast and those that ezdxf read, as one frame in the order of the drawing.

The reference walks through what was left to it; `Joining` follows and keeps which place each of its rows has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from ezdxf.document import Drawing

from pipeline.readers import encodings, frame
from pipeline.readers.dxf_fast import columns as made
from pipeline.readers.dxf_fast.bulk import Bulk, taken
from pipeline.readers.dxf_fast.columns import Decode
from pipeline.readers.dxf_fast.refuse import HandOverError
from pipeline.readers.dxf_fast.tables import Kind
from pipeline.readers.dxf_fast.tokens import Ints
from pipeline.readers.dxf_modelspace import Modelspace
from pipeline.readers.dxf_slices import Slices
from pipeline.readers.frame import Row
from pipeline.sources import Note


@dataclass(slots=True)
class Joined:
    """Everything of one drawing by columns; order: place in the drawing of each row, shown: which rows are taken."""

    reading: Modelspace
    columns: dict[str, np.ndarray[Any, Any]]
    order: Ints
    attributes: dict[str, tuple[Ints, list[str]]]
    slow_orders: Sequence[int]

    @property
    def count(self) -> int:
        """Rows of both ways."""
        return len(self.order) + len(self.reading.rows)

    def places(self) -> tuple[Ints, Ints]:
        """Where the fast and the slow rows come to stand."""
        order = np.concatenate([self.order, np.asarray(self.slow_orders, dtype=np.int64)])
        rank = np.empty(len(order), dtype=np.int64)
        rank[np.argsort(order, kind="stable")] = np.arange(len(order))
        return rank[: len(self.order)], rank[len(self.order) :]

    def frames(self) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
        """Features and attributes, as `frame.from_rows` gives them."""
        fast, slow = self.places()
        rows = self.reading.rows
        columns: dict[str, Any] = {}
        for name in frame.COLUMNS:
            values = np.zeros(self.count, dtype=bool) if name == "closed" else np.full(self.count, None, dtype=object)
            if name in self.columns:
                values[fast] = self.columns.pop(name)
            if rows:
                values[slow] = frame.column(getattr(row, name) for row in rows)
            columns[name] = values
        if len(set(columns["handle"].tolist())) < self.count:
            raise HandOverError("句柄重复")
        return frame.features(columns, count=self.count), self._attributes(fast, slow)

    def _attributes(self, fast: Ints, slow: Ints) -> pd.DataFrame:
        rows = self.reading.rows
        first = [(int(fast[at].min()), number, tag) for number, (tag, (at, _)) in enumerate(self.attributes.items())]
        for place, row in zip(slow.tolist(), rows, strict=True):
            first += [(place, number, tag) for number, tag in enumerate(row.attributes or ())]
        table = {tag: np.full(self.count, None, dtype=object) for *_, tag in sorted(first)}
        for tag, (at, values) in self.attributes.items():
            table[tag][fast[at]] = frame.column(values)
        for place, row in zip(slow.tolist(), rows, strict=True):
            for tag, value in (row.attributes or {}).items():
                table[tag][place] = value
        return pd.DataFrame(table, index=pd.RangeIndex(self.count), dtype=object)

    def garbled(self) -> Iterator[Note]:
        """As `Modelspace.garbled`, which sees the rows that have something to say."""
        fast, slow = self.places()
        wrong = {i for name in ("layer", "text") for i in _garbled(self.columns[name])}
        texts: dict[int, dict[str, str]] = {}
        for tag, (at, values) in self.attributes.items():
            for number in _garbled(frame.column(values)):
                texts.setdefault(int(at[number]), {})[tag] = values[number]
        rows = [(int(fast[i]), self._row(i, texts.get(i))) for i in sorted({*wrong, *texts})]
        rows += zip(slow.tolist(), self.reading.rows, strict=True)
        rows.sort(key=lambda pair: pair[0])
        yield from replace(self.reading, rows=[row for _, row in rows]).garbled()

    def _row(self, position: int, texts: Mapping[str, str] | None) -> Row:
        given = {name: values[position] for name, values in self.columns.items()}
        return Row(**given, attributes=texts)


@dataclass(slots=True)
class Joining:
    """Follows the reference through what was left to it: which place in the drawing each of its rows has.

    held: entities by type that were really read, completed by those read fast.
    """

    bulk: Bulk
    reading: Modelspace
    slices: Slices
    held: Counter[str]
    orders: list[int] = field(default_factory=list)
    number: int = 0

    def __post_init__(self) -> None:
        self.held.update({kind: count for kind, count in self.bulk.counts.items() if kind != "SEQEND"})
        if len(self.bulk.slow) and not self.slices.places:
            raise HandOverError("区段的次序不寻常")

    def passed(self) -> None:
        """The reference has taken one more entity: its rows, if any, belong there."""
        if self.number >= len(self.bulk.slow):
            raise HandOverError("其余实体的个数不符")
        place = int(self.bulk.slow[self.number])
        self.orders += [place] * (len(self.reading.rows) - len(self.orders))
        self.number += 1

    def joined(self, document: Drawing) -> Joined:
        """The rows of both ways."""
        if self.number != len(self.bulk.slow):
            raise HandOverError("其余实体的个数不符")
        paper = str(document.block_records.get("*Paper_Space").dxf.handle).encode()
        if paper in self.bulk.pools.owners.values:
            raise HandOverError("有图纸空间的实体不带标志")
        return _joined(self.bulk, self.reading, self.orders, self.slices.text)


def _joined(bulk: Bulk, reading: Modelspace, slow_orders: Sequence[int], decode: Decode) -> Joined:
    """The rows of both ways; what the reference counts while it walks is counted in `reading`."""
    layer_names = made.names(bulk.pools.layers.values, decode)
    layer, kind = bulk.column("layer"), bulk.column("kind")
    seen = made.seen(layer, layer_names, reading)
    blocks = taken(made.names(bulk.pools.blocks.values, decode), bulk.column("block"))
    tags = made.by_tag(bulk, decode, seen)
    columns = {
        "layer": taken(layer_names, layer),
        "entity": taken([k.name for k in Kind], kind),
        "handle": frame.column(made.lines(bulk.lines("handles"), decode)),
        "text": made.texts(bulk, decode),
        "block": blocks,
        "closed": bulk.column("closed"),
        "curve": bulk.column("curves"),
        "geometry": bulk.column("geometry"),
        **made.looks(bulk, layer_names, decode, reading),
        **made.xdata(bulk, decode),
    }
    if not seen.all():
        columns = {name: values[seen] for name, values in columns.items()}
    reading.closed += int(bulk.column("counted")[seen].sum())
    reading.inserted.update(Counter(columns["block"][kind[seen] == Kind.INSERT].tolist()))
    order = bulk.column("order")[seen]
    bulk.chunks.clear()  # a tenth of what the rows take
    return Joined(reading, columns, order, tags, slow_orders)


def _garbled(values: np.ndarray[Any, Any]) -> list[int]:
    """Positions of texts in the wrong encoding; texts that have no Chinese or plain Chinese are not looked at twice."""
    texts = [text for text in set(values.tolist()) if text and not text.isascii()]
    if not texts:
        return []
    doubtful = encodings.doubtful(texts)
    bad = {text for text in doubtful if encodings.garbled(text)}
    return [i for i, value in enumerate(values.tolist()) if value in bad] if bad else []
