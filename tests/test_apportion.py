import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.measures.apportion import LEVELS, VARIANTS, Common, Unit, apportion
from pipeline.measures.closure import close
from pipeline.rounding import half_up

VARIANT = st.sampled_from(sorted(VARIANTS))


@st.composite
def buildings(draw):
    """A random building, or several, and common parts that serve any sets of units at any level."""
    cents = st.integers(1, 50_000).map(lambda c: Decimal(c).scaleb(-2))
    word = st.sampled_from(["", "a", "b"])
    units = [
        Unit(f"U{i:02d}", draw(cents), zone=draw(word), floor=draw(word), building=draw(word))
        for i in range(draw(st.integers(1, 14)))
    ]
    ids = st.frozensets(st.sampled_from([unit.id for unit in units]))
    commons = [
        Common(f"C{i:02d}", draw(cents), draw(st.sampled_from(LEVELS)), draw(ids))
        for i in range(draw(st.integers(0, 8)))
    ]
    return units, commons


def areas(units, commons):
    return sum(u.inner_area_m2 for u in units) + sum(c.area_m2 for c in commons if c.serves)


@given(buildings(), VARIANT)
@settings(max_examples=150, deadline=None)
def test_units_add_up_to_inner_and_common_areas_to_the_cent(building, variant):
    units, commons = building
    shares = apportion(units, commons, variant=variant)
    assert sum(u.inner_area_m2 + shares.rounded[u.id] for u in units) == areas(units, commons)
    assert sum(shares.exact.values()) == sum(Fraction(c.area_m2) for c in commons if c.serves)


@given(buildings(), VARIANT)
@settings(max_examples=60, deadline=None)
def test_every_common_part_is_borne_wholly_and_only_by_those_it_serves(building, variant):
    units, commons = building
    shares = apportion(units, commons, variant=variant)
    for common in commons:
        borne = shares.borne.get(common.id, {})
        assert set(borne) == set(common.serves)
        assert not common.serves or sum(borne.values()) == common.area_m2


