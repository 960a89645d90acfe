"""The drawings of one result and all that is made of them: figures, one PDF of all sheets, pictures, CAD files.

Each is made once, when it is first asked for: right here, or by another process that begins as soon as the layers
stand, while the rules are still being judged. What that process cannot deliver is made here after all.
"""

from __future__ import annotations

import contextlib
import shutil
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pipeline.model import ProjectReport
    from pipeline.report.model import Figure
    from pipeline.report.raster import Painter

Made = TypeVar("Made")
Call = Callable[..., Any]  # "module:function", its arguments → what it makes; ChildProcessError when it cannot
FILES, SHEETS = "drawings", "sheets.pdf"
PART = 2  # pages that a process paints before it looks for more
HERE = "pipeline.report.studio"


class Studio:
    """Makes the drawings of `result`; what needs a place on the disk stands in `folder`, which the caller removes."""

    def __init__(self, result: ProjectReport, folder: Path) -> None:
        self.result, self.folder = result, folder

    @cached_property
    def figures(self) -> list[Figure]:
        """Every drawing as SVG, in the order of the standards."""
        from pipeline.report.drawings import draw

        return draw(self.result)

    @cached_property
    def sheets(self) -> Path:
        """One PDF with a page for each figure, of its size."""
        from pipeline.report.raster import write_sheets

        return write_sheets(self.figures, self.folder / SHEETS)

    @cached_property
    def pictures(self) -> list[bytes]:
        """Each figure as PNG."""
        with closing(self.painter) as painter:
            return painter.pictures(range(len(self.figures)))

    @cached_property
    def painter(self) -> Painter:
        """Who paints the sheets."""
        from pipeline.report.raster import Painter

        return Painter(self.sheets)

    @cached_property
    def files(self) -> Path:
        """A folder with each drawing as DXF and as SVG."""
        from pipeline.report.drawings import write_dxf

        write_dxf(self.result, self.folder / FILES)
        return self.folder / FILES


class Lent(Studio):
    """The same by another process, which is asked through `call`; `begin` sets it to work on everything at once."""

    def __init__(self, folder: Path, call: Call) -> None:
        self.folder, self._call = folder, call
        self._asker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="duoce-studio")
        self._made: dict[str, Future[Any]] = {}
        self._painted: dict[range, list[bytes]] = {}
        self._asker.submit(call, f"{HERE}:ready")

    def begin(self, result: ProjectReport) -> None:
        """The drawings of this result, or of one with the same layers: in the order in which they are wanted."""
        self.result = result
        self._asker.submit(self._call, f"{HERE}:begin", result, self.folder)
        for part in ("figures", "sheets"):
            self._made[part] = self._asker.submit(self._call, f"{HERE}:made", part)
        self._made["pictures"] = self._asker.submit(self._paint, self._there)
        self._made["files"] = self._asker.submit(self._call, f"{HERE}:made", "files")

    @cached_property
    def figures(self) -> list[Figure]:
        return self._or("figures", lambda: super(Lent, self).figures)

    @cached_property
    def sheets(self) -> Path:
        return self._or("sheets", lambda: super(Lent, self).sheets)

    @cached_property
    def pictures(self) -> list[bytes]:
        """As above, by both processes: each takes the next few pages when it is done with the last ones."""
        self._paint(self.painter.pictures)
        with contextlib.suppress(ChildProcessError):
            self._made["pictures"].result()
        lost = [part for part in self._parts if part not in self._painted]  # the other one has failed with it
        self._painted.update({part: self.painter.pictures(part) for part in lost})
        self.painter.close()
        return [picture for part in self._parts for picture in self._painted[part]]

    @cached_property
    def _parts(self) -> list[range]:
        """The pages in small parts."""
        count = len(self.figures)
        return [range(first, min(first + PART, count)) for first in range(0, count, PART)]

    @cached_property
    def _waiting(self) -> deque[range]:
        """The parts that nobody has begun to paint."""
        return deque(self._parts)

    def _paint(self, paint: Callable[[range], list[bytes]]) -> None:
        """Paints until nothing is waiting."""
        with contextlib.suppress(IndexError):
            while True:
                part = self._waiting.popleft()
                self._painted[part] = paint(part)

    def _there(self, part: range) -> list[bytes]:
        made: list[bytes] = self._call(f"{HERE}:pictures", part)
        return made

    @cached_property
    def files(self) -> Path:
        return self._or("files", lambda: super(Lent, self).files)

    def _or(self, part: str, here: Callable[[], Made]) -> Made:
        """What the other process has made of it; where it failed, made here."""
        with contextlib.suppress(ChildProcessError):
            made: Made = self._made[part].result()
            return made
        shutil.rmtree(self.folder / FILES, ignore_errors=True)
        return here()

    def close(self) -> None:
        """Waits for nothing that has not begun."""
        if "figures" in self.__dict__:
            self._waiting.clear()
        self._asker.shutdown(wait=False, cancel_futures=True)


# ---------------------------------------------------------------- in the other process

_studio: list[Studio] = []


def ready() -> None:
    """All that is slow to import."""
    import pypdfium2  # noqa: F401
    import typst  # noqa: F401

    import pipeline.report.drawings.dxf
    import pipeline.report.raster
    import pipeline.standard  # noqa: F401


def begin(result: ProjectReport, folder: Path) -> None:
    """From now on drawings are made of this result."""
    _studio[:] = [Studio(result, folder)]


def pictures(pages: range) -> list[bytes]:
    """Some of the sheets of the result begun with, painted."""
    return _studio[0].painter.pictures(pages)


def made(part: str) -> Any:
    """One part of the drawings of the result begun with."""
    return getattr(_studio[0], part)
