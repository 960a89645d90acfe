"""Factors of areas by height: storeys, sloping roofs, three rule sets."""

from __future__ import annotations

import geopandas as gpd
import pytest

from pipeline.checks import factors
from pipeline.tolerance import Choice

COMMON = {"label": "规则", "unit": "", "source": "某处", "certainty": "proposal"}


def frame(**columns):
    size = len(next(iter(columns.values())))
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([None] * size))


def rows(result):
    return [hit.row for hit in result.hits]


@pytest.mark.parametrize(
    ("rule_set", "low_factor"), [("gbt50353_2013", 0.5), ("gb55031_2022", 0.0), ("gbt17986_2000", 0.0)]
)
def test_each_rule_set_has_its_own_factor_below_the_full_height(rule_set, low_factor):
    subject = frame(h=[2.19, 2.19, 2.2], f=[low_factor, 1.0, 1.0])
    choice = Choice(**COMMON, kind="choice", choice=rule_set, options=(rule_set,))
    result = factors.factor_follows_height(subject, height="h", factor="f", rule_set=choice, low_storey_m=2.2)
    assert [(h.row, h.required) for h in result.hits] == [(1, low_factor)]


def test_only_the_listed_words_may_count_half_at_full_height():
    subject = frame(h=[3.0, 3.0], f=[0.5, 0.5], use=["阳台", "住宅"])
    result = factors.factor_follows_height(
        subject,
        height="h",
        factor="f",
        rule_set="gbt50353_2013",
        low_storey_m=2.2,
        half_field="use",
        half_words=["阳台"],
    )
    assert rows(result) == [1]


def test_an_unknown_rule_set_is_undetermined_and_named():
    subject = frame(h=[3.0], f=[1.0])
    result = factors.factor_follows_height(subject, height="h", factor="f", rule_set="某规则", low_storey_m=2.2)
    assert (result.examined, "某规则" in result.undetermined[0]) == (0, True)


@pytest.mark.parametrize(
    ("rule_set", "heights", "right"),
    [
        ("gbt50353_2013", [1.19, 1.2, 2.09, 2.1], [0.0, 0.5, 0.5, 1.0]),
        ("gb55031_2022", [1.2, 2.1, 2.19, 2.2], [0.0, 0.0, 0.0, 1.0]),
        ("gbt17986_2000", [1.2, 2.1, 2.19, 2.2], [0.0, 0.0, 0.0, 1.0]),
    ],
)
def test_under_a_sloping_roof_the_clear_height_decides_not_the_storey(rule_set, heights, right):
    judged = {"height": "h", "factor": "f", "rule_set": rule_set, "low_storey_m": 2.2, "sloping": "s"}
    storeys = [2.8] * len(heights)
    fine = factors.factor_follows_height(frame(h=storeys, s=heights, f=right), **judged)
    assert (fine.examined, fine.hits) == (len(heights), ())
    wrong = [1.0 - factor for factor in right]
    found = factors.factor_follows_height(frame(h=storeys, s=heights, f=wrong), **judged)
    assert [(h.required, h.slots["height_m"], h.slots["height_name"]) for h in found.hits] == [
        (factor, height, "坡屋顶净高") for factor, height in zip(right, heights, strict=True) if factor != 0.5
    ]


def test_a_row_without_a_height_under_the_roof_is_judged_as_a_storey():
    subject = frame(h=[2.15, 2.15], s=[2.15, None], f=[1.0, 1.0])
    result = factors.factor_follows_height(
        subject, height="h", factor="f", rule_set="gbt50353_2013", low_storey_m=2.2, sloping="s"
    )
    assert [(h.row, h.required, h.slots["height_name"]) for h in result.hits] == [(1, 0.5, "层高")]


def test_a_height_of_nothing_under_the_roof_is_none_and_the_storey_decides():
    subject = frame(h=[2.19], s=[0.0], f=[1.0])
    result = factors.factor_follows_height(
        subject, height="h", factor="f", rule_set="gbt50353_2013", low_storey_m=2.2, sloping="s"
    )
    assert [(h.required, h.slots["height_name"]) for h in result.hits] == [(0.5, "层高")]
