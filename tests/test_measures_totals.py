import math

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measures import AGGREGATES, CHOOSERS, COMBINERS, arcs, totals
from pipeline.measures.totals import chosen_parts, sum_by_choice
from pipeline.sources import Curve
from pipeline.tolerance import Choice


def frame(**fields):
    return gpd.GeoDataFrame(fields, geometry=[None] * len(next(iter(fields.values()))))


def test_one_missing_number_leaves_no_total():
    assert totals.total(frame(a=[1.0, np.nan]), field="a") is None
    assert totals.rounded_total(frame(a=[1.0, np.nan]), field="a") is None


def test_no_rows_add_up_to_nothing():
    assert totals.total(frame(a=[]), field="a") == 0
    assert totals.count(frame(a=[])) == 0
    assert totals.largest(frame(a=[]), field="a") is None
    assert totals.agreed(frame(a=[]), field="a") is None


def test_a_total_loses_nothing_to_the_order():
    values = [0.1] * 10 + [1e9, -1e9]
    assert totals.total(frame(a=values), field="a") == totals.total(frame(a=values[::-1]), field="a") == 1.0


def test_each_record_is_rounded_before_it_is_added():
    assert totals.rounded_total(frame(f=[0.7, 0.7, 2.5, 0.4]), field="f") == 5
    assert totals.rounded_total(frame(n=[10.0, 3.0], f=[0.25, 0.5]), field="n", times="f") == 5
    assert totals.rounded_total(frame(f=[1.005, 1.005]), field="f", decimals=2) == pytest.approx(2.02)


def test_the_extremes_want_every_value():
    rows = frame(a=[3.0, np.nan, 1.0])
    assert totals.largest(rows, field="a") is None
    assert (totals.largest(rows, field="a", missing=0), totals.smallest(rows, field="a", missing=0)) == (3, 0)


def test_values_agree_or_there_is_none():
    assert totals.agreed(frame(a=[250.5, 250.5]), field="a") == 250.5
    assert totals.agreed(frame(a=[250.5, 250.6]), field="a") is None
    assert totals.agreed(frame(a=[250.5, np.nan]), field="a") is None


POINTS = frame(
    building=["1", "1", "1", "1", "2", "2", "3"],
    kind=["室外地坪", "室外地坪", "女儿墙顶", "最高点", "室外地坪", "最高点", "±0.000"],
    level=[249.9, 250.0, 305.0, 310.0, 252.0, 270.0, 250.6],
)
RISE = {"field": "level", "kind": "kind", "top": ["女儿墙顶", "最高点"], "base": ["室外地坪"], "group": "building"}


def test_height_runs_from_the_lowest_ground_to_the_first_kind_of_top():
    assert totals.rise(POINTS[POINTS.building == "1"], **RISE) == pytest.approx(55.1)
    assert totals.rise(POINTS[POINTS.building == "2"], **RISE) == pytest.approx(18.0)


def test_the_project_is_as_high_as_its_highest_building_not_as_its_slope():
    assert totals.rise(POINTS, **RISE) == pytest.approx(55.1)


def test_a_building_without_ground_or_top_has_no_height():
    assert totals.rise(POINTS[POINTS.building == "3"], **RISE) is None
    assert totals.rise(POINTS[POINTS.kind != "室外地坪"], **RISE) is None


def test_a_ratio_needs_both_numbers():
    assert totals.ratio(None, 5) is totals.ratio(5, None) is totals.ratio(5, 0) is totals.percent(None, 5) is None
    assert totals.percent(1, 8) == 12.5


def test_differences_and_sums_need_every_number():
    assert totals.difference_of(10, 3, 2) == 5
    assert totals.sum_of(0.1, 0.2, -0.3) == pytest.approx(0)
    assert totals.difference_of(10, None) is totals.difference_of(None, 1) is totals.sum_of(1, None) is None


