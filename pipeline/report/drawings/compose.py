"""One sheet as ink: map, labels, frame and panel put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from pipeline.measures.arcs import flatten
from pipeline.report.drawings.board import Board
from pipeline.report.drawings.features import draw_part
from pipeline.report.drawings.frame import (
    GRID,
    foot_ink,
    frame_ink,
    neighbours,
    north_arrow,
    north_arrow_box,
    title_ink,
)
from pipeline.report.drawings.heights import NOTES_MM, heights_ink, heights_view
from pipeline.report.drawings.ink import Ink, Path, text_boxes, text_width
from pipeline.report.drawings.inset import inset_ink
from pipeline.report.drawings.labels import place, visible
from pipeline.report.drawings.layout import Layout, View, layout_of, plain_layout, view_of
from pipeline.report.drawings.lists import lists_ink
from pipeline.report.drawings.panel import block_ink, entries_of, legend_ink

if TYPE_CHECKING:
    from pipeline.model import ProjectReport
    from pipeline.report.drawings.sheets import Sheet
    from pipeline.report.drawings.style import Styles


BLOCK_TITLE_MM = 46.0  # a longer title stands above the map only; the title block has the kind of drawing


@dataclass(frozen=True, slots=True)
class Drawing:
    """A composed sheet, ready for SVG and DXF."""

    sheet: Sheet
    layout: Layout
    view: View
    ink: tuple[Ink, ...]


def compose(sheet: Sheet, result: ProjectReport, styles: Styles) -> Drawing:
    """All ink of one sheet, in drawing order."""
    return _map(sheet, result, styles) if sheet.spec.heights is None else _heights(sheet, result, styles)


def _map(sheet: Sheet, result: ProjectReport, styles: Styles) -> Drawing:
    entries = entries_of(sheet, styles)
    rows = _block_rows(sheet, result)
    layout = layout_of(sheet, legend_rows=len(entries), block_rows=len(rows) + 1)
    view = view_of(sheet, layout.window, styles)
    rows.append(("比例尺", f"1:{view.scale}"))
    drawn = [draw_part(part, view, styles) for part in sheet.parts]
    sides = neighbours(sheet, layout.window, view)
    frame = frame_ink(sheet, layout, view, _project_words(result), _reference(result))
    board = _board(layout, view, [*(ink for part in drawn for ink in part.ink), *frame])
    for text in sides:
        board.take(text_boxes(text.x, text.y, text_width(text.text, text.size_mm), text.size_mm, text.angle))
    for part in drawn:
        if part.signs:
            board.take(np.array(part.signs))
    outside = shapely.transform(shapely.union_all(shapely.make_valid(sheet.extent.geometry.to_numpy())), view.paper)
    placed = place(visible([label for part in drawn for label in part.labels], layout.window), board, outside)
    notes = list(sheet.notes)
    if placed.dropped:
        notes.append(f"图面所限，{placed.dropped} 处注记未注出")
    ink: list[Ink] = [item for part in drawn for item in part.ink]
    ink += [*frame, *north_arrow(layout.window)]
    ink += [*sides, *placed.ink, *legend_ink(entries, layout.legend), *block_ink(rows, layout.block, layout.pairs)]
    ink += inset_ink(sheet.inset, layout.legend, styles) if sheet.inset else []
    ink += lists_ink(sheet, placed.numbered, notes, layout.lists)
    return Drawing(sheet, layout, view, tuple(ink))


def _heights(sheet: Sheet, result: ProjectReport, styles: Styles) -> Drawing:
    rows = _block_rows(sheet, result)
    layout = plain_layout(sheet, notes_mm=NOTES_MM, block_rows=len(rows) + 1)
    view = heights_view(sheet, layout.window, styles)
    rows.append(("比例尺", f"竖向 1:{view.scale}"))
    ink = title_ink(sheet, layout, _project_words(result))
    ink += [*heights_ink(sheet, layout, view), *foot_ink(layout.foot, view, _reference(result))]
    ink += block_ink(rows, layout.block, layout.pairs)
    ink += lists_ink(sheet, [], list(sheet.notes), layout.lists)
    return Drawing(sheet, layout, view, tuple(ink))


def _board(layout: Layout, view: View, ink: list[Ink]) -> Board:
    """The paper with all lines marked as rather to be avoided, and the north arrow as taken."""
    board = Board(layout.window)
    board.take(np.array([north_arrow_box(layout.window)]))
    for path in ink:
        if isinstance(path, Path) and path.stroke and (path.world or path.layer == GRID):
            for ring in path.rings:
                flat = flatten(ring, closed=path.closed, sagitta_m=0.05)
                course = view.paper(flat) if path.world else flat
                board.cross(np.vstack([course, course[:1]]) if path.closed else course)
    return board


def _block_rows(sheet: Sheet, result: ProjectReport) -> list[tuple[str, str]]:
    """What the title block says, but for the scale."""
    project, firm = result.project.project, result.project.firm
    surveyed = result.project.surveys.get(sheet.survey)
    date = getattr(surveyed, "surveyed", None)
    named = sheet.title if text_width(sheet.title, 2.3) <= BLOCK_TITLE_MM else sheet.spec.title
    rows = [("项目名称", project.name), ("项目编号", project.code), ("图  名", named), ("测绘单位", firm.name)]
    rows += [(person.role, person.name) for person in result.project.people]
    if date:
        rows.append(("测量日期", str(date)))
    return [*rows, ("成图日期", str(project.date))]


def _project_words(result: ProjectReport) -> str:
    return f"{result.project.project.name}　{result.project.project.address}"


def _reference(result: ProjectReport) -> str:
    name = result.project.crs.name or result.project.crs.definition
    return f"坐标系统：{name}\n高程基准：{result.project.height_datum}　单位：m"
