"""The technical description: basis, coordinate system, heights, instruments, software, people, amount of work."""

from __future__ import annotations

from typing import Any

from pipeline.report.context import Context, Row
from pipeline.report.model import Block, Table

SECONDS_PER_DEGREE = 3600


def technical(context: Context) -> list[Block]:
    """On what the work rests: basis, coordinate system, heights, instruments, software, people, amount of work."""
    profile = context.result.standards.profile
    note = [context.say("provisional", "note", label=profile.label, note=profile.note)] if profile.provisional else []
    return [
        context.heading("section_basis"),
        _basis(context),
        context.heading("section_crs"),
        *_crs(context),
        context.heading("section_height"),
        context.template.values("height", {"height_datum": _height(context)}),
        *_survey_systems(context),
        context.heading("section_instruments"),
        _instruments(context),
        context.heading("section_software"),
        software(context),
        *note,
        context.say("rounding", "note"),
        context.heading("section_people"),
        _people(context),
        context.heading("section_workload"),
        _workload(context),
    ]


def software(context: Context) -> Table:
    """Versions of the program and what it rests on."""
    rows = [{"name": str(name), "version": str(version)} for name, version in context.result.versions.items()]
    return context.template.table("software", rows)


def _basis(context: Context) -> Table:
    """Every standard once, with the surveys that rest on it."""
    users: dict[tuple[str, str, str], list[str]] = {}
    for survey in context.surveys:
        standard = context.standard(survey.survey)
        for item in standard.basis if standard else ():
            key = (item.get("title", ""), item.get("number", ""), item.get("certainty", ""))
            users.setdefault(key, []).append(standard.short if standard else "")
    rows = [
        {
            "row_no": str(n),
            "title": f"《{title}》" if title else "",
            "number": number,
            "surveys": "、".join(names),
            "certainty": context.word("certainty", certainty or None),
        }
        for n, ((title, number, certainty), names) in enumerate(users.items(), start=1)
    ]
    return context.template.table("basis", rows)


def _crs(context: Context) -> list[Block]:
    site, crs = context.result.site, context.result.project.crs
    deformation = site.get("deformation_m_per_km")
    slots = {
        "crs_name": crs.name or site.get("crs"),
        "crs_definition": crs.definition or site.get("crs"),
        "lonlat": _pair(context, site, ("lon_deg", "lat_deg"), 6, "°"),
        "centre": _pair(context, site, ("centre_north_m", "centre_east_m"), 3, ""),
        "meridian": _with(context, site.get("central_meridian_deg"), None, "°"),
        "scale": context.text(site.get("scale_factor"), 8),
        "convergence": angle(context, site.get("convergence_deg")),
        "deformation": _with(context, _centimetres(deformation), 2, " cm/km"),
    }
    forms: list[Block] = [context.template.values("crs", slots), *_relation(context)]
    limit = context.result.standards.profile.numbers.get("project.scale_limit_m_per_km")
    bound = limit.at(1.0) if limit is not None else None
    if deformation is None or bound is None:
        return forms
    over = abs(deformation) > bound
    shown = {"deformation": slots["deformation"], "limit": _with(context, _centimetres(bound), 2, " cm/km")}
    word, style = ("deformation_over", "warning") if over else ("deformation_within", "body")
    return [*forms, context.say(word, style, **shown)]


def _relation(context: Context) -> list[Block]:
    """The four or seven parameters that the project states, and who gave them."""
    relation = getattr(context.result.project.crs, "relation", None)
    if relation is None:
        return []
    template = context.template
    kind = "four_parameters" if relation.four_parameters is not None else "seven_parameters"
    given = getattr(relation, kind).model_dump(exclude_none=True)
    words = [f"{template.word('crs_parameter', k)} {template.word('crs_parameter', v)}" for k, v in given.items()]
    slots = {
        "source_crs": relation.definition,
        "kind": template.word("crs_parameter", kind),
        "parameters": "；".join(words),
        "source": relation.source,
    }
    return [template.values("crs_relation", slots)]


def _survey_systems(context: Context) -> list[Block]:
    """Which survey came in which system; nothing to say when all came in the project's own."""
    inputs = {s.survey: context.result.project.surveys.get(s.survey) for s in context.surveys}
    if not any(getattr(i, "crs", None) or getattr(i, "height_datum", None) for i in inputs.values()):
        return []
    same, moved = context.template.say("crs_same"), context.template.say("crs_moved")
    rows = [
        {
            "survey": context.label(name),
            "crs": getattr(given, "crs", None) or context.template.say("crs_project"),
            "height_datum": getattr(given, "height_datum", None) or _height(context),
            "conversion": moved if getattr(given, "crs", None) else same,
        }
        for name, given in inputs.items()
    ]
    return [context.template.table("survey_systems", rows)]


def _instruments(context: Context) -> Table:
    rows = [
        {
            "row_no": str(n),
            **{
                key: context.text(getattr(item, key, None)) for key in ("name", "model", "serial", "use", "valid_until")
            },
        }
        for n, item in enumerate(context.result.project.instruments, start=1)
    ]
    return context.template.table("instruments", rows)


def _people(context: Context) -> Table:
    people = context.result.project.people
    rows = [{key: context.text(getattr(p, key, None)) for key in ("role", "name", "certificate")} for p in people]
    return context.template.table("people", rows)


def _workload(context: Context) -> Table:
    rows: list[Row] = []
    for survey in context.surveys:
        standard = context.standard(survey.survey)
        for name, layer in (standard.layers if standard else {}).items():
            frame = survey.frames.get(name)
            if frame is None or frame.empty:
                continue
            files = frame["file"].nunique() if "file" in frame else None
            rows.append(
                {
                    "survey": context.label(survey.survey),
                    "layer": layer.label,
                    "count": str(len(frame)),
                    "geometry": context.word("geometry", layer.geometry),
                    "files": context.text(files),
                }
            )
    return context.template.table("workload", rows)


def _height(context: Context) -> str:
    return context.text(context.result.project.height_datum)


def _pair(context: Context, site: Any, keys: tuple[str, str], decimals: int, unit: str) -> str:
    values = [site.get(key) for key in keys]
    if any(v is None for v in values):
        return context.template.missing
    return "，".join(f"{context.text(v, decimals)}{unit}" for v in values)


def _with(context: Context, value: float | None, decimals: int | None, unit: str) -> str:
    return context.template.missing if value is None else f"{context.text(value, decimals)}{unit}"


def _centimetres(value_m: float | None) -> float | None:
    return None if value_m is None else value_m * 100


def angle(context: Context, degrees: float | None) -> str:
    """Degrees, minutes and seconds to 0.1″, rounded once."""
    if degrees is None:
        return context.template.missing
    tenths = round(abs(degrees) * SECONDS_PER_DEGREE * 10)
    minutes, seconds = divmod(tenths, 600)
    sign = "−" if degrees < 0 and tenths else ""
    return f"{sign}{minutes // 60}°{minutes % 60:02d}′{seconds // 10:02d}.{seconds % 10}″"
