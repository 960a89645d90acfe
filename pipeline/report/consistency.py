"""What several surveys say of the same thing, side by side; nothing is overwritten, every difference is explained."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import BuildingFact, Finding, Measured, RuleRun
from pipeline.report.beside import areas, figures, is_cross, outlines
from pipeline.report.cells import natural
from pipeline.report.context import Context, Row
from pipeline.report.model import Block, Paragraph, Table
from pipeline.report.template import FormColumn


def consistency(context: Context) -> list[Block]:
    """Buildings, outlines, areas and figures side by side, differences explained, and how the rules across ended."""
    blocks: list[Block] = [context.say("consistency_intro"), context.heading("section_buildings")]
    blocks += _buildings(context) or [context.say("no_buildings")]
    sections: dict[str, list[Block]] = {
        "section_outlines": outlines(context, whole=False),
        "section_areas": areas(context),
        "section_land": outlines(context, whole=True),
        "section_figures": figures(context),
        "section_shared": [_shared(context)],
        "section_cross_rules": _cross_rules(context),
    }
    for heading, found in sections.items():
        blocks += [context.heading(heading), *found] if found else []
    return blocks


# ---------------------------------------------------------------- side by side


def _buildings(context: Context) -> list[Table]:
    """One table per fact that at least two surveys state: rows buildings, columns surveys."""
    facts: dict[str, list[BuildingFact]] = {}
    for fact in context.result.buildings:
        facts.setdefault(fact.name, []).append(fact)
    commissioned = [s.survey for s in context.surveys]
    tables = []
    for name, found in facts.items():
        surveys = [s for s in commissioned if any(f.survey == s for f in found)]
        if len(surveys) > 1:
            tables.append(_fact_table(context, name, found, surveys))
    return tables


def _fact_table(context: Context, name: str, facts: Sequence[BuildingFact], surveys: Sequence[str]) -> Table:
    by_place = {(f.building, f.survey): f for f in facts}
    rows, features = [], []
    for building in sorted({f.building for f in facts}, key=natural):
        found = [by_place.get((building, s)) for s in surveys]
        row: Row = {"building": context.building(building)}
        row |= {s: context.text(f.value, f.decimals) if f else "" for s, f in zip(surveys, found, strict=True)}
        row["difference"] = _spread(context, [f.value for f in found if f], _decimals(facts))
        rows.append(row)
        features.append(tuple(f.feature for f in found if f and f.feature))
    label = facts[0].label
    titled = context.template.say("fact_unit", label=label, unit=facts[0].unit) if facts[0].unit else label
    return context.template.table(
        "building_fact",
        rows,
        table_id=f"buildings.{name}",
        extra=_columns(context, surveys),
        features=features,
        source="; ".join(f"{s}.{name}" for s in surveys),
        fact=titled,
    )


def _shared(context: Context) -> Table | Paragraph:
    """Measures that several surveys take under one name and unit."""
    groups: dict[tuple[str, str, str | None], dict[str, Measured]] = {}
    for survey in context.surveys:
        for item in survey.measured:
            groups.setdefault((item.name, item.unit, item.building), {})[survey.survey] = item
    shared = {key: found for key, found in groups.items() if len(found) > 1}
    if not shared:
        return context.say("no_shared")
    surveys = [s.survey for s in context.surveys if any(s.survey in found for found in shared.values())]
    rows, features = [], []
    for (*_, building), found in sorted(shared.items(), key=lambda i: (i[0][2] is not None, natural(i[0][2]))):
        items = list(found.values())
        row: Row = {
            "label": "／".join(dict.fromkeys(m.label for m in items)),
            "scope": context.building(building),
            "unit": items[0].unit,
        }
        row |= {name: context.text(m.value, m.decimals) for name, m in found.items()}
        row["difference"] = _spread(context, [m.value for m in items], max(m.decimals for m in items))
        rows.append(row)
        features.append(tuple(f for m in items for f in m.features))
    names = dict.fromkeys(f"{m.survey}.{m.name}" for found in shared.values() for m in found.values())
    return context.template.table(
        "shared", rows, extra=_columns(context, surveys), features=features, source="; ".join(names)
    )


def _columns(context: Context, surveys: Sequence[str]) -> list[FormColumn]:
    return [FormColumn(field=s, label=context.label(s), align="right") for s in surveys]


def _spread(context: Context, values: Sequence[object], decimals: int | None) -> str:
    """Largest minus smallest; words say only whether they are equal."""
    numbers = [float(v) for v in values if isinstance(v, int | float)]
    if len(numbers) == len(values) and len(numbers) > 1:
        return context.text(max(numbers) - min(numbers), decimals)
    given = [v for v in values if v is not None]
    if len(given) < 2:  # nothing to compare with
        return ""
    return context.template.say("equal" if len(set(map(str, given))) == 1 else "unequal")


def _decimals(facts: Sequence[BuildingFact]) -> int | None:
    known = [f.decimals for f in facts if f.decimals is not None]
    return max(known) if known else None


# ---------------------------------------------------------------- rules across surveys


def _cross_rules(context: Context) -> list[Block]:
    runs = [run for run in context.result.runs if is_cross(run.rule)]
    if not runs:
        return [context.say("no_cross_rules")]
    rows = [_run_row(context, run) for run in runs]
    blocks: list[Block] = [context.template.table("cross_rules", rows, source="; ".join(run.rule for run in runs))]
    findings = [f for f in context.result.findings if is_cross(f.rule)]
    if findings:
        shown = [_finding_row(context, f) for f in findings]
        features = [tuple(i for i in (f.feature, f.other_feature) if i) for f in findings]
        blocks.append(context.template.table("cross_findings", shown, features=features))
    return blocks


def _run_row(context: Context, run: RuleRun) -> Row:
    rule = context.rules.get(run.rule)
    return {
        "rule": run.rule,
        "title": rule.title if rule else "",
        "survey": context.label(run.survey),
        "outcome": context.word("outcome", run.outcome),
        "examined": str(run.examined),
        "findings": str(len(run.findings)),
        "reason": run.reason or "",
    }


def _finding_row(context: Context, finding: Finding) -> Row:
    return {
        "rule": finding.rule,
        "severity": context.word("severity", finding.severity),
        "object": context.object_of(finding),
        **context.finding_numbers(finding),
        "message": finding.message,
    }
