"""The opening chapters: project and commission, control points."""

from __future__ import annotations

from typing import Any

from pipeline.report.cells import fitted, natural, text
from pipeline.report.context import Context, Row
from pipeline.report.model import Block, Column, Table


def commission(context: Context) -> list[Block]:
    """Who commissioned what, under which permit; the surveys with their bureaus and files."""
    inputs = context.result.project.surveys
    rows: list[Row] = []
    for n, survey in enumerate(context.surveys, start=1):
        given, standard = inputs.get(survey.survey), context.standard(survey.survey)
        rows.append(
            {
                "row_no": str(n),
                "survey": context.label(survey.survey),
                "bureau": standard.bureau if standard else "",
                "surveyed": context.text(getattr(given, "surveyed", None)),
                "files": "、".join(getattr(given, "files", ())),
            }
        )
    return [
        context.heading("section_commission"),
        context.template.values("commission", context.slots),
        context.heading("section_scope"),
        context.template.table("scope", rows),
    ]


def control(context: Context) -> list[Block]:
    """The control points as delivered; columns as in the file."""
    points = list(context.result.project.control_points_rows)
    if not points:
        return [context.say("no_control")]
    names = list(dict.fromkeys(str(key) for point in points for key in point if not str(key).startswith("_")))
    rows = tuple(
        (
            str(n),
            *(
                text(_number(point.get(name)), missing=context.template.missing, decimals=_decimals(name, point))
                for name in names
            ),
        )
        for n, point in enumerate(points, start=1)
    )
    form = context.template.form("control")
    heads = [Column(c.label, c.align) for c in form.columns[:1]]
    heads += [
        Column(name, "right" if any(_decimals(name, p) is not None for p in points) else "center") for name in names
    ]
    columns, wide = fitted(heads, rows)
    return [Table("control", form.caption, columns, rows, form.note, "control_points", 0, (), wide)]


def _number(value: Any) -> Any:
    """A text from a table of points as the number it is."""
    try:
        return float(value) if isinstance(value, str) and natural(value) and "." in value else value
    except ValueError:
        return value


def _decimals(name: str, point: Any) -> int | None:
    """Coordinates and heights print three decimals; other columns as they are."""
    value = _number(point.get(name))
    return 3 if isinstance(value, float) else None
