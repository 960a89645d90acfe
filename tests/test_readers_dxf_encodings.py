"""Encodings of whole drawings: texts and layer names come out right whatever the header says."""

from __future__ import annotations

import doctest

import ezdxf
import pytest
from ezdxf.entities import MText
from factories_readers import SQUARE, drawing, kinds, minimal, note, read, saved, text_entity

from pipeline.readers import dxf_text
from pipeline.readers.dxf_text import without_codes

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


@pytest.mark.parametrize(
    ("version", "page", "encoding", "name", "conflict"),
    [
        ("AC1015", "ANSI_936", "gbk", "GBK", False),
        ("AC1018", "ANSI_1252", "gbk", "GBK", True),
        ("AC1015", "ANSI_936", "utf-8", "UTF-8", True),
        ("AC1018", "ANSI_1252", "utf-8", "UTF-8", True),
        ("AC1032", "ANSI_1252", "utf-8", "UTF-8", False),
        ("AC1021", "ANSI_936", "utf-8", "UTF-8", False),
        ("AC1024", "ANSI_949", "utf-8", "UTF-8", False),
        ("AC1024", "ANSI_936", "gbk", "GBK", True),
        ("AC1015", None, "gbk", "GBK", False),
    ],
)
def test_texts_and_layer_names_come_out_right_whatever_the_header_says(
    tmp_path, version, page, encoding, name, conflict
):
    document = sample("R2000", 3)
    document.layers.add("界址线")
    document.modelspace().add_text("江北区混2", dxfattribs={"layer": "界址线"})
    text = saved(document, tmp_path / "e.dxf").read_bytes().decode("cp1252")
    data = ezdxf.lldxf.encoding.decode_dxf_unicode(text).encode(encoding)
    data = data.replace(b"AC1015", version.encode(), 1)
    data = (
        data.replace(b"$DWGCODEPAGE\n  3\nANSI_1252", b"$DWGCODEPAGE\n  3\n" + page.encode())
        if page
        else data.replace(b"  9\n$DWGCODEPAGE\n  3\nANSI_1252\n", b"")
    )
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


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        (rb"\M+1926E", "地"),  # Shift-JIS
        (rb"\M+2A661", "地"),  # Big5
        (rb"\M+3F2A2", "地"),  # KS C 5601
        (rb"\M+5B5D8\M+5BCAE", "地籍"),
        (rb"\M+5B5D8\U+7C4D\M+5B2E2", "地籍测"),
        (rb"\U+D842\U+DFB7", "𠮷"),
        (rb"\M+5FFFF", r"\M+5FFFF"),  # no character: left as it is
        (rb"\M+9B5D8", r"\M+9B5D8"),
        (rb"\M+5B5", r"\M+5B5"),
    ],
)
def test_escapes_of_every_code_page_come_out_and_false_ones_stay(tmp_path, escaped, text):
    found = read(written(tmp_path, minimal(text_entity(escaped, layer=escaped), page="ANSI_936")))
    assert (found.features["text"][0], found.features["layer"][0]) == (text, text)


def test_a_layer_written_in_three_ways_is_one_layer(tmp_path):
    layers = ("界址".encode("gbk"), rb"\U+754C\U+5740", rb"\M+5BDE7\M+5D6B7")
    lines = [part for layer in layers for part in text_entity(b"1", layer=layer)]
    assert set(read(written(tmp_path, minimal(lines, page="ANSI_936"))).features["layer"]) == {"界址"}


def test_a_mixed_file_says_how_many_lines_are_in_which_encoding(tmp_path):
    lines = [*text_entity("权利人甲".encode("gbk")), *text_entity("权利人乙".encode()), *text_entity(rb"\M+5B5D8")]
    source = read(written(tmp_path, minimal(lines, page="ANSI_936")))
    assert source.features["text"].tolist() == ["权利人甲", "权利人乙", "地"]
    assert "UTF-8 1 行" in source.entry.encoding_evidence
    assert kinds(source) == {"encoding_conflict": 1}


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


@pytest.mark.parametrize(
    "text",
    [
        r"{\fSimSun|b0|i0|c134|p2;地籍}\P\H2.5x;图",
        r"\A1;{\C1;红} \S3/4;",
        r"a\\b\{c\}",
        r"\Lund\l \Oov\o \Kst\k",
        r"\pxi-3,l3;1、项目",
        r"\W0.8;\T1.1;\Q15;斜",
        r"{\H0.7x;\C2;a{b}c}",
    ],
)
def test_codes_are_stripped_the_same_by_our_one_pass_and_by_the_library(text):
    entity = MText.new()
    entity.text = text
    assert without_codes(text) == entity.plain_text()


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(dxf_text) == (0, 2)
