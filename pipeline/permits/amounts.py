"""Numbers and units as people write them in permit tables: full-width, with a unit behind, with ≤ or ≥ in front."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

TOO_LARGE = 1e15  # no figure of a permit
WANTED = "数值只写数字（如 2529.60，千分位可写 2,529.60，前面可写 ≤、≥），单位写在单位列"
#: how a unit may be written, in half-width and lower case → the unit of the standards, and how many of it
UNITS: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("m2", "m^2", "平方米", "平米"), ("m2", 1.0)),
    **dict.fromkeys(("万m2", "万m^2", "万平方米", "万平米", "万平方", "万平"), ("m2", 10000.0)),
    **dict.fromkeys(("公顷", "ha", "hm2", "hm^2"), ("m2", 10000.0)),
    **dict.fromkeys(("km2", "km^2", "平方公里", "平方千米"), ("m2", 1e6)),
    "亩": ("m2", 10000 / 15),
    **dict.fromkeys(("m", "米"), ("m", 1.0)),
    **dict.fromkeys(("%", "百分比"), ("%", 1.0)),
    **dict.fromkeys(("个", "辆", "位", "车位", "泊位"), ("个", 1.0)),
    **dict.fromkeys(("户", "套"), ("户", 1.0)),
    "层": ("层", 1.0),
    **dict.fromkeys(("-", "--", "—", "——", "–", "/", "无"), ("", 1.0)),
}
_NUMBER = re.compile(
    r"(?:≤|≥|<=|>=|不大于|不小于|不超过|不低于|不高于|不少于|不多于)?\s*"
    r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+)(?:e([+-]?\d+))?\s*([^\W\d_].*|%)?"
)
_BRACKETS = re.compile(r"\(([^()]*)\)")
#: what stands in brackets is a unit, known or not, rather than a remark
_LIKE_A_UNIT = re.compile(
    r"[百千万亿]?(?:平方|立方)?[公千市英厘分]?[米尺里丈寸亩顷]|[百千万亿]?[kcdh]?m\^?[23]?|[百千万亿]"
)


class AmountError(ValueError):
    """Why a row of the table cannot be used, in Chinese, with what may be written."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and the unit written behind it ("" = none)."""

    value: float
    unit: str


def half_width(word: Any) -> str:
    """A text in half-width without blanks: ㎡ and m² are m2, （ is (."""
    return "".join(unicodedata.normalize("NFKC", str(word or "")).replace("−", "-").split())


def amount(cell: Any) -> Amount:
    """The number in a cell. Errors: AmountError."""
    if cell is None:
        raise AmountError(f"没有数值；{WANTED}")
    text = half_width(cell).lower() if not isinstance(cell, int | float) else repr(float(cell))
    found = _NUMBER.fullmatch(text) if not isinstance(cell, bool) else None
    if found is None:
        raise AmountError(f"“{cell}”不是数字；{WANTED}")
    digits, power, unit = found.groups()
    value = float(digits.replace(",", "") + (f"e{power}" if power else ""))
    if not math.isfinite(value) or abs(value) >= TOO_LARGE:
        raise AmountError(f"“{cell}”超出一切指标的范围；{WANTED}")
    return Amount(value, unit or "")


def unit_in_brackets(words: Iterable[Any]) -> list[str]:
    """Units that stand in brackets behind a label or a heading; remarks there are none."""
    inside = [part.lower() for word in words for part in _BRACKETS.findall(half_width(word))]
    return [part for part in inside if part in UNITS or _LIKE_A_UNIT.fullmatch(part)]


def factor(written: Iterable[str], wanted: str) -> float:
    """How many of the unit `wanted` one of the unit is that was written (in several places, or nowhere).

    Errors: AmountError when it is another kind of unit, not known, or when the places disagree.
    """
    target = _meaning(wanted)
    given = list(dict.fromkeys(half_width(word).lower() for word in written if half_width(word)))
    found = {_meaning(word): word for word in given}
    if len(found) > 1:
        raise AmountError(f"单位写了几种（{'、'.join(given)}），不能确定；请只在单位列写一种")
    for (unit, size), word in found.items():
        if unit != target[0]:
            known = "、".join(name for name, (kind, _) in UNITS.items() if kind == target[0] and "^" not in name)
            raise AmountError(f"单位“{word}”不能换算为 {wanted or '无量纲的数'}；单位可写 {known}")
        return size / target[1]
    return 1.0


def _meaning(word: str) -> tuple[str, float]:
    plain = half_width(word).lower()
    return UNITS.get(plain, (plain, 1.0))
