import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measures.names import building_key, chinese_number

SUFFIXES = ("", "幢", "栋", "座", "号楼", "#", "#楼", "楼", "号", "＃楼", " 号 楼")
PLAIN = st.text(alphabet="0123456789ABab一二三十百号楼幢栋座#、-～ 商业地下室第　１２Ａ", max_size=12)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("number", ["1", "01", "001", "１", "一", "第一", "#1", " 1 ", "\ufeff1", "№1"])
def test_one_building_has_one_key_however_it_is_written(number, suffix):
    assert building_key(number + suffix) == "1"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("A座", "A"),
        ("ａ栋", "A"),
        ("A01#", "A1"),
        ("1b幢", "1B"),
        ("十二号楼", "12"),
        ("二十栋", "20"),
        ("10号楼", "10"),
        ("一百零三幢", "103"),
        ("3-2号楼", "3-2"),
        ("０３－０２幢", "3-2"),
        ("0号楼", "0"),
    ],
)
def test_numbers_and_letters_take_their_shortest_spelling(name, key):
    assert building_key(name) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("1、2号楼", "1、2号楼"),
        ("地下室", "地下室"),
        ("商业 裙楼", "商业裙楼"),
        ("１号楼裙楼", "1号楼裙楼"),
        ("一二号楼", "一二号楼"),
        ("A区3号楼", "A区3号楼"),
        ("楼", "楼"),
        ("", ""),
    ],
)
def test_what_is_not_plain_stays_as_written(name, key):
    assert building_key(name) == key


@given(PLAIN)
def test_a_key_is_its_own_key(name):
    assert building_key(building_key(name)) == building_key(name)


@given(st.integers(1, 999))
def test_different_numbers_are_different_buildings(number):
    assert building_key(f"{number:04d}号楼") == str(number) != building_key(f"{number + 1}幢")


@given(st.integers(1, 999))
def test_a_chinese_numeral_says_its_number(number):
    assert chinese_number(_spelt(number)) == number


def _spelt(number):
    words = "零一二三四五六七八九"
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{words[hundreds]}百" if hundreds else ""
    text += f"{words[tens]}十" if tens else "零" if hundreds and ones else ""
    return (text.removeprefix("一") if text == "一十" else text) + (words[ones] if ones else "")
