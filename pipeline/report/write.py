"""Everything a run leaves in its output folder, each file written aside and put in place when it is whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.model import ProjectReport

if TYPE_CHECKING:
    from pipeline.report.model import Report

Progress = Callable[[str], None]


def write_all(result: ProjectReport, out: Path, *, progress: Progress = lambda _: None) -> list[Path]:
    """Step 8. Returns the written files; `out` is created; a file that cannot be replaced leaves the old one whole."""
    from pipeline.report import drawings
    from pipeline.report.build import build
    from pipeline.report.html import write_html
    from pipeline.report.xlsx import write_xlsx

    work = _aside(out)
    progress("编制报告")
    report = build(result)
    with ThreadPoolExecutor(max_workers=1) as beside:
        progress("输出 PDF、Word、网页与表格")
        printed = beside.submit(_printed, report, work)  # mostly outside Python: the rest goes on meanwhile
        write_html(report, result, work / "report.html")
        write_xlsx(report, work / "tables.xlsx")
        progress("绘制图件")
        (work / "drawings").mkdir()
        drawings.write_files(result, report, work / "drawings")
        _data(result, work)
        printed.result()
    return _put_in_place(work, out)


def _printed(report: Report, work: Path) -> None:
    """PDF and Word; the Word document takes its pictures from the pages of the PDF."""
    from pipeline.report.docx import write_docx
    from pipeline.report.pdf import set_pdf
    from pipeline.report.raster import cut_out

    drawn = set_pdf(report, work / "report.pdf")
    pictures = cut_out(work / "report.pdf", drawn) if drawn else []
    write_docx(report, work / "report.docx", pictures=pictures)


def write_data(result: ProjectReport, out: Path) -> list[Path]:
    """The data of a run without its documents: findings, summary, layers. As `write_all`, in a fraction of the time."""
    work = _aside(out)
    _data(result, work)
    return _put_in_place(work, out)


def _aside(out: Path) -> Path:
    work = out / ".writing"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    return work


def _data(result: ProjectReport, work: Path) -> None:
    from pipeline.report import data

    data.write_findings(result, work / "findings.jsonl")
    data.write_summary(result, work / "summary.json")
    data.write_geopackage(result, work / "result.gpkg")


def _put_in_place(work: Path, out: Path) -> list[Path]:
    written = []
    for path in sorted(work.iterdir()):
        target = out / path.name
        if target.is_dir():
            shutil.rmtree(target)
        path.replace(target)
        written.append(target)
    work.rmdir()
    return written
