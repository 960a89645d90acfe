"""One number, picture or script altered in a report, page, workbook or drawing is named with its place and both values."""

from __future__ import annotations

import dataclasses
import zipfile

import pytest

from pipeline.report.build import build
from pipeline.report.pdf import write_pdf
from tests import factories_delivery as kit
from tests.factories_delivery import examined, in_zip, put, relisted, rules, said, swap


def test_one_number_in_the_word_report_is_named_with_chapter_table_and_both_values(root):
    value = _area()
    in_zip(root / kit.DOCX, "word/document.xml", f">{value}<", ">9999.99<")
    review = examined(relisted(root))
    assert rules(review) == {"PRJ-D22"}
    message = said(review, "PRJ-D22")
    assert f"应为“{value}”，所交为“9999.99”" in message
    assert "的《" in message


def test_a_picture_in_the_word_report_is_compared(root):
    with zipfile.ZipFile(root / kit.DOCX) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    pictures = sorted(name for name in parts if name.startswith("word/media/"))
    parts[pictures[0]], parts[pictures[1]] = parts[pictures[1]], parts[pictures[0]]
    kit.rezipped(root / kit.DOCX, parts)
    assert "插图" in said(examined(relisted(root)), "PRJ-D24")


def test_a_word_report_that_declares_entities_is_not_parsed(root):
    in_zip(root / kit.DOCX, "word/document.xml", "<w:document", '<!DOCTYPE x [<!ENTITY a "b">]><w:document')
    assert "DOCTYPE" in said(examined(relisted(root)), "PRJ-D03")


def test_one_number_in_a_pdf_set_anew_is_named_with_its_page(root):
    value = _area()
    report = build(kit.made().result)
    chapters = tuple(dataclasses.replace(c, blocks=tuple(_forged(b, value) for b in c.blocks)) for c in report.chapters)
    (root / kit.PDF).unlink()
    write_pdf(dataclasses.replace(report, chapters=chapters), root / kit.PDF)
    message = said(examined(relisted(root)), "PRJ-D22")
    assert f"应为“{value}”，所交为“9999.99”" in message
    assert "页：" in message


def test_a_pdf_that_is_none_is_of_a_wrong_format(root):
    put(root / kit.PDF, b"%PDF-1.7 nothing")
    assert "不是完整的 PDF" in said(examined(relisted(root)), "PRJ-D03")


def test_one_number_in_the_page_is_named_and_so_is_its_data(root):
    value = _area()
    swap(root / kit.HTML, f'<td class="right">{value}</td>', '<td class="right">9999.99</td>')
    swap(root / kit.HTML, f'"measured":"{value}"', '"measured":"9999.99"')
    message = said(examined(relisted(root)), "PRJ-D22")
    assert f"应为“{value}”，所交为“9999.99”" in message
    assert "网页数据 indicators" in message


def test_a_script_slipped_into_the_page_is_found(root):
    swap(root / kit.HTML, "</body>", "<script>alert(1)</script></body>")
    assert "脚本和样式" in said(examined(relisted(root)), "PRJ-D25")


def test_one_cell_of_a_workbook_is_named(root):
    from openpyxl import load_workbook

    book = load_workbook(root / kit.XLSX)
    sheet, cell = next((s, c) for s in book.worksheets[1:] for row in s.iter_rows() for c in row if c.data_type == "n" and c.value)  # fmt: skip
    place, old = f"{sheet.title}!{cell.coordinate}", cell.value
    cell.value = 123456
    (root / kit.XLSX).unlink()
    book.save(root / kit.XLSX)
    assert f"“{place}”：应为“{old}”，所交为“123456”" in said(examined(relisted(root)), "PRJ-D23")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda _, cell: setattr(cell, "number_format", '"9.9"'), "的数字格式”：应为"),
        (lambda sheet, cell: setattr(sheet.row_dimensions[cell.row], "hidden", True), "行”：应为“显示”，所交为“隐藏”"),
        (lambda sheet, _: setattr(sheet.column_dimensions["A"], "hidden", True), " 的 A 列”：应为“显示”，所交为“隐藏”"),
        (lambda sheet, _: setattr(sheet, "sheet_state", "hidden"), "”：应为“显示”，所交为“隐藏”"),
    ],
)
def test_a_workbook_saved_by_another_program_differs_by_its_real_change_alone(root, change, words):
    from openpyxl import load_workbook

    book = load_workbook(root / kit.XLSX)
    sheet, cell = next((s, c) for s in book.worksheets[1:] for row in s.iter_rows() for c in row if c.data_type == "n" and c.value)  # fmt: skip
    change(sheet, cell)
    (root / kit.XLSX).unlink()
    book.save(root / kit.XLSX)
    told = [f.message for f in examined(relisted(root)).findings]
    assert len(told) == 1
    assert words in told[0]


def test_an_edited_drawing_is_named_with_the_line(root):
    drawing = next(root.glob("地籍测绘/文档资料/*.dxf"))
    swap(drawing, "J3", "J4")
    assert "行应为“" in said(examined(relisted(root)), "PRJ-D24")


def test_two_swapped_files_are_each_found(root):
    one, other = sorted(root.glob("房产测绘/文档资料/*.svg"))[:2]
    texts = one.read_bytes(), other.read_bytes()
    put(one, texts[1])
    put(other, texts[0])
    names = {f.file for f in examined(relisted(root)).findings if f.rule == "PRJ-D24"}
    assert names == {path.relative_to(root).as_posix() for path in (one, other)}


def _area() -> str:
    """A printed area that stands in all documents."""
    return next(f"{i.measured:.2f}" for i in kit.made().result.indicators if i.unit == "m²")


def _forged(block, value):
    if not hasattr(block, "rows"):
        return block
    rows = tuple(tuple("9999.99" if cell == value else cell for cell in row) for row in block.rows)
    return dataclasses.replace(block, rows=rows)
