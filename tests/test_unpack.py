"""A zip is unpacked whole into its folder, or refused with a reason and nothing left."""

from __future__ import annotations

import io
import stat
import struct
import warnings
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.standard import load_standards
from pipeline.unpacking import unpack as unpacking
from pipeline.unpacking.unpack import ZipLimits, examine, unpack

LIMITS = ZipLimits(entries=100, mb=64, ratio=200, depth=5)


def packed(path, *entries, method=zipfile.ZIP_DEFLATED):
    """entries: (name or ZipInfo, bytes)."""
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", method) as archive:
        warnings.simplefilter("ignore")  # names that stand twice
        for name, data in entries:
            archive.writestr(name, data)
    return path


def linked(name, kind):
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o777) << 16
    return info


def gbk(path, name, data):
    """As Chinese Windows writes it: the name in GBK, no flag."""
    raw = name.encode("gb18030")
    stand_in = "x" * len(raw)
    packed(path, (stand_in, data))
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), raw))
    return path


def patched(path, old, new, *, count=-1):
    path.write_bytes(path.read_bytes().replace(old, new, count))
    return path


def refusal(path, tmp_path, limits=LIMITS):
    into = tmp_path / "out"
    with pytest.raises(InputError) as err:
        unpack(path, into, limits)
    assert not into.exists() or not any(into.iterdir())
    assert not list(tmp_path.glob(".duoce-*"))
    return str(err.value)


def test_a_zip_is_unpacked_with_its_folders_in_its_order(tmp_path):
    path = packed(tmp_path / "a.zip", ("项目/b.dxf", b"2"), ("项目/", b""), ("项目/图/a.dxf", b"1"), ("./c.txt", b""))
    files = unpack(path, tmp_path / "out", LIMITS)
    assert [f.relative_to(tmp_path / "out").as_posix() for f in files] == ["项目/b.dxf", "项目/图/a.dxf", "c.txt"]
    assert [f.read_bytes() for f in files] == [b"2", b"1", b""]


def test_names_in_gbk_are_decoded_and_said(tmp_path):
    path = gbk(tmp_path / "a.zip", "宗地图/乗.dxf", b"1")  # the second byte of 乗 is a backslash in GBK
    assert examine(path, LIMITS).recoded == ("宗地图/乗.dxf",)
    assert unpack(path, tmp_path / "out", LIMITS)[0] == tmp_path / "out" / "宗地图" / "乗.dxf"


def test_names_in_utf_8_without_the_flag_are_read_as_such(tmp_path):
    path = packed(tmp_path / "a.zip", ("xxxxxx.dxf", b"1"))
    found = examine(patched(path, b"xxxxxx", "宗地".encode()), LIMITS)
    assert ([m.path for m in found.members], found.recoded) == (["宗地.dxf"], ())


def test_backslashes_of_old_programs_are_folders(tmp_path):
    path = patched(packed(tmp_path / "a.zip", ("图/a.dxf", b"1")), "图/a.dxf".encode(), "图\\a.dxf".encode())
    assert unpack(path, tmp_path / "out", LIMITS) == [tmp_path / "out" / "图" / "a.dxf"]


