"""Columns of texts of fixed width: parted at once, decoded at once.

As the library has it, a text ends at the first zero byte and has no blanks around it; an empty one is none. No byte of
a character is a blank or a line break in the encodings that are taken (`SAFE`), so texts are parted before decoding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.readers.encodings import Choice
from pipeline.readers.shp_fast.numbers import BLANK, Array, Cells, Flags
from pipeline.readers.shp_fast.refuse import HandOverError

#: Python codecs in which all below 0x40 and every ASCII text mean themselves
SAFE = frozenset({"ascii", "utf-8", "gbk", "gb18030", "cp950", "big5", "cp1252", "cp1250", "cp1251", "iso8859-1"})
CHINESE = frozenset({"gbk", "gb18030"})  # the bytes of a text in the first are its bytes in the second
CODE = 2  # characters of a short code: few different ones in a column
LOWEST_PRINTED = 0x20
LINE = ord("\n")
FIRST_WIDE, IDEOGRAPHIC_BLANK, HANGUL_END = 0x80, 0x3000, 0xD800  # behind the last: surrogates, private use, U+FFFD


@dataclass(frozen=True, slots=True)
class Texts:
    """The given texts of a column, one a line and not yet decoded.

    filled: which rows they are of (None: all); whole: none has ASCII white space inside.
    """

    lines: bytes
    filled: Flags | None
    rows: int
    whole: bool = False

    def decoded(self, choice: Choice) -> Decoded:
        """The column in this encoding. Errors: HandOverError when the bytes are not in it."""
        values = np.full(self.rows, None, dtype=object)
        if not self.lines:
            return Decoded(values, tidy=True, clear=True)
        try:
            text = self.lines.decode("ascii" if self.lines.isascii() else choice.encoding)
        except UnicodeDecodeError as err:
            raise HandOverError(f"有文字不能按 {choice.name} 解码") from err
        words = text.split("\n")
        values[slice(None) if self.filled is None else self.filled] = words
        no_blanks, clear = (True, True) if text.isascii() else _known(text, choice)
        tidy = no_blanks if self.whole else [word.strip() for word in words] == words
        return Decoded(values, tidy=tidy, clear=clear)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text or None of each row, and what is known of them; False: not known.

    tidy: no white space at either end; clear: none is visibly in the wrong encoding (`encodings.garbled`).
    """

    values: Array
    tidy: bool
    clear: bool


def _known(text: str, choice: Choice) -> tuple[bool, bool]:
    """Whether a text has no wide white space, and whether its lines are clear, told from its characters as numbers.

    A line with a character from U+3000 on is not Chinese read in a western page, nor is it UTF-8 where the choice is pure.
    """
    codes = np.frombuffer(text.encode("utf-32-le", errors="surrogatepass"), dtype=np.uint32)
    between = (codes >= FIRST_WIDE) & (codes <= IDEOGRAPHIC_BLANK)
    tidy = not between.any() or not any(chr(code).isspace() for code in np.unique(codes[between]).tolist())
    if not choice.pure or choice.encoding not in CHINESE or (codes >= HANGUL_END).any():
        return tidy, False
    starts = np.concatenate([[0], np.flatnonzero(codes[:-1] == LINE) + 1])
    highest = np.maximum.reduceat(codes, starts)
    return tidy, bool(((highest < FIRST_WIDE) | (highest >= IDEOGRAPHIC_BLANK)).all())


def column(cells: Cells, *, printed: bool) -> Texts | Array:
    """The texts in (rows, width) bytes; those of short codes at once. printed: no byte below 0x20 among them."""
    if printed and cells.shape[1] <= CODE and not (cells & 0x80).any():
        return _codes(cells)
    return (_simple(cells) if printed else None) or _any_form(cells)


def nothing(cells: Cells) -> bool:
    """Whether there is no text at all."""
    return bool((cells == BLANK).all())


def _codes(cells: Cells) -> Array:
    """Short ASCII texts, each different one made once."""
    numbers: Array = cells[:, 0].astype(np.uint16)
    for place in range(1, cells.shape[1]):
        numbers = numbers << 8 | cells[:, place]
    different, which = np.unique(numbers, return_inverse=True)
    words = np.empty(len(different), dtype=object)
    words[:] = [int(n).to_bytes(CODE, "big").strip(b"\0 ").decode("ascii") or None for n in different]
    return words[which]


def _simple(cells: Cells) -> Texts | None:
    """Texts that begin at the left edge and have no blanks inside; None when they are not so."""
    rows, width = cells.shape
    filled = cells[:, 0] != BLANK
    count = int(filled.sum())
    if count < rows and not nothing(cells[~filled]):
        return None
    lines = np.empty((rows, width + 1), dtype=np.uint8)
    lines[:, :width], lines[:, width] = cells, LINE
    words = lines.tobytes().split()
    found = Texts(b"\n".join(words), None if count == rows else filled, rows, whole=True)
    return found if len(words) == count else None


def _any_form(cells: Cells) -> Texts:
    """Texts with blanks in front or inside."""
    rows, width = cells.shape
    fixed = np.ascontiguousarray(cells).view(f"S{width}").ravel().tolist()
    words = [word.partition(b"\0")[0].strip(b" ") for word in fixed]
    lines = b"\n".join(word for word in words if word)
    filled = np.array([bool(word) for word in words], dtype=bool)
    if lines.count(b"\n") != max(int(filled.sum()) - 1, 0):
        raise HandOverError("有文字含换行")
    return Texts(lines, None if filled.all() else filled, rows)
