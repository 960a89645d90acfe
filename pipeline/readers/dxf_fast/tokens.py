"""A slice of a DXF as arrays: group codes as numbers, value lines as places in the bytes. Nothing is interpreted.

Lines end in LF or CRLF, one kind in the whole slice. A slice begins with a group code line and `PAD` bytes stand before
it, so that the last eight bytes of every line can be loaded as one 64-bit word wherever the line begins.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pipeline.readers.dxf_fast.refuse import HandOverError

PAD = 64
LONGEST_CODE = 6  # digits and blanks a group code line may have
LONGEST_HASHED = PAD  # bytes of a line that are compared as words; longer ones are compared as bytes
LF, CR = 10, 13
Ints = np.ndarray[Any, np.dtype[np.int64]]
Words = np.ndarray[Any, np.dtype[np.uint64]]

#: keeps the last n bytes of a word, for n of 0…8
MASKS = np.array([0] + [(2**64 - 1) >> (8 * (8 - n)) << (8 * (8 - n)) for n in range(1, 9)], dtype=np.uint64)
MIX = np.uint64(0x9E3779B97F4A7C15)  # odd: mixes the words of a line into one key


class Tokens:
    """The pairs of lines of one slice.

    codes: group codes; code_begins: where each pair begins; begins, ends: its value line without the line end.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.bytes = np.frombuffer(data, dtype=np.uint8)
        self.view = np.ndarray((max(0, len(data) - 7),), dtype="<u8", buffer=data, strides=(1,))
        feeds = np.flatnonzero(self.bytes == LF)
        count = len(feeds) // 2
        feeds = feeds[: 2 * count]
        back = _width_of_ends(self.bytes, feeds) - 1
        self.code_begins = np.empty(count, dtype=np.int64)
        self.code_begins[:1] = PAD
        self.code_begins[1:] = feeds[1:-1:2] + 1
        self.begins = feeds[0::2] + 1
        self.ends = feeds[1::2] - back
        self.codes = self._codes(feeds[0::2] - back)

    def __len__(self) -> int:
        return len(self.codes)

    def _codes(self, ends: Ints) -> Ints:
        lengths = ends - self.code_begins
        if len(lengths) and (lengths.max() > LONGEST_CODE or lengths.min() < 1):
            raise HandOverError("有组码行不是数字")
        keys, found = pd.factorize(self.view[ends - 8] & MASKS[lengths])
        numbers = [_code(int(key)) for key in found]
        return np.array(numbers, dtype=np.int64)[keys] if numbers else np.empty(0, dtype=np.int64)

    def value(self, index: int) -> bytes:
        """The value line of a pair."""
        return self.data[self.begins[index] : self.ends[index]]

    def values(self, indices: Ints) -> list[bytes]:
        """The value lines of many pairs."""
        data = self.data
        return [data[a:b] for a, b in zip(self.begins[indices].tolist(), self.ends[indices].tolist(), strict=True)]

    def word(self, ends: Ints, lengths: Ints, place: int) -> Words:
        """Eight bytes of many lines as one word, `place` words before their end; bytes before the line are zero."""
        inside = np.clip(lengths - 8 * place, 0, 8)
        return np.asarray(self.view[ends - 8 * (place + 1)] & MASKS[inside])

    def distinct(self, indices: Ints) -> tuple[Ints, list[bytes]]:
        """Which of the distinct value lines each pair has, and these lines in order of appearance."""
        ends = self.ends[indices]
        lengths = ends - self.begins[indices]
        longest = int(lengths.max(initial=0))
        if longest > LONGEST_HASHED:
            return _distinct(self.values(indices))
        words = [self.word(ends, lengths, place) for place in range(-(-longest // 8))]
        keys = lengths.astype(np.uint64)
        for word in words:
            keys = (keys ^ word) * MIX
            keys ^= keys >> np.uint64(29)
        which, found = pd.factorize(keys)
        first = np.empty(len(found), dtype=np.int64)
        first[which[::-1]] = np.arange(len(which) - 1, -1, -1)
        if any((word != word[first][which]).any() for word in words):  # two lines with one key
            return _distinct(self.values(indices))
        return which, self.values(indices[first])

    def joined(self, indices: Ints) -> bytes:
        """The value lines of many pairs, each with a line feed."""
        begins, lengths = self.begins[indices], self.ends[indices] - self.begins[indices] + 1
        stops = np.cumsum(lengths)
        total = int(stops[-1]) if len(stops) else 0
        places = np.repeat(begins - (stops - lengths), lengths) + np.arange(total)
        gathered = self.bytes[places]
        gathered[stops - 1] = LF
        return gathered.tobytes()


def _width_of_ends(data: np.ndarray[Any, Any], feeds: Ints) -> int:
    """1 for LF, 2 for CRLF; a carriage return anywhere else hands over."""
    if not len(feeds):
        return 1
    returns = int(np.count_nonzero(data[: feeds[-1] + 1] == CR))
    if returns == 0:
        return 1
    if returns != len(feeds) or not (data[feeds - 1] == CR).all():
        raise HandOverError("换行符不统一（单独的 CR，或 CRLF 与 LF 混用）")
    return 2


def _code(key: int) -> int:
    """The group code of a line given as the word of its bytes."""
    line = key.to_bytes(8, "little").lstrip(b"\0")
    digits = line.lstrip(b" ")
    if not digits.isdigit():
        raise HandOverError(f"有组码行不是数字（“{line.decode('ascii', errors='replace')}”）")
    return int(digits)


def _distinct(lines: list[bytes]) -> tuple[Ints, list[bytes]]:
    numbers: dict[bytes, int] = {}
    which = [numbers.setdefault(line, len(numbers)) for line in lines]
    return np.array(which, dtype=np.int64), list(numbers)