def test_counting_values_and_rows():
    rows = frame(a=["x", "x", "y"])
    assert (AGGREGATES["count"](rows), AGGREGATES["count_distinct"](rows, field="a")) == (3, 2)


# ---------------------------------------------------------------- a sum that a choice of the profile rules

areas = st.floats(0, 1e5)


def choice(word):
    return Choice(kind="choice", choice=word, options=("counted", "not_counted"), label="计入", unit="", source="方案",
                  certainty="practice")  # fmt: skip


@given(areas, areas)
def test_a_part_is_added_when_the_choice_says_so_and_left_out_when_it_does_not(base, part):
    assert sum_by_choice(base, part, choice=choice("counted"), counts="counted") == pytest.approx(base + part)
    assert sum_by_choice(base, part, choice=choice("not_counted"), counts="counted") == base


@given(areas, areas)
def test_while_nobody_chose_a_sum_stands_only_where_there_is_nothing_to_add(base, part):
    assert sum_by_choice(base, part, choice=choice(None), counts="counted") == (None if part else base)


@pytest.mark.parametrize(("word", "wanted"), [("counted", None), (None, None), ("not_counted", 5.0)])
def test_what_is_not_known_is_missed_only_where_it_may_count(word, wanted):
    assert sum_by_choice(5.0, None, choice=choice(word), counts="counted") == wanted


def test_a_number_is_traced_to_what_it_comes_from():
    sources = ("base", "part")
    traced = {
        w: tuple(chosen_parts(sources, choice=choice(w), counts="counted")) for w in ("counted", "not_counted", None)
    }
    assert traced == {"counted": sources, "not_counted": ("base",), None: sources}


def test_only_combiners_leave_sources_out():
    assert set(CHOOSERS) <= set(COMBINERS)


def outlines(*shapes, curve=None):
    return gpd.GeoDataFrame({"curve": [curve] * len(shapes)}, geometry=gpd.GeoSeries.from_wkt(list(shapes)).to_numpy())


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([], 100),
        (["POLYGON((0 8,10 8,10 10,0 10,0 8))"], 80),
        (["POLYGON((0 8,10 8,10 12,0 12,0 8))"], 80),
        (["POLYGON((20 8,30 8,30 10,20 10,20 8))"], 100),
        (["POLYGON((0 8,10 8,10 10,0 10,0 8))", "POLYGON((0 7,10 7,10 9,0 9,0 7))"], 70),
    ],
)
def test_only_what_lies_within_is_taken_and_only_once(taken, left):
    land = outlines("POLYGON((0 0,10 0,10 10,0 10,0 0))")
    assert totals.area_outside(land, other=outlines(*taken)) == pytest.approx(left)


def test_an_arc_of_what_is_taken_counts_exactly():
    circle = Curve((np.array([[4.0, 5.0, 1.0], [6.0, 5.0, 1.0]]),), True)  # radius 1
    taken = gpd.GeoDataFrame({"curve": [circle]}, geometry=[arcs.to_geometry(circle, sagitta_m=0.05)])
    left = totals.area_outside(outlines("POLYGON((0 0,10 0,10 10,0 10,0 0))"), other=taken)
    assert left == pytest.approx(100 - math.pi, abs=1e-9)


@pytest.mark.parametrize("radius_m", [20.0, 100.0])
def test_net_land_is_exact_where_what_is_taken_covers_an_arc_of_it(radius_m):
    circle = Curve((np.array([[-radius_m, 0.0, 1.0], [radius_m, 0.0, 1.0]]),), True)
    land = gpd.GeoDataFrame({"curve": [circle]}, geometry=[arcs.to_geometry(circle)])
    taken = outlines(f"POLYGON(({radius_m / 2} -999,999 -999,999 999,{radius_m / 2} 999,{radius_m / 2} -999))")
    cap = radius_m**2 * (math.pi / 3 - math.sqrt(3) / 4)
    assert totals.area_outside(land, other=taken) == pytest.approx(math.pi * radius_m**2 - cap, abs=0.005)
