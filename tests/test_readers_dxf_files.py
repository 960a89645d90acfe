"""Whole drawings: versions, encodings, and that nothing damaged or lying ever passes."""

from __future__ import annotations

import ezdxf
import pytest
from factories_readers import SQUARE, cut, drawing, kinds, minimal, note, read, saved, text_entity

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
@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_gives_the_same_rings_and_texts(tmp_path, version, binary):
    document = sample(version)
    document.encoding = "gbk"
    source = read(saved(document, tmp_path / "v.dxf", binary=binary))
    assert source.features["geometry"].map(lambda g: g.area).sum() == 1200
    assert list(source.features["text"].dropna()) == [f"宗地{i}" for i in range(12)]
    assert not source.notes


@pytest.mark.parametrize("ending", [b"\r\n", b"\n", b"\r"])
def test_line_endings_do_not_matter(tmp_path, ending):
    source = read(written(tmp_path, minimal(text_entity(b"JZD"), ending=ending)))
    assert list(source.features["text"]) == ["JZD"]


def test_a_byte_order_mark_and_blank_lines_at_the_end_do_not_matter(tmp_path):
    source = read(written(tmp_path, b"\xef\xbb\xbf" + minimal(text_entity(b"JZD")) + b"\r\n\r\n\x1a"))
    assert list(source.features["text"]) == ["JZD"]
    assert not source.entry.fatal


# ---------------------------------------------------------------- encodings


@pytest.mark.parametrize(("version", "page", "encoding", "name", "conflict"), [
    ("AC1015", "ANSI_936", "gbk", "GBK", False),
    ("AC1018", "ANSI_1252", "gbk", "GBK", True),
    ("AC1015", "ANSI_936", "utf-8", "UTF-8", True),
    ("AC1021", "ANSI_936", "utf-8", "UTF-8", False),
    ("AC1024", "ANSI_949", "utf-8", "UTF-8", False),
    ("AC1024", "ANSI_936", "gbk", "GBK", True),
    ("AC1015", None, "gbk", "GBK", False),
])
def test_texts_and_layer_names_come_out_right_whatever_the_header_says(tmp_path, version, page, encoding, name, conflict):
    document = sample("R2000", 3)
    document.layers.add("界址线")
    document.modelspace().add_text("江北区混2", dxfattribs={"layer": "界址线"})
    text = saved(document, tmp_path / "e.dxf").read_bytes().decode("cp1252")
    data = ezdxf.lldxf.encoding.decode_dxf_unicode(text).encode(encoding)
    data = data.replace(b"AC1015", version.encode(), 1)
    data = data.replace(b"$DWGCODEPAGE\n  3\nANSI_1252", b"$DWGCODEPAGE\n  3\n" + page.encode()) if page else data.replace(
        b"  9\n$DWGCODEPAGE\n  3\nANSI_1252\n", b"")
    source = read(written(tmp_path, data))
    assert "江北区混2" in set(source.features["text"])
    assert "界址线" in set(source.features["layer"])
    assert source.entry.encoding == name
    assert ("encoding_conflict" in kinds(source)) is conflict


def test_escapes_and_raw_gbk_in_one_file_both_come_out(tmp_path):
    lines = [*text_entity("宗地".encode("gbk"), layer=rb"\U+754C\U+5740"), *text_entity(rb"\M+5B5D8\U+7C4D")]
    features = read(written(tmp_path, minimal(lines, page="ANSI_936"))).features
    assert list(features["text"]) == ["宗地", "地籍"]
    assert features["layer"][0] == "界址"


def test_utf8_and_gbk_lines_in_one_file_both_come_out(tmp_path):
    lines = [*text_entity("权利人甲".encode("gbk")), *text_entity("权利人乙".encode())]
    source = read(written(tmp_path, minimal(lines, page="ANSI_936")))
    assert list(source.features["text"]) == ["权利人甲", "权利人乙"]
    assert source.entry.encoding == "混合"


def test_garbled_text_is_a_note_with_its_place(tmp_path):
    lines = [*text_entity("宗地权利人".encode()), *text_entity("鍦扮睄".encode())]  # 地籍, decoded once too often
    source = read(written(tmp_path, minimal(lines)))
    assert (note(source, "mojibake").slots["text"], note(source, "mojibake").place.x) == ("鍦扮睄", 1.0)


def test_what_the_project_states_is_used(tmp_path):
    path = written(tmp_path, minimal(text_entity("지번".encode("cp949")), page="ANSI_1252"))
    assert list(read(path, encoding="cp949").features["text"]) == ["지번"]


# ---------------------------------------------------------------- damage


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
        "what": "文件结束标记 EOF", "claimed": 1, "read": 0, "measured": 0, "required": 1}


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
    class Forgetful(ezdxf.document.Drawing):
        @property
        def entities(self):
            return list(self.modelspace())[:-1]

        @entities.setter
        def entities(self, _):
            pass
    path = saved(sample("R2004", 2), tmp_path / "d.dxf")
    monkeypatch.setattr("pipeline.readers.dxf.Drawing", Forgetful)
    source = read(path)
    assert source.entry.fatal
    assert note(source, "count_mismatch").slots == {
        "what": "实体总数", "claimed": 4, "read": 3, "measured": 3, "required": 4}


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
    assert note(source, "bad_value").slots["value"] == "AB"


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
    assert note(source, "unreadable").slots["detail"] == "ZeroDivisionError：inside"
    assert source.entry.fatal


# ---------------------------------------------------------------- files of others


def test_the_korean_map_has_its_known_parcels_and_area(shared):
    features = read(shared / "data/kr_cadastre/sample02_EPSG5174.dxf").features
    parcels = features[features["layer"] == "00_지적"]
    assert (len(parcels), int((~parcels.geometry.is_valid).sum())) == (2510, 2)
    assert parcels.geometry.area.sum() == pytest.approx(9_592_684.990, abs=0.01)
    assert int((features["entity"] == "TEXT").sum()) == 2383


def test_text_and_binary_files_of_one_drawing_have_the_same_geometry(shared):
    folder = shared / "data/dxf_versions"
    for version in ("AC1009", "AC1018"):
        one, two = (read(folder / f"sample_{version}_{how}.dxf").features for how in ("ascii", "binary"))
        assert list(one["entity"]) == list(two["entity"])
        assert one.geometry.geom_equals_exact(two.geometry, 1e-3).all()  # three exploded curves differ by 0.0005


def test_the_closed_polylines_of_one_drawing_are_the_same_in_all_versions(shared):
    found = []
    for name in ("AC1009_ascii", "AC1009_binary", "AC1018_ascii", "AC1018_binary", "AC1032_ascii"):
        features = read(shared / f"data/dxf_versions/sample_{name}.dxf").features
        rows = features[features["entity"].isin(["LWPOLYLINE", "POLYLINE"]) & features["closed"]].set_index("handle")
        found.append(rows.drop("321", errors="ignore").geometry.sort_index())  # a curve in the newer versions
    assert [len(rings) for rings in found] == [18] * 5
    assert all(rings.geom_equals_exact(found[0], 1e-9).all() for rings in found)
