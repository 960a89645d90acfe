import io
import re
import subprocess
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report import raster
from pipeline.report.build import build
from pipeline.report.docx import write_docx
from pipeline.report.docx_pages import LYING, UPRIGHT, page_for, planned, printed_size
from pipeline.report.docx_styles import HEI, SONG, STYLES
from pipeline.report.docx_tables import balanced, shares
from pipeline.report.docx_xml import clean
from pipeline.report.model import Chapter, Column, Figure, Heading, Paragraph, Report, Table
from pipeline.report.numbering import chapter_title
from tests.factories_project import figures
from tests.factories_report import report_of

NEAR_PAGES = 2  # wide replacement letters wrap a few lines more until the fields are updated
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8ffff3f0300050001ff"
    "a5f645400000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def report():
    return build(report_of(), figures=figures())


@pytest.fixture(scope="module")
def written(report, tmp_path_factory):
    path = tmp_path_factory.mktemp("docx") / "report.docx"
    write_docx(report, path)
    return path


@pytest.fixture(scope="module")
def document(written):
    return docx.Document(str(written))


def small(*blocks):
    """A report of one chapter."""
    return Report(
        "报告",
        (("项目名称", "甲"),),
        ("声明",),
        (("检查", "乙"),),
        (Chapter("1", "章", tuple(blocks)),),
        date="2026年9月18日",
    )


def table_of(rows, columns=3, **more):
    cells = tuple(tuple(f"{n}.{c}" for c in range(columns)) for n in range(rows))
    return Table("t", "表", tuple(Column(f"列{c}", "right") for c in range(columns)), cells, **more)


def xml(document):
    return document.element.xml


# ---------------------------------------------------------------- structure


def test_every_chapter_title_is_a_heading(report, document):
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == [chapter_title(c) for c in report.chapters]


def test_every_table_has_its_rows_and_a_repeated_head(report, document):
    wanted = [len(b.rows) + 1 for c in report.chapters for b in c.blocks if isinstance(b, Table)]
    heads = [t for t in document.tables if t._tbl.xpath("./w:tr[1]/w:trPr/w:tblHeader")]
    assert [len(t.rows) for t in heads] == wanted


def test_no_row_is_parted_by_a_page_break(document):
    assert all(t._tbl.xpath("count(./w:tr) = count(./w:tr/w:trPr/w:cantSplit)") for t in document.tables)


def test_captions_are_numbered_by_fields(report, document):
    kinds = re.findall(r"SEQ (\S+) \\\* ARABIC", xml(document))
    assert kinds.count("附图") == 2
    assert kinds.count("表") == sum(p.style.name == "Caption" for p in document.paragraphs) - 2


def test_contents_are_a_field_that_already_lists_every_heading(document):
    listed = [p.text.split("\t")[0] for p in document.paragraphs if p.style.name.startswith("toc")]
    assert listed == [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert 'TOC \\o "1-3"' in xml(document)


def test_every_entry_of_the_contents_points_to_a_heading(document):
    anchors = document.element.xpath("//w:hyperlink/@w:anchor")
    names = document.element.xpath("//w:bookmarkStart/@w:name")
    assert set(anchors) == {name for name in names if name.startswith("_Toc")}


def test_pages_say_their_number_and_the_total(document):
    assert [f in document.sections[-1].footer._element.xml for f in (" PAGE ", " NUMPAGES ")] == [True, True]


def test_the_cover_has_neither_header_nor_footer(document):
    assert not document.sections[0]._sectPr.xpath("./w:headerReference")


def test_wide_tables_lie_and_drawings_lie_on_their_paper(document):
    sizes = {(round(s.page_width.mm), round(s.page_height.mm)) for s in document.sections}
    assert sizes == {(210, 297), (297, 210), (420, 297)}


def test_text_is_song_and_headings_are_hei(document):
    fonts = {
        s.name: s.element.rPr.rFonts.get(qn("w:eastAsia"))
        for s in document.styles
        if s.name in ("heading 1", "Heading 1", "Body Text")
    }
    assert set(fonts.values()) == {SONG, HEI}


def test_fonts_have_fall_backs(written):
    with zipfile.ZipFile(written) as parts:
        assert 'w:altName w:val="SimSun"' in parts.read("word/fontTable.xml").decode()


def test_properties_come_from_the_report(document):
    core = document.core_properties
    assert (core.author, core.created.date().isoformat(), core.language) == (
        "重庆山城测绘有限公司",
        "2026-09-18",
        "zh-CN",
    )


def test_pictures_are_described_for_those_who_do_not_see_them(document):
    assert document.element.xpath("//wp:docPr/@descr") == ["宗地图", "竣工总平面图"]


def test_the_same_report_gives_the_same_bytes(report, written, tmp_path):
    write_docx(report, tmp_path / "again.docx")
    assert (tmp_path / "again.docx").read_bytes() == written.read_bytes()


# ---------------------------------------------------------------- laws


def test_five_thousand_rows_are_all_written(tmp_path):
    write_docx(small(table_of(5000, 10)), tmp_path / "long.docx")
    with zipfile.ZipFile(tmp_path / "long.docx") as file:
        assert file.read("word/document.xml").count(b"<w:tr>") >= 5000


@given(st.text())
def test_any_text_can_be_written(text):
    docx.oxml.parse_xml(f"<a>{clean(text)}</a>")


def test_signs_that_a_document_cannot_hold_are_replaced(tmp_path):
    write_docx(small(Paragraph("甲\x00乙 <b> & ]]>")), tmp_path / "odd.docx")
    assert "甲\ufffd乙 <b> & ]]>" in [p.text for p in docx.Document(str(tmp_path / "odd.docx")).paragraphs]


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=15), st.floats(50, 400))
def test_column_widths_fill_the_page_exactly(weights, width_mm):
    assert sum(shares(weights, width_mm)) == round(width_mm * 1440 / 25.4)


