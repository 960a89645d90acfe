"""How much of a space counts at its height: three rule sets that must never be mixed.

Planning area and property area use different rules, so the rule set is named by the standard and printed.
"""

from __future__ import annotations

from bisect import bisect_right

LOW_STOREY_M = 2.20
_NOISE_DECIMALS = 9

#: rule set → (heights where the factor changes, factors); a height on a border already has the upper factor
STOREY: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "gbt50353_2013": ((LOW_STOREY_M,), (0.5, 1.0)),
    "gb55031_2022": ((LOW_STOREY_M,), (0.0, 1.0)),
    "gbt17986_2000": ((LOW_STOREY_M,), (0.0, 1.0)),
}
#: under sloping roofs: clear height for GB/T 50353, height to the sloping slab for the other two
SLOPING: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "gbt50353_2013": ((1.20, 2.10), (0.0, 0.5, 1.0)),
    "gb55031_2022": ((LOW_STOREY_M,), (0.0, 1.0)),
    "gbt17986_2000": ((LOW_STOREY_M,), (0.0, 1.0)),
}


def storey_factor(storey_height_m: float, *, rule: str) -> float:
    """The share of a closed flat-roofed storey or basement that counts: 0, ½ or 1.

    >>> [storey_factor(2.19, rule=rule) for rule in sorted(STOREY)]
    [0.0, 0.0, 0.5]
    """
    return _factor(STOREY, storey_height_m, rule)


def sloping_factor(height_m: float, *, rule: str) -> float:
    """The share of a part below a sloping roof that counts: 0, ½ or 1.

    >>> [sloping_factor(h, rule="gbt50353_2013") for h in (1.19, 1.2, 2.09, 2.1)]
    [0.0, 0.5, 0.5, 1.0]
    """
    return _factor(SLOPING, height_m, rule)


def _factor(table: dict[str, tuple[tuple[float, ...], tuple[float, ...]]], height_m: float, rule: str) -> float:
    if rule not in table:
        msg = f"rule: {rule!r}: one of {sorted(table)} is wanted"
        raise ValueError(msg)
    borders, factors = table[rule]
    return factors[bisect_right(borders, round(height_m, _NOISE_DECIMALS))]
