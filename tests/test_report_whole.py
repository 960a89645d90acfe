"""The report of the sample as it is handed over: all forms say the same numbers, and print every chapter and row."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import openpyxl
import pytest
from fontTools.ttLib import TTFont
from reading_forms import PageTables, Rows, W, cad_areas, docx_rows, plain, shown
from reading_report import tables, words

from pipeline.measures import arcs
from pipeline.model import ProjectReport
from pipeline.project import run_project
from pipeline.report.build import build
from pipeline.report.docx_tables import form_lines
from pipeline.report.fonts import font_files
from pipeline.report.model import Figure, KeyValues, Report, Table
from pipeline.report.numbering import PAGE, chapter_title, labels
from pipeline.report.write import write_all

NEAR_PAGES = 3  # pages by which the contents of the Word document may be off until Word updates them


class Made(NamedTuple):
    """What one run of the sample left."""

    result: ProjectReport
    report: Report
    folder: Path


@pytest.fixture(scope="module")
def made(samples, tmp_path_factory) -> Made:
    folder = tmp_path_factory.mktemp("whole")
    result = run_project(samples / "binjiang")
    write_all(result, folder)
    return Made(result, build(result), folder)


# ---------------------------------------------------------------- reading what was written


@pytest.fixture(scope="module")
def docx_tables(made) -> list[Rows]:
    """Every table of the Word document behind cover and signatures."""
    with ZipFile(made.folder / "report.docx") as file:
        body = ET.fromstring(file.read("word/document.xml"))
    return [docx_rows(t) for t in body.iter(f"{W}tbl")][2:]


@pytest.fixture(scope="module")
def html_tables(made) -> list[Rows]:
    page = PageTables()
    page.feed((made.folder / "report.html").read_text("utf-8"))
    return page.tables


@pytest.fixture(scope="module")
def pdf_pages(made, pdftotext) -> list[str]:
    """The text of each page in the order in which it was set: cell by cell."""
    text = subprocess.run([pdftotext, "-raw", made.folder / "report.pdf", "-"], check=True, capture_output=True)
    return text.stdout.decode().split("\f")[:-1]


@pytest.fixture(scope="module")
def book(made):
    return openpyxl.load_workbook(made.folder / "tables.xlsx", read_only=True)


# ---------------------------------------------------------------- numbers agree


@pytest.fixture(scope="module")
def indicators(made) -> list[tuple[str, list[str]]]:
    """Each indicator of summary.json: label, and its numbers as printed; decimals as its measure declares."""
    decimals = {(i.survey, i.name, i.building): i.decimals for i in made.result.indicators}
    found = []
    for item in json.loads((made.folder / "summary.json").read_text("utf-8"))["indicators"]:
        places = decimals[item["survey"], item["name"], item["building"]]
        numbers = [item[key] for key in ("permitted", "measured", "difference")]
        found.append((item["label"], [f"{n:.{places}f}" for n in numbers if n is not None]))
    assert len(found) > 30
    assert sum(len(numbers) for _, numbers in found) > 90
    return found


def lacking(indicators, rows: Rows) -> list[str]:
    """Indicators that no row shows with their label and all their numbers."""
    known = [(row, set(row)) for row in rows]
    return [
        f"{label} {numbers}"
        for label, numbers in indicators
        if not any(set(numbers) <= cells and any(label in cell for cell in row) for row, cells in known)
    ]


def test_every_indicator_of_the_summary_stands_in_the_word_document(indicators, docx_tables):
    assert lacking(indicators, [row for rows in docx_tables for row in rows]) == []


def test_every_indicator_of_the_summary_stands_in_the_page(indicators, html_tables):
    assert lacking(indicators, [row for rows in html_tables for row in rows]) == []


def test_every_indicator_of_the_summary_stands_in_the_workbook(indicators, book):
    rows = [[shown(cell) for cell in row if cell.value is not None] for sheet in book for row in sheet.iter_rows()]
    assert lacking(indicators, rows) == []


def test_every_indicator_of_the_summary_stands_in_the_pdf(indicators, made, pdf_pages):
    said = plain("".join(pdf_pages))
    table_rows = [r for name, t in tables(made.report).items() if name.startswith("indicators.") for r in t.rows]
    assert lacking(indicators, [list(row) for row in table_rows]) == []
    assert [row for row in table_rows if plain("".join(row)) not in said] == []


# ---------------------------------------------------------------- drawings


def test_areas_of_every_drawing_read_back_from_cad_to_a_hundredth_of_a_square_metre(made):
    frames = {
        row.feature: arcs.area(row.curve if row.curve is not None else row.geometry)
        for survey in made.result.surveys
        for name, frame in survey.frames.items()
        if made.result.standards.surveys[survey.survey].layers[name].geometry == "polygon"
        for row in frame.itertuples()
    }
    compared = 0
    for path in sorted((made.folder / "drawings").glob("*.dxf")):
        for feature, area_m2 in cad_areas(path).items():
            if feature in frames:
                compared += 1
                assert area_m2 == pytest.approx(frames[feature], abs=0.005), (path.name, feature)
    assert compared > 300


# ---------------------------------------------------------------- chapters and rows


def blocks_of(report: Report, kinds) -> list:
    return [b for chapter in report.chapters for b in chapter.blocks if isinstance(b, kinds)]


def test_every_table_of_the_word_document_has_the_rows_of_its_data(made, docx_tables):
    wanted = blocks_of(made.report, Table | KeyValues)
    assert len(docx_tables) == len(wanted)
    for block, rows in zip(wanted, docx_tables, strict=True):
        if isinstance(block, KeyValues):
            assert [cell for row in rows for cell in row] == [
                part for line in form_lines(block) for item in line for part in item
            ]
            continue
        width = len(block.columns)
        assert [row[:width] for row in rows] == [[c.label for c in block.columns], *map(list, block.rows)], block.id


def test_every_table_of_the_page_has_the_rows_of_its_data(made, html_tables):
    shown = [[[plain(cell) for cell in row] for row in rows] for rows in html_tables]
    for block in blocks_of(made.report, Table):
        wanted = [[plain(c.label) for c in block.columns], *([plain(c) for c in row] for row in block.rows)]
        assert wanted in shown, block.id


def test_every_row_of_every_table_is_in_the_pdf(made, pdf_pages):
    said = plain("".join(pdf_pages))
    for block in blocks_of(made.report, Table):
        lost = [row for row in set(block.rows) if plain("".join(row)) not in said]
        assert lost == [], block.id


def test_every_chapter_title_is_in_all_forms(made, pdf_pages, html_tables):
    titles = [plain(chapter_title(chapter)) for chapter in made.report.chapters]
    with ZipFile(made.folder / "report.docx") as file:
        body = ET.fromstring(file.read("word/document.xml"))
    word = plain("".join(t.text or "" for t in body.iter(f"{W}t")))
    page = plain(re.sub(r"<[^>]+>", "", (made.folder / "report.html").read_text("utf-8")))
    for said in (word, page, plain("".join(pdf_pages))):
        assert [title for title in titles if title not in said] == []


# ---------------------------------------------------------------- letters, pages


@cache
def letters() -> set[int]:
    """Every letter that the shipped fonts have."""
    return {code for path in font_files().values() for code in TTFont(path, lazy=True).getBestCmap()}


def test_no_letter_of_the_report_is_missing_in_the_fonts(made):
    texts = {
        *words(made.report),
        *re.findall(r">([^<]+)</text>", "".join(f.svg for f in blocks_of(made.report, Figure))),
    }
    unknown = {c for text in texts for c in text if ord(c) not in letters() and not c.isspace()}
    assert unknown == set()


def test_all_fonts_of_the_pdf_are_embedded(made, pdffonts):
    lines = subprocess.run([pdffonts, made.folder / "report.pdf"], check=True, capture_output=True, text=True)
    rows = lines.stdout.splitlines()[2:]
    assert rows
    assert all(row.split()[-5] == "yes" for row in rows)


def test_the_pdf_counts_its_pages_and_none_is_empty(pdf_pages):
    total = len(pdf_pages)
    assert total > 60
    assert [n for n, page in enumerate(pdf_pages[1:], start=2) if f"第{n}页共{total}页" not in plain(page)] == []
    assert [n for n, page in enumerate(pdf_pages, start=1) if len(plain(page)) < 60] == []


def test_the_list_of_drawings_names_the_page_of_each_in_the_pdf(made, pdf_pages):
    listed = next(t for t in blocks_of(made.report, Table) if t.targets)
    drawn = blocks_of(made.report, Figure)
    numbers = labels(made.report)
    assert len(drawn) == len(listed.rows) == len(listed.targets) > 40
    said = plain("".join(pdf_pages))
    for row, figure in zip(listed.rows, drawn, strict=True):
        label = next(
            numbers[c, b] for c, ch in enumerate(made.report.chapters) for b, x in enumerate(ch.blocks) if x is figure
        )
        at = [n for n, page in enumerate(pdf_pages, start=1) if plain(label.before(figure.caption)) in plain(page)]
        assert len(at) == 1, figure.caption
        assert f"{plain(''.join(row))}{at[0]}" in said


def test_the_list_of_drawings_has_page_fields_in_the_word_document(made, docx_tables):
    rows = next(rows for rows in docx_tables if rows[0][-1] == PAGE)
    assert len(rows) - 1 == len(blocks_of(made.report, Figure))
    pages = [int(row[-1]) for row in rows[1:]]
    assert pages == sorted(pages)
    with ZipFile(made.folder / "report.docx") as file:
        body = file.read("word/document.xml").decode()
    asked = re.findall(r"PAGEREF (_Ref\d+)", body)
    assert len(asked) == len(rows) - 1
    assert all(body.count(f'w:name="{name}"') == 1 for name in asked)


def test_pictures_of_the_word_document_have_three_hundred_dots_to_the_inch(made):
    with ZipFile(made.folder / "report.docx") as file:
        body = ET.fromstring(file.read("word/document.xml"))
        links = ET.fromstring(file.read("word/_rels/document.xml.rels"))
        files = {link.get("Id"): f"word/{link.get('Target')}" for link in links}
        embed = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
        drawings = [e for e in body.iter() if str(e.tag).endswith("}inline")]
        assert len(drawings) == len(blocks_of(made.report, Figure))
        for drawing in drawings:
            width_mm = int(next(e for e in drawing if str(e.tag).endswith("}extent")).get("cx")) / 36000
            data = file.read(files[next(e for e in drawing.iter() if e.get(embed)).get(embed)])
            assert int.from_bytes(data[16:20], "big") / (width_mm / 25.4) >= 300


@pytest.mark.slow
@pytest.mark.needs_office
def test_the_word_document_is_laid_out_whole(made, soffice, pdftotext, pdffonts, tmp_path):
    command = [soffice, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", "pdf"]
    command += ["--outdir", str(tmp_path), str(made.folder / "report.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=480)
    command = [pdftotext, "-layout", tmp_path / "report.pdf", "-"]
    text = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    pages = [plain(page) for page in text.split("\f")[:-1]]
    assert [n for n, page in enumerate(pages[1:], start=2) if f"第{n}页共{len(pages)}页" not in page] == []
    assert [n for n, page in enumerate(pages, start=1) if len(page) < 40] == []
    assert "\ufffd" not in text
    said = "".join(pages)
    captions = [b.caption for b in blocks_of(made.report, Table | Figure)]
    assert [c for c in captions if plain(c) not in said] == []
    fonts = subprocess.run([pdffonts, tmp_path / "report.pdf"], check=True, capture_output=True, text=True)
    assert all(row.split()[-5] == "yes" for row in fonts.stdout.splitlines()[2:])
    with ZipFile(made.folder / "report.docx") as file:
        rows = [r for t in ET.fromstring(file.read("word/document.xml")).iter(f"{W}tbl") for r in [docx_rows(t)]]
    listed = next(r for r in rows if r[0][-1] == PAGE)[1:]
    for row in listed:
        at = next(n for n, page in enumerate(pages, start=1) if plain(f"附图{row[0]}{row[1]}") in page)
        assert abs(int(row[-1]) - at) <= NEAR_PAGES, row
