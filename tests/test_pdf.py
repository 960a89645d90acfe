"""The PDF: same bytes, fonts inside, every chapter and row there, no text taken for markup."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from functools import cache

import pytest
from factories_blocks import report, table
from factories_drawing import project_report
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import PipelineError
from pipeline.report.drawings import draw
from pipeline.report.drawings.ink import text_width
from pipeline.report.model import Chapter, Column, Heading, Paragraph, Report, Table
from pipeline.report.pdf import as_data, write_pdf
from pipeline.report.pdf_tables import BREAK, MM_PER_POINT, softened, table_layout


@cache
def full_report() -> Report:
    return report(tuple(draw(project_report())))


@pytest.fixture(scope="module")
def pdf(tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    write_pdf(full_report(), path)
    return path


@pytest.fixture(scope="module")
def words(pdf, pdftotext):
    return subprocess.run([pdftotext, "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout


def test_the_same_report_gives_the_same_bytes(pdf, tmp_path):
    write_pdf(full_report(), tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == pdf.read_bytes()


def test_the_date_inside_is_the_date_of_the_report(pdf):
    assert b"D:20260918" in pdf.read_bytes()


def test_every_chapter_and_heading_is_printed(words):
    titles = [chapter.title for chapter in full_report().chapters] + ["户室面积", "声明之二。", "张工", "目"]
    assert [title for title in titles if title not in words] == []


def test_every_row_of_every_table_is_printed(words):
    assert all(words.count(f"{n}01") >= 1 for n in range(1, 60))
    assert words.count("12345.67") == 2


def test_a_long_table_repeats_its_header(words):
    assert words.count("不动产单元号") >= 3


def test_words_that_look_like_markup_are_printed_as_they_are(words):
    assert words.replace("”", '"').replace("“", '"').count('#eval("1+1") *粗* $x$ </td>&') >= 60


def test_pages_are_counted_and_named(words):
    pages = words.count("\f")
    assert f"第 {pages} 页" in words
    assert f"共 {pages} 页" in words


def test_all_fonts_are_embedded(pdf, pdffonts):
    lines = subprocess.run([pdffonts, pdf], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert lines
    assert all(line.split()[-5] == "yes" for line in lines)
    assert {name for line in lines for name in ("NotoSansSC", "NotoSerifSC") if name in line} == {
        "NotoSansSC",
        "NotoSerifSC",
    }


def test_drawings_stand_on_pages_of_their_size(pdf, words):
    boxes = subprocess.run(
        ["pdfinfo", "-f", "1", "-l", str(words.count("\f")), pdf], check=True, capture_output=True, text=True
    ).stdout
    assert boxes.count("(A3)") == 4
    assert boxes.count("841.89 x 595.276") >= 1


def test_contents_lead_to_their_pages(pdf):
    content = pdf.read_bytes()
    assert content.count(b"/Link") >= len(full_report().chapters)
    assert b"/Outlines" in content


def test_a_template_that_cannot_be_set_is_named(tmp_path):
    (tmp_path / "broken.typ").write_text("#let")
    with pytest.raises(PipelineError, match=r"broken\.typ"):
        write_pdf(report(), tmp_path / "x.pdf", template=tmp_path / "broken.typ")


def test_a_report_without_drawings_or_date_is_still_a_pdf(tmp_path):
    bare = replace(report(), date="", chapters=(Chapter("1", "空章", ()),), keywords=(), signatures=())
    write_pdf(bare, tmp_path / "bare.pdf")
    assert (tmp_path / "bare.pdf").read_bytes().startswith(b"%PDF")


def test_texts_and_headings_go_with_the_wide_table_behind_them():
    chapter = Chapter("1", "章", (Paragraph("文。"), Heading("宽表"), table(3, wide=True)))
    runs = as_data(replace(report(), chapters=(chapter,)))["chapters"][0]["runs"]
    assert [(run["paper"], [b["kind"] for b in run["blocks"]]) for run in runs] == [
        ("wide", ["paragraph", "heading", "table"])
    ]


@given(st.text(max_size=200))
def test_softening_only_adds_places_to_break(text):
    assert softened(text).replace(BREAK, "") == text.replace(BREAK, "")


def test_a_unit_code_is_kept_whole_and_a_hash_is_not():
    assert softened("5" * 28) == "5" * 28
    assert BREAK in softened("a" * 64)


@given(
    rows=st.lists(st.tuples(*[st.text(st.characters(codec="gb18030"), max_size=30)] * 5), max_size=8),
    room=st.sampled_from([170.0, 257.0]),
)
def test_columns_fill_the_page_and_hold_their_longest_numbers(rows, room):
    made = Table("t", "表", tuple(Column(f"列{n}") for n in range(5)), tuple(rows))
    size, widths, whole = table_layout(made, room)
    assert sum(widths) == pytest.approx(room, abs=0.1)
    longest = max((len(word) for row in rows for cell in row for word in cell.split()), default=0)
    if longest <= whole and size == 9.0:
        numbers = [(n, cell) for row in rows for n, cell in enumerate(row) if cell.isdigit() and cell.isascii()]
        assert all(text_width(cell, size * MM_PER_POINT) <= widths[n] for n, cell in numbers)


@pytest.mark.slow
def test_five_thousand_rows_are_set(tmp_path):
    write_pdf(replace(report(), chapters=(Chapter("1", "大表", (table(5000),)),)), tmp_path / "big.pdf")
    assert (tmp_path / "big.pdf").stat().st_size > 100_000
