"""Why a value of a YAML or JSON file is refused: one fault of a pydantic model in Chinese words, nothing of its insides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SHOWN = 60  # characters of a value in a sentence
LIST = "应为列表：写在方括号之内，或每项一行、以“- ”起头"
NUMBER, WHOLE, DATE, TABLE = "应为数字", "应为整数", "应为日期，如 2026-09-18", "应为键值表"
REASONS = {
    "missing": "缺少此项",
    "extra_forbidden": "没有这个键（请检查拼写）",
    "invalid_key": "键应为文字",
    "string_type": "应为文字",
    "string_too_short": "不能为空",
    "string_pattern_mismatch": "写法不对",
    "list_type": LIST,
    "tuple_type": LIST,
    "set_type": LIST,
    "dict_type": TABLE,
    "mapping_type": TABLE,
    "model_type": TABLE,
    "model_attributes_type": TABLE,
    "date_type": DATE,
    "date_parsing": DATE,
    "date_from_datetime_parsing": DATE,
    "date_from_datetime_inexact": DATE,
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "finite_number": "应为有限的数，不能为 nan、inf 或超出范围的数",
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_parsing_size": WHOLE,
    "int_from_float": WHOLE,
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
}
LIMITS = {"greater_than": ("大于", "gt"), "greater_than_equal": ("不小于", "ge"), "less_than": ("小于", "lt")}
LIMITS |= {"less_than_equal": ("不大于", "le")}
SILENT = ("missing", "extra_forbidden", "value_error")  # of which the value is not shown: there is none, or it is told


def reason_of(item: Mapping[str, Any]) -> str:
    """Why the value is refused, and what it is. item: one entry of `ValidationError.errors()`."""
    kind = item["type"]
    shown = "" if kind in SILENT else f"，现为{_value(item['input'])}"
    return f"{_why(kind, item.get('ctx', {}))}{shown}"


def _why(kind: str, context: Mapping[str, Any]) -> str:
    if kind == "value_error":
        return str(context["error"])
    if kind == "union_tag_invalid":
        return f"没有“{context['tag']}”这种数值；kind 应为 {context['expected_tags'].replace(chr(39), '')} 之一"
    if kind == "greater_than_equal" and context["ge"] == 0:
        return "不能为负数"
    if kind in LIMITS:
        word, key = LIMITS[kind]
        return f"应{word} {context[key]}"
    if kind == "literal_error":
        return f"应为 {context['expected'].replace(' or ', '、').replace(', ', '、')} 之一"
    if kind == "too_short":
        return "不能为空" if context["min_length"] == 1 else f"应有至少 {context['min_length']} 项"
    if kind == "too_long":
        return f"应有至多 {context['max_length']} 项"
    return REASONS.get(kind, "不能是这个值")


def _value(value: Any) -> str:
    return "空" if value is None else f" {value!r:.{SHOWN}}"
