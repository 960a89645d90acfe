"""Columns of rows read fast: bytes as texts, names as what is seen of them, extended data by application.

What needs judgement (what is seen, how it looks, what a feature code is) is asked of the reference's own functions,
once for every distinct combination of names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from ezdxf.tools.text import escape_dxf_line_endings, fast_plain_mtext, plain_text

from pipeline.readers import dxf_modelspace, frame
from pipeline.readers import xdata as reference
from pipeline.readers.dxf_fast.bulk import Bulk, taken
from pipeline.readers.dxf_fast.chunks import BYLAYER
from pipeline.readers.dxf_fast.refuse import HandOverError
from pipeline.readers.dxf_fast.tokens import Ints
from pipeline.readers.dxf_modelspace import Modelspace

Decode = Callable[[bytes], str]
Columns = dict[str, np.ndarray[Any, Any]]
_NUMBERS: Mapping[int, Callable[[str], Any]] = {1040: float, 1041: float, 1042: float, 1070: int, 1071: int}


@dataclass(frozen=True, slots=True)
class _Looks:
    """What the reference asks of an entity: named values."""

    values: Mapping[str, Any]

    @property
    def dxf(self) -> _Looks:
        return self

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)


def lines(joined_lines: bytes, decode: Decode) -> list[str]:
    """Lines as texts: as many as there were."""
    found = decode(joined_lines).split("\n")
    if len(found) - 1 != joined_lines.count(b"\n"):
        raise HandOverError("转义字符改变了行数")
    return found[:-1]


def names(values: Sequence[bytes], decode: Decode) -> list[str]:
    """Values of a pool as texts."""
    return lines(b"".join(value + b"\n" for value in values), decode)


def seen(layer: Ints, layers: Sequence[str], reading: Modelspace) -> np.ndarray[Any, Any]:
    """Which rows are taken; what is not seen is counted by layer and reason."""
    shown = np.ones(len(layers) + 1, dtype=bool)
    for number, count in enumerate(np.bincount(layer, minlength=len(layers)).tolist()):
        reason = dxf_modelspace.unseen_because(_Looks({}), reading.layers.get(layers[number].lower()))
        if reason and count:
            reading.unseen[(layers[number], reason)] += count
            shown[number] = reading.with_hidden
    return np.asarray(shown[layer])


def looks(bulk: Bulk, layer_names: Sequence[str], decode: Decode, reading: Modelspace) -> Columns:
    """Colour and line type as seen."""
    linetypes = names(bulk.pools.linetypes.values, decode)
    which, colours_stated = pd.factorize(bulk.column("colour"))
    layer, linetype = bulk.column("layer"), bulk.column("linetype")
    keys, first = pd.factorize((layer * (len(linetypes) + 1) + linetype + 1) * len(colours_stated) + which)
    colours, types = [], []
    for key in first.tolist():
        pair, colour = divmod(key, len(colours_stated))
        name, kind = divmod(pair, len(linetypes) + 1)
        values: dict[str, Any] = {"linetype": linetypes[kind - 1]} if kind else {}
        if colours_stated[colour] != BYLAYER:
            values["color"] = int(colours_stated[colour])
        seen = dxf_modelspace.looks(_Looks(values), reading.layers.get(layer_names[name].lower()))
        colours.append(seen[0])
        types.append(seen[1])
    return {"colour": taken(colours, keys), "linetype": taken(types, keys)}


def xdata(bulk: Bulk, decode: Decode) -> Columns:
    """Extended data by application, and the feature code in them; rows with the same data share them."""
    pool = bulk.pools.xdata
    values = iter(names(pool.blobs, decode)) if pool.blobs else iter(())
    found = [_by_app(layout, values) for layout in pool.layouts]
    numbers = bulk.column("xdata")
    return {"xdata": taken(found, numbers), "code": taken([reference.cass_code(data) for data in found], numbers)}


def _by_app(layout: Sequence[int], values: Iterator[str]) -> dict[str, tuple[tuple[int, Any], ...]]:
    apps: dict[str, list[tuple[int, Any]]] = {}
    for code in layout:
        value = next(values)
        if code == 1001:
            tags = apps[value] = []
        else:
            tags.append((code, _NUMBERS[code](value) if code in _NUMBERS else value))
    return {app: tuple(tags) for app, tags in apps.items()}


def texts(bulk: Bulk, decode: Decode) -> np.ndarray[Any, Any]:
    """The words of TEXT and MTEXT, None for other rows."""
    found = np.full(sum(len(chunk.order) for chunk in bulk.chunks), None, dtype=object)
    found[bulk.positions("text_at")] = frame.column(_plain(lines(bulk.lines("texts"), decode)))
    parts = iter(lines(bulk.lines("parts"), decode))
    for at, count in zip(bulk.positions("part_at").tolist(), bulk.column("part_counts").tolist(), strict=True):
        found[at] = fast_plain_mtext(escape_dxf_line_endings("".join(next(parts) for _ in range(count))), split=False)
    return found


def _plain(lines: list[str]) -> list[str]:
    """Texts with codes like %%d as characters."""
    return [plain_text(line) if "%%" in line or "^" in line else line.replace("\r", "") for line in lines]


def by_tag(bulk: Bulk, decode: Decode, seen: np.ndarray[Any, Any]) -> dict[str, tuple[Ints, list[str]]]:
    """Attributes by tag, in order of appearance: rows among those seen, and their texts."""
    at, which = bulk.positions("value_at"), bulk.column("value_tag")
    values = frame.column(_plain(lines(bulk.lines("values"), decode)))
    taken_at = np.cumsum(seen) - 1
    mine = seen[at]
    at, which, values = taken_at[at[mine]], which[mine], values[mine]
    tags = names(bulk.pools.tags.values, decode)
    order = pd.unique(which)
    return {tags[tag]: (at[which == tag], values[which == tag].tolist()) for tag in order.tolist()}
