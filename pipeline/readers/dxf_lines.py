"""A DXF as pairs of lines, group code and value, without a string for each: places of line ends, codes as numbers."""

from __future__ import annotations

import numpy as np

LONGEST_CODE = 6  # digits and blanks a group code line may have
BAD_CODE = -1
AT_ONCE = 1 << 17  # bytes, or pairs of lines, whose numbers are worked out together: bounds what that takes


class Lines:
    """The pairs of lines of a file: group codes as numbers, values as bytes on demand."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        ends = _line_ends(data)
        self.code_ends, self.ends = ends[0::2][: len(ends) // 2], ends[1::2]
        self.codes = np.empty(len(self.ends), dtype=np.int32)
        buffer = np.frombuffer(data, dtype=np.uint8)
        for first in range(0, len(self.codes), AT_ONCE):
            some = slice(first, first + AT_ONCE)
            begins = np.r_[self.ends[first - 1] + 1 if first else 0, self.ends[some][:-1] + 1]
            self.codes[some] = _numbers(buffer, begins, self.code_ends[some])

    def value(self, index: int) -> str:
        """The value line of a pair, as ASCII with anything else replaced."""
        return self.data[self.code_ends[index] + 1 : self.ends[index]].strip().decode("ascii", errors="replace")

    def begins(self, index: int) -> int:
        """Where the code line of a pair begins."""
        return int(self.ends[index - 1]) + 1 if index else 0

    def code_text(self, index: int) -> str:
        """The group code line as it stands."""
        return self.data[self.begins(index) : self.code_ends[index]][:20].decode("ascii", errors="replace")


def _line_ends(data: bytes) -> np.ndarray:
    """Where each line ends; the last one may end with the data. Four bytes each where they are enough."""
    kind = np.int32 if len(data) < 2**31 else np.int64
    buffer = np.frombuffer(data, dtype=np.uint8)
    parts = [
        (np.flatnonzero(buffer[first : first + AT_ONCE] == ord("\n")) + first).astype(kind)
        for first in range(0, len(data), AT_ONCE)
    ]
    if data and not data.endswith(b"\n"):
        parts.append(np.array([len(data)], dtype=kind))
    return np.concatenate(parts) if parts else np.empty(0, dtype=kind)


def _numbers(buffer: np.ndarray, begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Group codes of many lines at once; BAD_CODE where a line is no such number."""
    codes, scale = np.zeros(len(begins), dtype=np.int64), 1
    fine, in_number = np.ones(len(begins), dtype=bool), np.ones(len(begins), dtype=bool)
    for back in range(1, LONGEST_CODE + 1):
        at = ends - back
        there = at >= begins
        character = buffer[np.where(there, at, 0)]
        digit, blank = there & (character >= ord("0")) & (character <= ord("9")), ~there | (character == ord(" "))
        fine &= np.where(in_number, digit | (blank & (back > 1)), blank)
        in_number &= digit
        codes += np.where(digit, (character.astype(np.int64) - ord("0")) * scale, 0)
        scale *= 10
    fine &= (ends - begins > 0) & (ends - begins <= LONGEST_CODE)
    return np.where(fine, codes, BAD_CODE)
