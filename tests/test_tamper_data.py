"""What was altered in the vector data of a delivery is named by layer, feature and value, whatever the manifest says."""

from __future__ import annotations

import shutil
import sqlite3
import struct

import pytest

from tests import factories_delivery as kit
from tests.factories_delivery import examined, other_software, put, relisted, rules, said

JZD, ZD = "地籍测绘/矢量数据/JZD", "地籍测绘/矢量数据/ZDJBXX"
GPKG = "地籍测绘/矢量数据/地籍测绘.gpkg"


def test_an_untouched_delivery_passes_for_every_bureau_as_zip_and_as_folder(root):
    for path in (root, root.parent, kit.made().package):
        review = examined(path)
        assert (review.findings, review.verdict) == ((), "passed")
        assert {bureau.short for bureau in review.bureaus} == {"规划", "绿地", "人防", "地籍", "房产"}
        assert {bureau.verdict for bureau in review.bureaus} == {"passed"}
        assert {run.outcome for run in review.runs} == {"passed"}


def test_one_byte_of_a_coordinate_in_a_shapefile_is_found_and_its_point_named(root):
    data = bytearray((root / f"{JZD}.shp").read_bytes())
    data[100 + 12 + 6] ^= 1  # the second highest byte of x of the first point
    put(root / f"{JZD}.shp", bytes(data))
    review = examined(relisted(root))
    assert rules(review) == {"PRJ-D18"}
    assert "图层 JZD 的 第 1 行" in said(review, "PRJ-D18")
    assert "图形不同：拐点最大移动" in said(review, "PRJ-D18")
    assert {b.short for b in review.bureaus if b.verdict == "failed"} == {"地籍"}


def test_a_point_moved_by_half_a_metre_is_measured(root):
    data = bytearray((root / f"{JZD}.shp").read_bytes())
    struct.pack_into("<d", data, 112, struct.unpack_from("<d", data, 112)[0] + 0.5)
    put(root / f"{JZD}.shp", bytes(data))
    moved = next(f for f in examined(relisted(root)).findings if f.rule == "PRJ-D18")
    assert moved.measured == pytest.approx(0.5)
    assert moved.place.startswith("POINT")


def test_a_byte_that_changes_no_value_is_found_too(root):
    data = bytearray((root / f"{JZD}.shp").read_bytes())
    data[4] = 1  # an unused word of the header
    put(root / f"{JZD}.shp", bytes(data))
    review = examined(relisted(root))
    assert rules(review) == {"PRJ-D25"}
    assert "自第 5 字节起有 1 个字节不同" in said(review, "PRJ-D25")


def test_a_shapefile_cut_in_half_is_of_a_wrong_format(root):
    put(root / f"{ZD}.shp", (root / f"{ZD}.shp").read_bytes()[:150])
    assert "不能完整读取" in said(examined(relisted(root)), "PRJ-D03")


def test_a_changed_attribute_is_named_with_both_values(root):
    data = (root / f"{ZD}.dbf").read_bytes()
    area = next(word for word in data.split() if b"." in word and word.replace(b".", b"").isdigit())
    put(root / f"{ZD}.dbf", data.replace(area, b"9" + area[1:], 1))
    message = said(examined(relisted(root)), "PRJ-D19")
    assert "ZDMJ 应为" in message
    assert area.decode().rstrip("0").rstrip(".").split(".")[0] in message


def test_a_changed_field_width_is_named(root):
    data = bytearray((root / f"{ZD}.dbf").read_bytes())
    place = data.index(b"ZDMJ\0")
    data[place + 17] = 2  # decimals
    put(root / f"{ZD}.dbf", bytes(data))
    assert "字段 ZDMJ 不同：应为 N 15,4，所交为 N 15,2" in said(examined(relisted(root)), "PRJ-D21")


@pytest.mark.parametrize(
    ("suffix", "text", "what"), [(".cpg", "UTF-8", "编码声明"), (".prj", "LOCAL_CS", "坐标系声明")]
)
def test_a_changed_declaration_beside_a_shapefile_is_named(root, suffix, text, what):
    put(root / f"{JZD}{suffix}", text)
    assert what in said(examined(relisted(root)), "PRJ-D21")


@pytest.mark.parametrize(
    ("statement", "rule", "words"),
    [
        ("UPDATE cadastral_parcel SET right_holder = '他人'", "PRJ-D19", "right_holder 应为"),
        ("DELETE FROM cadastral_boundary_point WHERE rowid = 1", "PRJ-D20", "缺少要素 cadastral.boundary_point/"),
        ("DROP TABLE cadastral_boundary_line", "PRJ-D20", "图层 cadastral_boundary_line：缺少图层"),
    ],
)
def test_an_edited_geopackage_is_named_by_layer_and_feature(root, statement, rule, words):
    edited(root / GPKG, statement)
    review = examined(relisted(root))
    assert words in said(review, rule), [f.message for f in review.findings]
    assert review.verdict == "failed"


def test_a_truncated_geopackage_is_of_a_wrong_format(root):
    put(root / "成果数据库.gpkg", (root / "成果数据库.gpkg").read_bytes()[:50_000])
    assert "成果数据库.gpkg 不能完整读取" in said(examined(relisted(root)), "PRJ-D03")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("organization = 'EPSG', organization_coordsys_id = 4545", "所交为 EPSG:4545（定义为 "),
        (
            "definition = replace(definition, '\"central_meridian\",106.5', '\"central_meridian\",105')",
            "中央子午线 105°",
        ),
        ("definition = 'x'", "所交为 x"),
    ],
)
def test_another_crs_in_a_geopackage_is_named_by_layer_with_both_values_whatever_software_it_claims(
    root, change, words
):
    edited(root / GPKG, f"UPDATE gpkg_spatial_ref_sys SET {change} WHERE srs_id = 100000")
    message = said(examined(other_software(relisted(root))), "PRJ-D21")
    assert "图层 cadastral_parcel 的坐标系声明不同：" in message
    assert words in message


def edited(path, statement):
    """A database after one statement, without its triggers."""
    copy = path.with_name("copy")
    shutil.copyfile(path, copy)
    with sqlite3.connect(copy) as base:
        for trigger in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{trigger[0]}"')
        assert base.execute(statement).rowcount
    base.close()
    copy.replace(path)
