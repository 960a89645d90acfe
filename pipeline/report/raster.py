"""Vector drawings as pixels, for writers that cannot take SVG."""

from __future__ import annotations

from pipeline.errors import PipelineError
from pipeline.report.fonts import font_folders, typst_fonts

POINTS_PER_INCH = 72.0

_PAGE = (
    "#set page(width: float(sys.inputs.w) * 1mm, height: float(sys.inputs.h) * 1mm, margin: 0pt, fill: white)\n"
    '#image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%, fit: "contain")\n'
)


def svg_to_png(svg: str, width_mm: float, height_mm: float, *, dpi: int = 300) -> bytes:
    """A drawing of `width_mm` × `height_mm` on paper as PNG with `dpi` dots to the inch, white ground.

    Texts are set with the shipped fonts, so the picture is the same on every machine.
    """
    import typst

    compiler = typst.Compiler(root=font_folders()[0], font_paths=typst_fonts(), ignore_system_fonts=True)
    page = compiler.compile(
        input=_PAGE.encode(),
        format="png",
        ppi=float(dpi),
        sys_inputs={"svg": svg, "w": repr(float(width_mm)), "h": repr(float(height_mm))},
    )
    if not isinstance(page, bytes):
        raise PipelineError("图件栅格化失败：排版程序没有给出唯一的一页")
    return page
