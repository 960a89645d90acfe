"""Checks of figures against each other: stated and computed, parts and whole, caps, largest of, approved words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.checks.values import Key, Row, compared, figures_by_key, keys, numbers, whole_if_exact
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import PerKey, exceeds

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

UNNAMED = "未注类别"


# ---------------------------------------------------------------- one row


def equals_measured(
    frame: GeoDataFrame, *, stated: str, computed: str, tolerance: float, unit: str = "m²"
) -> CheckResult:
    """The stated figure equals the computed one within `tolerance`; rows that state none are not examined.

    Slot: difference.
    """
    said, found = numbers(frame, stated), numbers(frame, computed)
    return compared(said, found, tolerance=tolerance, unit=unit, field=stated)


def adds_up(frame: GeoDataFrame, *, parts: list[str], whole: str, tolerance: float, unit: str = "m²") -> CheckResult:
    """The parts of a row add up to its whole within `tolerance`; an absent part counts 0; no whole, no judgement.

    Slot: difference.
    """
    wholes, columns = numbers(frame, whole), [numbers(frame, part) for part in parts]
    sums = {row: math.fsum(column.get(row, 0.0) for column in columns) for row in wholes}
    return compared(wholes, sums, tolerance=tolerance, unit=unit, field=whole)


def at_most_per_key(frame: GeoDataFrame, *, field: str, key: Key, caps: PerKey, unit: str = "m²") -> CheckResult:
    """No figure is above the cap of its own kind; a kind without a cap leaves the rule undetermined.

    Slots: kind, difference.
    """
    given, kinds = numbers(frame, field), keys(frame, key)
    limits = {row: caps.values.get(kinds[row]) for row in given if row in kinds}
    capped = {row: cap for row, cap in limits.items() if cap is not None}
    hits = tuple(
        Hit(
            row=row,
            measured=given[row],
            required=cap,
            unit=unit,
            field=field,
            slots={"kind": kinds[row], "difference": given[row] - cap},
        )
        for row, cap in capped.items()
        if exceeds(given[row], cap)
    )
    lacking = dict.fromkeys(kinds[row] for row in limits if row not in capped)
    return CheckResult(
        len(capped),
        hits,
        tuple(
            f"参数“{caps.label}”没有给出“{kind}”的数值：请在参数集或 project.yaml 的 overrides 中给出"
            for kind in lacking
        ),
    )


def has_factor(frame: GeoDataFrame, *, field: str, key: Key, where_to: str, needs: Sequence[str] = ()) -> CheckResult:
    """Every computed figure could be computed.

    Where no row of a kind (`key`) could be, a factor is missing: undetermined, `where_to` says what to state. Where
    others of its kind could be, the row itself is at fault: its attributes lie outside the table of factors. A row
    that lacks one of `needs` is the matter of `required`.
    """
    known, kinds = numbers(frame, field), {**dict.fromkeys(frame.index, UNNAMED), **keys(frame, key)}
    computed = {kinds[row] for row in known}
    bare = {row for need in needs for row in _bare(keys(frame, need), kinds, known)}
    rows = [row for row in frame.index if row not in known]
    faults = tuple(Hit(row=row, field=field) for row in rows if kinds[row] in computed and row not in bare)
    lacking = Counter(kinds[row] for row in rows if kinds[row] not in computed)
    return CheckResult(
        len(known) + len(faults),
        faults,
        tuple(f"“{kind}”{count} 处无法计算：{where_to}" for kind, count in sorted(lacking.items())),
    )


def _bare(filled: Mapping[Row, str], kinds: Mapping[Row, str], known: Mapping[Row, float]) -> list[Row]:
    """Rows that lack an attribute which the computed rows of their kind have."""
    wanting = {kinds[row] for row in known if row in filled}
    return [row for row in kinds if row not in filled and kinds[row] in wanting]


def equals_approved(
    frame: GeoDataFrame, *, field: str, approved: str, where_to: str = "请在成果属性中填写批准值"
) -> CheckResult:
    """The surveyed word equals the approved one; a row without an approved word leaves the rule undetermined."""
    built, wanted = keys(frame, field), keys(frame, approved)
    judged = [row for row in built if row in wanted]
    lacking = len(built) - len(judged)
    return CheckResult(
        len(judged),
        tuple(
            Hit(row=row, measured=built[row], required=wanted[row], field=field)
            for row in judged
            if built[row] != wanted[row]
        ),
        (f"{lacking} 个要素没有批准值：{where_to}",) if lacking else (),
    )


# ---------------------------------------------------------------- parts and wholes


def parts_sum_to(
    frame: GeoDataFrame,
    *,
    other: GeoDataFrame,
    key: Key,
    part: str,
    whole: str,
    tolerance: float,
    other_key: Key | None = None,
    unit: str = "m²",
    containing: Mapping[str, Sequence[str]] | None = None,
) -> CheckResult:
    """The parts of each whole add up to it within `tolerance`; a whole without any part sums to 0.

    Args: frame: the wholes; other: the parts, which name their whole in `other_key`; containing: field → words, one of
        which a part's field must contain to count.
    Slot: difference (parts − whole).
    """
    for name, words in (containing or {}).items():
        other = other[np.array([any(word in str(text) for word in words) for text in other[name]], dtype=bool)]
    groups = figures_by_key(other, other_key or key, part)
    wholes, names = numbers(frame, whole), keys(frame, key)
    sums = {row: math.fsum(groups.get(names[row], ())) for row in wholes if row in names}
    return compared(sums, wholes, tolerance=tolerance, unit=unit, field=whole)


def noted_where_different(frame: GeoDataFrame, *, field: str, other_field: str, note: str) -> CheckResult:
    """Where two figures of a row differ, the row says why; rows that lack one of the figures are not examined."""
    one, two, notes = numbers(frame, field), numbers(frame, other_field), keys(frame, note)
    judged = [row for row in one if row in two]
    return CheckResult(
        len(judged),
        tuple(
            Hit(row=row, measured=one[row], required=two[row], field=note)
            for row in judged
            if exceeds(abs(one[row] - two[row]), 0.0) and row not in notes
        ),
    )


def largest_of(
    frame: GeoDataFrame,
    *,
    other: GeoDataFrame,
    key: Key,
    field: str,
    other_field: str,
    other_key: Key | None = None,
    unit: str = "",
) -> CheckResult:
    """The stated figure equals the largest one among the features of the other layer that name this feature."""
    groups = figures_by_key(other, other_key or key, other_field)
    said, names = numbers(frame, field), keys(frame, key)
    largest = {row: max(groups[names[row]]) for row in said if names.get(row) in groups}
    return CheckResult(
        len(largest),
        tuple(
            Hit(
                row=row,
                measured=whole_if_exact(said[row]),
                required=whole_if_exact(top),
                unit=unit or None,
                field=field,
            )
            for row, top in largest.items()
            if exceeds(abs(said[row] - top), 0.0)
        ),
    )
