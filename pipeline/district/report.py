"""The district report: the same report model, template and writers as a project's, other chapters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.district.chapters import CHAPTERS
from pipeline.district.result import DistrictResult
from pipeline.district.words import Words
from pipeline.errors import StandardError
from pipeline.report.model import Chapter, Report
from pipeline.report.template import load_template
from pipeline.standard import Standard

FOLDER = "report"  # of the standard between projects: template, forms and words over those of the project report
Progress = Callable[[str], None]


def build(result: DistrictResult, standard: Standard, outlines: Mapping[str, Any]) -> tuple[Report, Report]:
    """(report, tables): the document, and the same with every row for the workbook.

    outlines: project key → its shape in the district's CRS, for the map.
    """
    template = load_template(standard.folder / FOLDER)
    made = []
    for whole in (False, True):
        words = Words(result, standard, template, outlines, whole=whole)
        made.append(_report(words))
    return made[0], made[1]


def write_reports(
    result: DistrictResult, standard: Standard, outlines: Mapping[str, Any], folder: Path, *, progress: Progress
) -> list[Path]:
    """district.docx, .pdf, .html, .xlsx in `folder`."""
    from pipeline.report.docx import write_docx
    from pipeline.report.page import write_page
    from pipeline.report.pdf import write_pdf
    from pipeline.report.xlsx import write_xlsx

    progress("编制批次汇总报告")
    report, tables = build(result, standard, outlines)
    writers: Sequence[tuple[str, Callable[[Report, Path], None], Report]] = (
        ("district.pdf", write_pdf, report),
        ("district.docx", write_docx, report),
        ("district.html", write_page, report),
        ("district.xlsx", write_xlsx, tables),
    )
    for name, write, content in writers:
        write(content, folder / name)
    return [folder / name for name, _, _ in writers]


def _report(words: Words) -> Report:
    template, slots = words.template, words.slots
    chapters, count = [], 0
    for plan in template.chapters:
        if plan.kind not in CHAPTERS:
            raise StandardError(f"{template.folder}：chapters：没有种类“{plan.kind}”；可用：{'、'.join(CHAPTERS)}")
        count += plan.number is None
        chapters.append(Chapter(plan.number or str(count), plan.title, tuple(CHAPTERS[plan.kind](words))))
    return Report(
        title=template.title,
        cover=tuple((line.label, template.fill(line.value, slots, "cover")) for line in template.cover),
        statement=tuple(template.fill(text, slots, "statement") for text in template.statement),
        signatures=tuple((line.role, line.name) for line in template.signatures),
        chapters=tuple(chapters),
        project_code=template.say("district_size", projects=slots["projects"]),
        firm="",
        date=slots["date"],
        keywords=(template.title,),
    )
