"""Permit tables and control points: rows keyed by their header, whatever the file format."""

from __future__ import annotations

import re
import zipfile

import openpyxl
import pytest

from pipeline.readers import read_table

ROWS = [("指标", "幢号", "许可值", "单位"), ("容积率", None, 2.5, None), ("建筑高度", "1幢", 54.0, "m")]


def workbook(path, rows, *, merge=None, title=None):
    book = openpyxl.Workbook()
    if title:
        book.active.append([title])
        book.active.merge_cells("A1:D1")
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    book.save(path)
    return path


def table(path, **kwargs):
    return read_table(path, name=path.name, **kwargs)


def test_a_workbook_gives_rows_by_header_word(tmp_path):
    found = table(workbook(tmp_path / "permit.xlsx", ROWS))
    assert found.rows[0] == {"指标": "容积率", "幢号": None, "许可值": 2.5, "单位": None, "_row": 2}
    assert found.rows[1]["幢号"] == "1幢"
    assert (found.entry.entities, found.entry.fatal, found.notes) == (2, False, ())


def test_a_title_above_the_header_is_skipped(tmp_path):
    found = table(workbook(tmp_path / "permit.xlsx", ROWS, title="建设工程规划许可证附表"))
    assert [row["_row"] for row in found.rows] == [3, 4]
    assert found.rows[0]["许可值"] == 2.5


@pytest.mark.parametrize("name", ["permit.xlsx", "permit.csv"])
def test_a_row_with_the_words_asked_for_is_the_header_before_a_title_of_two_words(tmp_path, name):
    rows = [("项目名称", "滨江雅苑"), ("建设单位", "某公司"), ("指标名称", "许可值（m²）"), ("总建筑面积", "33900")]
    path = tmp_path / name
    path.write_text("\n".join(",".join(row) for row in rows), "utf-8") if name.endswith("csv") else workbook(path, rows)
    found = table(path, heading=(("指标", "项目"), ("许可值",)))
    assert found.rows == ({"指标名称": "总建筑面积", "许可值（m²）": "33900", "_row": 4},)


def test_where_no_row_has_the_words_asked_for_the_first_of_two_words_is_the_header(tmp_path):
    found = table(workbook(tmp_path / "control.xlsx", [("点", "北向"), ("A", 1.5)]), heading=(("X",), ("Y",)))
    assert found.rows == ({"点": "A", "北向": 1.5, "_row": 2},)


def test_a_merged_cell_holds_its_value_in_every_row(tmp_path):
    rows = [("指标", "幢号", "许可值"), ("建筑高度", "1幢", 54), (None, "2幢", 57)]
    found = table(workbook(tmp_path / "permit.xlsx", rows, merge="A2:A3"))
    assert [row["指标"] for row in found.rows] == ["建筑高度", "建筑高度"]


def test_a_formula_without_stored_result_is_said(tmp_path):
    found = table(workbook(tmp_path / "permit.xlsx", [("指标", "许可值"), ("总建筑面积", "=1+2")]))
    assert [(n.kind, n.handle, n.slots["value"]) for n in found.notes] == [("bad_value", "B2", "=1+2")]


def test_a_formula_with_its_stored_result_is_that_number_even_under_merged_cells(tmp_path):
    rows = [("指标", "幢号", "许可值"), ("建筑高度", "1幢", "=50+4"), (None, "2幢", "=B3*2")]
    path = workbook(tmp_path / "permit.xlsx", rows, merge="A3:A4", title="规划许可指标")
    stored(path, {"C3": "54", "C4": "57.5"})
    found = table(path)
    assert [(row["指标"], row["幢号"], row["许可值"]) for row in found.rows] == [
        ("建筑高度", "1幢", 54),
        ("建筑高度", "2幢", 57.5),
    ]
    assert found.notes == ()


