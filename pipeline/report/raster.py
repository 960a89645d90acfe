"""Vector drawings as pixels, for writers that cannot take SVG: typst sets them as PDF, PDFium paints what it set.

That is several times quicker than having typst paint each picture, and the pictures keep to 256 colours, which their
few inks and the shades at the edges of letters fit in.
"""

from __future__ import annotations

import json
import math
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import PipelineError
from pipeline.report.fonts import font_folders, typst_fonts
from pipeline.report.png import indexed_png

MM_PER_INCH = 25.4
POINTS_PER_MM = 72.0 / MM_PER_INCH
DPI = 300
AHEAD = 2  # bitmaps in memory at once: one is painted while another is packed

_PAGES = (
    "#let sheets = json(bytes(sys.inputs.data))\n"
    "#set page(margin: 0pt, fill: white)\n"
    "#for sheet in sheets { page(width: sheet.width * 1mm, height: sheet.height * 1mm, "
    'image(bytes(sheet.svg), format: "svg", width: 100%, height: 100%, fit: "contain")) }\n'
)


class Sheet(NamedTuple):
    """A drawing and its size on paper in millimetres."""

    svg: str
    width_mm: float
    height_mm: float


class Spot(NamedTuple):
    """Where a drawing stands in a PDF: page number from 1, upper left corner and size in millimetres."""

    page: int
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


def svg_to_png(svg: str, width_mm: float, height_mm: float, *, dpi: int = DPI) -> bytes:
    """One drawing as `pictures` gives it."""
    return pictures([Sheet(svg, width_mm, height_mm)], dpi=dpi)[0]


def pictures(sheets: Sequence[Sheet], *, dpi: int = DPI) -> list[bytes]:
    """Each drawing as PNG with at least `dpi` dots to the inch of its size on paper, white ground.

    Texts are set with the shipped fonts, so the picture is the same on every machine.
    Errors: PipelineError when a drawing cannot be set.
    """
    spots = [Spot(n, 0.0, 0.0, s.width_mm, s.height_mm) for n, s in enumerate(sheets, start=1)]
    return cut_out(_as_pdf(sheets), spots, dpi=dpi) if sheets else []


def cut_out(pdf: bytes | Path, spots: Sequence[Spot], *, dpi: int = DPI) -> list[bytes]:
    """Parts of the pages of a PDF as PNG, white ground; one thread paints while another packs."""
    import pypdfium2

    found: list[bytes] = []
    waiting: deque[tuple[Future[bytes], Any]] = deque()
    document = pypdfium2.PdfDocument(pdf)
    try:
        with ThreadPoolExecutor(max_workers=1) as packer:
            for spot in spots:
                bitmap = _painted(document, spot, dpi)
                waiting.append((packer.submit(indexed_png, bitmap.to_numpy(), dpi), bitmap))
                if len(waiting) >= AHEAD:
                    found.append(_packed(*waiting.popleft()))
            found += [_packed(*waiting.popleft()) for _ in range(len(waiting))]
    finally:
        document.close()
    return found


def _painted(document: Any, spot: Spot, dpi: int) -> Any:
    """The bitmap of a spot: rows, columns, 4 bytes (blue, green, red, unused)."""
    page = document[spot.page - 1]
    crop = _crop(spot, page)
    bitmap = page.render(scale=_scale(spot, dpi, cut=any(crop)), crop=crop, prefer_bgrx=True)
    page.close()
    return bitmap


def _packed(packing: Future[bytes], bitmap: Any) -> bytes:
    made = packing.result()
    bitmap.close()
    return made


def _scale(spot: Spot, dpi: int, *, cut: bool) -> float:
    """Pixels to a point: whole pixels, no fewer than asked; two more where the edges are cut, each to a whole pixel."""
    pixels = math.ceil(spot.width_mm / MM_PER_INCH * dpi - 0.01) + (2 if cut else 0)
    return pixels / (spot.width_mm * POINTS_PER_MM)


def _crop(spot: Spot, page: Any) -> tuple[float, float, float, float]:
    """What is cut off at the left, bottom, right and top, in points."""
    width, height = page.get_size()
    left, top = spot.x_mm * POINTS_PER_MM, spot.y_mm * POINTS_PER_MM
    right, bottom = width - left - spot.width_mm * POINTS_PER_MM, height - top - spot.height_mm * POINTS_PER_MM
    return tuple(side if side > 0.01 else 0.0 for side in (left, bottom, right, top))  # type: ignore[return-value]


def _as_pdf(sheets: Sequence[Sheet]) -> bytes:
    import typst

    compiler = typst.Compiler(root=font_folders()[0], font_paths=typst_fonts(), ignore_system_fonts=True)
    data = [{"svg": s.svg, "width": float(s.width_mm), "height": float(s.height_mm)} for s in sheets]
    try:
        made = compiler.compile(
            input=_PAGES.encode(), format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)}
        )
    except typst.TypstError as err:
        raise PipelineError(f"图件栅格化失败：{err}") from err
    if not isinstance(made, bytes):
        raise PipelineError("图件栅格化失败：排版程序没有给出唯一的文件")
    return made
