"""Belts in ESRI's words: our reading of them is the projection library's own, word for word."""

from __future__ import annotations

import pytest
from pyproj import CRS

from pipeline import crs
from pipeline.crs.esri_belts import in_proj_words

TEXTS = {belt.epsg: CRS.from_epsg(belt.epsg).to_wkt("WKT1_ESRI") for belt in crs.BELTS}
ONE = TEXTS[4544]


@pytest.mark.parametrize("epsg", TEXTS)
def test_every_belt_means_what_the_library_makes_of_it(epsg):
    text = TEXTS[epsg]
    assert in_proj_words(text) != text
    ours, theirs = crs.of_file(text), CRS(text)
    assert ours == theirs
    assert ours.to_wkt() == theirs.to_wkt()
    assert ours.to_json() == theirs.to_json()
    assert crs.describe(ours) == crs.describe(theirs) == f"EPSG:{epsg}"
    assert crs.same(ours, f"EPSG:{epsg}")


@pytest.mark.parametrize(
    "text",
    [
        ONE.replace("500000.0", "500001.0"),
        ONE.replace("105.0", "105.5"),
        ONE.replace('"Central_Meridian",105.0', '"Central_Meridian",108.0'),
        ONE.replace("CM_105E", "CM_106E"),
        ONE.replace("6378137.0", "6378140.0"),
        ONE.replace('Scale_Factor",1.0', 'Scale_Factor",0.9996'),
        ONE.replace("CM_105E", "Zone_35"),
        ONE.replace("105", "150"),
        ONE.replace("Meter", "Foot"),
        ONE[:-1],
        "EPSG:4544",
    ],
)
def test_whatever_is_not_just_a_belt_is_left_to_the_library(text):
    assert in_proj_words(text) == text


def test_blanks_around_a_definition_do_not_matter():
    assert crs.describe(crs.of_file(f" {ONE}\r\n")) == "EPSG:4544"
