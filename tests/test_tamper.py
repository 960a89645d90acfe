"""Every way of tampering with a delivery is named by the examination, even when the manifest was made to agree."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sqlite3
import struct
import zipfile

import pytest

from pipeline import cli
from pipeline.delivery.check import check_delivery, examining
from pipeline.delivery.check.writing import write_review
from pipeline.model import Finding
from pipeline.report.build import build
from pipeline.report.pdf import write_pdf
from tests import factories_delivery as kit
from tests.factories_delivery import examined, in_zip, put, relisted, restated, rules, said, swap

JZD, ZD = "地籍测绘/矢量数据/JZD", "地籍测绘/矢量数据/ZDJBXX"
GPKG = "地籍测绘/矢量数据/地籍测绘.gpkg"
FOUND = Finding(
    "CAD-T01", "error", "cadastral", "地籍.dxf", "ZD", "cadastral.parcel/1", None, "117", None, 2.0, 0.01, "m²", None, None, "与 118 重叠 2.00 m²"
)  # fmt: skip
OTHER = dataclasses.replace(FOUND, rule="CAD-A09", severity="warning", message="代码含全角字符", measured="Ｗ")


@pytest.fixture
def root(tmp_path):
    return kit.tampered(tmp_path)


# ---------------------------------------------------------------- nothing


def test_an_untouched_delivery_passes_for_every_bureau_as_zip_and_as_folder(root):
    for path in (root, root.parent, kit.made().package):
        review = examined(path)
        assert (review.findings, review.verdict) == ((), "passed")
        assert {bureau.short for bureau in review.bureaus} == {"规划", "绿地", "人防", "地籍", "房产"}
        assert {bureau.verdict for bureau in review.bureaus} == {"passed"}
        assert {run.outcome for run in review.runs} == {"passed"}


# ---------------------------------------------------------------- vector data


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
    shutil.copyfile(root / GPKG, root / "copy")
    with sqlite3.connect(root / "copy") as base:
        for trigger in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{trigger[0]}"')
        base.execute(statement)
    base.close()
    (root / "copy").replace(root / GPKG)
    review = examined(relisted(root))
    assert words in said(review, rule), [f.message for f in review.findings]
    assert review.verdict == "failed"


def test_a_truncated_geopackage_is_of_a_wrong_format(root):
    put(root / "成果数据库.gpkg", (root / "成果数据库.gpkg").read_bytes()[:50_000])
    assert "成果数据库.gpkg 不能完整读取" in said(examined(relisted(root)), "PRJ-D03")


# ---------------------------------------------------------------- documents


def test_one_number_in_the_word_report_is_named_with_chapter_table_and_both_values(root):
    value = _area()
    in_zip(root / kit.DOCX, "word/document.xml", f">{value}<", ">9999.99<")
    review = examined(relisted(root))
    assert rules(review) == {"PRJ-D22"}
    message = said(review, "PRJ-D22")
    assert f"应为“{value}”，所交为“9999.99”" in message
    assert "的《" in message


def test_a_picture_in_the_word_report_is_compared(root):
    with zipfile.ZipFile(root / kit.DOCX) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    pictures = sorted(name for name in parts if name.startswith("word/media/"))
    parts[pictures[0]], parts[pictures[1]] = parts[pictures[1]], parts[pictures[0]]
    kit.rezipped(root / kit.DOCX, parts)
    assert "插图" in said(examined(relisted(root)), "PRJ-D24")


def test_a_word_report_that_declares_entities_is_not_parsed(root):
    in_zip(root / kit.DOCX, "word/document.xml", "<w:document", '<!DOCTYPE x [<!ENTITY a "b">]><w:document')
    assert "DOCTYPE" in said(examined(relisted(root)), "PRJ-D03")


def test_one_number_in_a_pdf_set_anew_is_named_with_its_page(root):
    value = _area()
    report = build(kit.made().result)
    chapters = tuple(dataclasses.replace(c, blocks=tuple(_forged(b, value) for b in c.blocks)) for c in report.chapters)
    (root / kit.PDF).unlink()
    write_pdf(dataclasses.replace(report, chapters=chapters), root / kit.PDF)
    message = said(examined(relisted(root)), "PRJ-D22")
    assert f"应为“{value}”，所交为“9999.99”" in message
    assert "页：" in message


def test_a_pdf_that_is_none_is_of_a_wrong_format(root):
    put(root / kit.PDF, b"%PDF-1.7 nothing")
    assert "不是完整的 PDF" in said(examined(relisted(root)), "PRJ-D03")


def test_one_number_in_the_page_is_named_and_so_is_its_data(root):
    value = _area()
    swap(root / kit.HTML, f'<td class="right">{value}</td>', '<td class="right">9999.99</td>')
    swap(root / kit.HTML, f'"measured":"{value}"', '"measured":"9999.99"')
    message = said(examined(relisted(root)), "PRJ-D22")
    assert f"应为“{value}”，所交为“9999.99”" in message
    assert "网页数据 indicators" in message


def test_a_script_slipped_into_the_page_is_found(root):
    swap(root / kit.HTML, "</body>", "<script>alert(1)</script></body>")
    assert "脚本和样式" in said(examined(relisted(root)), "PRJ-D25")


def test_one_cell_of_a_workbook_is_named(root):
    from openpyxl import load_workbook

    book = load_workbook(root / kit.XLSX)
    sheet, cell = next((s, c) for s in book.worksheets[1:] for row in s.iter_rows() for c in row if c.data_type == "n" and c.value)  # fmt: skip
    place, old = f"{sheet.title}!{cell.coordinate}", cell.value
    cell.value = 123456
    (root / kit.XLSX).unlink()
    book.save(root / kit.XLSX)
    assert f"“{place}”：应为“{old}”，所交为“123456”" in said(examined(relisted(root)), "PRJ-D23")


def test_an_edited_drawing_is_named_with_the_line(root):
    drawing = next(root.glob("地籍测绘/文档资料/*.dxf"))
    swap(drawing, "J3", "J4")
    assert "行应为“" in said(examined(relisted(root)), "PRJ-D24")


def test_two_swapped_files_are_each_found(root):
    one, other = sorted(root.glob("房产测绘/文档资料/*.svg"))[:2]
    texts = one.read_bytes(), other.read_bytes()
    put(one, texts[1])
    put(other, texts[0])
    names = {f.file for f in examined(relisted(root)).findings if f.rule == "PRJ-D24"}
    assert names == {path.relative_to(root).as_posix() for path in (one, other)}


def _area() -> str:
    """A printed area that stands in all documents."""
    return next(f"{i.measured:.2f}" for i in kit.made().result.indicators if i.unit == "m²")


def _forged(block, value):
    if not hasattr(block, "rows"):
        return block
    rows = tuple(tuple("9999.99" if cell == value else cell for cell in row) for row in block.rows)
    return dataclasses.replace(block, rows=rows)


# ---------------------------------------------------------------- records


def test_an_edited_indicator_in_the_summary_is_named(root):
    data = json.loads((root / kit.SUMMARY).read_text("utf-8"))
    data["indicators"][0]["measured"] += 1
    put(root / kit.SUMMARY, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    review = examined(relisted(root))
    assert rules(review) == {"PRJ-D17"}
    assert "indicators[" in said(review, "PRJ-D17")
    assert {f.survey for f in review.findings} == {data["indicators"][0]["survey"]}


def test_a_verdict_written_better_than_it_is_recomputed_is_named(root):
    swap(root / kit.SUMMARY, '"verdict": "passed"', '"verdict": "failed"')
    review = examined(relisted(root))
    assert "verdict：应为 passed，所交为 failed" in said(review, "PRJ-D17")
    assert review.delivered == "failed"


def test_edited_metadata_are_named(root):
    path = root / "绿地核实测量/元数据/元数据.json"
    swap(path, "1985国家高程基准", "1956黄海高程系")
    assert "height_datum：应为 1985国家高程基准，所交为 1956黄海高程系" in said(examined(relisted(root)), "PRJ-D17")


def test_a_removed_finding_is_named(tmp_path):
    root, recomputed = kit.with_findings(tmp_path, (FOUND, OTHER))
    _relined(root, lambda lines: [line for line in lines if "CAD-T01" not in line])
    review = examined(relisted(root), recomputed)
    assert "检查发现被删除：CAD-T01 与 118 重叠 2.00 m²" in said(review, "PRJ-D13")
    assert {f.survey for f in review.findings if f.rule == "PRJ-D13"} == {"cadastral"}


def test_an_edited_finding_is_named_with_the_key(tmp_path):
    root, recomputed = kit.with_findings(tmp_path, (FOUND, OTHER))
    swap(root / kit.FINDINGS, '"severity": "error"', '"severity": "info"')
    review = examined(relisted(root), recomputed)
    assert "“severity”被改动：应为 error，所交为 info" in said(review, "PRJ-D15")


def test_an_added_finding_is_named(tmp_path):
    root, recomputed = kit.with_findings(tmp_path, (FOUND,))
    _relined(root, lambda lines: [*lines[:-1], lines[1].replace("CAD-T01", "CAD-T02").replace('"fingerprint": "', '"fingerprint": "0'), lines[-1]])  # fmt: skip
    assert "CAD-T02" in said(examined(relisted(root), recomputed), "PRJ-D14")


@pytest.mark.parametrize(("kept", "what"), [(slice(0, -1), "末行 footer"), (slice(1, None), "首行 header")])
def test_a_missing_header_or_footer_of_the_findings_is_named(root, kept, what):
    _relined(root, lambda lines: lines[kept])
    assert f"没有{what}" in said(examined(relisted(root)), "PRJ-D16")


def test_a_line_of_the_findings_broken_off_is_of_a_wrong_format(root):
    put(root / kit.FINDINGS, (root / kit.FINDINGS).read_bytes()[:-5])
    assert kit.FINDINGS in said(examined(relisted(root)), "PRJ-D03")


def _relined(root, change):
    lines = (root / kit.FINDINGS).read_text("utf-8").splitlines()
    put(root / kit.FINDINGS, "\n".join(change(lines)) + "\n")


# ---------------------------------------------------------------- the directory


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
    path = _packed(tmp_path, lambda name: name.replace(kit.CODE, "CQJB-2026-9999", 1))
    assert "“成果包文件夹”写 CQJB-2026-9999，应为 CQJB-2026-0117" in said(examined(path), "PRJ-D10")


def test_a_file_beside_the_folder_is_beyond_the_rules(tmp_path):
    path = _packed(tmp_path, extra={"说明.txt": b"x"})
    assert "说明.txt（在成果包文件夹之外）" in said(examined(path), "PRJ-D05")


def test_names_in_gbk_are_read_and_said(tmp_path):
    path = _packed(tmp_path, encoding="gb18030")
    review = examined(path)
    assert rules(review) == {"PRJ-D29"}
    assert review.verdict == "passed"


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
    review = examined(_small(tmp_path, extra))
    assert words in said(review, rule)
    assert review.unsafe
    assert review.verdict == "failed"
    assert {bureau.verdict for bureau in review.bureaus} == {"failed"}


def test_a_symlink_in_the_package_is_named(tmp_path):
    path = _small(tmp_path, {})
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
    path = _small(tmp_path, {})
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


def _packed(folder, rename=lambda name: name, extra=None, encoding=None):
    """The delivery as a zip again, with names changed or in another code page."""
    path = folder / f"{kit.CODE}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for source in sorted(p for p in kit.made().root.rglob("*") if p.is_file()):
            name = rename(source.relative_to(kit.made().root.parent).as_posix())
            entry = zipfile.ZipInfo(name)
            if encoding:
                entry = _Raw(name)
                entry.raw = name.encode(encoding)
            archive.writestr(entry, source.read_bytes())
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return path


class _Raw(zipfile.ZipInfo):
    """An entry whose name is written as given, without the UTF-8 flag."""

    __slots__ = ("raw",)

    def _encodeFilenameFlags(self):  # noqa: N802 — zipfile's own hook
        return self.raw, self.flag_bits & ~0x800


def _small(folder, extra):
    """A small package, which is refused before anyone misses the rest."""
    path = folder / f"{kit.CODE}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(kit.made().root / kit.MANIFEST, f"{kit.CODE}/{kit.MANIFEST}")
        for name, data in extra.items():
            archive.writestr(name, data)
    return path


# ---------------------------------------------------------------- the manifest


def test_a_file_changed_after_packing_is_named_by_the_manifest_too(root):
    swap(root / kit.SUMMARY, '"verdict": "passed"', '"verdict": "failed"')
    message = said(examined(root), "PRJ-D08")
    assert kit.SUMMARY in message
    assert "SHA-256" in message


def test_an_edited_hash_in_the_manifest_is_named(root):
    data = json.loads((root / kit.MANIFEST).read_text("utf-8"))
    data["files"][3]["sha256"] = "0" * 64
    put(root / kit.MANIFEST, json.dumps(data, ensure_ascii=False))
    review = examined(root)
    assert rules(review) == {"PRJ-D08"}
    assert data["files"][3]["path"] in said(review, "PRJ-D08")


def test_a_file_struck_from_the_manifest_is_named(root):
    data = json.loads((root / kit.MANIFEST).read_text("utf-8"))
    struck = data["files"].pop(3)["path"]
    put(root / kit.MANIFEST, json.dumps(data, ensure_ascii=False))
    assert f"{struck} 在清单中没有列出" in said(examined(root), "PRJ-D07")


@pytest.mark.parametrize(("text", "words"), [(None, "不存在"), ("{", "不可读"), ("{}", "不可读")])
def test_a_missing_or_broken_manifest_is_named_and_the_rest_examined_all_the_same(root, text, words):
    (root / kit.MANIFEST).unlink()
    if text is not None:
        put(root / kit.MANIFEST, text)
    review = examined(root)
    assert words in said(review, "PRJ-D06")
    assert rules(review) == {"PRJ-D06"}
    assert review.result is not None


def test_an_unknown_edition_is_named_and_nothing_recomputed(root):
    review = examined(restated(root, edition="duoce-planning 2099-01"))
    assert "“duoce-planning 2099-01”不是本软件所知的版本" in said(review, "PRJ-D09")
    assert review.result is None
    assert {bureau.verdict for bureau in review.bureaus} == {"failed"}


def test_an_edition_with_a_package_more_is_named(root):
    edition = f"{json.loads((root / kit.MANIFEST).read_text('utf-8'))['edition']}; duoce-own 2026-01"
    assert "duoce-own 2026-01" in said(examined(restated(root, edition=edition)), "PRJ-D10")


def test_another_project_code_in_the_manifest_is_named(root):
    restated(root, project={"code": "CQJB-2026-9999", "name": "滨江雅苑"})
    assert "“项目”写 CQJB-2026-9999 滨江雅苑，应为 CQJB-2026-0117 滨江雅苑" in said(examined(root), "PRJ-D10")


def test_a_changed_profile_recomputes_to_other_results(root):
    profile = {"name": "national", "edition": "national 2026-11"}
    review = examined(restated(root, profile=profile), kit.data_only)
    assert "profile：应为 national" in said(review, "PRJ-D17")


def test_an_unknown_profile_is_named(root):
    restated(root, profile={"name": "../x", "edition": "x"})
    assert "参数集" in said(examined(root, kit.data_only), "PRJ-D12")


def test_other_software_is_said_and_no_fault(root):
    software = json.loads((root / kit.MANIFEST).read_text("utf-8"))["software"]
    review = examined(restated(root, software={**software, "typst": "0.1"}))
    assert rules(review) == {"PRJ-D27"}
    assert "typst 0.1（清单）" in said(review, "PRJ-D27")
    assert review.verdict == "passed"


# ---------------------------------------------------------------- inputs


def test_a_changed_input_is_found_though_the_manifest_agrees(root):
    path = root / kit.INPUTS / "control.csv"
    put(path, path.read_bytes().replace(b"\n", b"\r\n", 1))
    review = examined(relisted(root), kit.data_only)
    assert f"{kit.INPUTS}/control.csv 与检查摘要所记的不是同一文件" in said(review, "PRJ-D11")


def test_another_area_in_an_input_shows_in_everything_that_was_delivered(root):
    path = root / kit.INPUTS / "property/H.dbf"
    data = path.read_bytes()
    start, length = struct.unpack_from("<HH", data, 8)
    record = data[start : start + length]
    number = next(word for word in record.split() if b"." in word)
    put(path, data[:start] + record.replace(number, b"7" * (len(number) - 3) + number[-3:], 1) + data[start + length :])
    review = examined(relisted(root), kit.data_only)
    assert {"PRJ-D11", "PRJ-D19"} <= rules(review)
    assert "房产" in {b.short for b in review.bureaus if b.verdict == "failed"}


def test_inputs_that_cannot_be_run_are_named(root):
    (root / kit.INPUTS / "project.yaml").unlink()
    review = examined(relisted(root), kit.data_only)
    assert "找不到项目文件" in said(review, "PRJ-D12")
    assert str(root) not in said(review, "PRJ-D12")
    assert review.verdict == "failed"


@pytest.mark.parametrize("name", ["../../../x.dxf", "/etc/x.dxf", "C:\\\\x.dxf"])
def test_a_project_file_that_points_outside_the_package_is_not_followed(root, name):
    swap(root / kit.INPUTS / "project.yaml", "files: [planning/规划核实.dxf]", f'files: ["{name}"]')
    review = check_delivery(relisted(root), today=kit.TODAY, isolation=kit.readers())
    assert "不在项目文件夹之内" in said(review, "PRJ-D12")


# ---------------------------------------------------------------- waivers


def test_a_waiver_that_has_ended_by_the_day_of_the_check_no_longer_holds(tmp_path):
    waiver = {"who": "张", "when": "2026-09-01", "why": "…", "until": "2026-10-01", "fingerprint": "x"}
    root, recomputed = kit.with_findings(tmp_path, (dataclasses.replace(FOUND, waiver=waiver),))
    early = examined(root, recomputed, today=kit.dt.date(2026, 9, 30))
    late = examined(root, recomputed)
    assert (rules(early), early.verdict) == (set(), "passed")
    assert "豁免已于 2026-10-01 到期，CAD-T01" in said(late, "PRJ-D28")
    assert late.verdict == late.result.verdict == "failed"


# ---------------------------------------------------------------- the review and the command


def test_the_review_is_written_four_times_with_a_verdict_per_bureau(root, tmp_path):
    put(root / "读我.txt", "x")
    review = examined(root)
    written = write_review(review, tmp_path / "out")
    assert [path.name for path in written] == ["review.docx", "review.html", "review.json", "review.pdf"]
    data = json.loads((tmp_path / "out" / "review.json").read_text("utf-8"))
    assert data["verdict"] == "failed"
    assert {b["short"]: (b["own"], b["verdict"]) for b in data["bureaus"]}["地籍"] == ("passed", "failed")
    assert any(f["rule"] == "PRJ-D05" for f in data["findings"])
    page = (tmp_path / "out" / "review.html").read_text("utf-8")
    assert all(word in page for word in ("规定外文件：读我.txt", "区人民防空办公室", "审查结论：不通过"))


def test_the_review_of_an_unsafe_package_is_written_too(tmp_path):
    review = examined(_small(tmp_path, {"../x": b"x"}))
    assert len(write_review(review, tmp_path / "out")) == 4


def test_the_command_ends_with_0_1_and_2(root, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(examining, "recompute", lambda order, **_: kit.unchanged(order))
    package = str(kit.made().package)
    assert cli.main(["check", package, "--quiet"]) == 0
    assert "区住房和城乡建设委员会" in capsys.readouterr().out
    put(root / "读我.txt", "x")
    assert cli.main(["check", str(root), "-o", str(tmp_path / "out"), "--quiet"]) == 1
    assert cli.main(["check", str(_small(tmp_path, {"../x": b"x"})), "--quiet"]) == 2
    assert cli.main(["check", str(tmp_path / "nothing.zip"), "--quiet"]) == 2
    assert "找不到成果包" in capsys.readouterr().err
