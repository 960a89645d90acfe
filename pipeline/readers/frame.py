"""Source frames: the columns every reader fills, one row per entity, nothing interpreted.

layer (table: file or table name), entity (DXF type; table: geometry type), handle (DXF handle; table: row from 1),
code (CASS feature code, with its -N suffix, or None), text, block (INSERT name), inside (None: a feature of its own; else
what it is a part of: the block that holds it, the plot a point belongs to), closed, colour (ACI, layer colour when
BYLAYER), linetype, xdata ({app: ((group code, value), …)} without the 1001 itself), curve (model.Curve when there are
arcs), geometry (closed outlines are polygons, arcs as chords with a sagitta ≤ 1 mm), coordinates as in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline import frames, ledger
from pipeline.errors import ERRNOS
from pipeline.sources import Curve, LedgerEntry, Note, Source

COLUMNS = (
    "layer",
    "entity",
    "handle",
    "code",
    "text",
    "block",
    "inside",
    "closed",
    "colour",
    "linetype",
    "xdata",
    "curve",
    "geometry",
)
UNEXPECTED = "内容不符合该格式的规定，读取程序无法继续"
#: errors of the libraries by class → what they mean to who handed the file in
MEANINGS = {
    "DXFVersionError": "图形的版本不能读取",
    "DXFStructureError": "图形文件的结构有误",
    "DXFError": "图形中有无效的内容",
    "DataSourceError": "文件打不开或不是该格式",
    "DataLayerError": "文件中的图层无法读取",
    "FieldError": "属性字段无法读取",
    "BadZipFile": "不是完整的 xlsx（zip）文件，可能是旧格式 xls 改了后缀，或没有传完；请用表格软件打开后另存为 xlsx",
    "InvalidFileException": "不是工作簿；请用表格软件打开后另存为 xlsx",
    "_csv.Error": "不是文本表格，可能是其他格式的文件改了后缀；请用表格软件打开后另存为 UTF-8 的 csv",
    "DatabaseError": "不是完整的数据库文件",
    "UnicodeDecodeError": "文字编码与规定不符",
    "RecursionError": "嵌套过深",
    "MemoryError": "内存不足",
    "OSError": "文件无法打开",
    "KeyError": "缺少必需的部分",
    "ValueError": "有不合规定的值",
}
_FOLDERS = re.compile(r"(?:[A-Za-z]:)?[^\s'\":：]*[/\\](?=[^\s/\\'\"])")


@dataclass(slots=True)
class Row:
    """One entity on its way into a frame."""

    layer: str
    entity: str
    handle: str
    geometry: shapely.Geometry | None
    closed: bool = False
    code: str | None = None
    text: str | None = None
    block: str | None = None
    inside: str | None = None
    colour: int | None = None
    linetype: str | None = None
    xdata: Mapping[str, tuple[tuple[int, Any], ...]] | None = None
    curve: Curve | None = None
    attributes: Mapping[str, Any] | None = None


def column(values: Iterable[Any]) -> np.ndarray[Any, Any]:
    """Values as an object array: nothing is converted, None stays None."""
    if isinstance(values, np.ndarray) and values.dtype == object:
        return values
    values = list(values)
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def features(columns: Mapping[str, Sequence[Any] | np.ndarray[Any, Any]], *, count: int) -> gpd.GeoDataFrame:
    """A source frame of `count` rows; columns that are not given are empty."""
    closed = columns.get("closed")
    given = {name: columns.get(name) for name in COLUMNS if name != "geometry"}
    filled: dict[str, Any] = {n: np.full(count, None) if v is None else column(v) for n, v in given.items()}
    filled["closed"] = np.zeros(count, bool) if closed is None else np.asarray(closed, bool)
    return frames.features(filled, column(columns.get("geometry", [None] * count)), count=count)


def from_rows(rows: Sequence[Row]) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Features and their attributes (block ATTRIBs by tag, in order of first appearance), with the same index."""
    columns = {name: [getattr(row, name) for row in rows] for name in COLUMNS}
    tags = dict.fromkeys(tag for row in rows if row.attributes for tag in row.attributes)
    attributes = {tag: column([(row.attributes or {}).get(tag) for row in rows]) for tag in tags}
    table = pd.DataFrame(attributes, index=pd.RangeIndex(len(rows)), dtype=object)
    return features(columns, count=len(rows)), table


def empty_source(entry: LedgerEntry, notes: Iterable[Note] = ()) -> Source:
    """A source without features: what remains of a file that must not be trusted."""
    nothing = pd.DataFrame(index=pd.RangeIndex(0))
    return Source(entry, features({}, count=0), nothing, tuple(notes))


def reason(err: BaseException) -> str:
    """Why a file cannot be read, in Chinese; a library's own words, in one line, only where nobody knows what they mean.

    Files by name only, for folders differ from machine to machine.
    """
    if isinstance(err, OSError) and err.errno in ERRNOS:
        return f"{ERRNOS[err.errno]}；请核对该文件的权限，并确认它没有被其他程序占用"
    for kind in type(err).__mro__:
        said = MEANINGS.get(kind.__name__) or MEANINGS.get(f"{kind.__module__}.{kind.__name__}")
        if said:
            return said
    words = _FOLDERS.sub("", " ".join(str(err).split()))
    own = f"{type(err).__name__}：{words:.200}" if words else type(err).__name__
    return f"{UNEXPECTED}（{own}）"


def closed(path: Path) -> str | None:
    """Why a file that is there cannot be opened; None when it can."""
    try:
        with path.open("rb"):
            return None
    except OSError as err:
        return reason(err)


def refused(entry: LedgerEntry, kind: str, **slots: Any) -> Source:
    """The empty, fatal source of a file that cannot be read at all, with the reason as its note."""
    entry, _ = ledger.settle(entry, (), fatal=True)
    return empty_source(entry, [Note(kind, entry.path, entry.survey, slots=slots)])
