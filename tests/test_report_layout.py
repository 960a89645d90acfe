"""The report of the sample as it is laid out: letters, embedded fonts, page numbers, the list of drawings, pictures."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from fontTools.ttLib import TTFont

from pipeline.report.fonts import font_files
from pipeline.report.model import Figure, Table
from pipeline.report.numbering import PAGE, labels
from tests.factories_whole import blocks_of
from tests.reading_forms import W, docx_rows, plain
from tests.reading_report import words

NEAR_PAGES = 3  # pages by which the contents of the Word document may be off until Word updates them


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
