"""Large drawings read by arrays: the common kinds of entities fast, everything else by ezdxf, the same result as ezdxf's.

A drawing is divided once: entities of a plain form become columns; the rest of the file, with what is rare or odd,
goes through the reference reader as it is. What is not understood as a whole (`HandOverError`) goes there entirely.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np

from pipeline.readers import encodings
from pipeline.readers.dxf_fast import bulk
from pipeline.readers.dxf_fast.bulk import Bulk
from pipeline.readers.dxf_fast.joining import Joining
from pipeline.readers.dxf_fast.refuse import HandOverError
from pipeline.sources import Source

Engine = Literal["auto", "fast", "ezdxf"]
ENGINE = f"fast 1 (numpy {np.__version__})"
FAST_FROM_BYTES = 2_000_000  # below, ezdxf needs less than a second (measured, our own choice)
HEAD_BYTES, FIRST_BYTES = 1 << 18, 1 << 12  # of the file, and of its entities
SECTION = re.compile(rb"\nENTITIES\r?\n")  # its name alone on a line: names of classes hold the word too
HANDLE = re.compile(rb"\n *5\r?\n")  # group code 5
#: codecs in which a line of ASCII is the same bytes, so that the other lines decide
_LINE_BY_LINE = frozenset({None, "gbk", "gb18030", "utf-8", "cp950", "big5", "cp1252", "iso8859-1"})

__all__ = ["ENGINE", "FAST_FROM_BYTES", "Bulk", "Engine", "HandOverError", "Joining", "read"]


def read(
    path: Path, wanted: Callable[..., Source], *, size: int, engine: Engine, stated: str | None, in_blocks: bool
) -> Source | str | None:
    """The drawing; words say why it is all ezdxf's to read; None where nobody asked for speed.

    Args: wanted: the reference, given the bytes left to it, the engine's name and what was read before;
        size: of the file, bytes; engine: "auto" goes by size; stated: the encoding the project states;
        in_blocks: inserts are to be followed into their blocks, which ezdxf does.
    """
    if engine == "ezdxf" or (engine == "auto" and size < FAST_FROM_BYTES):
        return None
    if stated and encodings.codec(stated) not in _LINE_BY_LINE:
        return f"项目指定的编码 {stated}"
    if _without_handles(path):
        return "有实体没有句柄"
    collects = gc.isenabled()
    gc.disable()  # hundreds of thousands of objects are made and none of them goes round in circles
    try:
        divided = bulk.read(path, inserts=not in_blocks)
        source = wanted(divided.rest, engine=ENGINE, bulk=divided)
    except HandOverError as err:
        return str(err)
    except Exception as err:  # noqa: BLE001 — whatever damage does to the arrays, the reference has the last word
        return f"读取失败（{type(err).__name__}）"
    finally:
        if collects:
            gc.enable()
    return "计数不符或没有可读的实体" if source.entry.fatal else source


def _without_handles(path: Path) -> bool:
    """Whether the first entities have no handle, as in old drawings: told before anything is taken into memory."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    section = SECTION.search(head)
    first = head[section.end() :][:FIRST_BYTES] if section else b""
    return len(first) == FIRST_BYTES and not HANDLE.search(first)
