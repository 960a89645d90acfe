"""Outlines made wrong."""

from __future__ import annotations

from generator.shape import Shape, poly


def bowtie(x: float, y: float, size: float = 1.0) -> Shape:
    """A ring that crosses itself, with its lower left corner at (x, y)."""
    return poly((x, y), (x + size, y + size), (x + size, y), (x, y + size))
