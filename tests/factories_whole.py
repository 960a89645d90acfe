"""The report of the clean sample as it is handed over, and its tables and pages read back, once per process."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from pipeline.model import ProjectReport
from pipeline.report.build import build
from pipeline.report.model import Report
from tests import factories_delivery
from tests.reading_forms import PageTables, Rows, W, docx_rows


class Whole(NamedTuple):
    """What one run of the sample left."""

    result: ProjectReport
    report: Report
    folder: Path


@cache
def whole() -> Whole:
    made = factories_delivery.made()
    return Whole(made.result, build(made.result), made.out)


@cache
def docx_tables() -> list[Rows]:
    """Every table of the Word document behind cover and signatures."""
    with ZipFile(whole().folder / "report.docx") as file:
        body = ET.fromstring(file.read("word/document.xml"))
    return [docx_rows(t) for t in body.iter(f"{W}tbl")][2:]


@cache
def html_tables() -> list[Rows]:
    """Every table of the page."""
    page = PageTables()
    page.feed((whole().folder / "report.html").read_text("utf-8"))
    return page.tables


@cache
def pdf_pages(pdftotext: str) -> list[str]:
    """The text of each page in the order in which it was set: cell by cell."""
    text = subprocess.run([pdftotext, "-raw", whole().folder / "report.pdf", "-"], check=True, capture_output=True)
    return text.stdout.decode().split("\f")[:-1]


def blocks_of(report: Report, kinds) -> list:
    """Every block of these kinds, in order."""
    return [b for chapter in report.chapters for b in chapter.blocks if isinstance(b, kinds)]
