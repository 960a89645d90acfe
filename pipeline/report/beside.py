"""What the rules across surveys laid side by side: areas with their explained differences, outlines, single figures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.binding import references
from pipeline.model import RuleRun
from pipeline.report.cells import UNIT_DECIMALS, natural
from pipeline.report.context import Context, Row
from pipeline.report.model import Block, Table
from pipeline.report.template import FormColumn
from pipeline.side_by_side import Compared, Part
from pipeline.standard import RuleSpec

CROSS_FAMILY = "X"  # rule ids "ABC-X01" compare surveys
Laid = tuple[RuleSpec, RuleRun, Compared]
NamedPart = tuple[str | None, Part]  # with the building it belongs to


def is_cross(rule_id: str) -> bool:
    """Whether a rule compares surveys, by the family letter of its id."""
    return rule_id.partition("-")[2][:1] == CROSS_FAMILY


def _laid(context: Context) -> Iterator[Laid]:
    for run in context.result.runs:
        rule = context.rules.get(run.rule)
        if rule is not None and is_cross(run.rule):
            yield from ((rule, run, item) for item in run.compared)


# ---------------------------------------------------------------- areas with explained differences


def areas(context: Context) -> list[Block]:
    """Per pair of surveys: totals of each building side by side, what explains the difference, and each part of it."""
    groups: dict[tuple[str, str], list[Laid]] = {}
    for rule, run, item in _laid(context):
        if item.explained is not None and item.shift_m is None:
            groups.setdefault((run.survey, _other_survey(rule)), []).append((rule, run, item))
    blocks: list[Block] = []
    for pair, found in groups.items():
        found.sort(key=lambda laid: (laid[2].name is None, natural(laid[2].name)))
        blocks.append(_areas_table(context, found, pair))
        parts = [(item.name, part) for _, _, item in found if item.name is not None for part in item.parts]
        if parts:
            blocks += [_reasons_table(context, parts, pair), _parts_table(context, parts, pair)]
    return blocks


def _areas_table(context: Context, found: Sequence[Laid], pair: tuple[str, str]) -> Table:
    rows = [
        {
            "building": context.building(item.name),
            "own": _number(context, item, item.own),
            "other": _number(context, item, item.other),
            **_judged(context, item),
        }
        for _, _, item in found
    ]
    own, other = (_short(context, survey) for survey in pair)
    made = context.template.table(
        "areas",
        rows,
        table_id=".".join(("areas", *pair)),
        extra=_sides(other, own),
        features=[item.features for _, _, item in found],
        source=_rules(found),
        note=context.template.say("areas_note", own=own, other=other),
        own=own,
        other=other,
    )
    return replace(made, total_rows=sum(item.name is None for _, _, item in found))


def _reasons_table(context: Context, parts: Sequence[NamedPart], pair: tuple[str, str]) -> Table:
    """One row per building and reason; then the reasons over all buildings."""
    groups: dict[tuple[str | None, str], list[Part]] = {}
    for name, part in parts:
        groups.setdefault((name, part.why), []).append(part)
    whys = dict.fromkeys(part.why for _, part in parts)
    groups |= {(None, why): [part for _, part in parts if part.why == why] for why in whys}
    rows = [
        {"building": context.building(name), "why": why, "count": str(len(group)), **_sums(context, group)}
        for (name, why), group in groups.items()
    ]
    return replace(_parts_form(context, "area_reasons", rows, pair), total_rows=len(whys))


def _parts_table(context: Context, parts: Sequence[NamedPart], pair: tuple[str, str]) -> Table:
    ordered = sorted(parts, key=lambda item: (natural(item[0]), natural(item[1].name)))
    rows = [
        {"building": context.building(name), "part": part.name, "why": part.why, **_sums(context, [part])}
        for name, part in ordered
    ]
    return _parts_form(context, "area_parts", rows, pair)


def _parts_form(context: Context, form: str, rows: Sequence[Row], pair: tuple[str, str]) -> Table:
    own, other = (_short(context, survey) for survey in pair)
    heads = [context.template.say("counted_by", survey=survey) for survey in (other, own)]
    table_id = ".".join((form, *pair))
    return context.template.table(form, rows, table_id=table_id, extra=_sides(*heads), own=own, other=other)


def _sides(other: str, own: str) -> list[FormColumn]:
    return [FormColumn(field=f, label=label, align="right") for f, label in (("other", other), ("own", own))]


def _sums(context: Context, parts: Sequence[Part]) -> Row:
    """The printed sums of parts; areas."""
    return {
        field: context.text(math.fsum(getattr(part, field) for part in parts), UNIT_DECIMALS["m²"])
        for field in ("own", "other", "difference")
    }


# ---------------------------------------------------------------- outlines


def outlines(context: Context, *, whole: bool) -> list[Block]:
    """Outlines of one thing in two surveys: of each building, or (whole) of the land."""
    found = [laid for laid in _laid(context) if laid[2].shift_m is not None and (laid[2].name is None) == whole]
    if not found:
        return []
    found.sort(key=lambda laid: (laid[2].name is None, natural(laid[2].name)))
    rows = [
        {
            "building": context.building(item.name),
            "own_layer": _layer(context, run.survey, rule.layer),
            "other_layer": _layer(context, _other_survey(rule), rule.against),
            "own": _number(context, item, item.own),
            "other": _number(context, item, item.other),
            "shift": context.text(item.shift_m, UNIT_DECIMALS["m"]),
            "shift_limit": context.text(item.shift_limit_m, UNIT_DECIMALS["m"]),
            "overlap": context.text(item.overlap_pct, UNIT_DECIMALS["%"]),
            "why": "、".join(_land(context, _other_survey(rule), part) for part in item.parts),
            **_judged(context, item),
        }
        for rule, run, item in found
    ]
    form = "land_outlines" if whole else "building_outlines"
    return [context.template.table(form, rows, features=[i.features for _, _, i in found], source=_rules(found))]


# ---------------------------------------------------------------- single figures


def figures(context: Context) -> list[Block]:
    """Single figures of two surveys side by side, then the indicators that the template wants beside their permit."""
    found = [laid for laid in _laid(context) if laid[2].shift_m is None and laid[2].explained is None]
    rows = [
        {
            "label": rule.title,
            "scope": context.building(item.name),
            "unit": item.unit,
            "own_survey": _short(context, run.survey),
            "own": _number(context, item, item.own),
            "other_survey": _short(context, _other_survey(rule)),
            "other": _number(context, item, item.other),
            **_judged(context, item),
        }
        for rule, run, item in found
    ]
    features = [item.features for _, _, item in found]
    for item in context.result.indicators:
        if f"{item.survey}.{item.name}" in context.template.permitted_beside and item.permitted is not None:
            features.append(item.features)
            rows.append(
                {
                    "label": context.template.say("beside_permit", label=item.label),
                    "scope": context.building(item.building),
                    "unit": item.unit,
                    "own_survey": _short(context, item.survey),
                    "own": context.text(item.measured, item.decimals),
                    "other_survey": context.template.say("permit"),
                    "other": context.text(item.permitted, item.decimals),
                    "difference": context.text(item.difference, item.decimals),
                    "limit": context.text(item.limit, item.decimals),
                    "outcome": context.word("indicator", item.outcome),
                }
            )
    if not rows:
        return []
    return [context.template.table("figures", rows, features=features, source=_rules(found))]


# ---------------------------------------------------------------- inside


def _judged(context: Context, item: Compared) -> Row:
    agrees = {True: "passed", False: "failed", None: None}[item.agrees]
    return {
        "difference": _number(context, item, item.difference),
        "explained": _number(context, item, None if item.difference is None else item.explained),
        "unexplained": _number(context, item, item.unexplained),
        "limit": _number(context, item, item.limit),
        "outcome": context.word("indicator", agrees),
    }


def _number(context: Context, item: Compared, value: float | None) -> str:
    return context.text(value, UNIT_DECIMALS.get(item.unit, 0))


def _other_survey(rule: RuleSpec) -> str:
    """The survey that a rule looks across to: of the layer it stands against, else of a measure it names."""
    named = [rule.against or "", *(key for kind, key in references(rule.params) if kind == "measure")]
    return next((name.partition(".")[0] for name in named if "." in name), "")


def _land(context: Context, survey: str, part: Part) -> str:
    amount = context.text(part.difference, UNIT_DECIMALS["m²"])
    return context.template.say("land_part", layer=context.layer(survey, part.why), amount=amount)


def _layer(context: Context, survey: str, layer: str | None) -> str:
    return context.template.say("layer_of", survey=_short(context, survey), layer=context.layer(survey, layer))


def _short(context: Context, survey: str) -> str:
    standard = context.standard(survey)
    return standard.short if standard else context.label(survey)


def _rules(found: Sequence[Laid]) -> str:
    return "; ".join(dict.fromkeys(run.rule for _, run, _ in found))
