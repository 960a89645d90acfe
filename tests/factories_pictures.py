"""Small pictures drawn in code, and pixels as PNG of our own kind."""

from __future__ import annotations

import numpy as np

from pipeline.report.png import indexed_png

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def drawn(pixels, dpi: int = 200) -> bytes:
    """Rows × columns × (red, green, blue) as PNG."""
    bgra = np.zeros((*pixels.shape[:2], 4), dtype=np.uint8)
    bgra[:, :, :3] = pixels[:, :, ::-1]
    return indexed_png(bgra, dpi)


def canvas(*rectangles, size=(120, 160)):
    """White pixels with filled rectangles: (rows, columns, colour)."""
    pixels = np.full((*size, 3), 255, dtype=np.uint8)
    for rows, columns, colour in rectangles:
        pixels[rows, columns] = colour
    return pixels
