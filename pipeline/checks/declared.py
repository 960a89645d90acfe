"""What features say of their project, and words that bind other words: equal texts, beginnings, demands, days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.checks.attributes import blank, filled
from pipeline.checks.values import plainly
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import Choice

if TYPE_CHECKING:
    import geopandas as gpd


def equals_text(frame: gpd.GeoDataFrame, *, field: str, text: str) -> CheckResult:
    """Every filled value of `field` is `text`; width of characters, case and blanks make no difference."""
    wanted, values = plainly(text), filled(frame, field)
    return CheckResult(
        len(values),
        tuple(
            Hit(row=row, field=field, measured=str(value), required=text)
            for row, value in values.items()
            if plainly(value) != wanted
        ),
    )


def begins_with(frame: gpd.GeoDataFrame, *, field: str, text: str) -> CheckResult:
    """Every filled value of `field` begins with `text`; full-width characters are read as what they mean."""
    wanted, values = plainly(text), filled(frame, field)
    heads = [(row, plainly(value)[: len(wanted)]) for row, value in values.items()]
    return CheckResult(
        len(heads),
        tuple(Hit(row=row, field=field, measured=head, required=text) for row, head in heads if head != wanted),
    )


def word_part_equals(frame: gpd.GeoDataFrame, *, field: str, of: str, start: int, end: int) -> CheckResult:
    """`field` is what stands at characters `start` to `end` (from 1, both included) of the field `of`."""
    both = frame[~blank(frame[field]) & ~blank(frame[of])]
    parts = [
        (row, str(said), plainly(code)[start - 1 : end])
        for row, said, code in zip(both.index, both[field], both[of], strict=True)
    ]
    return CheckResult(
        len(parts),
        tuple(
            Hit(row=row, field=field, measured=said, required=wanted)
            for row, said, wanted in parts
            if plainly(said) != wanted
        ),
    )


def word_demands(
    frame: gpd.GeoDataFrame, *, field: str, words: Sequence[str], then: str, one_of: Sequence[str]
) -> CheckResult:
    """Where `field` holds one of `words`, the field `then` is `one_of`; an empty one has its own rule. Slot: word."""
    known = frame[~blank(frame[field]) & ~blank(frame[then])]
    rows = [
        (row, str(answer).strip(), next((word for word in words if word in str(text)), None))
        for row, text, answer in zip(known.index, known[field], known[then], strict=True)
    ]
    concerned = [(row, answer, word) for row, answer, word in rows if word is not None]
    return CheckResult(
        len(concerned),
        tuple(
            Hit(row=row, field=then, measured=answer, required="、".join(one_of), slots={"word": word})
            for row, answer, word in concerned
            if answer not in one_of
        ),
    )


def choice_fits_date(
    frame: gpd.GeoDataFrame,
    *,
    date: str,
    chosen: Choice,
    since: Mapping[str, str],
    before: str,
    names: Mapping[str, str] | None = None,
) -> CheckResult:
    """The option chosen in the profile is the one in force on `date`, unless the project chose it and says why.

    since: option → first day in force; before: the option of all earlier days; names: what the options are called.
    Days are written 2023-03-01. The finding hangs on the first feature. Slot: date.
    """
    if frame.empty:
        return CheckResult(0)
    begun = [(day, option) for option, day in since.items() if day <= date]
    due = max(begun)[1] if begun else before
    if chosen.choice == due or chosen.reason:
        return CheckResult(1)
    called = names or {}
    measured, required = (called.get(str(option), str(option)) for option in (chosen.choice, due))
    return CheckResult(1, (Hit(row=frame.index[0], measured=measured, required=required, slots={"date": date}),))
