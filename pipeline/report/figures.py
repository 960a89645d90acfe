"""Numbers of the profiles in words that a surveyor reads: value, formula, steps or table."""

from __future__ import annotations

from functools import partial

from pipeline.report import cells
from pipeline.report.template import Template
from pipeline.tolerance import (
    Absolute,
    AreaFormula,
    Bins,
    Choice,
    Classes,
    LengthFormula,
    Number,
    Percent,
    PerKey,
    Stepped,
)


def number_text(template: Template, number: Number) -> str:
    """A profile number without its unit; the missing sign when nobody gave it."""
    say, text = template.say, partial(cells.text, missing=template.missing)
    match number:
        case Absolute():
            words = text(number.value)
        case Percent():
            words = say("percent", percent=text(number.percent))
        case AreaFormula():
            words = say("area", a=text(number.a), b=text(number.b))
        case LengthFormula():
            slots = {"alpha": text(number.alpha), "beta": text(number.beta), "upper": text(number.up_to)}
            form = "length" if number.up_to_value is None else "length_upper"
            words = say(form, value=text(number.up_to_value), **slots)
        case Stepped():
            words = _steps(template, number)
        case Bins():
            words = "；".join(_bin(template, *row) for row in number.bins or ()) or template.missing
        case Choice():
            words = template.word("choice", number.choice)
        case PerKey():
            words = "；".join(f"{key}：{text(value)}" for key, value in number.values.items())
        case Classes():
            word = template.word
            words = "；".join(f"{word('severity', k)}：{word('fault_class', v)}" for k, v in number.values.items())
    return words


def _steps(template: Template, number: Stepped) -> str:
    text = partial(cells.text, missing=template.missing)
    parts = [
        template.say("stepped_rest" if upper is None else "stepped_upper", percent=text(share * 100), upper=text(upper))
        for upper, share in number.steps
    ]
    cap = "" if number.cap is None else template.say("stepped_cap", cap=text(number.cap))
    return "；".join(parts) + cap


def _bin(template: Template, lower: float, upper: float | None, factor: float) -> str:
    text = partial(cells.text, missing=template.missing)
    form = "bin_open" if upper is None else "bin"
    return template.say(form, lower=text(lower), upper=text(upper), factor=text(factor))
