"""How much of a space counts at its height: three rule sets that must never be mixed.

Planning area and property area use different rules, so the rule set is named by the standard and printed.
"""

from __future__ import annotations

from bisect import bisect_right

LOW_STOREY_M = 2.20
SLOPING_HALF_M, SLOPING_FULL_M = 1.20, 2.10
_NOISE_DECIMALS = 9

#: rule set → the share of a storey below the full height that counts
STOREY = {"gbt50353_2013": 0.5, "gb55031_2022": 0.0, "gbt17986_2000": 0.0}
#: rule sets that count parts under a sloping roof by other heights than storeys
_BY_CLEAR_HEIGHT = frozenset({"gbt50353_2013"})


def storey_factor(storey_height_m: float, *, rule: str, low_storey_m: float = LOW_STOREY_M) -> float:
    """The share of a closed flat-roofed storey or basement that counts: 0, ½ or 1; at `low_storey_m` already 1.

    >>> [storey_factor(2.19, rule=rule) for rule in sorted(STOREY)]
    [0.0, 0.0, 0.5]
    """
    return _factor(storey_height_m, (low_storey_m,), (_below(rule), 1.0))


def sloping_factor(
    height_m: float,
    *,
    rule: str,
    low_storey_m: float = LOW_STOREY_M,
    half_m: float = SLOPING_HALF_M,
    full_m: float = SLOPING_FULL_M,
) -> float:
    """The share of a part below a sloping roof that counts: 0, ½ or 1; a height on a border has the upper share.

    height_m: clear height for GB/T 50353, height to the sloping slab for the others, which count it as a storey.

    >>> [sloping_factor(h, rule="gbt50353_2013") for h in (1.19, 1.2, 2.09, 2.1)]
    [0.0, 0.5, 0.5, 1.0]
    """
    if rule in _BY_CLEAR_HEIGHT:
        return _factor(height_m, (half_m, full_m), (0.0, 0.5, 1.0))
    return storey_factor(height_m, rule=rule, low_storey_m=low_storey_m)


def _below(rule: str) -> float:
    if rule not in STOREY:
        msg = f"rule: {rule!r}: one of {sorted(STOREY)} is wanted"
        raise ValueError(msg)
    return STOREY[rule]


def _factor(height_m: float, borders: tuple[float, ...], factors: tuple[float, ...]) -> float:
    return factors[bisect_right(borders, round(height_m, _NOISE_DECIMALS))]
