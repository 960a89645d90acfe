"""Shares worked out again: random buildings reproduce; one cent moved by hand is found at that unit."""

from __future__ import annotations

from decimal import Decimal

import pytest
import shapely
from factories_checks import frame
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks import shares
from pipeline.measures.apportion import VARIANTS, apportion
from pipeline.measures.service import service

CODE = "500105002006GB00117F"
CENTS = st.integers(100, 30_000).map(lambda n: n / 100)
BASES = {"outline": ["area_m2", "balcony_area_m2"], "stated_outline": "area_m2", "area_tolerance": 0.01}
SHARE = {"share": "shared_area_m2", "tolerance": 0.005, **BASES}
FACTOR = {"share": "shared_area_m2", "factor": "share_factor", "inner": "inner_area_m2", "tolerance": 1e-6, **BASES}


def units(inner, zones=None, buildings=None, **columns):
    size = len(inner)
    zones, buildings = zones or ["住宅"] * size, buildings or ["0001"] * size
    return frame(
        *[shapely.box(i, 0, i + 1, 1) for i in range(size)],
        unit_code=[f"{CODE}{b}{i:04d}" for i, b in enumerate(buildings)],
        house_code=[f"H{i}" for i in range(size)],
        building_code=[CODE + b for b in buildings],
        room=[f"{i}" for i in range(size)],
        floor_id=["0001-01"] * size,
        function_zone=zones,
        inner_area_m2=inner,
        area_m2=inner,
        balcony_area_m2=[0.0] * size,
        **columns,
    )


def parts(areas, levels, serves, building="0001"):
    size = len(areas)
    return frame(
        *[shapely.box(i, 5, i + 1, 6) for i in range(size)],
        part_no=[f"G{i}" for i in range(size)],
        building_code=[CODE + building] * size,
        stated_area_m2=areas,
        area_m2=areas,
        level=levels,
        serves=serves,
    )


def delivered(own, commons, variant):
    """The units with the shares and factors that a correct survey states."""
    read = service(own, commons)
    found = apportion(read.units, read.commons, variant=variant)
    return own.assign(
        shared_area_m2=[float(found.rounded[name]) for name in own["unit_code"]],
        share_factor=[float(found.printed_factor(name)) for name in own["unit_code"]],
    )


@given(st.lists(CENTS, min_size=1, max_size=8), CENTS, CENTS, st.sampled_from(sorted(VARIANTS)))
def test_shares_that_were_apportioned_reproduce_in_every_variant(inner, whole, zone, variant):
    zones = ["商业" if i % 2 else "住宅" for i in range(len(inner))]
    commons = parts([whole, zone], ["整幢", "功能区"], ["整幢", "住宅"])
    told = delivered(units(inner, zones), commons, variant)
    share = shares.share_reproduces(told, other=commons, variant=variant, **SHARE)
    factor = shares.factor_reproduces(told, other=commons, variant=variant, **FACTOR)
    assert (share.examined, share.hits, factor.hits) == (len(inner), (), ())


@given(st.lists(CENTS, min_size=2, max_size=8), CENTS, st.data())
def test_a_cent_moved_from_one_unit_to_another_is_found_at_both(inner, whole, data):
    commons = parts([whole], ["整幢"], ["整幢"])
    told = delivered(units(inner), commons, "gb_annex_b")
    giver, taker = data.draw(st.permutations(list(told.index)))[:2]
    told.loc[giver, "shared_area_m2"] -= 0.01
    told.loc[taker, "shared_area_m2"] += 0.01
    result = shares.share_reproduces(told, other=commons, variant="gb_annex_b", **SHARE)
    assert {hit.row for hit in result.hits} == {giver, taker}


def test_another_variant_than_the_stated_one_is_found():
    zones, commons = ["住宅", "商业"], parts([10.0, 20.0], ["整幢", "功能区"], ["整幢", "住宅"])
    told = delivered(units([100.0, 100.0], zones), commons, "exclusive")
    assert shares.share_reproduces(told, other=commons, variant="exclusive", **SHARE).hits == ()
    assert len(shares.share_reproduces(told, other=commons, variant="cascade", **SHARE).hits) == 2


@pytest.mark.parametrize("spoiled", ["inner_area_m2", "shared_area_m2"])
def test_a_building_whose_bases_do_not_stand_is_left_to_the_rules_on_them(spoiled):
    commons = parts([10.0], ["整幢"], ["整幢"])
    told = delivered(units([100.0, 100.0]), commons, "gb_annex_b")
    told.loc[10, spoiled] += 1.0
    assert shares.share_reproduces(told, other=commons, variant="gb_annex_b", **SHARE).examined == 0


def test_what_ails_one_building_does_not_silence_another():
    own = units([100.0, 100.0, 50.0], buildings=["0001", "0001", "0002"])
    commons = parts([10.0, 5.0], ["整幢", "整幢"], [CODE + "0001", CODE + "0002"])
    told = delivered(own, commons, "gb_annex_b")
    told.loc[30, "shared_area_m2"] += 1.0
    assert shares.share_reproduces(told, other=commons, variant="gb_annex_b", **SHARE).examined == 2


def test_repeated_codes_and_unknown_words_make_nothing_crash():
    commons = parts([10.0], ["整幢"], ["没有的功能区"])
    own = units([100.0, 100.0]).assign(
        unit_code=[CODE + "00010001"] * 2, shared_area_m2=[5.0, 5.0], share_factor=[0.05, 0.05]
    )
    assert shares.share_reproduces(own, other=commons, variant="gb_annex_b", **SHARE).examined == 0
    assert shares.serves_known(commons, other=own).hits[0].measured == "没有的功能区"


def test_a_part_that_serves_two_buildings_and_is_apportioned_is_found():
    own = units([100.0, 50.0], buildings=["0001", "0002"])
    commons = parts([10.0], ["整幢"], [f"{CODE}0001；{CODE}0002"])
    (hit,) = shares.serves_one_building(commons, other=own).hits
    assert (hit.row, hit.measured) == (10, 2)
    assert Decimal(hit.required) == 1