@pytest.mark.parametrize(
    ("entries", "word"),
    [
        ([("../a.dxf", b"1")], "指向压缩包之外"),
        ([("a/../../b.dxf", b"1")], "指向压缩包之外"),
        ([("..\\a.dxf", b"1")], "指向压缩包之外"),
        ([("/etc/passwd", b"1")], "绝对路径"),
        ([("C:/a.dxf", b"1")], "绝对路径"),
        ([("\\\\server\\a.dxf", b"1")], "绝对路径"),
        ([("a:stream.dxf", b"1")], "绝对路径"),
        ([("ab:stream.dxf", b"1")], "不允许的字符"),
        ([("a\x01.dxf", b"1")], "不允许的字符"),
        ([("aux.dxf", b"1")], "Windows"),
        ([("a./b.dxf", b"1")], "Windows"),
        ([("图" * 100 + ".dxf", b"1")], "255"),
        ([("a/b/c/d/e/f/g.dxf", b"1")], "5 层"),
        ([("./", b"1"), ("a", b"1")], "没有文件名"),
        ([(linked("a.dxf", stat.S_IFLNK), b"/etc/passwd")], "符号链接"),
        ([(linked("a.dxf", stat.S_IFIFO), b"")], "普通文件"),
        ([("a.dxf", b"1"), ("a.dxf", b"2")], "重名"),
        ([("a.dxf", b"1"), ("./a.dxf", b"2")], "重名"),
        ([("a.dxf", b"1"), ("A.DXF", b"2")], "大小写"),
        ([("e\u0301.dxf", b"1"), ("\u00e9.dxf", b"2")], "大小写"),
        ([("a", b"1"), ("a/b.dxf", b"2")], "既是文件又是文件夹"),
        ([(f"{n}.txt", b"") for n in range(101)], "101 个文件"),
        ([("a.txt", bytes(65 << 20))], "64 MB"),
        ([("a.txt", bytes(40 << 20))], "压缩比"),
    ],
)
def test_what_would_leave_its_folder_or_flood_it_is_refused(tmp_path, entries, word):
    assert word in refusal(packed(tmp_path / "a.zip", *entries), tmp_path)


def test_an_encrypted_entry_is_refused(tmp_path):
    path = packed(tmp_path / "a.zip", ("a.dxf", b"1"))
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    assert "加密" in refusal(path, tmp_path)


def test_a_method_that_takes_a_dictionary_of_any_size_is_refused(tmp_path):
    assert "压缩方法 14" in refusal(packed(tmp_path / "a.zip", ("a", b"1"), method=zipfile.ZIP_LZMA), tmp_path)


def test_bytes_are_counted_whatever_the_directory_says(tmp_path):
    path = packed(tmp_path / "a.zip", ("a.txt", b"a" * (30 << 20)))
    data = bytearray(path.read_bytes())
    for place in (22, data.index(b"PK\x01\x02") + 24):
        struct.pack_into("<I", data, place, 10)
    path.write_bytes(bytes(data))
    assert "内容已损坏" in refusal(path, tmp_path)


def test_many_small_files_are_counted_together(tmp_path):
    path = packed(tmp_path / "a.zip", *((f"{n}.txt", b"a" * (1 << 20)) for n in range(60)))
    assert "压缩比" in refusal(path, tmp_path)


def test_a_directory_too_large_to_open_is_refused_before_it_is_opened(tmp_path):
    path = packed(tmp_path / "a.zip", ("a.txt", b"1"))
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.rindex(b"PK\x05\x06") + 12, 900_000)
    path.write_bytes(bytes(data))
    assert "目录有 900000 字节" in refusal(path, tmp_path)


def test_the_target_must_be_empty(tmp_path):
    path = packed(tmp_path / "a.zip", ("a.txt", b"1"))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("x")
    with pytest.raises(InputError, match="不是空的"):
        unpack(path, tmp_path / "out", LIMITS)
    assert (tmp_path / "out" / "mine.txt").read_text() == "x"


@pytest.mark.parametrize("share", range(10))
def test_a_zip_cut_off_anywhere_is_refused(tmp_path, share):
    path = packed(tmp_path / "a.zip", *((f"{n}.txt", b"x" * 1000) for n in range(5)))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * share // 10])
    assert "zip" in refusal(path, tmp_path)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_changed_zip_is_refused_or_gives_files_inside_its_folder(tmp_path_factory, data):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("图/a.dxf", b"abc" * 50)
        archive.writestr("b.txt", b"")
    changed = bytearray(buffer.getvalue())
    for place, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(changed) - 1), st.integers(0, 255)), max_size=6)
    ):
        changed[place] = value
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "a.zip").write_bytes(bytes(changed))
    try:
        files = unpack(folder / "a.zip", folder / "out", LIMITS)
    except InputError:
        assert sorted(p.name for p in folder.iterdir()) == ["a.zip"]
    else:
        assert all(f.is_file() and f.resolve().is_relative_to(folder / "out") for f in files)


def test_the_limits_come_from_the_profile():
    limits = unpacking.limits_of(load_standards().profile.numbers)
    assert min(limits.entries, limits.mb, limits.ratio, limits.depth) > 0
