"""The entities of a drawing that were read fast, as columns, and what of the file is left to ezdxf."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.readers.dxf_fast import chunks
from pipeline.readers.dxf_fast.chunks import Chunk, Pools, Sorted
from pipeline.readers.dxf_fast.refuse import HandOverError
from pipeline.readers.dxf_fast.slices import Slices
from pipeline.readers.dxf_fast.tokens import Ints
from pipeline.readers.dxf_scan import Scan

FLAT = "AC1009"  # R12 knows no subclasses
WORKERS = 2  # measured: a third one finds nothing to do
_VERSION = re.compile(rb"\$ACADVER\r?\n *1\r?\n *(AC\d+)")
_HEADER_BYTES = 1 << 16


@dataclass(slots=True)
class Bulk:
    """Rows of the modelspace by slices. rest: the file without their entities, which ezdxf reads.

    slow: places, among the entities of the drawing, of those in `rest`; counts: records read fast, by type.
    """

    rest: bytes = b""
    version: str = FLAT
    pools: Pools = field(default_factory=Pools)
    chunks: list[Chunk] = field(default_factory=list)
    slow: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    counts: Counter[str] = field(default_factory=Counter)

    def count(self, counted: Scan) -> None:
        """Adds what was read to what was counted of the rest."""
        if counted.version != self.version:
            raise HandOverError("文件头的版本写法不寻常")
        counted.entities.update(self.counts)

    def column(self, name: str) -> np.ndarray[Any, Any]:
        """One column of all slices."""
        return np.concatenate([getattr(chunk, name) for chunk in self.chunks])

    def positions(self, name: str) -> Ints:
        """One column of positions of rows, counted through all slices."""
        sizes = [len(chunk.order) for chunk in self.chunks]
        begins = np.cumsum([0, *sizes[:-1]])
        parts = [getattr(chunk, name) + begin for chunk, begin in zip(self.chunks, begins.tolist(), strict=True)]
        return np.concatenate(parts)

    def lines(self, name: str) -> bytes:
        """The lines of all slices under one name."""
        return b"".join(getattr(chunk, name) for chunk in self.chunks)


def read(path: Path, *, inserts: bool) -> Bulk:
    """The entities of a drawing that can be read fast. inserts: whether INSERTs are among them.

    Errors: HandOverError when the drawing is not understood.
    """
    slices = Slices(path)
    bulk, slow, rest, first = Bulk(), [], [], 0
    for given in _side_by_side(slices, bulk, inserts=inserts):
        outcome = chunks.done(given, bulk.pools, first=first)
        bulk.chunks.append(outcome.chunk)
        bulk.counts.update(outcome.counts)
        slow.append(outcome.slow)
        rest += outcome.rest
        first += outcome.groups
    head, tail = slices.rest
    bulk.rest = b"".join([head, *rest, tail])
    bulk.slow = np.concatenate(slow) if slow else bulk.slow
    return bulk


def _side_by_side(slices: Slices, bulk: Bulk, *, inserts: bool) -> Iterator[Sorted]:
    """Slices sorted out in their order, a few at a time: the arrays of one work while those of another wait."""
    waiting: deque[Future[Sorted]] = deque()
    with ThreadPoolExecutor(WORKERS) as workers:
        for tokens, starts in slices:
            bulk.version = bulk.version if waiting or bulk.chunks else _version(slices.rest[0])
            flat = bulk.version == FLAT
            waiting.append(workers.submit(chunks.sorted_out, tokens, starts, flat=flat, inserts=inserts))
            if len(waiting) > WORKERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _version(head: bytes) -> str:
    found = _VERSION.search(head[:_HEADER_BYTES])
    return found.group(1).decode() if found else FLAT


def taken(values: Sequence[Any], numbers: Ints) -> np.ndarray[Any, Any]:
    """The value of each number, None for -1."""
    table = np.empty(len(values) + 1, dtype=object)
    table[:-1] = values
    return table[numbers]
