"""Encodings: the bytes decide, headers are witnesses, and the evidence is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers.dxf_text import unescape
from pipeline.readers.encodings import codec, decide, decode, garbled

RARE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=20)
COMMON = st.text(  # the first level of GB 2312
    st.sampled_from(
        bytes(b for lead in range(0xB0, 0xD7) for trail in range(0xA1, 0xFF) for b in (lead, trail)).decode("gb2312")
    ),
    min_size=1,
    max_size=20,
)


def told(data, **kwargs):
    choice = decide(data, declared=kwargs.pop("declared", None), **kwargs)
    return choice, decode(data, choice)


def test_gbk_under_a_western_header_is_gbk_and_a_conflict():
    choice, text = told("宗地权利人".encode("gbk"), declared="ANSI_1252")
    assert (text, choice.name, choice.conflict) == ("宗地权利人", "GBK", True)


def test_utf8_under_a_chinese_header_is_utf8_and_a_conflict():
    choice, text = told("宗地权利人".encode(), declared="ANSI_936")
    assert (text, choice.name, choice.conflict) == ("宗地权利人", "UTF-8", True)


def test_gbk_under_its_own_header_is_no_conflict():
    choice, text = told("宗地权利人".encode("gbk"), declared="ANSI_936")
    assert (text, choice.conflict, choice.undecided) == ("宗地权利人", False, False)


def test_two_bytes_that_are_utf8_by_chance_follow_the_declared_page():
    choice, text = told("路".encode("gbk"), declared="ANSI_936")  # the bytes of “·” in UTF-8
    assert (text, choice.name) == ("路", "GBK")


def test_four_bytes_that_are_utf8_by_chance_follow_the_declared_page():
    choice, text = told("界址点号\n馂丁".encode("gbk"), declared="ANSI_936")
    assert (text, choice.name) == ("界址点号\n馂丁", "GBK")


def test_western_letters_are_not_taken_for_chinese():
    choice, text = told("Bürgerstraße façade".encode("cp1252"), declared="ANSI_1252")
    assert (text, choice.conflict) == ("Bürgerstraße façade", False)


def test_a_trusted_western_page_wins_over_bytes_that_pair_up():
    choice, _ = told("宗地".encode("gbk"), declared="ISO-8859-1", trusted=True)
    assert choice.encoding == "iso8859-1"
    assert choice.undecided


def test_western_letters_without_any_declaration_are_undecided():
    choice, text = told("façade".encode("latin-1"))
    assert choice.undecided
    assert text == "façade"


def test_lines_in_different_encodings_are_read_line_by_line():
    choice, text = told("地籍图\n".encode() + "界址点".encode("gbk"), declared="ANSI_936")
    assert text == "地籍图\n界址点"
    assert "UTF-8 1 行" in choice.evidence


def test_what_the_project_states_wins_if_the_bytes_allow_it():
    choice, text = told("한국".encode("cp949"), declared="ANSI_936", stated="cp949")
    assert (text, choice.conflict) == ("한국", False)
    assert "项目文件指定" in choice.evidence


def test_what_the_project_states_is_a_conflict_if_the_bytes_forbid_it():
    choice, text = told("宗地权利人".encode("gbk"), declared="ANSI_936", stated="UTF-8")
    assert (text, choice.conflict) == ("宗地权利人", True)


def test_gb18030_is_found_where_gbk_ends():
    choice, text = told("㐀䶮人名".encode("gb18030"), declared="ANSI_936")
    assert (text, choice.name) == ("㐀䶮人名", "GB18030")


def test_plain_ascii_needs_no_decision():
    assert told(b"JMD 141101", declared="ANSI_1252")[0].name == "ASCII"


@given(COMMON)
def test_a_drawing_wholly_in_gbk_is_read_as_it_was_written(text):
    data = f"界址点号\n{text}".encode("gbk")
    assert decode(data, decide(data, declared="ANSI_936")) == f"界址点号\n{text}"


@given(st.binary(max_size=60), st.sampled_from([None, "ANSI_936", "ANSI_1252", "UTF-8", "ANSI_949", "System"]))
def test_no_bytes_raise(data, declared):
    choice = decide(data, declared=declared)
    assert isinstance(decode(data, choice), str)
    assert choice.evidence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("地籍图".encode().decode("gb18030", errors="replace"), True),
        ("中国".encode("gbk").decode("latin-1"), True),
        ("坏\ufffd", True),
        ("江北区滨江雅苑3幢", False),
        ("Ø100±0.000", False),
        ("JZD", False),
    ],
)
def test_garbled_text_is_told_from_text(text, expected):
    assert garbled(text) is expected


@given(RARE)
def test_chinese_in_utf8_read_as_gbk_is_seen(text):
    wrong = f"地籍{text}".encode().decode("gb18030", errors="replace")
    assert garbled(wrong)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("ANSI_936", "gbk"),
        ("GBK", "gbk"),
        ("936", "gbk"),
        ("ANSI 936", "gbk"),
        ("65001", "utf-8"),
        ("System", None),
        ("", None),
    ],
)
def test_code_pages_have_many_names(page, expected):
    assert codec(page) == expected


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"\U+5730\U+7C4D", "地籍"),
        (r"a\M+5B5D8b", "a地b"),
        (r"\U+D842\U+DFB7", "\U00020bb7"),
        (r"\U+000A", r"\U+000A"),
        (r"\M+5FFFF", r"\M+5FFFF"),
        ("plain", "plain"),
    ],
)
def test_escapes_become_characters_but_never_line_ends(written, text):
    assert unescape(written) == text
