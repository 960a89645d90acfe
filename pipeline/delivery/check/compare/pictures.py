"""Whether two pictures show the same: pixels decoded, with what the edges of letters and lines may differ by.

Our own pictures are PNG with a palette and unfiltered lines; anything else is no picture that this software wrote.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
INDEXED = (8, 3, 0, 0, 0)  # bits, kind, compression, filter, interlace
LARGEST = 100_000_000  # pixels
EDGE = 48  # of 255: what an edge may differ by after blurring
FEW = 12  # pixels beyond that are no letter and no line
BLOCK, SHADE = 32, 12  # side of a patch in pixels, and what its mean colour may differ by


class NoPicture(Exception):
    """The bytes are no picture of ours; the text says why, Chinese."""


def difference(wanted: bytes, given: bytes) -> str | None:
    """What is different to the eye, in words; None when both show the same."""
    try:
        ours, theirs = pixels(wanted), pixels(given)
    except NoPicture as err:
        return str(err)
    if ours.shape != theirs.shape:
        return f"应为 {ours.shape[1]}×{ours.shape[0]} 像素，所交为 {theirs.shape[1]}×{theirs.shape[0]} 像素"
    if np.array_equal(ours, theirs):
        return None
    apart = int((np.abs(ours.astype(np.int16) - theirs) > EDGE).any(axis=2).sum())
    beyond = _beyond(ours, theirs) + _beyond(theirs, ours)
    return f"画面不同，约 {max(apart, 1)} 个像素" if beyond > FEW or _shaded(ours, theirs) else None


def pixels(data: bytes) -> NDArray[np.uint8]:
    """Rows × columns × (red, green, blue). Errors: NoPicture."""
    chunks = _chunks(data)
    try:
        width, height, *form = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
        if tuple(form) != INDEXED or not 0 < width * height <= LARGEST:
            raise NoPicture("不是本软件绘制的图片")
        size = height * (width + 1)
        lines = np.frombuffer(zlib.decompressobj().decompress(chunks[b"IDAT"], size), np.uint8)
        palette = np.zeros((256, 3), dtype=np.uint8)
        colours = np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)
        palette[: len(colours)] = colours
        lines = lines.reshape(height, width + 1)
    except (KeyError, struct.error, zlib.error, ValueError) as err:
        raise NoPicture("不是完整的图片") from err
    if lines[:, 0].any():
        raise NoPicture("不是本软件绘制的图片")
    return np.asarray(palette[lines[:, 1:]])


def _chunks(data: bytes) -> dict[bytes, bytes]:
    """The content of each kind of chunk. Errors: NoPicture."""
    found: dict[bytes, bytes] = {}
    at = len(SIGNATURE)
    if not data.startswith(SIGNATURE):
        raise NoPicture("不是 PNG 图片")
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        found[kind] = found.get(kind, b"") + data[at + 8 : at + 8 + length]
        at += 12 + length
    return found


def _beyond(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    """Pixels for which the other has nothing alike within one pixel."""
    ours, theirs = _blurred(one), np.pad(_blurred(other), ((1, 1), (1, 1), (0, 0)), mode="edge")
    rows, columns = np.nonzero((np.abs(ours - theirs[1:-1, 1:-1]) > EDGE).any(axis=2))
    left = np.ones(len(rows), dtype=bool)
    for down in range(3):
        for right in range(3):
            near = theirs[rows + down, columns + right]
            left &= (np.abs(ours[rows, columns] - near) > EDGE).any(axis=1)
    return int(left.sum())


def _blurred(picture: NDArray[np.uint8]) -> NDArray[np.int16]:
    """Each pixel the mean of the nine around it: the same ink, however it is spread over the edge."""
    padded = np.pad(picture, ((1, 1), (1, 1), (0, 0)), mode="edge").astype(np.int16)
    across = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    return np.asarray((across[:-2] + across[1:-1] + across[2:]) // 9)


def _shaded(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    """Whether a patch has another colour, too pale for its edge to tell."""
    return bool((np.abs(_means(one) - _means(other)) > SHADE).any())


def _means(picture: NDArray[np.uint8]) -> NDArray[Any]:
    rows, columns = (np.arange(0, size, BLOCK) for size in picture.shape[:2])
    sums = np.add.reduceat(np.add.reduceat(picture, rows, axis=0, dtype=np.int64), columns, axis=1)
    sizes = np.diff(rows, append=picture.shape[0])[:, None] * np.diff(columns, append=picture.shape[1])[None, :]
    return np.asarray(sums / sizes[:, :, None])
