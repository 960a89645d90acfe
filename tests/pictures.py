"""The README's pictures, made from the samples: `make pictures` writes docs/report.png and docs/map.png.

The pages come out of the PDF of the clean sample, the map out of the HTML of the faulty one with a finding clicked.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import pypdfium2
from browser import Browser

from pipeline.project import run_project
from pipeline.report.png import indexed_png
from pipeline.report.write import write_all

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGE_DPI, GAP = 62, 12  # of the pages; pixels between them
GROUND = 0xD8  # grey behind the pages
VIEW = (1150, 690)
LARGEST_BYTES = 300_000
FINDING = "GRN-T01"  # the rule whose first finding is clicked


def main() -> int:
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        clean, faulty = Path(folder) / "clean", Path(folder) / "faulty"
        result = run_project(ROOT / "samples" / "binjiang")
        write_all(result, clean)
        report(clean / "report.pdf", DOCS / "report.png")
        write_all(run_project(ROOT / "samples" / "binjiang_faults"), faulty)
        live_map(faulty / "report.html", DOCS / "map.png")
    for path in (DOCS / "report.png", DOCS / "map.png"):
        sys.stdout.write(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1000:.0f} kB\n")
        if path.stat().st_size > LARGEST_BYTES:
            return 1
    return 0


def report(pdf: Path, target: Path) -> None:
    """Cover, indicators and a drawing of the report, side by side."""
    document = pypdfium2.PdfDocument(pdf)
    words = [document[n].get_textpage().get_text_range() for n in range(len(document))]
    indicators = next(
        n for n, text in enumerate(words) if "总体结论" in text and "......" not in text and ". . ." not in text
    )
    drawing = next(n for n in range(len(document)) if document[n].get_width() > 1000)
    shown = [document[n].render(scale=PAGE_DPI / 72, prefer_bgrx=True).to_numpy() for n in (0, indicators, drawing)]
    height = max(page.shape[0] for page in shown) + 2 * GAP
    width = sum(page.shape[1] + GAP for page in shown) + GAP
    sheet = np.full((height, width, 4), GROUND, dtype=np.uint8)
    left = GAP
    for page in shown:
        top = (height - page.shape[0]) // 2
        sheet[top : top + page.shape[0], left : left + page.shape[1]] = page
        left += page.shape[1] + GAP
    target.write_bytes(indexed_png(sheet, PAGE_DPI))


def live_map(page: Path, target: Path) -> None:
    """The page with its map after a click on a finding."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("Chromium is needed for the picture of the map")
    with Browser(program, width=VIEW[0], height=VIEW[1]) as browser:
        browser.open(page)
        number = browser.run(f"duoce.findings.findIndex(f => f.rule.startsWith({FINDING!r}) && f.features.length > 1)")
        browser.click(f'tr[data-finding="{max(number, 0)}"]')
        browser.wait("duoce.map.state().lit.length > 0")
        browser.click("#zoom-all")
        browser.run("window.scrollTo(0, 0)")
        browser.run("new Promise(done => setTimeout(done, 600))")
        browser.picture(target)


if __name__ == "__main__":
    sys.exit(main())
