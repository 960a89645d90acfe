"""Between the projects of a district: what is found, what is said of what could not be compared, and what is written."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
import shapely

from pipeline import crs as projections
from pipeline.district import district
from pipeline.district.compare import compare
from pipeline.errors import InputError
from pipeline.standard import load_standards
from tests.factories_district import CRS, EAST, NORTH, at, broken, project

STANDARDS = load_standards(scope="district")
LOCAL = (
    'ENGCRS["工地坐标系",EDATUM["工地"],CS[Cartesian,2],AXIS["east",east],AXIS["north",north],LENGTHUNIT["metre",1]]'
)


def found(out, rule):
    """(project, other project) of every finding of one rule."""
    return [(b.project, b.other_project) for b in compare(out, STANDARDS).findings if b.finding.rule == rule]


def run(out, rule):
    return next(r for r in compare(out, STANDARDS).runs if r.rule == rule)


# ---------------------------------------------------------------- places


def test_an_overlap_names_both_projects_both_places_its_area_and_its_width(tmp_path):
    project(tmp_path, "甲", parcels=[at(0, 0, 50.8, 40)])
    project(tmp_path, "乙", parcels=[at(50, 0, 100, 40)])
    [overlap] = [b for b in compare(tmp_path, STANDARDS).findings if b.finding.severity == "error"]
    assert {overlap.project, overlap.other_project} == {"甲", "乙"}
    assert (overlap.finding.rule, overlap.finding.unit, overlap.finding.tolerance) == ("DIS-T01", "m", 0.1)
    assert overlap.finding.measured == pytest.approx(0.8, abs=1e-3)
    assert "重叠 32.00 m²" in overlap.finding.message
    assert shapely.from_wkt(overlap.finding.place).area == pytest.approx(32, abs=0.01)
    places = [shapely.from_wkt(text) for text in (overlap.own_place, overlap.other_place)]
    assert sorted(p.x < EAST + 50 for p in places) == [False, True]


def test_neighbours_that_share_a_boundary_are_clean_and_all_are_counted(tmp_path):
    project(tmp_path, "甲", parcels=[at(0, 0, 50, 40), at(0, 40, 50, 80)])
    project(tmp_path, "乙", parcels=[at(50, 0, 100, 40)])
    result = compare(tmp_path, STANDARDS)
    assert result.findings == ()
    assert result.verdict == "passed"
    assert {r.rule: r.examined for r in result.runs}["DIS-T01"] == 3


def test_a_boundary_within_the_survey_error_is_a_warning_and_beyond_it_an_error(tmp_path):
    project(tmp_path, "甲", parcels=[at(0, 0, 50.06, 40)])
    project(tmp_path, "乙", parcels=[at(50, 0, 100, 40)])
    assert found(tmp_path, "DIS-T01") == []
    assert len(found(tmp_path, "DIS-T02")) == 1


def test_a_sliver_along_two_parcels_is_told_in_two_parts_that_share_nothing(tmp_path):
    project(tmp_path, "甲", parcels=[at(0, 0, 50, 40)])
    project(tmp_path, "乙", parcels=[at(50.12, 0, 100, 20), at(50.12, 20, 100, 40)])
    slivers = compare(tmp_path, STANDARDS).findings
    assert [b.finding.rule for b in slivers] == ["DIS-T03"] * 2
    places = [shapely.from_wkt(b.finding.place) for b in slivers]
    assert places[0].intersection(places[1]).area < 0.1
    assert sum(place.area for place in places) == pytest.approx(0.12 * 40, abs=0.1)


def test_overlaps_inside_one_project_are_its_own_affair(tmp_path):
    project(tmp_path, "甲", parcels=[at(0, 0, 50, 40), at(10, 0, 60, 40)])
    project(tmp_path, "乙", parcels=[at(100, 0, 150, 40)])
    assert compare(tmp_path, STANDARDS).findings == ()


def test_three_projects_on_one_place_make_three_pairs(tmp_path):
    for key in ("甲", "乙", "丙"):
        project(tmp_path, key, parcels=[at(0, 0, 50, 40)])
    pairs = {frozenset(pair) for pair in found(tmp_path, "DIS-T01")}
    assert pairs == {frozenset("甲乙"), frozenset("甲丙"), frozenset("乙丙")}


def test_one_building_in_two_projects_is_found(tmp_path):
    project(tmp_path, "甲", buildings=[at(10, 10, 30, 30)])
    project(tmp_path, "乙", buildings=[at(10.02, 10.01, 30.02, 30.01), at(40, 10, 60, 30)])
    [pair] = [b for b in compare(tmp_path, STANDARDS).findings if b.finding.rule == "DIS-T04"]
    assert {pair.project, pair.other_project} == {"甲", "乙"}
    assert "占较小者的 100%" in pair.finding.message


# ---------------------------------------------------------------- codes


def test_codes_used_twice_are_found_with_both_places(tmp_path):
    project(tmp_path, "甲", parcels=[at(0, 0, 50, 40)], codes=["P1"], units=["U1", "U2"])
    project(tmp_path, "乙", parcels=[at(500, 0, 550, 40)], codes=["P1"], units=["U2", "U3"])
    assert len(found(tmp_path, "DIS-A02")) == len(found(tmp_path, "DIS-A03")) == len(found(tmp_path, "DIS-A05")) == 1
    twice = next(b for b in compare(tmp_path, STANDARDS).findings if b.finding.rule == "DIS-A02")
    assert twice.finding.measured == "P1"
    points = [shapely.from_wkt(text) for text in (twice.own_place, twice.other_place)]
    assert abs(points[0].x - points[1].x) == pytest.approx(500)
    assert run(tmp_path, "DIS-A05").examined == 4


def test_a_project_code_used_twice_is_found(tmp_path):
    project(tmp_path, "甲", parcels=[at(0, 0, 50, 40)], code="CQJB-1")
    project(tmp_path, "乙", parcels=[at(500, 0, 550, 40)], code="CQJB-1")
    assert len(found(tmp_path, "DIS-A01")) == 1


def test_one_code_in_two_features_of_one_project_is_not_between_projects(tmp_path):
    project(tmp_path, "甲", parcels=[at(0, 0, 50, 40), at(60, 0, 90, 40)], codes=["P1", "P1"])
    assert found(tmp_path, "DIS-A02") == []


# ---------------------------------------------------------------- coordinate systems


def in_belt_35(polygon):
    """The polygon of EPSG:4545 in EPSG:4544."""
    import geopandas as gpd

    return projections.transform(gpd.GeoDataFrame(geometry=[polygon]), CRS, "EPSG:4544").geometry[0]


def test_projects_of_two_belts_are_compared_where_they_are(tmp_path):
    project(tmp_path, "甲", parcels=[at(0, 0, 50, 40)])
    project(tmp_path, "乙", parcels=[at(50, 0, 100, 40)])
    project(tmp_path, "丙", parcels=[in_belt_35(at(99, 0, 150, 40))], crs="EPSG:4544")
    assert [frozenset(pair) for pair in found(tmp_path, "DIS-T01")] == [frozenset("乙丙")]
    assert found(tmp_path, "DIS-I03") == [("丙", None)]
    assert compare(tmp_path, STANDARDS).index.space.name == CRS


def test_a_shared_boundary_across_belts_is_clean_to_the_millimetre(tmp_path):
    rounded = shapely.transform(in_belt_35(at(50, 0, 100, 40)), lambda xy: np.round(xy, 3))
    project(tmp_path, "甲", parcels=[at(0, 0, 50, 40)])
    project(tmp_path, "乙", parcels=[at(0, 40, 50, 80)])
    project(tmp_path, "丙", parcels=[rounded], crs="EPSG:4544")
    assert [b.finding.rule for b in compare(tmp_path, STANDARDS).findings] == ["DIS-I03"]


def test_a_local_system_is_said_to_be_undetermined_and_never_guessed(tmp_path):
    project(tmp_path, "甲", parcels=[at(0, 0, 50, 40)])
    project(tmp_path, "乙", parcels=[at(0, 0, 50, 40)], crs=LOCAL)
    overlaps = run(tmp_path, "DIS-T01")
    assert (overlaps.outcome, overlaps.examined) == ("undetermined", 1)
    assert "乙" in overlaps.reason
    assert found(tmp_path, "DIS-I02") == [("乙", None)]
    assert compare(tmp_path, STANDARDS).verdict == "undetermined"


def test_codes_are_compared_though_the_place_is_not_known(tmp_path):
    project(tmp_path, "甲", parcels=[at(0, 0, 50, 40)], codes=["P1"])
    project(tmp_path, "乙", parcels=[at(0, 0, 50, 40)], codes=["P1"], crs=LOCAL)
    assert len(found(tmp_path, "DIS-A02")) == 1


def test_a_project_in_the_wrong_belt_is_far_away(tmp_path):
    for n in range(4):
        project(tmp_path, f"甲{n}", parcels=[at(60 * n, 0, 60 * n + 50, 40)])
    project(tmp_path, "乙", parcels=[at(0, 100, 50, 140)], crs="EPSG:4544")
    [far] = [b for b in compare(tmp_path, STANDARDS).findings if b.finding.rule == "DIS-I04"]
    assert far.project == "乙"
    assert 250 < far.finding.measured < 320


# ---------------------------------------------------------------- projects without a result


def test_a_broken_project_is_listed_with_its_reason_and_stops_nothing(tmp_path):
    project(tmp_path, "甲", parcels=[at(0, 0, 50, 40)])
    broken(tmp_path, "乙", "project.yaml 第 5 行有语法错误")
    broken(tmp_path, "丙", "读取时内存不足", outcome="crashed")
    result = compare(tmp_path, STANDARDS)
    assert [b.project for b in result.findings if b.finding.rule == "DIS-I01"] == ["丙", "乙"]
    assert result.outcomes == {"broken": 1, "crashed": 1, "passed": 1}


@pytest.mark.parametrize("damage", ["cut", "gone", "no_footer"])
def test_a_damaged_result_makes_its_project_a_broken_one(tmp_path, damage):
    project(tmp_path, "甲", parcels=[at(0, 0, 50, 40)])
    folder = project(tmp_path, "乙", parcels=[at(40, 0, 90, 40)])
    path = folder / ("findings.jsonl" if damage == "no_footer" else "result.gpkg")
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:4096] + b"\0" * 2000)
    elif damage == "gone":
        path.unlink()
    else:
        path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    result = compare(tmp_path, STANDARDS)
    [told] = [b for b in result.findings if b.finding.rule == "DIS-I01"]
    assert told.project == "乙"
    assert str(tmp_path) not in told.finding.message
    assert result.index.entries[0].outcome == "broken" or result.index.entries[1].outcome == "broken"


def test_a_project_that_only_the_list_of_the_batch_names_is_not_lost(tmp_path):
    project(tmp_path, "甲", parcels=[at(0, 0, 50, 40)])
    line = {"key": "乙", "path": "乙", "kind": "folder", "outcome": "crashed", "reason": "磁盘已满"}
    (tmp_path / "projects.jsonl").write_text(json.dumps(line, ensure_ascii=False) + "\nhalf a li", "utf-8")
    assert [b.finding.message for b in compare(tmp_path, STANDARDS).findings] == ["项目 乙 没有可用的成果：磁盘已满"]


def test_a_folder_without_a_batch_is_refused(tmp_path):
    with pytest.raises(InputError, match="duoce batch"):
        district(tmp_path)


# ---------------------------------------------------------------- order


def test_names_of_folders_do_not_change_what_is_found(tmp_path):
    shapes = [at(0, 0, 50.8, 40), at(50, 0, 100, 40), at(99.95, 0, 150, 40), at(150.2, 0, 190, 40)]
    kinds = []
    for number, names in enumerate(("abcd", "dcba", "cadb")):
        out = tmp_path / str(number)
        for name, shape in zip(names, shapes, strict=True):
            project(out, name, parcels=[shape], codes=[f"{shape.bounds[0]}"])
        place = {name: i for i, name in enumerate(names)}
        found_here = compare(out, STANDARDS).findings
        kinds.append({(b.finding.rule, frozenset((place[b.project], place[b.other_project]))) for b in found_here})
    assert kinds[0] == kinds[1] == kinds[2]
    assert {rule for rule, _ in kinds[0]} == {"DIS-T01", "DIS-T02", "DIS-T03"}


def test_the_same_results_give_the_same_bytes(tmp_path):
    out = tmp_path / "one"
    project(out, "甲", parcels=[at(0, 0, 50.8, 40)], findings=[("CAD-S01", "error")], verdict="failed")
    project(out, "乙", parcels=[at(50, 0, 100, 40)], buildings=[at(60, 10, 80, 30)])
    broken(out, "丙", "project.yaml 不是可读的 YAML")
    other = shutil.copytree(out, tmp_path / "two")
    first, second = district(out), district(other)
    names = {path.relative_to(out) for path in first.files}
    assert names == {path.relative_to(other) for path in second.files}
    files = sorted(p.relative_to(out) for p in out.rglob("*") if p.is_file())
    assert [(f, (other / f).read_bytes() == (out / f).read_bytes()) for f in files] == [(f, True) for f in files]


def test_places_are_in_the_district(tmp_path):
    project(tmp_path, "甲", parcels=[at(0, 0, 50.8, 40)])
    project(tmp_path, "乙", parcels=[at(50, 0, 100, 40)])
    [overlap] = compare(tmp_path, STANDARDS).findings
    x0, y0, x1, y1 = shapely.from_wkt(overlap.finding.place).bounds
    assert (x0 - EAST, x1 - EAST, y0 - NORTH, y1 - NORTH) == pytest.approx((50, 50.8, 0, 40), abs=1e-3)
