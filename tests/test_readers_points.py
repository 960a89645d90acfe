"""Points of a survey from CASS .dat, csv and text: a row each, with code, name and height, north never mistaken for east."""

from __future__ import annotations

import pytest
from factories_readers import kinds, note, read

EAST, NORTH = 500_100.5, 3_281_000.25


def source(tmp_path, name, content, encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(content.encode(encoding))
    return read(path)


def places(found):
    return [tuple(p.coords[0]) for p in found.features.geometry]


@pytest.mark.parametrize("name", ["碎部.dat", "碎部.txt", "碎部.csv"])
def test_cass_lines_are_points_with_name_code_and_height(tmp_path, name):
    found = source(tmp_path, name, f"1,202101,{EAST},{NORTH},231.5\n\n2,,{EAST + 1},{NORTH},230\n")
    assert places(found) == [(EAST, NORTH, 231.5), (EAST + 1, NORTH, 230.0)]
    assert (found.features["code"].tolist(), found.features["text"].tolist()) == (["202101", None], ["1", "2"])
    assert (found.features["layer"][0], found.features["handle"].tolist()) == ("碎部", ["1", "3"])


@pytest.mark.parametrize(
    "header",
    ["点号,X,Y,H", "点名,北坐标,东坐标,高程", "点号,X(m),Y(m),H(m)", "name,N,E,Z", "点号,X坐标,Y坐标,高程（m）"],
)
def test_a_survey_table_has_north_in_x(tmp_path, header):
    found = source(tmp_path, "p.csv", f"{header}\nJ1,{NORTH},{EAST},231.5\n", "gbk")
    assert places(found) == [(EAST, NORTH, 231.5)]
    assert found.features["text"].tolist() == ["J1"]
    assert kinds(found) == {}


def test_columns_of_a_gis_table_are_read_by_their_numbers_and_that_is_said(tmp_path):
    found = source(tmp_path, "p.csv", f"点号,X,Y\nJ1,{EAST},{NORTH}\n")
    assert places(found) == [(EAST, NORTH)]
    assert "东坐标" in note(found, "axis_order").slots["detail"]


def test_a_dat_with_north_first_is_said(tmp_path):
    found = source(tmp_path, "p.dat", f"1,,{NORTH},{EAST},5\n")
    assert places(found) == [(EAST, NORTH, 5.0)]
    assert kinds(found) == {"axis_order": 1}


@pytest.mark.parametrize("bad", ["abc", "", "nan", "inf", "1e300"])
def test_a_coordinate_that_is_no_number_is_named_and_has_no_place(tmp_path, bad):
    found = source(tmp_path, "p.csv", f"点号,X,Y\nJ1,{NORTH},{EAST}\nJ2,{bad},{EAST}\n")
    assert found.features.geometry.isna().tolist() == [False, True]
    assert [(n.kind, n.handle) for n in found.notes] == [("bad_value", "3")]


def test_a_table_without_coordinates_is_rows_without_places(tmp_path):
    found = source(tmp_path, "户.csv", "户号,面积\n101,88.5\n")
    assert (found.features["entity"].tolist(), found.attributes["户号"].tolist()) == (["无图形"], ["101"])


@pytest.mark.parametrize(
    ("content", "kind"), [("", "empty_file"), ("\n\n", "empty_file"), ("1,2,3\n", "table_headless")]
)
def test_a_text_without_rows_is_fatal(tmp_path, content, kind):
    found = source(tmp_path, "p.csv", content)
    assert found.entry.fatal
    assert kinds(found)[kind] == 1
