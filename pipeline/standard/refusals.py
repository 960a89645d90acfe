"""What pydantic refuses in a standard or an override, in Chinese: the place and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KINDS = ("absolute", "percent", "area", "length", "stepped", "bins", "choice", "per_key", "classes")
REASONS = {
    "missing": "缺少此项",
    "extra_forbidden": "没有这个键（请检查拼写）",
    "finite_number": "应为有限的数，不能为 nan、inf 或超出范围的数",
    "greater_than_equal": "不能为负数",
    "float_parsing": "应为数字",
    "float_type": "应为数字",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "string_type": "应为文字",
    "bool_parsing": "应为 true 或 false",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "dict_type": "应为键值表",
    "model_type": "应为键值表",
    "model_attributes_type": "应为键值表",
    "too_short": "项数不足",
    "too_long": "项数过多",
}


def explained(error: Mapping[str, Any]) -> tuple[str, str]:
    """Where (keys joined by dots; the kind of a number is no key) and why, with what was given."""
    place = [str(part) for part in error["loc"]]
    place = place[1:] if place and place[0] in KINDS and error["type"] != "union_tag_invalid" else place
    return ".".join(place), f"{_reason(error)}（现为 {error['input']!r:.80}）"


def _reason(error: Mapping[str, Any]) -> str:
    context = error.get("ctx", {})
    if error["type"] == "literal_error":
        return f"应为 {context['expected'].replace(' or ', '、').replace(', ', '、')} 之一"
    if error["type"] == "union_tag_invalid":
        return f"没有“{context['tag']}”这种数值；kind 应为 {'、'.join(KINDS)} 之一"
    if error["type"] == "value_error":
        return str(context["error"])
    return REASONS.get(error["type"], str(error["msg"]))
