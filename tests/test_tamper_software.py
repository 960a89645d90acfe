"""A manifest that names other software excuses no content: what was compared is told apart from what was not."""

from __future__ import annotations

import re
import zipfile

import pytest

from pipeline.delivery.check.compare import pictures
from tests import factories_delivery as kit
from tests.factories_delivery import examined, in_zip, other_software, put, relisted, rules, said, swap
from tests.factories_pictures import drawn


def test_a_picture_put_in_place_of_another_is_a_fault(root):
    parts = _parts(root)
    parts["word/media/drawing1.png"] = parts["word/media/drawing2.png"]
    kit.rezipped(root / kit.DOCX, parts)
    assert "插图 drawing1.png " in said(examined(_claimed(root)), "PRJ-D24")


def test_a_picture_packed_otherwise_shows_the_same(root):
    parts = _parts(root)
    parts["word/media/drawing1.png"] = drawn(pictures.pixels(parts["word/media/drawing1.png"]))
    kit.rezipped(root / kit.DOCX, parts)
    review = examined(_claimed(root))
    assert rules(review) == {"PRJ-D26", "PRJ-D27"}
    assert "插图 drawing1.png 所见相同" in said(review, "PRJ-D26")


@pytest.mark.parametrize(
    ("mark", "word"),
    [
        ("<w:vanish/>", "隐藏"),
        ("<w:strike/>", "删除线"),
        ('<w:color w:val="FFFFFF"/>', "白色"),
        ('<w:sz w:val="2"/>', "极小"),
    ],
)
def test_a_number_hidden_in_the_word_report_is_another_text(root, mark, word):
    text = re.search(r"<w:r>(<w:t[^>]*>[^<]*\d\.\d\d[^<]*</w:t>)</w:r>", _parts(root)["word/document.xml"].decode())
    in_zip(root / kit.DOCX, "word/document.xml", text[0], f"<w:r><w:rPr>{mark}</w:rPr>{text[1]}</w:r>")
    assert f"〔{word}〕" in said(examined(_claimed(root)), "PRJ-D22")


def test_a_part_of_the_word_report_that_nothing_compares_is_told_as_not_compared(root):
    in_zip(root / kit.DOCX, "word/styles.xml", "<w:styles", '<w:styles w:x="1"')
    review = examined(_claimed(root))
    assert rules(review) == {"PRJ-D27", "PRJ-D33"}
    assert "内部文件 word/styles.xml 被改动；这部分未能核对内容" in said(review, "PRJ-D33")


def test_a_line_of_a_drawing_in_the_page_is_compared(root):
    swap(root / kit.HTML, ' d="M', ' d="M9')
    message = said(examined(_claimed(root)), "PRJ-D24")
    assert "网页中第 1 幅图的 " in message
    assert "共 1 个图元不同" in message


def test_a_row_of_the_page_made_invisible_is_found(root):
    swap(root / kit.HTML, "<tr>", '<tr style="display:none">')
    assert "网页元素" in said(examined(_claimed(root)), "PRJ-D22")


def test_a_pdf_whose_text_is_the_same_is_told_as_not_wholly_compared(root):
    put(root / kit.PDF, (root / kit.PDF).read_bytes() + b"\n%x\n")
    review = examined(_claimed(root))
    assert rules(review) == {"PRJ-D27", "PRJ-D33"}
    assert "文字相同，不同处在图形、版式或隐藏部分；这部分未能核对内容" in said(review, "PRJ-D33")


def _parts(root):
    with zipfile.ZipFile(root / kit.DOCX) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _claimed(root):
    return other_software(relisted(root))
