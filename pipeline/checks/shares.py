"""Shares of common areas, worked out again: what every service text means, and what every unit must bear."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pipeline.checks.once import once_a_frame
from pipeline.checks.values import Row, keys, numbers
from pipeline.measures.apportion import LEVELS, VARIANTS, Common, Shares, Unit, apportion
from pipeline.measures.service import NOBODY, Service, service
from pipeline.model import CheckResult, Hit
from pipeline.tolerance import Choice, exceeds

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

UNIT_ID, PART_ID = "unit_code", "part_no"
BARE, WANTED = "没有面积的户", "已有的户、层、功能区或幢"


def serves_known(frame: GeoDataFrame, *, other: GeoDataFrame) -> CheckResult:
    """Every word of a service text names units (or nobody), and a part that is apportioned serves units with an area.

    frame: common parts; other: units. A part at an unknown level has a rule of its own. Slot: words.
    """
    if other.empty:
        return CheckResult(0)
    read = _read(other, frame)
    inner = {unit.id: unit.inner_area_m2 for unit in read.units}
    bare = {p.id: BARE for p in read.commons if p.serves and not any(inner[uid] for uid in p.serves)}
    levels, faults = keys(frame, "level"), bare | {name: "、".join(words) for name, words in read.unknown.items()}
    judged = {row: name for row, name in keys(frame, PART_ID).items() if levels.get(row) in (*LEVELS, *NOBODY)}
    return CheckResult(
        len(judged),
        tuple(
            Hit(row=row, field="serves", measured=faults[name], required=WANTED, slots={"words": faults[name]})
            for row, name in judged.items()
            if name in faults
        ),
    )


def serves_one_building(frame: GeoDataFrame, *, other: GeoDataFrame) -> CheckResult:
    """A common part that is apportioned serves units of one building only. Slots: count, buildings."""
    read = _read(other, frame)
    building = {unit.id: unit.building for unit in read.units}
    rows = {name: row for row, name in reversed(list(keys(frame, PART_ID).items()))}
    served = {part.id: sorted({building[uid] for uid in part.serves}) for part in read.commons if part.serves}
    return CheckResult(
        len(served),
        tuple(
            Hit(
                row=rows[name],
                field="serves",
                measured=len(codes),
                required=1,
                unit="幢",
                slots={"count": len(codes), "buildings": "、".join(codes)},
            )
            for name, codes in served.items()
            if len(codes) > 1
        ),
    )


def share_reproduces(
    frame: GeoDataFrame,
    *,
    other: GeoDataFrame,
    variant: Choice | str,
    share: str,
    outline: list[str],
    stated_outline: str,
    tolerance: float,
    area_tolerance: float,
) -> CheckResult:
    """Every unit bears the share that comes out when the common parts are apportioned again, to the cent.

    frame: units; other: common parts; variant: how they are apportioned (`measures.apportion`); share: the units' column
    of shares, m². Judged where the bases stand: in a group of units tied by common parts, each inner area is what was
    drawn (Σ `outline`, within `area_tolerance`), each common area too (`stated_outline`), and the shares stated add up
    to what is apportioned; what breaks that has rules of its own. Slots: variant, difference.
    """
    said = numbers(frame, share)
    found, judged = _worked_out(frame, other, variant, said, outline, stated_outline, area_tolerance)
    if found is None:
        return CheckResult(0)
    return CheckResult(
        len(judged),
        tuple(
            Hit(
                row=row,
                field=share,
                measured=said[row],
                required=float(found.rounded[uid]),
                unit="m²",
                tolerance=tolerance,
                slots={"variant": found.variant, "difference": said[row] - float(found.rounded[uid])},
            )
            for uid, row in judged.items()
            if row in said and exceeds(abs(said[row] - float(found.rounded[uid])), tolerance)
        ),
    )


def factor_reproduces(
    frame: GeoDataFrame,
    *,
    other: GeoDataFrame,
    variant: Choice | str,
    share: str,
    factor: str,
    inner: str,
    outline: list[str],
    stated_outline: str,
    tolerance: float,
    area_tolerance: float,
) -> CheckResult:
    """Every unit's factor K is the one that comes out when the common parts are apportioned again, within `tolerance`.

    As `share_reproduces`; factor, inner: the units' columns of K and of the inner area, m². K × inner that misses the
    unit's own `share` by more than `area_tolerance` is the matter of `factor_agrees`. Slots: variant, difference.
    """
    said, stated, base = numbers(frame, share), numbers(frame, factor), numbers(frame, inner)
    found, judged = _worked_out(frame, other, variant, said, outline, stated_outline, area_tolerance)
    if found is None:
        return CheckResult(0)
    hits, examined = [], 0
    for uid, row in judged.items():
        if row not in stated or row not in said or exceeds(abs(stated[row] * base[row] - said[row]), area_tolerance):
            continue
        examined += 1
        wanted = float(found.printed_factor(uid))
        if exceeds(abs(stated[row] - wanted), tolerance):
            hits.append(
                Hit(
                    row=row,
                    field=factor,
                    measured=stated[row],
                    required=wanted,
                    tolerance=tolerance,
                    slots={"variant": found.variant, "difference": stated[row] - wanted},
                )
            )
    return CheckResult(examined, tuple(hits))


# ---------------------------------------------------------------- inside


@once_a_frame
def _read(units: GeoDataFrame, commons: GeoDataFrame) -> Service:
    return service(units, commons)


def _worked_out(
    units: GeoDataFrame,
    commons: GeoDataFrame,
    variant: Choice | str,
    said: Mapping[Row, float],
    outline: list[str],
    stated_outline: str,
    area_tolerance: float,
) -> tuple[Shares | None, dict[str, Row]]:
    """The shares as they must be, and the units (id → row) whose group stands on sound bases."""
    name = variant.choice if isinstance(variant, Choice) else variant
    if units.empty or commons.empty or name not in VARIANTS:
        return None, {}
    read = _read(units, commons)
    rows = {name: row for row, name in keys(units, UNIT_ID).items()}
    sound = list(
        _sound_groups(
            read,
            _drawn(units, outline, area_tolerance),
            _drawn_parts(commons, stated_outline, area_tolerance),
            rows,
            said,
        )
    )
    own = [unit for group, _ in sound for unit in group]
    if not own:
        return None, {}
    found = apportion(own, [part for _, parts in sound for part in parts], variant=name)
    return found, {unit.id: rows[unit.id] for unit in own}


def _drawn(frame: GeoDataFrame, parts: list[str], tolerance: float) -> set[str]:
    """Ids of units whose inner area is the sum of the columns `parts`."""
    columns, areas = [numbers(frame, part) for part in parts], numbers(frame, "inner_area_m2")
    return {
        name
        for row, name in keys(frame, UNIT_ID).items()
        if row in areas and not exceeds(abs(areas[row] - sum(column.get(row, 0.0) for column in columns)), tolerance)
    }


def _drawn_parts(frame: GeoDataFrame, outline: str, tolerance: float) -> set[str]:
    drawn, stated = numbers(frame, outline), numbers(frame, "stated_area_m2")
    return {
        name
        for row, name in keys(frame, PART_ID).items()
        if row in drawn and row in stated and not exceeds(abs(drawn[row] - stated[row]), tolerance)
    }


def _sound_groups(
    read: Service, units_drawn: set[str], parts_drawn: set[str], rows: Mapping[str, Row], said: Mapping[Row, float]
) -> Iterator[tuple[list[Unit], list[Common]]]:
    """Buildings whose bases stand; those that one common part ties together count as one."""
    doubled = _doubled(unit.id for unit in read.units) | _doubled(part.id for part in read.commons)
    if doubled or read.lacking:
        return
    building = {unit.id: unit.building for unit in read.units}
    tied: dict[str, set[str]] = {name: {name} for name in building.values()}
    for part in read.commons:
        whole = set().union(*(tied[building[uid]] for uid in part.serves)) if part.serves else set()
        for name in whole:
            tied[name] = whole
    for group in {frozenset(names): None for names in tied.values()}:
        units = [unit for unit in read.units if unit.building in group]
        parts = [part for part in read.commons if part.serves and {building[uid] for uid in part.serves} <= group]
        inner = {unit.id: unit.inner_area_m2 for unit in units}
        sound = (
            {unit.id for unit in units} <= units_drawn
            and {part.id for part in parts} <= parts_drawn
            and not {part.id for part in parts} & set(read.unknown)
            and all(any(inner[uid] for uid in part.serves) and part.area_m2 >= 0 for part in parts)
            and min(inner.values()) >= 0
            and all(rows[unit.id] in said for unit in units)
        )
        if sound and _closes(parts, (said[rows[unit.id]] for unit in units)):
            yield units, parts


def _closes(parts: Iterable[Common], shares: Iterable[float]) -> bool:
    whole = sum((Fraction(part.area_m2) for part in parts), Fraction(0))
    stated = sum((Fraction(Decimal(repr(share))) for share in shares), Fraction(0))
    return abs(whole - stated) < Fraction(1, 200)


def _doubled(names: Iterable[str]) -> set[Any]:
    seen: dict[str, int] = defaultdict(int)
    for name in names:
        seen[name] += 1
    return {name for name, count in seen.items() if count > 1}
