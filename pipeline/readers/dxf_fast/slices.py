"""The entities of a DXF as slices of whole entities, the rest of the file as bytes: nothing is read twice or held whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from pipeline.readers.dxf_fast.refuse import HandOverError
from pipeline.readers.dxf_fast.tables import BY_NAME, PARTS
from pipeline.readers.dxf_fast.tokens import PAD, Tokens

SLICE_BYTES = 2 << 20  # measured: arrays of larger slices leave the cache, smaller ones cost more calls than bytes
LARGEST_ENTITY = 1 << 26
BINARY = b"AutoCAD Binary DXF"
_ENTITIES = re.compile(rb"(?:^|\n) *0\r?\nSECTION\r?\n *2\r?\nENTITIES\r?\n")
_LONGEST_HEAD = 64
_PARTS = [kind.name.encode() for kind in PARTS if kind.name.encode() in BY_NAME]


class Slices:
    """Iterates over the slices of entities; `rest` gathers what is outside of them, in the order of the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rest: list[bytes] = []

    def __iter__(self) -> Iterator[tuple[Tokens, np.ndarray]]:
        """Tokens of one slice and the places of its records (group code 0); its last record is its end, not in it."""
        with self.path.open("rb") as file:
            waiting = self._head(file)
            while True:
                block = file.read(max(SLICE_BYTES - len(waiting), SLICE_BYTES // 2))
                waiting += block
                tokens = Tokens(bytes(PAD) + waiting)
                if b"\0" in waiting:
                    raise HandOverError("含有空字符（0x00）")
                starts, ended = _records(tokens)
                if len(starts) > 1:
                    yield tokens, starts
                if len(starts) > 1 or ended:
                    waiting = tokens.data[tokens.code_begins[starts[-1]] :]
                elif not block or len(waiting) > LARGEST_ENTITY:
                    raise HandOverError("没有找到 ENTITIES 区段的结束")
                if ended:
                    self.rest.append(waiting + file.read())
                    return

    def _head(self, file: BinaryIO) -> bytes:
        """Reads up to the first entity; what was read of the entities comes back."""
        head = bytearray()
        while block := file.read(SLICE_BYTES):
            if not head and block.startswith(BINARY):
                raise HandOverError("二进制 DXF")
            searched = max(0, len(head) - _LONGEST_HEAD)
            head += block
            found = _ENTITIES.search(head, searched)
            if found:
                if head.count(b"\n", 0, found.start() + 1) % 2:
                    raise HandOverError("组码与值的行次不成对")
                self.rest.append(bytes(head[: found.end()]))
                return bytes(head[found.end() :])
        raise HandOverError("没有 ENTITIES 区段")


def _records(tokens: Tokens) -> tuple[np.ndarray, bool]:
    """Places of the records up to the last main entity, which may be cut off, or up to the end of the section."""
    starts = np.flatnonzero(tokens.codes == 0)
    if len(tokens) and tokens.codes[0] != 0:
        raise HandOverError("ENTITIES 区段开头有不属于任何实体的内容")
    which, names = tokens.distinct(starts)
    stripped = [name.strip() for name in names]
    last = np.flatnonzero(np.array([name == b"ENDSEC" for name in stripped])[which]) if len(which) else starts
    if len(last):
        return starts[: last[0] + 1], True
    if any(name in {b"EOF", b"SECTION"} for name in stripped):
        raise HandOverError("ENTITIES 区段没有结束标记 ENDSEC")
    main = np.flatnonzero(~np.isin(which, [i for i, name in enumerate(stripped) if name in _PARTS]))
    return starts[: main[-1] + 1] if len(main) else starts[:0], False
