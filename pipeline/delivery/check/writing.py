"""The review in its output folder: docx, PDF, HTML and JSON, each put in place when it is whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from pipeline.aside import aside, put_in_place
from pipeline.delivery.check.judging import Review
from pipeline.delivery.check.review import FOLDER, as_data, build_review, shown

Progress = Callable[[str], None]


def write_review(review: Review, out: Path, *, progress: Progress = lambda _: None) -> list[Path]:
    """Writes review.docx, .html, .json and .pdf into `out`, which is created; returns them."""
    from pipeline.report.docx import write_docx
    from pipeline.report.html import write_html
    from pipeline.report.pdf import write_pdf
    from pipeline.report.template import load_template

    progress("编制审查报告")
    with aside(out) as work:
        report = build_review(review)
        (work / "review.json").write_text(json.dumps(as_data(review), ensure_ascii=False, indent=1) + "\n", "utf-8")
        write_pdf(report, work / "review.pdf")
        write_docx(report, work / "review.docx")
        write_html(report, shown(review), work / "review.html", words=load_template(FOLDER))
        return put_in_place(work, out)
