from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon

from pipeline.errors import StandardError
from pipeline.measures.arcs import edge_lengths
from pipeline.report.build import build
from pipeline.report.cells import alike, coded, fitted, natural, text
from pipeline.report.columns import COUNT, NUMBER, SIDE, printers
from pipeline.report.context import Context
from pipeline.report.model import Column, Heading, KeyValues, Table
from pipeline.report.sides import side_lengths
from pipeline.report.template import load_template
from pipeline.sources import Curve
from pipeline.standard import TableSpec, load_standards
from tests.factories_project import figures
from tests.factories_report import frame, report_of
from tests.reading_report import chapter, column, tables


@pytest.fixture(scope="module")
def result():
    return report_of()


@pytest.fixture(scope="module")
def report(result):
    return build(result, figures=figures())


@pytest.fixture(scope="module")
def context(result):
    return Context(result, load_template())


# ---------------------------------------------------------------- survey tables


def test_a_table_is_split_by_building_and_named_after_it(report):
    names = [t.caption for t in tables(report).values() if t.id.startswith("property.unit.")]
    assert names == ["1幢户室面积表", "2幢户室面积表"]


def test_codes_print_with_their_label(report):
    assert set(column(tables(report)["property.unit.1"], "用途")[:-1]) == {"10 住宅"}


def test_totals_sum_exact_values_and_a_note_says_so_when_rounded_rows_differ(report):
    table = tables(report)["green.ground"]
    assert column(table, "图形面积/m²")[-1] == "728.03"
    assert "合计按未取位的数值" in table.note
    assert table.total_rows == 1


def test_no_note_where_the_printed_rows_add_up(report):
    assert tables(report)["property.by_use"].note is None


def test_a_summary_counts_features_per_combination(report):
    table = tables(report)["planning.parking"]
    assert column(table, "数量/个") == ["24", "6", "24", "6", "60"]


def test_measures_per_building_make_a_column_each(report):
    table = tables(report)["planning.area_summary"]
    assert [row[0] for row in table.rows] == ["1幢", "2幢", "全项目"]
    assert column(table, "总建筑面积/m²")[-1] == "37521.39"


def test_a_form_shows_one_feature_as_labels_and_values(report):
    form = next(b for b in chapter(report, "地籍测绘成果").blocks if isinstance(b, KeyValues))
    assert dict(form.items)["权利人"] == "重庆滨江置业有限公司"
    assert dict(form.items)["计算面积/m²"] == "11400.00"


def test_a_table_without_rows_says_so(report):
    blocks = chapter(report, "规划核实测量成果").blocks
    at = blocks.index(Heading("退让与间距比对表"))
    assert blocks[at + 1].text == "本项目无此类数据。"


@pytest.mark.parametrize(("clear_heights", "shown"), [((None, None), False), ((2.05, None), True)])
def test_a_column_shown_only_where_given_is_in_the_tables_of_all_buildings_or_of_none(clear_heights, shown):
    fields = {"floor": 1, "use": "住宅", "storey_height_m": 2.8, "area_m2": 10.0, "area_factor": 0.5, "far_factor": 1.0}
    sums = {"counted_m2": 5.0, "far_m2": 5.0}
    zones = [
        {**fields, **sums, "zone_no": f"Z{n}", "building_key": str(n), "sloping_clear_height_m": height}
        for n, height in enumerate(clear_heights, start=1)
    ]
    result = report_of("planning")
    planning = result.surveys[0]
    survey = replace(planning, frames={**planning.frames, "zone": frame("planning", "zone", zones)})
    made = tables(build(replace(result, surveys=(survey,)), figures=[]))
    assert [
        "坡屋顶净高/m" in [c.label for c in table.columns]
        for name, table in made.items()
        if name.startswith("planning.zone.")
    ] == [shown, shown]


def test_sides_follow_the_ring_and_never_lead_from_shell_to_hole(report):
    assert column(tables(report)["cadastral.boundary_point.1"], "至下一点边长/m") == [
        "120.00",
        "100.00",
        "120.00",
        "100.00",
        "30.00",
        "20.00",
        "30.00",
        "20.00",
    ]


