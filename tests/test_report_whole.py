"""The report of the sample as it is handed over: all forms say the same numbers, and print every chapter and row."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import openpyxl
import pytest

from pipeline.measures import arcs
from pipeline.report.docx_tables import form_lines
from pipeline.report.model import KeyValues, Table
from pipeline.report.numbering import chapter_title
from tests.factories_whole import blocks_of
from tests.reading_forms import Rows, W, cad_areas, plain, shown
from tests.reading_report import tables


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
