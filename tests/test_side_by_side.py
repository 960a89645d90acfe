"""What several surveys say of one thing stands side by side in the report, with the explanation of each difference."""

from __future__ import annotations

import openpyxl
import pytest
import shapely

from pipeline.checks import congruence, explained
from tests.factories_checks import frame
from tests.reading_report import column, tables

LIMITS = {"area_limit": 1.0, "corner_limit_m": 0.1}
PARTS = {"key": "b", "field": "own", "part": "counted", "counterpart": "mine", "note": "why", "part_name": "no"}
SQUARE = shapely.box(0, 0, 10, 10)


@pytest.fixture(scope="module")
def shown(made):
    return tables(made.report)


# ---------------------------------------------------------------- areas


def test_planning_and_property_areas_of_every_building_and_in_total_stand_side_by_side(shown):
    table = shown["areas.property.planning"]
    assert [c.label for c in table.columns] == ["幢", "规划", "房产", "差值", "已说明", "未解释", "限差", "结论"]
    assert table.rows == (
        ("1幢", "14462.50", "14491.00", "-28.50", "-28.50", "0.00", "33.74", "符合"),
        ("2幢", "14410.50", "14399.00", "11.50", "11.50", "0.00", "33.62", "符合"),
        ("3幢", "4956.86", "4916.84", "40.02", "40.00", "0.02", "12.73", "符合"),
        ("全项目", "33829.86", "33806.84", "23.02", "23.00", "0.02", "75.02", "符合"),
    )
    assert table.total_rows == 1


def test_every_difference_of_planning_and_property_areas_has_its_reason_and_its_zones(shown):
    reasons, parts = shown["area_reasons.property.planning"], shown["area_parts.property.planning"]
    assert reasons.rows[-reasons.total_rows :] == (
        ("全项目", "主体结构外封闭阳台：规划计1/2，房产全计", "60", "84.00", "168.00", "-84.00"),
        ("全项目", "层高2.10m不足2.20m：规划计1/2，房产不计", "3", "67.00", "0.00", "67.00"),
        ("全项目", "架空层：规划计全面积，房产作公共通道不计", "1", "40.00", "0.00", "40.00"),
    )
    assert sum(int(n) for n in column(reasons, "处数")[: -reasons.total_rows]) == len(parts.rows) == 64
    assert sum(map(float, column(parts, "差值"))) == pytest.approx(23.00)
    assert ("3幢", "3-1F-03", "架空层：规划计全面积，房产作公共通道不计", "40.00", "0.00", "40.00") in parts.rows


def test_areas_and_their_explanation_are_in_every_form_of_the_report(made, docx_tables, html_tables, pdf_pages):
    book = openpyxl.load_workbook(made.folder / "tables.xlsx", read_only=True)
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert {"33829.86", "33806.84", "23.02", "未解释", "重合度"} <= cells
    for rows in ([row for t in docx_tables for row in t], [row for t in html_tables for row in t]):
        assert any({"33829.86", "33806.84", "23.02", "23.00", "0.02"} <= set(row) for row in rows)
        assert any("架空层：规划计全面积，房产作公共通道不计" in row and "40.00" in row for row in rows)
    said = "".join("".join(pdf_pages).split())
    assert "33829.8633806.8423.0223.000.0275.02符合" in said


def zones(*rows):
    made = frame(*[SQUARE] * len(rows), b=[r[0] for r in rows], no=[r[1] for r in rows])
    return made.assign(counted=[r[2] for r in rows], mine=[r[3] for r in rows], why=[r[4] for r in rows])


def test_a_part_that_nothing_is_said_of_stays_unexplained():
    own, other = (
        frame(SQUARE, b=["1"], own=[60.0]),
        zones(("1", "a", 50.0, 0.0, None), ("1", "b", 40.0, 20.0, "架空层")),
    )
    (laid,) = explained.explained_difference(own, other=other, unexplained_limit=1.0, **PARTS).compared
    assert (laid.difference, laid.explained, laid.unexplained, laid.agrees) == (30.0, 20.0, 10.0, False)
    assert [(part.name, part.why, part.difference) for part in laid.parts] == [("b", "架空层", 20.0)]


def test_a_building_of_one_survey_alone_is_shown_and_not_judged():
    own, other = frame(SQUARE, b=["1"], own=[60.0]), zones(("2", "a", 50.0, 50.0, None))
    laid = explained.explained_difference(own, other=other, unexplained_limit=1.0, **PARTS).compared
    assert [(c.name, c.own, c.other, c.agrees) for c in laid] == [("1", 60.0, None, None), ("2", None, 50.0, None)]


# ---------------------------------------------------------------- outlines


def test_shift_and_overlap_of_footprints_are_reported_when_they_pass(shown):
    table = shown["building_outlines"]
    assert len(table.rows) == 9
    assert (
        "3幢",
        "房产：自然幢",
        "规划：建筑基底",
        "826.14",
        "826.14",
        "0.00",
        "2.80",
        "0.001",
        "0.100",
        "100.00",
        "符合",
    ) in table.rows
    assert all(len(ids) == 2 for ids in table.features)


def test_red_line_and_parcel_stand_side_by_side(shown):
    rows = {row[:2]: row[2:5] for row in shown["land_outlines"].rows}
    assert rows["地籍：宗地", "规划：用地红线"] == ("11872.00", "11872.00", "0.00")


def test_land_that_explains_a_difference_is_named_with_its_area():
    land = frame(shapely.box(0, 0, 10, 10), shapely.box(8, 0, 10, 10))
    land["feature"] = ["planning.red_line/1", "planning.levied_land/1"]
    own = frame(shapely.box(0, 0, 8, 10))
    (laid,) = congruence.footprint_agrees(own, other=land, less="levied_land", **LIMITS).compared
    assert (laid.own, laid.other, laid.difference, laid.explained, laid.unexplained) == (80, 100, -20, -20, 0)
    assert (laid.parts[0].why, laid.agrees, laid.overlap_pct) == ("levied_land", True, 100)


# ---------------------------------------------------------------- single figures


def test_shelter_area_and_green_ratio_stand_beside_planning_and_permit(shown):
    rows = {row[0]: row[2:] for row in shown["figures"].rows}
    assert rows["人防建筑面积与规划功能区中的人防面积一致"][:4] == ("人防", "2448.00", "规划", "2448.00")
    assert rows["绿地率与按规划用地面积复算的一致"][:4] == ("绿地", "35.57", "规划", "35.57")
    assert rows["绿地率与许可（批准）值"][:4] == ("绿地", "35.57", "许可", "35.00")
