"""A firm's logo: a PNG or SVG file of its template, read once with its size."""

from __future__ import annotations

import base64
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.errors import StandardError

PNG_MARK = b"\x89PNG\r\n\x1a\n"
LARGEST_BYTES = 500_000
_NUMBER = r"([0-9.]+)"
_BOX = re.compile(rf'viewBox\s*=\s*["\']\s*[-0-9.]+[\s,]+[-0-9.]+[\s,]+{_NUMBER}[\s,]+{_NUMBER}')
_SIDES = tuple(re.compile(rf'<svg[^>]*?\s{side}\s*=\s*["\']{_NUMBER}') for side in ("width", "height"))


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture and its size on paper in millimetres."""

    data: bytes
    kind: Literal["png", "svg"]
    width_mm: float
    height_mm: float

    @property
    def link(self) -> str:
        """The picture as an address inside a page."""
        kind = "svg+xml" if self.kind == "svg" else self.kind
        return f"data:image/{kind};base64,{base64.b64encode(self.data).decode()}"


def load_logo(path: Path, height_mm: float, *, place: str) -> Logo:
    """The logo in `path`, `height_mm` high. place: file and key that name it, for messages.

    Errors: StandardError when there is no such file, or it is neither PNG nor SVG.
    """
    try:
        data = path.read_bytes()
    except OSError as err:
        raise StandardError(f"报告模板有误：{place}：找不到图片文件 {path}") from err
    if len(data) > LARGEST_BYTES:
        raise StandardError(f"报告模板有误：{place}：{path} 有 {len(data)} 字节，标志图片不应超过 {LARGEST_BYTES} 字节")
    if data.startswith(PNG_MARK) and len(data) > 24:
        width, height = struct.unpack(">II", data[16:24])
        return Logo(data, "png", height_mm * width / max(height, 1), height_mm)
    sides = _svg_sides(data)
    if sides is None:
        raise StandardError(f"报告模板有误：{place}：{path} 不是 PNG 或 SVG 图片（SVG 须写明 viewBox 或宽高）")
    return Logo(data, "svg", height_mm * sides[0] / sides[1], height_mm)


def _svg_sides(data: bytes) -> tuple[float, float] | None:
    """Width and height of an SVG in any unit; None when it is none or does not say."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if "<svg" not in text:
        return None
    box = _BOX.search(text)
    found = box.groups() if box else [m[1] for m in (side.search(text) for side in _SIDES) if m]
    try:
        width, height = (float(part) for part in found)
    except ValueError:
        return None
    return (width, height) if width > 0 and height > 0 else None
