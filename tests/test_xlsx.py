import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.build import build
from pipeline.report.model import Chapter, Column, KeyValues, Report, Table
from pipeline.report.numbering import labels
from pipeline.report.xlsx import CONTENTS_NAME, planned_sheets, sheet_name, value_of, write_xlsx
from tests.factories_report import report_of


@pytest.fixture(scope="module")
def report():
    return build(report_of(), figures=[])


@pytest.fixture(scope="module")
def path(report, tmp_path_factory):
    made = tmp_path_factory.mktemp("xlsx") / "tables.xlsx"
    write_xlsx(report, made)
    return made


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def one_table(*rows, aligns=("left", "right")):
    columns = tuple(Column(f"列{n}", align) for n, align in enumerate(aligns))
    return Report("报告", (), (), (), (Chapter("1", "章", (Table("t", "表", columns, rows),)),), date="2026-09-18")


def written(report, path):
    write_xlsx(report, path)
    return openpyxl.load_workbook(path)


def sheet_of(book, report, table_id):
    sheet = next(s for s in planned_sheets(report) if s.block.id == table_id)
    return book[sheet.name], sheet.block


def test_every_table_and_form_has_a_sheet_behind_the_contents(report, book):
    captioned = [b for c in report.chapters for b in c.blocks if isinstance(b, Table | KeyValues)]
    assert len(book.sheetnames) == len(captioned) + 1
    assert book.sheetnames[0] == CONTENTS_NAME


def test_every_row_of_every_table_is_there(report, book):
    for sheet in planned_sheets(report):
        rows = list(book[sheet.name].iter_rows(min_row=2, values_only=True))
        assert len(rows) >= sheet.rows, sheet.name


def test_numbers_are_numbers_with_the_decimals_printed(report, book):
    page, _ = sheet_of(book, report, "indicators.planning")
    measured = page.cell(4, 7)
    assert (measured.value, measured.number_format) == (37521.39, "0.00")


def test_codes_and_hashes_stay_text(report, book):
    page, block = sheet_of(book, report, "property.unit.1")
    code = page.cell(3, len(block.columns))
    assert (code.value, code.data_type) == (block.rows[0][-1], "s")


def test_a_text_that_looks_like_a_formula_is_never_one(tmp_path):
    book = written(one_table(("=1+1", "2"), ("@x", "+3")), tmp_path / "f.xlsx")
    assert [book.worksheets[1].cell(row, 1).data_type for row in (3, 4)] == ["s", "s"]
    assert book.worksheets[1].cell(3, 1).value == "=1+1"


def test_signs_that_a_sheet_cannot_hold_are_replaced(tmp_path):
    assert written(one_table(("甲\x07", "1")), tmp_path / "c.xlsx").worksheets[1].cell(3, 1).value == "甲\ufffd"


def test_links_of_the_contents_lead_to_their_sheets(book):
    links = [cell.hyperlink.location for (cell,) in book[CONTENTS_NAME].iter_rows(min_row=3, min_col=4, max_col=4)]
    assert [link.rpartition("!")[0].strip("'") for link in links] == book.sheetnames[1:]


def test_heads_stay_in_sight(report, book):
    page, _ = sheet_of(book, report, "findings")
    assert page.freeze_panes == "A3"


def test_a_sheet_is_titled_as_the_table_in_the_report(report, book):
    page, block = sheet_of(book, report, "outcomes")
    numbers = [
        n.before(b.caption)
        for c, chapter in enumerate(report.chapters)
        for b_, b in enumerate(chapter.blocks)
        if b is block
        for n in [labels(report)[c, b_]]
    ]
    assert [page.cell(1, 1).value] == numbers


def test_the_same_report_gives_the_same_bytes(report, path, tmp_path):
    write_xlsx(report, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_five_thousand_rows_are_all_written(tmp_path):
    rows = [(f"J{n}", f"{n}.25") for n in range(5000)]
    sheet = written(one_table(*rows), tmp_path / "long.xlsx").worksheets[-1]
    names = {value for (value,) in sheet.iter_rows(max_col=1, values_only=True)}
    assert {name for name, _ in rows} <= names


@given(st.lists(st.text(min_size=1, max_size=50), max_size=30))
def test_sheet_names_are_short_safe_and_unique(titles):
    taken = {CONTENTS_NAME}
    names = [sheet_name(title, taken) for title in titles]
    assert len({n.casefold() for n in names} | {CONTENTS_NAME}) == len(names) + 1
    assert all(0 < len(n) <= 31 and not set(n) & set("[]:*?/\\'") for n in names)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_a_printed_number_keeps_its_value(number):
    value, shown = value_of(f"{number:f}", numeric=True)
    assert (value, shown) == (float(number), "0.00")


@pytest.mark.parametrize("text", ["007", "1.2.3", "—", "50010500100100012", "1e5", ""])
def test_what_only_looks_like_a_number_stays_text(text):
    assert value_of(text, numeric=True) == (text, "@")
