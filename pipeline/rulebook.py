"""The rules as a person reads them: the list, one rule in full, and the generated table of `schemas/README.md`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline import rule_list
from pipeline.binding import references
from pipeline.errors import InputError, StandardError
from pipeline.report.figures import number_text
from pipeline.report.template import Template, load_template
from pipeline.rule_list import Listed, padded, width
from pipeline.shipped import EXAMINATION, SCHEMAS
from pipeline.standard import MeasureSpec, RuleSpec, Standard, Standards, load_standard, load_standards

README = SCHEMAS / "README.md"
BEGIN, END = "<!-- rules: written by `make docs` -->", "<!-- /rules -->"
ALIKE_SHOWN = 8  # rule ids suggested for an unknown one
ORIGINS = {"permit": "许可指标表", "measure": "实测指标", "project": "project.yaml"}
Field = tuple[str, str]  # label, text


def with_examination(standards: Standards) -> Standards:
    """`standards` and the rules by which `duoce check` examines a delivery, which no run knows."""
    own = load_standard(EXAMINATION)
    return standards.model_copy(update={"surveys": {**standards.surveys, own.survey: own}})


def list_rules(standards: Standards) -> str:
    """Every rule by survey: id, severity, certainty, title, clause, in aligned columns."""
    surveys = [
        Listed(s.label, s.edition, tuple((r.id, r.severity, r.certainty, r.title, r.clause) for r in s.rules))
        for s in standards.surveys.values()
    ]
    return rule_list.text_of(surveys, load_template().words)


def show_rule(standards: Standards, rule_id: str) -> str:
    """One rule in full: sentence, reason, clause, certainty, numbers with their sources, how to mend it.

    Errors: InputError naming similar ids when there is no such rule.
    """
    standard, rule = _found(standards, rule_id.strip().upper())
    words = load_template()
    fields = [*_what(words, standard, rule), *_why(words, rule), *_numbers(words, standards, standard, rule)]
    fields += [("怎样改正", rule.hint)] if rule.hint else []
    wide = max(width(label) for label, _ in fields)
    lines = [f"{padded(label, wide)}  {text}" for label, text in fields]
    return "\n".join([f"{rule.id}  {rule.title}", *lines])


def rule_table(standards: Standards) -> str:
    """Every rule as Markdown tables, one per survey."""
    words, parts = load_template(), []
    head = ("编号", "要求", "级别", "质量元素", "依据", "把握", "检查")
    for standard in _with_rules(standards):
        rows = [
            (
                r.id,
                r.title,
                words.word("severity", r.severity),
                r.element,
                r.clause,
                _certainty(words, r),
                f"`{r.check}`",
            )
            for r in standard.rules
        ]
        parts += [f"### {standard.label} `{standard.survey}`", "", _markdown(head), _markdown(["---"] * len(head))]
        parts += [*map(_markdown, rows), ""]
    return "\n".join(parts).rstrip()


def refreshed(text: str, standards: Standards) -> str:
    """A README with the table between its markers written anew.

    Errors: StandardError when the markers are not there.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise StandardError(f"{README}：找不到规则表的标记 {BEGIN} … {END}")
    return f"{before}{BEGIN}\n\n{rule_table(standards)}\n\n{END}{after}"


def refresh(path: Path = README) -> bool:
    """Rewrite the table of rules in the README of the standards; whether anything changed."""
    old = path.read_text("utf-8")
    new = refreshed(old, with_examination(load_standards(scope="district")))
    if new != old:
        path.write_text(new, "utf-8")
    return new != old


# ---------------------------------------------------------------- one rule


def _what(words: Template, standard: Standard, rule: RuleSpec) -> Iterator[Field]:
    yield "测绘事项", f"{standard.label}（{standard.edition}）"
    yield "级别", f"{words.word('severity', rule.severity)}；质量元素：{rule.element}；自 {rule.since} 版"
    yield "对象", _subject(standard, rule)
    if rule.against:
        yield "对照", rule.against + _conditions(rule.against_where)
    yield "检查", rule.check
    yield "提示语", rule.message


def _why(words: Template, rule: RuleSpec) -> Iterator[Field]:
    if rule.reason:
        yield "理由", rule.reason
    yield "依据", rule.clause
    yield "把握", _certainty(words, rule)
    if not rule.waivable:
        yield "豁免", "不得豁免"


def _subject(standard: Standard, rule: RuleSpec) -> str:
    layer, measure = standard.layers.get(rule.layer or ""), standard.measures.get(rule.measure or "")
    if measure is not None:
        return f"指标：{measure.label}（{rule.measure}）"
    return f"{layer.label}（{rule.layer}）{_conditions(rule.where)}" if layer else rule.layer or "输入文件"


def _conditions(where: Mapping[str, Any]) -> str:
    shown = [f"{k}＝{'、'.join(map(str, v)) if isinstance(v, list) else v}" for k, v in where.items()]
    return f"，其中 {'，'.join(shown)}" if shown else ""


def _numbers(words: Template, standards: Standards, standard: Standard, rule: RuleSpec) -> Iterator[Field]:
    """The numbers a rule judges by: those of its parameters and of the measure it speaks of."""
    measure = standard.measures.get(rule.measure or "")
    for name, value in rule.params.items():
        if not references(value):
            yield "数值", f"{name}：{value}"
    for kind, key in dict.fromkeys(references([dict(rule.params), *_of_measure(measure)])):
        if kind == "profile":
            yield "数值", _profile_number(words, standards, key)
        else:
            yield "数值", f"{key}：取自{ORIGINS[kind]}"


def _of_measure(measure: MeasureSpec | None) -> list[Any]:
    if measure is None:
        return []
    permit = {"permit": measure.permit} if measure.permit else None
    return [dict(measure.params), measure.survey_error, measure.allowance, permit]


def _profile_number(words: Template, standards: Standards, key: str) -> str:
    number = standards.profile.numbers.get(key)
    if number is None:
        return f"{key}：参数集 {standards.profile.name} 中没有此键"
    given = number_text(words, number)
    missing = given == words.missing
    stated = (
        "暂无数值；须由项目的 overrides 给出，否则以“无法判定”结束" if missing else f"{given} {number.unit}".rstrip()
    )
    return f"{number.label}（{key}）：{stated}。来源：{number.source}（{words.word('certainty', number.certainty)}）"


def _found(standards: Standards, rule_id: str) -> tuple[Standard, RuleSpec]:
    pairs = [(standard, rule) for standard in standards.surveys.values() for rule in standard.rules]
    for standard, rule in pairs:
        if rule.id == rule_id:
            return standard, rule
    alike = [rule.id for _, rule in pairs if rule.id.startswith(rule_id[:3])][:ALIKE_SHOWN]
    hint = f"；相近的有 {'、'.join(alike)}" if alike else ""
    raise InputError(f"没有编号为“{rule_id}”的规则{hint}。全部规则：duoce rules list")


def _with_rules(standards: Standards) -> list[Standard]:
    return [standard for standard in standards.surveys.values() if standard.rules]


def _certainty(words: Template, rule: RuleSpec) -> str:
    return words.word("certainty", rule.certainty)


def _markdown(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