@pytest.mark.parametrize(
    ("value", "look", "seen"),
    [
        (0.4, "0%", "40%"),
        (0.0707, "0.00%", "7.07%"),
        (1, "0%", "100%"),
        (0.29, "0%;[Red]-0%", "29%"),
        (0.4, '0.0" %"', 0.4),
        (0.4, "General", 0.4),
    ],
)
def test_a_share_is_read_as_it_is_seen_in_the_sheet(tmp_path, value, look, seen):
    path = workbook(tmp_path / "permit.xlsx", [("指标", "许可值"), ("绿地率", value)])
    assert table(formatted(path, "B2", look)).rows[0]["许可值"] == seen


def test_the_stored_result_of_a_formula_is_a_share_too_also_where_cells_are_merged(tmp_path):
    path = workbook(tmp_path / "permit.xlsx", [("指标", "许可值"), ("绿地率", "=2/5"), ("绿地率", None)], merge="B2:B3")
    stored(formatted(path, "B2", "0.0%"), {"B2": "0.4"})
    assert [row["许可值"] for row in table(path).rows] == ["40%", "40%"]


def test_a_row_of_shares_is_no_header(tmp_path):
    path = workbook(tmp_path / "permit.xlsx", [("绿地率", 0.4), ("指标", "许可值"), ("绿地率", 0.35)])
    assert table(formatted(path, "B1", "0%")).rows[0]["许可值"] == 0.35


def formatted(path, cell, look):
    """The same workbook with a number format in one cell."""
    book = openpyxl.load_workbook(path)
    book.active[cell].number_format = look
    book.save(path)
    return path


def stored(path, results):
    """Results of formulas as a spreadsheet program stores them beside."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    for cell, value in results.items():
        sheet = re.sub(rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v ?/>', rf"\1<v>{value}</v>", sheet)
        sheet = re.sub(rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v></v>', rf"\1<v>{value}</v>", sheet)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_csv_reads_in_the_encodings_of_life(tmp_path, encoding):
    path = tmp_path / "control.csv"
    path.write_bytes("点号,X,Y,H,等级\nG1,3281000.123,500100.456,231.5,一级\n".encode(encoding))
    assert table(path).rows[0] == {
        "点号": "G1",
        "X": "3281000.123",
        "Y": "500100.456",
        "H": "231.5",
        "等级": "一级",
        "_row": 2,
    }


def test_tabs_and_semicolons_separate_too(tmp_path):
    path = tmp_path / "control.csv"
    path.write_text("点号\tX\tY\nG1\t1\t2\n", "utf-8")
    assert table(path).rows[0]["Y"] == "2"


def test_cass_points_are_turned_from_east_first_to_north_is_x(tmp_path):
    path = tmp_path / "points.dat"
    path.write_text("1,J1,500100.5,3281000.25,231.5\n2,,500101,3281001,0\n\n3,bad\n")
    found = table(path)
    assert (found.rows[0]["X"], found.rows[0]["Y"], found.rows[1]["编码"]) == ("3281000.25", "500100.5", None)
    assert [(n.kind, n.handle) for n in found.notes] == [("bad_value", "4")]


def test_an_empty_or_headless_table_is_said(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / "b.csv").write_text("1,2,3\n4,5,6\n")
    assert [n.kind for n in table(tmp_path / "a.csv").notes] == ["empty_file"]
    assert [n.kind for n in table(tmp_path / "b.csv").notes] == ["table_headless"]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("broken.xlsx", b"PK\x03\x04 not a workbook", "unreadable"),
        ("old.xls", b"\xd0\xcf\x11\xe0", "unsupported_format"),
    ],
)
def test_a_table_that_cannot_be_read_is_a_note(tmp_path, name, data, kind):
    (tmp_path / name).write_bytes(data)
    found = table(tmp_path / name)
    assert (found.rows, found.entry.fatal, [n.kind for n in found.notes]) == ((), True, [kind])


def test_a_missing_table_is_a_note(tmp_path):
    assert [n.kind for n in table(tmp_path / "none.xlsx").notes] == ["file_missing"]
