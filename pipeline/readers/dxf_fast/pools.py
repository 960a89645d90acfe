"""Values that many entities share, each kept once: names as bytes, extended data as the bytes of its tags."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pipeline.readers.dxf_fast.tokens import Ints

LARGEST_POOL = 20_000  # distinct extended data that are looked up again; further ones are kept one by one
_NUMBERS = {b"1040": float, b"1041": float, b"1042": float, b"1070": int, b"1071": int}


@dataclass(slots=True)
class Pool:
    """Numbers for distinct values, in order of appearance."""

    values: list[bytes] = field(default_factory=list)
    numbers: dict[bytes, int] = field(default_factory=dict)

    def add(self, which: Ints, lines: list[bytes]) -> Ints:
        """The numbers of values that are given as places in a list of distinct ones."""
        if not lines:
            return which
        known = self.numbers
        for line in lines:
            if line not in known:
                known[line] = len(self.values)
                self.values.append(line)
        return np.array([known[line] for line in lines], dtype=np.int64)[which]


@dataclass(slots=True)
class XDataPool:
    """Distinct extended data as the lines of their tags. layouts: the group codes of each."""

    blobs: list[bytes] = field(default_factory=list)
    layouts: list[tuple[int, ...]] = field(default_factory=list)
    numbers: dict[bytes, int] = field(default_factory=dict)
    shared: dict[tuple[bytes, ...], tuple[int, ...]] = field(default_factory=dict)

    def add(self, blobs: list[bytes]) -> list[int]:
        """The number of each; -1 when ezdxf has to look at it."""
        return [
            self._added(blob) if number is None else number
            for blob, number in zip(blobs, map(self.numbers.get, blobs), strict=True)
        ]

    def _added(self, blob: bytes) -> int:
        number = self.numbers.get(blob)
        if number is None:
            number = self._new(blob)
            if len(self.numbers) < LARGEST_POOL:
                self.numbers[blob] = number
        return number

    def _new(self, blob: bytes) -> int:
        lines = blob.replace(b"\r", b"").split(b"\n")  # the last one is empty: a blob ends with a line end
        codes = tuple(lines[:-1:2])
        layout = self.shared.get(codes)
        if layout is None:
            layout = self.shared[codes] = tuple(int(code) for code in codes)
        apps = [value for code, value in zip(layout, lines[1::2], strict=True) if code == 1001]
        if len(apps) > 1 and len(set(apps)) < len(apps):
            return -1
        if max(layout) >= 1040 and not _numeric(layout, lines[1::2]):
            return -1
        self.blobs.append(b"\n".join(lines[1::2]))
        self.layouts.append(layout)
        return len(self.blobs) - 1


def _numeric(layout: tuple[int, ...], values: list[bytes]) -> bool:
    """Whether the numbers among extended data are plain numbers."""
    for code, value in zip(layout, values, strict=True):
        if code < 1040:
            continue
        try:
            int(value) if code >= 1070 else float(value)
        except ValueError:
            return False
        if not value.isascii():
            return False
    return True