@given(buildings(), VARIANT, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_units_and_parts_does_not_matter(building, variant, rng):
    units, commons = building
    before = apportion(units, commons, variant=variant)
    rng.shuffle(units)
    rng.shuffle(commons)
    assert apportion(units, commons, variant=variant) == before


@given(buildings(), VARIANT)
@settings(max_examples=60, deadline=None)
def test_no_share_is_a_whole_cent_off_and_every_moved_cent_is_logged(building, variant):
    shares = apportion(*building, variant=variant)
    assert all(abs(Fraction(shares.rounded[uid]) - exact) < Fraction(1, 100) for uid, exact in shares.exact.items())
    assert [cent.id for cent in shares.moved] == [
        uid for uid in (cent.id for cent in shares.moved) if half_up(shares.exact[uid], 2) != shares.rounded[uid]
    ]
    assert len(shares.log) == sum(half_up(exact, 2) != shares.rounded[uid] for uid, exact in shares.exact.items())


@given(buildings())
@settings(max_examples=60, deadline=None)
def test_parts_below_the_zones_are_split_alike_by_annex_b_and_by_inner_area(building):
    units, commons = building
    low = [common for common in commons if common.level in LEVELS[2:]]
    assert apportion(units, low, variant="gb_annex_b").exact == apportion(units, low, variant="exclusive").exact


@given(buildings(), VARIANT)
@settings(max_examples=60, deadline=None)
def test_equal_units_in_equal_places_bear_equal_shares(building, variant):
    units, commons = building
    twins = [Unit(f"V{u.id}", u.inner_area_m2, u.zone, u.floor, u.building) for u in units]
    both = [Common(c.id, c.area_m2, c.level, c.serves | {f"V{uid}" for uid in c.serves}) for c in commons]
    shares = apportion([*units, *twins], both, variant=variant)
    assert all(shares.exact[u.id] == shares.exact[f"V{u.id}"] for u in units)


@given(buildings(), VARIANT, st.integers(2, 50))
@settings(max_examples=40, deadline=None)
def test_shares_grow_with_the_building(building, variant, times):
    units, commons = building
    larger = [Unit(u.id, u.inner_area_m2 * times, u.zone, u.floor, u.building) for u in units]
    wider = [Common(c.id, c.area_m2 * times, c.level, c.serves) for c in commons]
    before, after = apportion(units, commons, variant=variant), apportion(larger, wider, variant=variant)
    assert {uid: share * times for uid, share in before.exact.items()} == after.exact
    assert before.factor == after.factor


def test_groups_that_share_nothing_close_each_for_itself():
    units = [Unit(f"{b}{i}", Decimal(10), building=b) for b in "AB" for i in range(3)]
    commons = [Common(b, Decimal("1.00"), "整幢", frozenset(u.id for u in units if u.building == b)) for b in "AB"]
    rounded = apportion(units, commons).rounded
    assert sum(rounded[f"A{i}"] for i in range(3)) == sum(rounded[f"B{i}"] for i in range(3)) == Decimal("1.00")


def test_the_residual_cent_goes_to_the_larger_then_to_the_earlier_unit():
    units = [Unit("A", Decimal(1)), Unit("B", Decimal(1)), Unit("C", Decimal(1))]
    shares = apportion(units, [Common("大堂", Decimal("1.00"), "整幢", frozenset("ABC"))])
    assert shares.rounded == {"A": Decimal("0.34"), "B": Decimal("0.33"), "C": Decimal("0.33")}
    assert shares.log == ("A：计算值 0.333333，四舍五入 0.33，尾差配赋 +0.01，取 0.34",)
    half = Fraction(5, 1000)
    assert close({"A": half, "B": half}, sizes={"A": Fraction(1), "B": Fraction(2)})[0]["B"] == Decimal("0.01")


def test_the_three_variants_differ_where_a_zone_has_its_own_common_parts():
    zones = {"S": "商业", "R": "住宅", "Q": "住宅"}
    units = [Unit(name, Decimal(100), zone=zone) for name, zone in zones.items()]
    commons = [
        Common("商业厅", Decimal(50), "功能区", frozenset("S")),
        Common("住宅梯", Decimal(20), "层内", frozenset("R")),
        Common("门卫", Decimal(37), "整幢", frozenset("SRQ")),
    ]
    found = {variant: apportion(units, commons, variant=variant).borne["门卫"] for variant in VARIANTS}
    third = Fraction(37, 3)
    assert found["exclusive"] == {"S": third, "R": third, "Q": third}
    assert found["gb_annex_b"] == {"S": Fraction(15), "R": Fraction(11), "Q": Fraction(11)}
    assert found["cascade"] == {"S": Fraction(15), "R": Fraction(12), "Q": Fraction(10)}


def test_each_zone_of_a_wide_part_has_its_own_factor():
    units = [Unit("S", Decimal(100), zone="商业"), Unit("R", Decimal(200), zone="住宅")]
    commons = [
        Common("厅", Decimal(100), "功能区", frozenset("S")),
        Common("门卫", Decimal(40), "整幢", frozenset("SR")),
    ]
    factors = {(f.common, f.zone): f for f in apportion(units, commons).factors}
    assert factors["门卫", ("", "商业")].printed == Decimal("0.200000")
    assert factors["门卫", ("", "住宅")].printed == Decimal("0.100000")
    assert factors["厅", None].k == 1


def test_a_part_that_serves_nobody_is_not_apportioned():
    shares = apportion([Unit("A", Decimal(80))], [Common("人防", Decimal(900), "整幢", frozenset())])
    assert (shares.rounded, shares.factor, shares.borne) == ({"A": Decimal("0.00")}, {"A": 0}, {})


def test_a_part_that_serves_nobody_may_be_of_any_level():
    assert apportion([], [Common("车库", Decimal(9), "不分摊", frozenset())]).borne == {}


def test_a_unit_without_area_bears_nothing():
    shares = apportion(
        [Unit("A", Decimal(80)), Unit("B", Decimal(0))], [Common("梯", Decimal(8), "整幢", frozenset("AB"))]
    )
    assert shares.rounded == {"A": Decimal("8.00"), "B": Decimal("0.00")}


@pytest.mark.parametrize(
    ("units", "common", "variant", "said"),
    [
        ([Unit("A", Decimal(1))], Common("P", Decimal(1), "整幢", frozenset("A")), "own", "variant"),
        ([Unit("A", Decimal(1))], Common("P", Decimal(1), "半幢", frozenset("A")), "exclusive", "level"),
        ([Unit("A", Decimal(1))], Common("P", Decimal(1), "整幢", frozenset("X")), "exclusive", "unknown units"),
        ([Unit("A", Decimal(0))], Common("P", Decimal(1), "整幢", frozenset("A")), "exclusive", "without area"),
        ([Unit("A", Decimal(-1))], Common("P", Decimal(1), "整幢", frozenset("A")), "exclusive", "negative"),
        ([Unit("A", Decimal(1))] * 2, Common("P", Decimal(1), "整幢", frozenset("A")), "exclusive", "used twice"),
    ],
)
def test_records_that_cannot_be_right_are_refused(units, common, variant, said):
    with pytest.raises(ValueError, match=said):
        apportion(units, [common], variant=variant)


def test_a_whole_tower_is_quick():
    rng = random.Random(7)
    units = [Unit(f"U{i:04d}", Decimal(rng.randint(4000, 14000)).scaleb(-2), "住宅", str(i // 8)) for i in range(1200)]
    everyone = frozenset(u.id for u in units)
    floors = {u.floor: frozenset(v.id for v in units if v.floor == u.floor) for u in units}
    commons = [Common(f"走道{floor}", Decimal("61.19"), "层内", served) for floor, served in floors.items()]
    commons += [
        Common("门厅", Decimal("812.35"), "整幢", everyone),
        Common("楼梯", Decimal("3021.07"), "功能区", everyone),
    ]
    shares = apportion(units, commons, variant="cascade")
    assert sum(shares.rounded.values()) == sum(c.area_m2 for c in commons)