def test_a_side_over_an_arc_is_the_length_of_the_arc():
    half_circle = Curve((np.array([[0.0, 0.0, 1.0], [10.0, 0.0, 0.0]]),), closed=True)
    points = gpd.GeoDataFrame(geometry=[Point(0, 0), Point(10, 0)])
    assert side_lengths(points, [(None, half_circle)]) == pytest.approx([10.0, 5 * np.pi])  # clockwise


@pytest.mark.parametrize("turned", [False, True])
def test_the_side_to_the_next_point_is_the_same_however_the_ring_was_drawn(turned):
    corners = np.array([(0, 80, 0), (100, 80, -0.25), (100, 0, 0), (0, 0, 0)], dtype=float)  # clockwise from the NW
    other_way = np.array([(0, 0, 0), (100, 0, 0.25), (100, 80, 0), (0, 80, 0)], dtype=float)
    outline = Curve((other_way if turned else corners,), closed=True)
    points = gpd.GeoDataFrame(geometry=[Point(x, y) for x, y, _ in corners])
    arc = float(edge_lengths(corners, closed=True)[1])
    assert side_lengths(points, [(None, outline)]) == pytest.approx([100.0, arc, 100.0, 80.0])


def test_a_point_that_is_no_vertex_has_no_side():
    points = gpd.GeoDataFrame(geometry=[Point(5, 5), Point(0, 0)])
    assert side_lengths(points, [(Polygon([(0, 0), (10, 0), (10, 10)]), None)])[0] is None


def test_every_table_of_every_standard_names_columns_and_measures_that_exist(context):
    for standard in load_standards().surveys.values():
        for spec in standard.tables:
            assert set(spec.measures) <= set(standard.measures), f"{standard.survey}.{spec.id}"
            assert spec.measures or printers(context, standard, spec), f"{standard.survey}.{spec.id}"


def test_a_table_with_an_unknown_field_stops_with_file_and_field(context):
    standard = load_standards().surveys["green"]
    spec = TableSpec.model_validate(
        {"id": "x", "title": "表", "layer": "patch", "columns": [{"field": "nothing", "label": "无"}]}
    )
    with pytest.raises(StandardError, match=r"tables\.yaml：x：图层 patch 没有字段“nothing”"):
        printers(context, standard, spec)


def test_columns_that_no_field_holds_need_no_field(context):
    standard = load_standards().surveys["green"]
    given = [{"field": f, "label": "甲"} for f in (NUMBER, SIDE, COUNT)]
    spec = TableSpec.model_validate({"id": "x", "title": "表", "layer": "patch", "columns": given})
    assert [p.decimals for p in printers(context, standard, spec)] == [None, 2, 0]


# ---------------------------------------------------------------- single values


@given(st.lists(st.integers(0, 10**6), max_size=20))
def test_names_with_numbers_sort_by_the_number(numbers):
    assert sorted((f"J{n}" for n in numbers), key=natural) == [f"J{n}" for n in sorted(numbers)]


@given(st.lists(st.one_of(st.none(), st.integers(), st.floats(allow_nan=True), st.text()), max_size=12))
def test_any_mixture_of_values_can_be_sorted_and_printed(values):
    assert len(sorted(values, key=natural)) == len([text(v, missing="—", decimals=2) for v in values])


@given(st.lists(st.lists(st.text(max_size=60), min_size=3, max_size=3), max_size=8))
def test_columns_always_get_room(rows):
    columns, _ = fitted([Column("甲"), Column("乙", "right"), Column("丙", "center")], rows)
    assert all(0 < c.width < 60 for c in columns)


def test_a_code_that_is_its_own_label_stands_once():
    assert [coded(v, {"a": "a", "1": "一"}, missing="—") for v in ("a", "1", "x", None)] == ["a", "1 一", "x", "—"]


def test_tables_of_one_kind_lie_alike():
    table = Table("a", "甲", (Column("乙"),), (("1",),))
    assert [t.wide for t in alike([table, replace(table, wide=True)])] == [True, True]
