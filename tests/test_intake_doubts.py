"""What people write beside the drawings: permit tables, control points, the CRS, overrides. Doubt is told, never passed over."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from pipeline import crs, frames, permits
from pipeline.aside import aside
from pipeline.errors import StandardError
from pipeline.project import control_points, run_project
from pipeline.readers.frame import reason
from pipeline.standard import FieldSpec, load_standards
from pipeline.standard.loading import load_profile

DISTRICT = Path(__file__).parent.parent / "samples" / "district"
KEY = "project.scale_limit_m_per_km"
STANDARDS = load_standards().surveys


@pytest.fixture
def project(tmp_path):
    folder = next(DISTRICT.glob("CQJB-2026-0007*"))
    return Path(shutil.copytree(folder, tmp_path / "project"))


def edited(project, old, new):
    path = project / "project.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    return project


def rules(project):
    return {finding.rule for finding in run_project(project).findings}


def permit(*rows, commissioned=("cadastral",)):
    table = [{"指标": label, "许可值": value, "单位": unit} for label, value, unit in rows]
    own = [STANDARDS[name] for name in commissioned]
    others = [standard for name, standard in STANDARDS.items() if name not in commissioned]
    found, notes = permits.figures(table, own, "permit.csv", others=others)
    return found.get("parcel_area_m2", {}).get(None), [note.kind for note in notes], notes


@pytest.mark.parametrize("word", ["nan", "inf", "1e400", "-5", "许多", "2529,6", True])
def test_a_permit_figure_that_is_none_is_told(word):
    value, kinds, _ = permit(("宗地面积", word, "m²"))
    assert (value, kinds) == (None, ["permit_unknown_row"])


@pytest.mark.parametrize(
    ("label", "word", "unit"),
    [
        ("宗地面积", "2529.60㎡", ""),
        ("宗地面积", "２５２９．６０", "平方米"),
        ("宗地面积", "≤2,529.60", "m²"),
        ("宗地面积(公顷)", "0.25296", ""),
        ("宗地面积", 0.25296, "万平方米"),
        ("宗地面积", "0.25296万m²", ""),
        ("宗地面积（m²）", "3.7944", "亩"),
    ],
)
def test_a_permit_figure_is_understood_as_people_write_it(label, word, unit):
    value, kinds, _ = permit((label, word, unit))
    if label.endswith("（m²）"):
        assert (value, kinds) == (None, ["permit_unknown_row"])  # two units: which?
    else:
        assert value == pytest.approx(2529.6)
        assert not kinds


def test_an_unknown_unit_is_no_factor_of_one():
    assert permit(("宗地面积", "1", "平方尺"))[:2] == (None, ["permit_unknown_row"])


def test_of_two_values_of_one_figure_none_holds_and_both_are_named():
    value, kinds, notes = permit(("宗地面积", "1", ""), ("土地面积", "2", ""))
    assert (value, kinds) == (None, ["permit_unknown_row"])
    assert "第 1 行“宗地面积”＝“1”" in notes[0].slots["why"]


def test_a_figure_of_a_survey_that_is_not_commissioned_is_told_and_not_called_unknown():
    _, kinds, notes = permit(("绿地率", "99", "%"))
    assert kinds == ["permit_not_measured"]
    assert "绿地核实测量" in notes[0].slots["by"]
    assert permit(("绿地率", "99", "%"), commissioned=("planning",))[1] == ["permit_not_measured"]
    assert permit(("绿地率", "99", "%"), commissioned=("planning", "green"))[1] == []


@pytest.mark.parametrize("value", [math.inf, -math.inf, 1e300, "inf", "1e400"])
@pytest.mark.parametrize("made", [list, lambda values: np.array(values, dtype=float)])
def test_a_figure_without_bounds_is_no_figure_of_a_survey(value, made):
    spec = FieldSpec(label="面积", type="number")
    column, unread = frames.typed(made([1.0, value]), spec)
    assert unread == [1]
    assert (column[0], np.isnan(column[1])) == (1.0, True)


@pytest.mark.parametrize("value", [math.nan, math.inf, -1, "很多"])
def test_an_override_that_is_no_limit_is_the_fault_of_the_project(value):
    with pytest.raises(StandardError, match=rf"^project\.yaml：overrides\.{KEY}\.value：[^a-z]*") as told:
        load_profile("chongqing", overrides=[{"key": KEY, "value": value, "reason": "x"}])
    assert "标准有误" not in str(told.value)
    assert "Input" not in str(told.value)


def test_a_number_is_overridden_once():
    twice = [{"key": KEY, "value": value, "reason": "x"} for value in (0.3, 0.4)]
    with pytest.raises(StandardError, match="两次"):
        load_profile("chongqing", overrides=twice)


@pytest.mark.parametrize("epsg", [4544, 4543, 4546, 32648, 32649])
def test_a_site_that_a_wrong_crs_puts_elsewhere_is_found(project, epsg):
    found = rules(edited(project, "EPSG:4545", f"EPSG:{epsg}"))
    assert {"PRJ-I46", "PRJ-I47"} <= found
    assert ("PRJ-I48" in found) is (epsg > 30000)


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("3度带第36带", True),
        ("中央子午线108°", True),
        ("中央子午线：108度00分", True),
        ("CGCS2000", True),
        ("第35带", False),
        ("中央子午线 106°30′", False),
        ("6度带第18带", False),
    ],
)
def test_the_name_of_a_crs_agrees_with_its_definition(name, fits):
    assert (crs.name_problem(name, "EPSG:4545") is None) is fits


@pytest.mark.parametrize(
    ("definition", "public"),
    [
        ("EPSG:4545", False),
        ("+proj=tmerc +lon_0=106.5 +k=1 +x_0=500000 +ellps=GRS80", False),
        ("+proj=tmerc +lon_0=106.5 +k=1 +x_0=500000 +ellps=krass", False),
        ("+proj=tmerc +lon_0=106.5 +k=1 +x_0=500000 +datum=WGS84", True),
        ("EPSG:2379", True),
    ],
)
def test_only_cgcs2000_and_stated_local_systems_are_taken(definition, public):
    assert bool(crs.foreign_datum(definition)) is public


GOOD = {"点号": "A", "X": "3275000.0", "Y": "355000.0", "H": "200", "_row": 2}
EXTENT = (355000.0, 3275000.0, 355100.0, 3275100.0)


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ({}, []),
        ({"H": "—"}, []),
        ({"X": "abc"}, ["bad_value"]),
        ({"Y": "nan"}, ["bad_value"]),
        ({"H": "inf"}, ["bad_value"]),
        ({"X": "355000.0", "Y": "3275000.0"}, ["axis_order"]),
        ({"X": "1", "Y": "2"}, ["inputs_apart"]),
    ],
)
def test_what_is_wrong_with_a_control_point_is_told(change, kinds):
    rows = [{**GOOD, **change}]
    notes = [*control_points.doubts(rows, "control.csv"), *control_points.far(rows, "control.csv", EXTENT)]
    assert [note.kind for note in notes] == kinds


@pytest.mark.parametrize(
    "remark", [{"点号": "注：坐标系为独立坐标系"}, dict.fromkeys(["点号", "X", "Y", "H"], "说明 1985高程")]
)
def test_a_remark_below_the_control_points_is_no_point(remark):
    rows = [GOOD, {**dict.fromkeys(GOOD), **remark, "_row": 3}]
    assert control_points.doubts(rows, "control.csv") == []
    assert control_points.points(rows) == [GOOD]


def test_a_text_alone_among_the_control_points_is_told_once_with_its_words():
    (note,) = control_points.doubts([GOOD, {**dict.fromkeys(GOOD), "点号": "续表", "_row": 3}], "control.csv")
    assert (note.kind, note.handle, note.slots["value"]) == ("bad_value", "第 3 行", "续表")


def test_a_table_of_remarks_alone_is_no_fault_of_the_program():
    assert control_points.doubts([{"点号": "注：无", "X": None, "Y": None, "_row": 2}], "control.csv") == []


def test_titles_of_two_words_above_the_permit_table_are_no_header(project):
    path = project / "permit.csv"
    path.write_text("项目名称,桥栖雅苑\n建设单位,某公司\n" + path.read_text("utf-8"), "utf-8")
    assert "PRJ-I51" not in rules(project)


def test_a_control_point_given_twice_is_told_with_both_rows():
    (note,) = control_points.doubts([GOOD, {**GOOD, "X": "3275001.0", "_row": 3}], "control.csv")
    assert (note.kind, note.handle, note.slots["first"], note.slots["detail"]) == (
        "control_repeated",
        "3",
        "2",
        "坐标不同",
    )


def test_a_table_without_header_is_not_called_empty(project):
    (project / "permit.csv").write_text("宗地面积,2529.60\n", "utf-8")
    assert rules(project) == {"PRJ-I51"}


def test_a_failed_run_leaves_nothing_half_written(tmp_path):
    def fail():
        with aside(tmp_path) as work:
            (work / "half").write_text("x")
            raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        fail()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("err", [PermissionError(13, "Permission denied"), __import__("zipfile").BadZipFile("no zip"),
                                 __import__("csv").Error("new-line character seen")])  # fmt: skip
def test_a_known_reason_is_told_in_chinese_alone(err):
    assert not any(letter in reason(err) for letter in ("Error", "denied", "no zip", "new-line", "："))


def test_a_crs_that_gives_no_place_has_no_scale_and_crashes_no_rule(project):
    report = run_project(edited(project, "EPSG:4545", "EPSG:4524"))
    assert "PRJ-I21" in {finding.rule for finding in report.findings}
    assert not [run.rule for run in report.runs if run.outcome == "crashed"]
    assert json.dumps(report.site["scale_factor"]) == "null"
