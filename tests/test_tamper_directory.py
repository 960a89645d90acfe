"""Files missing, added, doubled, renamed or misplaced in a delivery are named; an unsafe package is not opened."""

from __future__ import annotations

import shutil
import zipfile

import pytest

from tests import factories_delivery as kit
from tests.factories_delivery import examined, packed, put, relisted, rules, said, small


def test_a_missing_file_is_named_as_such_and_as_listed(root):
    (root / kit.PDF).unlink()
    review = examined(root)
    assert f"文件缺失：成果包中没有 {kit.PDF}" in said(review, "PRJ-D02")
    assert f"{kit.PDF} 列在清单中，成果包里没有" in said(review, "PRJ-D07")


@pytest.mark.parametrize("name", ["读我.txt", "地籍测绘/矢量数据/JZD.sbn", "原始资料/planning/旧版.dxf"])
def test_an_added_file_is_named(root, name):
    put(root / name, "x")
    review = examined(root)
    assert f"规定外文件：{name}" in said(review, "PRJ-D05")
    assert f"{name} 在清单中没有列出" in said(review, "PRJ-D07")


def test_a_file_handed_in_twice_is_named_a_duplicate(root):
    shutil.copyfile(root / kit.PDF, root / "成果报告书/副本.pdf")
    assert f"成果报告书/副本.pdf 与 {kit.PDF} 内容相同" in said(examined(relisted(root)), "PRJ-D04")


def test_a_renamed_folder_is_seen_through(root):
    (root / "绿地核实测量").rename(root / "绿地测量")
    review = examined(relisted(root))
    assert "文件缺失：成果包中没有 绿地核实测量/元数据/元数据.json" in said(review, "PRJ-D02")
    assert "（内容与缺失的 绿地核实测量/元数据/元数据.json 相同，疑为改名或移位）" in said(review, "PRJ-D05")
    failed = {b.short for b in review.bureaus if b.verdict == "failed"}
    assert "绿地" in failed


def test_a_package_whose_folder_bears_another_name_is_told(tmp_path):
    path = packed(tmp_path, lambda name: name.replace(kit.CODE, "CQJB-2026-9999", 1))
    assert "“成果包文件夹”写 CQJB-2026-9999，应为 CQJB-2026-0117" in said(examined(path), "PRJ-D10")


def test_a_file_beside_the_folder_is_beyond_the_rules(tmp_path):
    path = packed(tmp_path, extra={"说明.txt": b"x"})
    assert "说明.txt（在成果包文件夹之外）" in said(examined(path), "PRJ-D05")


def test_names_in_gbk_are_read_and_said(tmp_path):
    path = packed(tmp_path, encoding="gb18030")
    review = examined(path)
    assert rules(review) == {"PRJ-D29"}
    assert review.verdict == "passed"


def test_a_package_in_folders_around_it_is_found(tmp_path):
    assert examined(packed(tmp_path, lambda name: f"提交/第一次/{name}")).findings == ()


def test_a_package_without_a_folder_is_told_as_it_is(tmp_path):
    review = examined(packed(tmp_path, lambda name: name.partition("/")[2]))
    assert rules(review) == {"PRJ-D02"}
    assert f"没有 文件夹 {kit.CODE}（文件直接放在压缩包的最上层）" in said(review, "PRJ-D02")


@pytest.mark.parametrize("name", ["Thumbs.db", "地籍测绘/.DS_Store", "成果报告书/~$报告书.docx", "__MACOSX/a/b.txt"])
def test_what_a_system_leaves_behind_is_told_once_and_no_fault(root, name):
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    put(root / name, "x")
    review = examined(root)
    assert [(f.rule, f.severity, f.file) for f in review.findings] == [("PRJ-D34", "info", name)]


# ---------------------------------------------------------------- the zip itself


@pytest.mark.parametrize(
    ("extra", "rule", "words"),
    [
        ({"../出去.txt": b"x"}, "PRJ-D01", "指向压缩包之外"),
        ({"/etc/x": b"x"}, "PRJ-D01", "是绝对路径"),
        ({f"{kit.CODE}/Manifest.JSON": b"x"}, "PRJ-D04", "仅大小写不同"),
        ({f"{kit.CODE}/零.txt": bytes(400_000_000)}, "PRJ-D01", "压缩比"),
        ({f"{kit.CODE}/aux.txt": b"x"}, "PRJ-D01", "Windows"),
    ],
    ids=["escaping", "absolute", "case", "bomb", "device"],
)
def test_an_unsafe_package_is_named_and_not_opened(tmp_path, extra, rule, words):
    review = examined(small(tmp_path, extra))
    assert words in said(review, rule)
    assert review.unsafe
    assert review.verdict == "failed"
    assert {bureau.verdict for bureau in review.bureaus} == {"failed"}


def test_a_symlink_in_the_package_is_named(tmp_path):
    path = small(tmp_path, {})
    entry = zipfile.ZipInfo(f"{kit.CODE}/link")
    entry.create_system, entry.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(entry, "/etc/passwd")
    assert "是符号链接" in said(examined(path), "PRJ-D01")


def test_a_symlink_in_a_folder_handed_in_is_named(root):
    (root / "link").symlink_to("/etc/passwd")
    review = examined(root)
    assert "“link”：是符号链接" in said(review, "PRJ-D01")
    assert review.unsafe


def test_a_name_that_comes_twice_is_named(tmp_path):
    path = small(tmp_path, {})
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(f"{kit.CODE}/{kit.MANIFEST}", "{}")
    assert "重名" in said(examined(path), "PRJ-D04")


def test_what_is_no_zip_is_of_a_wrong_format(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    assert "不是完整的 zip 文件" in said(examined(tmp_path / "x.zip"), "PRJ-D03")


def test_a_package_with_a_flipped_byte_in_its_content_is_not_opened(tmp_path):
    data = bytearray(kit.made().package.read_bytes())
    data[len(data) // 2] ^= 0xFF
    (tmp_path / "x.zip").write_bytes(bytes(data))
    assert "已损坏" in said(examined(tmp_path / "x.zip"), "PRJ-D01")
