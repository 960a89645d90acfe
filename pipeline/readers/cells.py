"""A cell of a workbook is read as who fills in the table sees it: 0.4 in the format 0% is the text 40%."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

#: what a number format only prints or leaves room for: texts in quotes, colours, single characters
_PRINTED = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')


def seen(cell: Any) -> Any:
    """The value of a cell; a number in a percent format as text with its sign, all its digits kept."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float) or "%" not in _PRINTED.sub("", cell.number_format):
        return value
    shown = Decimal(f"{value:.15g}") * 100
    return f"{shown:f}".rstrip("0").rstrip(".") + "%" if "." in f"{shown:f}" else f"{shown:f}%"


def hold(row: Sequence[Any], heading: Sequence[Sequence[str]]) -> bool:
    """Whether the cells of a row name every column of a heading: begin with one of its words, or are its one letter."""
    said = [re.sub(r"\(.*?\)|坐标|\s", "", unicodedata.normalize("NFKC", str(cell or ""))).upper() for cell in row]
    return all(
        any(word == text or (len(word) > 1 and text.startswith(word)) for word in words for text in said)
        for words in heading
    )
