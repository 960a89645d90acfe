"""A workbook that could expand in memory is refused before its XML is parsed."""

from __future__ import annotations

import zipfile

import openpyxl
import pytest

from pipeline.readers import read_table, xml_guard

SHEET = "xl/worksheets/sheet1.xml"
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{more}]>'.format(
    more="".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
)


@pytest.fixture
def workbook(tmp_path):
    book = openpyxl.Workbook()
    for row in (["指标", "数值"], ["容积率", 2.5]):
        book.active.append(row)
    book.save(tmp_path / "permit.xlsx")
    return tmp_path / "permit.xlsx"


def rewritten(path, change):
    """The workbook with its sheet changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[SHEET] = change(parts[SHEET])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def after_declaration(data, text):
    head, _, rest = (
        data.decode().partition("?>") if data.startswith(b"<?xml") else ("<?xml version='1.0'", "", data.decode())
    )
    return f"{head}?>{text}{rest}"


def test_a_plain_workbook_is_read(workbook):
    assert xml_guard.fault(workbook) is None
    assert read_table(workbook, name="permit.xlsx").rows[0]["数值"] == 2.5


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda d: after_declaration(d, BOMB).replace("2.5", "&j;").encode(), "DOCTYPE"),
        (lambda d: after_declaration(d, '<!DOCTYPE x SYSTEM "file:///etc/passwd">').encode(), "DOCTYPE"),
        (lambda d: after_declaration(d, BOMB).encode("utf-16"), "DOCTYPE"),
        (lambda d: after_declaration(d, BOMB).encode("utf-16-be"), "DOCTYPE"),
        (lambda d: after_declaration(d, f"<!--{' ' * 3_000_000}-->" + BOMB).encode(), "DOCTYPE"),
        (lambda d: after_declaration(d, BOMB).encode("utf-32"), "UTF-32"),
        (lambda d: b'<?xml version="1.0" encoding="cp037"?>' + d, "cp037"),
        (lambda d: d.replace(b"B2", b"XFD1048576"), "16384 列"),
        (
            lambda d: d.replace(
                b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
            ),
            "列",
        ),
    ],
)
def test_a_workbook_with_declarations_or_absurd_ranges_is_refused(workbook, change, word):
    table = read_table(rewritten(workbook, change), name="permit.xlsx")
    assert table.entry.fatal
    assert [note.kind for note in table.notes] == ["xml_unsafe"]
    assert word in table.notes[0].slots["detail"]


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(workbook, monkeypatch):
    monkeypatch.setattr(xml_guard, "MOST_MB", 4)
    table = read_table(rewritten(workbook, lambda d: d + b" " * (5 << 20)), name="permit.xlsx")
    assert [(n.kind, n.slots["detail"]) for n in table.notes] == [("xml_unsafe", "解压后超过 4 MB")]


def test_a_cut_workbook_is_unreadable(workbook):
    workbook.write_bytes(workbook.read_bytes()[:-200])
    table = read_table(workbook, name="permit.xlsx")
    assert table.entry.fatal
    assert table.notes[0].kind == "unreadable"
