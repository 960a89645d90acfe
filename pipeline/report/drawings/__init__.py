"""Survey drawings to scale, as each survey's standard declares them: SVG for the report, DXF for CAD."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.report.drawings.compose import Drawing, compose
from pipeline.report.drawings.sheets import plan
from pipeline.report.drawings.style import load_styles
from pipeline.report.drawings.svg import to_svg
from pipeline.report.model import Figure

if TYPE_CHECKING:
    from pipeline.model import ProjectReport
    from pipeline.report.model import Report

__all__ = ["draw", "drawings_of", "write_dxf", "write_files"]


class _Same:
    """A result as a key: equal only to itself, since frames have no equality."""

    def __init__(self, result: ProjectReport) -> None:
        self.result = result

    def __hash__(self) -> int:
        return id(self.result)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.result is other.result


def draw(result: ProjectReport) -> list[Figure]:
    """Every drawing of the commissioned surveys as SVG, in the order of the standards."""
    return [_figure(drawing) for drawing in drawings_of(result)]


def drawings_of(result: ProjectReport) -> tuple[Drawing, ...]:
    """Every drawing as ink; composed once for the report and the drawings folder of the same result."""
    return _composed(_Same(result))


@lru_cache(maxsize=1)
def _composed(same: _Same) -> tuple[Drawing, ...]:
    styles = load_styles()
    return tuple(compose(sheet, same.result, styles) for sheet in plan(same.result, styles))


def write_dxf(result: ProjectReport, folder: Path) -> list[Path]:
    """Each drawing in `folder` as DXF (true coordinates) and as SVG; returns the files written, sorted."""
    from pipeline.report.drawings.dxf import save

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, drawing in enumerate(drawings_of(result), 1):
        stem = f"{number:02d}-{_file_name(drawing.sheet.title)}"
        save(drawing, folder / f"{stem}.dxf")
        (folder / f"{stem}.svg").write_text(_figure(drawing).svg, "utf-8", newline="\n")
        written += [folder / f"{stem}.dxf", folder / f"{stem}.svg"]
    return sorted(written)


def write_files(result: ProjectReport, _report: Report, folder: Path) -> list[Path]:
    """The drawings folder of a run, with the signature of the other writers; see `write_dxf`."""
    return write_dxf(result, folder)


def _figure(drawing: Drawing) -> Figure:
    sheet, layout = drawing.sheet, drawing.layout
    svg = to_svg(list(drawing.ink), layout.width, layout.height, layout.window, drawing.view, id_=sheet.id)
    return Figure(
        sheet.id,
        f"{sheet.title}（1:{drawing.view.scale}）",
        svg,
        layout.width,
        layout.height,
        sheet.spec.paper,
        drawing.view.scale,
    )


def _file_name(title: str) -> str:
    return re.sub(r'[\s\\/:*?"<>|]+', "_", title).strip("_.")[:80]
