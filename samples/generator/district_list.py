"""Which projects of a district carry a fault, and what the check between projects must find of them."""

from __future__ import annotations

import itertools
import random
from typing import Any

from generator.district_faults import FAULTS
from generator.district_plan import ALL, BELT_35, COLUMNS, Plan, plans

OVERLAP_M = 0.8
SAMPLE_SEED, SAMPLE_SIZE = 8, 8
BROKEN_SHARE, OVERLAP_SHARE, TWICE_SHARE, BELT_SHARE = 0.02, 0.02, 0.01, 0.03
CUT = "project.yaml 在中途截断"


def sample() -> list[Plan]:
    """The eight of samples/district: one broken folder, two overlapping neighbours, one code twice, one in belt 35."""
    made = plans(SAMPLE_SIZE, random.Random(SAMPLE_SEED))
    one, two, three, four, five, six, seven, eight = made
    one.surveys, two.surveys, three.surveys = ALL, ("cadastral", "property"), ("planning", "cadastral")
    two.widened_m = OVERLAP_M
    four.broken = CUT
    five.surveys, five.epsg = ("cadastral", "property"), BELT_35
    six.surveys, seven.surveys = ("planning", "green", "cadastral", "property"), ("cadastral",)
    seven.parcel_code = six.parcel_code
    eight.surveys = ("cadastral", "property")
    return made


def generated(count: int, seed: int) -> list[Plan]:
    """A district of any size; each kind of fault falls on the share stated above, and on firms by their slips."""
    dice = random.Random(seed)
    made = plans(count, dice)
    for i, plan in enumerate(made):
        if dice.random() < plan.firm.slips:
            plan.faults.append(dice.choice(sorted(FAULTS)))
        lot = dice.random()
        if lot < BROKEN_SHARE:
            plan.broken = CUT
        elif lot < BROKEN_SHARE + OVERLAP_SHARE:
            plan.widened_m = OVERLAP_M if plan.lot.sides["东"] == "相邻宗地" and i + 1 < count else 0.0
        elif lot < BROKEN_SHARE + OVERLAP_SHARE + TWICE_SHARE and i > 0:
            plan.parcel_code = made[i - 1].parcel_code
        elif lot < BROKEN_SHARE + OVERLAP_SHARE + TWICE_SHARE + BELT_SHARE:
            plan.epsg = BELT_35
    for plan, east in itertools.pairwise(made):
        if plan.widened_m and (plan.broken or east.broken or BELT_35 in (plan.epsg, east.epsg)):
            plan.widened_m = 0.0
    return made


def expected(made: list[Plan]) -> dict[str, Any]:
    """Verdict and findings of each project, the broken ones, and what lies between projects."""
    whole = [plan for plan in made if not plan.broken]
    return {
        "projects": {
            plan.folder: {
                "verdict": "failed" if any(FAULTS[f][1] == "error" for f in plan.faults) else "passed",
                "findings": sorted(FAULTS[f][0] for f in plan.faults),
            }
            for plan in whole
        },
        "broken": {plan.folder: plan.broken for plan in made if plan.broken},
        "between": _broken(made) + _moved(whole) + _overlaps(whole) + _twice(whole),
    }


def _between(rule: str, severity: str, first: Plan, second: Plan | None, measured: Any = None) -> dict[str, Any]:
    return {
        "rule": rule,
        "severity": severity,
        "project": first.folder,
        "other_project": second.folder if second else None,
        "measured": measured,
    }


def _broken(made: list[Plan]) -> list[dict[str, Any]]:
    return [_between("DIS-I01", "error", plan, None) for plan in made if plan.broken]


def _moved(whole: list[Plan]) -> list[dict[str, Any]]:
    """Projects of the other belt are brought into the one that most use, and this is said."""
    return [_between("DIS-I03", "info", plan, None) for plan in whole if plan.epsg == BELT_35]


def _overlaps(whole: list[Plan]) -> list[dict[str, Any]]:
    by_number = {plan.number: plan for plan in whole}
    found = []
    for plan in whole:
        east = by_number.get(plan.number + 1)
        if plan.widened_m and east is not None and plan.number % COLUMNS:
            found.append(_between("DIS-T01", "error", plan, east, plan.widened_m))
    return found


def _twice(whole: list[Plan]) -> list[dict[str, Any]]:
    """Every code that is built on a parcel code given to two projects."""
    found = []
    for plan in whole:
        for other in whole:
            if plan.number < other.number and plan.parcel_code == other.parcel_code:
                found += [_between(rule, "error", plan, other) for rule in ("DIS-A02", "DIS-A03")]
                if "property" in plan.surveys and "property" in other.surveys:
                    found.append(_between("DIS-A04", "error", plan, other))
                    units = 2 * min(plan.floors, other.floors)
                    found += [
                        _between(rule, "error", plan, other) for rule in ("DIS-A05", "DIS-A06") for _ in range(units)
                    ]
    return found
