"""The fonts every writer uses: two static OpenType files that come with the install, never the machine's own."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    import typst

SANS = "Noto Sans SC"  # 黑体: headings, drawings
SERIF = "Noto Serif SC"  # 宋体: body text
#: what a drawing asks for: the shipped font first, then what an office machine has
SVG_FAMILY = "Noto Sans SC, SimHei, sans-serif"

_PACKAGE = "pylopdf_fonts_zh_cn"
_FILES = {SANS: "NotoSansSC-Regular.otf", SERIF: "NotoSerifSC-Regular.otf"}


@lru_cache(maxsize=1)
def font_files() -> dict[str, Path]:
    """Family name → static font file of the installed font wheel.

    Errors: PipelineError naming the package when the wheel or one of its files is missing.
    """
    try:
        folder = Path(str(resources.files(_PACKAGE)))
    except ModuleNotFoundError as err:
        raise PipelineError(f"缺少中文字体包 {_PACKAGE}：请重新安装本软件（pip install pylopdf-fonts-zh-cn）") from err
    files = {family: folder / name for family, name in _FILES.items()}
    missing = [str(path.name) for path in files.values() if not path.is_file()]
    if missing:
        raise PipelineError(f"中文字体包 {_PACKAGE} 不完整，缺少：{'、'.join(missing)}")
    return files


def font_folders() -> list[str]:
    """Folders that hold the font files, for a typesetter's `font_paths`."""
    return sorted({str(path.parent) for path in font_files().values()})


@lru_cache(maxsize=1)
def typst_fonts() -> typst.Fonts:
    """The font set for typst: only the shipped files and typst's own, scanned once per process."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=font_folders())
