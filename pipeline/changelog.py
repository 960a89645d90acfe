"""`schemas/CHANGELOG.md`: what each edition of the standards changed, made from the editions themselves.

`schemas/editions/notes.yaml` adds what cannot be computed: why, in a few sentences per edition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline import editions
from pipeline.editions.changes import Change, changes
from pipeline.standard import SCHEMAS, Profile, Standards, load_profile, load_standards
from pipeline.yaml_text import parse

PATH = SCHEMAS / "CHANGELOG.md"
NOTES = SCHEMAS / "editions" / "notes.yaml"
PROFILE = "national"
HEAD = """# 标准的变更 · Changes of the standards

由 `make docs` 生成，不手改；各版次的说明写在 `editions/notes.yaml`。版次为标准名加日期；已发布的版次存于 `editions/`，一直可以运行。
Written by `make docs` from the editions themselves. **不兼容** (breaking)：原先通过的成果可能不再通过。
**兼容** (non-breaking)：只增加提示、改正措辞、增加表格和图件，或放宽。
"""
PARTS = {
    "standard": "标准",
    "rules": "规则",
    "numbers": "数值",
    "measures": "指标",
    "layers": "图层、字段",
    "mappings": "图层对应方式",
    "permit": "许可指标",
    "codes": "代码表",
    "tables": "报告表格",
    "drawings": "报告附图",
    "exports": "交登记数据库的表",
    "building": "建筑物并列比较",
    "intro": "章首文字",
    "basis": "依据",
}
WHAT = {"added": "新增", "removed": "取消", "changed": "改变"}
SEVERITY = {"error": "错误", "warning": "警告", "info": "提示"}
KEYS = {
    "check": "检查方法", "layer": "图层", "against": "对照图层", "also": "对照图层", "where": "条件",
    "against_where": "对照条件", "params": "参数", "severity": "级别", "waivable": "可否豁免", "instead_of": "代替的检查", "message": "句子",
    "title": "要求的措辞", "hint": "改法", "reason": "理由", "clause": "依据", "certainty": "把握", "value": "数值",
    "source": "来源", "label": "名称", "element": "质量元素", "measure": "指标", "since": "版次",
}  # fmt: skip


def refresh(path: Path = PATH) -> bool:
    """Write the changelog; whether it changed."""
    text = changelog()
    if path.is_file() and path.read_text("utf-8") == text:
        return False
    path.write_text(text, "utf-8")
    return True


def changelog() -> str:
    """The whole document, the newest edition first."""
    notes: dict[str, Any] = parse(NOTES.read_text("utf-8"))
    loaded = {edition: _loaded(edition) for edition in editions.known()}
    parts = [HEAD]
    for old, new in reversed(list(pairwise(loaded))):
        parts.append("\n".join(_edition(old, new, loaded[old], loaded[new], notes.get(new, {}))))
    first = next(iter(loaded))
    parts.append("\n".join([f"## {first}", "", *_said(notes.get(first, {}))]))
    return "\n".join(parts)


def between(old: str, new: str) -> tuple[Change, ...]:
    """The changes from one known edition to another."""
    return changes(_loaded(old), _loaded(new))


# ---------------------------------------------------------------- inside


def _loaded(edition: str) -> Standards:
    with editions.schemas_of(edition) as root:
        standards = load_standards(PROFILE, root=root, scope="district")
        return standards.model_copy(update={"profile": _own_numbers(standards, root)})


def _own_numbers(standards: Standards, root: Path) -> Profile:
    """The numbers as the profiles state them: without those that today's program lends to an older edition.

    Those of a profile over the base are named after it.
    """
    numbers: dict[str, Any] = {}
    for path in sorted((root / "profiles").glob("*.yaml")):
        own = parse(path.read_text("utf-8"))["numbers"]
        loaded = load_profile(path.stem, root=root).numbers
        over = "" if path.stem == PROFILE else f"{path.stem}："
        numbers |= {f"{over}{key}": loaded[key] for key in own}
    return standards.profile.model_copy(update={"numbers": numbers})


def _edition(old: str, new: str, before: Standards, after: Standards, notes: dict[str, Any]) -> Iterator[str]:
    found = changes(before, after)
    yield f"## {new}（自 {old}）"
    yield ""
    yield from _said(notes)
    for title, part in (
        ("不兼容 · breaking", [c for c in found if c.breaking]),
        ("兼容 · non-breaking", [c for c in found if not c.breaking]),
    ):
        yield f"### {title}"
        yield ""
        yield from _table(part, before, after) if part else ["没有。", ""]


def _said(notes: dict[str, Any]) -> Iterator[str]:
    for line in notes.get("summary", ()):
        yield f"- {line}"
    yield ""


def _table(found: Iterable[Change], before: Standards, after: Standards) -> Iterator[str]:
    yield "| 部分 | 编号 | 变更 | 内容 |"
    yield "| --- | --- | --- | --- |"
    for change in found:
        where = PARTS[change.part] + (f"（{_label(change, before, after)}）" if change.survey else "")
        cells = (where, f"`{change.name}`", _what(change), _content(change, before, after))
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
    yield ""


def _what(change: Change) -> str:
    keys = "、".join(dict.fromkeys(KEYS.get(key, key) for key in change.keys if key != "since"))
    return f"{WHAT[change.what]}{f'：{keys}' if keys else ''}"


def _label(change: Change, before: Standards, after: Standards) -> str:
    found = after.surveys.get(change.survey or "") or before.surveys[change.survey or ""]
    return found.short


def _content(change: Change, before: Standards, after: Standards) -> str:
    """What the changed thing is called; for a rule also its severity, and what it was."""
    one, other = (_item(change, standards) for standards in (before, after))
    item = other or one
    if change.part == "rules":
        levels = [SEVERITY[rule.severity] for rule in (one, other) if rule is not None]
        return f"{item.title}（{' → '.join(dict.fromkeys(levels))}）"
    return str(getattr(item, "label", None) or getattr(item, "title", None) or "")


def _item(change: Change, standards: Standards) -> Any:
    if change.part == "numbers":
        return standards.profile.numbers.get(change.name)
    standard = standards.surveys.get(change.survey or "")
    if standard is None or change.part == "standard":
        return standard
    if change.part == "rules":
        return next((rule for rule in standard.rules if rule.id == change.name), None)
    layer, _, field = change.name.partition(".")
    if change.part == "layers":
        spec = standard.layers.get(layer)
        return spec if spec is None or not field else spec.fields.get(field) or spec.derived.get(field)
    content = getattr(standard, change.part)
    if isinstance(content, dict):
        return content.get(change.name)
    named = content if isinstance(content, tuple) else ()
    return next((i for i in named if change.name in (getattr(i, "id", None), getattr(i, "name", None))), None)
