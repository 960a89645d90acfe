"""Drawings of heights: levels, dimension chains, the table beside the scheme."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import ezdxf
import numpy as np
import pytest
from factories_drawing import project_report
from factories_site import frame, moved
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

from pipeline.model import ProjectReport
from pipeline.report.drawings import drawings_of, write_dxf
from pipeline.report.drawings.compose import Drawing
from pipeline.report.drawings.ink import Path, Text, text_width
from pipeline.report.drawings.levels import levels_of, spread

ZERO = 236.5
STOREYS = [ZERO + 4.5 + 3.0 * n for n in range(5)]


def points(storeys=STOREYS, *, building="1号楼") -> list[dict]:
    top = (storeys or [ZERO])[-1] + 3.0
    levels = [("±0.000", ZERO), ("室外地坪", ZERO - 0.15), *(("楼层", level) for level in storeys)]
    levels += [("檐口", top), ("女儿墙顶", top + 1.5), ("最高点", top + 4.2)]
    return [
        {
            "building": building,
            "building_key": building[:1],
            "point_no": f"H{n}",
            "kind": kind,
            "level_m": level + (0.02 if kind == "楼层" else 0.0),
            "permitted_level_m": level,
            "geometry": moved(Point(30, 60)),
        }
        for n, (kind, level) in enumerate(levels, 1)
    ]


def with_points(rows: list[dict]) -> ProjectReport:
    made = project_report()
    first = made.surveys[0]
    frames = first.frames | {"height_point": frame("height_point", first.survey, rows, made.standards)}
    return replace(made, surveys=(replace(first, frames=frames), *made.surveys[1:]))


def only_heights(result: ProjectReport) -> list[Drawing]:
    return [d for d in drawings_of(result) if d.sheet.spec.heights is not None]


@cache
def drawn() -> Drawing:
    (drawing,) = only_heights(with_points(points()))
    return drawing


def said(drawing: Drawing) -> list[str]:
    return [ink.text for ink in drawing.ink if isinstance(ink, Text)]


def test_a_sheet_per_building_shows_its_own_levels():
    made = only_heights(with_points([*points(), *points([], building="2号楼")]))
    assert [d.sheet.title for d in made] == ["1号楼立面高度示意图", "2号楼立面高度示意图"]
    assert [len(levels_of(d.sheet)) for d in made] == [10, 5]


def test_floors_are_counted_from_the_level_of_zero():
    names = [level.name for level in levels_of(drawn().sheet)]
    assert names == ["最高点", "女儿墙顶", "檐口", *(f"{n} 层楼面" for n in range(6, 1, -1)), "±0.000", "室外地坪"]


def test_floors_below_zero_count_down():
    made = only_heights(with_points(points([ZERO - 7.8, ZERO - 3.9, ZERO + 4.5])))[0]
    assert {"-1 层楼面", "-2 层楼面", "2 层楼面"} <= {level.name for level in levels_of(made.sheet)}


def test_every_level_shows_permitted_measured_and_their_difference():
    words = said(drawn())
    assert all(words.count(f"{level:.2f}") >= 1 for level in STOREYS)
    assert all(words.count(f"{level + 0.02:.2f}") >= 1 for level in STOREYS)
    assert words.count("0.02") == len(STOREYS)
    assert {"+4.52", "±0.00", "-0.15", "+23.70"} <= set(words)


def test_dimension_chains_show_storeys_and_overall_heights_measured_and_permitted():
    words = said(drawn())
    assert {"4.52", "4.50", "2.98"} <= set(words)
    assert words.count("3.00") >= 8
    assert words.count("建筑高度 21.15") == 2
    assert words.count("总高 23.85") == 2


def test_what_was_not_permitted_has_no_chain():
    rows = [{**row, "permitted_level_m": None} for row in points()]
    words = said(only_heights(with_points(rows))[0])
    assert "许可/m" not in [w for w in words if w == "许可/m"][1:]
    assert words.count("建筑高度 21.15") == 1


def test_levels_are_to_scale_and_true_in_the_cad_file(tmp_path):
    files = write_dxf(with_points(points()), tmp_path)
    document = ezdxf.readfile(next(f for f in files if f.suffix == ".dxf" and "立面高度" in f.name))
    lines = document.modelspace().query('LWPOLYLINE[layer=="标高"]')
    found = {
        line.get_xdata("DUOCE")[0].value: {y for _, y in line.get_points("xy")}
        for line in lines
        if line.has_xdata("DUOCE")
    }
    assert found == {level.feature: {level.measured} for level in levels_of(drawn().sheet)}


def test_the_scheme_stands_inside_its_window_at_a_round_scale():
    window = drawn().layout.window
    assert drawn().view.scale in (100, 150, 200)
    for ink in drawn().ink:
        if isinstance(ink, Path) and ink.world:
            xy = np.vstack([drawn().view.paper(ring) for ring in ink.rings])
            assert (xy[:, 0] >= window.x0).all()
            assert (xy[:, 0] <= window.x1).all()
            assert (xy[:, 1] >= window.y0).all()
            assert (xy[:, 1] <= window.y1).all()


def test_rows_of_the_table_never_cover_each_other():
    for storeys in (60, 200):
        made = only_heights(with_points(points([ZERO + 3.0 * n for n in range(1, storeys)])))[0]
        rows = [t for t in made.ink if isinstance(t, Text) and t.layer == "标高表" and t.text.endswith("层楼面")]
        assert len(rows) >= 50
        assert all(b.y - a.y >= a.size_mm for a, b in pairwise(sorted(rows, key=lambda t: t.y)))


def test_levels_without_room_in_the_table_are_counted():
    made = only_heights(with_points(points([ZERO + 3.0 * n for n in range(1, 200)])))[0]
    left = next(t for t in said(made) if "图面所限" in t)
    shown = [t for t in made.ink if isinstance(t, Text) and t.layer == "标高表" and t.text.endswith("层楼面")]
    assert f"另有 {199 - len(shown)} 个标高" in left
    assert {"±0.000", "室外地坪", "最高点"} <= set(said(made))


def test_every_sheet_of_heights_names_project_people_date_and_scale():
    assert {"滨江雅苑", "张工", "李工", "王工", "2026-09-18", f"竖向 1:{drawn().view.scale}"} <= set(said(drawn()))
    assert all(
        t.x + text_width(t.text, t.size_mm) / 2 <= 171 for t in drawn().ink if isinstance(t, Text) and not t.angle
    )


def test_a_building_with_a_single_level_is_drawn():
    (made,) = only_heights(with_points([{**points()[2], "permitted_level_m": None}]))
    assert "楼层" in said(made) or "2 层楼面" in said(made)


def test_a_building_without_any_level_has_no_sheet_and_the_others_keep_theirs():
    bare = [row | {"level_m": None, "permitted_level_m": None} for row in points(building="1号楼")]
    made = only_heights(with_points([*bare, *points(building="2号楼")]))
    assert [(d.sheet.title, d.sheet.id) for d in made] == [("2号楼立面高度示意图", "planning.heights.1")]


def test_without_any_level_at_all_there_is_no_sheet_of_heights():
    assert only_heights(with_points([row | {"level_m": None, "permitted_level_m": None} for row in points()])) == []


@given(wanted=st.lists(st.floats(0, 100), min_size=1, max_size=20).map(sorted), step=st.floats(0.5, 4))
def test_rows_keep_their_order_and_distance_and_stay_near(wanted, step):
    places = spread(wanted, step, 0.0, 120.0)
    assert all(b - a >= step - 1e-6 for a, b in pairwise(places))
    assert min(places) >= -1e-6
    assert max(places) <= 120.0 + 1e-6


def test_rows_with_room_stand_where_they_are_wanted():
    assert spread([10.0, 20.0, 30.0], 3.0, 0.0, 100.0) == pytest.approx([10.0, 20.0, 30.0])
    assert spread([10.0, 10.0, 10.0], 3.0, 0.0, 100.0) == pytest.approx([7.0, 10.0, 13.0])
