"""Caps of parts by the kind of their whole, wholes to be divided, shares of a total."""

from __future__ import annotations

import pytest
from factories_checks import frame, rows

from pipeline.checks import caps
from pipeline.measures.totals import capped_total
from pipeline.tolerance import PerKey

CAPS = PerKey(
    label="上限", unit="m²", source="某处", certainty="established", kind="per_key", values={"甲": 500.0, "乙": None}
)
PCT = PerKey(
    label="比例", unit="%", source="某处", certainty="proposal", kind="per_key", values={"屋顶": 20.0, "地面": None}
)
OWNER = {"key": "no", "field": "size", "kind": "use", "caps": CAPS}
EXEMPT = {"exempt_field": "storeys", "exempt_from": 10.0}
SQUARE = "POLYGON((0 0,1 0,1 1,0 0))"


def wholes(*sizes, use="甲", storeys=6):
    size = len(sizes)
    return frame(
        *[SQUARE] * size,
        no=[f"F{i}" for i in range(size)],
        size=list(sizes),
        use=[use] * size,
        storeys=[storeys] * size,
    )


def test_a_part_keeps_the_cap_of_the_kind_of_its_whole():
    pieces = frame(SQUARE, SQUARE, SQUARE, no=["F0", "F0", "F9"], size=[500.0, 500.1, 9999.0])
    assert rows(caps.at_most_by_owner(pieces, other=wholes(2000.0), **OWNER)) == [20]


def test_a_kind_without_a_cap_leaves_the_rule_open():
    pieces = frame(SQUARE, no=["F0"], size=[500.0])
    result = caps.at_most_by_owner(pieces, other=wholes(2000.0, use="乙"), **OWNER)
    assert (result.examined, len(result.undetermined)) == (0, 1)


@pytest.mark.parametrize(
    ("size", "storeys", "found"), [(500.0, 0, []), (500.1, 9, [10]), (500.1, 10, []), (500.1, None, [])]
)
def test_a_whole_above_the_cap_is_divided_unless_enough_storeys_stand_above(size, storeys, found):
    nothing = frame(no=[], size=[])
    assert rows(caps.divided_above_cap(wholes(size, storeys=storeys), other=nothing, **OWNER, **EXEMPT)) == found


def test_one_part_is_enough_to_count_as_divided():
    pieces = frame(SQUARE, no=["F0"], size=[400.0])
    assert caps.divided_above_cap(wholes(900.0), other=pieces, **OWNER, **EXEMPT).hits == ()


def test_a_kind_that_takes_more_than_its_share_is_told_once_at_its_largest_row():
    data = frame(SQUARE, SQUARE, SQUARE, kind=["地面", "屋顶", "屋顶"], size=[70.0, 10.0, 20.0])
    (hit,) = caps.share_at_most(data, field="size", key="kind", caps_pct=PCT).hits
    assert (hit.row, hit.measured, hit.slots["amount"]) == (30, 30.0, 30.0)


def test_the_total_counts_a_capped_kind_up_to_its_cap_only():
    data = frame(SQUARE, SQUARE, kind=["地面", "屋顶"], size=[70.0, 30.0])
    open_ = PCT.model_copy(update={"values": {"屋顶": None}})
    assert capped_total(data, field="size", key="kind", caps_pct=PCT) == 90.0
    assert capped_total(data, field="size", key="kind", caps_pct=open_) == 100.0
