"""A report with one long table: Word against python-docx row by row, PDF against LibreOffice printing that Word file."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import docx
from docx.oxml.ns import qn

from benchmarks.table import Row, interleaved
from pipeline.report.docx import write_docx
from pipeline.report.model import Chapter, Column, Report, Table
from pipeline.report.pdf import write_pdf

LABELS = ("户号", "层次", "套内建筑面积（m²）", "分摊面积（m²）", "建筑面积（m²）", "坐落")
OFFICE = ("soffice", "libreoffice")
PATIENCE_S = 60.0  # LibreOffice lays out a long table in a time that grows with its square


def rows(*, quick: bool) -> Iterator[Row]:
    """Word, PDF, and how both grow with ten times the rows."""
    small, large = (50, 500) if quick else (500, 5_000)
    runs = 1 if quick else 3
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report = report_of(large)
        docx_s = interleaved(
            lambda: write_docx(report, folder / "ours.docx"), lambda: by_rows(report, folder / "peer.docx"), runs=runs
        )
        if {printed_rows(folder / "ours.docx"), printed_rows(folder / "peer.docx")} != {large + 1}:
            raise AssertionError("the two documents do not hold the same rows")
        sizes = f"{large:,} rows of {len(LABELS)} columns"
        yield Row("report as Word", "python-docx, add_row", *docx_s, 5, sizes)
        yield from _printed(report, folder, sizes, runs=runs)
        for what, write in (("Word", write_docx), ("PDF", write_pdf)):
            short = report_of(small)
            grown, first = interleaved(
                lambda write=write: write(report, folder / "a"),  # type: ignore[misc]
                lambda write=write, short=short: write(short, folder / "b"),  # type: ignore[misc]
                runs=runs,
            )
            yield Row(f"report as {what}: 10 × the rows", f"{small:,} rows", grown, first, 12, sizes, share=True)


def _printed(report: Report, folder: Path, sizes: str, *, runs: int) -> Iterator[Row]:
    """PDF against LibreOffice, where it is installed; it is run once, and stopped when it takes too long."""
    office = next((found for found in map(shutil.which, OFFICE) if found), None)
    if office is None:
        return
    ours_s = interleaved(lambda: write_pdf(report, folder / "ours.pdf"), lambda: None, runs=runs)[0]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder / "office")]
    _converted([*command, str(short_docx(folder))])
    peer_s, done = _converted([*command, str(folder / "ours.docx")])
    note = "" if done else "LibreOffice was not done by then and was stopped"
    yield Row("report as PDF", "LibreOffice, from the Word file", ours_s, peer_s, 10, sizes, note)


def _converted(command: list[str]) -> tuple[float, bool]:
    """Seconds that a conversion took, and whether it came to its end."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # the office is a child of what was started
        process.wait()
        return time.perf_counter() - started, False
    return time.perf_counter() - started, True


def report_of(count: int) -> Report:
    """One chapter with one table, as a report of a survey has them."""
    cells = tuple(
        (f"{1 + n // 8}-{1 + n % 8:02d}", str(1 + n // 8), f"{80 + n % 60:.2f}", f"{20 + n % 9:.2f}", f"{100 + n % 69:.2f}",
         f"江北区观音桥街道滨江雅苑 {1 + n // 200} 幢")
        for n in range(count)
    )  # fmt: skip
    columns = tuple(Column(label, "left" if n in (0, 5) else "right") for n, label in enumerate(LABELS))
    table = Table("units", "房屋面积明细表", columns, cells)
    return Report(
        title="房产测绘成果",
        cover=(("项目名称", "滨江雅苑"),),
        statement=("本报告由程序生成。",),
        signatures=(("项目负责", ""),),
        chapters=(Chapter("1", "房屋面积", (table,)),),
        project_code="CQJB-2026-0117",
        date="2026-09-18",
    )


def by_rows(report: Report, path: Path) -> None:
    """The table as the documentation of python-docx fills one: a row added, its cells written."""
    document = docx.Document()
    table = report.chapters[0].blocks[0]
    assert isinstance(table, Table)
    written = document.add_table(rows=1, cols=len(table.columns))
    for cell, column in zip(written.rows[0].cells, table.columns, strict=True):
        cell.text = column.label
    for values in table.rows:
        for cell, value in zip(written.add_row().cells, values, strict=True):
            cell.text = value
    document.save(str(path))


def printed_rows(path: Path) -> int:
    """Rows of the longest table of a Word file."""
    body = docx.Document(str(path)).element.body
    return max(len(table.findall(qn("w:tr"))) for table in body.iter(qn("w:tbl")))


def short_docx(folder: Path) -> Path:
    """A document to warm the office up with."""
    path = folder / "short.docx"
    docx.Document().save(str(path))
    return path
