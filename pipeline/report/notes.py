"""What stands under a table of a survey: the note of its standard, and which choices of the profile its figures rest on."""

from __future__ import annotations

from pipeline.errors import StandardError
from pipeline.report.context import Context
from pipeline.report.figures import number_text
from pipeline.standard import TableSpec
from pipeline.tolerance import Choice


def table_note(context: Context, spec: TableSpec) -> str | None:
    """The note of the standard, then a sentence for every choice: what was chosen, on what ground, how sure.

    Errors: StandardError when the profile has no such choice.
    """
    parts = [spec.note, *(_chosen(context, spec, key) for key in spec.choices)]
    return " ".join(part for part in parts if part) or None


def _chosen(context: Context, spec: TableSpec, key: str) -> str:
    number = context.result.standards.profile.numbers.get(key)
    if not isinstance(number, Choice):
        raise StandardError(f"tables：{spec.id}：choices：参数集中没有选项“{key}”")
    say = context.template.say
    certainty = context.word("certainty", number.certainty)
    if number.choice is None:
        return say("choice_open", label=number.label, key=key, source=number.source, certainty=certainty)
    chosen = number_text(context.template, number)
    said = say("choice_note", label=number.label, choice=chosen, source=number.source, certainty=certainty)
    return said + (say("choice_reason", reason=number.reason) if number.reason else "")
