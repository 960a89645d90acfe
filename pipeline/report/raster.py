"""Vector drawings as one PDF, a page each, and as pixels for writers that cannot take vectors.

typst sets them as PDF once; the report takes the pages in as they are, and PDFium paints the same pages. That is several
times quicker than having typst paint each picture. Pictures keep to 256 colours, which their few inks and the shades at
the edges of letters fit in.
"""

from __future__ import annotations

import json
import math
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.errors import PipelineError
from pipeline.report.fonts import font_folders, typst_fonts
from pipeline.report.png import indexed_png

if TYPE_CHECKING:
    from pipeline.report.logo import Logo
    from pipeline.report.model import Figure

MM_PER_INCH = 25.4
POINTS_PER_INCH = 72.0
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


def svg_to_png(svg: str, width_mm: float, height_mm: float, *, dpi: int = DPI) -> bytes:
    """One drawing as `pictures` gives it."""
    return pictures([Sheet(svg, width_mm, height_mm)], dpi=dpi)[0]


def logo_png(logo: Logo) -> bytes:
    """A firm's logo as PNG, an SVG painted at `DPI`."""
    return logo.data if logo.kind == "png" else svg_to_png(logo.data.decode(), logo.width_mm, logo.height_mm)


def pictures(sheets: Sequence[Sheet], *, dpi: int = DPI) -> list[bytes]:
    """Each drawing as PNG with at least `dpi` dots to the inch of its size on paper, white ground.

    Texts are set with the shipped fonts, so the picture is the same on every machine.
    Errors: PipelineError when a drawing cannot be set.
    """
    return painted(_as_pdf(sheets), dpi=dpi) if sheets else []


def write_sheets(figures: Sequence[Figure], path: Path) -> Path:
    """The drawings as the PDF `path`, a page of its size for each; the same drawings give the same bytes."""
    path.write_bytes(_as_pdf([Sheet(f.svg, f.width_mm, f.height_mm) for f in figures]))
    return path


def painted(pdf: bytes | Path, *, dpi: int = DPI) -> list[bytes]:
    """Each page of a PDF as PNG, white ground."""
    with closing(Painter(pdf, dpi=dpi)) as painter:
        return painter.pictures(range(len(painter)))


class Painter:
    """Paints pages of one PDF; what it has read of the fonts, and its memory for pixels, serve all of them."""

    def __init__(self, pdf: bytes | Path, *, dpi: int = DPI) -> None:
        import pypdfium2

        self._document, self._dpi = pypdfium2.PdfDocument(pdf), dpi
        self._room: list[Any] = [np.empty(0, dtype=np.uint8) for _ in range(AHEAD)]

    def __len__(self) -> int:
        return len(self._document)

    def pictures(self, pages: range) -> list[bytes]:
        """Pages (from 0) as PNG; one thread paints while another packs."""
        found: list[bytes] = []
        waiting: deque[Future[bytes]] = deque()
        with ThreadPoolExecutor(max_workers=1) as packer:
            for number in pages:
                if len(waiting) >= AHEAD:
                    found.append(waiting.popleft().result())
                waiting.append(packer.submit(indexed_png, self._pixels(number), self._dpi))
            found += [packing.result() for packing in waiting]
        return found

    def _pixels(self, number: int) -> Any:
        """A page as rows, columns, 4 bytes (blue, green, red, unused), in memory that is used again for later pages.

        Fresh memory for every page takes the system longer to give than the page to paint white.
        """
        from pypdfium2 import PdfBitmap

        page = self._document[number]
        width, height = page.get_size()
        scale = math.ceil(width / POINTS_PER_INCH * self._dpi - 0.01) / width  # whole pixels, no fewer than asked
        size = 4 * math.ceil(width * scale + 1) * math.ceil(height * scale + 1)
        place = number % AHEAD
        if len(self._room[place]) < size:
            self._room[place] = np.empty(size, dtype=np.uint8)
        held = np.ctypeslib.as_ctypes(self._room[place])
        bitmap = page.render(scale=scale, prefer_bgrx=True, bitmap_maker=partial(PdfBitmap.new_native, buffer=held))
        page.close()
        pixels = self._room[place][: bitmap.height * bitmap.stride].reshape(bitmap.height, bitmap.width, 4)
        bitmap.close()
        return pixels

    def close(self) -> None:
        self._document.close()


def _as_pdf(sheets: Sequence[Sheet]) -> bytes:
    import typst

    compiler = typst.Compiler(root=font_folders()[0], font_paths=typst_fonts(), ignore_system_fonts=True)
    data = [{"svg": s.svg, "width": float(s.width_mm), "height": float(s.height_mm)} for s in sheets]
    try:
        made = compiler.compile(
            input=_PAGES.encode(),
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=0,  # no clock: the same drawings give the same bytes
        )
    except typst.TypstError as err:
        raise PipelineError(f"图件栅格化失败：{err}") from err
    if not isinstance(made, bytes):
        raise PipelineError("图件栅格化失败：排版程序没有给出唯一的文件")
    return made
