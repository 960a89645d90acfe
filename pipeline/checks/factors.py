"""Checks of the factors that areas count with: whole, half or not at all, by height."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from pipeline.checks.values import Row, keys, numbers
from pipeline.measures.heights import SLOPING_FULL_M, SLOPING_HALF_M, STOREY, sloping_factor, storey_factor
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import Choice

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

HALF, WHOLE = 0.5, 1.0


def factor_follows_height(
    frame: GeoDataFrame,
    *,
    height: str,
    factor: str,
    rule_set: Choice | str,
    low_storey_m: float,
    half_field: str | None = None,
    half_words: Sequence[str] = (),
    sloping: str | None = None,
    sloping_half_m: float = SLOPING_HALF_M,
    sloping_full_m: float = SLOPING_FULL_M,
) -> CheckResult:
    """A space counts its area by storey height: whole from `low_storey_m` up, below it by the rule set in force.

    Below: ½ (gbt50353_2013) or 0 (gb55031_2022, gbt17986_2000). Spaces whose `half_field` is one of `half_words`
    (balconies, canopies …) may count ½ at full height as well. Rows that fill `sloping` (the height under a sloping
    roof, m; 0 is none) are judged by it instead: gbt50353_2013 counts whole from `sloping_full_m`, ½ from
    `sloping_half_m`, below that nothing; the others as storeys. A height of nothing and a factor outside 0 … 1 say
    nothing to compare: ranges have rules of their own. Slots: height_name, height_m, low_storey_m, rule_set.
    """
    name = rule_set.choice if isinstance(rule_set, Choice) else rule_set
    if name not in STOREY:
        return CheckResult(0, (), (f"不认识的面积计算规则“{name}”：请改用 {'、'.join(STOREY)}",))
    under_roof = partial(sloping_factor, low_storey_m=low_storey_m, half_m=sloping_half_m, full_m=sloping_full_m)
    half = keys(frame, half_field) if half_field else {}
    storeys, given = numbers(frame, height), numbers(frame, factor)
    slopes = {row: metres for row, metres in numbers(frame, sloping).items() if metres > 0} if sloping else {}
    judged: list[Row] = []
    hits = []
    for row, stated in given.items():
        metres = slopes.get(row, storeys.get(row, 0.0))
        if not (metres > 0 and 0 <= stated <= 1):
            continue
        judged.append(row)
        counts = under_roof if row in slopes else partial(storey_factor, low_storey_m=low_storey_m)
        wanted = counts(metres, rule=name)
        allowed = (HALF, WHOLE) if wanted == WHOLE and half.get(row) in half_words else (wanted,)
        if not any(math.isclose(stated, one, abs_tol=1e-9) for one in allowed):
            slots = {
                "height_name": "坡屋顶净高" if row in slopes else "层高",
                "height_m": metres,
                "low_storey_m": low_storey_m,
                "rule_set": name,
            }
            hits.append(Hit(row=row, measured=stated, required=wanted, field=factor, slots=slots))
    return CheckResult(len(judged), tuple(hits))
