"""Vector drawings as pixels, for writers that cannot take SVG."""

from __future__ import annotations

from pipeline.report.fonts import font_folders, typst_fonts

POINTS_PER_INCH = 72.0

_PAGE = (
    '#set page(width: float(sys.inputs.w) * 1mm, height: float(sys.inputs.h) * 1mm, margin: 0pt, fill: white)\n'
    '#image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%, fit: "contain")\n'
)


def svg_to_png(svg: str, width_mm: float, height_mm: float, *, dpi: int = 300) -> bytes:
    """A drawing of `width_mm` × `height_mm` on paper as PNG with `dpi` dots to the inch, white ground.

    Texts are set with the shipped fonts, so the picture is the same on every machine.
    """
    import typst

    page: bytes = typst.compile(
        _PAGE.encode(),
        root=font_folders()[0],
        font_paths=typst_fonts(),
        ignore_system_fonts=True,
        format="png",
        ppi=float(dpi),
        sys_inputs={"svg": svg, "w": repr(float(width_mm)), "h": repr(float(height_mm))},
    )
    return page
