"""Shapefiles that are cut, lie or lack a file: none ever passes, each says what is wrong."""

from __future__ import annotations

import random

import pytest
from factories_readers import SQUARE, cut, kinds, note, patch, read, shapefile
from hypothesis import given, settings
from hypothesis import strategies as st

ROW = {"名称": "江北区混2", "层数": 18, "面积": 100.125, "日期": "2026-08-20"}


def rows(count=6):
    return [([(x + 20 * i, y) for x, y in SQUARE], {**ROW, "层数": i}) for i in range(count)]


@pytest.fixture
def path(tmp_path):
    return shapefile(tmp_path / "户.shp", rows())


def test_a_shp_cut_in_half_is_fatal(path):
    source = read(cut(path))
    assert source.entry.fatal
    assert source.features.empty
    assert {n.slots["what"] for n in source.notes if n.kind == "truncated"} == {"shp 字节数", "shp 完整记录数"}


def test_a_shp_cut_in_half_without_index_is_fatal(path):
    path.with_suffix(".shx").unlink()
    assert read(cut(path)).entry.fatal


@pytest.mark.parametrize("suffix", [".shx", ".dbf"])
def test_a_side_file_cut_in_half_is_fatal(path, suffix):
    cut(path.with_suffix(suffix))
    source = read(path)
    assert source.entry.fatal
    assert "truncated" in kinds(source)


def test_a_missing_dbf_is_fatal(path):
    path.with_suffix(".dbf").unlink()
    source = read(path)
    assert source.entry.fatal
    assert note(source, "attributes_missing").file == source.entry.path


def test_a_missing_shx_is_rebuilt_and_said(path):
    whole = read(path)
    path.with_suffix(".shx").unlink()
    source = read(path)
    assert note(source, "missing_sidecar").slots["sidecar"] == ".shx"
    assert source.features.geometry.equals(whole.features.geometry)
    assert source.attributes.equals(whole.attributes)
    assert not path.with_suffix(".shx").exists()


def test_a_missing_prj_is_said(path):
    path.with_suffix(".prj").unlink()
    source = read(path)
    assert (note(source, "missing_sidecar").slots["sidecar"], source.entry.crs) == (".prj", None)


@pytest.mark.parametrize("length", [60, 5000])
def test_a_shp_whose_header_lies_either_way_is_fatal(path, length):
    patch(path, 24, ">i", length)
    assert read(path).entry.fatal


@pytest.mark.parametrize(("count", "kind"), [(5, "count_mismatch"), (7, "truncated")])
def test_a_dbf_whose_header_lies_either_way_is_fatal(path, count, kind):
    patch(path.with_suffix(".dbf"), 4, "<I", count)
    source = read(path)
    assert source.entry.fatal
    assert kind in kinds(source)


def test_an_index_that_contradicts_the_records_is_fatal(path):
    patch(path.with_suffix(".shx"), 104, ">i", 20)
    assert read(path).entry.fatal


def test_records_marked_deleted_are_counted(path):
    header = int.from_bytes(path.with_suffix(".dbf").read_bytes()[8:10], "little")
    patch(path.with_suffix(".dbf"), header, "<B", ord("*"))
    source = read(path)
    assert len(source.features) == 5
    assert note(source, "not_read").slots["count"] == 1
    assert not source.entry.fatal


def test_an_empty_shp_is_fatal(path):
    path.write_bytes(b"")
    source = read(path)
    assert (dict(kinds(source)), source.entry.fatal) == ({"empty_file": 1}, True)


def test_a_table_without_rows_is_said(tmp_path):
    source = read(shapefile(tmp_path / "none.shp", []))
    assert kinds(source) == {"empty_file": 1}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([".shp", ".shx", ".dbf"]))
def test_a_cut_side_file_never_passes_and_nothing_raises(tmp_path_factory, seed, suffix):
    path = shapefile(tmp_path_factory.mktemp("cut") / "a.shp", rows(3))
    target = path.with_suffix(suffix)
    data = target.read_bytes()
    target.write_bytes(data[: random.Random(seed).randrange(len(data) - 1)])
    source = read(path)
    assert source.entry.fatal
    assert source.notes


# ---------------------------------------------------------------- what the files say of their extent, CRS and code page


def first_record(path):
    """Where the content of the first record begins."""
    return 100 + 8


def test_a_shapefile_as_written_agrees_with_its_extents(path):
    assert kinds(read(path))["extent_conflict"] == 0


def test_a_coordinate_changed_afterwards_is_said_with_its_record(path):
    patch(path, first_record(path) + 44 + 4 + 16, "<d", 25.0)  # x of the second point; the record ends at 10
    found = [n for n in read(path).notes if n.kind == "extent_conflict"]
    assert [(n.handle, n.slots["where"]) for n in found] == [("1", "第 1 条记录")]


def test_a_header_with_another_extent_is_said(path):
    patch(path, 36, "<d", -1000.0)
    (found,) = [n for n in read(path).notes if n.kind == "extent_conflict"]
    assert (found.handle, found.slots["where"], found.slots["measured"]) == (None, "文件头", 1000.0)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300])
def test_an_extent_that_is_no_number_is_said(path, value):
    patch(path, 60, "<d", value)
    assert kinds(read(path))["extent_conflict"] == 1


def test_points_have_no_extent_of_their_own_but_the_header_has(tmp_path):
    import fiona

    schema = {"geometry": "Point", "properties": {"n": "int"}}
    with fiona.open(tmp_path / "p.shp", "w", driver="ESRI Shapefile", schema=schema) as file:
        for n in (1, 2):
            point = {"type": "Point", "coordinates": (500_000.0 + n, 3_280_000.0)}
            file.write({"type": "Feature", "geometry": point, "properties": {"n": n}})
    assert kinds(read(tmp_path / "p.shp"))["extent_conflict"] == 0
    patch(tmp_path / "p.shp", 100 + 8 + 4, "<d", 400_000.0)
    assert kinds(read(tmp_path / "p.shp"))["extent_conflict"] == 1


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00garbage", b"PROJCS[", "乱".encode("gbk") * 30, b"\x00" * 50])
def test_a_prj_that_states_no_crs_counts_as_none_and_is_said(path, content):
    path.with_suffix(".prj").write_bytes(content)
    source = read(path)
    found = note(source, "sidecar_unreadable")
    assert (found.slots["sidecar"], source.entry.crs, source.entry.fatal) == (".prj", None, False)
    assert found.slots["value"].isprintable()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"no such page", b"9999999"])
def test_a_cpg_that_names_no_code_page_is_said(path, content):
    path.with_suffix(".cpg").write_bytes(content)
    source = read(path)
    assert note(source, "sidecar_unreadable").slots["sidecar"] == ".cpg"
    assert source.attributes["名称"].tolist() == ["江北区混2"] * 6
