"""A firm's own template: name, logo, order of chapters, seal places; what is wrong in it is named."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml
from factories_blocks import report as small_report

from pipeline import cli
from pipeline.errors import StandardError
from pipeline.projectfile import read_project
from pipeline.report.build import build
from pipeline.report.docx import write_docx
from pipeline.report.html import as_html
from pipeline.report.logo import load_logo
from pipeline.report.pdf import write_pdf
from pipeline.report.template import load_template, template_of
from tests.factories_report import report_of

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><circle cx="10" cy="10" r="9" fill="#d40000"/></svg>'


def png(width: int = 40, height: int = 10) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    lines = b"".join(b"\0" + b"\xd4\0\0" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def firm(folder: Path, content: dict, *, logo: bytes | str | None = None, name: str = "logo.svg") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "template.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    if logo is not None:
        (folder / name).write_bytes(logo.encode() if isinstance(logo, str) else logo)
    return folder


def asked(tmp_path: Path, samples: Path, content: dict, **files):
    """A project that asks for the firm's template beside it."""
    firm(tmp_path / "模板", content, **files)
    text = (samples / "binjiang" / "project.yaml").read_text("utf-8")
    (tmp_path / "project.yaml").write_text(f"{text}\nreport: {{template: 模板}}\n", "utf-8")
    return read_project(tmp_path)


def test_a_project_names_its_firms_template(tmp_path, samples):
    project = asked(tmp_path, samples, {"title": "两江经纬成果报告"})
    assert template_of(project).title == "两江经纬成果报告"


def test_a_project_that_names_none_gets_the_shipped_one(samples):
    assert template_of(read_project(samples / "binjiang")) == load_template()


def test_title_logo_order_of_chapters_and_seals_are_the_firms(tmp_path, samples):
    content = {
        "title": "两江经纬成果报告",
        "logo": {"file": "logo.svg", "height_mm": 20},
        "signatures": [{"role": "出图章", "name": "{firm}"}],
        "chapters": [{"kind": "control", "title": "控制点"}, {"kind": "commission", "title": "委托"}],
    }
    result = report_of("planning", "green")
    made = build(
        replace(result, project=_under(result.project, asked(tmp_path, samples, content, logo=SVG))), figures=[]
    )
    assert (made.title, [c.title for c in made.chapters]) == ("两江经纬成果报告", ["控制点", "委托"])
    assert made.signatures[-1][0] == "出图章"
    assert made.logo is not None
    assert (made.logo.kind, made.logo.width_mm, made.logo.height_mm) == ("svg", 60, 20)


def _under(project, other):
    """The project of a made-up result, asking for the template of another."""
    return project.model_copy(update={"folder": other.folder, "report": other.report})


@pytest.mark.parametrize(("data", "name"), [(SVG.encode(), "logo.svg"), (png(), "logo.png")])
def test_the_logo_stands_on_cover_and_page_heads_of_all_forms(tmp_path, data, name):
    (tmp_path / name).write_bytes(data)
    logo = load_logo(tmp_path / name, 20.0, place="logo.file")
    made = replace(small_report(), logo=logo)
    write_docx(made, tmp_path / "r.docx")
    with ZipFile(tmp_path / "r.docx") as file:
        document, header = (file.read(f"word/{part}.xml").decode() for part in ("document", "header1"))
        pictures = [n for n in file.namelist() if n.startswith("word/media/")]
    assert "CoverLogo" in document
    assert "<pic:pic" in header
    assert len(pictures) >= 1
    write_pdf(made, tmp_path / "r.pdf")
    write_pdf(replace(made, logo=None), tmp_path / "plain.pdf")
    assert (tmp_path / "r.pdf").stat().st_size > (tmp_path / "plain.pdf").stat().st_size


def test_the_logo_stands_in_the_page(tmp_path, samples):
    result = report_of("planning", "green")
    project = asked(tmp_path, samples, {"logo": {"file": "logo.svg"}}, logo=SVG)
    result = replace(result, project=_under(result.project, project))
    assert '<img class="logo" src="data:image/svg+xml;base64,' in as_html(build(result, figures=[]), result)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"titel": "错"}, r"template\.yaml：titel：没有这个键"),
        ({"chapters": "全部"}, r"template\.yaml：chapters：应为列表"),
        ({"cover": [{"label": "项目"}]}, r"template\.yaml：cover\.0\.value：缺少此项"),
        ({"logo": {"file": "logo.svg", "height_mm": -3}}, r"template\.yaml：logo\.height_mm：应大于 0，现为 -3"),
        ({"logo": {"file": "没有.svg"}}, r"template\.yaml：logo\.file：找不到图片文件 .*没有\.svg"),
    ],
)
def test_a_wrong_template_is_named_with_file_and_key(tmp_path, samples, content, message):
    with pytest.raises(StandardError, match=message):
        template_of(asked(tmp_path, samples, content, logo=SVG))


@pytest.mark.parametrize("data", [b"GIF89a", b"<html/>", b"", SVG.replace(' viewBox="0 0 60 20"', "").encode()])
def test_a_picture_that_is_none_is_refused(tmp_path, samples, data):
    with pytest.raises(StandardError, match=r"logo\.file：.*不是 PNG 或 SVG 图片"):
        template_of(asked(tmp_path, samples, {"logo": {"file": "logo.svg"}}, logo=data))


def test_a_picture_too_large_for_a_page_head_is_refused(tmp_path, samples):
    with pytest.raises(StandardError, match="标志图片不应超过"):
        template_of(asked(tmp_path, samples, {"logo": {"file": "logo.svg"}}, logo=b" " * 600_000))


def test_a_folder_that_is_not_there_is_named(tmp_path, samples):
    project = asked(tmp_path, samples, {})
    project = project.model_copy(update={"report": project.report.model_copy(update={"template": "别处"})})
    with pytest.raises(StandardError, match=r"project\.yaml：report\.template：没有文件夹 .*别处"):
        template_of(project)


def test_a_folder_without_a_template_is_named(tmp_path):
    with pytest.raises(StandardError, match=re.escape(str(tmp_path))):
        load_template(tmp_path)


def test_a_key_written_twice_is_named_with_both_lines(tmp_path):
    (tmp_path / "template.yaml").write_text("title: 甲\nmissing: 无\ntitle: 乙\n", "utf-8")
    with pytest.raises(StandardError, match=r"template\.yaml：第 3 行的“title”与第 1 行重复"):
        load_template(tmp_path)


def test_a_wrong_word_file_is_named_and_not_the_template(tmp_path):
    (tmp_path / "template.yaml").write_text("title: 报告\n", "utf-8")
    (tmp_path / "words.yaml").write_text("sentences: [一]\n", "utf-8")
    with pytest.raises(StandardError, match=r"words\.yaml：sentences：应为键值表"):
        load_template(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"titel": "错"}, "template.yaml：titel：没有这个键"),
        ({"chapters": [{"kind": "songs", "title": "歌"}]}, "chapters：没有种类“songs”"),
        ({"cover": [{"label": "甲", "value": "{nobody}"}]}, "cover：“{nobody}”中有不认识的词"),
    ],
)
def test_a_wrong_template_stops_the_run_before_anything_is_read(
    tmp_path, samples, content, message, monkeypatch, capsys
):
    asked(tmp_path, samples, content)
    monkeypatch.setattr("pipeline.project.read_inputs", lambda *_: pytest.fail("read all the same"))
    assert cli.main(["run", str(tmp_path), "-o", str(tmp_path / "out"), "--quiet"]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