@given(st.floats(20, 600), st.floats(20, 600), st.sampled_from(["A4", "A3"]))
def test_a_drawing_never_leaves_its_page(width, height, paper):
    figure = Figure("f", "图", "", width, height, paper)
    page = page_for(figure)
    printed = printed_size(figure, page)
    assert printed[0] <= page.text_mm + 1e-6
    assert printed[1] <= page.body_mm


@pytest.mark.parametrize(("paper", "size"), [("A4", (170.0, 236.0)), ("A3", (380.0, 250.0)), ("A3", (250.0, 380.0))])
def test_a_drawing_of_usual_size_keeps_its_scale(paper, size):
    figure = Figure("f", "图", "", *size, paper)
    assert printed_size(figure, page_for(figure)) == size


def test_the_picture_in_the_document_has_the_size_of_the_drawing(monkeypatch, tmp_path):
    monkeypatch.setattr(raster, "pictures", lambda sheets, **_: [PIXEL for _ in sheets])
    write_docx(small(Figure("f", "图", "<svg/>", 380, 250, "A3")), tmp_path / "f.docx")
    extent = docx.Document(str(tmp_path / "f.docx")).inline_shapes[0]
    assert (round(extent.width.mm, 2), round(extent.height.mm, 2)) == (380, 250)


def test_a_heading_goes_with_the_wide_table_below_it():
    items = planned(small(table_of(30), Heading("问题"), Paragraph("如下"), table_of(30, wide=True)))
    assert [item.page for item in items[2:]] == [LYING, LYING, LYING]


def test_a_short_table_stays_on_lying_paper_and_a_long_one_goes_back():
    items = planned(small(table_of(30, wide=True), table_of(3), table_of(30), table_of(3)))
    assert [item.page for item in items[1:]] == [LYING, LYING, UPRIGHT, UPRIGHT]


def test_a_long_list_on_the_cover_breaks_once_behind_a_comma():
    assert (
        balanced("规划核实测量、绿地核实测量、人防工程测量、地籍测绘", 44)
        == "规划核实测量、绿地核实测量、\n人防工程测量、地籍测绘"
    )


def test_lines_have_room_for_their_letters():
    assert all(style.line >= 1.3 * style.size or style.name == "Break" for style in STYLES.values())


# ---------------------------------------------------------------- rendered


@pytest.fixture(scope="module")
def pages(written, soffice, pdftotext, tmp_path_factory):
    """The text of each page as an office suite lays the document out."""
    folder = tmp_path_factory.mktemp("rendered")
    subprocess.run(
        [
            soffice,
            "--headless",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            str(written),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    text = subprocess.run([pdftotext, "-layout", str(folder / "report.pdf"), "-"], check=True, capture_output=True)
    return [re.sub(r"[ \t]+", "", page) for page in text.stdout.decode().split("\f")[:-1]]


@pytest.mark.needs_office
def test_every_chapter_and_caption_is_on_a_page(report, pages):
    said = "".join(pages).replace("\n", "")
    titles = [chapter_title(c) for c in report.chapters]
    titles += [b.caption for c in report.chapters for b in c.blocks if isinstance(b, Table | Figure)]
    assert [t for t in titles if re.sub(r"\s", "", t) not in said.replace("　", "")] == []


@pytest.mark.needs_office
def test_no_page_is_empty(pages):
    empty = [n for n, page in enumerate(pages, start=1) if len(page.split("\n", 1)[-1].strip()) < 15]
    assert empty == []


@pytest.mark.needs_office
def test_the_contents_name_the_page_of_each_chapter_nearly_even_with_replacement_fonts(report, pages):
    first = max(n for n, page in enumerate(pages) if "......" in page) + 1
    listed = dict(re.findall(r"^(\S+?)\.{4,}(\d+)$", "\n".join(pages[:first]), flags=re.MULTILINE))
    for chapter in report.chapters:
        title = re.sub(r"\s", "", chapter_title(chapter))
        at = [
            n
            for n, page in enumerate(pages[first:], start=first + 1)
            if any(re.sub(r"\s", "", line) == title for line in page.split("\n"))
        ]
        assert at
        assert abs(int({re.sub(r"\s", "", k): v for k, v in listed.items()}[title]) - at[0]) <= NEAR_PAGES


@pytest.mark.needs_office
def test_the_pages_are_counted(pages):
    assert f"第{len(pages)}页共{len(pages)}页" in re.sub(r"\s", "", pages[-1])


def test_notes_and_sources_stand_under_their_table(tmp_path):
    write_docx(small(replace(table_of(2), note="取位", source="a.b")), tmp_path / "n.docx")
    said = [p.text for p in docx.Document(io.BytesIO((tmp_path / "n.docx").read_bytes())).paragraphs]
    assert said[-2:] == ["注：取位", "数据来源：a.b"]
