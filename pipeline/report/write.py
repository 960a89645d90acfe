"""Everything a run leaves in its output folder, each file written aside and put in place when it is whole."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.aside import aside, put_in_place
from pipeline.model import ProjectReport
from pipeline.report.model import Figure

if TYPE_CHECKING:
    from pipeline.report.model import Report
    from pipeline.report.studio import Studio

Progress = Callable[[str], None]
Meanwhile = Callable[["Report", Sequence[Figure]], None]


def write_all(
    result: ProjectReport,
    out: Path,
    *,
    progress: Progress = lambda _: None,
    studio: Studio | None = None,
    meanwhile: Meanwhile = lambda *_: None,
) -> list[Path]:
    """Step 8. Returns the written files; `out` is created; a file that cannot be replaced leaves the old one whole.

    studio: who makes the drawings, default a new one here. meanwhile: work that needs none of the files, done while
    others make them; is given the report and its drawings.
    """
    from pipeline.report.studio import Studio

    with aside(out) as work:
        with tempfile.TemporaryDirectory(prefix="duoce-studio-", ignore_cleanup_errors=True) as scratch:
            _write(result, work, studio or Studio(result, Path(scratch)), progress, meanwhile)
        return put_in_place(work, out)


def _write(result: ProjectReport, work: Path, studio: Studio, progress: Progress, meanwhile: Meanwhile) -> None:
    from pipeline.report.build import build
    from pipeline.report.html import write_html
    from pipeline.report.xlsx import write_xlsx

    progress("输出数据")
    _data(result, work)
    progress("编制报告")
    report = build(result, figures=studio.figures)
    with ThreadPoolExecutor(max_workers=1) as beside:
        progress("输出 PDF、Word、网页与表格")
        printed = beside.submit(_printed, report, work, studio)  # mostly outside Python: the rest goes on meanwhile
        write_html(report, result, work / "report.html")
        write_xlsx(report, work / "tables.xlsx")
        meanwhile(report, studio.figures)
        printed.result()
    progress("绘制图件")
    shutil.copytree(studio.files, work / "drawings", copy_function=shutil.copyfile)


def _printed(report: Report, work: Path, studio: Studio) -> None:
    """PDF and Word, with the drawings as vectors and as pictures."""
    from pipeline.report.docx import write_docx
    from pipeline.report.pdf import write_pdf

    drawn = any(isinstance(block, Figure) for chapter in report.chapters for block in chapter.blocks)
    write_pdf(report, work / "report.pdf", sheets=studio.sheets if drawn else None)
    write_docx(report, work / "report.docx", pictures=studio.pictures if drawn else ())


def write_data(result: ProjectReport, out: Path) -> list[Path]:
    """The data of a run without its documents: findings, summary, layers. As `write_all`, in a fraction of the time."""
    with aside(out) as work:
        _data(result, work)
        return put_in_place(work, out)


def _data(result: ProjectReport, work: Path) -> None:
    from pipeline.report import data

    data.write_findings(result, work / "findings.jsonl")
    data.write_summary(result, work / "summary.json")
    data.write_geopackage(result, work / "result.gpkg")
