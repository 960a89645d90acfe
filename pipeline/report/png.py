"""Pixels as PNG with a palette: drawings have few inks, so one byte holds a pixel and long runs of it pack well."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MM_PER_INCH = 25.4
WHITE = 0xFFFFFF
COLOURS = 256  # of a palette; the first is white
FLAT = 6  # pixels of one colour in a row that are no edge of a letter
LEVEL = 1  # higher ones take twice as long for a fifth less


def indexed_png(pixels: NDArray[np.uint8], dpi: int) -> bytes:
    """Pixels (rows, columns, 4: blue, green, red, unused) as PNG; the same pixels give the same bytes."""
    height, width = pixels.shape[:2]
    colours = np.ascontiguousarray(pixels).reshape(-1).view("<u4")
    starts = np.concatenate([[0], np.flatnonzero(colours[1:] != colours[:-1]) + 1])
    lengths = np.diff(starts, append=len(colours))
    palette, numbers = _palette(colours[starts] & WHITE, lengths)
    lines = np.zeros((height, width + 1), dtype=np.uint8)  # a leading 0 in every line: no filter
    lines[:, 1:] = np.repeat(numbers, lengths).reshape(height, width)
    per_metre = round(dpi / MM_PER_INCH * 1000)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)),
            _chunk(b"PLTE", palette.tobytes()),
            _chunk(b"IDAT", zlib.compress(lines.data, LEVEL)),
            _chunk(b"IEND", b""),
        )
    )


def _palette(colours: NDArray[Any], lengths: NDArray[Any]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """White and the commonest shades (n, 3: red, green, blue), and the number of the nearest for every colour.

    colours: of runs of pixels, with their lengths. Shades that differ in the last bits are one, that of the latest run;
    an ink comes before the shades at its edges, which are short runs.
    """
    bins = ((colours >> 8) & 0xF800) | ((colours >> 5) & 0x07E0) | ((colours >> 3) & 0x001F)
    counts = np.bincount(bins, weights=lengths, minlength=1 << 16)
    used = np.flatnonzero(counts)
    shades = np.zeros(1 << 16, dtype=colours.dtype)
    shades[bins] = colours
    flat = lengths >= FLAT
    shades[bins[flat]] = colours[flat]
    found = np.column_stack([(shades[used] >> shift) & 255 for shift in (16, 8, 0)]).astype(float)
    kept = np.sort(np.argsort(-counts[used], kind="stable")[: COLOURS - 1])
    chosen = np.vstack([[255.0, 255.0, 255.0], found[kept]])
    table = np.zeros(1 << 16, dtype=np.uint8)
    table[used] = _nearest(found, chosen)
    return chosen.astype(np.uint8), table[bins]


def _nearest(colours: NDArray[Any], chosen: NDArray[Any]) -> NDArray[Any]:
    """The number of the nearest chosen colour for each colour."""
    squares = (chosen**2).sum(axis=1)[None, :] - 2 * colours @ chosen.T
    return np.asarray(squares.argmin(axis=1))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
