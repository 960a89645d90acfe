"""The files of a report template: read, laid over each other, and what is wrong in them in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import StandardError
from pipeline.yaml_text import RepeatedKeyError, parse_written

FILES = ("template.yaml", "forms.yaml", "words.yaml")
_REASONS = {
    "missing": "缺少此项",
    "extra_forbidden": "没有这个键（请检查拼写）",
    "string_type": "应为文字（数字请加引号）",
    "tuple_type": "应为列表",
    "dict_type": "应为键值表",
    "model_type": "应为键值表",
    "float_parsing": "应为数字",
    "float_type": "应为数字",
    "literal_error": "不在可用的词之列",
    "bool_parsing": "应为 true 或 false",
    "greater_than": "应大于 0",
    "less_than_equal": "过大",
}


def written(folders: Sequence[Path]) -> list[tuple[Path, dict[str, Any]]]:
    """Every template file that the folders have, in their order. Errors: StandardError naming the file."""
    paths = [folder / name for folder in folders for name in FILES]
    return [(path, _yaml(path)) for path in paths if path.is_file()]


def overlaid(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """`above` over `below`, tables by key; lists are replaced whole."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = overlaid(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def explained(item: Any, parts: Sequence[tuple[Path, dict[str, Any]]]) -> str:
    """One fault with the file that wrote the key (the last one, since it covers the others)."""
    place = ".".join(str(part) for part in item["loc"])
    path = next((path for path, part in reversed(parts) if _holds(part, item["loc"])), parts[-1][0])
    shown = "" if item["type"] in ("missing", "extra_forbidden") else f"，现为 {item['input']!r:.60}"
    return f"报告模板有误：{path}：{place}：{_REASONS.get(item['type'], item['msg'])}{shown}"


def _holds(part: Any, loc: Sequence[Any]) -> bool:
    """Whether a file writes the key, or the table above a key that is missing."""
    for key in loc[:-1]:
        part = part.get(key) if isinstance(part, dict) else None
    return part is not None and (len(loc) > 1 or loc[0] in part)


def _yaml(path: Path) -> dict[str, Any]:
    try:
        data = parse_written(path.read_text("utf-8-sig"))
    except RepeatedKeyError as err:
        raise StandardError(
            f"报告模板有误：{path}：第 {err.line} 行的“{err.key}”与第 {err.first_line} 行重复，只能写一次"
        ) from err
    except (yaml.YAMLError, UnicodeDecodeError) as err:
        raise StandardError(f"报告模板有误：{path}：不是可读的 YAML：{err}") from err
    if not isinstance(data, dict):
        raise StandardError(f"报告模板有误：{path}：顶层应为键值表")
    return data
