"""One building, one name: how the same 幢 is recognised in inputs that spell it differently."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_PREFIX = re.compile(r"^(?:第|NO\.?|#)(?=[0-9A-Z一二三四五六七八九十])")
_SUFFIX = re.compile(r"(?:号房|[号楼幢栋座#])+$")
_CORE = re.compile(r"[A-Z]?[0-9]+[A-Z]?|[A-Z]")
_KEY = re.compile(rf"(?:{_CORE.pattern})(?:-(?:{_CORE.pattern}))*")
_BETWEEN = re.compile(r"[、,;\s]+")
_DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")}
_ONES = "[一二三四五六七八九]"
_CHINESE = re.compile(rf"(?:(?P<hundreds>{_ONES})百零?)?(?:(?P<tens>{_ONES})?(?P<ten>十))?(?P<ones>{_ONES})?")


def building_key(name: str) -> str:
    """The part of a building's name that tells it from the others; what is not plain stays as it is written.

    Full width, blanks, case, 幢/栋/座/号楼/#/楼 and leading zeros make no difference; Chinese numerals up to 999 are
    numbers. A name with anything else in it (a range, a list, a word) is only brought to half width.

    >>> [building_key(n) for n in ("1号楼", "１ 幢", "#01", "一栋", "第十二座", "Ａ座", "a1#楼")]
    ['1', '1', '1', '1', '12', 'A', 'A1']
    >>> [building_key(n) for n in ("1、2号楼", "商业 裙楼", "地下室", "1-2号楼")]
    ['1、2号楼', '商业裙楼', '地下室', '1-2']
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", name)).upper()
    core = _SUFFIX.sub("", _PREFIX.sub("", text))
    parts = [_plain(part) for part in re.split("[-—–]", core)]
    return "-".join(part for part in parts if part) if parts and all(parts) else text


def buildings_named(text: str) -> list[str]:
    """The buildings of a list, each as it is written; a text in which anything is no plain name is one name.

    >>> [buildings_named(n) for n in ("1号楼、2号楼", "１，２；３幢", "1 幢", "商业、1号楼")]
    [['1号楼', '2号楼'], ['1', '2', '3幢'], ['1 幢'], ['商业、1号楼']]
    """
    parts = [part for part in _BETWEEN.split(unicodedata.normalize("NFKC", text)) if part]
    return parts if len(parts) > 1 and all(_KEY.fullmatch(building_key(part)) for part in parts) else [text]


def chinese_number(text: str) -> int | None:
    """The value of a Chinese numeral from 1 to 999, or None.

    >>> chinese_number("十"), chinese_number("二十一"), chinese_number("一百零三"), chinese_number("一二")
    (10, 21, 103, None)
    """
    found = _CHINESE.fullmatch(text)
    if not text or found is None:
        return None
    tens = 0 if not found["ten"] else _DIGITS[found["tens"]] if found["tens"] else 1
    hundreds = _DIGITS[found["hundreds"]] if found["hundreds"] else 0
    return 100 * hundreds + 10 * tens + (_DIGITS[found["ones"]] if found["ones"] else 0)


def _plain(core: str) -> str | None:
    """A number, a letter or both, in its shortest spelling; None when `core` is anything else."""
    number = chinese_number(core)
    if number is not None:
        return str(number)
    if not _CORE.fullmatch(core):
        return None
    return re.sub(r"0+(?=[0-9])", "", core, count=1) if re.match(r"[A-Z]?0", core) else core
