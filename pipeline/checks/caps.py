"""Caps that depend on what a feature belongs to: parts of a whole, wholes that must be divided, shares of a total."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.checks.values import Key, keys, numbers
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import PerKey, exceeds

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def at_most_by_owner(
    frame: GeoDataFrame, *, other: GeoDataFrame, key: Key, field: str, kind: str, caps: PerKey, unit: str = "m²"
) -> CheckResult:
    """No part is larger than the cap for the `kind` of the whole that it names by `key`.

    Args: frame: the parts; other: the wholes. A kind without a cap leaves the rule undetermined. Slot: kind.
    """
    kinds, names = keys(other, kind), keys(other, key)
    of = {name: kinds[row] for row, name in names.items() if row in kinds}
    sizes, owners = numbers(frame, field), keys(frame, key)
    judged = {row: of[owners[row]] for row in sizes if owners.get(row) in of}
    capped = {row: cap for row, word in judged.items() if (cap := caps.values.get(word)) is not None}
    return CheckResult(
        len(capped),
        tuple(
            Hit(row=row, field=field, measured=sizes[row], required=cap, unit=unit, slots={"kind": judged[row]})
            for row, cap in capped.items()
            if exceeds(sizes[row], cap)
        ),
        _uncapped(caps, (judged[row] for row in judged if row not in capped)),
    )


def divided_above_cap(
    frame: GeoDataFrame,
    *,
    other: GeoDataFrame,
    key: Key,
    field: str,
    kind: str,
    caps: PerKey,
    exempt_field: str,
    exempt_from: float,
    unit: str = "m²",
) -> CheckResult:
    """A whole larger than the cap of one part of its `kind` is divided: at least one part of `other` names it by `key`.

    Exempt from `exempt_from` in `exempt_field` up; a row that lacks that figure is not examined.
    Slots: kind, exempt (= `exempt_from`), stated (the row's figure in `exempt_field`).
    """
    parts, kinds = Counter(keys(other, key).values()), keys(frame, kind)
    sizes, exempt, names = numbers(frame, field), numbers(frame, exempt_field), keys(frame, key)
    judged = [row for row in sizes if row in names and row in kinds and row in exempt and exempt[row] < exempt_from]
    caps_of = {row: cap for row in judged if (cap := caps.values.get(kinds[row])) is not None}
    return CheckResult(
        len(caps_of),
        tuple(
            Hit(
                row=row,
                field=field,
                measured=sizes[row],
                required=cap,
                unit=unit,
                slots={"kind": kinds[row], "exempt": int(exempt_from), "stated": int(exempt[row])},
            )
            for row, cap in caps_of.items()
            if exceeds(sizes[row], cap) and not parts[names[row]]
        ),
        _uncapped(caps, (kinds[row] for row in judged if row not in caps_of)),
    )


def share_at_most(frame: GeoDataFrame, *, field: str, key: Key, caps_pct: PerKey, unit: str = "%") -> CheckResult:
    """What rows of one kind (`key`) take of the total of `field` keeps the cap of that kind; null = no cap.

    The finding hangs on the largest row. A missing figure leaves the rule undetermined. Slots: kind, amount, total.
    """
    kinds, given = keys(frame, key), numbers(frame, field)
    capped = {kind: cap for kind, cap in caps_pct.values.items() if cap is not None and kind in set(kinds.values())}
    if not capped:
        return CheckResult(0)
    if len(given) < len(frame):
        return CheckResult(0, (), ("合计无法计算：有要素缺少数值，请补全后重新检查",))
    total, hits = math.fsum(given.values()), []
    for kind, cap in capped.items():
        rows = [row for row in given if kinds.get(row) == kind]
        amount = math.fsum(given[row] for row in rows)
        if total and exceeds(100 * amount / total, cap):
            largest = max(rows, key=lambda row: (given[row], str(row)))
            hits.append(
                Hit(
                    row=largest,
                    field=field,
                    measured=100 * amount / total,
                    required=cap,
                    unit=unit,
                    slots={"kind": kind, "amount": amount, "total": total},
                )
            )
    return CheckResult(sum(kinds.get(row) in capped for row in frame.index), tuple(hits))


def _uncapped(caps: PerKey, kinds: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        f"参数“{caps.label}”没有给出“{kind}”的数值：请在参数集或 project.yaml 的 overrides 中给出"
        for kind in dict.fromkeys(kinds)
    )
