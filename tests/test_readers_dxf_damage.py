"""Damaged, lying and hostile drawings: none ever passes, none raises."""

from __future__ import annotations

import pytest
from factories_readers import SQUARE, cut, drawing, kinds, minimal, note, read, saved, text_entity

from pipeline.readers import dxf_slices

VERSIONS = ["R12", "R2000", "R2004", "R2007", "R2010", "R2013", "R2018"]


def sample(version="R2004", count=12):
    document, space = drawing(version)
    for i in range(count):
        points = [(x + 20 * i, y) for x, y in SQUARE]
        if version == "R12":
            space.add_polyline2d(points, close=True)
        else:
            space.add_lwpolyline(points, close=True)
        space.add_text(f"宗地{i}").set_placement((20 * i + 5, 5))
    return document


def written(tmp_path, data, name="hand.dxf"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_drawing_cut_anywhere_is_fatal_and_empty(tmp_path, tenth, binary):
    source = read(cut(saved(sample(), tmp_path / "c.dxf", binary=binary), tenth / 10))
    assert source.entry.fatal
    assert source.features.empty
    assert set(kinds(source)) <= {"truncated", "unreadable"}


def test_a_drawing_cut_in_half_says_that_its_end_is_missing(tmp_path):
    source = read(cut(saved(sample(), tmp_path / "half.dxf")))
    assert note(source, "truncated").slots == {
        "what": "文件结束标记 EOF",
        "claimed": 1,
        "read": 0,
        "measured": 0,
        "required": 1,
    }


def test_an_empty_file_is_fatal(tmp_path):
    source = read(written(tmp_path, b""))
    assert (dict(kinds(source)), source.entry.fatal, source.entry.size) == ({"empty_file": 1}, True, 0)


def test_a_drawing_without_entities_is_fatal(tmp_path):
    document, _ = drawing()
    source = read(saved(document, tmp_path / "nothing.dxf"))
    assert (dict(kinds(source)), source.entry.fatal) == ({"empty_file": 1}, True)


def test_vertices_fewer_than_stated_are_fatal(tmp_path):
    path = saved(sample(), tmp_path / "v.dxf")
    data = path.read_bytes().replace(b" 10\n0.0\n 20\n10.0\n", b"", 1)
    source = read(written(tmp_path, data))
    assert source.entry.fatal
    assert (note(source, "count_mismatch").slots["claimed"], note(source, "count_mismatch").slots["read"]) == (4, 3)


def test_an_entity_that_swallowed_its_neighbour_is_fatal(tmp_path):
    path = saved(sample(), tmp_path / "v.dxf")
    start = path.read_bytes().index(b"  0\nTEXT\n")
    data = path.read_bytes()
    source = read(written(tmp_path, data[:start] + data[start + len(b"  0\nTEXT\n") :]))
    assert source.entry.fatal
    assert "句柄" in note(source, "count_mismatch").slots["what"]


def test_a_lost_section_end_is_fatal(tmp_path):
    data = minimal(text_entity(b"a")).replace(b"0\r\nENDSEC\r\n", b"", 1)
    source = read(written(tmp_path, data))
    assert source.entry.fatal
    assert note(source, "truncated").slots["what"] == "区段结束标记 ENDSEC"


def test_records_after_the_end_are_fatal(tmp_path):
    source = read(written(tmp_path, minimal(text_entity(b"a")) + b"0\r\nTEXT\r\n8\r\n0\r\n"))
    assert source.entry.fatal
    assert note(source, "count_mismatch").slots["what"] == "文件结束标记之后的记录"


def test_a_lost_line_names_the_first_line_that_is_no_group_code(tmp_path):
    data = minimal(text_entity(b"a")).replace(b"\r\n40\r\n", b"\r\n", 1)
    source = read(written(tmp_path, data))
    assert source.entry.fatal
    assert "应为组码" in note(source, "unreadable").slots["detail"]


def test_entities_that_the_library_drops_are_fatal(tmp_path, monkeypatch):
    path = saved(sample("R2004", 2), tmp_path / "d.dxf")
    complete = dxf_slices._complete
    monkeypatch.setattr(dxf_slices, "_complete", lambda records: list(complete(records))[:-1])
    source = read(path)
    assert source.entry.fatal
    assert note(source, "count_mismatch").slots == {
        "what": "实体总数",
        "claimed": 4,
        "read": 3,
        "measured": 3,
        "required": 4,
    }


def test_a_group_code_beyond_all_bounds_is_refused(tmp_path):
    source = read(written(tmp_path, minimal([*text_entity(b"a"), b"99999999", b"x"])))
    assert source.entry.fatal
    assert kinds(source) == {"unreadable": 1}


def test_a_dwg_is_told_how_to_become_a_dxf(tmp_path):
    for name in ("plan.dwg", "plan.dxf"):
        source = read(written(tmp_path, b"AC1032\x00\x00rest", name))
        assert "SAVEAS" in note(source, "unsupported_format").slots["advice"]
        assert source.entry.fatal


def test_a_missing_file_is_a_note(tmp_path):
    source = read(tmp_path / "none.dxf")
    assert (dict(kinds(source)), source.entry.fatal, source.entry.sha256) == ({"file_missing": 1}, True, "")


def test_an_unknown_suffix_names_what_can_be_read(tmp_path):
    source = read(written(tmp_path, b"x", "a.doc"))
    assert ".dxf" in note(source, "unsupported_format").slots["advice"]


def test_handles_are_unique_in_the_frame_and_a_repeated_one_is_said(tmp_path):
    lines = [*text_entity(b"a"), b"5", b"AB", *text_entity(b"b"), b"5", b"AB"]
    source = read(written(tmp_path, minimal(lines)))
    assert list(source.features["handle"]) == ["AB", "AB#2"]
    found = note(source, "duplicate_handle")
    assert (found.handle, found.slots["value"]) == ("AB#2", "AB")


def test_an_app_that_stands_twice_is_said(tmp_path):
    lines = [*text_entity(b"a"), b"1001", b"SOUTH", b"1000", b"1", b"1001", b"SOUTH", b"1000", b"2"]
    source = read(written(tmp_path, minimal(lines)))
    assert note(source, "not_read").slots["count"] == 1


def test_a_library_that_breaks_is_a_finding_not_a_traceback(tmp_path, monkeypatch):
    def broken(*_args, **_kwargs):
        raise ZeroDivisionError("inside")

    path = saved(sample(), tmp_path / "b.dxf")
    monkeypatch.setattr("pipeline.readers.dxf.Drawing.read", broken)
    source = read(path)
    assert note(source, "unreadable").slots["detail"].endswith("（ZeroDivisionError：inside）")
    assert source.entry.fatal


def test_the_folders_of_this_machine_never_reach_a_finding(tmp_path):
    path = written(tmp_path, b'{"type": "Nonsense"}', "a.geojson")
    assert str(tmp_path) not in str(read(path).notes)
